// What is charged: seats held or purchased beyond the included ones, numbers beyond those a package includes; and that
// a receipt's price difference is what the statement moves by.
#include "rules/money_world.hpp"

using namespace kit;

namespace {

seat_pool pool_of(std::int32_t purchased, std::int32_t held, std::int32_t included, overage_policy overage,
                  seat_charging charging) {
  return {.purchased = purchased, .used = held, .overage = overage, .included = included, .charging = charging};
}

constexpr auto minutes = minutes_included, numbers = numbers_included;

} // namespace

TEST_CASE("S4.4 of a pool the seats beyond the included ones are charged: held ones, or all purchased") {
  using enum overage_policy;
  using enum seat_charging;
  CHECK(charged_seats(pool_of(10, 4, 0, block, held)) == 4);
  CHECK(charged_seats(pool_of(10, 4, 3, block, held)) == 1);
  CHECK(charged_seats(pool_of(10, 4, 5, block, held)) == 0);
  CHECK(charged_seats(pool_of(10, 4, 3, block, purchased)) == 7);
  CHECK(charged_seats(pool_of(10, 0, 10, block, purchased)) == 0);
  CHECK(charged_seats(pool_of(0, 0, 5, allow, purchased)) == 0);
}

TEST_CASE("S1.11 seats beyond the purchased ones are charged under allow, and tolerated under grace") {
  using enum overage_policy;
  using enum seat_charging;
  CHECK(charged_seats(pool_of(10, 12, 0, allow, held)) == 12);
  CHECK(charged_seats(pool_of(10, 12, 0, allow, purchased)) == 12);
  CHECK(charged_seats(pool_of(10, 12, 0, grace, held)) == 10);
  CHECK(charged_seats(pool_of(10, 12, 4, grace, purchased)) == 6);
}

TEST_CASE("S4.6 a feature that counts gives its digits, or no limit; anything else gives nothing") {
  CHECK(counted("0") == 0);
  CHECK(counted("25") == 25);
  CHECK(counted("unlimited") == without_limit);
  for (const auto* none : {"", "-1", "1.5", "two", "1 ", "9999999999"}) CHECK(counted(none) == 0);
}

ON_EVERY_STORE("S4.6 a package whose minutes or numbers are no count is not defined") {
  world w;
  for (const auto name : {minutes, numbers}) {
    const define_package odd{.name = "Odd", .currency = "EUR", .features = {{std::string(name), "many"}}};
    const auto no = refused_with(w.dir.run(w.operator_, odd));
    CHECK(no.reason == "setting_invalid");
    CHECK(no.path == "/features/0/setting");
  }
}

ON_EVERY_STORE("S4.9 a number on a package that includes none costs extra, and a change of package re-prices it") {
  money_world w(fresh_store());
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.numbers({"+49301", "+49302"});
  CHECK(difference(w.give(ann, w.small)) == 1295);
  CHECK(difference(w.attach(ann, "+49301")) == 499 - 100); // it was nobody's, which has its price, too
  CHECK(w.line(line_kind::numbers, w.small).minor == 499);
  CHECK(difference(must(w.dir.run(w.admin, change_package{ann, w.large}))) == 2495 - 1295 - 499);
  CHECK(w.line(line_kind::numbers, w.large).quantity == 0);
  CHECK(w.line(line_kind::numbers, w.large).included == 1);
  CHECK(difference(w.attach(ann, "+49302")) == 299 - 100); // Large includes one
  CHECK(difference(must(w.dir.run(w.admin, change_package{ann, w.small}))) == 1295 + 2 * 499 - 2495 - 299);
  CHECK(difference(must(w.dir.run(w.admin, unassign_package{.user_id = ann}))) == 2 * 100 - 1295 - 2 * 499);
  CHECK(w.line(line_kind::numbers, {}).quantity == 2);
}

ON_EVERY_STORE("S4.9 numbers that an add-on includes count as well") {
  money_world w(fresh_store());
  const auto more = w.priced("More numbers", 200, 0, {{"numbers.included", "2"}});
  const auto add_on = must(w.dir.run(w.operator_, define_package{.name = "Numbers",
                                                                 .kind = package_kind::add_on,
                                                                 .price_minor = 200,
                                                                 .currency = "EUR",
                                                                 .features = {{"numbers.included", "unlimited"}}}))
                          .created_id<package>();
  REQUIRE(more);
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = add_on}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = add_on, .purchased = 5}));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.numbers({"+49301", "+49302"});
  w.give(ann, w.large);
  w.attach(ann, "+49301"), w.attach(ann, "+49302");
  CHECK(difference(w.give(ann, add_on)) == 200 - 299);
  CHECK(w.line(line_kind::numbers, w.large).included == 2);
}

ON_EVERY_STORE("I29 the price difference of every command is what the statement moves by") {
  money_world w(fresh_store());
  auto total = w.total();
  const auto moves = [&](const receipt& done) {
    const auto now = w.total();
    CHECK(difference(done) == now - total);
    total = now;
  };
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bob = w.adopt("Bob", "B", "bob@acme.example");
  moves(must(w.dir.run(w.at_tenant, add_dids{{"+49301", "+49302", "+49303"}})));
  moves(w.give(ann, w.small));
  moves(w.attach(ann, "+49301"));
  moves(w.attach(ann, "+49302"));
  moves(must(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 8, .included = 1})));
  moves(must(w.dir.run(w.admin, assign_packages{{bob}, w.small})));
  moves(must(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small,
                                                  .purchased = 8,
                                                  .purchase_limit = 20,
                                                  .charging = seat_charging::purchased})));
  moves(must(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 3})));
  moves(must(w.dir.run(w.at_tenant, set_subscription{.number_price_minor = 250})));
  moves(must(w.dir.run(w.admin, change_packages{{ann, bob}, w.large})));
  moves(must(w.dir.run(w.admin, detach_did{.direct_number = "+49302"})));
  moves(must(w.dir.run(w.admin, replace_person{ann, bob})));
  moves(must(deleted(w.dir, w.admin, delete_user{.user_id = bob, .release_numbers = true})));
  moves(must(w.dir.run(w.at_tenant, remove_dids{{"+49303"}})));
  CHECK(total != 0);
}

ON_EVERY_STORE("S4.17 the plan of a user who is deleted is charged no more") {
  money_world w(fresh_store());
  const auto before = w.total();
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.give(ann, w.small);
  CHECK(w.total() == before + 1295);
  CHECK(difference(must(deleted(w.dir, w.admin, delete_user{ann}))) == -1295);
  CHECK(w.total() == before);
}

TEST_CASE("I29 in a batch each receipt tells its own command's difference, and together they are the statement's") {
  money_world w;
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.numbers({"+49301"});
  const auto before = w.total();
  const assign_package first{ann, w.small};
  const attach_did second{"+49301", ann};
  const change_package third{ann, w.large};
  const request all[]{request_of(first), request_of(second), request_of(third)};
  const auto supposed = must(w.dir.ask_after(w.admin, all, statement_preview{}));
  const auto receipts = must(w.dir.run_all(w.admin, all));
  REQUIRE(receipts.size() == 3);
  CHECK(difference(receipts[0]) == 1295);
  CHECK(difference(receipts[1]) == 499 - 100);
  CHECK(difference(receipts[2]) == 2495 - 1295 - 499);
  CHECK(w.total() - before == 1295 + 399 + 701);
  CHECK(supposed.total_minor == w.total());
}
