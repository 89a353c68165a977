#include <linecard/text/money.hpp>

#include <algorithm>
#include <iterator>

namespace linecard::text {

namespace {

/// ISO 4217 (2023): the currencies whose minor unit is not a hundredth.
std::size_t decimals(std::string_view currency) {
  constexpr std::string_view none[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                       "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::string_view three[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  constexpr std::string_view four[] = {"CLF", "UYW"};
  const auto in = [&](const auto& list) { return std::ranges::find(list, currency) != std::end(list); };
  return in(none) ? 0 : in(three) ? 3 : in(four) ? 4 : 2;
}

} // namespace

std::string money(std::int64_t minor, std::string_view currency) {
  auto digits = std::to_string(minor);
  const bool owed = digits.front() == '-';
  if (owed) digits.erase(0, 1);
  if (const auto after = decimals(currency); after != 0) {
    if (digits.size() <= after) digits.insert(0, after + 1 - digits.size(), '0');
    digits.insert(digits.size() - after, ".");
  }
  std::string out = owed ? "-" : "";
  out += digits;
  out += ' ';
  out += currency;
  return out;
}

} // namespace linecard::text
