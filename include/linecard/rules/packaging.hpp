// What can be licensed: packages of the platform, offers and seat pools of a tenant.
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

struct feature_setting {
  std::string feature{};
  std::string setting{};
};
BOOST_DESCRIBE_STRUCT(feature_setting, (), (feature, setting))

/// Features numbers.included and minutes.included are counts: digits, or "unlimited". `number_price_minor` is what a
/// holder's direct number costs beyond those included. Refuses "name_taken", "feature_repeated", "service_repeated",
/// "setting_invalid", "too_many_features" (255 different ones in all packages, so that a call is answered in a fixed
/// size). Since 0.1.
struct define_package {
  std::string name{};
  package_kind kind{};
  std::int64_t price_minor{};
  std::string currency{};
  std::vector<feature_setting> features{};
  std::vector<std::string> services{};
  std::int64_t number_price_minor{};
  static constexpr auto needs = permission::package_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Defines a licence package: price, features with values, services it needs.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(define_package, (), (name, kind, price_minor, currency, features, services, number_price_minor))

/// Under this id; for import_tenant too. Refuses as define_package does.
[[nodiscard]] refusal place_package(snapshot& facts, changes& out, id_of<package> id, const define_package& wanted,
                                    instant now);

/// Retired already changes nothing. Refuses "package_unknown". Since 0.1.
struct retire_package {
  id_of<package> package_id{};
  static constexpr auto needs = permission::package_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Retires a package: nobody new gets it, who holds it keeps it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(retire_package, (), (package_id))

/// Offered already changes nothing. Refuses "package_unknown", "package_retired". Since 0.1.
struct offer_package {
  id_of<package> package_id{};
  static constexpr auto needs = permission::offer_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Makes a package available to the tenant.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(offer_package, (), (package_id))

/// Not offered changes nothing. Since 0.1.
struct withdraw_package {
  id_of<package> package_id{};
  static constexpr auto needs = permission::offer_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Ends an offer: nobody new gets the package, who holds it keeps it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(withdraw_package, (), (package_id))

/// Members left out stay as they are; a new pool needs `purchased`, its policy is `block`, what is charged is `held`,
/// and the rest is 0. `expected_purchased` guards against undoing what somebody bought meanwhile ("purchased_differs").
/// Under `grace` so many more seats as grace_seats and grace_percent say can be held, and are not charged. Refuses
/// "package_unknown", "package_not_offered", "purchased_missing", "currency_differs" (from the tenant's subscription),
/// and "below_use" when
/// more is used and reserved than would be allowed: nothing is lost silently (I5), shrink_plan says who would lose a
/// seat. Since 0.1.
struct set_seat_pool {
  id_of<package> package_id{};
  std::optional<std::int32_t> purchased{};
  std::optional<overage_policy> overage{};
  std::optional<std::int32_t> included{};
  std::optional<std::int32_t> purchase_limit{};
  std::optional<seat_charging> charging{};
  std::optional<std::int32_t> grace_seats{};
  std::optional<std::int32_t> grace_percent{};
  std::optional<std::int32_t> expected_purchased{};
  static constexpr auto needs = permission::seat_pool_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Sets how many seats of a package the tenant purchased, what happens beyond, and what is charged.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_seat_pool, (),
                      (package_id, purchased, overage, included, purchase_limit, charging, grace_seats, grace_percent,
                       expected_purchased))

/// Refuses "purchased_differs": more or fewer are purchased than whoever asks had seen.
[[nodiscard]] refusal purchased_differs(std::int64_t expected, std::int64_t purchased, const package& sku);

} // namespace linecard
