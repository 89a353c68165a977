// Authority given and taken: roles, grants, flags, the host's permissions.
#include <linecard/rules/granting.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

struct authority_world : world {
  actor in_container = must(dir.open_actor(operator_.identity_id(), container_id));

  /// An actor in the scope who holds the role there.
  actor with_role(const actor& by, const std::string& email, const std::string& role) {
    static_cast<void>(must(dir.run(by, grant_role{.email = email, .role = role})));
    return must(dir.open_actor(email, by.in().id()));
  }
  actor in(const actor& who, any_id scope_id) { return must(dir.open_actor(who.identity_id(), scope_id)); }
  bool may(const actor& who, permission p, any_id scope_id) { return dir.check(who.identity_id(), p, scope_id); }
  id_of<user> user_of(const std::string& email) { return must(dir.ask(admin, find_user{.email = email})).user_id; }
};

} // namespace

TEST_CASE("S5.4 S5.9 S5.11 a container administrator manages users only with the flag and the grant together") {
  authority_world w;
  const auto cora = w.with_role(w.in_container, "cora@pbx.example", "container");
  CHECK(w.may(cora, permission::license_assign, w.tenant_id));
  CHECK(w.may(cora, permission::ucp_box_manage, w.container_id));
  CHECK_FALSE(w.may(cora, permission::user_manage, w.tenant_id));

  REQUIRE(w.dir.run(w.in_container, give_flag{.email = "cora@pbx.example", .flag = flag::manage_users}));
  CHECK(w.may(cora, permission::user_manage, w.tenant_id));
  CHECK(w.may(cora, permission::user_manage, w.other_id));

  REQUIRE(w.dir.run(w.in_container, revoke_role{.email = "cora@pbx.example", .role = "container"}));
  CHECK_FALSE(w.may(cora, permission::user_manage, w.tenant_id));
  const auto flags_alone = must(w.dir.ask(w.in_container, what_can{.email = "cora@pbx.example"}));
  CHECK(flags_alone.permissions.empty());
}

TEST_CASE("S5.8 the tenant role has no user management, no UCP boxes and no answering service, whatever the flags") {
  authority_world w;
  const auto id = w.adopt("Tina", "Tenant", "tina@acme.example");
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "tenant"}));
  for (const auto f : every_flag) REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = id, .flag = f}));
  const auto tina = must(w.dir.open_actor("tina@acme.example", w.tenant_id));
  for (const auto p : {permission::user_manage, permission::ucp_box_manage, permission::answering_service_manage})
    CHECK_FALSE(w.may(tina, p, w.tenant_id));
  CHECK(w.may(tina, permission::company_configure, w.tenant_id));
  CHECK(w.may(tina, permission::e911_manage, w.tenant_id));
}

TEST_CASE("S5.10 container_advanced gives the advanced panel and nothing else") {
  authority_world w;
  const auto alma = w.with_role(w.in_container, "alma@pbx.example", "container_advanced");
  CHECK(must(w.dir.ask(w.in_container, what_can{.email = "alma@pbx.example"})).permissions ==
        std::vector<std::string>{"advanced_panel.view", "api_key.view"});
  CHECK_FALSE(w.may(alma, permission::ucp_box_manage, w.container_id));
}

TEST_CASE("S5.5 I12 E911 and international dialling need their own flag beside the role") {
  authority_world w;
  const auto ada = w.user_of("ada@acme.example");
  for (const auto& [f, p] : {std::pair{flag::manage_e911, permission::e911_manage},
                             std::pair{flag::manage_international, permission::international_manage}}) {
    CHECK_FALSE(w.may(w.admin, p, w.tenant_id));
    REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = ada, .flag = f}));
    CHECK(w.may(w.admin, p, w.tenant_id));
    REQUIRE(w.dir.run(w.at_tenant, take_flag{.user_id = ada, .flag = f}));
    CHECK_FALSE(w.may(w.admin, p, w.tenant_id));
  }
}

TEST_CASE("S5.11 only who holds a flag and covers the scope may give it") {
  authority_world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  const auto no = refused_with(w.dir.run(w.admin, give_flag{.user_id = id, .flag = flag::manage_e911}));
  CHECK(no.code == status::denied);
  CHECK(no.reason == "flag_not_held");
  CHECK(no.path == "/flag");
  REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = w.user_of("ada@acme.example"), .flag = flag::manage_e911}));
  REQUIRE(w.dir.run(w.admin, give_flag{.user_id = id, .flag = flag::manage_e911}));
}

