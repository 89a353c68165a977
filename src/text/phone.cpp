#include <linecard/text/phone.hpp>

#include "ascii.hpp"

#include <array>
#include <cstddef>

namespace linecard::text {

namespace {

struct range {
  std::size_t first;
  std::size_t last;
};

// Codes in use, both ends included. Where the assignment is contested or dormant (379 Vatican, 878 personal numbers,
// 888 disaster relief, 970, 886) the code is in: refusing a real number harms more than taking a dead one. Out are 388,
// 991 (services withdrawn) and 997 (reserved for Kazakhstan, which stayed with 7).
constexpr range in_use[] = {
    {1, 1},     {7, 7},                                                                                         //
    {20, 20},   {211, 213}, {216, 216}, {218, 218}, {220, 258}, {260, 269}, {27, 27},   {290, 291}, {297, 299}, //
    {30, 34},   {350, 359}, {36, 36},   {370, 383}, {385, 387}, {389, 389}, {39, 39},                           //
    {40, 41},   {420, 421}, {423, 423}, {43, 49},                                                               //
    {500, 509}, {51, 58},   {590, 599},                                                                         //
    {60, 66},   {670, 670}, {672, 683}, {685, 692},                                                             //
    {800, 800}, {808, 808}, {81, 82},   {84, 84},   {850, 850}, {852, 853}, {855, 856}, {86, 86},               //
    {870, 870}, {878, 878}, {880, 883}, {886, 886}, {888, 888},                                                 //
    {90, 95},   {960, 968}, {970, 977}, {979, 979}, {98, 98},   {992, 996}, {998, 998},
};

constexpr std::array<bool, 1000> assigned = [] {
  std::array<bool, 1000> table{};
  for (const range& codes : in_use)
    for (std::size_t code = codes.first; code <= codes.last; ++code) table[code] = true;
  return table;
}();

// No code begins another, so the shortest match is the only one and look-up needs no second try.
constexpr bool prefix_free = [] {
  for (std::size_t code = 10; code < assigned.size(); ++code)
    if (assigned[code] && (assigned[code / 10] || assigned[code / 100])) return false;
  return !assigned[0];
}();
static_assert(prefix_free);

} // namespace

std::string_view e164_flaw(std::string_view number) noexcept {
  const std::string_view digits = number.substr(number.empty() ? 0 : 1);
  if (number.empty() || number.front() != '+' || digits.size() < 2 || digits.size() > 15 || digits.front() == '0' ||
      !ascii::all(digits, ascii::digit))
    return "must be \"+\" and 2 to 15 digits, the first not 0, as in +14165550100";
  const std::string_view code = calling_code(number);
  if (code.empty() || code.size() == digits.size())
    return "must begin with an assigned country calling code and go on after it, as in +14165550100";
  return {};
}

std::string_view calling_code(std::string_view e164) noexcept {
  if (e164.empty() || e164.front() != '+') return {};
  e164.remove_prefix(1);
  std::size_t code = 0;
  for (std::size_t length = 1; length <= 3 && length <= e164.size(); ++length) {
    const char next = e164[length - 1];
    // A code never begins with 0; without this test "+01" would find 1.
    if (!ascii::digit(next) || (length == 1 && next == '0')) return {};
    code = code * 10 + static_cast<std::size_t>(next - '0');
    if (assigned[code]) return e164.substr(0, length);
  }
  return {};
}

std::string_view extension_flaw(std::string_view extension) noexcept {
  if (extension.size() < 2 || extension.size() > 8 || !ascii::all(extension, ascii::digit))
    return "must be 2 to 8 digits";
  return {};
}

} // namespace linecard::text
