// What a tenant agreed to, the seats it buys by itself, and its statement.
#include "rules/money_world.hpp"

#include <linecard/json.hpp>
#include <linecard/text/money.hpp>

#include <atomic>
#include <thread>

using namespace kit;

ON_EVERY_STORE("S4.4 an administrator buys seats up to the limit that the operator set, and nothing without one") {
  money_world w(fresh_store());
  const auto none = refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 1}));
  CHECK(none.reason == "purchase_limit");
  CHECK(none.path == "/seats");
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .purchase_limit = 12}));
  const auto more = refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 3}));
  CHECK(more.reason == "purchase_limit");
  CHECK(more.message.find("at most 2 more") != std::string::npos);
  REQUIRE(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 2}));
  CHECK(w.pool(w.small).purchased == 12);
  CHECK(refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 1})).reason == "purchase_limit");
}

ON_EVERY_STORE("S4.4 who may not buy, buys nothing, and what is not offered cannot be bought") {
  money_world w(fresh_store());
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .purchase_limit = 99}));
  w.adopt("Ann", "A", "ann@acme.example");
  const auto ann = must(w.dir.open_actor("ann@acme.example", w.tenant_id));
  CHECK(refused_with(w.dir.run(ann, buy_seats{.package_id = w.small, .seats = 1})).reason == "permission_denied");
  CHECK(refused_with(w.dir.run(w.other_admin, buy_seats{.package_id = w.small, .seats = 1})).reason ==
        "package_not_offered");
  for (const int seats : {0, -5, 1'000'001})
    CHECK(refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = seats})).reason == "seats_invalid");
  CHECK(refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small})).reason == "seats_missing");
  REQUIRE(w.dir.run(w.operator_, retire_package{w.small}));
  CHECK(refused_with(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 1})).reason == "package_retired");
  CHECK(w.pool(w.small).purchased == 10);
}

ON_EVERY_STORE("S4.4 buying that is repeated with the number purchased before buys nothing twice") {
  money_world w(fresh_store());
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .purchase_limit = 99}));
  const buy_seats once{.package_id = w.small, .seats = 5, .expected_purchased = 10};
  REQUIRE(w.dir.run(w.admin, once));
  const auto again = refused_with(w.dir.run(w.admin, once));
  CHECK(again.code == status::stale);
  CHECK(again.reason == "purchased_differs");
  CHECK(w.pool(w.small).purchased == 15);
}

ON_EVERY_STORE("S1.11 grace lets so many more hold a seat as was said, and then refuses") {
  money_world w(fresh_store(), 4);
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small,
                                               .purchased = 4,
                                               .overage = overage_policy::grace,
                                               .grace_seats = 1,
                                               .grace_percent = 25}));
  std::vector<id_of<user>> all;
  for (int n = 0; n < 7; ++n) all.push_back(w.adopt("U", std::to_string(n), "u" + std::to_string(n) + "@acme.example"));
  for (int n = 0; n < 6; ++n) w.give(all[static_cast<std::size_t>(n)], w.small);
  CHECK(refused_with(w.dir.run(w.admin, assign_package{all[6], w.small})).reason == "no_seat_left");
  CHECK(w.line(line_kind::seats, w.small).quantity == 4);
  CHECK(w.line(line_kind::seats, w.small).held == 6);
  const auto no = refused_with(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 3}));
  CHECK(no.reason == "below_use"); // 3 + 1 + 0 of a hundred are fewer than 6
}

ON_EVERY_STORE("S4.5 a change of package is in the next statement, and its lines add up to the total") {
  money_world w(fresh_store());
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bob = w.adopt("Bob", "B", "bob@acme.example");
  w.give(ann, w.small), w.give(bob, w.small);
  CHECK(w.line(line_kind::seats, w.small).quantity == 2);
  REQUIRE(w.dir.run(w.admin, change_package{bob, w.large}));
  const auto now = w.statement();
  CHECK(w.line(line_kind::seats, w.small).minor == 1295);
  CHECK(w.line(line_kind::seats, w.large).minor == 2495);
  std::int64_t sum = 0;
  for (const auto& line : now.lines) {
    CHECK(line.minor == line.quantity * line.price_minor);
    CHECK(line.currency == "EUR");
    CHECK(line.price == text::money(line.price_minor, "EUR"));
    CHECK(line.amount == text::money(line.minor, "EUR"));
    sum += line.minor;
  }
  CHECK(now.total_minor == sum);
  CHECK(now.message == "37.90 EUR for 2026-12-01 to 2026-12-31");
  CHECK(text::rfc3339(now.statement_at.milliseconds) == "2026-11-30T23:00:00.000Z");
}

