// Delegates: invited, let in, one login for many tenants; never users, never more than was given.
#include <linecard/rules/delegation.hpp>

#include "rules/office.hpp"

#include <algorithm>

using namespace kit;

TEST_CASE("S3.1 only who manages delegates adds, activates, reviews or removes one; a member and a delegate do not") {
  office o;
  o.adopt("Mia", "Member", "mia@acme.example");
  const auto id = o.let_in(o.invitation());
  for (const auto& by : {o.open("mia@acme.example"), o.open()}) {
    CHECK(o.reason(by, o.invitation("another@partner.example")) == "permission_denied");
    CHECK(o.reason(by, activate_delegate{id}) == "permission_denied");
    CHECK(o.reason(by, review_delegate{.delegate_id = id}) == "permission_denied");
    CHECK(o.reason(by, acknowledge_notice{id, 1}) == "permission_denied");
    CHECK(o.reason(by, remove_delegate{id}) == "permission_denied");
    CHECK(o.reason(by, publish_notice{.text = "x", .terms_link = "https://example.com"}) == "permission_denied");
  }
  CHECK(o.dir.run(o.admin, remove_delegate{id}));
}

TEST_CASE("S3.2 a delegate is no user: in no list, count, seat or look-up, pending or active") {
  office o;
  const auto counted = [&] {
    const auto page = must(o.dir.ask(o.admin, users{}));
    std::string all;
    for (const auto& u : page.users) all += u.email + " ";
    for (const auto& u : page.unused) all += u.name + std::to_string(u.free) + " ";
    for (const auto& p : must(o.dir.ask(o.admin, seat_pools{})).pools)
      all += std::to_string(p.used) + "/" + std::to_string(p.reserved) + " ";
    return all;
  };
  const auto before = counted();
  const auto id = o.invited(o.invitation());
  CHECK(counted() == before);
  REQUIRE(o.dir.run(o.admin, activate_delegate{id}));
  CHECK(counted() == before);
  CHECK(must(o.dir.ask(o.admin, users{.search = "pat"})).users.empty());
  CHECK(refused_with(o.dir.ask(o.admin, find_user{.email = std::string(pat)})).reason == "user_unknown");
}

TEST_CASE("S3.3 names and e-mail are mandatory, refused by field; the role is delegate unless another is asked for") {
  office o;
  const auto path_of = [&](auto change) {
    auto incomplete = o.invitation();
    change(incomplete);
    const auto before = o.digest();
    const auto no = refused_with(o.dir.run(o.admin, incomplete));
    CHECK(o.digest() == before);
    return no.reason + " " + no.path;
  };
  CHECK(path_of([](auto& d) { d.first_name.clear(); }) == "first_name_missing /first_name");
  CHECK(path_of([](auto& d) { d.last_name.clear(); }) == "last_name_missing /last_name");
  CHECK(path_of([](auto& d) { d.email.clear(); }) == "email_missing /email");
  CHECK(path_of([](auto& d) { d.email = "pat"; }) == "email_invalid /email");
  CHECK(path_of([](auto& d) { d.notice_version = add_delegate{}.notice_version; }) ==
        "notice_version_missing /notice_version");
  CHECK(path_of([](auto& d) { d.role = "operator"; }) == "role_unknown /role");
  o.invited({.first_name = "Pat", .last_name = "Partner", .email = std::string(pat), .notice_version = 1});
  REQUIRE(o.listed().size() == 1);
  CHECK(o.listed().front().roles == std::vector<std::string>{"delegate"});
}

