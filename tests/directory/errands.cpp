// Orders of numbers: bought once in ordinary running, by one step, and standing until they are done, refused or given
// up in sight.
#include "directory/desk.hpp"

#include <array>

using namespace kit;

ON_EVERY_STORE("S4.8 one step orders a number from the host's provider and gives it to the user") {
  desk w;
  std::string seen;
  w.shop->answers = [&](const number_order& o) {
    CHECK(o.tenant_id == any_id{w.tenant_id});
    CHECK(o.user_id == any_id{w.ulf});
    seen = std::string(o.order_id) + " " + std::string(o.prefix);
    return sells("+14165550177");
  };
  const auto done = must(w.order());
  CHECK(seen.starts_with("errand_"));
  CHECK(seen.ends_with(" +1416"));
  CHECK(done.command == "get_number");
  CHECK(done.audit_seq);
  REQUIRE(done.numbers.size() == 1);
  CHECK(done.numbers[0].number == "+14165550177");
  CHECK(done.numbers[0].user_id == w.ulf);
  CHECK(w.inventory() == "+14165550177 Ulf");
  CHECK(w.standing().empty());
  CHECK(w.pumped() == "0 done, 0 postponed, 0 refused");
  CHECK(w.audited());
}

ON_EVERY_STORE("S4.8 without a user the number lies in the inventory, for the picker") {
  desk w;
  w.shop->answers = [](const number_order& o) {
    CHECK_FALSE(o.user_id);
    CHECK(o.prefix.empty());
    return sells("+14165550178");
  };
  static_cast<void>(must(w.dir.run(w.admin, get_number{.order_key = "spare"})));
  CHECK(w.inventory() == "+14165550178 unassigned");
}

ON_EVERY_STORE("S4.8 a repeated call with the same order_key buys nothing and answers with the number") {
  desk w;
  const auto first = must(w.order());
  const auto before = w.digest();
  const auto again = must(w.order());
  CHECK(again.command == "get_number");
  CHECK(again.numbers.at(0).number == first.numbers.at(0).number);
  CHECK(again.numbers.at(0).user_id == w.ulf);
  CHECK(again.changes.empty());
  CHECK_FALSE(again.audit_seq);
  CHECK(w.digest() == before);
  const auto other = refused_with(w.dir.run(w.admin, get_number{.order_key = "form-7", .user_id = w.vera}));
  CHECK(other.code == status::conflict);
  CHECK(other.reason == "order_key_taken");
  CHECK(other.path == "/order_key");
  CHECK(other.message.find(first.numbers.at(0).number) != std::string::npos);
  CHECK(w.shop->asked == 1);
  static_cast<void>(must(w.order("form-8")));
  CHECK(w.shop->sold.size() == 2);
  CHECK(refused_with(w.dir.run(w.other_admin, get_number{.order_key = "form-7", .user_id = w.ulf})).reason ==
        "user_unknown");
  static_cast<void>(must(w.dir.run(w.other_admin, get_number{.order_key = "form-7"}))); // another tenant's own word
}

ON_EVERY_STORE("S4.8 after a failure for now the order stands, and the same order_key completes the same order") {
  desk w;
  std::vector<std::string> ids;
  w.shop->answers = [&](const number_order& o) {
    ids.emplace_back(o.order_id);
    return ids.size() < 3 ? later() : sells("+14165550177");
  };
  for (int n = 1; n <= 2; ++n) {
    const auto no = refused_with(w.order());
    CHECK(no.code == status::busy);
    CHECK(no.reason == "shop_closed");
    REQUIRE(w.standing().size() == 1);
    const auto row = w.standing().front();
    CHECK(row.order_key == "form-7");
    CHECK(row.user_id == w.ulf);
    CHECK(row.attempts == n);
    CHECK(row.reason == "shop_closed");
    CHECK(row.next_attempt_at == w.clock->at + n * minute);
    CHECK(w.inventory().empty());
  }
  auto another = w.ordered();
  another.user_id = w.vera;
  CHECK(refused_with(w.dir.run(w.admin, another)).reason == "order_key_taken");
  another = w.ordered();
  another.prefix.reset();
  CHECK(refused_with(w.dir.run(w.admin, another)).reason == "order_key_taken");
  static_cast<void>(must(w.order()));
  REQUIRE(ids.size() == 3);
  CHECK(ids[0] == ids[2]);
  CHECK(w.inventory() == "+14165550177 Ulf");
  CHECK(w.standing().empty());
  CHECK(w.audited());
}

