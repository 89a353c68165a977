// The promise a preview makes: who, which command, when, with which ids, having read what. Sealed under the host key:
// what it read and drew is nobody's business.
#pragma once

#include "stamps.hpp"

#include <linecard/model/authority.hpp>
#include <linecard/result.hpp>
#include <linecard/secrets/keyring.hpp>

#include <string>

namespace linecard {

inline constexpr std::uint64_t preview_lifetime_ms = 15 * 60 * 1000;

struct preview_token {
  instant at{};
  std::string command_digest{}; ///< 32 bytes over actor, scope, command name and request
  std::string trace_digest{};   ///< 32 bytes
  std::vector<stamp_range> stamps{};
};

[[nodiscard]] std::string command_digest(const acting& who, std::string_view command, std::string_view request_json);
[[nodiscard]] std::string seal(const preview_token& token, const keyring& keys);
/// Refuses "token_invalid", "token_expired" (at + 15 minutes <= now), "token_of_another".
[[nodiscard]] refusal unseal(std::string_view text, const keyring& keys, instant now, std::string_view expected_command,
                             preview_token& into);

} // namespace linecard
