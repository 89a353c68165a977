// A pool lowered below its use: the plan says who would lose a seat and in which order, and the plan, as it is or as
// somebody edited it, is the one command that does it.
#include <linecard/rules/shrinking.hpp>

#include <linecard/model/billing.hpp>

#include "domain_rows.hpp"
#include "rules/lines_kit.hpp"

#include <random>

using namespace kit;

namespace {

/// Ten seats of Basic: an administrator who owns the tenant, a second one, somebody of every standing.
struct firm : postal_world {
  id_of<user> owner{}, second{}, busy{}, quiet{}, silent{}, away{}, older{}, newer{};

  explicit firm(std::shared_ptr<store> on = fresh_store()) : postal_world(std::move(on)) {
    run(at_tenant, set_seat_pool{.package_id = basic, .purchased = 10});
    owner = must(dir.ask(admin, users{})).users.at(0).user_id;
    second = must(dir.run(at_tenant, adopt_user{.first_name = "Sam",
                                                .last_name = "Second",
                                                .email = "sam@acme.example",
                                                .role = "administrator"}))
                 .created_id<user>();
    for (const auto id : {owner, second}) run(admin, assign_package{id, basic});
    busy = holder("Busy"), quiet = holder("Quiet"), silent = holder("Silent"), away = holder("Away");
    run(admin, suspend_user{.user_id = away});
    older = invite("Older", "Invited", "older@acme.example", basic);
    clock->at = clock->at + day;
    newer = invite("Newer", "Invited", "newer@acme.example", basic);
    clock->at = clock->at + 100 * day;
    active(busy, 1), active(quiet, 60), active(owner, 90), active(second, 2);
  }
  template <class C> void run(const actor& by, const C& c) { static_cast<void>(must(dir.run(by, c))); }
  id_of<user> holder(const std::string& name) {
    const auto id = adopt(name, "Holder", name + "@acme.example");
    run(admin, assign_package{id, basic});
    clock->at = clock->at + day;
    return id;
  }
  void active(id_of<user> id, std::int64_t days_ago) {
    const put_rows wanted{[&](snapshot&, changes& out, id_of<tenant> where) {
      out.insert(activity{.user_id = id, .tenant_id = where, .last_active_at = clock->at + -days_ago * day});
    }};
    static_cast<void>(must(dir.run(at_tenant, wanted)));
  }
  shrink_plan_answer plan(std::int32_t purchased, id_of<package> of = {}) {
    return must(dir.ask(admin, shrink_plan{of ? of : basic, purchased}));
  }
  static std::vector<id_of<user>> ids(const shrink_plan_answer& plan) {
    std::vector<id_of<user>> out;
    for (const auto& row : plan.losses) out.push_back(row.user_id);
    return out;
  }
  std::string flaw() {
    const auto wrong = domain::inspector(domain::rows(*rows)).found();
    return wrong.empty() ? "" : wrong.front();
  }
};

} // namespace

ON_EVERY_STORE("B5 I5 the plan begins with who would miss the seat least, and says why, when and what is lost") {
  firm w;
  const auto all = w.plan(0);
  CHECK(firm::ids(all) == std::vector{w.newer, w.older, w.away, w.silent, w.quiet, w.busy, w.second, w.owner});
  std::vector<shrink_reason> reasons;
  for (const auto& row : all.losses) reasons.push_back(row.reason);
  using enum shrink_reason;
  CHECK(reasons == std::vector{invited, invited, suspended, idle, idle, idle, administrator, shrink_reason::owner});
  CHECK(all.package == "Basic");
  CHECK(all.held == 8);
  CHECK(all.purchased_before == 10);
  CHECK(all.purchased_after == 0);
  CHECK(all.lost_at == w.clock->at);
  CHECK(all.losses[3].message.find("No activity reported, has the seat since 2026-") == 0);
  CHECK_FALSE(all.losses[3].last_active_at);
  CHECK(all.losses[4].last_active_at == w.clock->at + -60 * day);
  CHECK(all.losses[4].message.find("Last active on ") == 0);
  CHECK(all.losses[4].features_lost == std::vector<std::string>{"minutes.included"});
}

