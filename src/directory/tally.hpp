// The directory's counters while they run.
#pragma once

#include <linecard/counters.hpp>
#include <linecard/ports/store.hpp>
#include <linecard/rules/commands.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>

namespace linecard {

template <class... C> consteval std::size_t size_of(verb_list<C...>) { return sizeof...(C); }

enum class store_call : std::uint8_t { begin, scan, commit };

class tally {
public:
  void done(const verb& command) noexcept { add(slot_of(command).done); }
  void refused(const verb& command, const error& why) noexcept;
  void reran() noexcept { add(reruns_); }
  void contended() noexcept { add(contended_); }
  void after_commit_failed() noexcept { add(after_commit_failures_); }
  void log_failed() noexcept { add(log_failures_); }

  /// Does `work`, a call of the store, and adds the time it takes, however it ends.
  template <class Work> decltype(auto) timed(store_call call, Work&& work) {
    struct stop_watch {
      store_slot& to;
      std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
      ~stop_watch() {
        const std::chrono::nanoseconds taken = std::chrono::steady_clock::now() - since;
        to.nanoseconds.fetch_add(taken.count(), std::memory_order_relaxed);
        add(to.count);
      }
    } const watch{store_[static_cast<std::size_t>(call)]};
    return work();
  }

  [[nodiscard]] directory_counters read() const;

private:
  using number = std::atomic<std::int64_t>;
  static void add(number& to) noexcept { to.fetch_add(1, std::memory_order_relaxed); }
  struct command_slot {
    number done{}, refused{};
  };
  /// On lines of their own: every thread writes them all the time.
  struct alignas(64) store_slot {
    number count{}, nanoseconds{};
  };

  [[nodiscard]] command_slot& slot_of(const verb& command) noexcept;

  std::array<command_slot, size_of(all_commands{}) + 1> commands_{}; ///< the last: other
  std::array<store_slot, 3> store_{};
  number reruns_{}, contended_{}, after_commit_failures_{}, log_failures_{};
  mutable std::mutex mutex_{};
  std::map<std::string, std::int64_t, std::less<>> reasons_{};
  std::int64_t other_reasons_{};
};

/// Reads through to a transaction, on the clock.
struct timed_reads final : row_source {
  timed_reads(row_source& through, tally& on) : from(through), counts(on) {}
  row_source& from;
  tally& counts;
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    return counts.timed(store_call::scan, [&] { return from.scan(requests, sink); });
  }
};

} // namespace linecard
