// What a tenant says about people who leave.
#include <linecard/rules/policies.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

tenant_policy_answer in_force(world& w, const actor& as) { return must(w.dir.ask(as, tenant_policy_in_force{})); }

} // namespace

ON_EVERY_STORE("S4.17 a tenant's policy has defaults, and what is left out of a change stays as it is") {
  world w;
  auto now = in_force(w, w.admin);
  CHECK(now.suspended_seats == suspended_seats::keep);
  CHECK(now.restore_days == 30);
  CHECK(now.undo_days == 7);
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.restore_days = 10}));
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.suspended_seats = suspended_seats::free, .undo_days = 0}));
  now = in_force(w, w.admin);
  CHECK(now.suspended_seats == suspended_seats::free);
  CHECK(now.restore_days == 10);
  CHECK(now.undo_days == 0);
  CHECK(in_force(w, w.other_admin).restore_days == 30); // each tenant has its own
}

TEST_CASE("I4 a policy that says what holds already changes nothing") {
  world w;
  const auto before = w.digest();
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{}));
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.suspended_seats = suspended_seats::keep, .restore_days = 30}));
  CHECK(w.digest() == before);
}

TEST_CASE("S4.17 B6 windows are from none to a year, and to a quarter, in days") {
  world w;
  for (const auto days : {-1, 366, INT32_MAX}) {
    const auto no = refused_with(w.dir.run(w.admin, set_tenant_policy{.restore_days = days}));
    CHECK(no.reason == "restore_days_invalid");
    CHECK(no.path == "/restore_days");
  }
  for (const auto days : {-1, 91})
    CHECK(refused_with(w.dir.run(w.admin, set_tenant_policy{.undo_days = days})).reason == "undo_days_invalid");
  CHECK(w.dir.run(w.admin, set_tenant_policy{.restore_days = 365, .undo_days = 90}));
}
