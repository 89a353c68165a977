// Counters: exact, of bounded size, as JSON and as Prometheus' text.
#include <linecard/directory.hpp>
#include <linecard/json.hpp>

#include "directory/decorated_store.hpp"
#include "kit.hpp"

#include <algorithm>
#include <thread>

using namespace kit;

namespace {

command_count of(const directory_counters& all, std::string_view name) {
  for (const auto& c : all.commands)
    if (c.command == name) return c;
  return {};
}
std::int64_t refused_for(const directory_counters& all, std::string_view reason) {
  for (const auto& r : all.refusals)
    if (r.reason == reason) return r.count;
  return 0;
}
std::int64_t all_refused(const directory_counters& all) {
  std::int64_t sum = 0;
  for (const auto& r : all.refusals) sum += r.count;
  return sum;
}

/// A command of a host's own.
struct polish_brass {
  std::string reason{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Refuses for the reason it is given.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const {
    if (reason == "none") return std::nullopt;
    return refuse(status::conflict, reason, "", "as asked");
  }
};
BOOST_DESCRIBE_STRUCT(polish_brass, (), (reason))

} // namespace

TEST_CASE("B17 counters tell commands by name, refusals by reason, reruns and what was given up") {
  const auto inner = std::shared_ptr<store>(memory_store());
  const auto plan = std::make_shared<hard::fault_plan>();
  world w(std::make_unique<hard::faulty_store>(inner, plan), 1);
  const auto ina = w.adopt("Ina", "Imhof", "ina@acme.example"), max = w.adopt("Max", "Moll", "max@acme.example");
  const auto before = w.dir.counters();
  CHECK(of(before, "bootstrap_operator").done == 1);
  CHECK(of(before, "create_tenant").done == 2);
  CHECK(before.refusals.empty());

  static_cast<void>(must(w.dir.run(w.admin, assign_package{ina, w.basic})));
  static_cast<void>(must(w.dir.run(w.admin, assign_package{ina, w.basic}))); // changes nothing, is done all the same
  CHECK(w.dir.run(w.admin, assign_package{max, w.basic}).has_error());
  const auto shown = must(w.dir.preview(w.admin, assign_package{max, w.plus})); // not counted
  static_cast<void>(must(w.dir.confirm(w.admin, assign_package{max, w.plus}, *shown.token)));
  const unassign_package off{.user_id = ina};
  const assign_package again{max, w.basic};
  const request batch[]{request_of(off), request_of(again)};
  CHECK(w.dir.run_all(w.admin, batch).has_error());   // the refused command alone is counted
  CHECK(w.dir.ask(w.admin, find_user{}).has_error()); // a query is no command
  plan->conflicts_left = 2;
  static_cast<void>(must(w.dir.run(w.admin, off)));
  plan->conflicts_left = 1000;
  CHECK(refused_with(w.dir.run(w.admin, assign_package{ina, w.basic})).reason == "contended");
  plan->disarm();

  const auto now = w.dir.counters();
  CHECK(of(now, "assign_package").done == 3);
  CHECK(of(now, "assign_package").refused == 3);
  CHECK(of(now, "unassign_package").done == 1);
  CHECK(of(now, "unassign_package").refused == 0);
  CHECK(refused_for(now, "no_seat_left") == 1);
  CHECK(refused_for(now, "already_assigned") == 1);
  CHECK(refused_for(now, "contended") == 1);
  CHECK(all_refused(now) == 3);
  CHECK(now.reruns == 2 + 32);
  CHECK(now.contended == 1);
  CHECK_FALSE(now.view_age_milliseconds.has_value());
}

TEST_CASE("B17 counters tell how often the store was called, and that it took time") {
  world w;
  const auto before = w.dir.counters();
  REQUIRE(before.store.size() == 3);
  static_cast<void>(must(w.dir.run(w.at_tenant, enable_service{.service = "video"})));
  static_cast<void>(w.dir.run(w.at_tenant, enable_service{.service = ""})); // refused before the store is asked
  const auto now = w.dir.counters();
  const std::vector<std::string> names{"begin", "scan", "commit"};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(now.store[i].call == names[i]);
    const auto more = now.store[i].count - before.store[i].count;
    CHECK((i == 1 ? more >= 1 : more == 1));
    CHECK(now.store[i].microseconds >= before.store[i].microseconds);
  }
  CHECK(now.store[1].microseconds > 0);
}

