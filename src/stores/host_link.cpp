#include "host_link.hpp"

#include <algorithm>
#include <charconv>

namespace linecard::stores {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string_view word_of(value_type t) {
  switch (t) {
  case value_type::integer:
    return "integers";
  case value_type::text:
    return "text";
  case value_type::blob:
    return "blobs";
  default:
    return "something linecard does not read";
  }
}

const host_column* named(std::span<const host_column> host, std::string_view name) {
  const auto it = std::ranges::find(host, name, &host_column::name);
  return it == host.end() ? nullptr : &*it;
}

int column_named(const table_info& t, std::string_view name) {
  for (std::size_t c = 0; c < t.columns.size(); ++c)
    if (t.columns[c].name == name) return static_cast<int>(c);
  return -1;
}

bool orders_rows(const table_info& t, std::uint16_t column) {
  const auto holds = [&](std::span<const std::uint16_t> columns) {
    return std::ranges::find(columns, column) != columns.end();
  };
  return holds(t.key) || std::ranges::any_of(t.indexes, [&](const index_info& i) { return holds(i.columns); });
}

struct fitting {
  const table_mapping& mapping;
  const table_info& table;
  std::span<const host_column> host;
  std::string_view path;

  [[nodiscard]] refusal no(std::string_view member, std::string message) const {
    return refuse(status::invalid, "mapping_invalid", std::string(path) + "/" + std::string(member),
                  std::move(message));
  }

  [[nodiscard]] refusal key(host_link& into) const {
    if (column_named(table, host_key_column) >= 0)
      return no("table", "table " + quoted(table.name) + " has a column of its own named " + quoted(host_key_column));
    if (host.empty())
      return no("host_table", "there is no table " + quoted(mapping.host_table) + "; the host makes it before");
    const host_column* const k = named(host, mapping.host_key);
    if (k == nullptr) return no("host_key", quoted(mapping.host_table) + " has no column " + quoted(mapping.host_key));
    if (k->type != value_type::integer && k->type != value_type::text)
      return no("host_key", quoted(mapping.host_key) + " holds " + std::string(word_of(k->type)) +
                                "; a host's key is one column of integers or text");
    if (!k->unique)
      return no("host_key", quoted(mapping.host_key) + " is not unique by itself; give the primary key or a column "
                                                       "with a unique index of its own");
    into.key_type = k->type;
    into.key_collation = k->collation;
    if (mapping.reference.empty()) return {};
    into.reference = column_named(table, mapping.reference);
    if (into.reference < 0 || table.columns[static_cast<std::size_t>(into.reference)].type->stored != value_type::text)
      return no("reference", quoted(table.name) + " has no text column " + quoted(mapping.reference));
    return {};
  }

  /// Adds the column to one of the link's sets.
  [[nodiscard]] refusal column(const mapped_column& m, const std::string& at, host_link& into,
                               std::uint64_t host_link::*set) const {
    const int c = column_named(table, m.column);
    if (c < 0) return no(at + "/column", quoted(table.name) + " has no column " + quoted(m.column));
    const auto column = static_cast<std::uint16_t>(c);
    if (!into.names[column].empty()) return no(at + "/column", quoted(m.column) + " is mapped twice");
    if (set == &host_link::mapped && orders_rows(table, column))
      return no(at + "/column", quoted(m.column) + " is in the key or in an index of " + quoted(table.name) +
                                    ", which only linecard's own table can keep; map other columns");
    const host_column* const h = named(host, m.host_column);
    if (h == nullptr)
      return no(at + "/host_column", quoted(mapping.host_table) + " has no column " + quoted(m.host_column));
    if (m.host_column == mapping.host_key || std::ranges::find(into.names, m.host_column) != into.names.end())
      return no(at + "/host_column", quoted(m.host_column) + " has another use in this mapping already");
    const value_type wanted = table.columns[column].type->stored;
    if (h->type != wanted)
      return no(at + "/host_column", quoted(m.host_column) + " holds " + std::string(word_of(h->type)) + "; " +
                                         quoted(m.column) + " needs " + std::string(word_of(wanted)));
    into.names[column] = m.host_column;
    into.*set |= std::uint64_t{1} << column;
    return {};
  }
};

std::string reference_path(const host_link& link) {
  return link.reference < 0 ? std::string{}
                            : "/" + std::string(link.table->columns[static_cast<std::size_t>(link.reference)].name);
}
std::string row_of(const host_link& link) { return "row of the host's table " + quoted(link.host_table); }

refusal fit(const table_mapping& mapping, const table_info& table, std::span<const host_column> host,
            std::string_view path, host_link& into) {
  into.table = &table, into.host_table = mapping.host_table, into.host_key = mapping.host_key;
  into.names.resize(table.columns.size());
  const fitting with{mapping, table, host, path};
  if (auto no = with.key(into)) return no;
  if (mapping.columns.empty()) return with.no("columns", "give at least one column that the host's table holds");
  for (std::size_t i = 0; i < mapping.columns.size(); ++i)
    if (auto no = with.column(mapping.columns[i], "columns/" + std::to_string(i), into, &host_link::mapped)) return no;
  for (std::size_t i = 0; i < mapping.matching.size(); ++i)
    if (auto no = with.column(mapping.matching[i], "matching/" + std::to_string(i), into, &host_link::matching))
      return no;
  return {};
}

} // namespace

