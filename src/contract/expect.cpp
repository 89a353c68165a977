#include "expect.hpp"

namespace linecard::contract {

namespace {

constexpr std::size_t most_bytes = 32;

std::string cut(std::string_view bytes, std::string shown) {
  return bytes.size() > most_bytes ? shown + "... " + std::to_string(bytes.size()) + " bytes" : shown;
}

} // namespace

std::string show(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, most_bytes)) {
    const bool plain = c >= ' ' && c != '\x7f' && c != '"' && c != '\\';
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out += "\\x", out += digits[byte >> 4], out += digits[byte & 15];
  }
  return cut(text, out + "\"");
}

std::string show(const kept& v) { return show(v.get()); }

std::string show(const value& v) {
  switch (v.type) {
  case value_type::null:
    return "null";
  case value_type::integer:
    return std::to_string(v.number);
  case value_type::text:
    return show(v.bytes());
  case value_type::blob:
    return "blob " + show(v.bytes());
  }
  return "a value of type " + std::to_string(static_cast<int>(v.type));
}

std::string show(const found_row& r) { return "v" + std::to_string(r.version) + " " + show(r.columns); }

std::string show(const refusal& why) {
  if (!why) return "success";
  if (is_conflict(why)) return "a conflict";
  return why->reason + (why->message.empty() ? "" : " (" + why->message + ")");
}

} // namespace linecard::contract
