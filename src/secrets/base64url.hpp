// Base64 as RFC 4648 has it: of section 5 without padding, and of section 4.
#pragma once

#include <string>
#include <string_view>

namespace linecard {

[[nodiscard]] std::string base64url(std::string_view raw);
/// False unless `text` is the one encoding of some bytes.
[[nodiscard]] bool from_base64url(std::string_view text, std::string& into);
[[nodiscard]] std::string base64(std::string_view raw);          ///< as MIME wants it
[[nodiscard]] std::string base64_unpadded(std::string_view raw); ///< as strings of password hashes want it

} // namespace linecard
