#include "sqlite_schema.hpp"

#include "sql.hpp"

#include <map>
#include <string>

namespace linecard::stores {

namespace {

/// Stops at the first error and keeps it; later steps do nothing.
class migration {
public:
  explicit migration(connection& c) : c_(c) {}

  refusal run(std::span<const table_info* const> tables) {
    if (const int rc = c_.begin(); rc != SQLITE_OK) return sqlite_error(rc, "prepare its tables");
    stamp();
    for (const table_info* t : tables)
      if (!why_) table(*t);
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

  connection& c_;
  refusal why_{};
};

} // namespace

refusal prepare_tables(connection& writer, std::span<const table_info* const> tables) {
  for (const table_info* t : tables)
    if (auto why = check(*t)) return why;
  return migration(writer).run(tables);
}

} // namespace linecard::stores
