// Months that begin on a day of a time zone's calendar.
#include <linecard/text/calendar.hpp>
#include <linecard/text/time.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using namespace linecard::text;

namespace {

billing_month after(std::string_view instant, int day, std::string_view zone) {
  const auto now = parse_rfc3339(instant);
  REQUIRE(now);
  const auto found = next_billing_month(*now, day, zone);
  REQUIRE(found);
  return *found;
}

} // namespace

TEST_CASE("a month runs from its day to the day before the next one") {
  const auto next = after("2026-11-22T12:00:00Z", 15, "UTC");
  CHECK(next.first == "2026-12-15");
  CHECK(next.last == "2027-01-14");
  CHECK(rfc3339(next.begins_at) == "2026-12-15T00:00:00.000Z");
  CHECK(after("2026-11-22T12:00:00Z", 28, "UTC").first == "2026-11-28");
  CHECK(after("2028-01-31T12:00:00Z", 1, "UTC").last == "2028-02-29");
}

TEST_CASE("S4.5 the day begins at the tenant's midnight, whatever UTC says") {
  CHECK(rfc3339(after("2026-11-22T12:00:00Z", 1, "Europe/Berlin").begins_at) == "2026-11-30T23:00:00.000Z");
  CHECK(rfc3339(after("2026-06-22T12:00:00Z", 1, "Europe/Berlin").begins_at) == "2026-06-30T22:00:00.000Z");
  CHECK(rfc3339(after("2026-11-22T12:00:00Z", 1, "America/Los_Angeles").begins_at) == "2026-12-01T08:00:00.000Z");
  // Already the first in Auckland, still the last in Los Angeles.
  CHECK(after("2026-11-30T12:00:00Z", 1, "Pacific/Auckland").first == "2027-01-01");
  CHECK(after("2026-11-30T12:00:00Z", 1, "America/Los_Angeles").first == "2026-12-01");
}

TEST_CASE("at the very midnight the next month is the one after") {
  CHECK(after("2026-11-30T22:59:59.999Z", 1, "Europe/Berlin").first == "2026-12-01");
  CHECK(after("2026-11-30T23:00:00Z", 1, "Europe/Berlin").first == "2027-01-01");
}

TEST_CASE("a midnight that the clocks skip is the first instant after it") {
  // Beirut, 2021-03-28: from 00:00 the clocks went to 01:00.
  const auto skipped = after("2021-03-20T00:00:00Z", 28, "Asia/Beirut");
  CHECK(skipped.first == "2021-03-28");
  CHECK(rfc3339(skipped.begins_at) == "2021-03-27T22:00:00.000Z");
}

TEST_CASE("a zone without rules has no months") {
  CHECK_FALSE(next_billing_month(0, 1, "Middle/Earth"));
  CHECK_FALSE(next_billing_month(0, 1, ""));
  for (const auto absurd : {INT64_MIN, INT64_MAX, INT64_MAX / 1000}) CHECK_FALSE(next_billing_month(absurd, 1, "UTC"));
}

TEST_CASE("each month begins where the one before has ended, in every zone and from every instant") {
  for (const auto* zone : {"Europe/Berlin", "America/Santiago", "Pacific/Apia", "Asia/Kolkata", "Africa/Casablanca"})
    for (int day = 1; day <= 28; day += 9) {
      auto month = after("2009-12-31T23:30:00Z", day, zone);
      for (int n = 0; n < 240; ++n) {
        const auto next = next_billing_month(month.begins_at, day, zone);
        REQUIRE(next);
        CHECK(next->begins_at > month.begins_at);
        const auto last_day = parse_rfc3339(month.last + "T12:00:00Z"),
                   first_day = parse_rfc3339(next->first + "T12:00:00Z");
        REQUIRE((last_day && first_day));
        CHECK(*first_day - *last_day == 24 * 3'600'000);
        const auto just_before = next_billing_month(next->begins_at - 1, day, zone);
        REQUIRE(just_before);
        CHECK(just_before->first == next->first);
        month = *next;
      }
    }
}
