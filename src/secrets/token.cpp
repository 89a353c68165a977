#include "token.hpp"

#include "base64url.hpp"

#include <linecard/hash.hpp>
#include <linecard/secrets/source.hpp>

namespace linecard {

namespace {

constexpr std::size_t body_size = 43, check_size = 6;

std::string prefix_of(std::string_view purpose) { return "lc1_" + std::string(purpose) + "_"; }

/// Says that the text was copied whole; it proves nothing.
std::string check_of(std::string_view token) {
  return base64url(hasher{}.add("linecard token check").add(token).finish()).substr(0, check_size);
}

} // namespace

secret_text token_of(std::string_view purpose, std::string_view random) {
  auto text = prefix_of(purpose) + base64url(random);
  text += check_of(text);
  secret_text out(text);
  wipe_bytes(text.data(), text.size());
  return out;
}

std::optional<bytes> token_hash(std::string_view purpose, const secret_text& presented) {
  const auto text = presented.reveal();
  const auto prefix = prefix_of(purpose);
  if (text.size() != prefix.size() + body_size + check_size || !text.starts_with(prefix)) return std::nullopt;
  if (text.substr(text.size() - check_size) != check_of(text.substr(0, text.size() - check_size))) return std::nullopt;
  return bytes{hasher{}.add("linecard token").add(text).finish()};
}

} // namespace linecard
