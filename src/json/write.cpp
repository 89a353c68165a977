// Written by hand over the description: measured several times faster than building a JSON document first.
#include <linecard/json.hpp>

#include <linecard/hash.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/text/time.hpp>

#include <charconv>

namespace linecard {

namespace {

void append_integer(std::string& to, std::int64_t n) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  to.append(digits, end);
}

} // namespace

void append_json_text(std::string& to, std::string_view utf8) {
  constexpr char digits[] = "0123456789abcdef";
  to += '"';
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      to += '\\', to += c;
    else if (c == '\n')
      to += "\\n";
    else if (byte < 0x20 || byte == 0x7f)
      to += "\\u00", to += digits[byte >> 4], to += digits[byte & 15];
    else
      to += c;
  }
  to += '"';
}

void append_json_scalar(std::string& to, const type_info& type, const value& v) {
  if (v.is_null()) {
    to += "null";
    return;
  }
  switch (type.shape) {
  case form::boolean:
    to += v.number != 0 ? "true" : "false";
    break;
  case form::integer:
    if (type.most > INT32_MAX || type.least < INT32_MIN)
      to += '"', append_integer(to, v.number), to += '"';
    else
      append_integer(to, v.number);
    break;
  case form::id:
  case form::any_id:
    if (v.number == 0)
      to += "null";
    else
      append_json_text(to, id_text(static_cast<std::uint64_t>(v.number)));
    break;
  case form::instant:
    append_json_text(to, text::rfc3339(v.number));
    break;
  case form::blob:
    append_json_text(to, hex(v.bytes()));
    break;
  default:
    append_json_text(to, v.bytes());
  }
}

void append_json(std::string& to, const type_info& type, const void* object) {
  if (type.shape == form::object) {
    char before = '{';
    for (const auto& f : type.members) {
      if (f.get && f.nullable && f.get(object).is_null() && can_be_cleared(type.members, f.name)) continue;
      to += before;
      before = ',';
      to += '"';
      to += f.name;
      to += "\":";
      if (f.get)
        append_json_scalar(to, *f.type, f.get(object));
      else
        append_json(to, *f.type, f.in(object));
    }
    if (before == '{') to += '{';
    to += '}';
  } else if (type.shape == form::list) {
    to += '[';
    const auto size = type.count(object);
    for (std::size_t i = 0; i < size; ++i) {
      if (i) to += ',';
      append_json(to, *type.element, type.at(object, i));
    }
    to += ']';
  } else {
    append_json_scalar(to, type, type.get(object));
  }
}

} // namespace linecard
