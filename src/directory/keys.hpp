// What comes from the host key and nothing else: the check that recognises it, and the keys of tokens.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace linecard {

using key_bytes = std::array<unsigned char, 32>;

enum class subkey_use : unsigned char { recognition = 1, preview_token = 2, preview_nonce = 3 };

/// BLAKE2b-256 keyed with the subkey for this use.
[[nodiscard]] std::string keyed_hash(const key_bytes& host, subkey_use use, std::string_view message);
/// XChaCha20-Poly1305 under the subkey; the nonce is a keyed hash of the content, so equal contents seal alike.
[[nodiscard]] std::string seal_bytes(const key_bytes& host, subkey_use use, std::string_view content);
[[nodiscard]] bool open_bytes(const key_bytes& host, subkey_use use, std::string_view sealed, std::string& into);
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b); ///< constant time

[[nodiscard]] std::string base64url(std::string_view raw);
/// False unless `text` is the one encoding of some bytes.
[[nodiscard]] bool from_base64url(std::string_view text, std::string& into);

} // namespace linecard
