// Passwords: what is accepted as one, and how it is kept. Nothing here knows whose they are.
#pragma once

#include <linecard/result.hpp>
#include <linecard/secrets/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace linecard {

/// A password is all there is between an outsider and an account: NIST SP 800-63B-4 asks 15 characters of such a one,
/// admits any, and forbids rules of composition.
inline constexpr std::size_t least_password_length = 15, most_password_length = 256;

/// The form that is counted, judged and hashed: Unicode NFKC, so that every keyboard spells it alike. Nothing is cut.
[[nodiscard]] secret_text normalised(const secret_text& password);

/// `password` is normalised. Refuses "password_too_short", "password_common" (long, but what everybody tries first, or
/// a run or repetition) and "password_guessable": without the words of `context`, which are the person's names, address
/// and tenant, too little is left of it, or, where linecard is built with zxcvbn, what 10^8 guesses would find.
[[nodiscard]] refusal weakness(const secret_text& password, std::span<const std::string> context,
                               std::string_view path);

/// How passwords are kept: slow on purpose. Called outside any transaction; any thread, so many at once as the
/// directory allows. Since 0.1.
struct password_hasher {
  virtual ~password_hasher() = default;
  static constexpr std::size_t salt_size = 16;
  /// Text to be stored, which says itself how it was made. Throws bad_alloc when there is no memory for it.
  [[nodiscard]] virtual std::string hash(std::string_view password, std::string_view salt) = 0;
  [[nodiscard]] virtual bool verify(std::string_view password, std::string_view stored) = 0;
  /// Made with less than is wanted now: hash anew at the next success.
  [[nodiscard]] virtual bool outdated(std::string_view stored) = 0;
};

/// Argon2id (RFC 9106). Costs can be raised, not lowered. A pepper is the host's and stands in no store: hashes made
/// with it are worthless without it.
struct argon2_options {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 64 * 1024;
  secret_text pepper{};
};
/// Refuses "passes_invalid", "memory_kib_invalid" (below the default, or above 1 GiB), "pepper_invalid" (16 to 64
/// bytes). Since 0.1.
[[nodiscard]] result<std::shared_ptr<password_hasher>> argon2_hasher(argon2_options options = {});

/// Whether `stored` is a hash another system made that verify_legacy can compare with, at a cost that a sign-in can
/// bear: bcrypt ("$2a$", "$2b$", "$2y$"), SHA-512-crypt ("$6$") and PBKDF2-HMAC-SHA256 ("$pbkdf2-sha256$ROUNDS$SALT$
/// HASH", as passlib, or "pbkdf2_sha256$ROUNDS$SALT$HASH", as Django writes it).
[[nodiscard]] bool is_legacy_hash(std::string_view stored);
/// Of the password as typed: no other system normalised it.
[[nodiscard]] bool verify_legacy(std::string_view password, std::string_view stored);

} // namespace linecard
