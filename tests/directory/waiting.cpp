// Waiting for what others commit: the change feed with a time-out, and poll. A wait that is to end by a commit is given
// a minute, one that is not given a few milliseconds; what ends it is told from the answer, never from a clock.
#include <linecard/directory.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "stores/fresh.hpp"
#include "stores/sqlite_kit.hpp"

#include <thread>

using namespace kit;
using namespace std::chrono_literals;

namespace {

constexpr auto long_enough = 60s;

/// Counts like the store it lends, but cannot wait; or tells nothing at all, as lent_store does.
struct counting_store final : store {
  explicit counting_store(std::shared_ptr<store> whole) : inner(std::move(whole)) {}
  std::shared_ptr<store> inner;
  refusal prepare(std::span<const table_info* const> tables) override { return inner->prepare(tables); }
  result<std::unique_ptr<transaction>> begin(linecard::access mode) override { return inner->begin(mode); }
  [[nodiscard]] bool excludes_writers() const override { return inner->excludes_writers(); }
  std::optional<std::uint64_t> change_counter() override { return inner->change_counter(); }
};

/// Two directories on one storage, as two processes have them.
struct neighbours {
  enum class on { memory_that_counts, memory_that_does_not_tell, sqlite, postgres };
  contract::folder folder{};
  std::optional<kit::shared_storage> served{};
  std::shared_ptr<store> inner = memory_store();
  on where;
  world w;
  directory next_door;
  actor theirs;

  explicit neighbours(on which)
      : where(serve(which)),
        w(front()),
        next_door(open()),
        theirs(must(next_door.open_actor("ada@acme.example", w.tenant_id))) {}
  on serve(on which) {
    if (which == on::postgres) served.emplace(kit::store_kind::postgres);
    return which;
  }
  [[nodiscard]] std::unique_ptr<store> front() const {
    if (served) return served->open();
    if (where == on::sqlite) return contract::open({.path = folder.file("a.db"), .synchronous_full = false});
    if (where == on::memory_that_counts) return std::make_unique<counting_store>(inner);
    return std::make_unique<hard::lent_store>(inner);
  }
  [[nodiscard]] directory open() { return must(directory::open({.store = front(), .clock = w.clock}, w.key)); }
  /// One entry in the tenant's chain, committed next door.
  void commit(int number) {
    static_cast<void>(must(next_door.run(theirs, adopt_user{.first_name = "User",
                                                            .last_name = std::to_string(number),
                                                            .email = "u" + std::to_string(number) + "@acme.example"})));
  }
  std::int64_t head() { return must(w.dir.ask(w.admin, verify_audit{})).entries; }
};
constexpr neighbours::on everywhere[] {
  neighbours::on::memory_that_counts, neighbours::on::memory_that_does_not_tell, neighbours::on::sqlite,
#if LINECARD_HAS_POSTGRES
      neighbours::on::postgres
#endif
};

} // namespace

TEST_CASE("B17 waiting for changes answers at once what is there, and nothing when the time is over") {
  for (const auto where : everywhere) {
    neighbours n(where);
    const auto all = must(n.w.dir.wait_changes(n.w.admin, {.since = 0, .limit = 2}, long_enough));
    CHECK(all.entries.size() == 2);
    CHECK(all.next == 2);
    for (const auto timeout : {-5ms, 0ms, 3ms}) {
      const auto none = must(n.w.dir.wait_changes(n.w.admin, {.since = n.head()}, timeout));
      CHECK(none.entries.empty());
      CHECK(none.scope_id == any_id{n.w.tenant_id});
    }
  }
}

