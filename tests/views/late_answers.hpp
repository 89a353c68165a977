// One thread gives and takes, others ask: does anybody still see what was taken back?
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <vector>

namespace moving {

inline constexpr int threads = 4;

inline int interleavings() {
  const char* wanted = std::getenv("LINECARD_INTERLEAVINGS");
  return wanted != nullptr ? std::atoi(wanted) : 20'000;
}

/// One thread grants and revokes; the others ask. `revoked` counts the revocations that have returned and `granting`
/// the grants that have begun: a check begun when every grant had been revoked, and before the next one began, must
/// say no.
struct late_answers {
  std::atomic<std::uint64_t> granting{0}, revoked{0};
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> asked{0}, late{0}, allowed{0};

  template <class Check> void ask(Check check) {
    while (!over.load(std::memory_order_acquire)) {
      const auto done = revoked.load(std::memory_order_acquire);
      const auto begun = granting.load(std::memory_order_acquire);
      const bool yes = check();
      asked.fetch_add(1, std::memory_order_relaxed);
      if (!yes) continue;
      allowed.fetch_add(1, std::memory_order_relaxed);
      if (done == begun && granting.load(std::memory_order_acquire) == begun)
        late.fetch_add(1, std::memory_order_relaxed);
    }
  }
  template <class Change> void change(int wanted, std::uint64_t least, Change change_to) {
    const auto unseen = [&] { // on a busy machine the askers may hardly have run
      return allowed.load(std::memory_order_relaxed) == 0 &&
             revoked.load(std::memory_order_relaxed) < least + 5'000'000;
    };
    while (asked.load(std::memory_order_relaxed) < wanted || revoked.load(std::memory_order_relaxed) < least ||
           unseen()) {
      granting.fetch_add(1, std::memory_order_release);
      change_to(true);
      change_to(false);
      revoked.fetch_add(1, std::memory_order_release);
    }
    over.store(true, std::memory_order_release);
  }
  template <class Change, class Check> void run(int wanted, std::uint64_t least, Change change_to, Check check) {
    std::vector<std::thread> running;
    for (int t = 1; t < threads; ++t) running.emplace_back([&, t] { ask([&] { return check(t); }); });
    change(wanted, least, change_to);
    for (auto& one : running) one.join();
  }
};

} // namespace moving
