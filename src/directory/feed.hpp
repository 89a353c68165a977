// What keeps a view as the store is: it is made at the first question, follows a log of changes, and is believed only
// while no commit has overtaken it.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/snapshot.hpp>

#include <atomic>
#include <chrono>

namespace linecard {

class feed {
public:
  feed(const feed&) = delete;
  feed& operator=(const feed&) = delete;

  /// A commit of ours that changed what the view tells, or may have. For stores that do not count commits themselves.
  void note_commit() noexcept { commits_.fetch_add(1, std::memory_order_release); }

protected:
  feed(store& from, std::chrono::milliseconds max_staleness) : store_(from), max_staleness_(max_staleness) {}
  ~feed() = default;

  /// Nobody has committed since what the view tells was read; where the store does not count, nobody in this directory,
  /// and it is not too old.
  [[nodiscard]] bool fresh() {
    if (!ready_.load(std::memory_order_acquire)) return false;
    if (const auto counted = store_.change_counter()) [[likely]]
      return *counted == seen_.load(std::memory_order_acquire);
    return young();
  }

  // All below by one thread at a time. They throw `refused`, bad_alloc.

  /// What others commit from here on is not counted yet, and is caught up with next time.
  void catch_up();
  /// `facts` reads from `in`. Makes the view anew where there is none, or where the log no longer tells.
  virtual void bring_up(transaction& in, snapshot& facts) = 0;
  [[nodiscard]] bool ready() const { return ready_.load(std::memory_order_relaxed); }
  /// When what the view tells was read.
  [[nodiscard]] std::chrono::steady_clock::time_point read_at() const {
    return std::chrono::steady_clock::time_point(
        std::chrono::steady_clock::duration(read_at_.load(std::memory_order_acquire)));
  }
  /// Until catch_up has succeeded nobody believes the view.
  void start_anew() { ready_.store(false, std::memory_order_release); }

  store& store_;

private:
  [[nodiscard]] bool young() const;

  const std::chrono::milliseconds max_staleness_;
  std::atomic<bool> ready_{};
  std::atomic<std::uint64_t> seen_{}; ///< what the store had counted before the view's rows were read
  std::atomic<std::uint64_t> commits_{}, seen_commits_{};
  std::atomic<std::chrono::steady_clock::rep> read_at_{};
};

} // namespace linecard
