// A line in sixteen words, and back. Texts stand in them as they are told, so that a look-up copies and works out
// nothing. Numbers that are looked for are a nibble a digit, the first in the lowest; a nibble is the digit + 1, so
// that 0 ends the number.
#pragma once

#include <linecard/views/lines.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

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

[[nodiscard]] packed_line pack(const line_holder& holder) noexcept;
/// A number of nobody's.
[[nodiscard]] packed_line pack(const line_number& number) noexcept;
/// Of whom nothing is known but that something leads there.
[[nodiscard]] inline packed_line pack_unknown(id_of<user> who, id_of<tenant> where) noexcept {
  packed_line words{};
  words[packed_user] = who.value, words[packed_tenant] = where.value;
  return words;
}

// `words` is a packed_line, or sixteen atomics that somebody may be changing: then what comes out makes no sense, and
// is found out by the sequence.

[[nodiscard]] inline std::uint64_t load(std::uint64_t word) noexcept { return word; }
[[nodiscard]] inline std::uint64_t load(const std::atomic<std::uint64_t>& word) noexcept {
  return word.load(std::memory_order_acquire);
}
/// As many words as `to` has room for, one beside the other: not by a loop, which costs more than what it does.
template <std::size_t At, class Words, std::size_t Size>
void unpack_text(const Words& words, std::array<char, Size>& to) noexcept {
  [&]<std::size_t... W>(std::index_sequence<W...>) {
    const std::array<std::uint64_t, sizeof...(W)> some{load(words[At + W])...};
    (std::memcpy(to.data() + 8 * W, &some[W], 8), ...);
  }
  (std::make_index_sequence<Size / 8>());
  to[Size - 1] = 0;
}

/// As asked by the user's id. False when nothing is known of them.
template <class Words> bool unpack(const Words& words, line& into) noexcept {
  const auto state = load(words[packed_state]);
  into.found = true;
  into.rings = (state & packed_active) != 0;
  into.use = {};
  into.stale_ms = 0;
  into.extension_count = static_cast<std::uint16_t>(state >> packed_count_shift);
  into.tenant_id = {load(words[packed_tenant])};
  into.user_id = {load(words[packed_user])};
  into.international = (state & packed_international) != 0; // pack gives these to nobody who is not active
  unpack_text<packed_extension>(words, into.extension);
  unpack_text<packed_forwarding>(words, into.forwarding);
  unpack_text<packed_caller_id>(words, into.caller_id);
  unpack_text<packed_e911_caller_id>(words, into.e911_caller_id);
  into.screening = into.forwarding[0] != 0;
  into.e911 = into.e911_caller_id[0] != 0;
  into.label = {};
  for (std::size_t w = 0; w < into.entitlements.words.size(); ++w)
    into.entitlements.words[w] = load(words[packed_entitlements + w]);
  return (state & packed_known) != 0;
}
template <class Words>
void unpack_extension(const Words& words, std::uint32_t number, bool international, line& into) noexcept {
  static_cast<void>(unpack(words, into));
  unpack_digits(number, into.extension.data());
  into.international = international && into.rings;
}
template <class Words> void unpack_number(const Words& words, did_use use, bool e911, line& into) noexcept {
  if ((load(words[packed_state]) & packed_labelled) == 0) [[likely]] {
    static_cast<void>(unpack(words, into));
  } else {
    static_cast<void>(unpack(pack_unknown({}, {load(words[packed_tenant])}), into));
    unpack_text<packed_label>(words, into.label);
  }
  into.use = use;
  into.e911 = e911;
}

} // namespace linecard::views
