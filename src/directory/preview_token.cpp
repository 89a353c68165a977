#include "preview_token.hpp"

#include "secrets/base64url.hpp"

#include <linecard/hash.hpp>

namespace linecard {

namespace {

constexpr std::string_view token_prefix = "lcp1_";
constexpr std::size_t digest_size = 32;
constexpr std::uint64_t clock_slack_ms = 60'000;

void put(std::string& to, std::uint64_t n) {
  for (int shift = 0; shift < 64; shift += 8) to += static_cast<char>(n >> shift & 0xff);
}

struct reader {
  std::string_view rest;
  bool ok = true;
  std::string_view take(std::size_t n) {
    if (rest.size() < n) return ok = false, std::string_view{};
    const auto out = rest.substr(0, n);
    rest.remove_prefix(n);
    return out;
  }
  std::uint64_t number() {
    std::uint64_t n = 0;
    const auto raw = take(8);
    for (std::size_t i = raw.size(); i > 0; --i) n = n << 8 | static_cast<unsigned char>(raw[i - 1]);
    return n;
  }
};

error invalid() {
  return refuse(status::invalid, "token_invalid", "/token",
                "this is no token of this directory; preview again and pass its token unchanged");
}

} // namespace

std::string command_digest(const acting& who, std::string_view command, std::string_view request_json) {
  return hasher{}.add(as_value(who.identity_id)).add(as_value(who.in.id())).add(command).add(request_json).finish();
}

std::string seal(const preview_token& token, const keyring& keys) {
  std::string raw;
  put(raw, static_cast<std::uint64_t>(token.at.milliseconds));
  raw += token.command_digest;
  raw += token.trace_digest;
  for (const auto& range : token.stamps) put(raw, range.first), put(raw, range.count);
  return std::string(token_prefix) + base64url(keys.seal(key_use::preview_token, "", raw));
}

refusal unseal(std::string_view text, const keyring& keys, instant now, std::string_view expected_command,
               preview_token& into) {
  std::string sealed;
  if (!text.starts_with(token_prefix) || !from_base64url(text.substr(token_prefix.size()), sealed)) return invalid();
  const auto body = keys.open(key_use::preview_token, "", sealed);
  if (!body) return invalid();
  reader from{body->reveal()};
  into.at.milliseconds = static_cast<std::int64_t>(from.number());
  into.command_digest = from.take(digest_size);
  into.trace_digest = from.take(digest_size);
  while (from.ok && !from.rest.empty()) {
    const auto first = from.number();
    into.stamps.push_back({first, static_cast<std::uint32_t>(from.number())});
  }
  if (!from.ok) return invalid();
  if (into.command_digest != expected_command)
    return refuse(status::denied, "token_of_another", "/token",
                  "this token was made for other fields of the command, or for another command, actor or scope");
  // Unsigned, since a host's clock may say anything; a clock set back a little is forgiven.
  const auto from_clock = static_cast<std::uint64_t>(now.milliseconds),
             at = static_cast<std::uint64_t>(into.at.milliseconds);
  if (now < into.at ? at - from_clock > clock_slack_ms : from_clock - at >= preview_lifetime_ms)
    return refuse(status::stale, "token_expired", "/token", "the preview is older than 15 minutes; preview again");
  return std::nullopt;
}

} // namespace linecard
