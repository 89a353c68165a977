#include <linecard/text/calendar.hpp>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <chrono>

namespace linecard::text {

namespace {

std::string iso_date(cctz::civil_day day) {
  const auto padded = [](auto number, std::size_t width) {
    auto digits = std::to_string(number);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
  };
  return padded(day.year(), 4) + '-' + padded(day.month(), 2) + '-' + padded(day.day(), 2);
}

} // namespace

std::optional<billing_month> next_billing_month(std::int64_t milliseconds_since_1970, int day, std::string_view zone) {
  constexpr std::int64_t far = 8'640'000'000'000'000; // 100 million days: no calendar of anybody's
  cctz::time_zone rules;
  if (milliseconds_since_1970 < -far || milliseconds_since_1970 > far) return std::nullopt;
  if (!cctz::load_time_zone(std::string(zone), &rules)) return std::nullopt;
  using namespace std::chrono;
  const time_point<system_clock, milliseconds> now{milliseconds(milliseconds_since_1970)};
  const cctz::civil_day today{cctz::convert(now, rules)};
  const cctz::civil_month month{today};
  const auto in = [&](cctz::civil_month m) { return cctz::civil_day(m.year(), m.month(), day); };
  const auto first = in(month) > today ? in(month) : in(month + 1);
  const auto begins = rules.lookup(cctz::civil_second(first));
  const auto at = begins.kind == cctz::time_zone::civil_lookup::SKIPPED ? begins.trans : begins.pre;
  return billing_month{.begins_at = duration_cast<milliseconds>(at.time_since_epoch()).count(),
                       .first = iso_date(first),
                       .last = iso_date(in(cctz::civil_month(first) + 1) - 1)};
}

} // namespace linecard::text
