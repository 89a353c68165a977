// A company with terms: Basic includes no number, Plus includes one, Fax is an add-on.
#pragma once

#include "kit.hpp"

#include <linecard/text/time.hpp>

#include <algorithm>
#include <random>

namespace kit {

struct money_world : world {
  id_of<package> small{}, large{};

  explicit money_world(std::unique_ptr<store> on = memory_store(), std::int32_t seats = 10)
      : world(std::move(on), seats) {
    clock->at = instant_of("2026-11-22T12:00:00Z");
    small = priced("Small", 1295, 499, {{"minutes.included", "100"}});
    large =
        priced("Large", 2495, 299, {{"minutes.included", "500"}, {"numbers.included", "1"}, {"video.hipaa", "yes"}});
    for (const auto id : {small, large}) {
      static_cast<void>(must(dir.run(at_tenant, offer_package{.package_id = id})));
      static_cast<void>(must(dir.run(at_tenant, set_seat_pool{.package_id = id, .purchased = seats})));
    }
    static_cast<void>(must(dir.run(at_tenant, set_subscription{.currency = "EUR",
                                                               .statement_day = 1,
                                                               .time_zone = "Europe/Berlin",
                                                               .number_price_minor = 100})));
  }
  static instant instant_of(std::string_view text) { return {text::parse_rfc3339(text).value()}; }
  id_of<package> priced(std::string name, std::int64_t price, std::int64_t number_price,
                        std::vector<feature_setting> features) {
    return must(dir.run(operator_, define_package{.name = std::move(name),
                                                  .price_minor = price,
                                                  .currency = "EUR",
                                                  .features = std::move(features),
                                                  .number_price_minor = number_price}))
        .created_id<package>();
  }
  receipt give(id_of<user> who, id_of<package> what) { return must(dir.run(admin, assign_package{who, what})); }
  void numbers(std::vector<std::string> all) {
    static_cast<void>(must(dir.run(at_tenant, add_dids{.direct_numbers = std::move(all)})));
  }
  receipt attach(id_of<user> who, std::string number) {
    return must(dir.run(admin, attach_did{.direct_number = std::move(number), .user_id = who}));
  }
  statement_preview_answer statement() { return must(dir.ask(admin, statement_preview{})); }
  std::int64_t total() { return statement().total_minor; }
  /// The line about a package's seats or numbers, or about all other numbers.
  statement_line line(line_kind kind, std::optional<id_of<package>> of) {
    for (const auto& one : statement().lines)
      if (one.kind == kind && one.package_id == of) return one;
    return {};
  }
};

/// What a receipt says the next statement is more by; all in one currency.
inline std::int64_t difference(const receipt& r) {
  REQUIRE(r.price_differences.size() <= 1);
  return r.price_differences.empty() ? 0 : r.price_differences.front().minor;
}

} // namespace kit
