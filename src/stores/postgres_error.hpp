// PostgreSQL's failures as ours. Words of the server are never passed on: a host's trigger may put row data into them.
#pragma once

#include "request.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace linecard::stores {

struct clear_result {
  void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using postgres_result = std::unique_ptr<PGresult, clear_result>;

/// Five characters, or none: the failure is libpq's own.
[[nodiscard]] std::string_view sqlstate_of(const PGresult* r);

/// The session is over, or no longer what we made of it: nothing more can be asked of this connection.
[[nodiscard]] bool is_lost(PGconn* connection, const PGresult* r);

/// `doing` completes "the store could not ...".
[[nodiscard]] error postgres_error(std::string_view sqlstate, std::string_view doing);
[[nodiscard]] inline error postgres_error(const PGresult* r, std::string_view doing) {
  return postgres_error(sqlstate_of(r), doing);
}

/// Status conflict: before a commit the rule may simply be run again, on another connection.
[[nodiscard]] error connection_lost();

} // namespace linecard::stores
