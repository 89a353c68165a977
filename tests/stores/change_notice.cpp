// Being told by a store that somebody has committed: change_counter and wait_for_change, in memory and on SQLite, and
// there between processes.
#include "contract.hpp"
#include "fault_vfs.hpp"
#include "sqlite_kit.hpp"

#include <linecard/stores/memory.hpp>

#include <atomic>
#include <csignal>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace linecard;
using namespace linecard::contract;
using namespace std::chrono_literals;

namespace {

edit some_parcel(std::int64_t id) { return insert(parcels, parcel_row(id, "name", "box", 1, none)); }
constexpr auto long_enough = 60s; ///< a wait that ends earlier was ended by a commit

std::uint64_t count(store& s) {
  const auto now = s.change_counter();
  REQUIRE(now.has_value());
  CHECK(*now != 0);
  return *now;
}
std::uint64_t wait(store& s, std::uint64_t seen, std::chrono::milliseconds timeout) {
  const auto next = s.wait_for_change(seen, timeout);
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  return **next;
}

/// The same claims for both; `fresh` is prepared and empty.
void tells_of_commits(store& s) {
  const auto before = count(s);
  CHECK(count(s) == before);
  {
    auto begun = s.begin(access::read);
    REQUIRE(begun.has_value());
    ok((*begun)->commit());
    auto dropped = s.begin(access::write);
    REQUIRE(dropped.has_value());
  }
  CHECK(count(s) == before); // nothing was committed
  CHECK(wait(s, before, 0ms) == before);
  CHECK(wait(s, before, 1ms) == before);
  CHECK(wait(s, 0, 60s) == before); // "none seen yet" is answered at once
  ok(write(s, {some_parcel(1)}));
  const auto after = count(s);
  CHECK(after != before);
  CHECK(wait(s, before, long_enough) == after);
  ok(write(s, {some_parcel(2)}));
  CHECK(count(s) != after);
  CHECK(count(s) != before);
}

/// Every waiter hears of every commit: it goes on to the next only when all have seen this one.
void tells_threads(store& s) {
  constexpr int waiters = 4, commits = 50;
  std::atomic<int> seen[waiters]{};
  std::vector<std::thread> threads;
  const auto start = count(s);
  for (auto& mine : seen)
    threads.emplace_back([&] {
      for (auto at = start; mine < commits; ++mine) {
        const auto next = s.wait_for_change(at, long_enough);
        if (!next || !*next || **next == at) return;
        at = **next;
      }
    });
  for (int i = 0; i < commits; ++i) {
    ok(write(s, {some_parcel(i + 1)}));
    for (auto& theirs : seen)
      while (theirs <= i) std::this_thread::yield();
  }
  for (auto& t : threads) t.join();
  for (auto& theirs : seen) CHECK(theirs == commits);
}

/// Whoever finds the count where it was before reading has read the newest state.
void counts_before_it_shows(store& s) {
  constexpr int commits = 300;
  ok(write(s, {some_parcel(1)}));
  std::atomic<int> committed{0};
  std::atomic<bool> stale{false}, done{false};
  int quiet = 0;
  std::thread reader([&] {
    for (bool last = false; !last;) {
      last = done;
      const auto at = count(s);
      const auto rows = read(s, question{.table = &parcels, .prefix = {1}});
      const int known = committed;
      if (count(s) != at) continue;
      ++quiet;
      if (rows.size() != 1 || rows[0].version < known + 1) stale = true;
    }
  });
  for (int i = 1; i <= commits; ++i) {
    ok(write(s, {update(parcels, {1}, i, {4}, {i})}));
    committed = i;
  }
  done = true;
  reader.join();
  CHECK_FALSE(stale);
  CHECK(quiet > 0);
}

std::unique_ptr<store> in_memory() {
  auto s = memory_store();
  ok(s->prepare(both_tables));
  return s;
}

/// A process of its own that commits when told to; made before this one opens the file, as SQLite asks.
class other_process {
public:
  explicit other_process(const std::string& path) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    go_ = ends[1];
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ != 0) {
      (void)close(ends[0]);
      return;
    }
    (void)close(ends[1]);
    char byte = 0;
    while (::read(ends[0], &byte, 1) == 1) {
      auto s = sqlite_store({.path = path});
      if (!s || (*s)->prepare(both_tables) || write(**s, {some_parcel(byte)})) _exit(1);
      if (byte == 'k') (void)kill(getpid(), SIGKILL); // with the transaction committed and nothing tidied up
    }
    _exit(0);
  }
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;
  ~other_process() {
    (void)close(go_);
    (void)waitpid(pid_, nullptr, 0);
  }
  void commit(char number) { REQUIRE(::write(go_, &number, 1) == 1); }