ON_EVERY_STORE("S4.8 what is still to be asked is listed page by page, of one's own tenant") {
  desk w;
  w.shop->answers = [](const number_order&) { return later(); };
  std::vector<std::string> keys;
  for (int n = 0; n < 5; ++n) {
    keys.push_back("form-" + std::to_string(n));
    static_cast<void>(refused_with(w.dir.run(w.admin, get_number{.order_key = keys.back()})));
  }
  std::vector<std::string> seen;
  std::optional<id_of<errand>> after;
  do {
    const auto page = must(w.dir.ask(w.admin, errands{.after = after, .limit = 2}));
    for (const auto& row : page.errands) seen.push_back(row.order_key.value_or(""));
    if (page.next)
      CHECK(refused_with(w.dir.ask(w.other_admin, errands{.after = page.next})).reason == "errand_unknown");
    after = page.next;
  } while (after);
  CHECK(seen == keys);
  CHECK_FALSE(must(w.dir.ask(w.admin, errands{.limit = 5})).next);
}

ON_EVERY_STORE("S4.8 a refused order leaves nothing, and the same order_key is a new order") {
  desk w;
  std::vector<std::string> ids;
  w.shop->answers = [&](const number_order& o) {
    ids.emplace_back(o.order_id);
    return ids.size() < 2 ? never() : sells("+14165550177");
  };
  const auto before = w.inventory();
  const auto no = refused_with(w.order());
  CHECK(no.code == status::limit);
  CHECK(no.reason == "none_in_stock");
  CHECK(w.standing().empty());
  CHECK(w.inventory() == before);
  static_cast<void>(must(w.order()));
  CHECK(ids[0] != ids[1]);
}

