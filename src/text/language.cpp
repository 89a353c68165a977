#include <linecard/text/language.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace linecard::text {

namespace {

constexpr std::size_t longest = 35;

struct subtags {
  // 35 characters hold 18 subtags at most.
  std::array<std::string_view, longest / 2 + 1> parts{};
  std::size_t count{};
};

constexpr std::size_t letters(std::string_view part) { return ascii::all(part, ascii::letter) ? part.size() : 0; }

constexpr bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t at = 0; at < a.size(); ++at)
    if (ascii::lower(a[at]) != ascii::lower(b[at])) return false;
  return true;
}

constexpr bool variant(std::string_view part) {
  return part.size() >= 5 || (part.size() == 4 && ascii::digit(part.front()));
}

// The grammar of RFC 5646, section 2.1, over parts known to be 1 to 8 letters and digits each. It never needs to look
// back: length and kind tell what a part is, in this order.
bool well_formed(const subtags& tag) {
  const auto part = [&tag](std::size_t at) { return at < tag.count ? tag.parts[at] : std::string_view{}; };
  std::size_t at = 0;

  const std::size_t language = letters(part(at++));
  if (language < 2) return false;
  if (language <= 3)
    for (int extended = 0; extended < 3 && letters(part(at)) == 3; ++extended) ++at;
  if (letters(part(at)) == 4) ++at;
  if (letters(part(at)) == 2 || (part(at).size() == 3 && ascii::all(part(at), ascii::digit))) ++at;

  for (const std::size_t first = at; variant(part(at)); ++at)
    for (std::size_t before = first; before < at; ++before)
      if (same(part(before), part(at))) return false;

  std::string_view singletons[longest];
  std::size_t extensions = 0;
  while (part(at).size() == 1 && !same(part(at), "x")) {
    for (std::size_t before = 0; before < extensions; ++before)
      if (same(singletons[before], part(at))) return false;
    singletons[extensions++] = part(at++);
    if (part(at).size() < 2) return false;
    while (part(at).size() >= 2) ++at;
  }
  if (same(part(at), "x")) return at + 1 < tag.count;
  return at == tag.count;
}

} // namespace

std::string_view language_flaw(std::string_view tag) noexcept {
  constexpr std::string_view wanted = "must be a language tag of at most 35 characters, as in en, fr-CA or zh-Hant-TW";
  if (tag.size() > longest) return wanted;
  subtags split;
  while (true) {
    const std::size_t hyphen = tag.find('-');
    const std::string_view part = tag.substr(0, hyphen);
    if (part.empty() || part.size() > 8 || !ascii::all(part, ascii::alphanumeric)) return wanted;
    split.parts[split.count++] = part;
    if (hyphen == std::string_view::npos) break;
    tag.remove_prefix(hyphen + 1);
  }
  return well_formed(split) ? std::string_view{} : wanted;
}

std::string language_key(std::string_view valid) {
  std::string key = ascii::lower(valid);
  bool plain = false;
  for (std::size_t start = 0; start < key.size();) {
    const std::size_t end = std::min(key.find('-', start), key.size());
    const std::size_t size = end - start;
    // Nothing after a singleton is a region or a script, whatever its length.
    if (size == 1) break;
    if (plain && size == 2) key[start + 1] = ascii::upper(key[start + 1]);
    if (plain && (size == 2 || size == 4)) key[start] = ascii::upper(key[start]);
    plain = true;
    start = end + 1;
  }
  return key;
}

} // namespace linecard::text
