// Waiting for what others commit. Where one stands is taken before looking, so whatever is committed after the look
// ends the wait, or is seen at once.
#include "state.hpp"

#include <algorithm>

namespace linecard {

namespace {

using std::chrono::milliseconds, std::chrono::steady_clock;

/// The longest sleep at a time: how late a wait notices that the directory is closing, and how often it looks for
/// itself where the store does not tell.
constexpr milliseconds look_again{100};

steady_clock::time_point deadline_after(milliseconds timeout) {
  constexpr milliseconds for_ever = std::chrono::hours(24 * 365); // and no clock overflows
  return steady_clock::now() + std::clamp(timeout, milliseconds(0), for_ever);
}

} // namespace

result<directory::state::position> directory::state::here() {
  position out{.own = own_commits.count()};
  if (const auto counted = parts.store->change_counter()) {
    out.everybody = *counted;
    return out;
  }
  const auto told = parts.store->wait_for_change(0, milliseconds(0));
  if (!told) return told.error();
  out.everybody = told->value_or(0);
  return out;
}

result<bool> directory::state::moved(const position& seen, steady_clock::time_point deadline) {
  while (true) {
    if (closing.load(std::memory_order_acquire))
      return refuse(status::invalid, "directory_closed", "", "the directory is closing");
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    const auto pause = std::clamp(left, milliseconds(0), look_again);
    std::optional<std::uint64_t> stands{};
    if (own_commits.count() != seen.own) return true; // whatever the store has heard so far
    if (seen.everybody != 0) {
      const auto asked_at = steady_clock::now();
      const auto told = parts.store->wait_for_change(seen.everybody, pause);
      if (!told) return told.error();
      stands = *told;
      // A store may return early; asking it again at once would spin.
      if (stands == seen.everybody && steady_clock::now() - asked_at < pause / 2)
        static_cast<void>(own_commits.wait(seen.own, std::min(pause, milliseconds(5))));
    }
    if (!stands) { // what we commit ourselves we know; for the others we look
      const bool ours = own_commits.wait(seen.own, pause) != seen.own;
      if (closing.load(std::memory_order_acquire)) continue;
      const auto now = here();
      if (!now) return now.error();
      if (ours || now->everybody == 0) return true;
      stands = now->everybody;
    }
    if (*stands != seen.everybody) return true;
    if (left <= milliseconds(0)) return false;
  }
}

result<audit_answer> directory::wait_changes(const actor& as, const changes_since& asked, milliseconds timeout) {
  const auto deadline = deadline_after(timeout);
  bool last = timeout <= milliseconds(0);
  while (true) {
    state::position before;
    bool more = false;
    auto no = guarded([&]() -> refusal {
      if (last) return std::nullopt; // a plain look needs to know nothing of the wait
      auto stands = inside_->here();
      if (!stands) return std::move(stands).error();
      before = *stands;
      return std::nullopt;
    });
    if (no) return *std::move(no);
    auto found = ask(as, asked);
    if (last || !found || !found->entries.empty()) return found;
    no = guarded([&]() -> refusal {
      auto changed = inside_->moved(before, deadline);
      if (!changed) return std::move(changed).error();
      more = *changed;
      return std::nullopt;
    });
    if (no) return *std::move(no);
    if (!more) return found;
    last = steady_clock::now() >= deadline;
  }
}

result<bool> directory::poll(milliseconds timeout) {
  bool changed = false;
  auto no = guarded([&]() -> refusal {
    const state::position seen{.everybody = inside_->polled.load(), .own = inside_->polled_own.load()};
    auto answered = inside_->moved(seen, deadline_after(timeout));
    if (!answered) return std::move(answered).error();
    changed = *answered;
    if (changed) { // else what is committed from now on is for the next poll
      auto stands = inside_->here();
      if (!stands) return std::move(stands).error();
      inside_->polled.store(stands->everybody), inside_->polled_own.store(stands->own);
      if (inside_->authority) inside_->authority->renew();
    }
    if (inside_->lines) inside_->lines->renew(); // in any case, so that no call has to look
    return std::nullopt;
  });
  if (no) return *std::move(no);
  return changed;
}

void directory::stop_waiting() noexcept {
  inside_->closing.store(true, std::memory_order_release);
  inside_->own_commits.ring();
}

} // namespace linecard
