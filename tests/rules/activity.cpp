// Who was last active, and which paid seats lie idle (B12).
#include <linecard/rules/activity.hpp>

#include "rules/lines_kit.hpp"

using namespace kit;

namespace {

/// Ada has nothing; Ann, Bea and Cea came a day apart, each with Basic; a day later Bea got Fax beside it.
struct quiet_office : postal_world {
  id_of<user> ann{}, bea{}, cea{};
  instant opened = clock->at;

  quiet_office() {
    ann = invite("Ann", "A", "ann@acme.example", basic);
    pass(day);
    bea = joined("bea");
    pass(day);
    cea = joined("cea");
    pass(day);
    static_cast<void>(must(dir.run(admin, assign_package{bea, fax})));
    pass(100 * day);
  }
  id_of<user> joined(const std::string& name) {
    const adopt_user who{.first_name = name, .last_name = "B", .email = name + "@acme.example", .package_id = basic};
    return must(dir.run(admin, who)).created_id<user>();
  }
  void seen(id_of<user> id, instant at) { static_cast<void>(must(dir.run(at_tenant, note_activity{{{id, at}}}))); }
  void pool(id_of<package> id, std::function<void(seat_pool&)> edit) {
    static_cast<void>(
        must(dir.run(at_tenant, put_rows{[=](snapshot& facts, changes& out, id_of<tenant> where) {
                       edit(out.edit(facts.find<&seat_pool::tenant_id, &seat_pool::package_id>(where, id)));
                     }})));
  }
  std::vector<idle_seat_row> idle(const idle_seats& asked) { return must(dir.ask(admin, asked)).idle_seats; }
  std::vector<idle_seat_row> idle() { return idle({.idle_days = 30}); }
  static std::vector<std::int64_t> savings(const std::vector<idle_seat_row>& rows) {
    std::vector<std::int64_t> each;
    for (const auto& row : rows) each.push_back(row.saves_minor);
    return each;
  }
};

using amounts = std::vector<std::int64_t>;

} // namespace

ON_EVERY_STORE("B12 paid seats that nobody uses are listed, longest idle first, with what reclaiming each saves") {
  quiet_office w;
  auto rows = w.idle();
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].user_id == w.ann);
  CHECK(rows[0].name == "Ann A");
  CHECK(rows[0].state == seat_state::reserved);
  CHECK_FALSE(rows[0].last_active_at);
  CHECK(rows[0].idle_since == w.opened); // never active: since the seat was taken
  CHECK(rows[0].package == "Basic");
  CHECK(rows[0].saves_minor == 1000);
  CHECK(rows[0].currency == "EUR");
  CHECK(rows[1].user_id == w.bea);
  CHECK(rows[3].kind == package_kind::add_on);
  CHECK(rows[3].saves_minor == 300);

  w.seen(w.bea, w.clock->at + -29 * day);
  w.seen(w.cea, w.clock->at + -31 * day);
  rows = w.idle();
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].user_id == w.cea);
  CHECK(rows[1].last_active_at == w.clock->at + -31 * day);
  CHECK(rows[1].idle_since == rows[1].last_active_at);
  CHECK(w.idle({.idle_days = 29}).size() == 4);
  CHECK(w.idle({.idle_since = w.clock->at + -31 * day + -1}).size() == 1);
  CHECK(w.idle({.idle_days = 29, .package_id = w.fax}).size() == 1);
  CHECK(must(w.dir.ask(w.other_admin, idle_seats{.idle_days = 1})).idle_seats.empty()); // I9
}

ON_EVERY_STORE("B12 the newest report stands, whichever comes first, and a report changes no audit chain") {
  quiet_office w;
  const auto head = must(w.dir.ask(w.admin, verify_audit{})).head_hash;
  const auto at = w.clock->at;
  const note_activity both{{{w.bea, at + -day}, {w.cea, at}, {w.bea, at + -3 * day}}};
  static_cast<void>(must(w.dir.run(w.at_tenant, both)));
  w.seen(w.bea, at + -2 * day);
  const auto kept = w.all<activity>();
  REQUIRE(kept.size() == 2);
  for (const auto& one : kept) CHECK(one.last_active_at == (one.user_id == w.bea ? at + -day : at));
  w.seen(w.cea, at + 4 * 60 * 1000); // clocks differ a little
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).head_hash == head);
}

TEST_CASE("B12 a report is refused whole, naming the entry: from the future, without an instant, of somebody unknown") {
  quiet_office w;
  const auto at = w.clock->at;
  const auto no = [&](activity_entry wrong, const actor& as) {
    const auto before = w.digest();
    const auto refused = refused_with(w.dir.run(as, note_activity{{{w.ann, at}, wrong}}));
    CHECK(w.digest() == before);
    return refused.path + " " + refused.reason;
  };
  CHECK(no({w.bea, at + 6 * 60 * 1000}, w.at_tenant) == "/activities/1/last_active_at last_active_at_invalid");
  CHECK(no({w.bea, {}}, w.at_tenant) == "/activities/1/last_active_at last_active_at_missing");
  CHECK(no({{make_id(tag_of<user>, 7)}, at}, w.at_tenant) == "/activities/1/user_id user_unknown");
  const auto gone = must(w.dir.ask(w.other_admin, users{})).users.at(0).user_id;
  CHECK(no({gone, at}, w.at_tenant) == "/activities/1/user_id user_unknown"); // I9
  static_cast<void>(must(deleted(w.dir, w.admin, {.user_id = w.cea})));
  CHECK(no({w.cea, at}, w.at_tenant) == "/activities/1/user_id user_unknown");
  CHECK(no({w.bea, at}, w.admin) == " permission_denied"); // the host's word, not an administrator's
  CHECK(refused_with(w.dir.run(w.at_tenant, note_activity{})).reason == "activities_missing");
}

