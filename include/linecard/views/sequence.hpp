// How readers that take no lock know that what they saw belongs together: they believe nothing of it before they have
// found the version unchanged.
#pragma once

#include <atomic>
#include <cstdint>

namespace linecard::views {

class sequence {
public:
  /// `look` sees words that each make sense alone, and must bear a mixture of old and new ones; it loads with acquire,
  /// so that the version read last is no older than anything read before it. False when a writer was at it all the
  /// time.
  template <class Look> [[nodiscard]] bool read(Look look) const noexcept {
    for (int tries = 0; tries < patience; ++tries) {
      const auto version = version_.load(std::memory_order_acquire);
      if ((version & 1) != 0) continue;
      look();
      if (version_.load(std::memory_order_relaxed) == version) return true;
    }
    return false;
  }

  /// While one lives, readers find nothing; for changes that belong together, one writer at a time. What is changed
  /// within is stored with release, so that who sees one of it sees the odd version too.
  class closure {
  public:
    explicit closure(sequence& of) noexcept : of_(of) {
      if (of_.closures_++ == 0) of_.advance(std::memory_order_relaxed);
    }
    closure(const closure&) = delete;
    closure& operator=(const closure&) = delete;
    ~closure() {
      if (--of_.closures_ == 0) of_.advance(std::memory_order_release);
    }

  private:
    sequence& of_;
  };

private:
  static constexpr int patience = 64; ///< a writer's work is a few stores, unless it has been put to sleep

  void advance(std::memory_order order) noexcept {
    version_.store(version_.load(std::memory_order_relaxed) + 1, order);
  }

  std::atomic<std::uint64_t> version_{0}; ///< odd while a writer is at it
  int closures_{};                        ///< the writer's own
};

} // namespace linecard::views
