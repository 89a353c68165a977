#include "rules/samples_parts.hpp"

namespace samples {

namespace {

std::string rule(const world& w, bool plus) {
  return R"({"team_role":"agent","package_id":)" + quoted(plus ? w.plus : w.basic) + "}";
}
/// Zoe, an agent, for whom no seat of Basic was left, although there is one by now.
id_of<user> failed(world& w) {
  const auto pool = [&](std::int32_t purchased) {
    static_cast<void>(must(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = purchased})));
  };
  pool(0);
  static_cast<void>(must(w.dir.run(w.admin, set_assignment_rule{.team_role = "agent", .package_id = w.basic})));
  const adopt_user zoe{.first_name = "Zoe", .last_name = "Z", .email = "zoe@acme.example", .team_role = "agent"};
  const auto id = must(w.dir.run(w.admin, zoe)).created_id<user>();
  pool(3);
  return id;
}
std::string after_failing(world& w) { return static_cast<void>(failed(w)), std::string("{}"); }

} // namespace

sample_map samples_of_rules() {
  return {
      {"set_assignment_rule", {whom::admin, [](world& w) { return static_cast<void>(failed(w)), rule(w, true); }}},
      {"remove_assignment_rule",
       {whom::admin, [](world& w) { return static_cast<void>(failed(w)), std::string(R"({"team_role":"agent"})"); }}},
      {"retry_assignments", {whom::admin, [](world& w) { return "{\"user_ids\":[" + quoted(failed(w)) + "]}"; }}},
      {"retry_failed_assignments", {whom::admin, after_failing}},
      {"assignment_rules", {whom::admin, after_failing}},
      {"assignments",
       {whom::admin,
        [](world& w) { return with_more(after_failing(w), R"("state":"failed","limit":5)").erase(1, 1); }}},
      {"note_activity",
       {whom::tenant,
        [](world& w) {
          return R"({"activities":[{"user_id":)" + quoted(w.invite("Ina", "I", "ina@acme.example")) +
                 R"(,"last_active_at":"2026-01-02T03:04:05Z"}]})";
        }}},
      {"idle_seats",
       {whom::admin,
        [](world& w) {
          w.invite("Ina", "I", "ina@acme.example", w.basic);
          return std::string(R"({"idle_since":"2100-01-01T00:00:00Z","limit":5})");
        }}},
  };
}

} // namespace samples
