#include <linecard/text/time.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace linecard::text {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t first_of(int year) {
  using namespace std::chrono;
  return milliseconds{sys_days{std::chrono::year{year} / January / 1}.time_since_epoch()}.count();
}
constexpr std::int64_t earliest = first_of(0);
constexpr std::int64_t latest = first_of(10000) - 1;

void append_digits(std::string& to, std::int64_t number, std::size_t width) {
  const std::size_t start = to.size();
  to.append(width, '0');
  for (std::size_t at = start + width; at-- > start; number /= 10) to[at] = static_cast<char>('0' + number % 10);
}

// Takes fixed-width fields off the front of a text; once anything is missing, everything after is.
class reader {
public:
  explicit reader(std::string_view text) : rest{text} {}

  int digits(std::size_t width, int most) {
    if (rest.size() < width || !ascii::all(rest.substr(0, width), ascii::digit)) return fail();
    int number = 0;
    for (char c : rest.substr(0, width)) number = number * 10 + (c - '0');
    rest.remove_prefix(width);
    return number <= most ? number : fail();
  }

  bool take(char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }

  void need(char wanted) {
    if (!take(wanted)) fail();
  }

  std::size_t digits_ahead() const {
    return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), [](char c) { return ascii::digit(c); }) -
                                    rest.begin());
  }

  int fail() {
    good = false;
    rest = {};
    return 0;
  }

  bool finished() const { return good && rest.empty(); }

private:
  std::string_view rest;
  bool good = true;
};

} // namespace

std::string rfc3339(std::int64_t milliseconds_since_1970) {
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds{std::clamp(milliseconds_since_1970, earliest, latest)}};
  const sys_days midnight = floor<days>(instant);
  const year_month_day date{midnight};
  const hh_mm_ss<milliseconds> clock{instant - midnight};

  std::string text;
  text.reserve(24);
  append_digits(text, int{date.year()}, 4);
  text += '-';
  append_digits(text, unsigned{date.month()}, 2);
  text += '-';
  append_digits(text, unsigned{date.day()}, 2);
  text += 'T';
  append_digits(text, clock.hours().count(), 2);
  text += ':';
  append_digits(text, clock.minutes().count(), 2);
  text += ':';
  append_digits(text, clock.seconds().count(), 2);
  text += '.';
  append_digits(text, clock.subseconds().count(), 3);
  text += 'Z';
  return text;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept {
  using namespace std::chrono;
  reader from{text};
  const int year_number = from.digits(4, 9999);
  from.need('-');
  const int month_number = from.digits(2, 12);
  from.need('-');
  const int day_number = from.digits(2, 31);
  from.need('T');
  const hours hour{from.digits(2, 23)};
  from.need(':');
  const minutes minute{from.digits(2, 59)};
  from.need(':');
  const seconds second{from.digits(2, 59)};

  milliseconds fraction{0};
  if (from.take('.')) {
    const std::size_t decimals = from.digits_ahead();
    if (decimals < 1 || decimals > 9) return std::nullopt;
    const std::size_t kept = std::min<std::size_t>(decimals, 3);
    int thousandths = from.digits(kept, 999);
    for (std::size_t width = kept; width < 3; ++width) thousandths *= 10;
    fraction = milliseconds{thousandths};
    if (decimals > kept) (void)from.digits(decimals - kept, 999'999);
  }

  minutes offset{0};
  if (!from.take('Z')) {
    const bool west = from.take('-');
    if (!west) from.need('+');
    const hours offset_hours{from.digits(2, 23)};
    from.need(':');
    offset = offset_hours + minutes{from.digits(2, 59)};
    if (west) offset = -offset;
  }
  if (!from.finished()) return std::nullopt;

  const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                            day{static_cast<unsigned>(day_number)}};
  if (!date.ok()) return std::nullopt;
  const milliseconds result = sys_days{date}.time_since_epoch() + hour + minute + second + fraction - offset;
  if (result.count() < earliest || result.count() > latest) return std::nullopt;
  return result.count();
}

} // namespace linecard::text
