#include "postgres_error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace linecard::stores {

namespace {

struct meaning {
  std::string_view beginning{}; ///< of the SQLSTATE; the first that fits counts
  status code{};
  std::string_view reason{}, words{};
};

constexpr std::array<meaning, 25> meanings{{
    {"40003", status::store, "commit_unknown", "nobody knows whether it was done: look before you repeat it"},
    {"40", status::conflict, "store_conflict", "another transaction came in between"},
    {"55P03", status::busy, "store_busy", "another transaction holds a row: try again"},
    {"57014", status::busy, "store_busy", "it took longer than the time-out: try again"},
    {"53300", status::busy, "store_busy", "the server has no connection left: try again"},
    {"57P03", status::busy, "store_busy", "the server is starting or stopping: try again"},
    {"53100", status::store, "store_full", "the server's disk is full"},
    {"53200", status::no_memory, "no_memory", "the server is out of memory"},
    {"25006", status::store, "store_read_only", "the server takes no changes: a standby, or set to read only"},
    {"28", status::store, "store_login_refused", "the server refused the user or password"},
    {"3D", status::store, "store_no_database", "there is no such database"},
    {"42501", status::store, "store_no_privilege", "the database user lacks a privilege"},
    {"54", status::limit, "value_too_big", "a value is too big"},
    {"58", status::store, "store_io", "the server could not read or write its files"},
    {"XX001", status::store, "store_corrupt", "the server found damaged data"},
    {"XX002", status::store, "store_corrupt", "the server found a damaged index"},
    {"22", status::internal, "store_refused_row", "the server refused a value"},
    {"23", status::internal, "store_refused_row", "the server refused a row"},
    {"44", status::internal, "store_refused_row", "the server refused a row"},
    {"42P01", status::store, "store_failed", "a table is missing; prepare makes it"},
    {"42703", status::store, "store_failed", "a column is missing; prepare makes it"},
    {"42883", status::store, "store_failed", "a column has another type than described"},
    {"42804", status::store, "store_failed", "a column has another type than described"},
    {"53", status::store, "store_failed", "the server lacks a resource"},
    {"", status::store, "store_failed", "the server failed"},
}};

} // namespace

std::string_view sqlstate_of(const PGresult* r) {
  const char* state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  return state != nullptr ? state : "";
}

bool is_lost(PGconn* connection, const PGresult* r) {
  if (PQstatus(connection) == CONNECTION_BAD) return true;
  if (PQresultStatus(r) != PGRES_FATAL_ERROR) return false;
  const char* severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && std::string_view(severity) != "ERROR") return true; // FATAL or PANIC ends the session
  const auto state = sqlstate_of(r);
  // Prepared statements that somebody deallocated, or whose table was altered, are made anew on another connection.
  return state.empty() || state.starts_with("08") || state == "26000" || state == "0A000";
}

error postgres_error(std::string_view sqlstate, std::string_view doing) {
  const auto& found = *std::find_if(meanings.begin(), meanings.end(),
                                    [&](const meaning& m) { return sqlstate.starts_with(m.beginning); });
  std::string message = "the store could not " + std::string(doing) + ": " + std::string(found.words);
  if (!sqlstate.empty()) message += " (SQLSTATE " + std::string(sqlstate) + ")";
  return refuse(found.code, found.reason, {}, std::move(message));
}

error connection_lost() {
  return refuse(status::conflict, "store_conflict", {},
                "the connection to the database was lost before the commit; nothing was changed");
}

} // namespace linecard::stores
