#include <linecard/model/ids.hpp>

namespace linecard {

namespace {
constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford base 32, lower case
constexpr std::size_t text_digits = 12;                                 // 60 bits hold the 56
} // namespace

id_tag tag_numbered(std::uint8_t number) {
  for (const auto& tag : id_tags)
    if (tag.number == number) return tag;
  return {};
}

id_tag tag_named(std::string_view prefix) {
  for (const auto& tag : id_tags)
    if (tag.prefix == prefix) return tag;
  return {};
}

std::string id_text(std::uint64_t raw) {
  const auto tag = tag_numbered(id_kind(raw));
  if (tag.number == 0) return {};
  std::string out(tag.prefix.size() + 1 + text_digits, '_');
  out.replace(0, tag.prefix.size(), tag.prefix);
  auto stamp = raw & ((std::uint64_t{1} << id_stamp_bits) - 1);
  for (std::size_t i = out.size(); i > tag.prefix.size() + 1; --i, stamp >>= 5) out[i - 1] = digits[stamp & 31];
  return out;
}

std::optional<std::uint64_t> parse_id(std::string_view text) {
  const auto bar = text.rfind('_');
  if (bar == std::string_view::npos || text.size() - bar - 1 != text_digits) return std::nullopt;
  const auto tag = tag_named(text.substr(0, bar));
  if (tag.number == 0) return std::nullopt;
  std::uint64_t stamp = 0;
  for (const char c : text.substr(bar + 1)) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    stamp = stamp << 5 | digit;
  }
  if (stamp >> id_stamp_bits != 0) return std::nullopt;
  return make_id(tag, stamp);
}

} // namespace linecard
