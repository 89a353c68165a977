// Where a rule gets secrets from: drawn when it decides, so that confirming a preview differs in them alone.
#pragma once

#include <linecard/describe.hpp>

#include <optional>
#include <string_view>

namespace linecard {

/// A secret for somebody, and what a row keeps to recognise it by.
struct drawn_secret {
  secret_text secret{};
  bytes hash{};
};

enum class second_factor; // model/credential.hpp

struct secret_source {
  virtual ~secret_source() = default;
  /// 256 random bits as "lc1_<purpose>_" and 49 characters: base64url and a check, so that scanners and typing errors
  /// are told apart from guesses. The hash is token_hash's.
  [[nodiscard]] virtual drawn_secret token(std::string_view purpose) = 0;
  /// Six digits, each of the million as likely as another. The hash is code_hash's.
  [[nodiscard]] virtual drawn_secret code(std::string_view context) = 0;
  /// Keyed: without the host key a million guesses would be tried in a blink. `context` names what the code is for.
  [[nodiscard]] virtual bytes code_hash(std::string_view context, const secret_text& code) const = 0;
  /// For what must be read again; `context` names row and column, and opens it.
  [[nodiscard]] virtual bytes seal(std::string_view context, std::string_view content) const = 0;
  [[nodiscard]] virtual std::optional<secret_text> open(std::string_view context, const bytes& sealed) const = 0;
  /// A name under which tries are counted, telling nobody whose they are.
  [[nodiscard]] virtual bytes bucket(std::string_view kind, std::string_view what) const = 0;
  /// A number that only the host key leads to from this one, and the same each time.
  [[nodiscard]] virtual std::uint64_t scatter(std::uint64_t stamp) const = 0;
  /// What the present host key is recognised by.
  [[nodiscard]] virtual bytes key_check() const = 0;
  /// For the caller of this command alone: `token` of the receipt that the caller gets, and of no other. Where a second
  /// factor is still asked, it is good for that step only.
  virtual void hand_over(secret_text token, std::optional<second_factor> still_asked) = 0;
};

/// What the row of this token holds; nothing when the text is no token of the purpose.
[[nodiscard]] std::optional<bytes> token_hash(std::string_view purpose, const secret_text& presented);

} // namespace linecard
