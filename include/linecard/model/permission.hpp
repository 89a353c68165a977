// What may be done, by name and by number: the library's permissions, those a host registers, and the flags that are
// the second key to some of them.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

#include <array>
#include <bit>
#include <initializer_list>
#include <optional>

namespace linecard {

/// What a command or query demands. `nobody` is held by the system actor alone; `anybody` by every actor, visitors
/// included: what they bring (a token, a password) decides. Numbers are frozen, and names with them; those a host
/// registers follow from `first_host_permission` on.
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
  identity_manage,
  owner_replace,
  role_manage,
  grant_manage,
  authority_view,
  permission_register,
  notice_publish,
  delegate_manage,
  // What linecard decides and the host performs.
  ucp_box_manage,
  answering_service_manage,
  advanced_panel_view,
  api_key_view,
  company_configure,
  number_configure,
  billing_manage,
  control_panel_use,
  e911_manage,
  international_manage,
  number_provision, ///< puts direct numbers into a tenant's inventory
  attribute_declare,
  activity_report, ///< tells when users were last active
  anybody = 63,
};
inline constexpr std::array<std::string_view, 32> permission_names{"nobody",
                                                                   "container.manage",
                                                                   "tenant.manage",
                                                                   "package.manage",
                                                                   "service.manage",
                                                                   "offer.manage",
                                                                   "seat_pool.manage",
                                                                   "user.manage",
                                                                   "license.view",
                                                                   "license.assign",
                                                                   "audit.view",
                                                                   "identity.manage",
                                                                   "owner.replace",
                                                                   "role.manage",
                                                                   "grant.manage",
                                                                   "authority.view",
                                                                   "permission.register",
                                                                   "notice.publish",
                                                                   "delegate.manage",
                                                                   "ucp_box.manage",
                                                                   "answering_service.manage",
                                                                   "advanced_panel.view",
                                                                   "api_key.view",
                                                                   "company.configure",
                                                                   "number.configure",
                                                                   "billing.manage",
                                                                   "control_panel.use",
                                                                   "e911.manage",
                                                                   "international.manage",
                                                                   "number.provision",
                                                                   "attribute.declare",
                                                                   "activity.report"};

inline constexpr std::size_t most_permissions = 256;
inline constexpr std::uint8_t first_host_permission = 64; ///< 192 numbers are the host's

/// A set of permissions, one bit each; the empty set allows nothing.
struct permission_set {
  std::array<std::uint64_t, most_permissions / 64> words{};

  constexpr permission_set() = default;
  constexpr permission_set(std::initializer_list<permission> each) {
    for (const auto p : each) add(p);
  }
  constexpr void add(permission p) { words[number(p) / 64] |= std::uint64_t{1} << number(p) % 64; }
  constexpr void remove(permission p) { words[number(p) / 64] &= ~(std::uint64_t{1} << number(p) % 64); }
  [[nodiscard]] constexpr bool has(permission p) const { return (words[number(p) / 64] >> number(p) % 64 & 1u) != 0; }
  [[nodiscard]] constexpr bool empty() const { return words == permission_set{}.words; }
  [[nodiscard]] constexpr bool covers(const permission_set& other) const { return (other - *this).empty(); }
  /// The lowest of the set; `nobody` when it is empty.
  [[nodiscard]] constexpr permission first() const {
    for (std::size_t w = 0; w < words.size(); ++w)
      if (words[w] != 0) return static_cast<permission>(w * 64 + static_cast<std::size_t>(std::countr_zero(words[w])));
    return permission::nobody;
  }

  friend constexpr bool operator==(const permission_set&, const permission_set&) = default;
  friend constexpr permission_set operator|(permission_set a, const permission_set& b) {
    for (std::size_t w = 0; w < a.words.size(); ++w) a.words[w] |= b.words[w];
    return a;
  }
  friend constexpr permission_set operator&(permission_set a, const permission_set& b) {
    for (std::size_t w = 0; w < a.words.size(); ++w) a.words[w] &= b.words[w];
    return a;
  }
  friend constexpr permission_set operator-(permission_set a, const permission_set& b) {
    for (std::size_t w = 0; w < a.words.size(); ++w) a.words[w] &= ~b.words[w];
    return a;
  }

private:
  static constexpr std::size_t number(permission p) { return static_cast<std::size_t>(p); }
};

/// A second key: a role may hold some permissions *restricted*, and then they count only for who holds the flag too.
/// Nobody is given one by leaving it out.
enum class flag { manage_users = 1, manage_e911, manage_international };
BOOST_DESCRIBE_ENUM(flag, manage_users, manage_e911, manage_international)
inline constexpr std::array every_flag{flag::manage_users, flag::manage_e911, flag::manage_international};

[[nodiscard]] constexpr permission guarded_by(flag f) {
  constexpr std::array guarded{permission::user_manage, permission::e911_manage, permission::international_manage};
  const auto at = static_cast<std::size_t>(f) - 1;
  return at < guarded.size() ? guarded[at] : permission::nobody;
}
/// The flag that unlocks it where it is held restricted; none when nothing guards it.
[[nodiscard]] constexpr std::optional<flag> guard_of(permission p) {
  for (const auto f : every_flag)
    if (guarded_by(f) == p) return f;
  return std::nullopt;
}
/// The permissions that a role may hold restricted.
inline constexpr permission_set restrictable{permission::user_manage, permission::e911_manage,
                                             permission::international_manage};

/// A permission of the host's own: linecard decides it, the host performs it. The number is its bit, and is never
/// used again for another name.
struct host_permission {
  std::string name{};
  std::int32_t number{};
  std::string about{};
};
BOOST_DESCRIBE_STRUCT(host_permission, (), (name, number, about))
template <>
inline constexpr auto table<host_permission> = record<host_permission>("permissions", key<&host_permission::name>,
                                                                       unique<&host_permission::number>);

/// The name of one of the library's own; empty for a host's.
[[nodiscard]] constexpr std::string_view name_of(permission p) {
  if (p == permission::anybody) return "anybody";
  const auto number = static_cast<std::size_t>(p);
  return number < permission_names.size() ? permission_names[number] : std::string_view{};
}
/// `nobody` when the library has none of this name.
[[nodiscard]] constexpr permission built_in_permission(std::string_view name) {
  for (std::size_t n = 1; n < permission_names.size(); ++n)
    if (permission_names[n] == name) return static_cast<permission>(n);
  return permission::nobody;
}

} // namespace linecard
