// A user is an identity's membership of one tenant; its telephone side is in model/line.hpp.
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
                               personal<&user::first_name, &user::last_name, &user::external_ref>,
                               not_audited<&user::sort_name>, platform_only<&user::identity_id, &user::member_id>,
                               of_tenant<&user::tenant_id>, decides<&user::identity_id, &user::member_id, &user::state>,
                               rings<&user::id, &user::state, &user::external_ref>, about_person<&user::id>);

/// A deleted user who can still be restored; the row is gone once the window is over and the personal data with it.
/// `external_ref` is the one given up: it is given back where nobody has got it since.
struct departure {
  id_of<user> user_id{};
  id_of<tenant> tenant_id{};
  id_of<identity> identity_id{}; ///< the user's: its row may be the host's, and gone
  instant deleted_at{};
  instant ends_at{}; ///< from then on there is no way back
  std::optional<std::string> external_ref{};
};
BOOST_DESCRIBE_STRUCT(departure, (), (user_id, tenant_id, identity_id, deleted_at, ends_at, external_ref))
template <>
inline constexpr auto table<departure> = record<departure>(
    "departures", key<&departure::user_id>, index<&departure::ends_at>, platform_only<&departure::identity_id>,
    personal<&departure::external_ref>, about_person<&departure::user_id>,
    index<&departure::tenant_id, &departure::ends_at>, of_tenant<&departure::tenant_id>);

} // namespace linecard
