// Packages, what a tenant is offered, how many seats it bought, and who sits on them.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

enum class package_kind { base, add_on };
BOOST_DESCRIBE_ENUM(package_kind, base, add_on)
enum class package_state { available, retired };
BOOST_DESCRIBE_ENUM(package_state, available, retired)
/// Beyond the seats purchased: none; any number, charged; a few, tolerated and not charged.
enum class overage_policy { block, allow, grace };
BOOST_DESCRIBE_ENUM(overage_policy, block, allow, grace)
/// What a tenant pays for: the seats that somebody holds, or all that it purchased.
enum class seat_charging { held = 1, purchased };
BOOST_DESCRIBE_ENUM(seat_charging, held, purchased)
enum class seat_state { used, reserved };
BOOST_DESCRIBE_ENUM(seat_state, used, reserved)

/// A licence package (a SKU). `price_minor` is a seat's, `number_price_minor` that of each direct number its holder has
/// beyond the feature numbers.included; a month, in minor units of `currency` (ISO 4217).
struct package {
  id_of<package> id{};
  std::string name{};
  package_kind kind{};
  package_state state{};
  std::int64_t price_minor{};
  std::string currency{};
  instant created_at{};
  std::int64_t number_price_minor{};
};
BOOST_DESCRIBE_STRUCT(package, (), (id, name, kind, state, price_minor, currency, created_at, number_price_minor))
template <>
inline constexpr auto table<package> = record<package>("packages", key<&package::id>, unique<&package::name>);

/// One feature a package carries: "video.hipaa" = "yes", "minutes.included" = "500".
struct package_feature {
  id_of<package> package_id{};
  std::string feature{};
  std::string setting{};
};
BOOST_DESCRIBE_STRUCT(package_feature, (), (package_id, feature, setting))
template <>
inline constexpr auto table<package_feature> =
    record<package_feature>("package_features", key<&package_feature::package_id, &package_feature::feature>);

/// A package that carries a feature gives it, unless the setting says no.
[[nodiscard]] inline bool entitles(const package_feature& carried) {
  return carried.setting != "no" && carried.setting != "0" && carried.setting != "false";
}

/// A service the tenant must have enabled before the package is selectable.
struct package_service {
  id_of<package> package_id{};
  std::string service{};
};
BOOST_DESCRIBE_STRUCT(package_service, (), (package_id, service))
template <>
inline constexpr auto table<package_service> =
    record<package_service>("package_services", key<&package_service::package_id, &package_service::service>);

/// The package as available to one tenant; the row's presence is the offer.
struct offer {
  id_of<tenant> tenant_id{};
  id_of<package> package_id{};
  instant offered_at{};
};
BOOST_DESCRIBE_STRUCT(offer, (), (tenant_id, package_id, offered_at))
template <>
inline constexpr auto table<offer> = record<offer>("offers", key<&offer::tenant_id, &offer::package_id>,
                                                   of_tenant<&offer::tenant_id>);

/// The seat ledger. Invariant: used = rows of seats in state used, reserved likewise; used + reserved <= what the
/// policy allows (room_of) whenever either rises. Its version is what stops two processes from overselling. `included`
/// of the seats cost nothing; the tenant may buy more by itself until `purchase_limit` are purchased.
struct seat_pool {
  id_of<tenant> tenant_id{};
  id_of<package> package_id{};
  std::int32_t purchased{};
  std::int32_t used{};
  std::int32_t reserved{};
  overage_policy overage{};
  std::int32_t included{};
  std::int32_t purchase_limit{};
  seat_charging charging{seat_charging::held};
  std::int32_t grace_seats{};   ///< under `grace`: so many more than purchased,
  std::int32_t grace_percent{}; ///< and so many of each hundred purchased
};
BOOST_DESCRIBE_STRUCT(seat_pool, (),
                      (tenant_id, package_id, purchased, used, reserved, overage, included, purchase_limit, charging,
                       grace_seats, grace_percent))
template <>
inline constexpr auto table<seat_pool> = record<seat_pool>("seat_pools",
                                                           key<&seat_pool::tenant_id, &seat_pool::package_id>,
                                                           of_tenant<&seat_pool::tenant_id>);

/// How many more may be held; below zero when more are held than that. None: any number.
[[nodiscard]] constexpr std::optional<std::int64_t> room_of(const seat_pool& pool) {
  if (pool.overage == overage_policy::allow) return std::nullopt;
  const std::int64_t purchased = pool.purchased;
  const auto grace =
      pool.overage == overage_policy::grace ? pool.grace_seats + purchased * pool.grace_percent / 100 : 0;
  return purchased + grace - pool.used - pool.reserved;
}

/// One holder. `slot` is none for the base package, of which the key allows one, and the package's id for an add-on.
/// Unassigned is the absence of a base seat. An invited user's seat is reserved.
struct seat {
  id_of<user> user_id{};
  any_id slot{};
  id_of<tenant> tenant_id{};
  id_of<package> package_id{};
  seat_state state{};
  instant since{};
  bool by_rule{}; ///< an assignment rule gave it: one that changes may take it again
};
BOOST_DESCRIBE_STRUCT(seat, (), (user_id, slot, tenant_id, package_id, state, since, by_rule))
template <>
inline constexpr auto
    table<seat> = record<seat>("seats", key<&seat::user_id, &seat::slot>, index<&seat::tenant_id, &seat::package_id>,
                               of_tenant<&seat::tenant_id>, rings<&seat::user_id, &seat::package_id, &seat::state>);

inline constexpr any_id base_slot{};

} // namespace linecard
