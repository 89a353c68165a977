#include "feed.hpp"

namespace linecard {

using std::chrono::steady_clock;

bool feed::young() const {
  if (commits_.load(std::memory_order_acquire) != seen_commits_.load(std::memory_order_acquire)) return false;
  const steady_clock::duration read_at(read_at_.load(std::memory_order_acquire));
  return steady_clock::now().time_since_epoch() - read_at < max_staleness_;
}

void feed::catch_up() {
  const auto counted = store_.change_counter();
  const auto commits = commits_.load(std::memory_order_acquire);
  const auto read_at = steady_clock::now().time_since_epoch().count();
  auto begun = store_.begin(access::read);
  if (!begun) throw refused(std::move(begun).error());
  snapshot facts(**begun, scope{});
  facts.stop_tracing();
  bring_up(**begun, facts);
  seen_.store(counted.value_or(0), std::memory_order_release);
  seen_commits_.store(commits, std::memory_order_release);
  read_at_.store(read_at, std::memory_order_release);
  ready_.store(true, std::memory_order_release);
}

} // namespace linecard
