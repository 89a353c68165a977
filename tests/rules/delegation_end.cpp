// How a delegation ends: removed, at its date, unreviewed; and what who is invited again inherits.
#include <linecard/rules/delegation.hpp>

#include "rules/office.hpp"

using namespace kit;

TEST_CASE("S3.7 I20 removal, pending or active, ends everything at once, for an actor opened before too") {
  for (const bool active : {false, true}) {
    CAPTURE(active);
    office o;
    const auto id = active ? o.let_in(o.invitation()) : o.invited(o.invitation());
    const auto as = o.open();
    CHECK(o.dir.ask(as, users{}).has_value() == active);
    REQUIRE(o.dir.run(o.at_tenant, give_flag{.email = std::string(pat), .flag = flag::manage_e911}));
    REQUIRE(o.dir.run(o.at_tenant, grant_role{.email = std::string(pat), .role = "tenant"}));
    REQUIRE(o.dir.run(o.admin, remove_delegate{id}));
    CHECK(refused_with(o.dir.ask(as, users{})).reason == "actor_expired");
    CHECK_FALSE(o.may(permission::license_view));
    CHECK(o.listed().empty());
    for (const auto& g : must(o.dir.ask(o.admin, grants{.limit = 500})).grants) CHECK(g.email != pat);
    CHECK(must(o.dir.run(o.admin, remove_delegate{id})).changes.empty());
    for (const auto& why : {o.reason(o.admin, activate_delegate{id}), o.reason(o.admin, acknowledge_notice{id, 1}),
                            o.reason(o.admin, review_delegate{.delegate_id = id})})
      CHECK(why == "delegate_unknown");
    CHECK(refused_with(o.dir.ask(o.admin, what_can{.email = std::string(pat)})).reason == "user_unknown");
    CHECK(o.dir.run(o.admin, delete_role{"licensing"})); // nobody is left who holds it
  }
}

TEST_CASE(
    "S3.8 a delegation is due for review after 90 days or on the date given, listed as overdue from that instant") {
  office o;
  const auto start = o.clock->at;
  const auto id = o.let_in(o.invitation());
  auto sooner = o.invitation("soon@partner.example");
  sooner.review_at = start + 1000;
  o.let_in(sooner);
  CHECK(o.listed().back().review_at == start + std::int64_t{90} * 86'400'000);
  CHECK(o.listed().front().email == "soon@partner.example"); // by date of review
  CHECK(o.listed(true).empty());
  o.clock->at = start + 999;
  CHECK(o.listed(true).empty());
  o.clock->at = start + 1000;
  REQUIRE(o.listed(true).size() == 1);
  CHECK(o.listed(true).front().overdue);
  CHECK(o.may(permission::license_view, {}, "soon@partner.example")); // overdue alone ends nothing
  o.clock->at = start + review_interval;
  CHECK(o.listed(true).size() == 2);
  CHECK(o.reason(o.admin, review_delegate{id, o.clock->at}) == "review_at_invalid");
  REQUIRE(o.dir.run(o.admin, review_delegate{id, o.clock->at + 1}));
  CHECK(o.listed(true).size() == 1);
  REQUIRE(o.dir.run(o.admin, review_delegate{.delegate_id = id}));
  CHECK(o.listed().back().review_at == o.clock->at + review_interval);
}

TEST_CASE("S3.8 a delegation ends at the very instant of its end, or of its review when set to lapse, and not before") {
  for (const bool lapsing : {false, true}) {
    CAPTURE(lapsing);
    office o;
    const auto start = o.clock->at;
    auto limited = o.invitation();
    limited.lapses = lapsing;
    (lapsing ? limited.review_at : limited.ends_at) = start + 1000;
    const auto id = o.let_in(limited);
    const auto as = o.open();
    o.clock->at = start + 999;
    CHECK(o.dir.ask(as, users{}));
    CHECK(o.listed().front().state == delegate_state::active);
    o.clock->at = start + 1000;
    CHECK(refused_with(o.dir.ask(as, users{})).reason == "permission_denied");
    CHECK_FALSE(o.may(permission::license_view));
    CHECK(o.why("license.view").reason == verdict_reason::delegation_lapsed);
    REQUIRE(o.listed().size() == 1);
    CHECK(o.listed().front().state == delegate_state::lapsed);
    CHECK(o.listed(true).empty()); // nothing left to review
    CHECK(o.reason(o.admin, review_delegate{.delegate_id = id}) == "delegation_lapsed");
    CHECK(o.reason(o.admin, acknowledge_notice{id, 1}) == "delegation_lapsed");
  }
}

TEST_CASE("S3.8 a review done in time moves the date at which a delegation lapses") {
  office o;
  auto lapsing = o.invitation();
  lapsing.lapses = true;
  lapsing.review_at = o.clock->at + 1000;
  const auto id = o.let_in(lapsing);
  o.clock->at = o.clock->at + 999;
  REQUIRE(o.dir.run(o.admin, review_delegate{id, o.clock->at + 1000}));
  o.clock->at = o.clock->at + 999;
  CHECK(o.may(permission::license_view));
  o.clock->at = o.clock->at + 1;
  CHECK_FALSE(o.may(permission::license_view));
}

TEST_CASE("S3.8 dates of review and of the end lie in the future, and a lapsed invitation cannot be activated") {
  office o;
  auto past = o.invitation();
  past.review_at = o.clock->at;
  CHECK(o.reason(o.admin, past) == "review_at_invalid");
  past.review_at.reset();
  past.ends_at = o.clock->at;
  CHECK(o.reason(o.admin, past) == "ends_at_invalid");
  past.ends_at = o.clock->at + 1;
  const auto id = o.invited(past);
  o.clock->at = o.clock->at + 1;
  CHECK(o.reason(o.admin, activate_delegate{id}) == "delegation_lapsed");
}

TEST_CASE("I20 who is added again after removal or lapse gets a new id and inherits nothing: no role, flag or notice") {
  for (const bool lapsed : {false, true}) {
    CAPTURE(lapsed);
    office o;
    auto first = o.invitation();
    first.ends_at = o.clock->at + 1000;
    const auto old = o.let_in(first);
    const auto as = o.open();
    REQUIRE(o.dir.run(o.at_tenant, give_flag{.email = std::string(pat), .flag = flag::manage_international}));
    REQUIRE(o.dir.run(o.at_tenant, grant_role{.email = std::string(pat), .role = "tenant"}));
    CHECK(o.reason(o.admin, o.invitation(pat, "delegate")) == "already_a_delegate");
    if (lapsed)
      o.clock->at = o.clock->at + 1000;
    else
      REQUIRE(o.dir.run(o.admin, remove_delegate{old}));
    REQUIRE(o.dir.run(o.admin, define_role{.name = "viewing", .permissions = {"license.view"}}));
    const auto fresh = o.invited(o.invitation(pat, "viewing"));
    CHECK(fresh != old);
    CHECK(refused_with(o.dir.ask(as, users{})).reason == (lapsed ? "permission_denied" : "actor_expired"));
    REQUIRE(o.dir.run(o.admin, activate_delegate{fresh}));
    CHECK(must(o.dir.ask(o.admin, what_can{.email = std::string(pat)})).permissions ==
          std::vector<std::string>{"license.view"});
    for (const auto& g : must(o.dir.ask(o.admin, grants{.limit = 500})).grants)
      if (g.email == pat) CHECK(g.flags.empty());
    CHECK(o.reason(o.admin, activate_delegate{old}) == "delegate_unknown");
    CHECK(o.listed().size() == 1);
  }
}
