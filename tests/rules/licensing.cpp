#include <linecard/rules/licensing.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

std::string reason(const result<receipt>& r) { return r ? "" : r.error().reason; }

} // namespace

TEST_CASE("S1.1 only an administrator of the tenant, or above it, lists users or changes licences") {
  world w;
  const auto member = w.adopt("Mia", "Member", "mia@acme.example");
  const auto as_member = must(w.dir.open_actor("mia@acme.example", w.tenant_id));
  CHECK(refused_with(w.dir.ask(as_member, users{})).reason == "permission_denied");
  CHECK(refused_with(w.dir.run(as_member, assign_package{member, w.basic})).code == status::denied);
  CHECK(refused_with(
            w.dir.run(must(w.dir.open_actor("otto@other.example", w.tenant_id)), assign_package{member, w.basic}))
            .code == status::denied);
  CHECK(w.dir.ask(w.admin, users{}));
  CHECK(w.dir.run(w.at_tenant, assign_package{member, w.basic})); // the operator stands above the tenant
}

TEST_CASE("S1.2 a row shows name, initials, e-mail and package, and no package shows exactly Unassigned") {
  world w;
  const auto id = w.adopt("\xC3\x89lodie", "\xC3\x85ngstr\xC3\xB6m", "Elodie@ACME.example");
  const auto found = must(w.dir.ask(w.admin, users{.search = "elodie"})).users;
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "\xC3\x89lodie \xC3\x85ngstr\xC3\xB6m");
  CHECK(found[0].initials == "\xC3\x89\xC3\x85");
  CHECK(found[0].email == "elodie@acme.example");
  CHECK(found[0].package == "Unassigned");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.plus}));
  CHECK(must(w.dir.ask(w.admin, users{.search = "elodie"})).users.front().package == "Plus");
}

TEST_CASE("S1.5 assigning a package never moves the team role, and the library says why") {
  world w;
  const auto id = must(w.dir.run(w.admin, adopt_user{.first_name = "Sam",
                                                     .last_name = "Super",
                                                     .email = "sam@acme.example",
                                                     .team_role = "supervisor"}))
                      .created_id<user>();
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.plus}));
  CHECK(w.details(id).team_role == "supervisor");
  const auto why = must(w.dir.ask(w.admin, why_role_unchanged{id}));
  CHECK(why.reason == "separate_fields");
  CHECK(why.team_role == "supervisor");
  CHECK(why.package == "Plus");
}

ON_EVERY_STORE("S1.6 I6 an unknown, unoffered or retired package, or one whose service is missing, is refused and the "
               "reason says which") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(reason(w.dir.run(w.admin, assign_package{id, {make_id(tag_of<package>, 77)}})) == "package_unknown");
  const auto gold = w.package_named("Gold", package_kind::base, 9000, {});
  CHECK(reason(w.dir.run(w.admin, assign_package{id, gold})) == "package_not_offered");
  const auto video =
      must(w.dir.run(w.operator_, define_package{.name = "Video", .currency = "EUR", .services = {"video"}}))
          .created_id<package>();
  REQUIRE(w.dir.run(w.at_tenant, offer_package{video}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{video, 5}));
  const auto needs_video = refused_with(w.dir.run(w.admin, assign_package{id, video}));
  CHECK(needs_video.reason == "service_not_enabled");
  CHECK(needs_video.message.find("\"video\"") != std::string::npos);
  REQUIRE(w.dir.run(w.at_tenant, enable_service{"video"}));
  CHECK(w.dir.preview(w.admin, assign_package{id, video}));
  REQUIRE(w.dir.run(w.at_tenant, disable_service{"video"}));
  CHECK(reason(w.dir.run(w.admin, assign_package{id, video})) == "service_not_enabled");
  REQUIRE(w.dir.run(w.operator_, retire_package{w.basic}));
  CHECK(reason(w.dir.run(w.admin, assign_package{id, w.basic})) == "package_retired");
  CHECK(
      reason(w.dir.run(
          w.admin, add_user{.first_name = "A", .last_name = "B", .email = "ab@acme.example", .package_id = w.basic})) ==
      "package_retired");
}

TEST_CASE("S1.10 selectable_packages names the reason for each package that is not") {
  world w(memory_store(), 1);
  const auto gold = w.package_named("Gold", package_kind::base, 9000, {});
  REQUIRE(w.dir.run(w.admin, assign_package{w.adopt("Ulf", "User", "ulf@acme.example"), w.basic}));
  const auto rows = must(w.dir.ask(w.admin, selectable_packages{})).packages;
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].name == "Basic");
  CHECK(rows[0].reason == "no_seat_left");
  CHECK(rows[1].name == "Fax");
  CHECK(rows[1].selectable);
  CHECK(rows[2].package_id == gold);
  CHECK(rows[2].reason == "package_not_offered");
  CHECK(rows[3].name == "Plus");
  CHECK(rows[3].reason.empty());
}

TEST_CASE("S1.10 why_unassigned tells a user who never had a package from one whose package was taken") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(must(w.dir.ask(w.admin, why_unassigned{id})).reason == "never_assigned");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  CHECK(must(w.dir.ask(w.admin, why_unassigned{id})).assigned);
  REQUIRE(w.dir.run(w.admin, unassign_package{id, {}}));
  const auto why = must(w.dir.ask(w.admin, why_unassigned{id}));
  CHECK(why.reason == "taken");
  CHECK(why.command == "unassign_package");
  CHECK(why.taken_at == w.clock->at);
}

