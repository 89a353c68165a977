// Ids have types: id_of<user> never mixes with id_of<tenant>, in C++, in text and on the wire.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linecard {

/// The number and word that mark an id's kind: "user" in "user_01hf9k2m4q7x".
struct id_tag {
  std::uint8_t number{};
  std::string_view prefix{};
};

/// Specialised once for every noun with an id of its own (model/ids.hpp); numbers are never reused.
template <class Noun> inline constexpr id_tag tag_of{};

/// 64 bits: 0, 7 kind, 42 milliseconds since 1970, 14 counter. Never reused; 0 is "none". Since 0.1.
template <class Noun> struct id_of {
  std::uint64_t value{};
  [[nodiscard]] explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const id_of&, const id_of&) = default;
};

/// An id of any kind, where a column may hold several (a scope is a platform, container or tenant).
struct any_id {
  std::uint64_t value{};
  any_id() = default;
  explicit any_id(std::uint64_t raw) : value(raw) {}
  template <class Noun> any_id(id_of<Noun> id) : value(id.value) {} // NOLINT: widening on purpose
  [[nodiscard]] explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const any_id&, const any_id&) = default;
};

inline constexpr int id_stamp_bits = 56; ///< milliseconds and counter; the kind stands above them

[[nodiscard]] constexpr std::uint8_t id_kind(std::uint64_t raw) {
  return static_cast<std::uint8_t>(raw >> id_stamp_bits);
}
[[nodiscard]] constexpr std::uint64_t make_id(id_tag tag, std::uint64_t stamp) {
  return (std::uint64_t{tag.number} << id_stamp_bits) | (stamp & ((std::uint64_t{1} << id_stamp_bits) - 1));
}

/// The tag with this number or prefix; number 0 when there is none.
[[nodiscard]] id_tag tag_numbered(std::uint8_t number);
[[nodiscard]] id_tag tag_named(std::string_view prefix);

/// Text form: prefix, "_", 12 characters of lower-case Crockford base 32. One text for one id; others are refused.
[[nodiscard]] std::string id_text(std::uint64_t raw);
[[nodiscard]] std::optional<std::uint64_t> parse_id(std::string_view text);

template <class Noun> [[nodiscard]] std::string to_text(id_of<Noun> id) { return id_text(id.value); }
[[nodiscard]] inline std::string to_text(any_id id) { return id_text(id.value); }

/// Nothing when the text is no id, or an id of another kind.
template <class Noun> [[nodiscard]] std::optional<id_of<Noun>> id_from_text(std::string_view text) {
  const auto raw = parse_id(text);
  if (!raw || id_kind(*raw) != tag_of<Noun>.number) return std::nullopt;
  return id_of<Noun>{*raw};
}

/// The same id with its type, or none when it is of another kind.
template <class Noun> [[nodiscard]] id_of<Noun> narrow(any_id id) {
  return id_kind(id.value) == tag_of<Noun>.number ? id_of<Noun>{id.value} : id_of<Noun>{};
}

} // namespace linecard
