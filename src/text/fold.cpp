#include <linecard/text/fold.hpp>

#include <linecard/text/utf8.hpp>

#include "ascii.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace linecard::text {

namespace {

using code = utf8proc_int32_t;

// Letters Unicode does not decompose, yet which a colleague types without: after case folding, so lower case only.
// Apostrophes and hyphens are here because keyboards make one kind and word processors another: O'Neill, O’Neill.
std::string_view spelt_out(code c) {
  switch (c) {
  case 0x00E6:
    return "ae";
  case 0x00F0:
    return "d";
  case 0x00F8:
    return "o";
  case 0x00FE:
    return "th";
  case 0x0111:
    return "d";
  case 0x0127:
    return "h";
  case 0x0131:
    return "i";
  case 0x0142:
    return "l";
  case 0x0153:
    return "oe";
  case 0x0167:
    return "t";
  case 0x02BB:
  case 0x02BC:
  case 0x2018:
  case 0x2019:
    return "'";
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
    return "-";
  default:
    return {};
  }
}

int combining_class(code c) { return utf8proc_get_property(c)->combining_class; }

// An accent, as against a mark that spells. Dropping all marks (UTF8PROC_STRIPMARK) would take the vowels out of Hindi
// and Thai and make one name of many. Canonical combining classes draw the line: 1 overlays, 10 to 36 the optional
// points of Hebrew, Arabic and Syriac, 200 and above the accents; vowel signs have 0 or 84 to 132, nukta, kana voicing
// and virama 7 to 9.
bool accent(code c) {
  const utf8proc_property_t* about = utf8proc_get_property(c);
  const int order = about->combining_class;
  return order == 1 || (order >= 10 && order <= 36) || order >= 200 || about->category == UTF8PROC_CATEGORY_ME;
}

bool space(code c) {
  switch (utf8proc_category(c)) {
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_ZS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP:
    return true;
  default:
    return false;
  }
}

void append_decomposed(std::vector<code>& to, code c) {
  constexpr auto how = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  // Unicode promises that no code point decomposes into more than 18, and case folding gives at most three.
  std::array<code, 64> parts{};
  int unused = 0;
  const auto count =
      utf8proc_decompose_char(c, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()), how, &unused);
  if (count < 0 || static_cast<std::size_t>(count) > parts.size()) {
    to.push_back(c);
    return;
  }
  for (std::size_t at = 0; at < static_cast<std::size_t>(count); ++at)
    if (!accent(parts[at])) to.push_back(parts[at]);
}

// Puts marks in canonical order, so that texts Unicode calls equivalent share a key. utf8proc_decompose does it too,
// but in quadratic time, which a hostile name could use, and before the accents are gone, which would cost idempotence.
void order_marks(std::vector<code>& text) {
  auto begin = text.begin();
  while (begin != text.end()) {
    begin = std::find_if(begin, text.end(), [](code c) { return combining_class(c) != 0; });
    const auto end = std::find_if(begin, text.end(), [](code c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](code a, code b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

bool starts_initial(code c) {
  switch (utf8proc_category(c)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_ND:
  case UTF8PROC_CATEGORY_NL:
    return true;
  default:
    return false;
  }
}

std::string composed(std::string_view valid) {
  struct release {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
  };
  utf8proc_uint8_t* made = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()), static_cast<utf8proc_ssize_t>(valid.size()),
                   &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, release> owner{made};
  // Of well-formed text utf8proc can complain for want of memory only.
  if (size < 0) throw std::bad_alloc{};
  return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

void append_initial(std::string& to, std::string_view name) {
  if (!valid_utf8(name)) return;
  const std::string whole = composed(name);
  for (std::string_view rest = whole; !rest.empty();) {
    const decoded next = decode_first(rest);
    const auto c = static_cast<code>(next.code_point);
    // Title rather than upper case: they differ for the digraphs of Croatian (Dž) and for Georgian, whose names are
    // not written in its capitals.
    if (starts_initial(c)) return append_utf8(to, static_cast<char32_t>(utf8proc_totitle(c)));
    rest.remove_prefix(next.length);
  }
}

} // namespace

std::string fold(std::string_view text) {
  std::vector<code> codes;
  codes.reserve(text.size());
  while (!text.empty()) {
    const decoded next = decode_first(text);
    if (next.length == 0) return {};
    text.remove_prefix(next.length);
    if (next.code_point < 0x80)
      codes.push_back(ascii::lower(static_cast<char>(next.code_point)));
    else
      append_decomposed(codes, static_cast<code>(next.code_point));
  }
  order_marks(codes);

  std::string result;
  result.reserve(codes.size());
  bool space_before = false;
  for (code c : codes) {
    // Control characters are spaces here, so that sort_name's separator cannot occur in a folded name.
    if (space(c)) {
      space_before = true;
      continue;
    }
    if (space_before && !result.empty()) result.push_back(' ');
    space_before = false;
    if (const std::string_view letters = spelt_out(c); !letters.empty())
      result += letters;
    else
      append_utf8(result, static_cast<char32_t>(c));
  }
  return result;
}

std::string sort_name(std::string_view first, std::string_view last) {
  // U+0001 is below the space: "Li" with any first name comes before "Li Na".
  return fold(last) + '\x01' + fold(first);
}

std::string initials(std::string_view first, std::string_view last) {
  std::string result;
  append_initial(result, first);
  append_initial(result, last);
  return result;
}

} // namespace linecard::text
