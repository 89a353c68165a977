#include <linecard/text/time.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

using namespace linecard::text;

constexpr std::int64_t year_0000 = -62'167'219'200'000;
constexpr std::int64_t end_of_9999 = 253'402'300'799'999;

TEST_CASE("time is written in UTC with three decimals") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00.000Z");
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(rfc3339(1'795'293'060'000) == "2026-11-21T20:31:00.000Z");
  CHECK(rfc3339(951'782'400'007) == "2000-02-29T00:00:00.007Z");
}

TEST_CASE("time outside the years 0000 to 9999 is written as the nearest inside") {
  CHECK(rfc3339(year_0000) == "0000-01-01T00:00:00.000Z");
  CHECK(rfc3339(year_0000 - 1) == "0000-01-01T00:00:00.000Z");
  CHECK(rfc3339(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00.000Z");
  CHECK(rfc3339(end_of_9999) == "9999-12-31T23:59:59.999Z");
  CHECK(rfc3339(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("time written is read back as the same instant") {
  std::mt19937_64 chance{20261121};
  std::uniform_int_distribution<std::int64_t> any{year_0000, end_of_9999};
  for (int round = 0; round < 20000; ++round) {
    const std::int64_t instant = any(chance);
    REQUIRE(parse_rfc3339(rfc3339(instant)) == instant);
  }
  CHECK(parse_rfc3339(rfc3339(year_0000)) == year_0000);
  CHECK(parse_rfc3339(rfc3339(end_of_9999)) == end_of_9999);
}

TEST_CASE("time order is the order of the written bytes") {
  std::mt19937_64 chance{7};
  std::uniform_int_distribution<std::int64_t> any{year_0000, end_of_9999};
  for (int round = 0; round < 2000; ++round) {
    const std::int64_t one = any(chance);
    const std::int64_t other = any(chance);
    REQUIRE((one < other) == (rfc3339(one) < rfc3339(other)));
  }
}

TEST_CASE("time is read with Z or any offset") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_rfc3339("1970-01-01T01:00:00+01:00") == 0);
  CHECK(parse_rfc3339("1969-12-31T18:30:00-05:30") == 0);
  CHECK(parse_rfc3339("1970-01-01T00:00:00-00:00") == 0);
  CHECK(parse_rfc3339("2026-11-21T15:31:00-05:00") == 1'795'293'060'000);
}

TEST_CASE("time decimals beyond the third are cut, not rounded") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00.5Z") == 500);
  CHECK(parse_rfc3339("1970-01-01T00:00:00.05Z") == 50);
  CHECK(parse_rfc3339("1970-01-01T00:00:00.1239Z") == 123);
  CHECK(parse_rfc3339("1970-01-01T00:00:00.999999999Z") == 999);
  CHECK(parse_rfc3339("1969-12-31T23:59:59.9999Z") == -1);
}

TEST_CASE("time that is no RFC 3339 date-time is refused") {
  for (const char* bad : {"",
                          "2026-11-21",
                          "2026-11-21T20:31:00",
                          "2026-11-21 20:31:00Z",
                          "2026-11-21t20:31:00z",
                          "2026-11-21T20:31Z",
                          "2026-11-21T20:31:00.Z",
                          "2026-11-21T20:31:00.1234567890Z",
                          "2026-11-21T20:31:00,5Z",
                          "2026-11-21T20:31:00+0100",
                          "2026-11-21T20:31:00+01",
                          "2026-11-21T20:31:00+24:00",
                          "2026-11-21T20:31:00+01:60",
                          "2026-11-21T20:31:00ZZ",
                          " 2026-11-21T20:31:00Z",
                          "2026-11-21T20:31:00Z ",
                          "2026-13-01T00:00:00Z",
                          "2026-00-01T00:00:00Z",
                          "2026-02-29T00:00:00Z",
                          "2026-04-31T00:00:00Z",
                          "2026-01-00T00:00:00Z",
                          "1900-02-29T00:00:00Z",
                          "2026-11-21T24:00:00Z",
                          "2026-11-21T20:60:00Z",
                          "2016-12-31T23:59:60Z",
                          "+026-11-21T20:31:00Z",
                          "-026-11-21T20:31:00Z",
                          "12026-11-21T20:31:00Z",
                          "2026-1-21T20:31:00Z",
                          "2026-11-21T20:31:00+-1:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_rfc3339(bad).has_value());
  }
}

TEST_CASE("time an offset carries out of the years 0000 to 9999 is refused") {
  CHECK_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01").has_value());
  CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01").has_value());
}