TEST_CASE("I8 S5.11 nobody gives what they do not hold, by role, by flag or by a role of their own making") {
  authority_world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  const auto define = [&](std::vector<std::string> plain, std::vector<std::string> restricted) {
    return w.dir.run(w.admin, define_role{.name = "mine", .permissions = plain, .restricted = restricted});
  };
  for (const auto& no : {refused_with(define({"ucp_box.manage"}, {})), refused_with(define({}, {"e911.manage"}))}) {
    CHECK(no.code == status::denied);
    CHECK(no.reason == "role_exceeds_own");
  }
  REQUIRE(define({"license.view", "license.assign"}, {"user.manage"}));
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "mine"}));
  const auto change = change_role{.role = "mine", .permissions = {"ucp_box.manage"}};
  CHECK(refused_with(w.dir.run(w.admin, change)).reason == "role_exceeds_own");

  // The operator's role in this tenant holds more than its administrator, who can neither use nor cut it.
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "boxes", .permissions = {"ucp_box.manage"}}));
  CHECK(refused_with(w.dir.run(w.admin, grant_role{.user_id = id, .role = "boxes"})).reason == "role_exceeds_own");
  CHECK(refused_with(w.dir.run(w.admin, change_role{.role = "boxes"})).reason == "role_exceeds_own");
  CHECK(refused_with(w.dir.run(w.admin, delete_role{"boxes"})).reason == "role_exceeds_own");
}

TEST_CASE("I8 a restricted permission counts as given when the receiver holds its flag already") {
  authority_world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "tenant"})); // no flag: nothing the giver lacks
  REQUIRE(w.dir.run(w.admin, revoke_role{.user_id = id, .role = "tenant"}));
  REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = id, .flag = flag::manage_e911}));
  const auto no = refused_with(w.dir.run(w.admin, grant_role{.user_id = id, .role = "tenant"}));
  CHECK(no.reason == "role_exceeds_own");
  CHECK(no.message.find("e911.manage") != std::string::npos);
}

TEST_CASE("I8 nobody gives for longer than they hold") {
  authority_world w;
  const auto id = w.adopt("Tim", "Temp", "tim@acme.example"), friend_id = w.adopt("Fay", "F", "fay@acme.example");
  const auto end = w.clock->at + 3'600'000;
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "administrator", .ends_at = end}));
  const auto tim = must(w.dir.open_actor("tim@acme.example", w.tenant_id));
  const auto give = [&](std::optional<instant> until) {
    return w.dir.run(tim, grant_role{.user_id = friend_id, .role = "administrator", .ends_at = until});
  };
  CHECK(refused_with(give({})).reason == "role_exceeds_own");
  CHECK(refused_with(give(end + 1)).reason == "role_exceeds_own");
  CHECK(give(end));
}

TEST_CASE("S5.11 nobody manages a person with more authority than their own") {
  authority_world w;
  REQUIRE(w.dir.run(w.admin, adopt_user{.first_name = "Root", .last_name = "Too", .email = "root@example.com"}));
  const auto root = w.user_of("root@example.com");
  for (const auto& no : {refused_with(w.dir.run(w.admin, suspend_user{root})),
                         refused_with(w.dir.run(w.admin, grant_role{.user_id = root, .role = "tenant"})),
                         refused_with(w.dir.run(w.admin, take_flag{.user_id = root, .flag = flag::manage_users}))}) {
    CHECK(no.code == status::denied);
    CHECK(no.reason == "target_exceeds_own");
    CHECK(no.path == "/user_id");
  }
}

TEST_CASE("a grant's times are tested at use, to the millisecond") {
  authority_world w;
  const auto id = w.adopt("Tim", "Temp", "tim@acme.example");
  const auto begin = w.clock->at + 1000, end = w.clock->at + 2000;
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "administrator", .starts_at = begin, .ends_at = end}));
  const auto tim = must(w.dir.open_actor("tim@acme.example", w.tenant_id));
  for (const auto& [at, allowed] :
       {std::pair{begin + -1, false}, std::pair{begin, true}, std::pair{end + -1, true}, std::pair{end, false}}) {
    w.clock->at = at;
    CHECK(w.may(tim, permission::user_manage, w.tenant_id) == allowed);
    CHECK(w.dir.ask(tim, users{}).has_value() == allowed);
  }
  const auto no = refused_with(w.dir.run(w.admin, grant_role{.user_id = id, .role = "administrator", .ends_at = end}));
  CHECK(no.reason == "ends_at_invalid");
}

