// Several threads, one directory. Run under ThreadSanitizer as well: nothing here waits for a time, and assertions are
// made on one thread, when the others have ended.
#include <linecard/directory.hpp>

#include "directory/decorated_store.hpp"
#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <algorithm>
#include <barrier>
#include <thread>

using namespace kit;

namespace {

constexpr int threads = 4;

/// What the threads share: any store, and a company on it.
struct shared_world {
  contract::folder folder{};
  std::shared_ptr<store> inner;
  world w;
  enum class on { memory, sqlite, optimistic, postgres };

  shared_world(on which, std::int32_t seats) : inner(make(which)), w(front(which), seats) {}

  std::shared_ptr<store> make(on which) const {
    if (which == on::postgres) return fresh_store(store_kind::postgres);
    if (which != on::sqlite) return memory_store();
    return contract::open({.path = folder.file("a.db"), .busy_timeout_ms = 60'000, .synchronous_full = false});
  }
  std::unique_ptr<store> front(on which) const {
    if (which == on::optimistic) return std::make_unique<hard::optimistic_store>(inner);
    return std::make_unique<hard::lent_store>(inner);
  }
  std::vector<id_of<user>> people(int count) {
    std::vector<id_of<user>> out;
    for (int i = 0; i < count; ++i)
      out.push_back(w.adopt("User", std::to_string(i), "u" + std::to_string(i) + "@acme.example"));
    return out;
  }
};

/// One thread's story, told when it has ended.
struct account {
  std::vector<std::int64_t> seqs{};
  std::map<std::string, int> refused{};
  int accepted{};

  void note(const result<receipt>& r) {
    if (!r) return void(++refused[r.error().reason]);
    ++accepted;
    if (r->audit_seq) seqs.push_back(*r->audit_seq);
  }
};

/// `work` is (thread number, account&). All threads start together.
template <class Work> account in_threads(Work work) {
  std::vector<account> told(threads);
  std::barrier together(threads);
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t)
    running.emplace_back([&, t] {
      together.arrive_and_wait();
      work(t, told[static_cast<std::size_t>(t)]);
    });
  account all;
  for (auto& one : running) one.join();
  for (const auto& a : told) {
    all.accepted += a.accepted;
    all.seqs.insert(all.seqs.end(), a.seqs.begin(), a.seqs.end());
    for (const auto& [why, count] : a.refused) all.refused[why] += count;
  }
  std::ranges::sort(all.seqs);
  return all;
}

std::int64_t head_of(world& w) { return must(w.dir.ask(w.admin, verify_audit{})).entries; }

/// Unique, and without a gap from `before` on to the chain's head; and the rows agree with their own history.
void holds_together(shared_world& s, const account& all, std::int64_t before) {
  for (std::size_t i = 0; i < all.seqs.size(); ++i) REQUIRE(all.seqs[i] == before + 1 + static_cast<std::int64_t>(i));
  CHECK(head_of(s.w) == before + static_cast<std::int64_t>(all.seqs.size()));
  const auto stored = hard::stored_ledger(*s.inner, s.w.tenant_id);
  CHECK(hard::flaw_of(stored) == "");
  CHECK(stored == hard::replayed_ledger(s.w.dir, s.w.admin));
  CHECK(must(s.w.dir.ask(s.w.admin, verify_audit{})).intact);
  CHECK(must(s.w.dir.ask(s.w.operator_, verify_audit{})).intact);
}

void race_for_seats(shared_world::on which) {
  constexpr int seats = 10, count = 32;
  shared_world s(which, seats);
  const auto users = s.people(count);
  const auto before = head_of(s.w);
  const auto all = in_threads([&](int t, account& told) {
    for (int i = 0; i < count; ++i)
      told.note(
          s.w.dir.run(s.w.admin, assign_package{users[static_cast<std::size_t>((i * 7 + t * 8) % count)], s.w.basic}));
  });
  CHECK(all.seqs.size() == seats);
  CHECK(all.accepted + all.refused.at("no_seat_left") == threads * count);
  CHECK(s.w.pool(s.w.basic).used == seats);
  holds_together(s, all, before);
}

/// Everything that moves seats, at random and in both tenants, while a fifth sort of call reads.
void move_seats(shared_world::on which, int commands) {
  shared_world s(which, 6);
  const auto users = s.people(16);
  const auto before = head_of(s.w);
  const auto all = in_threads([&](int t, account& told) {
    seeded_random chance(static_cast<std::uint64_t>(t) + 1);
    const auto drawn = [&](std::size_t below) {
      unsigned char byte = 0;
      chance.fill(&byte, 1);
      return byte % below;
    };
    for (int i = 0; i < commands; ++i) {
      const auto who = users[drawn(users.size())];
      const auto what = drawn(2) == 0 ? s.w.basic : s.w.plus;
      switch (drawn(7)) {
      case 0:
      case 1:
        told.note(s.w.dir.run(s.w.admin, assign_package{who, what}));
        break;
      case 2:
        told.note(s.w.dir.run(s.w.admin, change_package{who, what}));
        break;
      case 3:
        told.note(s.w.dir.run(s.w.admin, unassign_package{who, {}}));
        break;
      case 4:
        told.note(s.w.dir.run(s.w.admin, assign_packages{{who, users[drawn(users.size())]}, s.w.fax}));
        break;
      case 5: {
        const auto page = s.w.dir.ask(s.w.admin, seat_pools{});
        for (const auto& pool : page ? page->pools : std::vector<seat_pool_row>{})
          if (pool.free < 0) ++told.refused["oversold"];
        break;
      }
      default: // the other tenant's chain must not come between
        if (const auto r =
                s.w.dir.run(s.w.other_tenant, enable_service{"s" + std::to_string(t) + "-" + std::to_string(i)});
            !r)
          ++told.refused["other: " + r.error().reason];
      }
    }
  });
  for (const auto& refused : all.refused) {
    const auto& why = refused.first;
    CAPTURE(why);
    CHECK((why == "no_seat_left" || why == "already_assigned" || why == "unassigned"));
  }
  holds_together(s, all, before);
}

void one_last_seat(shared_world::on which, int rounds) {
  shared_world s(which, 1);
  const auto users = s.people(threads);
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const auto before = head_of(s.w);
    std::barrier previewed(threads);
    const auto all = in_threads([&](int t, account& told) {
      const assign_package mine{users[static_cast<std::size_t>(t)], s.w.basic};
      const auto preview = s.w.dir.preview(s.w.admin, mine);
      previewed.arrive_and_wait();
      told.note(preview ? s.w.dir.confirm(s.w.admin, mine, *preview->token) : preview);
    });
    CHECK(all.accepted == 1);
    int refused = 0; // the pool that moved, or the rule that found it full: both are a no
    for (const auto& [why, count] : all.refused)
      if (why == "preview_moved" || why == "no_seat_left") refused += count;
    CHECK(refused == threads - 1);
    CHECK(s.w.pool(s.w.basic).used == 1);
    holds_together(s, all, before);
    REQUIRE(s.w.dir.run(s.w.admin, unassign_packages{users, {}}));
  }
}

using on = shared_world::on;

} // namespace