ON_EVERY_STORE("B12 the rows add up: seats included cost nothing, so the last ones of a pool save nothing") {
  quiet_office w;
  CHECK(w.savings(w.idle()) == amounts{1000, 1000, 1000, 300});
  w.pool(w.basic, [](seat_pool& p) { p.included = 2; });
  CHECK(w.savings(w.idle()) == amounts{1000, 0, 0, 300});
  w.seen(w.ann, w.clock->at); // of those that are left the first is what is charged
  CHECK(w.savings(w.idle()) == amounts{1000, 0, 300});
  w.pool(w.basic, [](seat_pool& p) { p.included = 3; });
  CHECK(w.savings(w.idle()) == amounts{0, 0, 300});
}

ON_EVERY_STORE(
    "B12 what an overage tolerates saves nothing, what it charges does, and purchased seats as they are lowered") {
  quiet_office w;
  w.pool(w.basic, [](seat_pool& p) { p.purchased = 1, p.overage = overage_policy::grace, p.grace_seats = 2; });
  CHECK(w.savings(w.idle()) == amounts{0, 0, 1000, 300});
  w.pool(w.basic, [](seat_pool& p) { p.overage = overage_policy::allow; });
  CHECK(w.savings(w.idle()) == amounts{1000, 1000, 1000, 300});
  w.pool(w.basic, [](seat_pool& p) { p.charging = seat_charging::purchased; });
  CHECK(w.savings(w.idle()) == amounts{1000, 1000, 1000, 300});
  w.pool(w.basic, [](seat_pool& p) { p.purchased = 10, p.included = 8; });
  CHECK(w.savings(w.idle()) == amounts{1000, 1000, 0, 300});
}

ON_EVERY_STORE(
    "B12 idle seats page by page are the whole list, savings included, and free packages are no paid seats") {
  quiet_office w;
  w.pool(w.basic, [](seat_pool& p) { p.included = 1; });
  const auto free = w.package_named("Free", package_kind::add_on, 0, {});
  static_cast<void>(must(w.dir.run(w.at_tenant, offer_package{free})));
  static_cast<void>(must(w.dir.run(w.at_tenant, set_seat_pool{.package_id = free, .purchased = 5})));
  static_cast<void>(must(w.dir.run(w.admin, assign_package{w.cea, free})));
  w.pass(100 * day);
  const auto whole = w.idle();
  CHECK(w.savings(whole) == amounts{1000, 1000, 0, 300});
  for (const std::int32_t limit : {1, 2, 3, 4}) {
    std::vector<idle_seat_row> seen;
    std::optional<std::string> after;
    do {
      const auto page = must(w.dir.ask(w.admin, idle_seats{.idle_days = 30, .after = after, .limit = limit}));
      seen.insert(seen.end(), page.idle_seats.begin(), page.idle_seats.end());
      after = page.next;
    } while (after);
    CHECK(w.savings(seen) == w.savings(whole));
    CHECK(seen.back().user_id == whole.back().user_id);
  }
  const auto no = [&](const idle_seats& asked) { return refused_with(w.dir.ask(w.admin, asked)).reason; };
  CHECK(no({}) == "one_key_needed");
  CHECK(no({.idle_days = 3, .idle_since = w.clock->at}) == "one_key_needed");
  CHECK(no({.idle_days = 3, .after = "nobody"}) == "seat_unknown");
  CHECK(no({.idle_days = 0}) == "idle_days_invalid");
  CHECK(no({.idle_days = 3, .package_id = id_of<package>{make_id(tag_of<package>, 7)}}) == "package_unknown");
}

ON_EVERY_STORE("B12 B9 who is deleted holds no idle seat, and nothing about their activity outlives them") {
  quiet_office w;
  for (const auto id : {w.bea, w.cea}) w.seen(id, w.clock->at + -50 * day);
  static_cast<void>(must(deleted(w.dir, w.admin, {.user_id = w.bea})));
  CHECK(w.idle().size() == 2);
  CHECK(w.all<activity>().size() == 2); // who is restored was active then
  static_cast<void>(must(carry_out(w.dir, w.admin, request_of(erase_user{w.bea}))));
  CHECK(w.all<activity>().size() == 1);
  w.seen(w.ann, w.clock->at);
  static_cast<void>(must(w.dir.run(w.admin, cancel_invitation{w.ann})));
  CHECK(w.all<activity>().size() == 1);
}
