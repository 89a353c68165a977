// A document is trusted with nothing: a wrong one is refused row by row, and nothing comes in that its importer could
// not give.
#include "rules/moving_company.hpp"

#include <random>

using namespace kit;

namespace {

struct spoilt {
  std::string reason{}, path{};
  std::function<void(import_tenant&)> how{};
};

} // namespace

TEST_CASE("I27 what is there already is refused by name, and nothing changes") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  const auto document = w.document();
  REQUIRE(there.dir.run(there.in_container, document));
  const auto before = must(there.dir.state_digest());
  const auto no = refused_with(there.dir.run(there.in_container, document));
  CHECK(no.reason == "already_there");
  CHECK(no.path == "/tenant/tenant_id");
  CHECK(no.message.find(to_text(w.tenant_id)) != std::string::npos);

  const auto elsewhere_id =
      must(there.dir.run(there.operator_, create_container{.name = "pbx-10"})).created_id<container>();
  const auto elsewhere = must(there.dir.open_actor(there.operator_.identity_id(), elsewhere_id));
  auto other = document;
  other.tenant.tenant_id = {make_id(tag_of<tenant>, 5)};
  other.roles.clear();
  for (auto& who : other.users) std::erase_if(who.grants, [](const auto& g) { return g.role != "administrator"; });
  other.delegates.clear();
  const auto with_containers = must(there.dir.state_digest());
  const auto known = refused_with(there.dir.run(elsewhere, other));
  CHECK(known.reason == "already_there");
  CHECK(known.path == "/users/0/login/identity_id");
  other.users.at(0).login.identity_id = {make_id(tag_of<identity>, 5)};
  const auto address = refused_with(there.dir.run(elsewhere, other));
  CHECK(address.path == "/users/0/login/email");
  CHECK(address.message.find("ada@acme.example") != std::string::npos);
  CHECK(must(there.dir.state_digest()) == with_containers);
  CHECK(before != with_containers); // the container
}

