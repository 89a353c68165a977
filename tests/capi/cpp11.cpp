// linecard_c.hpp: the same over handles that free themselves and errors that are thrown.
#include "kit.hpp"

#include <linecard_c.hpp>

#include <functional>

namespace {

linecard_c::error thrown(const std::function<void()>& call) {
  try {
    call();
  } catch (const linecard_c::error& why) {
    return why;
  }
  FAIL("nothing was thrown");
  return linecard_c::error(nullptr);
}

} // namespace

TEST_CASE("linecard_c.hpp: the main job, with errors as exceptions that carry status, reason and path") {
  std::string key;
  auto directory = linecard_c::directory::create(capi::in_memory(), key);
  CHECK(key.substr(0, 7) == "lckey1_");
  auto platform = directory.bootstrap_operator("ops@example.com");
  auto container = directory.open_actor(platform.identity_id(), platform.create_container("pbx-1"));
  auto tenant = directory.open_actor("ops@example.com", container.create_tenant("Acme"));
  CHECK(linecard_c::parse_id(linecard_c::id_text(tenant.scope_id())) == tenant.scope_id());
  platform.call("define_package", R"({"name":"Basic","kind":"base","price_minor":"900","currency":"EUR"})");
  const auto packages = tenant.selectable_packages();
  REQUIRE(packages.size() == 1);
  const auto basic = packages.id(0, "package_id");
  const auto ada = tenant.adopt_user(capi::person("Ada", "ada@acme.example"));

  const auto why = thrown([&] { tenant.assign_package(ada, basic); });
  CHECK(why.status() == LINECARD_E_CONFLICT);
  CHECK(why.reason() == "package_not_offered");
  CHECK(std::string(why.what()).find(why.reason()) == 0);
  CHECK(thrown([&] { tenant.assign_package(basic, ada); }).path() == "/user_id");

  tenant.call("offer_package", R"({"package_id":")" + linecard_c::id_text(basic) + R"("})");
  tenant.call("set_seat_pool",
              R"({"package_id":")" + linecard_c::id_text(basic) + R"(","purchased":1,"overage":"block"})");
  CHECK(tenant.assign_package(ada, basic).find("assign_package") != std::string::npos);
  CHECK(tenant.find_user(ada).text(0, "package") == "Basic");
  CHECK(tenant.find_user_by_email("ada@acme.example").id(0, "user_id") == ada);
  CHECK(tenant.users("ada").size() == 1);
  CHECK(tenant.users().next() == 0);
  CHECK_FALSE(tenant.users().has(0, "external_ref"));
  CHECK(tenant.seat_pools().integer(0, "used") == 1);

  const auto json = R"({"user_id":")" + linecard_c::id_text(ada) + R"("})";
  const auto before = directory.state_digest();
  const auto shown = tenant.preview("unassign_package", json);
  CHECK(directory.state_digest() == before);
  CHECK(tenant.confirm("unassign_package", json, shown.token).find("unassign_package") != std::string::npos);
  CHECK(thrown([&] { tenant.find_user_by_external_ref("none"); }).status() == LINECARD_E_NOT_FOUND);

  CHECK(directory.check(platform.identity_id(), "license.assign", tenant.scope_id()));
  CHECK_FALSE(directory.check(directory.open_actor(tenant.find_user(ada).text(0, "email")).identity_id(),
                              "license.assign", tenant.scope_id()));
  CHECK(thrown([&] { (void)directory.check(ada, "license.assign"); }).status() == LINECARD_E_WRONG_KIND);
  const auto assign = directory.permission_id("license.assign"), audit = directory.permission_id("audit.view");
  const auto root = platform.identity_id(), nobody = directory.open_actor("ada@acme.example").identity_id();
  CHECK(directory.check(root, assign, tenant.scope_id()));
  CHECK_FALSE(directory.check(nobody, assign, tenant.scope_id()));
  CHECK(directory.check_many({root, nobody}, {assign, audit}, {tenant.scope_id(), 0}) ==
        std::vector<std::uint8_t>{1, 0});
  CHECK(directory.check_many({}, {}, {}).empty());
  CHECK_THROWS_AS(directory.check_many({root}, {}, {}), std::invalid_argument);
  CHECK(LINECARD_MASK_HAS(directory.effective(root), assign) == 1);
  CHECK(LINECARD_MASK_HAS(directory.effective(nobody), assign) == 0);
  CHECK(thrown([&] { (void)directory.permission_id("no.such"); }).reason() == "permission_unknown");
  CHECK(thrown([&] { (void)directory.check(root, std::uint32_t{0}); }).reason() == "permission_unknown");
  CHECK(linecard_c::describe().find("assign_package") != std::string::npos);
}
