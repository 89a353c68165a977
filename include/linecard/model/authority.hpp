// Scopes, permissions, roles and grants: the nouns of "who may do what, where".
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

#include <array>

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
  friend bool operator==(const scope&, const scope&) = default;
};

/// The level a command or query acts at.
enum class scope_level { platform, container, tenant, any };
BOOST_DESCRIBE_ENUM(scope_level, platform, container, tenant, any)

[[nodiscard]] inline scope_level level_of(const scope& s) {
  return s.tenant_id ? scope_level::tenant : s.container_id ? scope_level::container : scope_level::platform;
}

/// What a command or query demands. `nobody` is held by the system actor alone.
enum class permission : std::uint8_t {
  nobody,
  container_manage,
  tenant_manage,
  package_manage,
  service_manage,
  offer_manage,
  seat_pool_manage,
  user_manage,
  license_view,
  license_assign,
  audit_view,
};
inline constexpr std::array<std::string_view, 11> permission_names{
    "nobody",           "container.manage", "tenant.manage", "package.manage", "service.manage", "offer.manage",
    "seat_pool.manage", "user.manage",      "license.view",  "license.assign", "audit.view"};

[[nodiscard]] constexpr std::string_view name_of(permission p) { return permission_names[static_cast<std::size_t>(p)]; }

/// A set of permissions, one bit each; the empty set allows nothing.
struct permission_set {
  std::uint64_t bits{};
  [[nodiscard]] constexpr bool has(permission p) const { return (bits >> static_cast<unsigned>(p) & 1u) != 0; }
  [[nodiscard]] constexpr bool covers(permission_set other) const { return (other.bits & ~bits) == 0; }
  friend constexpr permission_set operator|(permission_set a, permission_set b) { return {a.bits | b.bits}; }
};
template <class... P> [[nodiscard]] constexpr permission_set permissions(P... each) {
  return {(std::uint64_t{0} | ... | (std::uint64_t{1} << static_cast<unsigned>(each)))};
}

enum class built_in_role { operator_, administrator, member };
BOOST_DESCRIBE_ENUM(built_in_role, operator_, administrator, member)

[[nodiscard]] constexpr permission_set permissions_of(built_in_role role) {
  using enum permission;
  constexpr auto administrator = permissions(user_manage, license_view, license_assign, audit_view);
  switch (role) {
  case built_in_role::operator_:
    return administrator |
           permissions(container_manage, tenant_manage, package_manage, service_manage, offer_manage, seat_pool_manage);
  case built_in_role::administrator:
    return administrator;
  case built_in_role::member:
    return {};
  }
  return {};
}

/// A role at a scope for an identity.
struct grant {
  id_of<grant> id{};
  id_of<identity> identity_id{};
  any_id scope_id{};
  built_in_role role{};
  instant granted_at{};
};
BOOST_DESCRIBE_STRUCT(grant, (), (id, identity_id, scope_id, role, granted_at))
template <>
inline constexpr auto table<grant> = record<grant>("grants", key<&grant::id>,
                                                   unique<&grant::identity_id, &grant::scope_id, &grant::role>,
                                                   platform_only<&grant::identity_id>);

/// Who acts, where. Made by the directory only; rules read it from their ingredients.
struct acting {
  id_of<identity> identity_id{}; ///< none for the system actor
  scope in{};
  std::int64_t session_epoch{}; ///< of the identity when the actor was opened
  bool system{};
};

} // namespace linecard
