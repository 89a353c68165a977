// Why somebody may or may not: explain, who_can, what_can, roles and grants.
#include <linecard/rules/explaining.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

struct explained_world : world {
  id_of<user> ulf = adopt("Ulf", "User", "ulf@acme.example");

  explain_answer why(const actor& as, std::string permission) {
    return must(dir.ask(as, explain{.user_id = ulf, .permission = std::move(permission)}));
  }
  void grant_to_ulf(std::string role, std::optional<instant> from = {}, std::optional<instant> until = {}) {
    static_cast<void>(must(
        dir.run(at_tenant, grant_role{.user_id = ulf, .role = std::move(role), .starts_at = from, .ends_at = until})));
  }
};

} // namespace

TEST_CASE("B3 explain names the grant that allows, or the nearest miss, in a slug and in a sentence") {
  explained_world w;
  using enum verdict_reason;
  CHECK(w.why(w.admin, "user.manage").reason == no_grant);
  w.grant_to_ulf("tenant");
  CHECK(w.why(w.admin, "user.manage").reason == role_lacks_it);
  const auto restricted = w.why(w.admin, "e911.manage");
  CHECK(restricted.reason == flag_needed);
  CHECK(restricted.flag == flag::manage_e911);
  CHECK(restricted.message ==
        "does not hold e911.manage in tenant \"Acme\": role \"tenant\" at tenant \"Acme\" has it restricted, "
        "and the flag manage_e911 is missing");
  REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = w.ulf, .flag = flag::manage_e911}));
  const auto held = w.why(w.admin, "e911.manage");
  CHECK(held.allowed);
  CHECK(held.role == "tenant");
  CHECK(held.scope_id == any_id{w.tenant_id});
  CHECK(held.message ==
        "holds e911.manage in tenant \"Acme\" by the role \"tenant\" at tenant \"Acme\" with the flag manage_e911");

  w.grant_to_ulf("administrator", w.clock->at + 10, w.clock->at + 20);
  CHECK(w.why(w.admin, "user.manage").reason == not_yet_valid);
  w.clock->at = w.clock->at + 20;
  CHECK(w.why(w.admin, "user.manage").reason == no_longer_valid);
  CHECK(w.why(w.admin, "user.manage").message.find("2026-") != std::string::npos);
  w.grant_to_ulf("administrator");
  REQUIRE(w.dir.run(w.at_tenant, suspend_user{w.ulf}));
  CHECK(w.why(w.admin, "user.manage").reason == user_inactive);
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"ulf@acme.example"}));
  CHECK(w.why(w.admin, "user.manage").reason == identity_suspended);
}

TEST_CASE("B3 a refused command says what is missing and how near it was") {
  explained_world w;
  const auto ulf = must(w.dir.open_actor("ulf@acme.example", w.tenant_id));
  const auto before = refused_with(w.dir.ask(ulf, users{}));
  CHECK(before.message.find("license.view") != std::string::npos);
  CHECK(before.message.find("no grant") != std::string::npos);
  w.grant_to_ulf("tenant");
  CHECK(refused_with(w.dir.run(ulf, suspend_user{w.ulf})).message.find("role \"tenant\"") != std::string::npos);
}

TEST_CASE("B3 I7 explain, what_can and the check agree for every permission") {
  explained_world w;
  w.grant_to_ulf("tenant");
  REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = w.ulf, .flag = flag::manage_international}));
  const auto id = must(w.dir.open_actor("ulf@acme.example", w.tenant_id)).identity_id();
  const auto held = must(w.dir.ask(w.admin, what_can{.user_id = w.ulf})).permissions;
  CHECK(held.size() == 5);
  for (std::size_t n = 1; n < permission_names.size(); ++n) {
    const std::string name(permission_names[n]);
    CAPTURE(name);
    const bool allowed = w.dir.check(id, static_cast<permission>(n), w.tenant_id);
    CHECK(w.why(w.admin, name).allowed == allowed);
    CHECK((std::find(held.begin(), held.end(), name) != held.end()) == allowed);
  }
}

TEST_CASE("B3 who_can names those of the tenant and counts those above it") {
  explained_world w;
  w.grant_to_ulf("administrator");
  const auto found = must(w.dir.ask(w.admin, who_can{"user.manage"}));
  CHECK(found.above == 1); // the operator
  REQUIRE(found.grants.size() == 2);
  CHECK(found.grants[1].email == "ulf@acme.example");
  CHECK(found.grants[1].user_id == w.ulf);
  const auto everywhere = must(w.dir.ask(w.operator_, who_can{"user.manage"}));
  CHECK(everywhere.above == 0);
  REQUIRE(everywhere.grants.size() == 1);
  CHECK(everywhere.grants[0].email == "root@example.com");
  CHECK(refused_with(w.dir.ask(w.admin, who_can{"no.such"})).reason == "permission_unknown");
}

TEST_CASE("I9 a tenant's question about somebody elsewhere is answered as about nobody") {
  explained_world w;
  const auto about = [&](std::string email) {
    const auto no = refused_with(w.dir.ask(w.admin, explain{.email = std::move(email), .permission = "user.manage"}));
    return no.reason + no.path + no.message;
  };
  CHECK(about("otto@other.example") == about("nobody@nowhere.example"));
  CHECK(about("root@example.com") == about("nobody@nowhere.example"));
}

TEST_CASE("grants lists those of the scope page by page, roles what can be granted there") {
  explained_world w;
  w.grant_to_ulf("tenant", {}, w.clock->at + 5000);
  const auto first = must(w.dir.ask(w.admin, grants{.limit = 1}));
  REQUIRE(first.next);
  REQUIRE(first.grants.size() == 1);
  CHECK(first.grants[0].email == "ada@acme.example");
  const auto rest = must(w.dir.ask(w.admin, grants{.after = first.next, .limit = 5}));
  CHECK_FALSE(rest.next);
  REQUIRE(rest.grants.size() == 1);
  CHECK(rest.grants[0].role == "tenant");
  CHECK(rest.grants[0].ends_at == w.clock->at + 5000);

  REQUIRE(w.dir.run(w.admin, define_role{.name = "desk", .permissions = {"license.view"}}));
  std::vector<std::string> names;
  for (const auto& r : must(w.dir.ask(w.admin, roles{})).roles) names.push_back(r.role);
  CHECK(names == std::vector<std::string>{"tenant", "administrator", "delegate", "member", "desk"});
}