ON_EVERY_STORE("S4.2 seats purchased and not used are in the statement, charged where the pool says so") {
  money_world w(fresh_store());
  CHECK(w.line(line_kind::seats, w.small).unused == 10);
  CHECK(w.line(line_kind::seats, w.small).minor == 0);
  REQUIRE(w.dir.run(w.at_tenant,
                    set_seat_pool{.package_id = w.small, .purchased = 10, .charging = seat_charging::purchased}));
  CHECK(w.line(line_kind::seats, w.small).text == "Small seats (0 held, 10 unused)");
  CHECK(w.line(line_kind::seats, w.small).quantity == 10);
  CHECK(w.line(line_kind::seats, w.small).minor == 12950);
}

ON_EVERY_STORE("S4.1 the statement is the administrator's and whoever has billing.manage, nobody else's") {
  money_world w(fresh_store());
  w.adopt("Ann", "A", "ann@acme.example");
  const auto ann = must(w.dir.open_actor("ann@acme.example", w.tenant_id));
  CHECK(refused_with(w.dir.ask(ann, statement_preview{})).reason == "permission_denied");
  CHECK(refused_with(w.dir.ask(w.other_admin, statement_preview{})).reason == "subscription_missing");
  CHECK(refused_with(w.dir.run(w.admin, set_subscription{.statement_day = 2})).reason == "permission_denied");
}

ON_EVERY_STORE("a subscription is in one currency, on a day every month has, in a zone that is known") {
  money_world w(fresh_store());
  const auto wrong = [&](const set_subscription& terms) { return refused_with(w.dir.run(w.at_tenant, terms)).reason; };
  CHECK(wrong({.currency = "USD"}) == "currency_differs");
  CHECK(wrong({.currency = "euro"}) == "currency_invalid");
  CHECK(wrong({.statement_day = 29}) == "statement_day_invalid");
  CHECK(wrong({.statement_day = 0}) == "statement_day_invalid");
  CHECK(wrong({.time_zone = "Mars/Olympus"}) == "time_zone_invalid");
  CHECK(wrong({.number_price_minor = -1}) == "number_price_minor_invalid");
  const auto dollars =
      must(w.dir.run(w.operator_, define_package{.name = "Dollar", .price_minor = 1, .currency = "USD"}))
          .created_id<package>();
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = dollars}));
  CHECK(refused_with(w.dir.run(w.at_tenant, set_seat_pool{.package_id = dollars, .purchased = 1})).reason ==
        "currency_differs");
  const auto first = [&](const set_subscription& terms) {
    return refused_with(w.dir.run(w.other_tenant, terms)).reason;
  };
  CHECK(first({}) == "currency_missing");
  CHECK(first({.currency = "EUR"}) == "statement_day_missing");
  CHECK(first({.currency = "EUR", .statement_day = 1}) == "time_zone_missing");
  REQUIRE(w.dir.run(w.at_tenant, set_subscription{.statement_day = 28}));
  CHECK(must(w.dir.ask(w.admin, subscription_in_force{})).statement_day == 28);
  CHECK(must(w.dir.ask(w.admin, subscription_in_force{})).currency == "EUR");
}

ON_EVERY_STORE("I29 what is supposed is what the statement becomes, and supposing changes nothing") {
  money_world w(fresh_store());
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .purchase_limit = 20}));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.numbers({"+49301"});
  const add_user newcomer{.first_name = "New", .last_name = "N", .email = "new@acme.example", .package_id = w.large};
  const assign_package given{ann, w.small};
  const attach_did number{"+49301", ann};
  const request plan[]{request_of(newcomer), request_of(given), request_of(number)};
  const auto untouched = w.digest();
  const auto supposed = must(w.dir.ask_after(w.admin, plan, statement_preview{}));
  CHECK(w.digest() == untouched);
  CHECK(supposed.total_minor == 2495 + 1295 + 499);
  REQUIRE(w.dir.run_all(w.admin, plan));
  const auto become = w.statement();
  CHECK(to_json(become) == to_json(supposed));
}

