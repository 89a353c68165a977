// Packages that follow the team role, where a tenant has said so, and what became of it for each user.
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>

namespace linecard {

/// Every team member with this team role gets this base package, unless somebody has assigned another by hand.
struct assignment_rule {
  id_of<tenant> tenant_id{};
  std::string team_role{};
  id_of<package> package_id{};
  instant made_at{};
};
BOOST_DESCRIBE_STRUCT(assignment_rule, (), (tenant_id, team_role, package_id, made_at))
template <>
inline constexpr auto
    table<assignment_rule> = record<assignment_rule>("assignment_rules",
                                                     key<&assignment_rule::tenant_id, &assignment_rule::team_role>,
                                                     of_tenant<&assignment_rule::tenant_id>);

/// assigned: the rule gave the package, or found it held. conflict: somebody's own assignment stands, and wins.
/// failed: the package could not be given; it can be tried again.
enum class assignment_state { assigned = 1, conflict, failed };
BOOST_DESCRIBE_ENUM(assignment_state, assigned, conflict, failed)

/// What became of the rule for one user. `reason` is the slug of what stood in the way, empty where nothing did.
struct assignment {
  id_of<user> user_id{};
  id_of<tenant> tenant_id{};
  std::string team_role{};
  id_of<package> package_id{};
  assignment_state state{assignment_state::assigned};
  std::string reason{};
  instant tried_at{};
};
BOOST_DESCRIBE_STRUCT(assignment, (), (user_id, tenant_id, team_role, package_id, state, reason, tried_at))
template <>
inline constexpr auto
    table<assignment> = record<assignment>("assignments", key<&assignment::user_id>,
                                           index<&assignment::tenant_id, &assignment::state, &assignment::user_id>,
                                           of_tenant<&assignment::tenant_id>);

} // namespace linecard
