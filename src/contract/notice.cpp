// Claims about what a store may offer beside the rest: to say that others have committed, and to wait for it.
#include "scene.hpp"

#include <atomic>

namespace linecard::contract {

namespace {

using clock = std::chrono::steady_clock;

/// So long that nobody waits it out: "at once" is any time below.
constexpr std::chrono::seconds patience{20};

std::uint64_t counter_of(store& s) {
  const auto now = s.change_counter();
  if (!now) throw not_tried("the store offers no change_counter");
  return *now;
}

/// The answer, which came before patience ended.
std::uint64_t wait(store& s, std::uint64_t seen) {
  const auto from = clock::now();
  const auto answer = s.wait_for_change(seen, patience);
  if (!answer) ok(answer.error());
  if (!*answer) throw not_tried("the store offers no wait_for_change");
  if (clock::now() - from >= patience) broken("an answer at once", "one after the whole time-out");
  return **answer;
}

edit next(std::int64_t version) { return update(parcels, {1}, version, {4}, {version}); }

/// Waits until the number is another than `seen`; an early return is no harm.
std::uint64_t wait_until_changed(store& s, std::uint64_t seen) {
  const auto from = clock::now();
  constexpr int most_early_returns = 10'000;
  for (int i = 0; i < most_early_returns && clock::now() - from < patience; ++i)
    if (const auto now = wait(s, seen); now != seen) return now;
  broken("another number than " + std::to_string(seen), "the same");
}

} // namespace

void counter_moves(const subject& under_test) {
  const auto s = prepared(under_test);
  auto before = counter_of(*s);
  const auto moved = [&] {
    const auto now = counter_of(*s);
    if (now == before) broken("another number than " + std::to_string(before), "the same");
    before = now;
  };
  two_parcels(*s);
  moved();
  ok(write(*s, {next(1)}));
  moved();
  if (!under_test.beside) return;
  const auto other = under_test.beside();
  ok(other->prepare(both_tables));
  before = counter_of(*s);
  ok(write(*other, {next(2)}));
  moved();
}

void wait_returns(const subject& under_test) {
  const auto s = prepared(under_test);
  const auto first = wait(*s, 0);
  if (first == 0) broken("a number to wait with", "0, which means \"not yet asked\"");
  two_parcels(*s);
  const auto second = wait_until_changed(*s, first);
  ok(write(*s, {next(1)}));
  const auto third = wait_until_changed(*s, second);
  if (wait_until_changed(*s, first) == first || third == second) broken("another number", "the same");
}

void wait_wakes(const subject& under_test) {
  const auto s = prepared(under_test);
  std::unique_ptr<store> other;
  if (under_test.beside) {
    other = under_test.beside();
    ok(other->prepare(both_tables));
  }
  store& writer = other ? *other : *s;
  two_parcels(writer);
  static_cast<void>(wait(*s, 0)); // untried when not offered, before threads rely on it
  constexpr std::int64_t last = 50;
  std::atomic<std::int64_t> seen{1};
  store& writing = plain(writer);
  together(*s,
           "1 thread, 50 times: change contract_parcels (1), then wait until the other has read that; 1 thread: wait "
           "for a change after the number known before reading, and read again",
           2, [&](store& shared, int worker) {
             if (worker == 0) {
               for (std::int64_t version = 1; version <= last; ++version) {
                 ok(write(writing, {next(version)}));
                 for (auto now = seen.load(); now <= version; now = seen.load()) seen.wait(now);
               }
               return;
             }
             struct ending {
               std::atomic<std::int64_t>& flag;
               ~ending() { flag = last + 1, flag.notify_all(); }
             } const ended{seen};
             for (std::uint64_t number = 0; seen <= last;) {
               number = number == 0 ? wait(shared, 0) : wait_until_changed(shared, number);
               seen = only(read(shared, parcel_of(1))).version;
               seen.notify_all();
             }
           });
}

} // namespace linecard::contract