TEST_CASE("B17 B8 threads that wait for changes get every entry of every commit next door, once and in order") {
  constexpr int commits = 40, followers = 3;
  for (const auto where : everywhere) {
    neighbours n(where);
    const auto start = n.head();
    std::vector<std::vector<std::int64_t>> got(followers);
    std::vector<std::thread> running;
    for (auto& mine : got) {
      const auto as = must(n.w.dir.open_actor("ada@acme.example", n.w.tenant_id));
      running.emplace_back([&n, &mine, as, since = start]() mutable {
        while (mine.size() < commits) {
          const auto page = n.w.dir.wait_changes(as, {.since = since, .limit = 7}, long_enough);
          if (!page || page->entries.empty()) return;
          for (const auto& entry : page->entries) mine.push_back(entry.seq);
          since = mine.back();
        }
      });
    }
    for (int i = 0; i < commits; ++i) n.commit(i);
    for (auto& one : running) one.join();
    std::vector<std::int64_t> expected;
    for (int i = 1; i <= commits; ++i) expected.push_back(start + i);
    for (const auto& mine : got) CHECK(mine == expected);
  }
}

TEST_CASE("B17 a commit in another tenant ends no wait for changes") {
  neighbours n(neighbours::on::sqlite);
  const auto elsewhere = must(n.next_door.open_actor("otto@other.example", n.w.other_id));
  const auto since = n.head();
  std::atomic<int> committed{0};
  std::thread other([&] {
    for (int i = 0; i < 5; ++i) {
      const adopt_user newcomer{
          .first_name = "Olga", .last_name = "Orth", .email = "o" + std::to_string(i) + "@other.example"};
      if (n.next_door.run(elsewhere, newcomer)) ++committed;
    }
  });
  CHECK(must(n.w.dir.wait_changes(n.w.admin, {.since = since}, 50ms)).entries.empty());
  other.join();
  CHECK(committed == 5);
  CHECK(must(n.w.dir.wait_changes(n.w.admin, {.since = since}, 1ms)).entries.empty());
}

TEST_CASE("B17 I10 an actor whose right ends while it waits is refused, not answered") {
  neighbours n(neighbours::on::sqlite);
  const auto since = n.head();
  std::thread by_hand([&] {
    contract::raw_sqlite sql(n.folder.file("a.db"));
    sql.run("PRAGMA busy_timeout=60000; UPDATE identities SET session_epoch = session_epoch + 1");
  });
  const auto answer = n.w.dir.wait_changes(n.w.admin, {.since = since}, long_enough);
  by_hand.join();
  CHECK(refused_with(answer).reason == "actor_expired");
}

TEST_CASE("B17 poll is true after anybody's commit, once, and false when certainly nobody has committed") {
  for (const auto where : {neighbours::on::memory_that_counts, neighbours::on::sqlite}) {
    neighbours n(where);
    CHECK(must(n.next_door.poll(0ms)) == false); // opened after the last commit
    n.commit(1);
    CHECK(must(n.w.dir.poll(long_enough)));
    CHECK_FALSE(must(n.w.dir.poll(2ms)));
    CHECK(must(n.next_door.poll(0ms))); // one's own commits are somebody's too
    CHECK_FALSE(must(n.next_door.poll(0ms)));
    static_cast<void>(n.w.adopt("Own", "Commit", "own@acme.example"));
    CHECK(must(n.w.dir.poll(0ms)));
    CHECK(must(n.next_door.poll(long_enough)));
  }
}

#if LINECARD_HAS_POSTGRES
TEST_CASE("B17 on PostgreSQL a poll that only looks hears what was committed next door, and its own commit at once") {
  neighbours n(neighbours::on::postgres);
  while (must(n.w.dir.poll(2ms))) { // notices of the making of this world
  }
  n.commit(1);
  const auto deadline = std::chrono::steady_clock::now() + long_enough; // the server tells when it comes to it
  bool heard = false;
  while (!heard && std::chrono::steady_clock::now() < deadline) heard = must(n.w.dir.poll(0ms));
  CHECK(heard);
  static_cast<void>(n.w.adopt("Own", "Commit", "own@acme.example"));
  CHECK(must(n.w.dir.poll(0ms)));
}
#endif

