// RFC 4648 section 5, without padding, and comparing in constant time.
#pragma once

#include <string>
#include <string_view>

namespace linecard {

[[nodiscard]] std::string base64url(std::string_view raw);
/// False unless `text` is the one encoding of some bytes.
[[nodiscard]] bool from_base64url(std::string_view text, std::string& into);
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b); ///< constant time

} // namespace linecard
