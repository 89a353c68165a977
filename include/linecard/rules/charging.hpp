// What is charged, said once: statements, the price difference in every receipt and what a reclaimed seat saves are all
// counted here. Money is whole minor units; nothing is prorated: a month is charged as things stand when it begins.
#pragma once

#include <linecard/model/billing.hpp>
#include <linecard/model/package.hpp>
#include <linecard/snapshot.hpp>

#include <map>

namespace linecard {

/// Features whose setting is a count: digits, or "unlimited". Since 0.1.
inline constexpr std::string_view numbers_included = "numbers.included";
inline constexpr std::string_view minutes_included = "minutes.included";
inline constexpr std::int64_t without_limit = INT64_MAX;
/// What such a feature gives; 0 for a setting that is no count.
[[nodiscard]] std::int64_t counted(std::string_view setting);
[[nodiscard]] bool is_a_count(std::string_view setting);

/// Of seats held, or of seats purchased, as the pool says, those beyond the included ones. Seats beyond the purchased
/// ones are charged where the policy is `allow`, and tolerated where it is `grace`.
[[nodiscard]] std::int64_t charged_seats(const seat_pool&);

enum class line_kind { seats = 1, numbers };
BOOST_DESCRIBE_ENUM(line_kind, seats, numbers)

/// `minor` = `quantity` * `price_minor`, a month. `held` are seats used or reserved, or numbers; `included` is how many
/// of what would be charged cost nothing. Numbers of a package are direct numbers of its holders; of no package, all
/// others.
struct statement_line {
  line_kind kind{};
  std::optional<id_of<package>> package_id{};
  std::string text{}; ///< for a person: "Basic seats (170 held, 5 included)"
  std::int64_t purchased{};
  std::int64_t held{};
  std::int64_t unused{};
  std::int64_t included{};
  std::int64_t quantity{}; ///< charged
  std::int64_t price_minor{};
  std::int64_t minor{};
  std::string currency{};
  std::string price{};  ///< `price_minor` for a person: "12.95 USD"
  std::string amount{}; ///< `minor` likewise
};
BOOST_DESCRIBE_STRUCT(statement_line, (),
                      (kind, package_id, text, purchased, held, unused, included, quantity, price_minor, minor,
                       currency, price, amount))

/// Everything of a tenant's that costs something, or as much of it as is to be compared.
struct holdings {
  struct person {
    std::vector<id_of<package>> packages{};
    std::optional<id_of<package>> base{};
    std::int64_t numbers{};
  };
  std::vector<seat_pool> pools{};
  std::map<id_of<user>, person> people{}; ///< who has a direct number
  std::int64_t other_numbers{};           ///< in the inventory and nobody's
  std::optional<subscription> terms{};

  void add(const seat&); ///< after the numbers: the seats of who has none cost what their pool says
};

/// How many of the person's numbers are beyond those that the packages include.
[[nodiscard]] std::int64_t charged_numbers(snapshot& facts, const holdings::person& who);

/// The lines, packages by name: base packages, add-ons, their holders' numbers, all other numbers. What is neither
/// purchased nor held has none.
[[nodiscard]] std::vector<statement_line> lines_of(snapshot& facts, const holdings& all);

/// The sum for each currency: one, but for a tenant without a subscription.
[[nodiscard]] std::map<std::string, std::int64_t> totals_of(const std::vector<statement_line>& lines);

/// All of a tenant's: its pools, numbers and seats are read once each.
[[nodiscard]] holdings everything_held(snapshot& facts, id_of<tenant> where);

} // namespace linecard
