// A user's line in eight words, which are one cache line, and back. Numbers are kept as a nibble a digit, the first in
// the lowest; a nibble is the digit + 1, so that 0 ends the number.
#pragma once

#include <linecard/views/lines.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace linecard::views {

using packed_line = std::array<std::uint64_t, 8>;
/// Where what stands. The extension is the low half of its word, the flags lie above it.
inline constexpr std::size_t packed_user = 0, packed_tenant = 1, packed_extension = 2, packed_forwarding = 3,
                             packed_entitlements = 4;
inline constexpr std::uint64_t packed_known = std::uint64_t{1} << 32, packed_active = packed_known << 1,
                               packed_international = packed_known << 2, packed_e911 = packed_known << 3;

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

[[nodiscard]] packed_line pack(const line_holder& holder) noexcept;
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
  const auto flags = words[packed_extension];
  const bool active = (flags & packed_active) != 0;
  into.found = true;
  into.rings = active;
  into.e911 = (flags & packed_e911) != 0;
  into.use = {};
  into.tenant_id = {words[packed_tenant]};
  into.user_id = {words[packed_user]};
  unpack_digits(static_cast<std::uint32_t>(flags), into.extension.data());
  into.extension[8] = 0;
  into.international = (flags & packed_international) != 0; // pack gives these to nobody who is not active
  const auto forwarding = words[packed_forwarding];
  into.screening = forwarding != 0;
  into.forwarding[0] = forwarding != 0 ? '+' : '\0';
  unpack_digits(static_cast<std::uint32_t>(forwarding), into.forwarding.data() + 1);
  unpack_digits(static_cast<std::uint32_t>(forwarding >> 32), into.forwarding.data() + 9);
}
inline void unpack_number(packed_head words, did_use use, bool e911, line& into) noexcept {
  unpack(words, into);
  into.use = use;
  into.e911 = e911;
}
inline void unpack_extension(packed_head words, std::uint32_t number, bool international, line& into) noexcept {
  unpack(words, into);
  unpack_digits(number, into.extension.data());
  into.international = international && into.rings;
}

} // namespace linecard::views
