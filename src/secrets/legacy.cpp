// Hashes that other systems made, good for one success.
#include "base64url.hpp"

#include <linecard/secrets/password.hpp>

#include <crypt.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

namespace linecard {

namespace {

// An administrator brings these in: what they may cost is bounded, so that no hash stops the sign-ins of all.
constexpr std::uint32_t most_bcrypt_cost = 13, most_sha512_rounds = 200'000, least_pbkdf2_rounds = 1000,
                        most_pbkdf2_rounds = 1'500'000;

std::optional<std::uint32_t> number(std::string_view digits) {
  std::uint32_t n = 0;
  const auto end = digits.data() + digits.size();
  const auto [at, flaw] = std::from_chars(digits.data(), end, n);
  return flaw == std::errc{} && at == end && !digits.empty() ? std::optional(n) : std::nullopt;
}

/// What stands before the next `$`, which is eaten.
std::string_view take(std::string_view& rest) {
  const auto end = rest.find('$');
  const auto out = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return out;
}

bool crypt_characters(std::string_view s) {
  return std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
  });
}

bool is_bcrypt(std::string_view s) {
  if (s.size() != 60 || !(s.starts_with("$2a$") || s.starts_with("$2b$") || s.starts_with("$2y$"))) return false;
  const auto cost = number(s.substr(4, 2));
  return cost && *cost >= 4 && *cost <= most_bcrypt_cost && s[6] == '$' && crypt_characters(s.substr(7));
}

bool is_sha512_crypt(std::string_view s) {
  if (!s.starts_with("$6$")) return false;
  auto rest = s.substr(3);
  auto part = take(rest);
  if (part.starts_with("rounds=")) {
    const auto rounds = number(part.substr(7));
    if (!rounds || *rounds < 1000 || *rounds > most_sha512_rounds) return false;
    part = take(rest);
  }
  return part.size() <= 16 && crypt_characters(part) && rest.size() == 86 && crypt_characters(rest);
}

struct pbkdf2 {
  std::uint32_t rounds{};
  std::string salt{}, hash{};
};

/// Both spellings of standard base64, unpadded: passlib writes "." for "+".
std::optional<std::string> decoded(std::string_view text) {
  std::string url(text);
  for (auto& c : url) c = c == '.' || c == '+' ? '-' : c == '/' ? '_' : c;
  std::string raw;
  return from_base64url(url, raw) ? std::optional(raw) : std::nullopt;
}

std::optional<pbkdf2> read_pbkdf2(std::string_view s) {
  const bool django = s.starts_with("pbkdf2_sha256$");
  if (!django && !s.starts_with("$pbkdf2-sha256$")) return std::nullopt;
  auto rest = s.substr(django ? 14 : 15);
  const auto rounds = number(take(rest));
  const auto salt = take(rest);
  const auto raw_salt = django ? std::optional(std::string(salt)) : decoded(salt); // Django's salt is the text itself
  if (django && !rest.ends_with('=')) return std::nullopt;
  if (django) rest.remove_suffix(1); // 32 bytes are padded with one
  const auto hash = decoded(rest);
  if (!rounds || *rounds < least_pbkdf2_rounds || *rounds > most_pbkdf2_rounds || !raw_salt || raw_salt->empty() ||
      !hash || hash->size() != crypto_auth_hmacsha256_BYTES)
    return std::nullopt;
  return pbkdf2{*rounds, *raw_salt, *hash};
}

/// RFC 8018, one block of HMAC-SHA256, which is all that a 32-byte hash needs.
bool matches(std::string_view password, const pbkdf2& kept) {
  using block = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;
  const auto raw = [](std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  crypto_auth_hmacsha256_state keyed;
  crypto_auth_hmacsha256_init(&keyed, raw(password), password.size());
  block u{}, sum{};
  auto state = keyed;
  constexpr std::array<unsigned char, 4> first{0, 0, 0, 1};
  crypto_auth_hmacsha256_update(&state, raw(kept.salt), kept.salt.size());
  crypto_auth_hmacsha256_update(&state, first.data(), first.size());
  crypto_auth_hmacsha256_final(&state, u.data());
  sum = u;
  for (std::uint32_t i = 1; i < kept.rounds; ++i) {
    state = keyed;
    crypto_auth_hmacsha256_update(&state, u.data(), u.size());
    crypto_auth_hmacsha256_final(&state, u.data());
    for (std::size_t b = 0; b < sum.size(); ++b) sum[b] ^= u[b];
  }
  const bool same = sodium_memcmp(sum.data(), kept.hash.data(), sum.size()) == 0;
  wipe_bytes(&keyed, sizeof keyed), wipe_bytes(&state, sizeof state);
  return same;
}

} // namespace

bool is_legacy_hash(std::string_view stored) {
  return is_bcrypt(stored) || is_sha512_crypt(stored) || read_pbkdf2(stored).has_value();
}

bool verify_legacy(std::string_view password, std::string_view stored) {
  if (const auto kept = read_pbkdf2(stored)) return matches(password, *kept);
  if (!is_bcrypt(stored) && !is_sha512_crypt(stored)) return false;
  const auto terminated = std::make_unique<char[]>(password.size() + 1); // value-initialised: ends with NUL
  std::ranges::copy(password, terminated.get());
  const auto work = std::make_unique<crypt_data>(); // large, and value-initialised as crypt_r wants it
  const std::string setting(stored);
  const char* made = crypt_r(terminated.get(), setting.c_str(), work.get());
  const bool same = made && same_bytes(made, stored);
  wipe_bytes(work.get(), sizeof *work), wipe_bytes(terminated.get(), password.size());
  return same;
}

} // namespace linecard
