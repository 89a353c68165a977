// A tenant as one document, and a pool made smaller than its use, through the C ABI: JSON in, JSON out.
#include "reached.hpp"

using namespace capi;

namespace {

std::string quoted(linecard_id id) { return '"' + id_text(id) + '"'; }

/// A directory with a container and nobody in it but its operator: where a tenant comes to.
struct elsewhere {
  linecard_directory* directory = nullptr;
  linecard_actor *platform = nullptr, *container = nullptr;

  elsewhere() {
    caught why;
    const auto options = in_memory();
    linecard_text* key = nullptr;
    linecard_id container_id = 0;
    ok(linecard_create(&options, &key, &directory, why), why);
    linecard_text_free(key);
    ok(linecard_bootstrap_operator(directory, "ops@there.example", nul, &platform, why), why);
    ok(linecard_create_container(platform, "pbx-9", nul, &container_id, why), why);
    container = open(container_id);
  }
  elsewhere(const elsewhere&) = delete;
  elsewhere& operator=(const elsewhere&) = delete;
  ~elsewhere() {
    for (auto* a : {platform, container}) linecard_actor_free(a);
    linecard_close(directory);
  }
  [[nodiscard]] linecard_actor* open(linecard_id scope_id) const {
    caught why;
    linecard_actor* made = nullptr;
    ok(linecard_actor_open(directory, linecard_actor_identity(platform), scope_id, &made, why), why);
    return made;
  }
};

} // namespace

TEST_CASE("C: I27 what export_tenant answers is what import_tenant takes, and the same bytes come out there") {
  const reached_house here;
  caught why;
  linecard_id mia = 0;
  auto u = person("Mia", "mia@acme.example");
  u.extension = "201";
  ok(linecard_adopt_user(here.at.tenant, &u, &mia, why), why);
  call(here.at.tenant, "assign_package",
       R"({"user_id":)" + quoted(mia) + R"(,"package_id":)" + quoted(here.at.plus) + "}");
  const auto document = call(here.at.tenant, "export_tenant", "{}");
  CHECK(has(document, R"("left_out":["credentials",)"));
  CHECK(has(document, R"("email":"mia@acme.example")"));
  CHECK(reached_house::refused(here.at.tenant, "import_tenant", document) == "wrong_scope");

  const elsewhere there;
  call(there.container, "import_tenant", document);
  CHECK(reached_house::refused(there.container, "import_tenant", document) == "already_there");
  auto* moved = there.open(here.at.tenant_id);
  CHECK(call(moved, "export_tenant", "{}") == document);
  linecard_actor_free(moved);
}

TEST_CASE("C: B5 I5 who would lose a seat is said beforehand, and the list is the command") {
  reached_house c;
  const auto ina = c.invite();
  const auto pool = R"({"package_id":)" + quoted(c.at.plus) + R"(,"purchased":0)";
  CHECK(reached_house::refused(c.at.tenant, "set_seat_pool", pool + "}") == "below_use");
  const auto plan = call(c.at.tenant, "shrink_plan", pool + "}");
  CHECK(has(plan, R"("user_id":)" + quoted(ina)));
  CHECK(has(plan, R"("reason":"invited")"));
  CHECK(reached_house::refused(c.at.tenant, "shrink_pool", pool + "}") == "below_use");
  call(c.at.tenant, "shrink_pool", pool + R"(,"from_user_ids":[)" + quoted(ina) + "]}");
  CHECK(has(call(c.at.tenant, "find_user", c.about(ina)), R"("package":"Unassigned")"));
  CHECK(has(call(c.at.tenant, "shrink_plan", pool + "}"), R"("losses":[])"));
}