TEST_CASE("B17 counters have room for 128 reasons; what is no slug, or one too many, counts as other") {
  world w;
  for (const char* flawed : {"No_Slug", "two words", "\"quoted\"", "back\\slash", "\xc3\xa9"})
    CHECK(refused_with(w.dir.run(w.admin, polish_brass{flawed})).reason == flawed);
  CHECK(refused_with(w.dir.run(w.admin, polish_brass{std::string(65, 'a')})).reason.size() == 65);
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 200; ++i) CHECK(w.dir.run(w.admin, polish_brass{"reason_" + std::to_string(i)}).has_error());
  static_cast<void>(must(w.dir.run(w.admin, polish_brass{"none"})));
  const auto now = w.dir.counters();
  CHECK(now.refusals.size() == 129);
  CHECK(refused_for(now, "reason_0") == 2);
  CHECK(refused_for(now, "other") == 6 + 2 * (200 - 128));
  CHECK(of(now, "other").refused == all_refused(now)); // a host's own command has no label of its own
  CHECK(of(now, "other").done == 1);
  CHECK(to_prometheus(now).find("Slug") == std::string::npos);
}

TEST_CASE("B17 threads that run commands at once are all counted, none twice") {
  world w(memory_store(), 7);
  std::vector<id_of<user>> people;
  for (int i = 0; i < 20; ++i)
    people.push_back(w.adopt("User", std::to_string(i), "u" + std::to_string(i) + "@acme.example"));
  const auto before = w.dir.counters();
  constexpr int threads = 4;
  std::atomic<std::int64_t> done{0}, refused{0};
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t)
    running.emplace_back([&] {
      for (int round = 0; round < 10; ++round)
        for (const auto who : people) {
          ++(w.dir.run(w.admin, assign_package{who, w.basic}).has_value() ? done : refused);
          static_cast<void>(w.dir.counters());
        }
    });
  for (auto& one : running) one.join();
  const auto now = w.dir.counters();
  CHECK(done + refused == threads * 10 * 20);
  CHECK(of(now, "assign_package").done == done);
  CHECK(of(now, "assign_package").refused == refused);
  CHECK(refused_for(now, "no_seat_left") == refused);
  CHECK(refused > 0);
  CHECK(now.store[0].count - before.store[0].count == threads * 10 * 20);
  CHECK(now.store[2].count - before.store[2].count == 7); // only a change is committed
}

TEST_CASE("B17 counters are JSON, and Prometheus' text with help, types, escapes and base units") {
  directory_counters c;
  c.commands = {{"assign_package", 12, 3}};
  c.refusals = {{"no_seat_left", 2}, {"a\"b\\c\nd", 1}};
  c.reruns = 4, c.contended = 1;
  c.store = {{"begin", 15, 1'000'007}, {"scan", 90, 250}};
  c.after_commit_failures = 5, c.log_failures = 6;
  c.view_age_milliseconds = 1042;
  CHECK(
      to_json(c) ==
      R"({"commands":[{"command":"assign_package","done":"12","refused":"3"}],)"
      R"("refusals":[{"reason":"no_seat_left","count":"2"},{"reason":"a\"b\\c\nd","count":"1"}],)"
      R"("reruns":"4","contended":"1",)"
      R"("store":[{"call":"begin","count":"15","microseconds":"1000007"},{"call":"scan","count":"90","microseconds":"250"}],)"
      R"("after_commit_failures":"5","log_failures":"6","view_age_milliseconds":"1042"})");
  CHECK(to_prometheus(c) ==
        R"(# HELP linecard_commands_total Commands run or confirmed, by what came of them.
# TYPE linecard_commands_total counter
linecard_commands_total{command="assign_package",result="done"} 12
linecard_commands_total{command="assign_package",result="refused"} 3
# HELP linecard_refusals_total Refused commands by reason.
# TYPE linecard_refusals_total counter
linecard_refusals_total{reason="no_seat_left"} 2
linecard_refusals_total{reason="a\"b\\c\nd"} 1
# HELP linecard_reruns_total Rules decided again because somebody else was first.
# TYPE linecard_reruns_total counter
linecard_reruns_total 4
# HELP linecard_contended_total Commands given up because somebody else was always first.
# TYPE linecard_contended_total counter
linecard_contended_total 1
# HELP linecard_store_seconds Time spent in calls of the store.
# TYPE linecard_store_seconds summary
linecard_store_seconds_sum{call="begin"} 1.000007
linecard_store_seconds_count{call="begin"} 15
linecard_store_seconds_sum{call="scan"} 0.000250
linecard_store_seconds_count{call="scan"} 90
# HELP linecard_after_commit_failures_total Times the host's after_commit failed.
# TYPE linecard_after_commit_failures_total counter
linecard_after_commit_failures_total 5
# HELP linecard_log_failures_total Times the host's log failed.
# TYPE linecard_log_failures_total counter
linecard_log_failures_total 6
# HELP linecard_view_age_seconds How long ago the views were last known to be current.
# TYPE linecard_view_age_seconds gauge
linecard_view_age_seconds 1.042
)");
  CHECK(to_prometheus(world().dir.counters()).find("view_age") == std::string::npos);
}
