#include <linecard/hash.hpp>

#include <sodium.h>

#include <cstring>

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

void hasher::take(const void* data, std::size_t size) {
  if (size > waiting_.size() - waits_) {
    crypto_generichash_update(state_in(state_), waiting_.data(), waits_);
    waits_ = 0;
    if (size > waiting_.size()) {
      crypto_generichash_update(state_in(state_), static_cast<const unsigned char*>(data), size);
      return;
    }
  }
  std::memcpy(waiting_.data() + waits_, data, size);
  waits_ += size;
}

hasher& hasher::add(std::string_view part) {
  const auto length = little_endian(part.size());
  take(length.data(), length.size());
  if (!part.empty()) take(part.data(), part.size());
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
  crypto_generichash_update(state_in(state_), waiting_.data(), waits_);
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
