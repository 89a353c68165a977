// Which package suits somebody, and why.
#include "rules/money_world.hpp"

using namespace kit;

namespace {

recommend_package_answer advice(money_world& w, const recommend_package& asked) {
  return must(w.dir.ask(w.admin, asked));
}
const advised_package& row_of(const recommend_package_answer& all, id_of<package> id) {
  const auto found = std::ranges::find(all.packages, id, &advised_package::package_id);
  REQUIRE(found != all.packages.end());
  return *found;
}

} // namespace

ON_EVERY_STORE("S4.19 the cheapest package that covers minutes and features is recommended, with the reason") {
  money_world w(fresh_store());
  for (const auto id : {w.basic, w.plus}) REQUIRE(w.dir.run(w.at_tenant, withdraw_package{id}));
  const auto few = advice(w, {.minutes = 80});
  CHECK(few.package_id == w.small);
  CHECK(row_of(few, w.large).reason == "dearer");
  const auto many = advice(w, {.minutes = 320});
  CHECK(many.package_id == w.large);
  CHECK(row_of(many, w.small).reason == "minutes_short");
  CHECK(row_of(many, w.small).message == "Small includes 100 minutes, and 320 are needed");
  CHECK(many.message == "Large is 24.95 EUR a month by list price; 500 minutes are included, and 320 needed: the "
                        "cheapest that can be assigned "
                        "here");
  const auto video = advice(w, {.minutes = 10, .needed_features = {"video.hipaa"}});
  CHECK(video.package_id == w.large);
  CHECK(row_of(video, w.small).reason == "feature_missing");
}

ON_EVERY_STORE("S4.19 a user's numbers count, so that the dearer package can be the cheaper one") {
  money_world w(fresh_store());
  for (const auto id : {w.basic, w.plus}) REQUIRE(w.dir.run(w.at_tenant, withdraw_package{id}));
  const auto heavy = w.priced("Heavy", 1400, 0, {{"numbers.included", "3"}});
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = heavy}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = heavy, .purchased = 1}));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  CHECK(advice(w, {.user_id = ann}).package_id == w.small);
  w.numbers({"+49301"});
  w.attach(ann, "+49301");
  const auto with_number = advice(w, {.user_id = ann});
  CHECK(with_number.package_id == heavy);
  CHECK(row_of(with_number, w.small).monthly_minor == 1295 + 499);
  CHECK(row_of(with_number, w.small).reason == "dearer");
}

