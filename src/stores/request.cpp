#include "request.hpp"

#include <algorithm>
#include <string>

namespace linecard::stores {

namespace {

bool holds(std::span<const std::uint16_t> columns, std::uint16_t c) {
  return std::find(columns.begin(), columns.end(), c) != columns.end();
}

const char* flaw_of(const table_info& t, std::span<const std::uint16_t> columns) {
  if (columns.empty()) return "has a key or index without columns";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] >= t.columns.size()) return "has a key or index over a column it lacks";
    if (holds(columns.first(i), columns[i])) return "has a key or index that names a column twice";
  }
  return nullptr;
}

const char* flaw_of(const table_info& t) {
  if (t.name.empty()) return "has no name";
  if (t.columns.size() > most_columns) return "has more than 60 columns";
  for (const field& f : t.columns) {
    if (f.type == nullptr || f.type->stored == value_type::null) return "has a column that is no scalar";
    if (f.name == "version") return "has a column of its own named version";
  }
  if (const char* flaw = flaw_of(t, t.key)) return flaw;
  for (const auto c : t.key)
    if (t.columns[c].nullable) return "has a key column that may be null";
  for (const index_info& i : t.indexes)
    if (const char* flaw = flaw_of(t, i.columns)) return flaw;
  return nullptr;
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

} // namespace

row_order order_of(const table_info& table, std::uint16_t index) {
  row_order order; // NOLINT: filled as far as size says
  order.size = 0;
  const auto append = [&](std::uint16_t column, std::size_t at) {
    order.columns[order.size] = column;
    order.in_after[order.size++] = static_cast<std::uint16_t>(at);
  };
  const auto own = columns_of_index(table, index);
  for (std::size_t i = 0; i < own.size(); ++i) append(own[i], i);
  for (std::size_t i = 0; index != 0 && i < table.key.size(); ++i)
    if (!holds(own, table.key[i])) append(table.key[i], own.size() + i);
  return order;
}

bool has_rowid_key(const table_info& table) {
  return table.key.size() == 1 && table.columns[table.key[0]].type->stored == value_type::integer;
}

int compare(const value& a, const value& b) {
  if (a.type != b.type) return a.type < b.type ? -1 : 1;
  if (a.type == value_type::null) return 0;
  if (a.type == value_type::integer) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  const int c = a.bytes().compare(b.bytes());
  return c < 0 ? -1 : c > 0 ? 1 : 0;
}

refusal check(const table_info& table) {
  if (const char* flaw = flaw_of(table))
    return refuse(status::internal, "table_invalid", {}, "table " + quoted(table.name) + " " + flaw);
  return {};
}

const char* flaw_of(const scan_request& r) {
  if (r.table == nullptr) return "a scan names no table";
  if (r.table->columns.size() > most_columns) return "a scan names a table with too many columns";
  if (r.index > r.table->indexes.size()) return "a scan names an index its table lacks";
  const auto own = columns_of_index(*r.table, r.index).size();
  if (r.prefix.size() > own) return "a scan's prefix is longer than its index";
  if ((r.from != nullptr || r.below != nullptr) && r.prefix.size() == own) return "a scan's range has no column left";
  if (!r.after.empty() && r.after.size() != own + (r.index == 0 ? 0 : r.table->key.size()))
    return "a scan's after is not the index columns and the key columns of a row";
  return nullptr;
}

const char* flaw_of(const change& c) {
  using enum change::action;
  if (c.table == nullptr) return "a change names no table";
  if (c.table->columns.size() > most_columns) return "a change names a table with too many columns";
  if (c.what == insert)
    return c.values.size() == c.table->columns.size() ? nullptr : "an insert does not give every column";
  if (c.what != update && c.what != erase && c.what != require) return "a change has an unknown action";
  if (c.key.size() != c.table->key.size()) return "a change does not give the whole key";
  if (c.what != update) return nullptr;
  if (c.columns.size() != c.values.size()) return "an update's columns and values differ in number";
  std::uint64_t seen = 0;
  for (const auto column : c.columns) {
    if (column >= c.table->columns.size()) return "an update names a column its table lacks";
    if ((seen >> column & 1) != 0) return "an update names a column twice";
    seen |= std::uint64_t{1} << column;
  }
  return nullptr;
}

error misused(std::string_view how) {
  return refuse(status::internal, "store_misused", {}, "the store was misused: " + std::string(how));
}
error not_prepared(const table_info& table) {
  return misused("table " + quoted(table.name) + " was not given to prepare");
}
error no_memory() { return refuse(status::no_memory, "no_memory", {}, "out of memory"); }
error row_moved(const table_info& table) {
  return refuse(status::conflict, "store_conflict", {},
                "a row of " + quoted(table.name) + " is gone or no longer at the version that was read");
}
error already_stands(const table_info& table) {
  return refuse(status::conflict, "store_conflict", {},
                "a row of " + quoted(table.name) + " with an equal key or unique index already stands");
}

} // namespace linecard::stores