TEST_CASE("S3.3 I8 a delegate's role is within the inviter's own authority, at inviting, letting in and reviewing") {
  office o;
  o.adopt("Gil", "Gatekeeper", "gil@acme.example");
  REQUIRE(o.dir.run(o.admin,
                    define_role{.name = "gate", .permissions = {"delegate.manage", "authority.view", "license.view"}}));
  REQUIRE(o.dir.run(o.admin, grant_role{.email = "gil@acme.example", .role = "gate"}));
  REQUIRE(o.dir.run(o.admin, define_role{.name = "viewing", .permissions = {"license.view"}}));
  const auto gil = o.open("gil@acme.example");
  CHECK(o.reason(gil, o.invitation()) == "role_exceeds_own");
  CHECK(o.dir.run(gil, o.invitation("view@partner.example", "viewing")));
  const auto id = o.invited(o.invitation());
  CHECK(o.reason(gil, activate_delegate{id}) == "role_exceeds_own");
  REQUIRE(o.dir.run(o.admin, activate_delegate{id}));
  CHECK(o.reason(gil, review_delegate{.delegate_id = id}) == "role_exceeds_own");
  CHECK(o.reason(gil, acknowledge_notice{id, 1}) == "role_exceeds_own");
  CHECK(o.dir.run(gil, remove_delegate{id}));
}

TEST_CASE("S3.3 no delegate's role holds what manages people or authority, and none that gains it later helps") {
  office o;
  CHECK(o.reason(o.admin, o.invitation(pat, "administrator")) == "role_not_for_delegates");
  REQUIRE(o.dir.run(o.admin, define_role{.name = "people", .restricted = {"user.manage"}}));
  const auto no = refused_with(o.dir.run(o.admin, o.invitation(pat, "people")));
  CHECK(no.reason == "role_not_for_delegates");
  CHECK(no.path == "/role");
  CHECK(no.message.find("user.manage") != std::string::npos);
  o.let_in(o.invitation());
  REQUIRE(o.may(permission::license_assign));
  REQUIRE(o.dir.run(
      o.admin, change_role{.role = "licensing", .permissions = {"license.assign", "user.manage", "delegate.manage"}}));
  CHECK(o.may(permission::license_assign));
  CHECK_FALSE(o.may(permission::user_manage));
  CHECK_FALSE(o.may(permission::delegate_manage));
  CHECK(o.why("user.manage").reason == verdict_reason::delegation_excludes_it);
}

TEST_CASE("S3.5 pending and active delegates are both listed; an invitation is queued when asked for") {
  office o;
  auto with_mail = o.invitation();
  with_mail.send_invitation = true;
  with_mail.language = "FR-ca";
  const auto done = must(o.dir.run(o.admin, with_mail));
  REQUIRE(done.mail.size() == 1);
  CHECK(done.mail.front().letter == "delegate_invitation");
  CHECK(done.mail.front().language == "fr-CA");
  CHECK(must(o.dir.run(o.admin, o.invitation("quiet@partner.example"))).mail.empty());
  REQUIRE(o.dir.run(o.admin, activate_delegate{done.created_id<delegate>()}));
  const auto rows = o.listed();
  REQUIRE(rows.size() == 2);
  const auto state_of = [&](std::string_view email) {
    return std::ranges::find(rows, email, [](const auto& r) { return std::string_view(r.email); })->state;
  };
  CHECK(state_of(pat) == delegate_state::active);
  CHECK(state_of("quiet@partner.example") == delegate_state::pending);
  CHECK(o.reason(o.admin, activate_delegate{done.created_id<delegate>()}) == "not_pending");
  const auto quiet = std::ranges::find(rows, "quiet@partner.example", &delegate_row::email)->delegate_id;
  REQUIRE(o.dir.run(o.admin, send_delegate_invitation{quiet}));
  const auto gone = must(o.dir.run(o.admin, remove_delegate{quiet})).changes;
  const auto went = [&](std::string_view table) {
    return std::ranges::count(gone, table, &changed_record::record) == 1;
  };
  CHECK(went("grants"));
  CHECK(went("messages")); // the queued letter too
  CHECK(went("challenges"));
}

