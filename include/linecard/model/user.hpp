// A user is an identity's membership of one tenant; the team member is its telephone side.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

enum class user_state { invited, active, suspended, deleted };
BOOST_DESCRIBE_ENUM(user_state, invited, active, suspended, deleted)

/// `member_id` is the identity as long as the user is not deleted: at most one user for each identity and tenant, and
/// who was deleted may come anew, as somebody new. `returns_to` is the state a suspended user had. `language` is the
/// tenant's choice for this user's mail (BCP 47); `sort_name` is folded last name, then first name (text/fold.hpp);
/// `external_ref` is the host's own id.
struct user {
  id_of<user> id{};
  id_of<tenant> tenant_id{};
  id_of<identity> identity_id{};
  std::optional<id_of<identity>> member_id{};
  user_state state{};
  std::string first_name{};
  std::string last_name{};
  std::string sort_name{};
  std::string language{};
  std::optional<std::string> external_ref{};
  std::optional<user_state> returns_to{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(user, (),
                      (id, tenant_id, identity_id, member_id, state, first_name, last_name, sort_name, language,
                       external_ref, returns_to, created_at))
template <>
inline constexpr auto
    table<user> = record<user>("users", key<&user::id>, unique<&user::member_id, &user::tenant_id>,
                               unique<&user::tenant_id, &user::external_ref>, index<&user::tenant_id, &user::sort_name>,
                               personal<&user::first_name, &user::last_name>, not_audited<&user::sort_name>,
                               platform_only<&user::identity_id, &user::member_id>, of_tenant<&user::tenant_id>,
                               decides<&user::identity_id, &user::member_id, &user::state>);

/// Exists from acceptance on. `team_role` is the PBX's word ("agent", "supervisor"), unrelated to package and grant.
struct team_member {
  id_of<user> user_id{};
  id_of<tenant> tenant_id{};
  std::string team_role{};
  std::optional<std::string> forwarding_number{}; ///< E.164
};
BOOST_DESCRIBE_STRUCT(team_member, (), (user_id, tenant_id, team_role, forwarding_number))
template <>
inline constexpr auto table<team_member> = record<team_member>("team_members", key<&team_member::user_id>,
                                                               personal<&team_member::forwarding_number>,
                                                               of_tenant<&team_member::tenant_id>);

/// An internal number; unique by tenant, never a caller id.
struct extension {
  id_of<tenant> tenant_id{};
  std::string number{};
  id_of<user> user_id{};
};
BOOST_DESCRIBE_STRUCT(extension, (), (tenant_id, number, user_id))
template <>
inline constexpr auto table<extension> = record<extension>("extensions", key<&extension::tenant_id, &extension::number>,
                                                           index<&extension::user_id>,
                                                           of_tenant<&extension::tenant_id>);

/// A telephone or soft client as the host describes it; linecard keeps `description` and never reads it.
struct device {
  id_of<user> user_id{};
  std::string name{};
  id_of<tenant> tenant_id{};
  std::string description{};
};
BOOST_DESCRIBE_STRUCT(device, (), (user_id, name, tenant_id, description))
template <>
inline constexpr auto table<device> = record<device>("devices", key<&device::user_id, &device::name>,
                                                     personal<&device::description>, of_tenant<&device::tenant_id>);

} // namespace linecard