namespace {

/// SQLite's names know no case.
bool is_ours(std::span<const table_info* const> tables, std::string_view name) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return lower(a) == lower(b);
  };
  const auto names = [&](std::string_view other) { return std::ranges::equal(name, other, same); };
  return names("linecard_schema") || std::ranges::any_of(tables, names, &table_info::name);
}

} // namespace

refusal fit_mappings(std::span<const table_mapping> mapped, std::span<const table_info* const> tables,
                     const std::function<result<std::vector<host_column>>(const std::string&)>& columns_of,
                     std::vector<host_link>& into) {
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const std::string path = "/mapped/" + std::to_string(i);
    const auto at = std::ranges::find(tables, mapped[i].table, &table_info::name);
    const auto repeated = std::ranges::find(mapped.first(i), mapped[i].table, &table_mapping::table);
    if (at == tables.end() || repeated != mapped.begin() + static_cast<std::ptrdiff_t>(i))
      return refuse(status::invalid, "mapping_invalid", path + "/table",
                    quoted(mapped[i].table) + " is no table of linecard's, or is mapped twice");
    if (is_ours(tables, mapped[i].host_table))
      return refuse(status::invalid, "mapping_invalid", path + "/host_table",
                    quoted(mapped[i].host_table) + " is linecard's own; name a table of the host's");
    const auto host = columns_of(mapped[i].host_table);
    if (!host) return host.error();
    if (auto why = fit(mapped[i], **at, *host, path, into.emplace_back())) return why;
  }
  return {};
}

error mapping_missing(const table_info& table) {
  return refuse(status::conflict, "mapping_missing", "/mapped",
                "table " + quoted(table.name) + " was mapped onto a host's table; give its mapping");
}
error mapping_incomplete(const host_link& link, std::int64_t rows) {
  return refuse(status::conflict, "mapping_incomplete", "/mapped",
                std::to_string(rows) + " rows of table " + quoted(link.table->name) + " name no row of " +
                    quoted(link.host_table) + ": give them references that do");
}

const table_mapping* mapping_of(const table_info& table, std::span<const table_mapping> mapped) {
  const auto found = std::ranges::find(mapped, table.name, &table_mapping::table);
  return found == mapped.end() ? nullptr : &*found;
}

int reference_column(const table_info& table, std::span<const table_mapping> mapped) {
  const auto* mapping = mapping_of(table, mapped);
  return mapping ? column_named(table, mapping->reference) : -1;
}

std::optional<value> host_key_named(const host_link& link, const value& reference) {
  if (link.key_type == value_type::text) return reference;
  const auto text = reference.bytes();
  std::int64_t n = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
  // One spelling for each key: "07" and "7" are two references, and two users must not share a row.
  if (bad != std::errc{} || end != text.data() + text.size() || std::to_string(n) != text) return std::nullopt;
  return integer_value(n);
}

error host_row_unknown(const host_link& link) {
  return refuse(status::not_found, "host_row_unknown", reference_path(link),
                "there is no " + row_of(link) + " with this key");
}
error host_row_taken(const host_link& link) {
  return refuse(status::conflict, "host_row_taken", reference_path(link),
                "the " + row_of(link) + " with this key is linked already");
}
error host_row_differs(const host_link& link, std::size_t column) {
  const auto name = std::string(link.table->columns[column].name);
  return refuse(status::conflict, "host_row_differs", "/" + name,
                "the " + row_of(link) + " says otherwise in " + quoted(link.names[column]) + "; give " + name +
                    " as it stands there");
}
error host_refused_row(const host_link& link) {
  return refuse(status::conflict, "host_refused_row", "",
                "a constraint or trigger of the host's table " + quoted(link.host_table) + " refused the change");
}
error reconcile_needed(const host_link& link) {
  return refuse(status::conflict, "reconcile_needed", "",
                "the host removed rows of " + quoted(link.host_table) +
                    " whose place this change would take: run reconcile first");
}

} // namespace linecard::stores