TEST_CASE("I10 I20 a revoked grant, a suspended user and a suspended identity end authority at the very next call") {
  authority_world w;
  const auto bo = w.administrator(w.admin, "Bo", "Boss", "bo@acme.example");
  const auto id = w.user_of("bo@acme.example");
  REQUIRE(w.dir.ask(bo, users{}));
  REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK(refused_with(w.dir.ask(bo, users{})).reason == "permission_denied");
  REQUIRE(w.dir.run(w.admin, resume_user{id}));
  REQUIRE(w.dir.ask(bo, users{}));
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"bo@acme.example"}));
  CHECK(refused_with(w.dir.ask(bo, users{})).code == status::denied);
  REQUIRE(w.dir.run(w.operator_, resume_identity{"bo@acme.example"}));
  CHECK(refused_with(w.dir.ask(bo, users{})).reason == "actor_expired"); // what was opened before stays ended
  const auto again = must(w.dir.open_actor("bo@acme.example", w.tenant_id));
  REQUIRE(w.dir.ask(again, users{}));
  REQUIRE(w.dir.run(w.admin, revoke_role{.user_id = id, .role = "administrator"}));
  CHECK(refused_with(w.dir.ask(again, users{})).reason == "permission_denied");
}

TEST_CASE("S4.3 I13 a tenant keeps its owner and its last administrator, until support replaces the owner") {
  authority_world w;
  const auto ada = w.user_of("ada@acme.example");
  const auto bo = w.administrator(w.admin, "Bo", "Boss", "bo@acme.example");
  const auto bo_id = w.user_of("bo@acme.example");
  for (const auto& by : {bo, w.at_tenant}) {
    CHECK(refused_with(w.dir.run(by, revoke_role{.user_id = ada, .role = "administrator"})).reason ==
          "owner_needs_support");
    CHECK(refused_with(w.dir.run(by, suspend_user{ada})).reason == "owner_needs_support");
  }
  CHECK(refused_with(w.dir.run(w.admin, replace_owner{bo_id})).reason == "permission_denied");
  const auto sue = w.with_role(w.operator_, "sue@support.example", "support");
  REQUIRE(w.dir.run(w.in(sue, w.tenant_id), replace_owner{bo_id}));
  REQUIRE(w.dir.run(bo, revoke_role{.user_id = ada, .role = "administrator"}));
  REQUIRE(w.dir.run(w.at_tenant, replace_owner{bo_id}));
  CHECK(refused_with(w.dir.run(bo, revoke_role{.user_id = bo_id, .role = "administrator"})).reason ==
        "owner_needs_support");
  // An end date would leave the tenant without one as well.
  const grant_role ending{.user_id = bo_id, .role = "administrator", .ends_at = w.clock->at + 1000};
  CHECK(refused_with(w.dir.run(w.at_tenant, ending)).reason == "owner_needs_support");
}

TEST_CASE("a role is of its scope: granted there and below, changed there alone, kept while somebody holds it") {
  authority_world w;
  REQUIRE(w.dir.run(w.in_container, define_role{.name = "desk", .permissions = {"license.view"}}));
  const auto id = w.adopt("Dee", "Desk", "dee@acme.example");
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = id, .role = "desk"}));
  const auto dee = must(w.dir.open_actor("dee@acme.example", w.tenant_id));
  CHECK(w.dir.ask(dee, users{}));
  CHECK(refused_with(w.dir.run(w.admin, change_role{.role = "desk"})).reason == "role_unknown");
  REQUIRE(w.dir.run(w.in_container, change_role{.role = "desk", .permissions = {"audit.view"}}));
  CHECK_FALSE(w.dir.ask(dee, users{}));
  CHECK(w.dir.ask(dee, audit{}));
  CHECK(refused_with(w.dir.run(w.in_container, delete_role{"desk"})).reason == "role_in_use");
  REQUIRE(w.dir.run(w.admin, revoke_role{.user_id = id, .role = "desk"}));
  REQUIRE(w.dir.run(w.in_container, delete_role{"desk"}));
  CHECK(refused_with(w.dir.run(w.admin, grant_role{.user_id = id, .role = "desk"})).reason == "role_unknown");
}

