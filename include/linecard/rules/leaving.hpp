// What a user leaves behind: everything that gave a right, held a number or was paid for ends with the membership.
#pragma once

#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Seats are freed; grants, flags and the extension that the user held in the tenant are gone. Nothing is refused: who
/// must not leave (administrators.hpp) is asked before.
void take_away(snapshot& facts, changes& out, const user& leaving);

} // namespace linecard
