// What goes with a user who goes.
#pragma once

#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Everything of a user but the row itself: seats, roles, flags, extensions, devices, link and undelivered letters.
/// Whether a tenant may lose this one is the caller's question.
void take_away(snapshot& facts, changes& out, const user& gone);

} // namespace linecard
