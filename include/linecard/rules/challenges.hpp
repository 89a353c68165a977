// Tokens sent by mail: made, found and taken back. Each is good once, for one purpose, subject, tenant and address.
#pragma once

#include <linecard/model/credential.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/rules/verb.hpp>
#include <linecard/secrets/source.hpp>

#include <optional>

namespace linecard {

// Lives in milliseconds. NIST SP 800-63B-4 allows a mailed code 24 hours at most; ours are shorter where they can set
// a password that exists.
inline constexpr std::int64_t invitation_life = std::int64_t{7} * 24 * 60 * 60 * 1000;
inline constexpr std::int64_t password_reset_life = std::int64_t{60} * 60 * 1000;
inline constexpr std::int64_t address_confirmation_life = std::int64_t{24} * 60 * 60 * 1000;
inline constexpr std::int64_t sign_in_code_life = std::int64_t{10} * 60 * 1000;

struct issued_challenge {
  secret_text token{};
  instant expires_at{};
};
/// In place of the subject's older one of this purpose, whose token is void from then on. Of `wanted` purpose, subject,
/// tenant and address are taken; without an address, the identity's own. It is bound to that and the identity's epoch.
[[nodiscard]] issued_challenge issue(snapshot& facts, const ingredients& with, changes& out, const challenge& wanted,
                                     const identity& whose, std::int64_t life);

/// The token is void from then on, if there is one.
void revoke(snapshot& facts, changes& out, challenge_purpose purpose, any_id subject_id);

/// The challenge of a token that is good now. Refuses "token_invalid" (used, replaced, withdrawn, of a suspended or
/// moved identity or user, older than a password set since, or no token at all: nobody learns which; the message tells
/// a token of another purpose by its prefix) and "token_expired". Whoever uses it erases it in the same transaction,
/// which of several racers one can.
[[nodiscard]] refusal find_challenge(snapshot& facts, const ingredients& with, challenge_purpose purpose,
                                     const secret_text& token, fact<challenge>& into);

/// What a whole token's prefix says that it is for, which anybody can read; whether it is good is another question.
[[nodiscard]] std::optional<challenge_purpose> purpose_of(const secret_text& token);

/// Where a command with this token acts.
[[nodiscard]] place place_of(snapshot& facts, challenge_purpose purpose, const secret_text& token);

[[nodiscard]] error token_invalid();

} // namespace linecard