private:
  int go_ = -1;
  pid_t pid_ = -1;
};

} // namespace

TEST_CASE("memory store: B17 the counter moves with every commit and with nothing else, and a wait ends with one") {
  tells_of_commits(*in_memory());
}
TEST_CASE("SQLite store: B17 the counter moves with every commit and with nothing else, and a wait ends with one") {
  const folder f;
  tells_of_commits(*open_prepared({.path = f.file("a.db")}));
}

TEST_CASE("memory store: B17 threads that wait all hear of every commit") { tells_threads(*in_memory()); }
TEST_CASE("SQLite store: B17 threads that wait all hear of every commit") {
  const folder f;
  tells_threads(*open_prepared({.path = f.file("a.db"), .synchronous_full = false}));
}

TEST_CASE("memory store: B17 threads that find the counter unmoved have read the newest state") {
  counts_before_it_shows(*in_memory());
}
TEST_CASE("SQLite store: B17 threads that find the counter unmoved have read the newest state") {
  const folder f;
  counts_before_it_shows(*open_prepared({.path = f.file("a.db"), .synchronous_full = false}));
}

TEST_CASE("SQLite store: B17 a wait ends with the commit of another process, one that is killed after it included") {
  const folder f;
  other_process other(f.file("a.db"));
  const auto s = open_prepared({.path = f.file("a.db")});
  auto at = count(*s);
  for (const char number : {'a', 'b', 'k'}) {
    other.commit(number);
    const auto asked = question{.table = &parcels, .prefix = {number}};
    while (read(*s, asked).empty()) {
      const auto next = wait(*s, at, long_enough);
      REQUIRE(next != at);
      at = next;
    }
  }
  ok(write(*s, {some_parcel(1)})); // and nobody is held up by the dead
  CHECK(count(*s) != at);
}

TEST_CASE("SQLite store: B17 a commit by a program that is not linecard moves the counter and ends a wait as well") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  ok(write(*s, {some_parcel(1)}));
  raw_sqlite sql(f.file("a.db"));
  const auto at = count(*s);
  std::thread by_hand([&] { sql.run("UPDATE contract_parcels SET name='by hand'"); });
  CHECK(wait(*s, at, long_enough) != at);
  by_hand.join();
  CHECK(count(*s) != at);
}

TEST_CASE("SQLite store: B17 no two commits have the same number, whatever checkpoints come between") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  raw_sqlite sql(f.file("a.db"));
  std::set<std::uint64_t> seen{count(*s)};
  for (int i = 1; i <= 20; ++i) {
    ok(write(*s, {some_parcel(i)}));
    CHECK(seen.insert(count(*s)).second);
    if (i % 5 == 0) sql.run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}

TEST_CASE("SQLite store: B17 where the wal-index cannot be had, no counter is offered and all else works") {
  int blind = 0;
  bool struck = true;
  for (int n = 1; struck; ++n) {
    const folder f;
    ok(open({.path = f.file("a.db")})->prepare(both_tables));
    fault_vfs disk("told_" + std::to_string(n));
    disk.arm(n, fault_vfs::fuse::once);
    auto opened = sqlite_store({.path = f.file("a.db"), .vfs = disk.name()});
    struck = disk.struck();
    disk.disarm();
    if (!opened) continue;
    auto& s = **opened;
    ok(s.prepare(both_tables));
    ok(write(s, {some_parcel(1)}));
    CHECK(read(s, question{.table = &parcels, .prefix = {1}}).size() == 1);
    const auto asked = s.wait_for_change(0, 0ms);
    REQUIRE(asked.has_value());
    CHECK(asked->has_value() == s.change_counter().has_value());
    if (!s.change_counter()) ++blind;
  }
  CHECK(blind > 0);
}
