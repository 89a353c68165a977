#include "postgres_schema.hpp"

#include "sql.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace linecard::stores {

namespace {

/// PostgreSQL cuts longer names off, silently.
constexpr std::size_t longest_name = 63;
constexpr std::string_view doing = "prepare its tables";

struct found_column {
  std::string type{};
  bool bytewise{}; ///< a text's collation orders by bytes
};
struct found_table {
  std::map<std::string, found_column, std::less<>> columns{};
  std::map<std::string, bool, std::less<>> indexes{}; ///< name -> unique
};

/// Stops at the first error and keeps it; later steps do nothing. What is to be made is collected, then made at once.
class migration {
public:
  migration(postgres_connection& c, const std::string& schema) : c_(c), schema_(schema) {}

  refusal run(std::span<const table_info* const> tables, std::span<const host_link> links) {
    step(c_.execute("BEGIN", doing));
    static_cast<void>(ask("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "linecard schema " + schema_));
    look();
    stamp();
    for (const table_info* t : tables) {
      const auto link = std::ranges::find(links, t, &host_link::table);
      if (!why_) table(*t);
      if (!why_) host_key(*t, link == links.end() ? nullptr : &*link);
    }
    if (!why_ && !links.empty() && !todo_.empty()) step(c_.execute(std::exchange(todo_, ""), doing));
    for (const host_link& link : links) link_standing(link);
    if (!why_) step(c_.execute(todo_ + "COMMIT", doing));
    if (why_) static_cast<void>(c_.execute("ROLLBACK", doing));
    return std::move(why_);
  }

private:
  void step(refusal no) {
    if (!why_) why_ = std::move(no);
  }
  void plan(const std::string& sql) { todo_ += sql + ";\n"; }

  /// Null after an error.
  postgres_result ask(const char* sql, std::string_view argument) {
    if (why_) return nullptr;
    auto answer = c_.ask(sql, {argument}, doing);
    if (!answer) return step(std::move(answer).error()), nullptr;
    return *std::move(answer);
  }
  template <class Take> void each(const char* sql, const Take& take) {
    const auto r = ask(sql, schema_);
    for (int i = 0; r && i < PQntuples(r.get()); ++i) {
      const auto cell = [&](int column) { return std::string(PQgetvalue(r.get(), i, column)); };
      take(cell);
    }
  }

  void look() {
    each("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname=$1",
         [&](const auto& cell) { schema_there_ = cell(0) != "0"; });
    each("SELECT c.relname, a.attname, t.typname, coalesce(l.collname IN ('C', 'POSIX'), true)"
         " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid=c.relnamespace"
         " JOIN pg_catalog.pg_attribute a ON a.attrelid=c.oid AND a.attnum>0 AND NOT a.attisdropped"
         " JOIN pg_catalog.pg_type t ON t.oid=a.atttypid LEFT JOIN pg_catalog.pg_collation l ON l.oid=a.attcollation"
         " WHERE n.nspname=$1 AND c.relkind IN ('r','p','v','f')",
         [&](const auto& cell) {
           there_[cell(0)].columns[cell(1)] = {cell(2), cell(3) == "t"};
         });
    each("SELECT c.relname, i.relname, x.indisunique AND x.indisvalid FROM pg_catalog.pg_index x"
         " JOIN pg_catalog.pg_class c ON c.oid=x.indrelid JOIN pg_catalog.pg_class i ON i.oid=x.indexrelid"
         " JOIN pg_catalog.pg_namespace n ON n.oid=c.relnamespace WHERE n.nspname=$1",
         [&](const auto& cell) { there_[cell(0)].indexes[cell(1)] = cell(2) == "t"; });
  }

  void stamp() {
    const std::string version = std::to_string(schema_major) + "," + std::to_string(schema_minor);
    if (!schema_there_) plan("CREATE SCHEMA " + quoted(schema_));
    std::int64_t major = 0, minor = 0;
    if (there_.contains("linecard_schema")) {
      const auto r = ask("SELECT max(major), max(minor) FROM linecard_schema WHERE $1::text IS NOT NULL", schema_);
      if (r && PQgetisnull(r.get(), 0, 0) == 0)
        major = std::stoll(PQgetvalue(r.get(), 0, 0)), minor = std::stoll(PQgetvalue(r.get(), 0, 1));
    } else {
      plan("CREATE TABLE linecard_schema (major BIGINT NOT NULL, minor BIGINT NOT NULL)");
    }
    if (why_) return;
    if (major == 0) plan("INSERT INTO linecard_schema VALUES (" + version + ")");
    if (major > schema_major)
      why_ = refuse(status::too_new, "schema_too_new", {},
                    "the store was written by linecard " + std::to_string(major) + ".x; this is linecard " +
                        std::to_string(schema_major) + ".x, which cannot read it: upgrade linecard");
    if (major == schema_major && minor < schema_minor)
      plan("UPDATE linecard_schema SET minor=" + std::to_string(schema_minor));
  }

  void differs(const table_info& t, const std::string& how) {
    step(refuse(status::internal, "table_differs", {}, "table \"" + std::string(t.name) + "\" in the store " + how));
  }
  void named(std::string_view name) {
    if (name.size() > longest_name)
      step(refuse(status::internal, "table_invalid", {},
                  "PostgreSQL takes no name longer than 63 bytes: \"" + std::string(name) + "\""));
  }

  static bool holds(const field& f, const found_column& c) {
    switch (f.type->stored) {
    case value_type::integer:
      return c.type == "int8" || c.type == "int4" || c.type == "int2";
    case value_type::text:
      return (c.type == "text" || c.type == "varchar") && c.bytewise;
    default:
      return c.type == "bytea";
    }
  }

  void table(const table_info& t) {
    named(t.name);
    const auto at = there_.find(t.name);
    if (at == there_.end()) {
      plan(create_table(postgres_dialect, t));
    } else {
      const auto& columns = at->second.columns;
      if (!columns.contains("version")) differs(t, "has no column \"version\"");
      for (const auto k : t.key)
        if (!columns.contains(t.columns[k].name)) differs(t, "lacks a column of its key");
      for (const field& f : t.columns) {
        const auto c = columns.find(f.name);
        if (c == columns.end())
          plan(add_column(postgres_dialect, t, f));
        else if (!holds(f, c->second))
          differs(t, "has column \"" + std::string(f.name) + "\" with another type, or a collation not by bytes");
      }
    }
    for (const index_info& i : t.indexes) {
      const std::string name = index_name(t, i);
      named(name);
      const bool made = at != there_.end() && at->second.indexes.contains(name);
      if (!made)
        plan(create_index(postgres_dialect, t, i));
      else if (at->second.indexes.find(name)->second != i.unique) // it would drop, or invent, an invariant silently
        differs(t, "has index \"" + name + "\" with another uniqueness");
    }
  }

  void host_key(const table_info& t, const host_link* link) {
    const auto at = there_.find(t.name);
    const bool there = at != there_.end() && at->second.columns.contains(host_key_column);
    if (link == nullptr) {
      if (there) step(mapping_missing(t));
      return;
    }
    named(host_index_name(*link));
    if (!there) plan(add_host_key(postgres_dialect, *link));
    if (!there || !at->second.indexes.contains(host_index_name(*link))) plan(index_host_key(*link));
  }

  void link_standing(const host_link& link) {
    if (!why_ && link.reference >= 0) step(c_.execute(link_standing_text(postgres_dialect, link), doing));
    const std::string loose = "SELECT count(*) FROM " + quoted(link.table->name) + " WHERE host_key IS NULL";
    const auto found = ask((loose + " AND $1::text IS NOT NULL").c_str(), schema_);
    if (const auto rows = found ? std::stoll(PQgetvalue(found.get(), 0, 0)) : 0; rows != 0)
      step(mapping_incomplete(link, rows));
  }

  postgres_connection& c_;
  const std::string& schema_;
  bool schema_there_{};
  std::map<std::string, found_table, std::less<>> there_{};
  std::string todo_{};
  refusal why_{};
};

} // namespace

refusal prepare_tables(postgres_connection& c, const std::string& schema, std::span<const table_info* const> tables,
                       std::span<const host_link> links) {
  for (const table_info* t : tables)
    if (auto why = check(*t)) return why;
  return migration(c, schema).run(tables, links);
}

} // namespace linecard::stores