ON_EVERY_STORE("S4.8 pumping says what became of each, takes what is due, and leaves to others whom it cannot ask") {
  desk w;
  w.shop_says(later());
  for (const auto* key : {"a", "b", "c"}) static_cast<void>(refused_with(w.order(key)));
  auto keeper_only = w.beside(nullptr, w.keeper);
  auto neither = w.beside(nullptr);
  w.pass(minute);
  CHECK(desk::pumped(keeper_only) == "0 done, 0 postponed, 0 refused");
  CHECK(w.standing().front().attempts == 1);
  CHECK(desk::pumped(neither) == "0 done, 0 postponed, 0 refused");
  for (const std::int32_t bad : {0, -1, 10'001}) CHECK(refused_with(w.dir.pump_errands(bad)).path == "/limit");
  int n = 0;
  w.shop->answers = [&](const number_order&) {
    ++n;
    return n == 1 ? sells("+14165550177") : n == 2 ? never() : later();
  };
  CHECK(w.pumped(2) == "1 done, 0 postponed, 1 refused, more");
  CHECK(w.pumped(2) == "0 done, 1 postponed, 0 refused");
  REQUIRE(w.standing().size() == 1);
  CHECK(w.standing().front().attempts == 2);
  CHECK(w.standing().front().next_attempt_at == w.clock->at + 2 * minute);
}

ON_EVERY_STORE("S4.8 after 12 attempts an order is given up in sight; asking again, or retrying, goes on with it") {
  desk w;
  std::vector<std::string> ids;
  w.shop->answers = [&](const number_order& o) {
    ids.emplace_back(o.order_id);
    return later();
  };
  CHECK(refused_with(w.order()).code == status::busy);
  const auto exhaust = [&] {
    for (int n = 0; n < 20; ++n) {
      if (!w.standing().front().next_attempt_at) return;
      w.clock->at = *w.standing().front().next_attempt_at;
      const bool last = w.standing().front().attempts + 1 == most_errand_attempts;
      CHECK(w.pumped() == (last ? "0 done, 0 postponed, 1 refused" : "0 done, 1 postponed, 0 refused"));
    }
  };
  exhaust();
  CHECK(ids.size() == 12);
  CHECK(w.standing().front().attempts == 12);
  CHECK(w.standing().front().reason == "shop_closed");
  w.pass(48 * 60 * minute);
  CHECK(w.pumped() == "0 done, 0 postponed, 0 refused");
  CHECK(refused_with(w.order()).reason == "shop_closed");
  CHECK(w.standing().front().attempts == 1);
  exhaust();
  static_cast<void>(must(w.dir.run(w.admin, retry_errand{w.standing().front().errand_id})));
  CHECK(refused_with(w.dir.run(w.other_admin, retry_errand{w.standing().front().errand_id})).reason ==
        "errand_unknown");
  w.shop->answers = [&](const number_order& o) {
    CHECK(o.order_id == ids.front());
    return sells("+14165550177");
  };
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  for (const auto& id : ids) CHECK(id == ids.front());
}

ON_EVERY_STORE("S4.8 a number in use, of another tenant or of another order is not taken over, and the order stands") {
  desk w;
  static_cast<void>(must(w.dir.run(w.other_tenant, add_dids{{"+14165550101"}})));
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550102", "+14165550103", "+14165550104"}})));
  static_cast<void>(must(w.dir.run(w.admin, attach_did{"+14165550102", w.vera})));
  static_cast<void>(must(w.dir.run(w.admin, use_did{"+14165550103", did_use::main, {}})));
  w.shop_says(sells("+14165550105"));
  static_cast<void>(must(w.dir.run(w.admin, get_number{.order_key = "spare"})));
  const auto before = w.inventory();
  for (const auto* number : {"+14165550101", "+14165550102", "+14165550103", "+14165550105"}) {
    CAPTURE(number);
    w.shop_says(sells(number));
    const auto no = refused_with(w.order());
    CHECK(no.code == status::busy);
    CHECK(no.reason == "did_taken");
    CHECK(w.inventory() == before);
    CHECK(w.standing().front().reason == "did_taken");
  }
  w.shop_says(sells("+14165550104")); // somebody wrote it into the inventory by hand meanwhile
  static_cast<void>(must(w.order()));
  CHECK(w.inventory().find("+14165550104 Ulf") != std::string::npos);
  CHECK(must(w.dir.run(w.admin, get_number{.order_key = "spare"})).numbers.at(0).number == "+14165550105");
  // ... and gave it to the user as well.
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550106"}})));
  static_cast<void>(must(w.dir.run(w.admin, attach_did{"+14165550106", w.ulf})));
  w.shop_says(sells("+14165550106"));
  static_cast<void>(must(w.order("form-8")));
  CHECK(must(w.order("form-8")).numbers.at(0).number == "+14165550106");
  CHECK(w.audited());
}

ON_EVERY_STORE("S4.8 a provider that answers with no number is told what a number is; ten orders may be open") {
  desk w;
  w.shop_says(sells("4165550100"));
  const auto no = refused_with(w.order());
  CHECK(no.code == status::busy);
  CHECK(no.reason == "number_invalid");
  CHECK(no.message.find("\"4165550100\"") != std::string::npos);
  CHECK(no.message.find("E.164") != std::string::npos);
  for (int n = 1; n < 10; ++n) static_cast<void>(refused_with(w.order("form-1" + std::to_string(n))));
  CHECK(w.standing().size() == 10);
  const auto full = refused_with(w.order("form-20"));
  CHECK(full.code == status::limit);
  CHECK(full.reason == "too_many_orders");
  CHECK(refused_with(w.order("form-11")).reason == "number_invalid"); // those that stand are asked for again
  static_cast<void>(must(w.dir.run(w.admin, cancel_errand{w.standing().front().errand_id})));
  CHECK(refused_with(w.order("form-20")).reason == "number_invalid");
}

ON_EVERY_STORE(
    "S4.8 an order that is cancelled is asked for no more; a number bought all the same is in the inventory") {
  desk w;
  w.shop_says(later());
  static_cast<void>(refused_with(w.order()));
  const auto id = w.standing().at(0).errand_id;
  CHECK(refused_with(w.dir.run(w.other_admin, cancel_errand{id})).reason == "errand_unknown");
  static_cast<void>(must(w.dir.run(w.admin, cancel_errand{id})));
  CHECK(w.standing().empty());
  w.pass(48 * 60 * minute);
  const auto asked = w.shop->asked;
  CHECK(w.pumped() == "0 done, 0 postponed, 0 refused");
  CHECK(w.shop->asked == asked);
  // Two processes ask at once: one is told no, the other one yes.
  const auto same_shop = std::make_shared<number_shop>();
  auto other = w.beside(same_shop);
  same_shop->answers = [](const number_order&) { return never(); };
  w.shop->answers = [&](const number_order&) {
    w.pass(errand_lease);
    CHECK(desk::pumped(other) == "0 done, 0 postponed, 1 refused");
    return sells("+14165550177");
  };
  static_cast<void>(w.order("form-8"));
  CHECK(w.inventory() == "+14165550177 unassigned");
  CHECK(w.standing().empty());
  CHECK(w.audited());
}

ON_EVERY_STORE("S4.8 a number that comes for somebody restored meanwhile, and not yet back, lies in the inventory") {
  desk w;
  w.shop->answers = [&](const number_order&) {
    static_cast<void>(must(deleted(w.dir, w.admin, delete_user{.user_id = w.ulf})));
    static_cast<void>(must(w.dir.run(w.admin, restore_user{.user_id = w.ulf})));
    return sells("+14165550177");
  };
  static_cast<void>(must(w.order()));
  CHECK(w.inventory() == "+14165550177 unassigned");
}

ON_EVERY_STORE("S4.8 a number that comes for somebody deleted meanwhile lies in the inventory") {
  desk w;
  w.shop->answers = [&](const number_order&) {
    static_cast<void>(must(deleted(w.dir, w.admin, delete_user{.user_id = w.ulf})));
    return sells("+14165550177");
  };
  static_cast<void>(must(w.order()));
  CHECK(w.inventory() == "+14165550177 unassigned");
  CHECK(refused_with(w.order("form-8")).reason == "user_unknown");
  CHECK(refused_with(
            w.dir.run(w.admin, get_number{.order_key = "form-9", .user_id = w.invite("Ina", "I", "ina@acme.example")}))
            .reason == "not_joined");
}

ON_EVERY_STORE("S4.8 a preview of an order buys nothing, its confirmation buys once, and a batch takes none") {
  desk w;
  const auto before = w.digest();
  const auto shown = must(w.dir.preview(w.admin, w.ordered()));
  REQUIRE(shown.token);
  CHECK(w.digest() == before);
  CHECK(w.shop->asked == 0);
  const auto done = must(w.dir.confirm(w.admin, w.ordered(), *shown.token));
  CHECK(done.command == "get_number");
  CHECK(w.inventory() == "+14165551001 Ulf");
  CHECK(refused_with(w.dir.confirm(w.admin, w.ordered(), *shown.token)).reason == "preview_moved");
  CHECK(w.shop->asked == 1);
  const auto one = w.ordered("form-8"), two = w.ordered("form-9");
  const std::array both{request_of(one), request_of(two)};
  const auto no = refused_with(w.dir.run_all(w.admin, both));
  CHECK(no.reason == "not_in_a_batch");
  CHECK(no.path == "/0");
  CHECK(w.shop->asked == 1);
  static_cast<void>(must(w.dir.run_all(w.admin, std::span(both).first(1))));
}

ON_EVERY_STORE("S4.8 S4.13 without a provider the command, its preview and the buttons say so alike") {
  desk w;
  auto without = w.beside(nullptr);
  const auto there = must(without.open_actor("ada@acme.example", w.tenant_id));
  const auto before = w.digest();
  CHECK(refused_with(without.run(there, w.ordered())).reason == "provider_missing");
  CHECK(refused_with(without.preview(there, w.ordered())).reason == "provider_missing");
  const auto button = [&](directory& in, const actor& as) {
    for (const auto& row : must(in.ask(as, available_actions{.user_id = w.ulf})).actions)
      if (row.action == "get_number") return row.available ? "available" : row.reason.value_or("");
    return std::string("none");
  };
  CHECK(button(without, there) == "provider_missing");
  CHECK(button(w.dir, w.admin) == "available");
  CHECK(w.digest() == before);
}

ON_EVERY_STORE("S4.8 I9 who may not configure numbers orders none, and an errand is its own tenant's") {
  desk w;
  const auto ulf = must(w.dir.open_actor("ulf@acme.example", w.tenant_id));
  for (const auto& by : {ulf, w.dir.open_visitor()}) {
    CHECK_FALSE(w.dir.run(by, w.ordered()).has_value());
    CHECK_FALSE(w.dir.ask(by, errands{}).has_value());
  }
  CHECK(refused_with(w.dir.run(ulf, w.ordered())).reason == "permission_denied");
  for (const auto* prefix : {"416", "+", "+1416x", "+1234567890123456"})
    CHECK(refused_with(w.dir.run(w.admin, get_number{.order_key = "form-7", .prefix = prefix})).path == "/prefix");
  for (const auto& wrong : {std::string{}, std::string(101, 'k'), std::string("two\nlines")})
    CHECK(refused_with(w.dir.run(w.admin, get_number{.order_key = wrong})).path == "/order_key");
  CHECK(w.shop->asked == 0);
  w.shop_says(later());
  static_cast<void>(refused_with(w.order()));
  CHECK(w.standing().size() == 1);
  CHECK(must(w.dir.ask(w.other_admin, errands{})).errands.empty());
  for (const auto& by : {w.admin, w.at_tenant}) // the directory's own
    CHECK(refused_with(w.dir.run(by, settle_errand{.errand_id = w.standing().front().errand_id,
                                                   .attempt = 1,
                                                   .done = true,
                                                   .direct_number = "+14165550177"}))
              .code == status::denied);
}
