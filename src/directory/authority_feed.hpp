// Keeps the authority view as the store is: compiles it once, follows the log of changes, and answers only from a
// view that no commit has overtaken.
#pragma once

#include <linecard/directory.hpp>
#include <linecard/views/authority.hpp>

#include <atomic>
#include <chrono>
#include <mutex>

namespace linecard {

class authority_feed {
public:
  authority_feed(store& from, clock& time, id_of<platform> root, std::chrono::milliseconds max_staleness)
      : store_(from), clock_(time), root_(root), max_staleness_(max_staleness), view_(root) {}

  /// False when it cannot be known.
  [[nodiscard]] bool check(const access_question& q) {
    if (fresh()) [[likely]] {
      const auto found = view_.check(q.who, q.needed, q.scope_id);
      if (found <= answer::yes) [[likely]]
        return found == answer::yes;
    }
    bool allowed = false;
    return !check_slowly(q, allowed) && allowed;
  }
  /// Answers are 1 and 0; what is refused leaves them half made.
  [[nodiscard]] refusal check_many(std::span<const access_question> asked, std::uint8_t* into);
  [[nodiscard]] permission_set effective(id_of<identity> who, any_id scope_id);

  /// Reads what has happened since, if anybody has asked yet: on a host's polling thread, so that no check has to.
  /// What cannot be read now is left to the next check.
  void renew();
  /// A commit of ours that changed authority, or may have. For stores that do not count commits themselves.
  void note_commit() noexcept { commits_.fetch_add(1, std::memory_order_release); }

private:
  using answer = authority_view::answer;

  /// Nobody has committed since what the view tells was read; where the store does not count, nobody in this directory,
  /// and it is not too old.
  [[nodiscard]] bool fresh() {
    if (!ready_.load(std::memory_order_acquire)) return false;
    if (const auto counted = store_.change_counter()) [[likely]]
      return *counted == seen_.load(std::memory_order_acquire);
    return young();
  }
  [[nodiscard]] bool young() const;
  /// `ask` is (const instant* now) -> answer. Asks with the view locked against writers, caught up if need be.
  template <class Ask> [[nodiscard]] refusal ask_slowly(id_of<identity> who, bool& allowed, Ask ask);
  [[nodiscard]] refusal check_slowly(const access_question& q, bool& allowed);

  // All below with the mutex held.
  void catch_up();
  void rebuild(transaction& in, snapshot& facts);
  void follow(snapshot& facts, const std::vector<any_id>& subjects);
  void put(snapshot& facts, id_of<identity> who, instant now);

  store& store_;
  clock& clock_;
  const id_of<platform> root_;
  const std::chrono::milliseconds max_staleness_;
  authority_view view_;
  std::atomic<bool> ready_{};
  std::atomic<std::uint64_t> seen_{}; ///< what the store had counted before the view's rows were read
  std::atomic<std::uint64_t> commits_{}, seen_commits_{};
  std::atomic<std::chrono::steady_clock::rep> read_at_{};
  std::mutex mutex_{};
  std::int64_t seq_{}; ///< of the newest change that the view tells
};

} // namespace linecard
