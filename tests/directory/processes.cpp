// Several processes on one store, killed at any point. What a child said it committed must be there at the end; what it
// did not live to say must be whole or absent.
#include <linecard/stores/sqlite.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <csignal>
#include <fcntl.h>
#include <list>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kit;

namespace {

constexpr int seats = 50, people = 200, at_once = 8;

struct child {
  pid_t pid{};
  int out = -1;
  int first{}, end{};
  int to_say = -1; ///< killed after this many lines; -1: let be
  std::string rest{};
  int said{};
  bool killed{}, done{};
};

struct race {
  std::string store_name{}, key{}, tenant_text{};
  std::list<child> running{};
  std::map<std::string, std::string> kept{}; ///< user -> the seq it was told
  std::vector<std::string> failures{};
  int kills{}, churned{}, unacknowledged{};
  std::uint64_t chance = 2026;

  /// Pseudo-random, so that a failure can be run again, as far as the kernel's scheduler lets it.
  int drawn(int below) {
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((chance >> 33) % static_cast<std::uint64_t>(below));
  }

  void start(int first, int end, int churn, int to_say) {
    int pipe_ends[2];
    REQUIRE(pipe2(pipe_ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    std::string words[]{LINECARD_TEST_PROCESSES "/seat_taker",
                        store_name,
                        key,
                        tenant_text,
                        std::to_string(first),
                        std::to_string(end),
                        std::to_string(churn)};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child c{.first = first, .end = end, .to_say = to_say};
    const int failed = posix_spawn(&c.pid, words[0].c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    REQUIRE(failed == 0);
    c.out = pipe_ends[0];
    running.push_back(std::move(c));
  }

  void hear(child& c, const std::string& line) {
    ++c.said;
    if (line == "done") c.done = true;
    if (line.starts_with("churned ")) ++churned;
    if (line.starts_with("failed")) failures.push_back(line);
    if (line.starts_with("kept ")) {
      const auto space = line.find(' ', 5);
      const auto seq = line.substr(space + 1);
      if (seq == "-") ++unacknowledged;
      kept.emplace(line.substr(5, space - 5), seq);
    }
    if (c.said == c.to_say) {
      kill(c.pid, SIGKILL);
      c.killed = true;
    }
  }

  /// False at the end of what the child says; lines that crossed with the kill are heard as well.
  bool listen(child& c) {
    char bytes[4096];
    const auto size = read(c.out, bytes, sizeof bytes);
    if (size <= 0) return false;
    c.rest.append(bytes, static_cast<std::size_t>(size));
    for (auto end = c.rest.find('\n'); end != std::string::npos; end = c.rest.find('\n')) {
      const auto line = c.rest.substr(0, end);
      c.rest.erase(0, end + 1);
      hear(c, line);
    }
    return true;
  }

  void bury(const child& c) {
    int status = 0;
    REQUIRE(waitpid(c.pid, &status, 0) == c.pid);
    close(c.out);
    CHECK(c.rest.empty()); // a line is one write
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && c.killed) {
      ++kills;
      if (!c.done) start(c.first, c.end, 0, kills < 16 ? 1 + drawn(6) : -1); // the replacement may be killed as well
      return;
    }
    CHECK_MESSAGE((WIFEXITED(status) && WEXITSTATUS(status) == 0 && c.done), "a child ended with status " << status);
  }

  void run() {
    while (!running.empty()) {
      std::vector<pollfd> ears;
      for (const auto& c : running) ears.push_back({c.out, POLLIN, 0});
      REQUIRE(poll(ears.data(), ears.size(), -1) > 0);
      auto at = running.begin();
      for (const auto& ear : ears) {
        const auto here = at++;
        if (ear.revents == 0 || listen(*here)) continue;
        const child gone = *here;
        running.erase(here);
        bury(gone);
      }
    }
  }

  ~race() { // after a failed REQUIRE no child outlives the test
    for (const auto& c : running) {
      kill(c.pid, SIGKILL);
      waitpid(c.pid, nullptr, 0);
      close(c.out);
    }
  }
};

void race_of_processes(store_kind kind) {
  const shared_storage storage(kind);
  const std::shared_ptr<store> file = storage.open();
  std::optional<world> made(std::in_place, std::make_unique<hard::lent_store>(file), seats);
  world& w = *made;
  std::vector<adopt_user> newcomers(people);
  std::vector<request> adoptions;
  for (int i = 0; i < people; ++i) {
    auto& one = newcomers[static_cast<std::size_t>(i)];
    one = {.first_name = "User",
           .last_name = "Number " + std::to_string(i),
           .email = "u" + std::to_string(i) + "@acme.example"};
    one.external_ref = "u" + std::to_string(i);
    adoptions.push_back(request_of(one));
  }
  REQUIRE(w.dir.run_all(w.admin, adoptions));
  const auto other_before = w.digest(w.other_id);

  race r{.store_name = storage.name(), .key = w.key.text(), .tenant_text = to_text(w.tenant_id)};
  for (int n = 0; n < at_once; ++n)
    r.start(people / at_once * n, people / at_once * (n + 1), 2, n % 4 == 3 ? -1 : 1 + r.drawn(12));
  r.run();

  CHECK(r.failures.empty());
  CHECK(r.kills > 0);
  CHECK(r.churned > 0);
  CHECK(w.pool(w.basic).used == seats);
  CHECK(w.pool(w.basic).reserved == 0);
  const auto stored = hard::stored_ledger(*file, w.tenant_id);
  CHECK(hard::flaw_of(stored) == "");
  CHECK(stored == hard::replayed_ledger(w.dir, w.admin));
  for (const auto& acknowledged : r.kept) {
    CAPTURE(acknowledged.first);
    const auto seat = stored.seats.find(acknowledged.first);
    REQUIRE(seat != stored.seats.end());
    CHECK(seat->second.package == to_text(w.basic));
  }
  CHECK(stored.seats.size() == seats); // every seat was acknowledged by someone in the end, or found by a replacement
  CHECK(r.kept.size() <= seats);
  MESSAGE(r.kills << " killed, " << r.kept.size() << " seats acknowledged, " << r.unacknowledged
                  << " of them by a replacement alone, " << r.churned << " taken and given back");

  int listed = 0;
  hard::each<user>(*file, [&](const user& u) { listed += u.tenant_id == w.tenant_id; });
  CHECK(listed == people + 1); // and the administrator
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  CHECK(must(w.dir.ask(w.operator_, verify_audit{})).intact);
  CHECK(w.digest(w.other_id) == other_before);

  made.reset();
  if (kind != store_kind::sqlite) return;
  contract::raw_sqlite by_hand(storage.name().substr(7));
  CHECK(by_hand.ask("PRAGMA integrity_check") == "ok");
  CHECK(by_hand.ask("SELECT count(*) FROM seats") == std::to_string(seats));
}

} // namespace

TEST_CASE("B4 I1 I2 I23 I26 eight processes on one file, some killed with SIGKILL mid-run, sell exactly 50 seats and "
          "lose nothing they acknowledged") {
  race_of_processes(store_kind::sqlite);
}

#if LINECARD_HAS_POSTGRES
TEST_CASE("B4 I1 I2 I23 I26 eight processes on PostgreSQL, some killed with SIGKILL mid-run, sell exactly 50 seats and "
          "lose nothing they acknowledged") {
  race_of_processes(store_kind::postgres);
}
#endif