ON_EVERY_STORE("S4.19 what cannot be assigned is not recommended, unless the user holds it already") {
  money_world w(fresh_store(), 1);
  for (const auto id : {w.basic, w.plus}) REQUIRE(w.dir.run(w.at_tenant, withdraw_package{id}));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bob = w.adopt("Bob", "B", "bob@acme.example");
  w.give(ann, w.small);
  const auto for_bob = advice(w, {.user_id = bob});
  CHECK(for_bob.package_id == w.large);
  CHECK(row_of(for_bob, w.small).reason == "no_seat_left");
  CHECK(row_of(for_bob, w.basic).reason == "package_not_offered");
  CHECK(advice(w, {.user_id = ann}).package_id == w.small);
  for (const auto id : {w.basic, w.plus, w.large})
    static_cast<void>(must(w.dir.run(w.at_tenant, withdraw_package{id})));
  const auto full = advice(w, {.user_id = bob});
  CHECK_FALSE(full.package_id);
  CHECK(full.message.starts_with("what covers it cannot be assigned here: "));
  const auto nothing = advice(w, {.minutes = 100'000});
  CHECK_FALSE(nothing.package_id);
  CHECK(nothing.message == "no package covers these minutes and features");
  CHECK(refused_with(w.dir.ask(w.other_admin, recommend_package{.user_id = ann})).reason == "user_unknown");
}

ON_EVERY_STORE("S4.19 the recommended package is no dearer than any other that covers and can be assigned") {
  money_world w(fresh_store());
  std::mt19937_64 chance(7);
  const auto below = [&](unsigned n) { return static_cast<std::int32_t>(chance() % n); };
  for (int n = 0; n < 12; ++n) {
    const auto id = w.priced("P" + std::to_string(n), 100 * below(30), 0,
                             {{"minutes.included", below(4) ? std::to_string(below(1000)) : "unlimited"},
                              {"video.hipaa", below(2) ? "yes" : "no"}});
    if (below(4)) REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = id}));
    if (below(4)) static_cast<void>(w.dir.run(w.at_tenant, set_seat_pool{.package_id = id, .purchased = below(3)}));
  }
  for (int n = 0; n < 60; ++n) {
    recommend_package asked{.minutes = below(1200)};
    if (below(2)) asked.needed_features = {"video.hipaa"};
    const auto all = advice(w, asked);
    const auto selectable = must(w.dir.ask(w.admin, selectable_packages{})).packages;
    std::optional<std::int64_t> cheapest; // the obvious way
    for (const auto& sku : selectable) {
      if (sku.kind != package_kind::base || !sku.selectable) continue;
      const auto& row = row_of(all, sku.package_id);
      if (row.covers && (!cheapest || sku.price_minor < *cheapest)) cheapest = sku.price_minor;
    }
    REQUIRE(all.package_id.has_value() == cheapest.has_value());
    if (cheapest) CHECK(row_of(all, *all.package_id).monthly_minor == *cheapest);
  }
}

ON_EVERY_STORE("S4.19 what is advised for a user is what the statement would charge, add-ons of the user's included") {
  money_world w(fresh_store());
  const auto add_on =
      must(w.dir.run(w.operator_,
                     define_package{.name = "Lots",
                                    .kind = package_kind::add_on,
                                    .price_minor = 300,
                                    .currency = "EUR",
                                    .features = {{"numbers.included", "unlimited"}, {"minutes.included", "300"}}}))
          .created_id<package>();
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = add_on}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = add_on, .purchased = 5}));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.numbers({"+49301", "+49302"});
  w.attach(ann, "+49301"), w.attach(ann, "+49302");
  const auto prices_hold = [&] {
    for (const auto& row : advice(w, {.user_id = ann}).packages) {
      const assign_package given{ann, row.package_id};
      const request only[]{request_of(given)};
      const auto then = must(w.dir.ask_after(w.admin, only, statement_preview{})).total_minor;
      const auto numbers_before = w.line(line_kind::numbers, {}).minor;
      CHECK(row.monthly_minor == then - w.total() + numbers_before);
    }
  };
  prices_hold();
  w.give(ann, add_on);
  prices_hold();
  CHECK(advice(w, {.minutes = 400, .user_id = ann}).package_id == w.basic); // 100 and the add-on's 300
}

ON_EVERY_STORE("S4.19 packages in several currencies are compared only by the tenant's own") {
  money_world w(fresh_store());
  const auto yen = must(w.dir.run(w.operator_, define_package{.name = "Yen", .price_minor = 5, .currency = "JPY"}))
                       .created_id<package>();
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = yen}));
  CHECK(row_of(advice(w, {}), yen).reason == "currency_differs");
  REQUIRE(w.dir.run(w.other_tenant, offer_package{.package_id = yen}));
  REQUIRE(w.dir.run(w.other_tenant, set_seat_pool{.package_id = yen, .purchased = 1}));
  CHECK(must(w.dir.ask(w.other_admin, recommend_package{})).package_id == yen);
  REQUIRE(w.dir.run(w.other_tenant, offer_package{.package_id = w.small}));
  REQUIRE(w.dir.run(w.other_tenant, set_seat_pool{.package_id = w.small, .purchased = 1}));
  CHECK(refused_with(w.dir.ask(w.other_admin, recommend_package{})).reason == "subscription_missing");
}
