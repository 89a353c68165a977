// Deleted users and identities: what ends with them, what becomes free, and that nobody inherits anything.
#include <linecard/rules/standing.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

struct desk : world {
  id_of<user> maud{}; // with everything that a user can hold

  desk() {
    maud = must(dir.run(admin, adopt_user{.first_name = "Maud",
                                          .last_name = "Lewis",
                                          .email = "maud@acme.example",
                                          .role = "administrator",
                                          .package_id = plus,
                                          .external_ref = "17",
                                          .extension = "201",
                                          .devices = {{.name = "desk", .description = "T54W"}}}))
               .created_id<user>();
    const auto ada = must(dir.ask(admin, find_user{.email = "ada@acme.example"})).user_id;
    for (const auto id : {ada, maud})
      static_cast<void>(must(dir.run(at_tenant, give_flag{.user_id = id, .flag = flag::manage_e911})));
  }
  std::size_t listed() { return must(dir.ask(admin, users{})).users.size(); }
  std::int32_t administrators() {
    return static_cast<std::int32_t>(must(dir.ask(admin, who_can{.permission = "user.manage"})).grants.size());
  }
  template <class C> std::string reason(const actor& by, const C& c) { return refused_with(dir.run(by, c)).reason; }
};

} // namespace

ON_EVERY_STORE(
    "I20 S4.17 a deleted user is in no list, may do nothing, and seat, extension and reference are free at once") {
  desk w;
  const auto before = w.listed();
  const auto opened = must(w.dir.open_actor("maud@acme.example", w.tenant_id));
  CHECK(w.dir.check(opened.identity_id(), permission::user_manage, w.tenant_id));
  const auto done = must(deleted(w.dir, w.admin, delete_user{w.maud}));
  CHECK_FALSE(w.dir.check(opened.identity_id(), permission::user_manage, w.tenant_id));
  CHECK(w.reason(opened, suspend_user{w.maud}) == "actor_expired");
  CHECK(w.reason(must(w.dir.open_actor("maud@acme.example", w.tenant_id)), suspend_user{w.maud}) ==
        "permission_denied");
  CHECK(w.listed() == before - 1);
  CHECK(w.pool(w.plus).used == 0);
  CHECK(w.administrators() == 1);
  CHECK(w.reason(w.admin, suspend_user{w.maud}) == "user_unknown");
  CHECK(w.reason(w.admin, assign_package{w.maud, w.basic}) == "user_unknown");
  CHECK(w.reason(w.admin, delete_user{w.maud}) == "user_unknown");
  CHECK(refused_with(w.dir.ask(w.admin, find_user{.email = "maud@acme.example"})).reason == "user_unknown");
  const adopt_user next{
      .first_name = "Nu", .last_name = "New", .email = "nu@acme.example", .external_ref = "17", .extension = "201"};
  CHECK(w.dir.run(w.admin, next));
}

ON_EVERY_STORE("I20 who is added anew under a deleted user's e-mail is another user and inherits nothing") {
  desk w;
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{w.maud})));
  const auto again = w.adopt("Maud", "Lewis", "maud@acme.example");
  CHECK(again != w.maud);
  CHECK(must(w.dir.ask(w.admin, what_can{.user_id = again})).permissions.empty());
  CHECK(w.details(again).package == "Unassigned");
  CHECK(must(w.dir.ask(w.admin, find_user{.email = "maud@acme.example"})).user_id == again);
  const auto who = must(w.dir.open_actor("maud@acme.example", w.tenant_id)).identity_id();
  CHECK(w.dir.effective(who, w.tenant_id).empty());
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{again})));
  CHECK(w.adopt("Maud", "Lewis", "maud@acme.example") != again); // as often as it takes
}

