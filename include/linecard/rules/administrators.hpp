// A tenant always keeps one administrator (I13), and its owner stays one until support says otherwise (S4.3). The
// count stands in the tenant's row, so that editing it guards against two commands at once. The platform keeps an
// operator: there is nobody above to name another.
#pragma once

#include <linecard/model/authority.hpp>
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// The user's grant that would keep the tenant, whatever its holder's state; none: it has none.
[[nodiscard]] fact<grant> administrator_grant(snapshot& facts, const user& who);

/// Counts for ever: an administrator's grant at its tenant without limits of time, of a user who is active or invited.
[[nodiscard]] bool keeps_tenant(const grant& g, user_state member);

/// One more; the first one becomes the owner.
void add_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who);

/// One less, whatever follows from it: the tenant may be left without administrator, and without owner.
void drop_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who);

/// May this one go? Refuses "owner_needs_support" for the owner, whoever asks (replace_owner comes first), and
/// "last_administrator".
[[nodiscard]] refusal keeps_another(snapshot& facts, const ingredients& with, id_of<identity> who,
                                    std::string_view path);
/// One less, where keeps_another allows.
[[nodiscard]] refusal remove_administrator(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                                           std::string_view path);

/// An operator's grant at the platform without limits of time.
[[nodiscard]] bool keeps_platform(const grant& g);
/// May this one's grant as operator go? Refuses "last_operator" where no other active identity holds one.
[[nodiscard]] refusal keeps_an_operator(snapshot& facts, const ingredients& with, id_of<identity> who,
                                        std::string_view path);

} // namespace linecard