TEST_CASE("B4 I1 I2 I23 threads that share a directory in memory race for seats: none oversold, no audit entry lost") {
  race_for_seats(on::memory);
}
TEST_CASE("B4 I1 I2 I23 threads that share a directory on SQLite race for seats: none oversold, no audit entry lost") {
  race_for_seats(on::sqlite);
}
TEST_CASE("B4 I1 I2 I23 threads race for seats on a store that lets others write between begin and apply: none "
          "oversold, no audit entry lost") {
  race_for_seats(on::optimistic);
}

TEST_CASE("I1 I2 I3 I23 threads that move seats at random in memory leave rows, counters and audit in agreement") {
  move_seats(on::memory, 300);
}
TEST_CASE("I1 I2 I3 I23 threads that move seats at random on SQLite leave rows, counters and audit in agreement") {
  move_seats(on::sqlite, 60);
}
TEST_CASE("I1 I2 I3 I23 threads that move seats at random on an optimistic store leave rows, counters and audit in "
          "agreement") {
  move_seats(on::optimistic, 100);
}

TEST_CASE("B2 I1 of several threads that previewed the same last seat in memory exactly one confirms") {
  one_last_seat(on::memory, 20);
}
TEST_CASE("B2 I1 of several threads that previewed the same last seat on SQLite exactly one confirms") {
  one_last_seat(on::sqlite, 10);
}
TEST_CASE("B2 I1 of several threads that previewed the same last seat on an optimistic store exactly one confirms") {
  one_last_seat(on::optimistic, 10);
}

#if LINECARD_HAS_POSTGRES
TEST_CASE(
    "B4 I1 I2 I23 threads that share a directory on PostgreSQL race for seats: none oversold, no audit entry lost") {
  race_for_seats(on::postgres);
}
TEST_CASE("I1 I2 I3 I23 threads that move seats at random on PostgreSQL leave rows, counters and audit in agreement") {
  move_seats(on::postgres, 60);
}
TEST_CASE("B2 I1 of several threads that previewed the same last seat on PostgreSQL exactly one confirms") {
  one_last_seat(on::postgres, 10);
}
#endif