TEST_CASE("S3.6 I11 a pending delegate may do nothing, an active one what the delegation covers, and only there") {
  office o;
  const auto id = o.invited(o.invitation());
  const auto effective_count = [&] {
    return must(o.dir.ask(o.admin, what_can{.email = std::string(pat)})).permissions.size();
  };
  CHECK(effective_count() == 0);
  CHECK(refused_with(o.dir.ask(o.open(), users{})).reason == "permission_denied");
  CHECK(o.why("license.assign").reason == verdict_reason::delegation_pending);
  REQUIRE(o.dir.run(o.admin, activate_delegate{id}));
  CHECK(effective_count() == 3);
  CHECK(o.dir.ask(o.open(), users{}));
  CHECK(o.reason(o.open(), adopt_user{.first_name = "A", .last_name = "B", .email = "a@b.example"}) ==
        "permission_denied");
  for (const auto where : {any_id{o.other_id}, any_id{o.container_id}, any_id{o.dir.platform_id()}})
    CHECK_FALSE(o.may(permission::license_view, where));
}

TEST_CASE("S3.9 one login serves many tenants: one identity, an actor in each, and each tenant ends only its own") {
  office o;
  o.let_in(o.invitation());
  auto theirs = o.invitation(pat, "delegate");
  const auto id = must(o.dir.run(o.other_admin, theirs)).created_id<delegate>();
  const auto here = o.open(), there = o.open(pat, o.other_id);
  CHECK(here.identity_id() == there.identity_id());
  CHECK(o.dir.ask(here, users{}));
  CHECK(refused_with(o.dir.ask(there, users{})).reason == "permission_denied");
  REQUIRE(o.dir.run(o.other_admin, activate_delegate{id}));
  CHECK(o.dir.ask(there, users{}));
  CHECK_FALSE(o.may(permission::license_assign, o.other_id));
  const auto acme = o.digest(o.tenant_id);
  REQUIRE(o.dir.run(o.other_admin, remove_delegate{id}));
  CHECK(o.digest(o.tenant_id) == acme);
  CHECK(refused_with(o.dir.ask(there, users{})).reason == "permission_denied");
  CHECK(o.dir.ask(here, users{}));
}

TEST_CASE("I9 another tenant's delegate is an absent one, to every command and question") {
  office o;
  const auto theirs = must(o.dir.run(o.other_admin, o.invitation(pat, "delegate"))).created_id<delegate>();
  const auto before = o.digest();
  for (const auto id : {theirs, id_of<delegate>{make_id(tag_of<delegate>, 77)}}) {
    CHECK(o.reason(o.admin, activate_delegate{id}) == "delegate_unknown");
    CHECK(o.reason(o.admin, remove_delegate{id}) == "delegate_unknown");
    CHECK(o.reason(o.admin, review_delegate{.delegate_id = id}) == "delegate_unknown");
    CHECK(o.reason(o.admin, acknowledge_notice{id, 1}) == "delegate_unknown");
    CHECK(refused_with(o.dir.ask(o.admin, delegates{.after = id})).reason == "delegate_unknown");
  }
  CHECK(o.listed().empty());
  CHECK(o.digest() == before);
}

TEST_CASE("I9 inviting tells a tenant nothing of whether the person was known, or holds a flag elsewhere") {
  const auto receipt_when = [](const char* known) {
    office o;
    const auto elsewhere = o.invitation(known, "delegate");
    static_cast<void>(must(o.dir.run(o.other_admin, elsewhere)));
    static_cast<void>(must(o.dir.run(o.other_tenant, give_flag{.email = known, .flag = flag::manage_e911})));
    return to_json(must(o.dir.run(o.admin, o.invitation(pat, "tenant")))); // restricted: e911.manage
  };
  CHECK(receipt_when("pat@partner.example") == receipt_when("someone@else.example"));
}

TEST_CASE("S3.9 B8 every entry a delegate causes names the delegate and the tenant; what others do names no tenant") {
  office o;
  const auto user_id = o.adopt("Ulf", "User", "ulf@acme.example");
  o.let_in(o.invitation());
  const auto newest = [&] { return must(o.dir.ask(o.admin, audit{.limit = 1})).entries.front(); };
  CHECK_FALSE(newest().on_behalf_of_id);
  REQUIRE(o.dir.run(o.open(), assign_package{user_id, o.basic}));
  CHECK(newest().actor_id == o.open().identity_id());
  CHECK(newest().on_behalf_of_id == any_id{o.tenant_id});
  REQUIRE(o.dir.run(o.admin, change_package{user_id, o.plus}));
  CHECK_FALSE(newest().on_behalf_of_id);
  REQUIRE(o.dir.run(o.at_tenant, unassign_package{.user_id = user_id}));
  CHECK_FALSE(newest().on_behalf_of_id);
  CHECK(must(o.dir.ask(o.admin, verify_audit{})).intact);
}