ON_EVERY_STORE("S4.17 I2 suspending frees the seats where the tenant's policy says so: the user returns Unassigned") {
  desk w;
  const auto ina = w.invite("Ina", "Invited", "ina@acme.example", w.basic);
  REQUIRE(w.dir.run(w.admin, assign_package{w.maud, w.fax}));
  REQUIRE(w.dir.run(w.admin, suspend_user{w.maud}));
  CHECK(w.pool(w.plus).used == 1); // kept, as long as nothing else was said
  REQUIRE(w.dir.run(w.admin, resume_user{w.maud}));
  CHECK(w.details(w.maud).package == "Plus");
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.suspended_seats = suspended_seats::free}));
  for (const auto id : {w.maud, ina}) REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK(w.pool(w.plus).used == 0);
  CHECK(w.pool(w.fax).used == 0);
  CHECK(w.pool(w.basic).reserved == 0);
  for (const auto id : {w.maud, ina}) REQUIRE(w.dir.run(w.admin, resume_user{id}));
  CHECK(w.details(w.maud).state == user_state::active);
  CHECK(w.details(w.maud).administrator);
  CHECK(w.details(w.maud).extensions == std::vector<std::string>{"201"});
  CHECK(w.details(ina).state == user_state::invited);
  for (const auto id : {w.maud, ina}) CHECK(w.details(id).package == "Unassigned");
}

TEST_CASE("I13 S4.3 neither owner nor last administrator is deleted, and nobody deletes themselves or a superior") {
  desk w;
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  const auto maud = must(w.dir.open_actor("maud@acme.example", w.tenant_id));
  CHECK(w.reason(maud, delete_user{ada}) == "owner_needs_support");
  CHECK(w.reason(w.admin, delete_user{ada}) == "own_user");
  static_cast<void>(must(w.dir.run(w.at_tenant, define_role{.name = "desk", .permissions = {"user.manage"}})));
  const auto wim = w.adopt("Wim", "Worker", "wim@acme.example");
  static_cast<void>(must(w.dir.run(w.at_tenant, grant_role{.user_id = wim, .role = "desk"})));
  const auto worker = must(w.dir.open_actor("wim@acme.example", w.tenant_id));
  CHECK(w.reason(worker, delete_user{w.maud}) == "target_exceeds_own");
  static_cast<void>(must(w.dir.run(w.at_tenant, replace_owner{w.maud})));
  static_cast<void>(must(deleted(w.dir, maud, delete_user{ada})));
  CHECK(w.reason(w.at_tenant, delete_user{w.maud}) == "owner_needs_support");
}

TEST_CASE("I13 deleting a suspended administrator does not take the count of the others a second time") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, suspend_user{w.maud})));
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{w.maud})));
  const auto bo = w.administrator(w.admin, "Bo", "B", "bo@acme.example");
  const auto bos = must(w.dir.ask(w.admin, find_user{.email = "bo@acme.example"})).user_id;
  CHECK(deleted(w.dir, w.admin, delete_user{bos})); // two administrators: one may go
  static_cast<void>(bo);
}

TEST_CASE("I9 deleting a user leaves the person's place in other tenants as it was") {
  desk w;
  static_cast<void>(must(w.dir.run(
      w.other_admin,
      adopt_user{.first_name = "Maud", .last_name = "L", .email = "maud@acme.example", .role = "administrator"})));
  const auto other = w.digest(w.other_id);
  const auto there = must(w.dir.open_actor("maud@acme.example", w.other_id));
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{w.maud})));
  CHECK(w.digest(w.other_id) == other);
  CHECK(w.dir.check(there.identity_id(), permission::user_manage, w.other_id));
}