TEST_CASE("B5 I5 as many are in the plan as must go, and none where nobody must") {
  firm w;
  CHECK(w.plan(8).losses.empty());
  CHECK(firm::ids(w.plan(5)) == std::vector{w.newer, w.older, w.away});
  w.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 10, .overage = overage_policy::allow});
  CHECK(w.plan(0).losses.empty());
  CHECK(refused_with(w.dir.ask(w.admin, shrink_plan{{make_id(tag_of<package>, 77)}, 1})).reason == "package_unknown");
  CHECK(refused_with(w.dir.ask(w.admin, shrink_plan{w.package_named("Gold", package_kind::base, 1, {}), 1})).reason ==
        "pool_missing");
}

TEST_CASE("B5 a feature that another package of the user's gives is not lost; direct numbers would be priced anew") {
  lines_world w;
  w.number(w.mia, "+4930100");
  const auto scan = w.package_named("Scan", package_kind::add_on, 100, {{"video.hipaa", "yes"}, {"scan", "yes"}});
  REQUIRE(w.dir.run(w.at_tenant, offer_package{scan}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = scan, .purchased = 1}));
  REQUIRE(w.dir.run(w.admin, assign_package{w.mia, scan}));
  const auto base = must(w.dir.ask(w.admin, shrink_plan{w.plus, 0})).losses.at(0);
  CHECK(base.features_lost == std::vector<std::string>{"minutes.included"});
  CHECK(base.numbers_repriced == 1);
  const auto add_on = must(w.dir.ask(w.admin, shrink_plan{scan, 0})).losses.at(0);
  CHECK(add_on.features_lost == std::vector<std::string>{"scan"});
  CHECK(add_on.numbers_repriced == 0);
}

ON_EVERY_STORE("B5 I5 S1.4 the edited list is the change: exactly those lose the package, and nothing else moves") {
  firm w;
  auto list = firm::ids(w.plan(5));
  list[2] = w.busy; // Away keeps the seat
  const shrink_pool wanted{.package_id = w.basic, .purchased = 5, .from_user_ids = list};
  const auto before = w.digest();
  const auto seen = must(w.dir.preview(w.at_tenant, wanted));
  CHECK(w.digest() == before);
  CHECK(seen.untouched.before == seen.untouched.after);
  CHECK(seen.untouched.rows > 0);
  CHECK(seen.price_differences.at(0).minor == -3000);
  const auto done = must(w.dir.confirm(w.at_tenant, wanted, *seen.token));
  CHECK(done.seats.size() == 1);
  const auto pool = w.pool(w.basic);
  CHECK(pool.purchased == 5);
  CHECK(pool.used + pool.reserved == 5);
  for (const auto id : list) CHECK(w.details(id).package == "Unassigned");
  for (const auto id : {w.away, w.quiet, w.silent, w.second, w.owner}) CHECK(w.details(id).package == "Basic");
  CHECK(w.flaw() == "");
}

TEST_CASE("B5 I5 a list that is too short, wrong or of somebody else's seats is refused, and nothing changes") {
  firm w;
  const auto list = firm::ids(w.plan(5));
  const auto stranger = w.adopt("Una", "Unassigned", "una@acme.example");
  const auto before = w.digest();
  const auto no = [&](std::int32_t purchased, std::vector<id_of<user>> from) {
    return refused_with(
        w.dir.run(w.at_tenant, shrink_pool{.package_id = w.basic, .purchased = purchased, .from_user_ids = from}));
  };
  const auto short_by_one = no(5, {list[0], list[1]});
  CHECK(short_by_one.reason == "below_use");
  CHECK(short_by_one.path == "/from_user_ids");
  CHECK(short_by_one.message.find("1 more user must lose \"Basic\"") == 0);
  CHECK(no(5, {}).message.find("3 more users must lose") == 0);
  const auto twice = no(5, {list[0], list[1], list[0]});
  CHECK(twice.reason == "user_repeated");
  CHECK(twice.path == "/from_user_ids/2");
  const auto none = no(5, {list[0], stranger, list[1]});
  CHECK(none.reason == "not_a_holder");
  CHECK(none.path == "/from_user_ids/1");
  CHECK(no(5, {{make_id(tag_of<user>, 77)}}).reason == "user_unknown");
  CHECK(no(11, list).reason == "not_smaller");
  CHECK(no(not_given, list).reason == "purchased_missing");
  CHECK(w.digest() == before);
}

