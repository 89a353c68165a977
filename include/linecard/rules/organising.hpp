// The scopes come into being: the first operator, containers, tenants, and what a tenant has enabled.
#pragma once

#include <linecard/model/organisation.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Runs once, as system. Refuses "already_bootstrapped". Since 0.1.
struct bootstrap_operator {
  std::string email{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Makes the first operator; once for each directory, by the host that created it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(bootstrap_operator, (), (email))

/// Written by open, given a new host key and the present one among the older ones. Since 0.1.
struct rotate_host_key {
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Makes a new host key the directory's; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(rotate_host_key, (), ())

/// Refuses "name_taken". Since 0.1.
struct create_container {
  std::string name{};
  static constexpr auto needs = permission::container_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Adds a container (one PBX instance or reseller box) to the platform.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(create_container, (), (name))

/// Refuses "name_taken" (within the container). Since 0.1.
struct create_tenant {
  std::string name{};
  static constexpr auto needs = permission::tenant_manage;
  static constexpr auto acts_in = scope_level::container;
  static constexpr std::string_view about = "Adds a tenant (a customer organisation) to the container acted in.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(create_tenant, (), (name))

/// Enabled already changes nothing. Since 0.1.
struct enable_service {
  std::string service{};
  static constexpr auto needs = permission::service_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Enables a service (video, fax...) that packages may need.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(enable_service, (), (service))

/// Not enabled changes nothing. Seats already given stay; new ones of packages that need it are refused. Since 0.1.
struct disable_service {
  std::string service{};
  static constexpr auto needs = permission::service_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Disables a service; packages that need it are no longer selectable.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(disable_service, (), (service))

} // namespace linecard
