// What the PostgreSQL store's tests need beside it: stores on the program's server, and PostgreSQL by hand.
#pragma once

#include "contract_kit.hpp"
#include "postgres_server.hpp"

#include <linecard/stores/postgres.hpp>

#include <libpq-fe.h>

#include <string>

namespace linecard::contract {

/// Options for an empty schema of the shared server.
inline postgres_options fresh_postgres() { return {.conninfo = shared_server().conninfo(), .schema = fresh_schema()}; }

inline std::unique_ptr<store> open(const postgres_options& options) {
  auto opened = postgres_store(options);
  REQUIRE_MESSAGE(opened.has_value(), (opened.has_error() ? opened.error().message : ""));
  return *std::move(opened);
}
inline std::unique_ptr<store> open_prepared(const postgres_options& options) {
  auto s = open(options);
  ok(s->prepare(both_tables));
  return s;
}
inline error open_error(const postgres_options& options) {
  auto opened = postgres_store(options);
  REQUIRE(opened.has_error());
  return opened.error();
}

/// A connection that knows nothing of linecard, but looks into the schema of these options.
class raw_postgres {
public:
  explicit raw_postgres(const postgres_options& options) : c_(PQconnectdb(options.conninfo.c_str())) {
    REQUIRE_MESSAGE(PQstatus(c_) == CONNECTION_OK, PQerrorMessage(c_));
    run("SET client_min_messages=error; SET search_path=\"" + options.schema + "\"");
  }
  raw_postgres(const raw_postgres&) = delete;
  raw_postgres& operator=(const raw_postgres&) = delete;
  ~raw_postgres() { PQfinish(c_); }

  [[nodiscard]] PGconn* handle() const { return c_; }
  void run(const std::string& sql) { static_cast<void>(ask(sql)); }
  /// Columns joined by "|", rows by newlines, as psql -A prints them.
  std::string ask(const std::string& sql) {
    PGresult* r = PQexec(c_, sql.c_str());
    const auto state = PQresultStatus(r);
    const bool fine = state == PGRES_TUPLES_OK || state == PGRES_COMMAND_OK;
    std::string out = fine ? "" : PQerrorMessage(c_);
    for (int i = 0; i < PQntuples(r); ++i) {
      if (i > 0) out += '\n';
      for (int k = 0; k < PQnfields(r); ++k)
        out += (k > 0 ? "|" : "") + std::string(PQgetisnull(r, i, k) != 0 ? "NULL" : PQgetvalue(r, i, k));
    }
    PQclear(r);
    REQUIRE_MESSAGE(fine, sql << ": " << out);
    return out;
  }

private:
  PGconn* c_;
};

} // namespace linecard::contract