TEST_CASE("I9 a role of one tenant does not exist in another") {
  authority_world w;
  REQUIRE(w.dir.run(w.admin, define_role{.name = "secret-role", .permissions = {"license.view"}}));
  const auto there = w.other_admin;
  const auto id = must(w.dir.ask(there, users{})).users.front().user_id;
  const auto no = refused_with(w.dir.run(there, grant_role{.user_id = id, .role = "secret-role"}));
  const auto absent = refused_with(w.dir.run(there, grant_role{.user_id = id, .role = "no-such-role"}));
  CHECK(no.reason == absent.reason);
  CHECK(no.message.find("secret-role, ") == std::string::npos);
  REQUIRE(w.dir.run(there, define_role{.name = "secret-role", .permissions = {"audit.view"}}));
}

TEST_CASE("a role is refused with the name that is wrong in it") {
  authority_world w;
  const auto flaw = [&](std::vector<std::string> plain, std::vector<std::string> restricted) {
    const auto no =
        refused_with(w.dir.run(w.at_tenant, define_role{.name = "x", .permissions = plain, .restricted = restricted}));
    return no.reason + " " + no.path;
  };
  CHECK(flaw({"license.view", "no.such"}, {}) == "permission_unknown /permissions/1");
  CHECK(flaw({"license.view", "license.view"}, {}) == "permission_repeated /permissions/1");
  CHECK(flaw({"user.manage"}, {"user.manage"}) == "permission_repeated /restricted/0");
  CHECK(flaw({}, {"license.view"}) == "not_restrictable /restricted/0");
  CHECK(flaw({"nobody"}, {}) == "permission_unknown /permissions/0");
  CHECK(refused_with(w.dir.run(w.at_tenant, define_role{.name = "administrator"})).reason == "name_taken");
  CHECK(refused_with(w.dir.run(w.at_tenant, change_role{.role = "administrator"})).reason == "role_built_in");
}

TEST_CASE("a host registers 192 permissions of its own, each with one number for ever") {
  world w;
  const auto reg = [&](int n) {
    return w.dir.run(w.operator_, register_permission{.permission = "host.p" + std::to_string(n), .description = "x"});
  };
  for (int n = 0; n < 192; ++n) REQUIRE(reg(n));
  CHECK(refused_with(reg(192)).reason == "permissions_full");
  CHECK(must(reg(7)).changes.empty());
  CHECK(refused_with(w.dir.run(w.operator_, register_permission{"user.manage", ""})).reason == "permission_built_in");
  const auto all = must(w.dir.ask(w.operator_, permissions{})).permissions;
  CHECK(all.back().permission == "host.p191");
  CHECK(all.back().number == 255);
}

TEST_CASE("a permission of the host's is held by roles and decided like any other") {
  authority_world w;
  REQUIRE(w.dir.run(w.operator_, register_permission{"queue.listen", "Listen in on a queue"}));
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "ears", .permissions = {"queue.listen"}}));
  const auto id = w.adopt("Lee", "Listen", "lee@acme.example");
  const auto listens = [&] {
    return must(w.dir.ask(w.admin, explain{.user_id = id, .permission = "queue.listen"})).allowed;
  };
  CHECK_FALSE(listens());
  CHECK(refused_with(w.dir.run(w.admin, grant_role{.user_id = id, .role = "ears"})).reason == "role_exceeds_own");
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = id, .role = "ears"}));
  CHECK(listens());
}

TEST_CASE("the platform keeps an operator who is one for ever, whoever asks") {
  authority_world w;
  const auto as_operator = [](std::string email, std::optional<instant> ends_at = {}) {
    return grant_role{.email = std::move(email), .role = "operator", .ends_at = ends_at};
  };
  const revoke_role own{.email = "root@example.com", .role = "operator"};
  const auto reason = [&](const auto& c) { return refused_with(w.dir.run(w.operator_, c)).reason; };
  CHECK(reason(own) == "last_operator");
  CHECK(reason(as_operator("root@example.com", w.clock->at + 1000)) == "last_operator");
  REQUIRE(w.dir.run(w.operator_, as_operator("second@example.com", w.clock->at + 1000)));
  CHECK(reason(own) == "last_operator"); // the other one ends
  REQUIRE(w.dir.run(w.operator_, as_operator("second@example.com")));
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"second@example.com"}));
  CHECK(reason(own) == "last_operator"); // the other one is suspended
  REQUIRE(w.dir.run(w.operator_, resume_identity{"second@example.com"}));
  REQUIRE(w.dir.run(w.operator_, as_operator("root@example.com", w.clock->at + 1000)));
  CHECK(reason(suspend_identity{"second@example.com"}) == "last_operator");
  CHECK(reason(delete_identity{"second@example.com"}) == "last_operator");
  CHECK(w.dir.run(w.operator_, own));
}

