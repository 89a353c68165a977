// The line view tells what ordinary queries tell, whatever happens, and never late.
#include <linecard/views/lines.hpp>

#include "stores/sqlite_kit.hpp"
#include "views/ann_world.hpp"

#include <algorithm>

using namespace moving;

namespace {

/// Walks, and compares after each accepted step.
void walk(line_world& m, int steps) {
  for (int n = 0; n < steps; ++n) {
    if (!m.move()) continue;
    for (directory* d : {&m.w.dir, &m.follower, &m.asker}) {
      const auto wrong = m.wrong_in(*d);
      REQUIRE_MESSAGE(wrong.empty(), "after step " << n << ", in directory "
                                                   << (d == &m.w.dir      ? 1
                                                       : d == &m.follower ? 2
                                                                          : 3)
                                                   << ": " << wrong);
    }
  }
}

} // namespace

TEST_CASE("B11 the view tells what queries tell, after any command: a random walk") {
  std::array<int, line_world::kinds> moved{};
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    line_world m(seed);
    walk(m, 250);
    for (std::size_t kind = 0; kind < moved.size(); ++kind) moved[kind] += m.moved[kind];
  }
  CAPTURE(moved);
  CHECK(std::ranges::none_of(moved, [](int n) { return n == 0; })); // or a kind of change was never tried
}

TEST_CASE("B11 the view follows SQLite as well, a second store on the file too") {
  const contract::folder folder;
  line_world m(4, contract::open({.path = folder.file("a.db"), .synchronous_full = false}));
  walk(m, 100);
  auto other = must(directory::open(
      {.store = contract::open({.path = folder.file("a.db"), .synchronous_full = false}), .clock = m.w.clock},
      m.w.key));
  for (int n = 0; n < 60; ++n) {
    if (!m.move()) continue;
    const auto wrong = m.wrong_in(other);
    REQUIRE_MESSAGE(wrong.empty(), "after step " << n << ": " << wrong);
  }
}

TEST_CASE("B11 a view told of too much at once, or left a whole ring behind, reads anew what it cannot know") {
  ann_world m(7);
  REQUIRE(m.follower.line_of_user(m.ann).rings);
  std::vector<adopt_user> newcomers;
  for (int n = 0; n < 300; ++n)
    newcomers.push_back({.first_name = "N",
                         .last_name = "N",
                         .email = "n" + std::to_string(n) + "@example.com",
                         .external_ref = "new-" + std::to_string(n)});
  std::vector<request> all;
  for (const auto& one : newcomers) all.push_back(request_of(one));
  REQUIRE(m.w.dir.run_all(m.operators[3], all).has_value());
  CHECK(m.by_ref("new-299").rings);
  // Further than the ring reaches; where the ring tells of something else; a store brought back from a copy of before.
  for (const std::int64_t more : {line_changes_kept, std::int64_t{7}, std::int64_t{-3}}) {
    CAPTURE(more);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    REQUIRE(m.put(3, put_line_epoch{more}));
    CHECK_FALSE(m.by_user().rings);
    REQUIRE(m.run(3, resume_user{m.ann}));
    CHECK(m.by_user().rings);
  }
}

TEST_CASE("B11 a tenant's import makes nobody read the lines of the others") {
  ann_world m(12);
  const auto import = [&](std::size_t at, const std::string& name) {
    std::vector<adopt_user> newcomers;
    for (int n = 0; n < 300; ++n)
      newcomers.push_back({.first_name = "N",
                           .last_name = "N",
                           .email = name + std::to_string(n) + "@example.com",
                           .external_ref = name + std::to_string(n)});
    std::vector<request> all;
    for (const auto& one : newcomers) all.push_back(request_of(one));
    REQUIRE(m.w.dir.run_all(m.operators[at], all).has_value());
  };
  import(3, "a");
  REQUIRE(m.follower.line_of_external_ref(m.acme, "a299").rings);
  import(4, "b");
  const auto before = m.shared->rows.load();
  CHECK(m.follower.line_of_external_ref(m.w.other_id, "b299").rings);
  const auto one = m.shared->rows.load() - before;
  CHECK(one < 1000); // a user is two rows: Acme's 300 are not among them
  const auto wrong = m.wrong_in(m.follower);
  CHECK_MESSAGE(wrong.empty(), wrong);
}

TEST_CASE("B11 what went while a view was left behind is gone from it, whichever tenant it passed to: a random walk") {
  for (const std::uint64_t seed : {13u, 14u}) {
    line_world m(seed);
    for (int round = 0; round < 5; ++round) {
      REQUIRE(m.wrong_in(m.follower).empty());
      for (int n = 0; n < 60; ++n) m.move();
      for (const std::size_t at : {3u, 4u}) REQUIRE(m.put(at, put_line_epoch{line_changes_kept + 1}));
      const auto wrong = m.wrong_in(m.follower);
      REQUIRE_MESSAGE(wrong.empty(), "in round " << round << ": " << wrong);
    }
  }
}

TEST_CASE("B11 what changes no line is written to no log, and the log is outside the state") {
  ann_world m(8);
  const auto newest = [&] {
    auto begun = must(m.shared->inner->begin(linecard::access::read));
    snapshot facts(*begun, scope{});
    std::int64_t sum = 0;
    for (const auto& epoch : facts.list<&line_epoch::shard>()) sum += epoch->seq;
    return sum;
  };
  const auto before = newest();
  REQUIRE(m.run(3, grant_role{.email = "ann@acme.example", .role = "tenant"}));
  CHECK(newest() == before);
  const auto digest = m.w.digest();
  REQUIRE(m.put(3, put_line_epoch{1}));
  CHECK(m.w.digest() == digest);
  CHECK(newest() == before + 1);
  REQUIRE(m.run(3, suspend_user{m.ann}));
  CHECK(newest() == before + 2); // one subject, however many rows
}

TEST_CASE("B11 where the store does not count commits, the view is never older than max_staleness") {
  SUBCASE("its own commits are seen at once") {
    line_world m(9);
    m.shared->counts = false;
    for (int n = 0; n < 60; ++n) {
      m.move();
      const auto wrong = m.wrong_in(m.w.dir);
      REQUIRE_MESSAGE(wrong.empty(), wrong);
    }
  }
  SUBCASE("others' with no patience at all at every question, and when the host polls") {
    ann_world m(10, memory_store(), std::chrono::milliseconds(0));
    m.shared->counts = false;
    REQUIRE(m.follower.line_of_user(m.ann).rings);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    CHECK_FALSE(m.follower.line_of_user(m.ann).rings);
  }
  SUBCASE("and when the host polls") {
    ann_world m(11);
    m.shared->counts = false;
    REQUIRE(m.follower.line_of_user(m.ann).rings);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    CHECK(m.follower.line_of_user(m.ann).rings); // an hour is its patience
    REQUIRE(m.follower.poll(std::chrono::milliseconds(1000)));
    const auto begun = m.shared->begun.load();
    CHECK_FALSE(m.follower.line_of_user(m.ann).rings);
    CHECK(m.shared->begun == begun); // and the question reads nothing
  }
}