TEST_CASE("S1.11 a user can be set back to Unassigned, and the seat is free again") {
  world w(memory_store(), 1);
  const auto one = w.adopt("One", "User", "one@acme.example"), two = w.adopt("Two", "User", "two@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{one, w.basic}));
  const auto full = refused_with(w.dir.run(w.admin, assign_package{two, w.basic}));
  CHECK(full.code == status::limit);
  CHECK(full.reason == "no_seat_left");
  REQUIRE(w.dir.run(w.admin, unassign_package{one, {}}));
  CHECK(w.details(one).package == "Unassigned");
  CHECK(w.dir.run(w.admin, assign_package{two, w.basic}));
}

TEST_CASE("S1.11 the overage policy allow goes beyond what was purchased, block does not") {
  world w(memory_store(), 0);
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(reason(w.dir.run(w.admin, assign_package{id, w.basic})) == "no_seat_left");
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{w.basic, 0, overage_policy::allow}));
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  CHECK(w.pool(w.basic).used == 1);
  CHECK(w.pool(w.basic).free == -1);
}

ON_EVERY_STORE("S1.11 I4 an invited user reserves a seat, and activation converts it without taking a second") {
  world w(memory_store(), 1);
  const auto id = w.invite("Ina", "Invited", "ina@acme.example", w.basic);
  CHECK(w.pool(w.basic).reserved == 1);
  CHECK(w.pool(w.basic).used == 0);
  CHECK_FALSE(must(w.dir.ask(w.admin, entitled{id, "minutes.included"})).entitled);
  REQUIRE(w.dir.run(w.admin, activate_user{id, {}}));
  CHECK(w.pool(w.basic).reserved == 0);
  CHECK(w.pool(w.basic).used == 1);
  CHECK(must(w.dir.ask(w.admin, entitled{id, "minutes.included"})).entitled);
  CHECK(reason(w.dir.run(w.admin, activate_user{id, {}})) == "not_invited");
}

ON_EVERY_STORE("I4 assigning what is held, and unassigning what is not, changes nothing at all") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  const auto before = w.digest();
  const auto again = must(w.dir.run(w.admin, assign_package{id, w.basic}));
  CHECK(again.changes.empty());
  CHECK_FALSE(again.audit_seq);
  REQUIRE(w.dir.run(w.admin, change_package{id, w.basic}));
  REQUIRE(w.dir.run(w.admin, unassign_package{id, w.plus}));
  CHECK(w.digest() == before);
}

TEST_CASE("S4.5 a user holds at most one base package, changeable at any time, and add-ons beside it") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(reason(w.dir.run(w.admin, change_package{id, w.basic})) == "unassigned");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  CHECK(reason(w.dir.run(w.admin, assign_package{id, w.plus})) == "already_assigned");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.fax}));
  CHECK(reason(w.dir.run(w.admin, change_package{id, w.fax})) == "not_a_base_package");
  REQUIRE(w.dir.run(w.admin, change_package{id, w.plus}));
  const auto now = w.details(id);
  CHECK(now.package == "Plus");
  CHECK(now.add_ons == std::vector{w.fax});
}

ON_EVERY_STORE("I3 a change moves the seat in one step: a full pool leaves the old package in place") {
  world w(memory_store(), 1);
  const auto one = w.adopt("One", "User", "one@acme.example"), two = w.adopt("Two", "User", "two@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{one, w.basic}));
  REQUIRE(w.dir.run(w.admin, assign_package{two, w.plus}));
  const auto before = w.digest();
  CHECK(reason(w.dir.run(w.admin, change_package{one, w.plus})) == "no_seat_left");
  CHECK(w.digest() == before);
  CHECK(w.details(one).package == "Basic");
}

TEST_CASE("S4.6 entitled answers with the feature's value and the package it comes from") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  CHECK_FALSE(must(w.dir.ask(w.admin, entitled{id, "video.hipaa"})).entitled);
  REQUIRE(w.dir.run(w.admin, change_package{id, w.plus}));
  const auto now = must(w.dir.ask(w.admin, entitled{id, "video.hipaa"}));
  CHECK(now.entitled);
  CHECK(now.setting == "yes");
  CHECK(now.package_id == w.plus);
}

TEST_CASE("many users are licensed in one command, all or none, and the path names who was refused") {
  world w(memory_store(), 2);
  const std::vector<id_of<user>> three{w.adopt("A", "User", "a@acme.example"), w.adopt("B", "User", "b@acme.example"),
                                       w.adopt("C", "User", "c@acme.example")};
  const auto before = w.digest();
  const auto no = refused_with(w.dir.run(w.admin, assign_packages{three, w.basic}));
  CHECK(no.reason == "no_seat_left");
  CHECK(no.path == "/user_ids/2");
  CHECK(w.digest() == before);
  const std::vector<id_of<user>> two{three[0], three[1]};
  CHECK(must(w.dir.run(w.admin, assign_packages{two, w.basic})).seats.front().used_after == 2);
  REQUIRE(w.dir.run(w.admin, change_packages{two, w.plus}));
  REQUIRE(w.dir.run(w.admin, unassign_packages{two, {}}));
  CHECK(w.pool(w.plus).used == 0);
  CHECK(refused_with(w.dir.run(w.admin, assign_packages{{}, w.basic})).reason == "user_ids_missing");
}