TEST_CASE("I27 a wrong row is refused with its path, and nothing changes") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  const auto right = w.document();
  const auto at = [&](id_of<user> id) {
    for (std::size_t n = 0; n < right.users.size(); ++n)
      if (right.users[n].user_id == id) return n;
    return right.users.size();
  };
  const auto mia = at(w.mia), max = at(w.max), ina = at(w.ina), sue = at(w.sue);
  const auto of = [](std::size_t n, std::string rest) { return "/users/" + std::to_string(n) + "/" + std::move(rest); };
  const std::vector<spoilt> wrong{
      {"format_unknown", "/format", [](auto& d) { d.format = 2; }},
      {"already_there", "/packages/3/package_id", [](auto& d) { d.packages.push_back(d.packages.at(0)); }},
      {"name_taken", "/packages/1/name", [](auto& d) { d.packages.at(1).name = d.packages.at(0).name; }},
      {"package_unknown", "/offers/0/package_id",
       [](auto& d) { d.offers.at(0).package_id = {make_id(tag_of<package>, 5)}; }},
      {"already_there", "/offers/3/package_id", [](auto& d) { d.offers.push_back(d.offers.at(0)); }},
      {"currency_differs", "/pools/0/package_id", [](auto& d) { d.subscriptions.at(0).currency = "USD"; }},
      {"already_there", "/pools/3/package_id", [](auto& d) { d.pools.push_back(d.pools.at(0)); }},
      {"below_use", "/pools/0/purchased", [](auto& d) { d.pools.at(0).purchased = 0; }},
      {"purchased_missing", "/pools/0/purchased", [](auto& d) { d.pools.at(0).purchased = not_given; }},
      {"already_there", "/enabled_services/1/service",
       [](auto& d) { d.enabled_services.push_back(d.enabled_services.at(0)); }},
      {"already_there", "/assignment_rules/1/team_role",
       [](auto& d) { d.assignment_rules.push_back(d.assignment_rules.at(0)); }},
      {"not_a_base_package", "/assignment_rules/0/package_id",
       [&](auto& d) { d.assignment_rules.at(0).package_id = w.fax; }},
      {"state_invalid", of(mia, "assignments"), [=](auto& d) { d.users.at(mia).assignments.clear(); }},
      {"state_invalid", of(max, "assignments"),
       [=](auto& d) { d.users.at(max).assignments = d.users.at(mia).assignments; }},
      {"state_invalid", of(mia, "assignments/0"),
       [&, mia](auto& d) { d.users.at(mia).assignments.at(0).package_id = w.basic; }},
      {"state_invalid", of(mia, "seats/0/by_rule"), [=](auto& d) { d.users.at(mia).seats.at(0).by_rule = true; }},
      {"statement_day_invalid", "/subscriptions/0/statement_day",
       [](auto& d) { d.subscriptions.at(0).statement_day = 29; }},
      {"subscriptions_invalid", "/subscriptions", [](auto& d) { d.subscriptions.push_back(d.subscriptions.at(0)); }},
      {"state_invalid", "/access_notices/0/least_version", [](auto& d) { d.access_notices.at(0).least_version = 99; }},
      {"range_invalid", "/extension_ranges/0/last", [](auto& d) { d.extension_ranges.at(0).last = "199"; }},
      {"attribute_unknown", "/field_values/0/name", [](auto& d) { d.field_values.at(0).name = "nobody said"; }},
      {"content_invalid", "/dids/0/field_values/0/content",
       [](auto& d) { d.dids.at(0).field_values.at(0).content = "x"; }},
      {"state_invalid", "/dids/0/field_values/0/of_user",
       [](auto& d) { d.dids.at(0).field_values.at(0).of_user = true; }},
      {"already_there", "/roles/2/role_id", [](auto& d) { d.roles.push_back(d.roles.at(0)); }},
      {"already_there", "/roles/1/name", [](auto& d) { d.roles.at(1).name = "LICENSING"; }},
      {"permission_unknown", "/roles/0/permissions/0", [](auto& d) { d.roles.at(0).permissions.at(0) = "no.such"; }},
      {"role_unknown", of(max, "grants/0/role"), [=](auto& d) { d.users.at(max).grants.at(0).role = "king"; }},
      {"already_there", of(max, "grants/1/role"),
       [=](auto& d) {
         d.users.at(max).grants.at(1) = d.users.at(max).grants.at(0);
         d.users.at(max).grants.at(1).grant_id = {make_id(tag_of<grant>, 5)};
       }},
      {"already_there", of(max, "grants/1/grant_id"),
       [=](auto& d) { d.users.at(max).grants.at(1).grant_id = d.users.at(max).grants.at(0).grant_id; }},
      {"role_not_for_delegates", "/delegates/0/grants/0/role",
       [](auto& d) { d.delegates.at(0).grants.at(0).role = "administrator"; }},
      {"already_there", of(max, "user_id"), [=](auto& d) { d.users.at(max).user_id = d.users.at(max - 1).user_id; }},
      {"user_id_missing", of(max, "user_id"), [=](auto& d) { d.users.at(max).user_id = {}; }},
      {"already_there", of(max, "login/email"), [=](auto& d) { d.users.at(max).login.email = "ADA@acme.example"; }},
      {"state_missing", of(max, "login/state"), [=](auto& d) { d.users.at(max).login.state = {}; }},
      {"email_invalid", of(max, "login/email"), [=](auto& d) { d.users.at(max).login.email = "nobody"; }},
      {"already_there", of(max, "external_ref"), [=](auto& d) { d.users.at(max).external_ref = "17 of Mia"; }},
      {"state_invalid", of(sue, "returns_to"), [=](auto& d) { d.users.at(sue).returns_to.reset(); }},
      {"state_invalid", of(sue, "returns_to"), [=](auto& d) { d.users.at(sue).returns_to = member_state::suspended; }},
      {"state_invalid", of(max, "returns_to"), [=](auto& d) { d.users.at(max).returns_to = member_state::active; }},
      {"not_joined", of(max, "team_members"), [=](auto& d) { d.users.at(max).team_members.clear(); }},
      {"not_joined", of(ina, "devices"), [=](auto& d) { d.users.at(ina).devices.push_back({.name = "desk"}); }},
      {"already_assigned", of(max, "seats/1/package_id"),
       [=](auto& d) { d.users.at(max).seats.push_back(d.users.at(mia).seats.at(0)); }},
      {"package_unknown", of(max, "seats/0/package_id"),
       [=](auto& d) { d.users.at(max).seats.at(0).package_id = {make_id(tag_of<package>, 5)}; }},
      {"pool_missing", of(ina, "seats/0/package_id"),
       [=](auto& d) {
         std::erase_if(d.pools, [&](const auto& p) { return p.package_id == d.users.at(ina).seats.at(0).package_id; });
         d.users.at(mia).seats.clear();
       }},
      {"already_there", of(max, "team_members/0/bridge_id"),
       [=](auto& d) { d.users.at(max).team_members.at(0).bridge_id = "1234567890"; }},
      {"already_there", of(max, "extensions/0/extension"),
       [=](auto& d) { d.users.at(max).extensions.at(0).extension = "201"; }},
      {"already_there", of(max, "devices/0/mac"),
       [=](auto& d) { d.users.at(max).devices.at(0).mac = "00:11:22:33:44:55"; }},
      {"already_there", of(mia, "devices/1/name"), [=](auto& d) { d.users.at(mia).devices.at(1).name = "desk"; }},
      {"already_there", "/dids/1/direct_number",
       [](auto& d) { d.dids.at(1).direct_number = d.dids.at(0).direct_number; }},
      {"state_invalid", "/dids/1/user_id", [](auto& d) { d.dids.at(1).user_id.reset(); }},
      {"state_invalid", "/dids/2/e911", [](auto& d) { d.dids.at(2).e911 = true; }},
      {"user_unknown", "/dids/1/user_id", [](auto& d) { d.dids.at(1).user_id = {{make_id(tag_of<user>, 5)}}; }},
      {"not_joined", "/dids/1/user_id", [&](auto& d) { d.dids.at(1).user_id = w.ina; }},
      {"forwarding_to_oneself", "/dids/1/user_id",
       [=](auto& d) { d.users.at(mia).team_members.at(0).forwarding_number = std::string(mias_number); }},
      {"owner_invalid", "/tenant/owner_user_id", [&](auto& d) { d.tenant.owner_user_id = w.max; }},
  };
  const auto before = must(there.dir.state_digest());
  for (const auto& one : wrong) {
    CAPTURE(one.reason);
    CAPTURE(one.path);
    auto document = right;
    one.how(document);
    const auto no = refused_with(there.dir.run(there.in_container, document));
    CHECK(no.reason == one.reason);
    CHECK(no.path == one.path);
    CHECK(must(there.dir.state_digest()) == before);
  }
  CHECK(there.dir.run(there.in_container, right));
}

