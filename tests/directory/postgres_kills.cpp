// Clients, backends and the whole PostgreSQL server killed with SIGKILL in the middle of commands, on a server that
// syncs; and a backup with PostgreSQL's own tool while commands run. LINECARD_KILLS says how often, 20 by default.
#include <linecard/stores/postgres.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "stores/postgres_kit.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kit;

namespace {

constexpr int people = 40, seats = 30;

/// A seat_taker that takes and gives back without end, until it is killed or its server is gone.
struct taker {
  pid_t pid = -1;
  int out = -1;
  std::string rest{};
  std::int64_t acknowledged{}; ///< the highest audit number it was told
  std::vector<std::string> kept{};
  std::string failed{};

  taker(const postgres_options& on, const std::string& key, const std::string& tenant_text, int first, int end,
        int churn) {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string words[]{LINECARD_TEST_PROCESSES "/seat_taker",
                        "postgres:" + on.schema + ":" + on.conninfo,
                        key,
                        tenant_text,
                        std::to_string(first),
                        std::to_string(end),
                        std::to_string(churn)};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int no = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out = ends[0];
    REQUIRE(no == 0);
  }
  taker(const taker&) = delete;
  taker& operator=(const taker&) = delete;
  ~taker() {
    end();
    close(out);
  }

  void end() {
    if (pid < 0) return;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    pid = -1;
  }
  void hear(const std::string& line) {
    const auto number = line.substr(line.rfind(' ') + 1);
    if ((line.starts_with("churned ") || line.starts_with("kept ")) && number != "-")
      acknowledged = std::max<std::int64_t>(acknowledged, std::atoll(number.c_str()));
    if (line.starts_with("kept ")) kept.push_back(line.substr(5, line.find(' ', 5) - 5));
    if (line.starts_with("failed ")) failed = line.substr(7);
  }
  /// Hears so many lines more, or all there are until it is gone. False at the end.
  bool listen(int lines) {
    while (lines > 0) {
      const auto end_of_line = rest.find('\n');
      if (end_of_line != std::string::npos) {
        hear(rest.substr(0, end_of_line));
        rest.erase(0, end_of_line + 1);
        --lines;
        continue;
      }
      char bytes[4096];
      const auto size = read(out, bytes, sizeof bytes);
      if (size <= 0) return false;
      rest.append(bytes, static_cast<std::size_t>(size));
    }
    return true;
  }
};

struct fleet {
  contract::postgres_server server{true, {"restart_after_crash=on"}};
  postgres_options options{.conninfo = server.conninfo()};
  std::optional<world> made{std::in_place, open(), seats};
  world& w = *made;

  fleet() {
    std::vector<adopt_user> newcomers(people);
    std::vector<request> adoptions;
    for (int i = 0; i < people; ++i) {
      auto& one = newcomers[static_cast<std::size_t>(i)];
      one = {.first_name = "User", .last_name = std::to_string(i), .email = "u" + std::to_string(i) + "@acme.example"};
      one.external_ref = "u" + std::to_string(i);
      adoptions.push_back(request_of(one));
    }
    REQUIRE(w.dir.run_all(w.admin, adoptions));
  }
  [[nodiscard]] std::unique_ptr<store> open() const { return must(postgres_store(options)); }
  [[nodiscard]] taker start(int first, int end, int churn) const {
    return {options, made->key.text(), to_text(made->tenant_id), first, end, churn};
  }

  /// Whole, and nothing lost that somebody was told.
  void check_whole(const postgres_options& where, std::int64_t acknowledged) {
    const std::shared_ptr<store> rows = must(postgres_store(where));
    auto dir = must(directory::open({.store = std::make_unique<hard::lent_store>(rows)}, w.key));
    const auto admin = must(dir.open_actor("ada@acme.example", w.tenant_id));
    const auto chain = must(dir.ask(admin, verify_audit{}));
    CHECK(chain.intact);
    CHECK(chain.entries >= acknowledged);
    CHECK(must(dir.ask(must(dir.open_actor("root@example.com")), verify_audit{})).intact);
    const auto stored = hard::stored_ledger(*rows, w.tenant_id);
    CHECK(hard::flaw_of(stored) == "");
    CHECK(stored == hard::replayed_ledger(dir, admin));
  }
};

int kills_wanted() {
  const char* said = std::getenv("LINECARD_KILLS");
  return said != nullptr ? std::max(std::atoi(said), 1) : 20;
}

} // namespace

