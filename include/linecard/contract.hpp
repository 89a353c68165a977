// The contract of stores, as promises to try on any of them: a host's own store is as good as ours when all are kept.
// README.md in src/stores says how to write a store and run this on it; linecard_check_store is the same from C.
#pragma once

#include <linecard/ports/store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace linecard::contract {

/// How to come by stores to try. A function left out makes the promises that need it "untried", never kept.
struct subject {
  /// A store over empty storage, not prepared. Called once for each promise, or more often.
  std::function<std::unique_ptr<store>()> fresh{};
  /// The storage of the last fresh store, which is closed by then; not prepared. Empty when nothing outlives a store.
  std::function<std::unique_ptr<store>()> reopen{};
  /// The same while the others are open, as a second process would; not prepared. Empty when storage has one owner.
  std::function<std::unique_ptr<store>()> beside{};
  /// A write transaction may be open while readers read.
  bool readers_beside_writers{};
};

struct verdict {
  enum class state : std::uint8_t { broken, kept, untried };
  std::string_view promise{}; ///< a sentence, static
  state is{};
  /// Broken: the last operations, one a line, and what was expected of the last one. Untried: what the subject lacks.
  std::string story{};
};

/// "kept     <promise>", or "BROKEN   <promise>" and the story below it, indented; ends with a newline.
/// Any thread. Since 0.1.
[[nodiscard]] std::string text_of(const verdict& v);

/// Tries every promise whose sentence contains `only`, and tells each verdict as it falls; `told` answers whether to go
/// on. Answers how many were broken; 1 when `only` is in no sentence, which is told as well. What the subject or a
/// store throws breaks the promise it was thrown in. A few of the promises start threads, which end with them.
/// Any thread. Since 0.1.
[[nodiscard]] std::size_t check(const subject& under_test, const std::function<bool(const verdict&)>& told,
                                std::string_view only = {});
/// The same, told as text that ends with a line of counts. A program: `return check(mine, std::cout) == 0 ? 0 : 1;`
[[nodiscard]] std::size_t check(const subject& under_test, std::ostream& out, std::string_view only = {});

} // namespace linecard::contract
