// Commits counted within this process, and those who wait for the next one.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace linecard::stores {

class bell {
public:
  bell() = default;
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;

  /// Never 0: that is "none seen yet".
  [[nodiscard]] std::uint64_t count() const noexcept { return count_.load(std::memory_order_acquire); }

  void ring() noexcept {
    {
      const std::scoped_lock hold(mutex_); // else a waiter could look, miss this, and then sleep
      count_.fetch_add(1, std::memory_order_release);
    }
    rung_.notify_all();
  }

  /// Until it has rung since `seen`, or the time is over; the count then.
  [[nodiscard]] std::uint64_t wait(std::uint64_t seen, std::chrono::milliseconds patience) {
    std::unique_lock hold(mutex_);
    rung_.wait_for(hold, patience, [&] { return count() != seen; });
    return count();
  }

private:
  std::mutex mutex_{};
  std::condition_variable rung_{};
  std::atomic<std::uint64_t> count_{1};
};

} // namespace linecard::stores
