#include "keys.hpp"

#include <linecard/directory.hpp>

#include <sodium.h>

namespace linecard {

std::string keyed_hash(const key_bytes& host, subkey_use use, std::string_view message) {
  static_assert(sizeof(key_bytes) == crypto_kdf_KEYBYTES);
  key_bytes key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), static_cast<std::uint64_t>(use), "linecard", host.data());
  std::string out(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data(), key.size());
  sodium_memzero(key.data(), key.size());
  return out;
}

namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* raw(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

/// The subkey itself: a keyed hash of nothing.
std::string cipher_key(const key_bytes& host, subkey_use use) { return keyed_hash(host, use, ""); }

} // namespace

std::string seal_bytes(const key_bytes& host, subkey_use use, std::string_view content) {
  static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
  auto out = keyed_hash(host, subkey_use::preview_nonce, content).substr(0, nonce_size);
  auto key = cipher_key(host, use);
  std::string sealed(content.size() + tag_size, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed), nullptr, raw(content), content.size(), nullptr, 0, nullptr,
                                             raw(out), raw(key));
  sodium_memzero(key.data(), key.size());
  return out + sealed;
}

bool open_bytes(const key_bytes& host, subkey_use use, std::string_view sealed, std::string& into) {
  if (sealed.size() < nonce_size + tag_size) return false;
  const auto body = sealed.substr(nonce_size);
  auto key = cipher_key(host, use);
  into.assign(body.size() - tag_size, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(raw(into), nullptr, nullptr, raw(body), body.size(),
                                                                nullptr, 0, raw(sealed), raw(key));
  sodium_memzero(key.data(), key.size());
  return failed == 0;
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url(std::string_view raw) {
  std::string out(sodium_base64_encoded_len(raw.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back(); // the terminator sodium counts
  return out;
}

bool from_base64url(std::string_view text, std::string& into) {
  into.assign(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(into.data()), into.size(), text.data(), text.size(), nullptr,
                        &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return false;
  into.resize(length);
  return true;
}

namespace {
constexpr std::string_view key_prefix = "lckey1_";
}

host_key::~host_key() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string host_key::text() const {
  return std::string(key_prefix) + base64url({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

result<host_key> host_key::from_text(std::string_view text) {
  std::string raw;
  host_key key;
  if (!text.starts_with(key_prefix) || !from_base64url(text.substr(key_prefix.size()), raw) ||
      raw.size() != key.bytes_.size())
    return refuse(status::invalid, "host_key_invalid", "/host_key",
                  "a host key is \"lckey1_\" and 43 characters, as create returned it");
  std::copy(raw.begin(), raw.end(), key.bytes_.begin());
  sodium_memzero(raw.data(), raw.size());
  return key;
}

} // namespace linecard