TEST_CASE("S3.9 an operator who is also a delegate acts on nobody's behalf where the operator's own grant allows it") {
  office o;
  const auto user_id = o.adopt("Ulf", "User", "ulf@acme.example");
  o.let_in(o.invitation("root@example.com", "delegate"));
  REQUIRE(o.dir.run(o.at_tenant, assign_package{user_id, o.basic}));
  CHECK_FALSE(must(o.dir.ask(o.admin, audit{.limit = 1})).entries.front().on_behalf_of_id);
}

TEST_CASE("S3.2 I20 a person is a user or a delegate of a tenant, not both, and a membership inherits no delegation") {
  office o;
  o.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(o.reason(o.admin, o.invitation("ULF@acme.example")) == "already_a_user");
  const auto id = o.let_in(o.invitation());
  const adopt_user member{.first_name = "Pat", .last_name = "Partner", .email = "Pat@Partner.example"};
  const auto no = refused_with(o.dir.run(o.admin, member));
  CHECK(no.reason == "already_a_delegate");
  CHECK(no.path == "/email");
  const auto file =
      must(o.dir.ask(o.admin, check_import{.csv = "email,first_name,last_name\npat@partner.example,P,P\n"}));
  CHECK(file.refused == 1);
  REQUIRE(o.dir.run(o.admin, remove_delegate{id}));
  REQUIRE(o.dir.run(o.admin, member));
  CHECK_FALSE(o.may(permission::license_view));
  CHECK(o.reason(o.admin, o.invitation()) == "already_a_user");
}

TEST_CASE("the list of delegates comes in pages of any size, each delegate once, by date of review") {
  office o;
  for (int i = 0; i < 7; ++i) {
    auto each = o.invitation("d" + std::to_string(i) + "@partner.example");
    each.review_at = o.clock->at + (100 - i % 3);
    const auto id = o.invited(each);
    if (i == 4) REQUIRE(o.dir.run(o.admin, remove_delegate{id}));
  }
  for (const std::int32_t limit : {1, 2, 6, 50}) {
    std::vector<std::string> seen;
    delegates page{.limit = limit};
    for (int guard = 0; guard < 20; ++guard) {
      const auto rows = must(o.dir.ask(o.admin, page));
      for (const auto& r : rows.delegates) seen.push_back(std::to_string(r.review_at.milliseconds) + r.email);
      if (!rows.next) break;
      page.after = rows.next;
    }
    CHECK(seen.size() == 6);
    CHECK(std::ranges::is_sorted(seen));
    CHECK(std::ranges::adjacent_find(seen) == seen.end());
  }
}

TEST_CASE("S3.3 a delegate is not given later what no invitation gives, and the list shows what is held now") {
  office o;
  o.let_in(o.invitation());
  const auto grant = [](std::string role) { return grant_role{.email = std::string(pat), .role = std::move(role)}; };
  CHECK(o.reason(o.at_tenant, grant("administrator")) == "role_not_for_delegates");
  REQUIRE(o.dir.run(o.at_tenant, grant("tenant")));
  CHECK(o.listed().front().roles == std::vector<std::string>{"licensing", "tenant"});
  REQUIRE(o.dir.run(o.at_tenant, revoke_role{.email = std::string(pat), .role = "licensing"}));
  CHECK(o.listed().front().roles == std::vector<std::string>{"tenant"});
  const auto rows = must(o.dir.ask(o.admin, grants{})).grants;
  CHECK(std::ranges::any_of(rows, [&](const auto& row) { return row.delegate_id == o.listed().front().delegate_id; }));
}
