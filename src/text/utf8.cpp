#include <linecard/text/utf8.hpp>

#include <utf8proc.h>

namespace linecard::text {

namespace {

constexpr bool directs_reading(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

bool breaks_line(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

// The zero-width ones are not white space to Unicode, but arrive by pasting just as spaces do and are as little seen.
bool blank(char32_t c) {
  return c == 0x200B || c == 0x2060 || c == 0xFEFF ||
         utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ZS;
}

// Unassigned code points count as visible: Unicode gains scripts faster than a server gains a new utf8proc.
bool visible(char32_t c) {
  const utf8proc_property_t* about = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
  if (about->ignorable) return false;
  switch (about->category) {
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CF:
  case UTF8PROC_CATEGORY_ZS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP:
  case UTF8PROC_CATEGORY_MN:
  case UTF8PROC_CATEGORY_ME:
    return false;
  default:
    return true;
  }
}

} // namespace

decoded decode_first(std::string_view text) noexcept {
  if (text.empty()) return {};
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead == 0) return {};
  if (lead < 0x80) return {lead, 1};

  // Overlong forms, surrogates and what lies above U+10FFFF are all told by the second byte alone (RFC 3629, section
  // 4).
  std::size_t length = 0;
  unsigned char lowest = 0x80;
  unsigned char highest = 0xBF;
  char32_t bits = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    bits = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    bits = lead & 0x0Fu;
    if (lead == 0xE0) lowest = 0xA0;
    if (lead == 0xED) highest = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    bits = lead & 0x07u;
    if (lead == 0xF0) lowest = 0x90;
    if (lead == 0xF4) highest = 0x8F;
  }
  if (length == 0 || text.size() < length) return {};
  for (std::size_t at = 1; at < length; ++at) {
    if (byte(at) < lowest || byte(at) > highest) return {};
    lowest = 0x80;
    highest = 0xBF;
    bits = (bits << 6) | (byte(at) & 0x3Fu);
  }
  return {bits, length};
}

void append_utf8(std::string& to, char32_t code_point) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  for (utf8proc_ssize_t at = 0; at < length; ++at) to.push_back(static_cast<char>(bytes[at]));
}

bool valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = decode_first(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t code_points(std::string_view valid) noexcept {
  std::size_t count = 0;
  for (char c : valid)
    if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) ++count;
  return count;
}

std::string_view line_flaw(std::string_view text, std::size_t longest) noexcept {
  if (text.empty()) return "must not be empty";
  std::size_t count = 0;
  bool seen = false;
  bool begins_blank = false;
  bool ends_blank = false;
  while (!text.empty()) {
    const decoded next = decode_first(text);
    if (next.length == 0) return "must be UTF-8 text without NUL";
    text.remove_prefix(next.length);
    const char32_t c = next.code_point;
    if (breaks_line(c)) return "must be one line without control characters";
    if (directs_reading(c)) return "must be text without characters that change the reading direction";
    ends_blank = blank(c);
    if (count == 0) begins_blank = ends_blank;
    seen = seen || visible(c);
    ++count;
  }
  if (!seen) return "must hold at least one visible character";
  if (begins_blank || ends_blank) return "must begin and end without white space";
  if (count > longest) return "must have fewer characters";
  return {};
}

std::string one_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const decoded next = decode_first(text);
    if (next.length == 0)
      append_utf8(out, U'\uFFFD');
    else if (breaks_line(next.code_point))
      out += ' ';
    else if (!directs_reading(next.code_point))
      out += text.substr(0, next.length);
    text.remove_prefix(next.length == 0 ? 1 : next.length);
  }
  return out;
}

} // namespace linecard::text
