// A point in time as every face sees it: milliseconds since 1970-01-01T00:00:00Z, RFC 3339 in JSON.
#pragma once

#include <compare>
#include <cstdint>

namespace linecard {

struct instant {
  std::int64_t milliseconds{};
  friend auto operator<=>(const instant&, const instant&) = default;
  [[nodiscard]] friend instant operator+(instant t, std::int64_t ms) { return {t.milliseconds + ms}; }
};

} // namespace linecard
