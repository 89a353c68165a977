#include "settle.hpp"

#include "slots.hpp"

#include <algorithm>

namespace linecard {

using detail::slot;

slot_fate fate_of(const slot& s) {
  if (s.now == s.before) return slot_fate::same;
  if (!s.before) return slot_fate::inserted;
  if (!s.now) return slot_fate::erased;
  for (const auto& column : s.table->columns)
    if (!(column.get(s.before) == column.get(s.now))) return slot_fate::updated;
  return slot_fate::same;
}

std::vector<std::uint16_t> differing_columns(const slot& s) {
  std::vector<std::uint16_t> out;
  for (std::uint16_t c = 0; c < s.table->columns.size(); ++c)
    if (!(column_value(s, s.before, c) == column_value(s, s.now, c))) out.push_back(c);
  return out;
}

value column_value(const slot& s, const void* row, std::uint16_t column) {
  return row ? s.table->columns[column].get(row) : null_value();
}

std::span<const value> settler::keep(std::vector<value> values) { return values_.emplace_back(std::move(values)); }

void settler::settle(snapshot& facts) {
  for (auto& s : facts.slots_) {
    const auto fate = fate_of(s);
    if (fate != slot_fate::same) {
      const auto& t = *s.table;
      const void* row = s.now ? s.now : s.before;
      change c{.table = &t, .key = keep(values_of(t, row, t.key)), .expected_version = s.version};
      std::vector<value> values;
      if (fate == slot_fate::inserted) {
        c.what = change::action::insert;
        for (const auto& column : t.columns) values.push_back(column.get(s.now));
      } else if (fate == slot_fate::updated) {
        c.what = change::action::update;
        c.columns = columns_.emplace_back(differing_columns(s));
        for (const auto column : c.columns) values.push_back(t.columns[column].get(s.now));
      } else {
        c.what = change::action::erase;
      }
      c.values = keep(std::move(values));
      changes.push_back(c);
      changed_.insert(&s);
      s.version = s.now ? s.version + 1 : 0;
    }
    s.before = s.now;
  }
}

void settler::require_reads(const snapshot& facts) {
  for (const auto& s : facts.slots()) {
    if (!s.before || changed_.contains(&s)) continue;
    changes.push_back({.what = change::action::require,
                       .table = s.table,
                       .key = keep(values_of(*s.table, s.before, s.table->key)),
                       .expected_version = s.version});
  }
}

} // namespace linecard
