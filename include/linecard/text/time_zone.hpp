#pragma once

#include <string_view>

namespace linecard::text {

/// Empty when `name` is a zone or link of the IANA time zone database as bundled with this version, letter for letter;
/// otherwise what would be accepted, a static phrase. Since 0.1.
[[nodiscard]] std::string_view time_zone_flaw(std::string_view name) noexcept;

} // namespace linecard::text