TEST_CASE("B5 B13 a seat that a rule gave is lost for good: the rule does not give it again by itself") {
  firm w;
  w.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 11});
  const auto una = w.adopt("Una", "Agent", "una@acme.example");
  w.run(w.admin, edit_user{.user_id = una, .team_role = "agent"});
  w.run(w.admin, set_assignment_rule{.team_role = "agent", .package_id = w.basic});
  REQUIRE(w.details(una).package == "Basic");
  w.run(w.at_tenant, shrink_pool{.package_id = w.basic, .purchased = 8, .from_user_ids = {una}});
  w.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 11});
  w.run(w.admin, retry_failed_assignments{});
  CHECK(w.details(una).package == "Unassigned");
  const auto outcome = must(w.dir.ask(w.admin, assignments{})).assignments.at(0);
  CHECK(outcome.state == assignment_state::conflict);
  CHECK(outcome.reason == "unassigned_by_hand");
  CHECK(w.flaw() == "");
}

TEST_CASE("B5 whoever lowers a pool needs the right to take licences too") {
  firm w;
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "buyer", .permissions = {"seat_pool.manage", "license.view"}}));
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = w.busy, .role = "buyer"}));
  const auto buyer = must(w.dir.open_actor("busy@acme.example", w.tenant_id));
  const auto no =
      refused_with(w.dir.run(buyer, shrink_pool{.package_id = w.basic, .purchased = 7, .from_user_ids = {w.newer}}));
  CHECK(no.reason == "permission_denied");
  CHECK(no.path == "/from_user_ids");
  CHECK(w.dir.run(buyer, shrink_pool{.package_id = w.basic, .purchased = 8}));
}

TEST_CASE("B5 I5 set_seat_pool below use names the plan") {
  firm w;
  const auto no = refused_with(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 7}));
  CHECK(no.reason == "below_use");
  CHECK(no.message.find("shrink_plan") != std::string::npos);
}

TEST_CASE("B5 I1 I2 I5 whatever the company, the plan unchanged is accepted, and one row less is refused") {
  std::mt19937_64 chance(5);
  const auto below = [&](unsigned n) { return static_cast<std::int32_t>(chance() % n); };
  int planned = 0;
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    const auto on = std::shared_ptr<store>(memory_store());
    world w(std::make_unique<hard::lent_store>(on), 30);
    const auto package_id = below(3) == 0 ? w.fax : w.basic;
    for (int n = below(14) + 1; n > 0; --n) {
      const auto email = "u" + std::to_string(n) + "@acme.example";
      w.clock->at = w.clock->at + below(3) * day;
      const auto id = below(3) == 0 ? w.invite("In", "Vited", email) : w.adopt("Ac", "Tive", email);
      if (below(5) == 0)
        static_cast<void>(must(w.dir.run(w.at_tenant, grant_role{.user_id = id, .role = "administrator"})));
      if (below(5) != 0) static_cast<void>(must(w.dir.run(w.admin, assign_package{id, package_id})));
      if (below(5) == 0) static_cast<void>(must(w.dir.run(w.at_tenant, suspend_user{.user_id = id})));
      const put_rows active{[&](snapshot&, changes& out, id_of<tenant> where) {
        if (below(2) == 0)
          out.insert(activity{.user_id = id, .tenant_id = where, .last_active_at = w.clock->at + -below(99) * day});
      }};
      static_cast<void>(must(w.dir.run(w.at_tenant, active)));
    }
    const auto purchased = below(12);
    const auto plan = must(w.dir.ask(w.admin, shrink_plan{package_id, purchased}));
    shrink_pool wanted{.package_id = package_id, .purchased = purchased};
    for (const auto& row : plan.losses) wanted.from_user_ids.push_back(row.user_id);
    if (!plan.losses.empty()) {
      ++planned;
      auto less = wanted;
      less.from_user_ids.erase(less.from_user_ids.begin() + below(static_cast<unsigned>(plan.losses.size())));
      CHECK(refused_with(w.dir.run(w.at_tenant, less)).reason == "below_use");
    }
    REQUIRE(w.dir.run(w.at_tenant, wanted));
    const auto pool = w.pool(package_id);
    CHECK(pool.purchased == purchased);
    CHECK(pool.used + pool.reserved == std::min(plan.held, purchased));
    const auto wrong = domain::inspector(domain::rows(*on)).found();
    CHECK_MESSAGE(wrong.empty(), wrong.front());
  }
  CHECK(planned > 20);
}
