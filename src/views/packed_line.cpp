#include "packed_line.hpp"

#include <algorithm>

namespace linecard {

namespace views {

namespace {

/// Cut between characters where it is too long.
void pack_text(std::string_view text, std::size_t at, std::size_t words, packed_line& into) noexcept {
  auto size = std::min(text.size(), words * 8);
  if (size < text.size())
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  if (size != 0) std::memcpy(&into[at], text.data(), size);
}

/// Nothing of what cannot be a number: no commands keep such ones.
void pack_number(const std::optional<std::string>& number, std::size_t at, packed_line& into) noexcept {
  if (number && pack_e164(*number) != 0) pack_text(*number, at, 2, into);
}

} // namespace

packed_line pack(const line_holder& holder) noexcept {
  auto words = pack_unknown(holder.id, holder.tenant_id);
  auto& state = words[packed_state];
  state = packed_known | std::uint64_t{std::min<std::size_t>(holder.extensions.size(), 0xffff)} << packed_count_shift;
  bool international = false;
  for (const auto& each : holder.extensions)
    if (pack_extension(each.number) != 0) {
      pack_text(each.number, packed_extension, 1, words);
      international = each.international;
      break;
    }
  pack_number(holder.caller_id, packed_caller_id, words);
  pack_number(holder.e911_caller_id, packed_e911_caller_id, words);
  if (!holder.active) return words;
  state |= packed_active;
  if (international) state |= packed_international;
  pack_number(holder.forwarding, packed_forwarding, words);
  for (std::size_t w = 0; w < holder.entitlements.words.size(); ++w)
    words[packed_entitlements + w] = holder.entitlements.words[w];
  return words;
}

packed_line pack(const line_number& number) noexcept {
  auto words = pack_unknown({}, number.tenant_id);
  if (number.label.empty()) return words;
  words[packed_state] = packed_labelled;
  pack_text(number.label, packed_label, 8, words);
  return words;
}

} // namespace views

line line_of(const line_holder& holder, const line_extension* asked) {
  line into;
  const auto words = views::pack(holder);
  if (asked == nullptr)
    static_cast<void>(views::unpack(words, into));
  else
    views::unpack_extension(words, views::pack_extension(asked->number), asked->international, into);
  return into;
}

line line_of(const line_number& number, const line_holder* holder) {
  line into;
  const auto words = holder != nullptr ? views::pack(*holder)
                     : number.user_id  ? views::pack_unknown(number.user_id, number.tenant_id)
                                       : views::pack(number);
  views::unpack_number(words, number.use, number.e911, into);
  return into;
}

} // namespace linecard
