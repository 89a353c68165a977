// Which package suits somebody: the cheapest that covers the minutes used and the features needed, and why (S4.19).
#pragma once

#include <linecard/rules/charging.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// `covers`: minutes and features are in it. `reason`: empty for the recommended one; "dearer" for another that covers;
/// "minutes_short", "feature_missing", "currency_differs", or a slug of unavailable() (rules/seats.hpp).
/// `monthly_minor` is a seat's price and that of the user's numbers beyond those included.
struct advised_package {
  id_of<package> package_id{};
  std::string name{};
  bool covers{};
  std::int64_t monthly_minor{};
  std::string currency{};
  std::string reason{};
  std::string message{};
};
BOOST_DESCRIBE_STRUCT(advised_package, (), (package_id, name, covers, monthly_minor, currency, reason, message))

/// `package_id` is the recommended one; none when no package covers and can be assigned. Packages that cover come
/// first, each half the cheapest first.
struct recommend_package_answer {
  std::optional<id_of<package>> package_id{};
  std::string message{};
  std::vector<advised_package> packages{};
};
BOOST_DESCRIBE_STRUCT(recommend_package_answer, (), (package_id, message, packages))

/// Base packages only, by their list prices. With a user, its direct numbers and add-ons count, and the package it
/// holds needs no free seat. Refuses "user_unknown", "subscription_missing" (it could be packages of several
/// currencies). Since 0.1.
struct recommend_package {
  std::int32_t minutes{}; ///< a month
  std::vector<std::string> needed_features{};
  std::optional<id_of<user>> user_id{};
  using answer = recommend_package_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "The cheapest package that covers the minutes and features somebody needs, and why the others are not it.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(recommend_package, (), (minutes, needed_features, user_id))

} // namespace linecard
