// A line in sixteen words, and back. Texts stand in them as they are told, so that a look-up copies and works out
// nothing. Numbers that are looked for are a nibble a digit, the first in the lowest; a nibble is the digit + 1, so
// that 0 ends the number.
#pragma once

#include <linecard/views/lines.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace linecard::views {

using packed_line = std::array<std::uint64_t, 16>;
/// Where what stands; a label in place of what only users have.
inline constexpr std::size_t packed_user = 0, packed_tenant = 1, packed_state = 2, packed_extension = 3,
                             packed_forwarding = 4, packed_caller_id = 6, packed_e911_caller_id = 8,
                             packed_entitlements = 10, packed_label = 4;
/// In packed_state; the count of extensions lies above.
inline constexpr std::uint64_t packed_known = 1, packed_active = 2, packed_international = 4, packed_labelled = 8;
inline constexpr int packed_count_shift = 8;

/// 0 when it is not 1 to `most` digits.
[[nodiscard]] inline std::uint64_t pack_digits(std::string_view digits, std::size_t most) noexcept {
  if (digits.size() > most) return 0;
  std::uint64_t packed = 0;
  bool only_digits = true;
  for (std::size_t n = 0; n < digits.size(); ++n) {
    const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(digits[n])) - '0';
    only_digits &= digit <= 9;
    packed |= ((digit + 1) & 15) << 4 * n;
  }
  return only_digits ? packed : 0;
}
/// 0 when it cannot be one: "+" and up to 15 digits.
[[nodiscard]] inline std::uint64_t pack_e164(std::string_view number) noexcept {
  return number.starts_with('+') ? pack_digits(number.substr(1), 15) : 0;
}
/// 0 when it cannot be one: up to 8 digits.
[[nodiscard]] inline std::uint32_t pack_extension(std::string_view number) noexcept {
  return static_cast<std::uint32_t>(pack_digits(number, 8));
}
/// Eight digits as characters, NUL where there is none.
inline void unpack_digits(std::uint32_t packed, char* into) noexcept {
  std::uint64_t each = packed;
  each = (each | each << 16) & 0x0000ffff0000ffffu;
  each = (each | each << 8) & 0x00ff00ff00ff00ffu;
  each = (each | each << 4) & 0x0f0f0f0f0f0f0f0fu;
  const auto present = (each + 0x0f0f0f0f0f0f0f0fu) >> 4 & 0x0101010101010101u;
  each += present * ('0' - 1);
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(into, &each, sizeof each);
  else
    for (int n = 0; n < 8; ++n) into[n] = static_cast<char>(each >> 8 * n);
}

/// As many words as `to` has bytes for, one beside the other.
template <std::size_t Size> void unpack_text(const std::uint64_t* from, std::array<char, Size>& to) noexcept {
  for (std::size_t w = 0; w < Size / 8; ++w) std::memcpy(to.data() + 8 * w, from + w, 8);
  to[Size - 1] = 0;
}

[[nodiscard]] packed_line pack(const line_holder& holder) noexcept;
/// A number of nobody's.
[[nodiscard]] packed_line pack(const line_number& number) noexcept;
/// Of whom nothing is known but that something leads there.
[[nodiscard]] inline packed_line pack_unknown(id_of<user> who, id_of<tenant> where) noexcept {
  packed_line words{};
  words[packed_user] = who.value, words[packed_tenant] = where.value;
  return words;
}

/// What stands before the entitlements.
using packed_head = std::span<const std::uint64_t, packed_entitlements>;

/// As asked by the user's id; the entitlements are copied beside it.
inline void unpack(packed_head words, line& into) noexcept {
  const auto state = words[packed_state];
  into.found = true;
  into.rings = (state & packed_active) != 0;
  into.e911 = words[packed_e911_caller_id] != 0;
  into.use = {};
  into.stale_ms = 0;
  into.extension_count = static_cast<std::uint16_t>(state >> packed_count_shift);
  into.tenant_id = {words[packed_tenant]};
  into.user_id = {words[packed_user]};
  into.international = (state & packed_international) != 0; // pack gives these to nobody who is not active
  into.screening = words[packed_forwarding] != 0;
  unpack_text(&words[packed_extension], into.extension);
  unpack_text(&words[packed_forwarding], into.forwarding);
  unpack_text(&words[packed_caller_id], into.caller_id);
  unpack_text(&words[packed_e911_caller_id], into.e911_caller_id);
  into.label = {};
}
inline void unpack_extension(packed_head words, std::uint32_t number, bool international, line& into) noexcept {
  unpack(words, into);
  unpack_digits(number, into.extension.data());
  into.international = international && into.rings;
}
/// What is in `into.entitlements` is the rest of the label where there is one.
inline void unpack_number(packed_head words, did_use use, bool e911, line& into) noexcept {
  if ((words[packed_state] & packed_labelled) == 0) [[likely]] {
    unpack(words, into);
  } else {
    packed_line bare = pack_unknown({}, {words[packed_tenant]}), whole{};
    std::ranges::copy(words, whole.begin());
    std::ranges::copy(into.entitlements.words, whole.begin() + packed_entitlements);
    unpack(packed_head(bare.data(), packed_entitlements), into);
    unpack_text(&whole[packed_label], into.label);
    into.entitlements = {};
  }
  into.use = use;
  into.e911 = e911;
}

} // namespace linecard::views
