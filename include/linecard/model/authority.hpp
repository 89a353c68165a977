// Scopes, roles, grants and flags: the nouns of "who may do what, where".
#pragma once

#include <linecard/model/permission.hpp>

namespace linecard {

/// Where an actor acts: a platform, one container, or one tenant, with the scopes above it.
struct scope {
  id_of<platform> platform_id{};
  id_of<container> container_id{};
  id_of<tenant> tenant_id{};

  [[nodiscard]] any_id id() const {
    return tenant_id ? any_id{tenant_id} : container_id ? any_id{container_id} : any_id{platform_id};
  }
  /// True when `other` is this scope or one above it.
  [[nodiscard]] bool within(any_id other) const {
    return other && (other == any_id{tenant_id} || other == any_id{container_id} || other == any_id{platform_id});
  }
  /// This scope and those above it, nearest first; none where there is none.
  [[nodiscard]] std::array<any_id, 3> upwards() const {
    return {any_id{tenant_id}, any_id{container_id}, any_id{platform_id}};
  }
  friend bool operator==(const scope&, const scope&) = default;
};

/// The level a command or query acts at.
enum class scope_level { platform, container, tenant, any };
BOOST_DESCRIBE_ENUM(scope_level, platform, container, tenant, any)

[[nodiscard]] inline scope_level level_of(const scope& s) {
  return s.tenant_id ? scope_level::tenant : s.container_id ? scope_level::container : scope_level::platform;
}

/// What a role gives: plainly, and only with the permission's flag.
struct role_powers {
  permission_set plain{};
  permission_set restricted{};
  friend bool operator==(const role_powers&, const role_powers&) = default;
};

/// A named set of permissions of a container or tenant; the built-in ones (rules/roles.hpp) have no row.
struct role {
  id_of<role> id{};
  any_id scope_id{}; ///< where it was made, and at or below which it can be granted
  std::string name{};
  std::int32_t grants{}; ///< how many grants name it; editing it guards "a role in use stays"
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(role, (), (id, scope_id, name, grants, created_at))
template <>
inline constexpr auto table<role> = record<role>("roles", key<&role::id>, unique<&role::scope_id, &role::name>);

/// Restricted: it counts only for who holds the permission's flag as well.
struct role_permission {
  id_of<role> role_id{};
  std::string permission{};
  bool restricted{};
};
BOOST_DESCRIBE_STRUCT(role_permission, (), (role_id, permission, restricted))
template <>
inline constexpr auto
    table<role_permission> = record<role_permission>("role_permissions",
                                                     key<&role_permission::role_id, &role_permission::permission>,
                                                     decides<&role_permission::role_id>);

/// A role at a scope for an identity, from `starts_at` on and until `ends_at`, both tested at use. `holder_id` is whom
/// the scope knows: in a tenant the user or delegate, elsewhere the identity.
struct grant {
  id_of<grant> id{};
  id_of<identity> identity_id{};
  any_id holder_id{};
  any_id scope_id{};
  id_of<role> role_id{};
  std::optional<instant> starts_at{};
  std::optional<instant> ends_at{};
  instant granted_at{};
};
BOOST_DESCRIBE_STRUCT(grant, (), (id, identity_id, holder_id, scope_id, role_id, starts_at, ends_at, granted_at))
template <>
inline constexpr auto table<grant> = record<grant>("grants", key<&grant::id>,
                                                   unique<&grant::identity_id, &grant::scope_id, &grant::role_id>,
                                                   index<&grant::scope_id>, platform_only<&grant::identity_id>,
                                                   decides<&grant::identity_id>);

/// A flag of an identity, good at this scope and below it.
struct held_flag {
  id_of<held_flag> id{};
  id_of<identity> identity_id{};
  any_id holder_id{};
  any_id scope_id{};
  linecard::flag flag{};
  instant given_at{};
};
BOOST_DESCRIBE_STRUCT(held_flag, (), (id, identity_id, holder_id, scope_id, flag, given_at))
template <>
inline constexpr auto
    table<held_flag> = record<held_flag>("flags", key<&held_flag::id>,
                                         unique<&held_flag::identity_id, &held_flag::scope_id, &held_flag::flag>,
                                         platform_only<&held_flag::identity_id>, decides<&held_flag::identity_id>);

/// How often authority has changed: one row, edited by every transaction that changes any, so that a reader who finds
/// it as it was has missed none of them, whatever order they committed in.
struct authority_epoch {
  id_of<platform> platform_id{};
  std::int64_t seq{}; ///< of the newest authority_change; 0: none yet
};
BOOST_DESCRIBE_STRUCT(authority_epoch, (), (platform_id, seq))
template <>
inline constexpr auto table<authority_epoch> = record<authority_epoch>("authority_epochs",
                                                                       key<&authority_epoch::platform_id>, unchained,
                                                                       outside_state);

/// Whose authority changed: a ring of the newest ones, change `seq` at place seq % authority_changes_kept. The subject
/// is an identity, a role, or a scope (it was made, or its access notice changed); none: anybody's may have changed.
struct authority_change {
  std::int64_t place{};
  std::int64_t seq{};
  any_id subject_id{};
};
BOOST_DESCRIBE_STRUCT(authority_change, (), (place, seq, subject_id))
template <>
inline constexpr auto table<authority_change> = record<authority_change>("authority_changes",
                                                                         key<&authority_change::place>, unchained,
                                                                         outside_state);
inline constexpr std::int64_t authority_changes_kept = 4096;

/// Who acts, where. Made by the directory only; rules read it from their ingredients.
struct acting {
  id_of<identity> identity_id{}; ///< none for the system actor
  scope in{};
  std::int64_t session_epoch{}; ///< of the identity when the actor was opened
  bool system{};
  bool visitor{};              ///< has not signed in: `identity_id` is then whom a token speaks of, and proves nothing
  id_of<session> session_id{}; ///< none for an actor that the host vouches for
};

} // namespace linecard