TEST_CASE(
    "I26 I23 I1 I2 clients, backends and PostgreSQL itself killed in mid-command leave whole states and lose nothing "
    "that was acknowledged") {
  fleet f;
  std::uint64_t chance = 2026;
  const auto drawn = [&](int below) {
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((chance >> 33) % static_cast<std::uint64_t>(below));
  };
  std::int64_t acknowledged = 0;
  int clients = 0, backends = 0, servers = 0, survived = 0;
  std::map<std::string, int> ends;
  for (int n = 0; n < kills_wanted(); ++n) {
    CAPTURE(n);
    taker one = f.start(0, people / 2, 100'000), other = f.start(people / 2, people, 100'000);
    REQUIRE(one.listen(1 + drawn(8)));
    REQUIRE(other.listen(1));
    if (n % 3 == 0) {
      one.end();
      ++clients;
      CHECK(other.listen(3)); // undisturbed
    } else if (n % 3 == 1) {
      const auto pid = contract::raw_postgres(f.options).ask(
          "SELECT pid FROM pg_stat_activity WHERE application_name='linecard' AND pid NOT IN (SELECT pid FROM"
          " pg_stat_activity WHERE query LIKE 'LISTEN%') ORDER BY query_start DESC LIMIT 1");
      kill(std::atoi(pid.c_str()), SIGKILL); // the server ends every session and recovers
      ++backends;
      survived += one.listen(20) ? 1 : 0;
    } else {
      f.server.stop(SIGKILL);
      ++servers;
      f.server.start();
    }
    one.end(), other.end();
    for (taker* t : {&one, &other}) {
      while (t->listen(1)) {
      }
      CHECK(t->rest.empty());
      acknowledged = std::max(acknowledged, t->acknowledged);
      if (!t->failed.empty()) ++ends[t->failed];
      // Lost while reading is busy: nothing was asked of the server that could stand.
      constexpr std::string_view may_fail_with[]{"", "store_unreachable", "commit_unknown", "store_busy"};
      CHECK_MESSAGE(std::ranges::find(may_fail_with, t->failed) != std::end(may_fail_with), t->failed);
    }
    f.server.start(); // answers again
    f.check_whole(f.options, acknowledged);
  }
  std::string told;
  for (const auto& [reason, count] : ends) told += ", " + std::to_string(count) + " " + reason;
  MESSAGE(clients << " clients, " << backends << " backends, " << servers << " servers killed; audit number "
                  << acknowledged << " acknowledged; " << survived << " clients went on after a crash" << told);
  CHECK(acknowledged > 0);
  CHECK(clients > 0);
}

TEST_CASE("I26 pg_dump while commands run gives a backup that opens, whole and verified") {
  fleet f;
  taker one = f.start(0, people / 2, 100'000), other = f.start(people / 2, people, 100'000);
  REQUIRE(one.listen(2));
  REQUIRE(other.listen(2));
  const auto file = f.server.folder() + "/backup.sql";
  static_cast<void>(f.server.tool("pg_dump", {"-d", f.options.conninfo, "-n", f.options.schema, "-f", file}));
  const auto before_it = std::max(one.acknowledged, other.acknowledged);
  CHECK(one.listen(2)); // nobody was stopped
  one.end(), other.end();
  static_cast<void>(f.server.tool("createdb", {"--maintenance-db=" + f.options.conninfo, "restored"}));
  static_cast<void>(
      f.server.tool("psql", {"-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", f.server.conninfo("restored"), "-f", file}));
  auto restored = f.options;
  restored.conninfo = f.server.conninfo("restored");
  f.check_whole(restored, before_it);
}