ON_EVERY_STORE("I20 a deleted identity ends everywhere; its address is free, and the next holder is somebody else") {
  desk w;
  const auto opened = must(w.dir.open_actor("maud@acme.example"));
  CHECK(w.reason(w.operator_, delete_identity{"maud@acme.example"}) == "identity_in_use");
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{w.maud})));
  static_cast<void>(must(w.dir.run(w.operator_, grant_role{.email = "maud@acme.example", .role = "support"})));
  static_cast<void>(must(w.dir.run(w.operator_, delete_identity{"maud@acme.example"})));
  CHECK(w.reason(opened, create_container{.name = "mine"}) == "actor_expired");
  CHECK_FALSE(w.dir.check(opened.identity_id(), permission::identity_manage, {}));
  CHECK(refused_with(w.dir.open_actor("maud@acme.example")).reason == "identity_unknown");
  CHECK(refused_with(w.dir.open_actor(opened.identity_id())).reason == "identity_unknown");
  CHECK(w.reason(w.operator_, delete_identity{"maud@acme.example"}) == "identity_unknown");
  CHECK(w.reason(w.operator_, delete_identity{"root@example.com"}) == "own_identity");
  const auto again = w.adopt("Maud", "Lewis", "maud@acme.example");
  const auto anew = must(w.dir.open_actor("maud@acme.example"));
  CHECK(anew.identity_id() != opened.identity_id());
  CHECK(must(w.dir.ask(w.admin, what_can{.user_id = again})).permissions.empty());
}

TEST_CASE("I8 nobody lets somebody return to more than they hold themselves, anywhere below") {
  desk w;
  const auto in_container = must(w.dir.open_actor(w.operator_.identity_id(), w.container_id));
  static_cast<void>(must(w.dir.run(in_container, grant_role{.email = "carl@box.example", .role = "container"})));
  static_cast<void>(must(w.dir.run(w.operator_, grant_role{.email = "sue@support.example", .role = "support"})));
  const auto sue = must(w.dir.open_actor("sue@support.example"));
  CHECK(w.reason(sue, suspend_identity{"carl@box.example"}) == "target_exceeds_own");
  CHECK(w.reason(sue, delete_identity{"carl@box.example"}) == "target_exceeds_own");
  static_cast<void>(must(w.dir.run(w.operator_, suspend_identity{"carl@box.example"})));
  CHECK(w.reason(sue, resume_identity{"carl@box.example"}) == "role_exceeds_own");
  CHECK(w.reason(sue, delete_identity{"carl@box.example"}) == "target_exceeds_own");
  CHECK(w.dir.run(w.operator_, resume_identity{"carl@box.example"}));
}

TEST_CASE("I8 S5.11 who is suspended or invited is managed by nobody weaker, and activated by none") {
  desk w;
  static_cast<void>(
      must(w.dir.run(w.at_tenant, define_role{.name = "desk", .permissions = {"user.manage", "grant.manage"}})));
  w.adopt("Wim", "Worker", "wim@acme.example");
  static_cast<void>(must(w.dir.run(w.at_tenant, grant_role{.email = "wim@acme.example", .role = "desk"})));
  const auto wim = must(w.dir.open_actor("wim@acme.example", w.tenant_id));
  static_cast<void>(must(w.dir.run(w.admin, suspend_user{w.maud})));
  CHECK(w.reason(wim, delete_user{w.maud}) == "target_exceeds_own");
  CHECK(w.reason(wim, revoke_role{.user_id = w.maud, .role = "administrator"}) == "target_exceeds_own");
  CHECK(w.reason(wim, resume_user{w.maud}) == "role_exceeds_own");
  const auto ina =
      must(w.dir.run(
               w.admin,
               add_user{.first_name = "Ina", .last_name = "I", .email = "ina@acme.example", .role = "administrator"}))
          .created_id<user>();
  CHECK(w.reason(wim, activate_user{ina, {}}) == "role_exceeds_own");
  CHECK(w.reason(wim, delete_user{ina}) == "target_exceeds_own");
  CHECK(w.dir.run(w.admin, activate_user{ina, {}}));
}

TEST_CASE("S4.3 nobody whose identity is suspended becomes the owner") {
  desk w;
  static_cast<void>(must(w.dir.run(w.operator_, suspend_identity{"maud@acme.example"})));
  CHECK(w.reason(w.at_tenant, replace_owner{w.maud}) == "not_an_administrator");
}
