#include <linecard/text/mac.hpp>

namespace linecard::text {

namespace {

constexpr bool separator(char c) { return c == ':' || c == '-' || c == '.'; }

/// The digit in lower case; 0 when it is none.
constexpr char hexadecimal(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) return c;
  return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : '\0';
}

} // namespace

std::string_view mac_flaw(std::string_view mac) noexcept {
  constexpr std::string_view wanted = "must be 12 hexadecimal digits, as in 00:1a:2b:3c:4d:5e";
  std::size_t digits = 0;
  char between = '\0', before = ':';
  for (const char c : mac) {
    if (hexadecimal(c) != '\0') {
      ++digits;
    } else {
      if (!separator(c) || separator(before) || (between != '\0' && c != between)) return wanted;
      between = c;
    }
    before = c;
  }
  return digits == 12 && !separator(before) ? std::string_view{} : wanted;
}

std::string mac_key(std::string_view valid) {
  std::string key;
  for (const char c : valid)
    if (const char digit = hexadecimal(c); digit != '\0') key += digit;
  return key;
}

} // namespace linecard::text
