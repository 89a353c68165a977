// Who may do what, where.
//
//   An identity may do P in scope S when it is active and holds a grant
//     at S or at a scope above S,
//     whose role has P,
//     and, where the grant is at a tenant, its membership of that tenant is active.
//
// Nothing else allows anything.
#pragma once

#include <linecard/snapshot.hpp>

namespace linecard {

/// Everything the identity may do in the scope; empty when it may do nothing.
[[nodiscard]] permission_set effective(snapshot& facts, id_of<identity> who, const scope& in);

/// What `authorize` will ask.
void foresee_authority(const acting& who, expectations& expected);

/// Refuses `denied`: "actor_expired" when the identity's epoch has moved, "permission_missing" naming what is needed.
[[nodiscard]] refusal authorize(snapshot& facts, const acting& who, permission needed);

/// The refusal that names the permission and the scope it is missing in.
[[nodiscard]] error permission_missing(const acting& who, permission needed);

/// Nobody gives what they do not hold: refuses `denied` "role_exceeds_own" unless the actor covers the role here.
[[nodiscard]] refusal may_give(snapshot& facts, const acting& who, built_in_role role, std::string_view path);

} // namespace linecard
