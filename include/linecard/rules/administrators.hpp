// A tenant always keeps one administrator (I13), and its owner stays one until support says otherwise (S4.3). The
// count stands in the tenant's row, so that editing it guards against two commands at once.
#pragma once

#include <linecard/model/authority.hpp>
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Counts for ever: an administrator's grant at its tenant without limits of time, of a user who is active or invited.
[[nodiscard]] bool keeps_tenant(const grant& g, user_state member);

/// One more; the first one becomes the owner.
void add_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who);

/// Whether the tenant can do without. Refuses "owner_needs_support" and "last_administrator" as remove_administrator.
[[nodiscard]] refusal can_lose_administrator(snapshot& facts, id_of<tenant> where, id_of<identity> who,
                                             std::string_view path);

/// One less. Refuses "owner_needs_support" for the owner, whoever asks (replace_owner comes first), and
/// "last_administrator".
[[nodiscard]] refusal remove_administrator(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                                           std::string_view path);

} // namespace linecard