TEST_CASE("S5.11 I27 no authority comes in by a document that its importer does not have") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  const auto document = w.document();
  // Without the packages, which only the platform makes.
  const auto importer = [&](std::vector<std::string> permissions, std::string email) {
    static_cast<void>(must(there.dir.run(there.in_container, define_role{.name = email, .permissions = permissions})));
    static_cast<void>(must(there.dir.run(there.in_container, grant_role{.email = email, .role = email})));
    return must(there.dir.open_actor(email, there.in_container.in().id()));
  };
  auto bare = document;
  bare.packages.clear(), bare.offers.clear(), bare.pools.clear(), bare.assignment_rules.clear();
  for (auto& who : bare.users) who.seats.clear(), who.assignments.clear();
  std::vector<std::string> all{"tenant.manage",   "service.manage",   "seat_pool.manage",  "role.manage",
                               "notice.publish",  "number.configure", "company.configure", "user.manage",
                               "activity.report", "grant.manage",     "delegate.manage",   "number.provision",
                               "license.view",    "license.assign",   "audit.view",        "authority.view",
                               "billing.manage",  "control_panel.use"};
  const auto before_packages = importer(all, "most@example.com");
  const auto no_e911 = refused_with(there.dir.run(before_packages, bare));
  CHECK(no_e911.reason == "permission_denied");
  CHECK(no_e911.path == "/dids");
  for (auto& d : bare.dids) d.e911 = false;
  const auto restricted = refused_with(there.dir.run(before_packages, bare));
  CHECK(restricted.reason == "role_exceeds_own");
  CHECK(restricted.path.find("/roles/") == 0);
  std::erase_if(bare.roles, [](const auto& r) { return r.name == "emergency"; });
  for (auto& who : bare.users) std::erase_if(who.grants, [](const auto& g) { return g.role == "emergency"; });
  const auto flagged = refused_with(there.dir.run(before_packages, bare));
  CHECK(flagged.reason == "flag_not_held");
  for (auto& who : bare.users) who.flags.clear();
  auto with_package = bare;
  with_package.packages = {document.packages.at(0)};
  CHECK(refused_with(there.dir.run(before_packages, with_package)).path == "/packages/0");
  auto few = all;
  std::erase(few, "audit.view");
  const auto lesser = importer(few, "lesser@example.com");
  const auto exceeds = refused_with(there.dir.run(lesser, bare));
  CHECK(exceeds.reason == "role_exceeds_own");
  CHECK(exceeds.path.find("/grants/") != std::string::npos);
  CHECK(there.dir.run(before_packages, bare));
}

