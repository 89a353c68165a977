#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linecard::text {

/// One code point and the bytes it took; `length` 0 means that the text does not begin with well-formed UTF-8. Since
/// 0.1.
struct decoded {
  char32_t code_point{};
  std::size_t length{};
};

/// The first code point of `text` (RFC 3629: no overlong form, no surrogate, at most U+10FFFF). U+0000 is refused as
/// well: text travels through C strings, where what follows a NUL would be stored but never seen. Since 0.1.
[[nodiscard]] decoded decode_first(std::string_view text) noexcept;

/// Appends the UTF-8 form of `code_point`, which must be a Unicode scalar value. Since 0.1.
void append_utf8(std::string& to, char32_t code_point);

/// Whether all of `text` is what decode_first takes; empty text is. Since 0.1.
[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// Length in code points, not in what a reader calls characters. `valid` must be valid UTF-8. Since 0.1.
[[nodiscard]] std::size_t code_points(std::string_view valid) noexcept;

/// Empty when `text` is one line a person can read, of 1 to `longest` code points; otherwise what would be accepted, a
/// static phrase to follow "field: ". Refused: control and bidirectional formatting characters, line separators, white
/// space at either end, and text in which nothing is visible. The limit is the caller's to add to the phrase. Since
/// 0.1.
[[nodiscard]] std::string_view line_flaw(std::string_view text, std::size_t longest) noexcept;

/// Any bytes as a line that a header or a sentence can hold: what breaks lines or is a control character becomes a
/// space, what changes the reading direction goes, bytes that are no UTF-8 become U+FFFD. Since 0.1.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace linecard::text
