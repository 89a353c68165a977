// Keeps the line view as the store is: compiles it once, follows the log of changes, and answers from a view that no
// commit has overtaken; or, when what is newer cannot be read, from the last one known, and says so. A call cannot wait
// for a store, and an emergency call least of all.
#pragma once

#include "feature_numbers.hpp"
#include "feed.hpp"
#include "guarded.hpp"
#include "line_log.hpp"
#include "stores/gate.hpp"

#include <linecard/views/lines.hpp>

#include <span>
#include <thread>

namespace linecard {

/// To be copied: where GCC fills a line with zeros itself, that takes longer than the whole look-up.
extern const line no_line;

class line_feed final : public feed {
public:
  /// `last_known`: how long a view that is behind is still shown; 0: not at all.
  line_feed(store& from, feature_numbers& features, std::chrono::milliseconds max_staleness,
            std::chrono::milliseconds last_known)
      : feed(from, max_staleness), features_(features), last_known_(last_known) {}

  /// `look` is (const lines_view&, line&) -> lines_view::answer. Nothing found where nothing can be known; `why`,
  /// unless null, says so.
  template <class Look> [[nodiscard]] line ask(Look look, refusal* why) {
    line found = no_line;
    if (fresh() && look(view_, found) != answer::busy) [[likely]] {
      if (why) why->reset();
      return found;
    }
    auto behind = get_ready();
    if (behind) {
      insist([&] { return look(view_, found); });
      found.stale_ms = *behind;
    }
    if (why) *why = behind ? refusal{} : refusal(std::move(behind).error());
    return found;
  }
  /// By number; what is refused leaves them half made.
  [[nodiscard]] refusal ask_many(std::span<const std::string_view> e164, line* into);
  /// Reads what has happened since, if anybody has asked yet: on a host's polling thread, so that no question has to.
  void renew();

private:
  using answer = lines_view::answer;

  /// A writer is at each line for a few stores only.
  template <class Look> static void insist(Look look) {
    while (look() == answer::busy) std::this_thread::yield();
  }
  /// For how many ms the view has been behind; 0: it is not. Refused when there is none that may be shown.
  [[nodiscard]] result<std::uint32_t> get_ready();

  // All below by whoever has the turn.
  [[nodiscard]] refusal try_to_catch_up();
  void bring_up(transaction& in, snapshot& facts) override;
  void follow(transaction& in, snapshot& facts, const line_news& news);

  feature_numbers& features_;
  const std::chrono::milliseconds last_known_;
  stores::gate turn_{1}; ///< who reads the store; the others wait a little, or go on with what is known
  std::atomic<std::chrono::steady_clock::rep> behind_since_{}; ///< 0: the view is not known to be behind
  lines_view view_{};

  // Of whoever has the turn.
  line_marks seen_changes_{}; ///< the newest changes that the view tells
  refusal failed_{};          ///< what kept it behind, last time
  int failures_{};            ///< since it was not
  std::chrono::steady_clock::time_point retry_at_{};
};

} // namespace linecard