TEST_CASE("I27 a package that the directory has must be as the document says, but may be retired") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  auto first = w.document();
  REQUIRE(there.dir.run(there.in_container, first));
  import_tenant second = first;
  second.tenant = {.tenant_id = {make_id(tag_of<tenant>, 5)}, .name = "Second"};
  second.users.clear(), second.delegates.clear(), second.dids.clear(), second.roles.clear();
  auto dearer = second;
  dearer.packages.at(0).price_minor += 1;
  const auto no = refused_with(there.dir.run(there.in_container, dearer));
  CHECK(no.reason == "package_differs");
  CHECK(no.path == "/packages/0");
  for (auto& p : second.packages) p.state = package_state::available;
  CHECK(there.dir.run(there.in_container, second));
}

TEST_CASE("I27 a document changed anyhow crashes nothing: it is refused and nothing changes, or all rows agree") {
  moving_company w;
  const auto text = to_json(w.document());
  const auto fields = w.fields();
  std::mt19937_64 chance(27);
  const auto rows = [] { return std::shared_ptr<store>(memory_store()); };
  auto in = rows();
  auto there = std::make_unique<new_home>(std::make_unique<hard::lent_store>(in), fields);
  auto empty = must(there->dir.state_digest());
  int read = 0, taken = 0;
  for (int round = 0; round < 1500; ++round) {
    auto changed = text;
    for (auto edits = 1 + chance() % 3; edits-- > 0;) {
      const auto at = chance() % changed.size();
      const auto other = chance() % changed.size();
      switch (chance() % 4) {
      case 0:
        changed[at] = static_cast<char>(chance() % 256);
        break;
      case 1:
        changed.erase(at, chance() % 40);
        break;
      case 2:
        changed.insert(at, changed.substr(other, chance() % 40));
        break;
      default: // digits and letters of ids, numbers and words
        if (std::isalnum(static_cast<unsigned char>(changed[at])) != 0)
          changed[at] = static_cast<char>(
              std::isdigit(static_cast<unsigned char>(changed[at])) != 0 ? '0' + chance() % 10 : 'a' + chance() % 26);
      }
    }
    const auto document = from_json<import_tenant>(changed);
    if (!document) continue;
    ++read;
    if (!there->dir.run(there->in_container, *document)) {
      CHECK(must(there->dir.state_digest()) == empty);
      continue;
    }
    ++taken;
    REQUIRE_MESSAGE(first_flaw(*in) == "", first_flaw(*in));
    in = rows();
    there = std::make_unique<new_home>(std::make_unique<hard::lent_store>(in), fields);
    empty = must(there->dir.state_digest());
  }
  CHECK(read > 50);
  CHECK(taken > 5);
}
