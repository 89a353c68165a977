// The scopes: one platform, its containers (a PBX instance, a reseller's box), their tenants (customers).
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// The root scope; one row for each directory. `key_check` recognises the host key without holding it.
struct platform {
  id_of<platform> id{};
  bytes key_check{};
  id_of<identity> operator_id{}; ///< none until bootstrap_operator has run
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(platform, (), (id, key_check, operator_id, created_at))
template <>
inline constexpr auto table<platform> = record<platform>("platforms", key<&platform::id>, secret<&platform::key_check>);

struct container {
  id_of<container> id{};
  std::string name{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(container, (), (id, name, created_at))
template <>
inline constexpr auto table<container> = record<container>("containers", key<&container::id>, unique<&container::name>,
                                                           of_container<&container::id>,
                                                           decides<&container::id, &container::id>);

/// `administrators` counts its active and invited administrators: editing it guards "a tenant always keeps one".
/// `owner_id` is the first of them; none until there is one.
struct tenant {
  id_of<tenant> id{};
  id_of<container> container_id{};
  std::string name{};
  std::int32_t administrators{};
  id_of<identity> owner_id{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(tenant, (), (id, container_id, name, administrators, owner_id, created_at))
template <>
inline constexpr auto
    table<tenant> = record<tenant>("tenants", key<&tenant::id>, unique<&tenant::container_id, &tenant::name>,
                                   platform_only<&tenant::owner_id>, of_tenant<&tenant::id>,
                                   of_container<&tenant::container_id>, decides<&tenant::id, &tenant::container_id>);

/// Something a tenant has enabled (video, fax) that a package may need. The row's presence is the enabling.
struct service {
  id_of<tenant> tenant_id{};
  std::string name{};
  instant enabled_at{};
};
BOOST_DESCRIBE_STRUCT(service, (), (tenant_id, name, enabled_at))
template <>
inline constexpr auto table<service> = record<service>("services", key<&service::tenant_id, &service::name>,
                                                       of_tenant<&service::tenant_id>);

/// What a tenant wants when people leave for a while or for good. No row: as a row that is made new.
enum class suspended_seats { keep = 1, free };
BOOST_DESCRIBE_ENUM(suspended_seats, keep, free)
struct tenant_policy {
  id_of<tenant> tenant_id{};
  linecard::suspended_seats suspended_seats{linecard::suspended_seats::keep};
  std::int32_t restore_days = 30; ///< how long a deleted user can be restored, before the personal data are erased
  std::int32_t undo_days = 7;     ///< how long a replacement can be undone
};
BOOST_DESCRIBE_STRUCT(tenant_policy, (), (tenant_id, suspended_seats, restore_days, undo_days))
template <>
inline constexpr auto table<tenant_policy> = record<tenant_policy>("tenant_policies", key<&tenant_policy::tenant_id>,
                                                                   of_tenant<&tenant_policy::tenant_id>);

} // namespace linecard
