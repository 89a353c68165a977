// What a rule does to rows it has found: each stays the one slot that everybody finds.
#include "settle.hpp"
#include "slots.hpp"

#include <algorithm>

namespace linecard {

using detail::slot;

void* changes::edit_slot(slot* s) {
  if (!s || !s->now)
    throw refused(refuse(status::internal, "edit_of_absent", "", "a rule edited a row it had not found"));
  if (s->now == s->before) s->now = facts_.copy(*s->table, s->before);
  facts_.note_edit(*s);
  return s->now;
}

void* changes::insert_row(const table_info& table, const void* row) {
  const auto key = facts_.key_in_scratch(values_of(table, row, table.key));
  auto* s = facts_.seen(table, key);
  // A drawn id that another process drew in the same millisecond: as when the store finds it, a rerun draws others.
  if (s && s->now) throw refused(refuse(status::conflict, "store_conflict", "", "a rule inserted a row that is there"));
  if (!s) s = facts_.remember(table, key);
  s->now = facts_.copy(table, row);
  if (!facts_.edited(table)) facts_.edited_.push_back(&table);
  for (std::uint16_t i = 1; i <= table.indexes.size(); ++i)
    if (table.indexes[i - 1u].unique)
      facts_.inserted_[index_name(table, i, sort_key(values_of(table, row, columns_of_index(table, i))))] = s;
  return s->now;
}

void changes::erase_slot(slot* s) {
  if (!s || !s->now)
    throw refused(refuse(status::internal, "erase_of_absent", "", "a rule erased a row it had not found"));
  s->now = nullptr;
  facts_.note_edit(*s);
}

bool trial::changed() const {
  return std::ranges::any_of(facts_.slots_, [](const slot& s) { return fate_of(s) != slot_fate::same; });
}

trial::~trial() {
  for (auto& s : facts_.slots_) s.now = const_cast<void*>(s.before), s.noted = false;
  facts_.edited_.clear(), facts_.edited_slots_.clear(), facts_.inserted_.clear(), facts_.forgotten_.clear();
}

/// The store knows the row as `known`; what it says otherwise now is the host's word. So just that difference becomes
/// one of this run, for audit, receipt and the store's own copy, and the host's table gains nothing by it.
void changes::take_over_slot(slot* s, const void* known, std::int64_t version) {
  if (!s || s->now != s->before)
    throw refused(refuse(status::internal, "take_over_of_edited", "", "a rule took over a row it had changed"));
  const auto& table = *s->table;
  s->taken_over = true;
  if (s->now) {
    void* before = facts_.copy(table, s->now);
    for (const auto& column : table.columns)
      if (const auto v = column.get(known); !(v == column.get(s->stored)) && !column.set(before, v))
        undecodable(table, column);
    s->before = before;
    s->now = facts_.copy(table, s->now);
  } else if (!s->stored) { // else an earlier command of this transaction erased it
    s->before = facts_.copy(table, known);
    s->version = version;
  }
  facts_.note_edit(*s);
}

} // namespace linecard
