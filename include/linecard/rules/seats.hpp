// The seat ledger's two movements. Every command that gives or takes a seat goes through these, so that a package
// that may not be assigned cannot be assigned on any path (I6) and a pool counts what its seats are (I2).
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

#include <string>

namespace linecard {

/// Why the package cannot be assigned in the tenant; nothing when it can. Reasons: package_unknown,
/// package_not_offered, package_retired, service_not_enabled.
[[nodiscard]] refusal unselectable(snapshot& facts, id_of<tenant> where, id_of<package> package_id,
                                   std::string_view path);

/// As unselectable(), and "no_seat_left": why nobody who holds none could be given a seat.
[[nodiscard]] refusal unavailable(snapshot& facts, id_of<tenant> where, id_of<package> package_id,
                                  std::string_view path);

/// The package as people know it; the id's text where nobody does.
[[nodiscard]] std::string package_name(snapshot& facts, id_of<package> id);

/// What giving the user a seat, or with no package only taking one, will ask for: the rule, and the receipt after it.
void foresee_seat(expectations& expected, id_of<tenant> where, id_of<user> user_id,
                  std::optional<id_of<package>> package_id);

/// Gives the user a seat of the package: used when the user is active, reserved while invited. A seat already held
/// changes nothing. Refuses as `unselectable` does, and "already_assigned" (another base package is held),
/// "no_seat_left" (policy block and the pool is full; paths as given).
[[nodiscard]] refusal place_seat(snapshot& facts, const ingredients& with, changes& out, const user& holder,
                                 id_of<package> package_id, std::string_view path);

/// A seat that the user held, given back: it may be of a package that is retired or no longer offered. Refuses
/// "already_assigned", "no_seat_left".
[[nodiscard]] refusal return_seat(snapshot& facts, const ingredients& with, changes& out, const user& holder,
                                  id_of<package> package_id, std::string_view path);
/// The seat is somebody else's of the same standing (joined), by somebody's hand; nothing is assigned anew, and no pool
/// moves.
void pass_seat(changes& out, const fact<seat>& held, const user& to, instant since);

/// Frees the seat and lowers its pool.
void release_seat(snapshot& facts, changes& out, const fact<seat>& held);

/// A reserved seat becomes a used one; the pool's sum stays (I4).
void convert_reservation(snapshot& facts, changes& out, const fact<seat>& reserved);

/// The user of the actor's tenant, or `not_found` "user_unknown" at `path`. A deleted user is unknown.
[[nodiscard]] refusal find_holder(snapshot& facts, id_of<user> user_id, std::string_view path, fact<user>& into);

} // namespace linecard
