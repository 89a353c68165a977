#include <linecard/directory.hpp>

#include "secrets/base64url.hpp"

#include <sodium.h>

#include <stdexcept>

namespace linecard {

namespace {
constexpr std::string_view key_prefix = "lckey1_";
}

host_key::~host_key() { wipe_bytes(bytes_.data(), bytes_.size()); }

std::string host_key::text() const {
  return std::string(key_prefix) + base64url({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

host_key host_key::fresh() {
  host_key key;
  // Before any directory is open, perhaps.
  if (sodium_init() < 0) throw std::runtime_error("libsodium could not be initialised");
  randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

result<host_key> host_key::from_text(std::string_view text) {
  std::string raw;
  host_key key;
  if (!text.starts_with(key_prefix) || !from_base64url(text.substr(key_prefix.size()), raw) ||
      raw.size() != key.bytes_.size())
    return refuse(status::invalid, "host_key_invalid", "/host_key",
                  "a host key is \"lckey1_\" and 43 characters, as create returned it");
  std::copy(raw.begin(), raw.end(), key.bytes_.begin());
  wipe_bytes(raw.data(), raw.size());
  return key;
}

} // namespace linecard
