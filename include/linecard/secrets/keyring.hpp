// What comes from the host key and nothing else: the check that recognises it, keyed hashes, and sealing, which is
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha). Every use has a subkey of its own.
#pragma once

#include <linecard/secrets/secret.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linecard {

using key_bytes = std::array<unsigned char, 32>;

/// Numbers are frozen: subkeys are derived from them.
enum class key_use : std::uint8_t {
  recognition = 1,
  preview_token = 2,
  nonce = 3,
  key_id = 4,
  sealing = 5,
  code = 6,
  bucket = 7,
  scatter = 8
};

/// The host's present key, and older ones that still open what was sealed under them. Any thread. Since 0.1.
class keyring {
public:
  keyring() = default;
  keyring(const keyring&) = delete;
  keyring& operator=(const keyring&) = delete;
  ~keyring();
  /// The first one is the present key; those after it only open.
  void add(const key_bytes& host);

  /// What the directory knows its present key by.
  [[nodiscard]] std::string recognition() const;
  /// BLAKE2b-256 keyed with the present key's subkey for this use.
  [[nodiscard]] std::string hash(key_use use, std::string_view message) const;
  /// The id of the present key, then nonce and ciphertext; it opens only with the same use and context (name the row
  /// and the column, so that a sealed value cannot be moved). The nonce is a keyed hash of it all: equal contents of
  /// one context seal alike, and no state or chance is needed.
  [[nodiscard]] std::string seal(key_use use, std::string_view context, std::string_view content) const;
  /// Nothing unless it was sealed so, under a key of this ring.
  [[nodiscard]] std::optional<secret_text> open(key_use use, std::string_view context, std::string_view sealed) const;

private:
  std::vector<key_bytes> keys_{};
};

} // namespace linecard
