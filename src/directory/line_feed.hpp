// Keeps the line view as the store is: compiles it once, follows the log of changes, and answers only from a view that
// no commit has overtaken.
#pragma once

#include "feature_numbers.hpp"
#include "feed.hpp"
#include "guarded.hpp"
#include "line_log.hpp"

#include <linecard/views/lines.hpp>

#include <span>

namespace linecard {

/// To be copied: where GCC fills a line with zeros itself, that takes longer than the whole look-up.
extern const line no_line;

class line_feed final : public feed {
public:
  line_feed(store& from, feature_numbers& features, std::chrono::milliseconds max_staleness)
      : feed(from, max_staleness), features_(features) {}

  /// `look` is (const lines_view&, line&) -> lines_view::answer. Nothing found where it cannot be known; `why`, unless
  /// null, says so.
  template <class Look> [[nodiscard]] line ask(Look look, refusal* why) {
    line found = no_line;
    if (fresh() && look(view_, found) != answer::busy) [[likely]] {
      if (why) why->reset();
      return found;
    }
    auto failed = guarded([&]() -> refusal {
      const std::scoped_lock hold(mutex_); // against writers: nobody is busy now
      if (!fresh()) catch_up();
      static_cast<void>(look(view_, found));
      return std::nullopt;
    });
    if (failed) found = {};
    if (why) *why = std::move(failed);
    return found;
  }
  /// By number; what is refused leaves them half made.
  [[nodiscard]] refusal ask_many(std::span<const std::string_view> e164, line* into);

private:
  using answer = lines_view::answer;

  // All below with the mutex held.
  void bring_up(transaction& in, snapshot& facts) override;
  void follow(snapshot& facts, const std::vector<std::string>& subjects);

  feature_numbers& features_;
  lines_view view_{};
  line_marks seen_changes_{}; ///< the newest changes that the view tells
};

} // namespace linecard
