#include <linecard/hash.hpp>

#include <sodium.h>

namespace linecard {

static_assert(sizeof(crypto_generichash_state) <= 384 && alignof(crypto_generichash_state) <= 64);

namespace {
crypto_generichash_state* state_in(std::array<unsigned char, 384>& room) {
  return reinterpret_cast<crypto_generichash_state*>(room.data());
}
std::array<unsigned char, 8> little_endian(std::uint64_t n) {
  std::array<unsigned char, 8> out{};
  for (auto& byte : out) byte = static_cast<unsigned char>(n & 0xff), n >>= 8;
  return out;
}
} // namespace

hasher::hasher() { crypto_generichash_init(state_in(state_), nullptr, 0, 32); }

hasher& hasher::add(std::string_view part) {
  const auto length = little_endian(part.size());
  crypto_generichash_update(state_in(state_), length.data(), length.size());
  crypto_generichash_update(state_in(state_), reinterpret_cast<const unsigned char*>(part.data()), part.size());
  return *this;
}

hasher& hasher::add(std::int64_t number) {
  const auto eight = little_endian(static_cast<std::uint64_t>(number));
  return add(std::string_view(reinterpret_cast<const char*>(eight.data()), eight.size()));
}

hasher& hasher::add(const value& v) {
  const char type = static_cast<char>('0' + static_cast<int>(v.type));
  add(std::string_view(&type, 1));
  if (v.type == value_type::integer) return add(v.number);
  return v.is_null() ? *this : add(v.bytes());
}

std::string hasher::finish() {
  std::string out(32, '\0');
  crypto_generichash_final(state_in(state_), reinterpret_cast<unsigned char*>(out.data()), out.size());
  return out;
}

std::string hex(std::string_view bytes) {
  std::string out(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  out.pop_back();
  return out;
}

} // namespace linecard
