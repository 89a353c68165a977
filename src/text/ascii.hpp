#pragma once

/// ASCII letters and digits, for the formats defined in ASCII. The functions of <cctype> answer by the process locale,
/// which belongs to the host: a Turkish locale must not change what an e-mail address is.

#include <string>
#include <string_view>

namespace linecard::text::ascii {

[[nodiscard]] constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool upper_letter(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool letter(char c) noexcept { return upper_letter(c) || (c >= 'a' && c <= 'z'); }
[[nodiscard]] constexpr bool alphanumeric(char c) noexcept { return letter(c) || digit(c); }
[[nodiscard]] constexpr char lower(char c) noexcept { return upper_letter(c) ? static_cast<char>(c + ('a' - 'A')) : c; }
[[nodiscard]] constexpr char upper(char c) noexcept {
  return letter(c) && !upper_letter(c) ? static_cast<char>(c - ('a' - 'A')) : c;
}

template <class Predicate> [[nodiscard]] constexpr bool all(std::string_view text, Predicate holds) {
  for (char c : text)
    if (!holds(c)) return false;
  return true;
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = lower(c);
  return result;
}

} // namespace linecard::text::ascii