TEST_CASE("B17 where the store does not tell, poll says that somebody may have committed") {
  neighbours n(neighbours::on::memory_that_does_not_tell);
  CHECK(must(n.w.dir.poll(0ms)));
  CHECK(must(n.w.dir.poll(long_enough)));
}

TEST_CASE("B17 of threads that poll at once each is told of a commit next door") {
  neighbours n(neighbours::on::sqlite);
  std::atomic<int> told{0};
  std::vector<std::thread> running;
  for (int i = 0; i < 4; ++i) {
    auto here = std::make_shared<directory>(n.open()); // a poll that begins after another's answer waits for the next
    running.emplace_back([here, &told] {
      const auto answer = here->poll(long_enough);
      if (answer && *answer) ++told;
    });
  }
  n.commit(1);
  for (auto& one : running) one.join();
  CHECK(told == 4);
}

TEST_CASE("B17 threads that wait return when the waiting is stopped, and nobody waits from then on") {
  for (const auto where : everywhere) {
    neighbours n(where);
    const auto since = n.head();
    std::atomic<int> ended{0};
    std::vector<std::thread> running;
    for (int i = 0; i < 2; ++i) {
      running.emplace_back([&] {
        const auto answer = n.w.dir.wait_changes(n.w.admin, {.since = since}, long_enough);
        if (!answer && answer.error().reason == "directory_closed") ++ended;
      });
      running.emplace_back([&] {
        while (true) {
          const auto answer = n.w.dir.poll(long_enough);
          if (answer) continue; // where the store does not tell, or of the making of this world
          if (answer.error().reason == "directory_closed") ++ended;
          return;
        }
      });
    }
    n.w.dir.stop_waiting();
    for (auto& one : running) one.join();
    CHECK(ended == 4);
    CHECK(refused_with(n.w.dir.wait_changes(n.w.admin, {.since = since}, long_enough)).code == status::invalid);
    CHECK(refused_with(n.w.dir.poll(0ms)).reason == "directory_closed");
    n.commit(1); // all else goes on
    CHECK_FALSE(must(n.w.dir.wait_changes(n.w.admin, {.since = since}, 0ms)).entries.empty());
    CHECK(n.head() == since + 1);
  }
}

TEST_CASE("B17 I26 what the store refuses while one waits is answered, and the directory stays usable") {
  struct failing final : store {
    std::shared_ptr<store> inner = memory_store();
    std::shared_ptr<bool> broken;
    explicit failing(std::shared_ptr<bool> b) : broken(std::move(b)) {}
    refusal prepare(std::span<const table_info* const> tables) override { return inner->prepare(tables); }
    result<std::unique_ptr<transaction>> begin(linecard::access mode) override { return inner->begin(mode); }
    [[nodiscard]] bool excludes_writers() const override { return inner->excludes_writers(); }
    result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds t) override {
      if (*broken) return refuse(status::store, "store_gone", "", "the server is gone, says the test");
      return inner->wait_for_change(seen, t);
    }
  };
  const auto broken = std::make_shared<bool>(true);
  auto made =
      must(directory::create({.store = std::make_unique<failing>(broken)})); // the key must come, whatever fails
  CHECK(refused_with(made.opened.poll(0ms)).reason == "store_gone");
  *broken = false;
  CHECK(must(made.opened.poll(long_enough))); // nobody knows what was missed
  world w(std::make_unique<failing>(broken));
  const auto since = must(w.dir.ask(w.admin, verify_audit{})).entries;
  static_cast<void>(must(w.dir.poll(0ms)));
  *broken = true;
  CHECK(refused_with(w.dir.wait_changes(w.admin, {.since = since}, long_enough)).reason == "store_gone");
  CHECK(refused_with(w.dir.poll(long_enough)).reason == "store_gone");
  *broken = false;
  static_cast<void>(w.adopt("Ina", "Imhof", "ina@acme.example"));
  CHECK(must(w.dir.wait_changes(w.admin, {.since = since}, long_enough)).entries.size() == 1);
  CHECK(must(w.dir.poll(long_enough)));
}
