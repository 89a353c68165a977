#include "drawn_secrets.hpp"

#include "secrets/token.hpp"

#include <linecard/hash.hpp>

#include <array>

namespace linecard {

drawn_secret drawn_secrets::token(std::string_view purpose) {
  std::array<char, token_random_size> random{};
  random_.fill(random.data(), random.size());
  auto drawn = token_of(purpose, {random.data(), random.size()});
  wipe_bytes(random.data(), random.size());
  auto hash = token_hash(purpose, drawn);
  return {std::move(drawn), *std::move(hash)};
}

drawn_secret drawn_secrets::code(std::string_view context) {
  constexpr std::uint32_t codes = 1'000'000, fair = UINT32_MAX - UINT32_MAX % codes;
  std::uint32_t drawn = 0;
  do random_.fill(&drawn, sizeof drawn);
  while (drawn >= fair); // what is left over would make some codes likelier
  auto digits = std::to_string(codes + drawn % codes).substr(1);
  secret_text code(digits);
  wipe_bytes(digits.data(), digits.size());
  auto hash = code_hash(context, code);
  return {std::move(code), std::move(hash)};
}

bytes drawn_secrets::code_hash(std::string_view context, const secret_text& code) const {
  return {keys_.hash(key_use::code, hasher{}.add(context).add(code.reveal()).finish())};
}

bytes drawn_secrets::seal(std::string_view context, std::string_view content) const {
  return {keys_.seal(key_use::sealing, context, content)};
}

std::optional<secret_text> drawn_secrets::open(std::string_view context, const bytes& sealed) const {
  return keys_.open(key_use::sealing, context, sealed.data);
}

bytes drawn_secrets::bucket(std::string_view kind, std::string_view what) const {
  return {keys_.hash(key_use::bucket, hasher{}.add(kind).add(what).finish())};
}

std::uint64_t drawn_secrets::scatter(std::uint64_t stamp) const {
  const auto sum = keys_.hash(key_use::scatter, std::to_string(stamp));
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | static_cast<unsigned char>(sum[i]);
  return out;
}

void drawn_secrets::hand_over(secret_text token, std::optional<second_factor> still_asked) {
  handed_ = {std::move(token), still_asked};
}

} // namespace linecard
