// So many at once, first come first served. A mutex will not do: a transaction may end on another thread than began
// it (a host's event loop), and barging would let one busy thread starve another into "store_busy".
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace linecard::stores {

class gate {
public:
  explicit gate(std::uint32_t permits) : free_(permits) {}
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  /// False when no permit came within the time.
  [[nodiscard]] bool enter(std::chrono::milliseconds patience) {
    std::unique_lock hold(mutex_);
    if (free_ > 0) return --free_, true;
    if (patience.count() <= 0) return false;
    waiter self;
    (last_ == nullptr ? first_ : last_->next) = &self;
    last_ = &self;
    if (self.woken.wait_for(hold, patience, [&] { return self.granted; })) return true;
    forget(self);
    return false;
  }

  /// Hands the permit to whoever waits longest. Signalled under the mutex: the waiter lives on its thread's stack.
  void leave() noexcept {
    const std::scoped_lock hold(mutex_);
    if (first_ == nullptr) {
      ++free_;
      return;
    }
    waiter& next = *first_;
    forget(next);
    next.granted = true;
    next.woken.notify_one();
  }

private:
  struct waiter {
    std::condition_variable woken{};
    bool granted{};
    waiter* next{};
  };

  void forget(waiter& w) noexcept {
    waiter* before = nullptr;
    for (waiter* at = first_; at != &w; at = at->next) before = at;
    (before == nullptr ? first_ : before->next) = w.next;
    if (last_ == &w) last_ = before;
  }

  std::mutex mutex_{};
  std::uint32_t free_;
  waiter* first_{};
  waiter* last_{};
};

} // namespace linecard::stores