TEST_CASE("role names differ in more than case and accents, from those above and from the built-in ones") {
  authority_world w;
  REQUIRE(w.dir.run(w.in_container, define_role{.name = "Recorder", .permissions = {"license.view"}}));
  for (const std::string name : {"Administrator", "OPERATOR", "recorder", "R\u00e9corder"})
    CHECK_MESSAGE(
        refused_with(w.dir.run(w.at_tenant, define_role{.name = name, .permissions = {"audit.view"}})).reason ==
            "name_taken",
        name);
}

TEST_CASE("a role is revoked from who holds it, though another one got the same name below since") {
  authority_world w;
  const auto id = w.adopt("Ines", "I", "ines@acme.example");
  REQUIRE(w.dir.run(w.in_container, define_role{.name = "above", .permissions = {"audit.view"}}));
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "recorder", .permissions = {"license.view"}}));
  REQUIRE(w.dir.run(w.in_container, define_role{.name = "recorder", .permissions = {"audit.view"}}));
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = id, .role = "recorder"}));
  CHECK(must(w.dir.ask(w.at_tenant, what_can{.user_id = id})).permissions == std::vector<std::string>{"license.view"});
  REQUIRE(w.dir.run(w.at_tenant, revoke_role{.user_id = id, .role = "recorder"}));
  CHECK(must(w.dir.ask(w.at_tenant, what_can{.user_id = id})).permissions.empty());
  CHECK(must(w.dir.run(w.at_tenant, revoke_role{.user_id = id, .role = "recorder"})).changes.empty());
  CHECK(refused_with(w.dir.run(w.at_tenant, revoke_role{.user_id = id, .role = "recodrer"})).reason == "role_unknown");
}

TEST_CASE("I8 nobody gives for a time in which they hold nothing themselves, before they hold it again") {
  authority_world w;
  const auto ben = w.adopt("Ben", "B", "ben@acme.example"), friend_of = w.adopt("Fay", "F", "fay@acme.example");
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "brief", .permissions = {"grant.manage", "audit.view"}}));
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = ben, .role = "brief", .ends_at = w.clock->at + 60}));
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = ben, .role = "administrator", .starts_at = w.clock->at + 600}));
  const auto by_ben = must(w.dir.open_actor("ben@acme.example", w.tenant_id));
  CHECK(refused_with(w.dir.run(by_ben, grant_role{.user_id = friend_of, .role = "brief"})).reason ==
        "role_exceeds_own");
  CHECK(refused_with(w.dir.run(by_ben, grant_role{.user_id = ben, .role = "brief"})).reason == "role_exceeds_own");
  CHECK(w.dir.run(by_ben, grant_role{.user_id = friend_of, .role = "brief", .ends_at = w.clock->at + 60}));
}

TEST_CASE("I10 what was previewed is confirmed by nobody whose authority has ended since") {
  authority_world w;
  const auto ben = w.adopt("Ben", "B", "ben@acme.example"), ulf = w.adopt("Ulf", "U", "ulf@acme.example");
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = ben, .role = "administrator", .ends_at = w.clock->at + 60}));
  const auto by_ben = must(w.dir.open_actor("ben@acme.example", w.tenant_id));
  const auto seen = must(w.dir.preview(by_ben, suspend_user{ulf}));
  w.clock->at = w.clock->at + 60;
  CHECK(refused_with(w.dir.confirm(by_ben, suspend_user{ulf}, *seen.token)).reason == "permission_denied");
  // Another grant still lets him grant, but not what he was about to give.
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "granter", .permissions = {"grant.manage"}}));
  w.clock->at = w.clock->at + -60;
  const auto again = w.clock->at;
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = ben, .role = "granter"}));
  const grant_role wanted{.user_id = ulf, .role = "tenant", .ends_at = again + 59};
  const auto promised = must(w.dir.preview(by_ben, wanted));
  w.clock->at = again + 60;
  CHECK(refused_with(w.dir.confirm(by_ben, wanted, *promised.token)).reason == "preview_moved");
}
