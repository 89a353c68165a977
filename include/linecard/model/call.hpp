// What a telephone system asks while a call waits: whose line is it, does it ring, and what is it allowed?
#pragma once

#include <linecard/model/line.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace linecard {

/// A feature of packages by its number, 1 to 255, as find_feature of an open directory gives it. Good as long as that
/// directory is open, and in no other. 0 is no feature, and nobody is entitled to it.
enum class feature : std::uint16_t { none = 0 };
inline constexpr std::size_t most_features = 256;

struct feature_set {
  std::array<std::uint64_t, most_features / 64> words{};

  constexpr void add(feature f) {
    if (counts(f)) words[number(f) / 64] |= std::uint64_t{1} << number(f) % 64;
  }
  [[nodiscard]] constexpr bool has(feature f) const {
    return counts(f) && (words[number(f) / 64] >> number(f) % 64 & 1u) != 0;
  }
  constexpr feature_set& operator|=(const feature_set& other) {
    for (std::size_t w = 0; w < words.size(); ++w) words[w] |= other.words[w];
    return *this;
  }
  friend constexpr bool operator==(const feature_set&, const feature_set&) = default;

private:
  static constexpr std::size_t number(feature f) { return static_cast<std::size_t>(f); }
  static constexpr bool counts(feature f) { return f != feature::none && number(f) < most_features; }
};

/// The answer to one look-up; all zeros where there is nothing, or nothing can be known. The line of a user who is
/// invited, suspended or deleted is found but does not ring, is not forwarded, may not dial abroad and has no
/// entitlement. Since 0.1.
struct line {
  bool found{};
  bool rings{};         ///< the user is active
  bool screening{};     ///< whenever it is forwarded: who answers there presses a key first
  bool international{}; ///< of `extension`: it may dial other countries
  bool e911{};          ///< of the number asked for, else of any direct number of the user
  did_use use{};        ///< of the number asked for; none of the words when asked otherwise
  id_of<tenant> tenant_id{};
  id_of<user> user_id{};             ///< none: a number of the company's, or one that nobody has
  std::array<char, 9> extension{};   ///< the one asked for, else the user's first by number; NUL-terminated
  std::array<char, 17> forwarding{}; ///< E.164, NUL-terminated; rings beside the devices; empty: none does
  feature_set entitlements{};        ///< through the used seats of the user

  [[nodiscard]] bool entitled(feature f) const { return entitlements.has(f); }
  [[nodiscard]] std::string_view extension_number() const { return extension.data(); }
  [[nodiscard]] std::string_view forwarding_number() const { return forwarding.data(); }
  friend bool operator==(const line&, const line&) = default;
};
static_assert(std::is_trivially_copyable_v<line>);

} // namespace linecard
