// The end of what is known of a person: rows are emptied or gone, and the audit chain keeps commitments whose values
// and salts are erased. It verifies as before.
#pragma once

#include <linecard/model/identity.hpp>
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Of a deleted user nothing stays but the id, in the audit. The row, telephone side, devices, attributes and
/// replacements are gone, and every personal value about the user beside the tenant's chain. Where users lie in the
/// host's table, the host's row is left alone. With the user's last restorable place goes the login, where no tenant
/// knows it and nothing is granted to it: its address is free, and its values beside the platform's chain are gone too.
void erase_person(snapshot& facts, const ingredients& with, changes& out, const fact<departure>& left);

/// What is personal to a user or login beside one chain, or all of them, is gone, and this run writes no more of it.
void erase_values(snapshot& facts, changes& out, any_id person, any_id chain);

/// The login is nobody's any more: nothing to sign in with, no address, no letters.
void end_login(snapshot& facts, changes& out, const fact<identity>& who);

/// Nobody can be restored from it any more.
void end_departure(snapshot& facts, changes& out, const fact<departure>& left);

/// It can be undone no more.
void end_replacement(snapshot& facts, changes& out, const fact<replacement>& done);

} // namespace linecard
