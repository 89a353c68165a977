// Keeps the authority view as the store is: compiles it once, follows the log of changes, and answers only from a
// view that no commit has overtaken.
#pragma once

#include "feed.hpp"

#include <linecard/directory.hpp>
#include <linecard/views/authority.hpp>

#include <chrono>
#include <mutex>

namespace linecard {

class authority_feed final : public feed {
public:
  authority_feed(store& from, clock& time, id_of<platform> root, std::chrono::milliseconds max_staleness)
      : feed(from, max_staleness), clock_(time), root_(root), view_(root) {}

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
  /// Reads what has happened since, if anybody has asked yet: on a host's polling thread, so that no question has to.
  /// What cannot be read now is left to the next question.
  void renew();

private:
  using answer = authority_view::answer;

  /// `ask` is (const instant* now) -> answer. Asks with the view locked against writers, caught up if need be.
  template <class Ask> [[nodiscard]] refusal ask_slowly(id_of<identity> who, bool& allowed, Ask ask);
  [[nodiscard]] refusal check_slowly(const access_question& q, bool& allowed);

  // All below with the mutex held.
  void bring_up(transaction& in, snapshot& facts) override;
  void rebuild(transaction& in, snapshot& facts);
  void follow(snapshot& facts, const std::vector<any_id>& subjects);
  void put(snapshot& facts, id_of<identity> who, instant now);

  clock& clock_;
  const id_of<platform> root_;
  std::mutex mutex_{};
  authority_view view_;
  std::int64_t seq_{}; ///< of the newest change that the view tells
};

} // namespace linecard
