#include "postgres_host.hpp"

#include "sql.hpp"

#include <algorithm>
#include <array>

namespace linecard::stores {

namespace {

enum class looking : std::uint64_t { for_row, for_link, for_gone };

constexpr statement_key question(const host_link& link, looking what) {
  return key_of(link.table, action_tag::host, static_cast<std::uint64_t>(what));
}

struct qualified {
  std::string schema{}, table{};
};
qualified split_name(const std::string& name, const std::string& our_schema) {
  const auto dot = name.find('.');
  if (dot == std::string::npos) return {our_schema, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

value_type stored_as(std::string_view type) {
  if (type == "int8" || type == "int4" || type == "int2") return value_type::integer;
  if (type == "text" || type == "varchar") return value_type::text;
  return type == "bytea" ? value_type::blob : value_type::null;
}

result<std::vector<host_column>> columns_of(postgres_connection& c, const qualified& name) {
  auto answer =
      c.ask("SELECT a.attname, t.typname, EXISTS (SELECT 1 FROM pg_catalog.pg_index x WHERE x.indrelid=c.oid"
            " AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indnkeyatts=1"
            " AND x.indkey[0]=a.attnum), quote_ident(s.nspname) || '.' || quote_ident(l.collname)"
            " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid=c.relnamespace"
            " JOIN pg_catalog.pg_attribute a ON a.attrelid=c.oid AND a.attnum>0 AND NOT a.attisdropped"
            " JOIN pg_catalog.pg_type t ON t.oid=a.atttypid LEFT JOIN pg_catalog.pg_collation l ON l.oid=a.attcollation"
            " LEFT JOIN pg_catalog.pg_namespace s ON s.oid=l.collnamespace"
            " WHERE n.nspname=$1 AND c.relname=$2 AND c.relkind IN ('r','p') ORDER BY a.attnum",
            {name.schema, name.table}, "look at the host's table \"" + name.table + "\"");
  if (!answer) return std::move(answer).error();
  std::vector<host_column> out;
  for (int i = 0; i < PQntuples(answer->get()); ++i) {
    const auto cell = [&](int column) { return std::string(PQgetvalue(answer->get(), i, column)); };
    out.push_back({cell(0), stored_as(cell(1)), cell(2) == "t", cell(3)});
  }
  return out;
}

} // namespace

std::string must_hit(const std::string& statement, const std::string& before) {
  return "WITH " + before + "hit AS (" + statement + ") SELECT 1/count(*) FROM hit";
}

value reference_of(const host_link& link, const change& insert) {
  return link.reference < 0 ? null_value() : insert.values[static_cast<std::size_t>(link.reference)];
}

std::string mapped_insert_text(const host_link& link, bool linking) {
  const auto& d = postgres_dialect;
  if (linking) return must_hit(insert_linked_text(d, link) + " RETURNING 1");
  return must_hit(insert_made_text(d, link) + " RETURNING 1", "made AS (" + host_insert_text(d, link) + "), ");
}

void add_host_key(postgres_parameters& with, const host_link& link, const value& reference) {
  (void)with.add(link.key_type, host_key_named(link, reference).value_or(null_value()));
}

std::string mapped_update_text(const host_link& link, std::uint64_t mask) {
  const auto& d = postgres_dialect;
  const std::string ours = update_text(d, *link.table, mask) + " RETURNING 1";
  return must_hit(ours, (mask & link.mapped) == 0 ? "" : "told AS (" + host_update_text(d, link, mask) + "), ");
}

bool host_refused(const PGresult* r, const host_link& link, std::string_view our_schema) {
  const auto state = sqlstate_of(r);
  const auto field = [&](int which) {
    const char* text = PQresultErrorField(r, which);
    return std::string_view(text != nullptr ? text : "");
  };
  if (state.starts_with("23"))
    return field(PG_DIAG_SCHEMA_NAME) != our_schema || field(PG_DIAG_TABLE_NAME) != link.table->name;
  // What a trigger raises, what a view's or column's type does not take.
  constexpr std::array<std::string_view, 5> theirs{"P0", "44", "27", "22001", "22003"};
  return std::ranges::any_of(theirs, [&](std::string_view beginning) { return state.starts_with(beginning); });
}

error why_not_inserted(postgres_connection& c, const host_link& link, const change& insert, error otherwise) {
  const value reference = reference_of(link, insert);
  const bool linking = !reference.is_null();
  auto& with = c.parameters;
  if (linking) {
    const auto key = host_key_named(link, reference);
    if (!key) return host_row_unknown(link);
    with.clear();
    bool fits = with.add(link.key_type, *key);
    c.send(question(link, looking::for_link), with, [&] { return host_taken_text(postgres_dialect, link); });
    for (std::size_t i = 0; i < link.names.size(); ++i)
      if (link.matches(i)) fits = with.add(link.table->columns[i], insert.values[i]) && fits;
    c.send(question(link, looking::for_row), with, [&] { return host_find_text(postgres_dialect, link); });
    if (!fits) otherwise = misused("a value is of another type than its column");
  }
  with.clear();
  c.send(question(link, looking::for_gone), with, [&] { return host_gone_text(postgres_dialect, link); });

  bool taken = false, gone = false;
  refusal row;
  const bool whole = c.collect([&](std::size_t n, const PGresult* r) {
    const bool found = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) > 0;
    if (n == (linking ? 2u : 0u)) {
      gone = found;
    } else if (n == 0) {
      taken = found;
    } else if (!found) {
      if (PQresultStatus(r) == PGRES_TUPLES_OK) row = host_row_unknown(link);
    } else {
      int at = 0;
      for (std::size_t i = 0; i < link.names.size() && !row; ++i)
        if (link.maps(i) && !(postgres_value(r, 0, ++at) == insert.values[i])) row = host_row_differs(link, i);
    }
  });
  if (!whole) return otherwise;
  if (row) return *std::move(row);
  if (taken) return host_row_taken(link);
  // Rules cannot see a row without host row, so deciding again would meet it again.
  return gone ? reconcile_needed(link) : otherwise;
}

refusal fit_mappings(postgres_connection& c, const std::string& our_schema, std::span<const table_mapping> mapped,
                     std::span<const table_info* const> tables, std::vector<host_link>& into) {
  std::vector<table_mapping> named(mapped.begin(), mapped.end());
  for (table_mapping& m : named) // one spelling for a table of our schema
    if (auto [schema, table] = split_name(m.host_table, our_schema); schema == our_schema)
      m.host_table = std::move(table);
  const auto columns = [&](const std::string& table) { return columns_of(c, split_name(table, our_schema)); };
  if (auto why = fit_mappings(named, tables, columns, into)) return why;
  for (host_link& link : into) {
    auto [schema, table] = split_name(link.host_table, our_schema);
    link.host_schema = std::move(schema), link.host_table = std::move(table);
  }
  return {};
}

} // namespace linecard::stores
