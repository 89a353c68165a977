#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linecard::text {

/// One month from a day of the month to the day before the next such day, by the calendar of a time zone.
struct billing_month {
  std::int64_t
      begins_at{};     ///< the first midnight of `first` there (the next instant that is one, where clocks skip it)
  std::string first{}; ///< ISO 8601 date, "2026-12-01"
  std::string last{};
};

/// The first such month that begins after the instant. `day` is 1 to 28; `zone` an IANA name. Nothing when this machine
/// has no rules for the zone, or the instant is more than 100 million days from 1970. The rules are read from its
/// time-zone files (RFC 8536, /usr/share/zoneinfo). Since 0.1.
[[nodiscard]] std::optional<billing_month> next_billing_month(std::int64_t milliseconds_since_1970, int day,
                                                              std::string_view zone);

} // namespace linecard::text
