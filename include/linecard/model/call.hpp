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

/// The answer to one look-up. All zeros but `stale_ms` where there is nothing; all zeros where nothing can be known.
///
/// The line of a user who is invited, suspended or deleted is found but does not ring, is not forwarded, may not dial
/// abroad and has no entitlement. Its numbers stay as they are: `e911` and `e911_caller_id` are facts about them, and
/// whether a silenced telephone may still call for help is the host's to decide. Somebody deleted has none any more
/// (handed over or released, the extension is free), and is found by user only. A login that is suspended
/// (suspend_identity) cannot sign in; the line goes on until the user is suspended.
///
/// `forwarding` rings beside the user's devices, for every call, and `screening` is always on with it: the call is
/// given to who answers there only after a key, so that none ends in a private mailbox (S4.15). That a line rings says
/// nothing of what there is to ring: an active user may have no extension and no forwarding yet. Since 0.1.
struct line {
  bool found{};
  bool rings{};         ///< the user is active
  bool screening{};     ///< who answers at `forwarding` presses a key first; false exactly when there is none
  bool international{}; ///< of `extension`: it may dial other countries
  bool e911{};          ///< of the number asked for, else of any direct number of the user
  did_use use{};        ///< of the number asked for; none of the words when asked otherwise
  /// Milliseconds. 0: as the store is. Else the last known line: for so long what is newer could not be read.
  std::uint32_t stale_ms{};
  std::uint16_t extension_count{}; ///< of the user; 65535 also stands for more
  id_of<tenant> tenant_id{};
  id_of<user> user_id{};             ///< none: a number of the company's, or one that nobody has
  std::array<char, 9> extension{};   ///< the one asked for, else the user's first by number
  std::array<char, 17> forwarding{}; ///< E.164; empty: none
  /// The user's first direct number by number, E.164: what a call to the outside shows. Empty: they have none, and the
  /// company's main number is shown, if anything.
  std::array<char, 17> caller_id{};
  /// The same among those with E911 switched on: what an emergency call shows, so that it can be called back. Empty:
  /// none has, and the host decides; it must not refuse the call for that.
  std::array<char, 17> e911_caller_id{};
  /// Of a number that is no user's: what it is used for, cut between characters where it is longer than 64 bytes.
  std::array<char, 65> label{};
  feature_set entitlements{}; ///< through the used seats of the user

  [[nodiscard]] bool entitled(feature f) const { return entitlements.has(f); }
  [[nodiscard]] std::string_view extension_number() const { return extension.data(); }
  [[nodiscard]] std::string_view forwarding_number() const { return forwarding.data(); }
  [[nodiscard]] std::string_view caller_number() const { return caller_id.data(); }
  [[nodiscard]] std::string_view e911_caller_number() const { return e911_caller_id.data(); }
  [[nodiscard]] std::string_view label_text() const { return label.data(); }
  friend bool operator==(const line&, const line&) = default;
};
static_assert(std::is_trivially_copyable_v<line>);

} // namespace linecard
