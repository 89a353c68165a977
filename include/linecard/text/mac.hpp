#pragma once

#include <string>
#include <string_view>

namespace linecard::text {

/// Empty when `mac` is a 48-bit hardware address (IEEE 802, EUI-48): 12 hexadecimal digits in either case, bare or with
/// ':', '-' or '.' between groups; otherwise what would be accepted, a static phrase. Since 0.1.
[[nodiscard]] std::string_view mac_flaw(std::string_view mac) noexcept;

/// The 12 digits in lower case. Equal keys mean one device. Since 0.1.
[[nodiscard]] std::string mac_key(std::string_view valid);

} // namespace linecard::text