ON_EVERY_STORE("supposing is refused as running is, says which command, and asks for the question's own permission") {
  money_world w(fresh_store());
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  const assign_package good{ann, w.small};
  const buy_seats bad{.package_id = w.small, .seats = 1};
  const request plan[]{request_of(good), request_of(bad)};
  const auto no = refused_with(w.dir.ask_after(w.admin, plan, statement_preview{}));
  CHECK(no.reason == "purchase_limit");
  CHECK(no.path == "/1/seats");
  const auto as_ann = must(w.dir.open_actor("ann@acme.example", w.tenant_id));
  CHECK(refused_with(w.dir.ask_after(as_ann, std::span(plan, 1), seat_pools{})).reason == "permission_denied");
  CHECK(refused_with(w.dir.ask_after(w.other_admin, std::span(plan, 1), seat_pools{})).reason == "user_unknown");
  const users list{.search = "ann"};
  CHECK(must(w.dir.ask_after(w.admin, std::span(plan, 1), list)).users.front().package == "Small");
  CHECK(must(w.dir.ask_after(w.admin, std::span<const request>{}, list)).users.front().package == "Unassigned");
}

ON_EVERY_STORE("S4.4 many who buy at once, in threads, never buy beyond the limit, and each receipt is true") {
  money_world w(fresh_store());
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .purchase_limit = 16}));
  std::atomic<int> bought{0}, refused{0};
  std::vector<std::thread> buyers;
  for (int n = 0; n < 4; ++n)
    buyers.emplace_back([&] {
      const auto mine = w.dir.open_actor("ada@acme.example", w.tenant_id);
      for (int k = 0; mine && k < 3; ++k) {
        const auto done = w.dir.run(*mine, buy_seats{.package_id = w.small, .seats = 1});
        if (done && done->seats.front().purchased_after == done->seats.front().purchased_before + 1) ++bought;
        if (!done && done.error().reason == "purchase_limit") ++refused;
      }
    });
  for (auto& one : buyers) one.join();
  CHECK(bought == 6);
  CHECK(refused == 6);
  CHECK(w.pool(w.small).purchased == 16);
}

ON_EVERY_STORE("S4.4 whoever changes a limit leaves what was bought, and sees it before lowering it") {
  money_world w(fresh_store());
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchase_limit = 20}));
  REQUIRE(w.dir.run(w.admin, buy_seats{.package_id = w.small, .seats = 3}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchase_limit = 30}));
  CHECK(w.pool(w.small).purchased == 13);
  const auto no = refused_with(
      w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.small, .purchased = 10, .expected_purchased = 10}));
  CHECK(no.reason == "purchased_differs");
  const auto pool = w.pool(w.small);
  CHECK(pool.purchase_limit == 30);
  CHECK(pool.room == 13);
  const auto gold = w.priced("Gold", 1, 0, {});
  REQUIRE(w.dir.run(w.at_tenant, offer_package{.package_id = gold}));
  CHECK(refused_with(w.dir.run(w.at_tenant, set_seat_pool{.package_id = gold, .included = 1})).reason ==
        "purchased_missing");
}

ON_EVERY_STORE("any question asked after commands is answered as it is once they are done") {
  money_world w(fresh_store());
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bob = w.adopt("Bob", "B", "bob@acme.example");
  w.give(ann, w.small), w.give(bob, w.small);
  const unassign_package taken{.user_id = ann};
  const edit_user renamed{.user_id = bob, .first_name = "Robert"};
  const suspend_user away{bob};
  const request plan[]{request_of(taken), request_of(renamed), request_of(away)};
  const auto supposed = [&](const auto& asked) { return to_json(must(w.dir.ask_after(w.admin, plan, asked))); };
  const auto now = [&](const auto& asked) { return to_json(must(w.dir.ask(w.admin, asked))); };
  const auto actions = supposed(available_actions{.user_id = bob});
  const auto why = supposed(why_unassigned{.user_id = ann});
  const auto people = supposed(users{});
  const auto person = supposed(find_user{.user_id = bob});
  const auto pools = supposed(seat_pools{});
  const auto entries = must(w.dir.ask_after(w.admin, plan, audit{})).entries.size();
  CHECK(must(w.dir.ask_after(w.admin, plan, verify_audit{})).intact);
  REQUIRE(w.dir.run_all(w.admin, plan));
  CHECK(actions == now(available_actions{.user_id = bob}));
  CHECK(why == now(why_unassigned{.user_id = ann}));
  CHECK(people == now(users{}));
  CHECK(person == now(find_user{.user_id = bob}));
  CHECK(pools == now(seat_pools{}));
  CHECK(entries == must(w.dir.ask(w.admin, audit{})).entries.size());
}

TEST_CASE("what runs by confirm only may be supposed, and runs in no batch") {
  money_world w;
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  w.give(ann, w.small);
  const delete_user gone{ann};
  const request plan[]{request_of(gone)};
  CHECK(must(w.dir.ask_after(w.admin, plan, statement_preview{})).total_minor == 0);
  CHECK(refused_with(w.dir.run_all(w.admin, plan)).reason == "confirmation_needed");
}
