#include <linecard/secrets/keyring.hpp>

#include <linecard/hash.hpp>

#include <sodium.h>

namespace linecard {

namespace {

constexpr std::size_t id_size = 4;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* raw(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

std::string keyed(const key_bytes& host, key_use use, std::string_view message) {
  static_assert(sizeof(key_bytes) == crypto_kdf_KEYBYTES);
  key_bytes key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), static_cast<std::uint64_t>(use), "linecard", host.data());
  std::string out(32, '\0');
  crypto_generichash(raw(out), out.size(), raw(message), message.size(), key.data(), key.size());
  wipe_bytes(key.data(), key.size());
  return out;
}

std::string id_of_key(const key_bytes& host) { return keyed(host, key_use::key_id, "").substr(0, id_size); }

/// The cipher's key: the keyed hash of nothing.
struct cipher_key {
  std::string bytes;
  cipher_key(const key_bytes& host, key_use use) : bytes(keyed(host, use, "")) {}
  cipher_key(const cipher_key&) = delete;
  cipher_key& operator=(const cipher_key&) = delete;
  ~cipher_key() { wipe_bytes(bytes.data(), bytes.size()); }
};

std::string nonce_for(const key_bytes& host, key_use use, std::string_view context, std::string_view content) {
  const auto sum = hasher{}.add(std::int64_t{static_cast<std::uint8_t>(use)}).add(context).add(content).finish();
  return keyed(host, key_use::nonce, sum).substr(0, nonce_size);
}

} // namespace

keyring::~keyring() {
  for (auto& key : keys_) wipe_bytes(key.data(), key.size());
}

void keyring::add(const key_bytes& host) {
  std::vector<key_bytes> more; // by hand: a vector that grows leaves its old bytes behind
  more.reserve(keys_.size() + 1);
  more.insert(more.end(), keys_.begin(), keys_.end());
  more.push_back(host);
  keys_.swap(more);
  for (auto& key : more) wipe_bytes(key.data(), key.size());
}

std::string keyring::hash(key_use use, std::string_view message) const { return keyed(keys_.front(), use, message); }

std::string keyring::recognition() const { return hash(key_use::recognition, "linecard host key"); }

std::string keyring::seal(key_use use, std::string_view context, std::string_view content) const {
  static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
  const auto& host = keys_.front();
  const cipher_key key(host, use);
  const auto nonce = nonce_for(host, use, context, content);
  std::string sealed(content.size() + tag_size, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed), nullptr, raw(content), content.size(), raw(context),
                                             context.size(), nullptr, raw(nonce), raw(key.bytes));
  return id_of_key(host) + nonce + sealed;
}

std::optional<secret_text> keyring::open(key_use use, std::string_view context, std::string_view sealed) const {
  if (sealed.size() < id_size + nonce_size + tag_size) return std::nullopt;
  const auto nonce = sealed.substr(id_size, nonce_size), body = sealed.substr(id_size + nonce_size);
  for (const auto& host : keys_) {
    if (sealed.substr(0, id_size) != id_of_key(host)) continue;
    const cipher_key key(host, use);
    std::string content(body.size() - tag_size, '\0');
    const bool opened =
        crypto_aead_xchacha20poly1305_ietf_decrypt(raw(content), nullptr, nullptr, raw(body), body.size(), raw(context),
                                                   context.size(), raw(nonce), raw(key.bytes)) == 0;
    std::optional<secret_text> out;
    if (opened) out.emplace(content);
    wipe_bytes(content.data(), content.size());
    if (opened) return out;
  }
  return std::nullopt;
}

} // namespace linecard
