// What passes from one user to another: who may take it, and who may give it away.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// An active user of the tenant, and another one than `of`. Refuses "successor_unknown", "successor_not_active",
/// "successor_is_the_user".
[[nodiscard]] refusal find_successor(snapshot& facts, id_of<user> id, id_of<user> of, std::string_view path,
                                     fact<user>& into);

/// Whoever moves somebody's numbers needs number.configure, and international.manage where an extension dials abroad:
/// that right goes with it. Refuses "permission_denied".
[[nodiscard]] refusal may_move_numbers(snapshot& facts, const ingredients& with, id_of<user> of, std::string_view path);

/// Extensions and direct numbers ring somebody else from now on, as they are.
void pass_numbers(snapshot& facts, changes& out, id_of<user> from, id_of<user> to);

/// Refuses "forwarding_to_oneself": the user's calls would go to a number that is the user's own now.
[[nodiscard]] refusal rings_elsewhere(snapshot& facts, const user& successor, std::string_view path);

} // namespace linecard
