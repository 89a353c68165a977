#include <linecard/rules/onboarding.hpp>

#include "kit.hpp"

using namespace kit;

TEST_CASE("S2.1 an e-mail is one identity, whatever its case, and a user of a tenant at most once") {
  world w;
  const auto id = w.adopt("Ulf", "User", "Ulf@ACME.example");
  const auto no =
      refused_with(w.dir.run(w.admin, add_user{.first_name = "U", .last_name = "U", .email = "ulf@acme.EXAMPLE"}));
  CHECK(no.reason == "already_a_user");
  CHECK(no.path == "/email");
  const auto elsewhere =
      must(w.dir.run(w.other_admin, adopt_user{.first_name = "Ulf", .last_name = "Twice", .email = "ulf@acme.example"}))
          .created_id<user>();
  CHECK(elsewhere != id);
  const auto login = [&](any_id where) { return must(w.dir.open_actor("ulf@acme.example", where)).identity_id(); };
  CHECK(login(w.tenant_id) == login(w.other_id));
}

TEST_CASE(
    "S2.2 S2.6 adding takes names, e-mail, language, role, package and welcome mail; role and package are two inputs") {
  world w;
  const auto done = must(w.dir.run(w.admin, add_user{.first_name = "Zo\xC3\xAB",
                                                     .last_name = "Newton",
                                                     .email = "zoe@acme.example",
                                                     .language = "FR-ca",
                                                     .role = "administrator",
                                                     .package_id = w.plus,
                                                     .send_welcome = true}));
  const auto id = done.created_id<user>();
  const auto now = w.details(id);
  CHECK(now.language == "fr-CA");
  CHECK(now.administrator);
  CHECK(now.package == "Plus");
  REQUIRE(done.mail.size() == 1);
  CHECK(done.mail.front().letter == "welcome");
  CHECK(done.mail.front().language == "fr-CA");
  REQUIRE(done.permissions.size() == 1);
  CHECK(done.permissions.front().role == "administrator");
  const auto plain =
      must(w.dir.run(w.admin, add_user{.first_name = "No", .last_name = "Package", .email = "no@acme.example"}));
  CHECK(plain.mail.empty());
  CHECK(plain.permissions.empty());
  CHECK(w.details(plain.created_id<user>()).package == "Unassigned");
}

TEST_CASE("S2.3 a user added is listed at once, with state invited") {
  world w;
  const auto id = w.invite("Ina", "Invited", "ina@acme.example");
  const auto rows = must(w.dir.ask(w.admin, users{.search = "ina"})).users;
  REQUIRE(rows.size() == 1);
  CHECK(rows.front().user_id == id);
  CHECK(rows.front().state == user_state::invited);
}

TEST_CASE("S2.5 the team member appears only after acceptance") {
  world w;
  const auto id = w.invite("Ina", "Invited", "ina@acme.example");
  CHECK_FALSE(w.details(id).team_role);
  REQUIRE(w.dir.run(w.admin, activate_user{id, "agent"}));
  CHECK(w.details(id).team_role == "agent");
}

TEST_CASE("an invited administrator holds nothing until active") {
  world w;
  const auto id =
      must(w.dir.run(
               w.admin,
               add_user{.first_name = "Bo", .last_name = "Boss", .email = "bo@acme.example", .role = "administrator"}))
          .created_id<user>();
  const auto bo = must(w.dir.open_actor("bo@acme.example", w.tenant_id)).identity_id();
  CHECK_FALSE(w.dir.check(bo, permission::license_assign, w.tenant_id));
  REQUIRE(w.dir.run(w.admin, activate_user{id, {}}));
  CHECK(w.dir.check(bo, permission::license_assign, w.tenant_id));
  CHECK_FALSE(w.dir.check(bo, permission::license_assign, w.other_id));
}

TEST_CASE("a tenant has members and administrators; nobody makes an operator there") {
  world w;
  const auto no = refused_with(w.dir.run(
      w.admin, add_user{.first_name = "Op", .last_name = "Erator", .email = "op@acme.example", .role = "operator"}));
  CHECK(no.reason == "role_unknown");
  CHECK(no.path == "/role");
}

TEST_CASE("B14 an adopted user is active at once, with extension and external_ref, without invitation or mail") {
  world w;
  const auto done = must(w.dir.run(w.admin, adopt_user{.first_name = "Max",
                                                       .last_name = "Muster",
                                                       .email = "max@acme.example",
                                                       .package_id = w.basic,
                                                       .external_ref = "HR-7",
                                                       .extension = "204",
                                                       .forwarding_number = "+4930123456",
                                                       .devices = {{"desk", "Yealink T31G"}, {"soft", ""}}}));
  CHECK(done.mail.empty());
  const auto now = must(w.dir.ask(w.admin, find_user{.external_ref = "HR-7"}));
  CHECK(now.state == user_state::active);
  CHECK(now.extensions == std::vector<std::string>{"204"});
  CHECK(now.forwarding_number == "+4930123456");
  CHECK(now.devices.size() == 2);
  CHECK(w.pool(w.basic).used == 1);
  CHECK(must(w.dir.ask(w.admin, find_user{.email = "MAX@acme.example"})).user_id == now.user_id);
}

ON_EVERY_STORE("B14 external_ref and extension are unique in a tenant and free in another") {
  world w;
  const adopt_user first{
      .first_name = "A", .last_name = "A", .email = "a@acme.example", .external_ref = "7", .extension = "204"};
  REQUIRE(w.dir.run(w.admin, first));
  auto second = first;
  second.email = "b@acme.example";
  CHECK(refused_with(w.dir.run(w.admin, second)).reason == "external_ref_taken");
  second.external_ref = "8";
  const auto no = refused_with(w.dir.run(w.admin, second));
  CHECK(no.reason == "extension_taken");
  CHECK(no.path == "/extension");
  CHECK(w.dir.run(w.other_admin, first));
}

TEST_CASE("a user's devices have different names") {
  world w;
  const auto no = refused_with(w.dir.run(w.admin, adopt_user{.first_name = "A",
                                                             .last_name = "A",
                                                             .email = "a@acme.example",
                                                             .devices = {{"desk", "1"}, {"desk", "2"}}}));
  CHECK(no.reason == "device_repeated");
  CHECK(no.path == "/devices/1/name");
}

TEST_CASE("S5.1 a package comes with a new user only from who may assign licences") {
  world w;
  static_cast<void>(must(w.dir.run(w.at_tenant, define_role{.name = "desk", .permissions = {"user.manage"}})));
  w.adopt("Wim", "Worker", "wim@acme.example");
  static_cast<void>(must(w.dir.run(w.at_tenant, grant_role{.email = "wim@acme.example", .role = "desk"})));
  const auto wim = must(w.dir.open_actor("wim@acme.example", w.tenant_id));
  add_user newcomer{.first_name = "Nu", .last_name = "New", .email = "nu@acme.example", .package_id = w.basic};
  const auto no = refused_with(w.dir.run(wim, newcomer));
  CHECK(no.reason == "permission_denied");
  CHECK(no.path == "/package_id");
  CHECK(no.message.find("license.assign") != std::string::npos);
  newcomer.package_id.reset();
  CHECK(w.dir.run(wim, newcomer));
}
