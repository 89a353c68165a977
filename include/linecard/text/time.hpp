#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linecard::text {

/// The instant in UTC as RFC 3339 writes it, always 24 characters: "2026-11-21T20:31:00.000Z"; byte order is time
/// order. Milliseconds since 1970-01-01T00:00:00Z without leap seconds, proleptic Gregorian calendar; instants outside
/// the years 0000 to 9999, which the format cannot say, become the nearest one inside. Since 0.1.
[[nodiscard]] std::string rfc3339(std::int64_t milliseconds_since_1970);

/// Milliseconds since 1970-01-01T00:00:00Z, or nothing when `text` is no RFC 3339 date-time. An offset is required, "Z"
/// or +hh:mm; decimals of the second, 9 at most, are cut to three. Capital T and Z only, no white space, and no leap
/// second: 23:59:60 is no instant of this count. Every result is one that rfc3339 can write. Since 0.1.
[[nodiscard]] std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept;

} // namespace linecard::text
