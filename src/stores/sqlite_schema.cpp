#include "sqlite_schema.hpp"

#include "sql.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace linecard::stores {

namespace {

/// Stops at the first error and keeps it; later steps do nothing.
class migration {
public:
  explicit migration(connection& c) : c_(c) {}

  refusal run(std::span<const table_info* const> tables, std::span<const host_link> links) {
    if (const int rc = c_.begin(); rc != SQLITE_OK) return sqlite_error(rc, "prepare its tables");
    stamp();
    for (const table_info* t : tables) {
      const auto link = std::ranges::find(links, t, &host_link::table);
      if (!why_) table(*t);
      if (!why_) host_key(*t, link == links.end() ? nullptr : &*link);
    }
    if (!why_) step(c_.commit());
    if (why_) c_.roll_back();
    return std::move(why_);
  }

private:
  void step(int rc) {
    if (rc != SQLITE_OK && !why_) why_ = sqlite_error(rc, "prepare its tables");
  }
  void execute(const std::string& sql) {
    if (!why_) step(c_.execute(sql.c_str()));
  }

  /// Name -> number of every row that the query, given the argument, answers with.
  std::map<std::string, std::int64_t, std::less<>> names(const char* sql, std::string_view argument) {
    std::map<std::string, std::int64_t, std::less<>> out;
    sqlite3_stmt* statement = nullptr;
    int rc = sqlite3_prepare_v3(c_.handle(), sql, -1, 0, &statement, nullptr);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owned(statement, sqlite3_finalize);
    if (rc == SQLITE_OK) rc = bind(statement, 1, text_value(argument));
    if (rc == SQLITE_OK) {
      while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        out.emplace(name != nullptr ? name : "", sqlite3_column_int64(statement, 1));
      }
      if (rc == SQLITE_DONE) rc = SQLITE_OK;
    }
    step(rc);
    return out;
  }

  void stamp() {
    execute("CREATE TABLE IF NOT EXISTS linecard_schema (major INTEGER NOT NULL, minor INTEGER NOT NULL)");
    const auto found = names("SELECT 'major', max(major) FROM linecard_schema WHERE ?1='' HAVING count(*)>0", "");
    if (why_) return;
    if (found.empty()) {
      execute("INSERT INTO linecard_schema VALUES (" + std::to_string(schema_major) + "," +
              std::to_string(schema_minor) + ")");
      return;
    }
    const auto major = found.begin()->second;
    if (major > schema_major)
      why_ = refuse(status::too_new, "schema_too_new", {},
                    "the store was written by linecard " + std::to_string(major) + ".x; this is linecard " +
                        std::to_string(schema_major) + ".x, which cannot read it: upgrade linecard");
    execute("UPDATE linecard_schema SET minor=" + std::to_string(schema_minor) +
            " WHERE major=" + std::to_string(schema_major) + " AND minor<" + std::to_string(schema_minor));
  }

  void differs(const table_info& t, const std::string& how) {
    if (!why_)
      why_ = refuse(status::internal, "table_differs", {}, "table \"" + std::string(t.name) + "\" in the store " + how);
  }

  void table(const table_info& t) {
    const auto columns = names("SELECT name, 0 FROM pragma_table_info(?1)", t.name);
    if (why_) return;
    if (columns.empty()) {
      execute(create_table(sqlite_dialect, t));
    } else {
      if (!columns.contains("version")) differs(t, "has no column \"version\"");
      for (const auto k : t.key)
        if (!columns.contains(t.columns[k].name)) differs(t, "lacks a column of its key");
      for (const field& f : t.columns)
        if (!columns.contains(f.name)) execute(add_column(sqlite_dialect, t, f));
    }
    const auto indexes = names("SELECT name, \"unique\" FROM pragma_index_list(?1)", t.name);
    for (const index_info& i : t.indexes) {
      const std::string name = index_name(t, i);
      const auto at = indexes.find(name);
      if (at == indexes.end())
        execute(create_index(sqlite_dialect, t, i));
      else if ((at->second != 0) != i.unique) // keeping it would drop, or invent, an invariant without a word
        differs(t, "has index \"" + name + "\" with another uniqueness");
    }
  }

  void host_key(const table_info& t, const host_link* link) {
    const bool there = names("SELECT name, 0 FROM pragma_table_info(?1)", t.name).contains(host_key_column);
    if (link == nullptr) {
      if (there && !why_) why_ = mapping_missing(t);
      return;
    }
    if (!there) execute(add_host_key(sqlite_dialect, *link));
    execute(index_host_key(*link));
    if (link->reference >= 0) execute(link_standing_text(sqlite_dialect, *link));
    const std::string loose = "SELECT 'rows', count(*) FROM \"" + std::string(t.name) + "\" WHERE host_key IS NULL";
    const auto found = names((loose + " AND ?1=''").c_str(), "");
    if (!why_ && found.begin()->second != 0) why_ = mapping_incomplete(*link, found.begin()->second);
  }

  connection& c_;
  refusal why_{};
};

/// What SQLite makes of a declared type (its documentation, "Determination Of Column Affinity").
value_type affinity(std::string declared) {
  std::ranges::transform(declared, declared.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  const auto has = [&](const char* word) { return declared.find(word) != std::string::npos; };
  if (has("INT")) return value_type::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return value_type::text;
  return has("BLOB") || declared.empty() ? value_type::blob : value_type::null;
}

result<std::vector<host_column>> columns_of(connection& c, const std::string& host_table) {
  // A key that is the rowid has no index; WITHOUT ROWID and unique columns have one.
  constexpr const char* sql =
      "SELECT c.name, c.type, (c.pk = 1 AND (SELECT max(pk) FROM pragma_table_info(?1)) = 1) OR EXISTS (SELECT 1 FROM "
      "pragma_index_list(?1) AS i WHERE i.\"unique\" AND NOT i.partial AND (SELECT count(*) FROM "
      "pragma_index_info(i.name)) = 1 AND (SELECT name FROM pragma_index_info(i.name)) = c.name) "
      "FROM pragma_table_info(?1) AS c";
  sqlite3_stmt* statement = nullptr;
  int rc = sqlite3_prepare_v3(c.handle(), sql, -1, 0, &statement, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owned(statement, sqlite3_finalize);
  if (rc == SQLITE_OK) rc = bind(statement, 1, text_value(host_table));
  const auto text_at = [&](int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return std::string(text != nullptr ? text : "");
  };
  std::vector<host_column> out;
  while (rc == SQLITE_OK || rc == SQLITE_ROW)
    if ((rc = sqlite3_step(statement)) == SQLITE_ROW)
      out.push_back({text_at(0), affinity(text_at(1)), sqlite3_column_int(statement, 2) != 0});
  if (rc != SQLITE_DONE) return sqlite_error(rc, "look at the host's table \"" + host_table + "\"");
  return out;
}

} // namespace

refusal fit_mappings(connection& writer, std::span<const table_mapping> mapped,
                     std::span<const table_info* const> tables, std::vector<host_link>& into) {
  const auto columns = [&](const std::string& host_table) { return columns_of(writer, host_table); };
  return fit_mappings(mapped, tables, columns, into);
}

refusal prepare_tables(connection& writer, std::span<const table_info* const> tables,
                       std::span<const host_link> links) {
  for (const table_info* t : tables)
    if (auto why = check(*t)) return why;
  return migration(writer).run(tables, links);
}

} // namespace linecard::stores
