// Assignment rules and idle seats through the C ABI, as JSON calls.
#include "reached.hpp"

using namespace capi;

namespace {

std::string quoted(linecard_id id) { return '"' + id_text(id) + '"'; }

struct company {
  reached_house h{};
  std::string plus = quoted(h.at.plus);

  [[nodiscard]] std::string run(const char* operation, const std::string& json) const {
    return call(h.at.tenant, operation, json);
  }
  [[nodiscard]] linecard_id agent(const char* name, const char* email) const {
    caught why;
    linecard_id id = 0;
    auto u = person(name, email);
    u.team_role = "agent";
    ok(linecard_adopt_user(h.at.tenant, &u, &id, why), why);
    return id;
  }
  void rule() const { call(h.at.tenant, "set_assignment_rule", R"({"team_role":"agent","package_id":)" + plus + "}"); }
};

} // namespace

TEST_CASE("C: B13 S1.5 whoever has the team role gets the package, a hand wins, and failures can be retried") {
  const company c;
  call(c.h.at.tenant, "set_seat_pool", R"({"package_id":)" + c.plus + R"(,"purchased":1})");
  const auto mia = c.agent("Mia", "mia@acme.example");
  c.rule();
  CHECK(has(c.run("find_user", R"({"user_id":)" + quoted(mia) + "}"), R"("package":"Plus")"));
  const auto max = c.agent("Max", "max@acme.example");
  const auto failed = c.run("assignments", R"({"state":"failed"})");
  CHECK(has(failed, R"("user_id":)" + quoted(max)));
  CHECK(has(failed, R"("package":"Unassigned","state":"failed","reason":"no_seat_left")"));

  call(c.h.at.tenant, "unassign_package", R"({"user_id":)" + quoted(mia) + "}");
  CHECK(has(c.run("assignments", R"({"state":"conflict"})"), R"("reason":"unassigned_by_hand")"));
  call(c.h.at.tenant, "retry_failed_assignments", "{}");
  CHECK(has(c.run("find_user", R"({"user_id":)" + quoted(max) + "}"), R"("package":"Plus","package_id")"));
  call(c.h.at.tenant, "retry_assignments", R"({"user_ids":[)" + quoted(mia) + "]}");
  CHECK(has(c.run("assignments", R"({"state":"failed"})"), quoted(mia)));
  CHECK(has(c.run("find_user", R"({"user_id":)" + quoted(max) + "}"), R"("team_role":"agent")"));
  CHECK(has(c.run("assignment_rules", "{}"), R"({"rules":[{"team_role":"agent","package_id":)" + c.plus));
  call(c.h.at.tenant, "remove_assignment_rule", R"({"team_role":"agent"})");
  CHECK(reached_house::refused(c.h.at.tenant, "remove_assignment_rule", R"({"team_role":"agent"})") == "rule_unknown");
}

TEST_CASE("C: B12 the host reports who was active, and is told whose paid seats lie idle and what they cost") {
  const company c;
  const auto mia = c.agent("Mia", "mia@acme.example"), max = c.agent("Max", "max@acme.example");
  c.rule();
  const auto seen = [](linecard_id id, const char* at) {
    return R"({"user_id":)" + quoted(id) + R"(,"last_active_at":")" + at + "\"}";
  };
  call(c.h.at.tenant, "note_activity",
       R"({"activities":[)" + seen(mia, "2020-01-02T03:04:05Z") + "," + seen(max, "2020-01-01T00:00:00Z") + "]}");
  const auto idle = c.run("idle_seats", R"({"idle_days":30})");
  const auto first = idle.find(quoted(max)), second = idle.find(quoted(mia));
  REQUIRE(first != std::string::npos);
  CHECK(second > first); // longest idle first
  CHECK(has(idle, R"("last_active_at":"2020-01-02T03:04:05.000Z")"));
  CHECK(has(idle, R"("saves_minor":)"));
  CHECK(has(c.run("idle_seats", R"({"idle_since":"2020-01-01T12:00:00Z"})"), quoted(max)));
  CHECK_FALSE(has(c.run("idle_seats", R"({"idle_since":"2020-01-01T12:00:00Z"})"), quoted(mia)));
  CHECK(reached_house::refused(c.h.at.tenant, "note_activity",
                               R"({"activities":[)" + seen(mia, "2999-01-01T00:00:00Z") + "]}") ==
        "last_active_at_invalid");
  CHECK(reached_house::refused(c.h.at.tenant, "idle_seats", "{}") == "one_key_needed");
}
