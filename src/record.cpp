// The byte encoding whose memcmp order is the order of values. Each column's code is prefix-free, so columns
// simply follow one another: no column can eat into the next.
#include <linecard/record.hpp>

namespace linecard {

namespace {

// Tags leave room below (nothing sorts before) and above (prefix + 0xff bounds every row with that prefix).
char tag_of_type(value_type t) { return static_cast<char>(1 + static_cast<int>(t)); }

// 0 becomes 0 ff and the end is 0 1. A bare 0 as the end would be shorter, but then "a" would be a byte prefix of
// "a\0" and a scan by prefix would answer with both.
void append_escaped(std::string& to, std::string_view s) {
  while (true) {
    const auto zero = s.find('\0');
    to.append(s.substr(0, zero));
    if (zero == std::string_view::npos) break;
    to.append("\0\xff", 2);
    s.remove_prefix(zero + 1);
  }
  to.append("\0\1", 2);
}

} // namespace

void append_sort_key(std::string& to, const value& v) {
  to.push_back(tag_of_type(v.type));
  switch (v.type) {
  case value_type::null:
    break;
  case value_type::integer: {
    const auto ordered = static_cast<std::uint64_t>(v.number) ^ (std::uint64_t{1} << 63);
    char big_endian[8];
    for (unsigned i = 0; i < 8; ++i) big_endian[i] = static_cast<char>(ordered >> (56 - 8 * i) & 0xff);
    to.append(big_endian, sizeof big_endian);
    break;
  }
  case value_type::text:
  case value_type::blob:
    append_escaped(to, v.bytes());
    break;
  }
}

std::string sort_key(std::span<const value> values) {
  std::string key;
  for (const value& v : values) append_sort_key(key, v);
  return key;
}

} // namespace linecard
