// What a tenant agreed to pay, the seats it buys by itself, and the statement that follows.
#pragma once

#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/charging.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Members left out stay as they are; the first time currency, statement_day and time_zone are needed. The currency is
/// that of every package the tenant has a pool of. Refuses "currency_missing", "statement_day_missing",
/// "time_zone_missing", "currency_differs". Since 0.1.
struct set_subscription {
  std::optional<std::string> currency{};
  std::optional<std::int32_t> statement_day{};
  std::optional<std::string> time_zone{};
  std::optional<std::int64_t> number_price_minor{};
  static constexpr auto needs = permission::seat_pool_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Sets the tenant's currency, the local day of its statement, and what a number costs that no package prices.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_subscription, (), (currency, statement_day, time_zone, number_price_minor))

/// So many more than are purchased now. Taking payment is the host's. Whoever repeats it after an answer was lost says
/// how many were purchased before, so that nothing is bought twice. Refuses "package_unknown", "package_not_offered",
/// "package_retired", "service_not_enabled", "purchase_limit" (the operator or container raises it by set_seat_pool),
/// "purchased_differs" (another number than expected_purchased). Since 0.1.
struct buy_seats {
  id_of<package> package_id{};
  std::int32_t seats{not_given};
  std::optional<std::int32_t> expected_purchased{};
  static constexpr auto needs = permission::billing_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Buys seats of a package, up to the limit the operator set.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(buy_seats, (), (package_id, seats, expected_purchased))

/// The month that begins at the next statement, as it would be charged if nothing changed until then. Dates are the
/// tenant's own (ISO 8601). `total_minor` is the sum of the lines.
struct statement_preview_answer {
  std::string currency{};
  instant statement_at{};
  std::string period_first{};
  std::string period_last{};
  std::vector<statement_line> lines{};
  std::int64_t total_minor{};
  std::string message{};
};
BOOST_DESCRIBE_STRUCT(statement_preview_answer, (),
                      (currency, statement_at, period_first, period_last, lines, total_minor, message))

/// Refuses "subscription_missing" and "time_zone_unavailable" (this machine has no rules for it: install its time-zone
/// data). Reads each of the tenant's pools, numbers and seats once. Since 0.1.
struct statement_preview {
  using answer = statement_preview_answer;
  static constexpr auto needs = permission::billing_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "The tenant's next statement, line by line; asked after commands, the statement they would lead to.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(statement_preview, (), ())

/// Refuses "subscription_missing".
struct subscription_answer {
  std::string currency{};
  std::int32_t statement_day{};
  std::string time_zone{};
  std::int64_t number_price_minor{};
  instant agreed_at{};
};
BOOST_DESCRIBE_STRUCT(subscription_answer, (), (currency, statement_day, time_zone, number_price_minor, agreed_at))

struct subscription_in_force {
  using answer = subscription_answer;
  static constexpr auto needs = permission::billing_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "What the tenant agreed to, as set_subscription said.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(subscription_in_force, (), ())

} // namespace linecard
