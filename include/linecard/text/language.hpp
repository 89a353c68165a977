#pragma once

#include <string>
#include <string_view>

namespace linecard::text {

/// Empty when `tag` is a well-formed language tag (BCP 47: RFC 5646, `langtag`) of at most 35 characters; otherwise
/// what would be accepted, a static phrase to follow "language: ". Well-formed is not registered: which languages have
/// texts is the host's knowledge. Tags of private use alone (x-...) and the irregular old ones (i-klingon) are refused.
/// Since 0.1.
[[nodiscard]] std::string_view language_flaw(std::string_view tag) noexcept;

/// The same tag in the customary case (RFC 5646, 2.1.1): fr-CA, zh-Hant-TW. Equal keys mean equal tags. Since 0.1.
[[nodiscard]] std::string language_key(std::string_view valid);

} // namespace linecard::text
