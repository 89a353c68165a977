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
  CHECK(many.message ==
        "Large costs 24.95 EUR a month; 500 minutes are included, and 320 needed: the cheapest that can be assigned "
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
  const auto nothing = advice(w, {.minutes = 100'000});
  CHECK_FALSE(nothing.package_id);
  CHECK(nothing.message == "no package that can be assigned here covers it");
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
