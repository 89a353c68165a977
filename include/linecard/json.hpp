// Described structs as JSON text and back. Ids are text ("user_..."), instants RFC 3339, int64 a string of digits
// (JavaScript and friends would round it), blobs hexadecimal, an absent optional null or left out. Where a `clear`
// beside it empties a field, null could be meant so: it is left out always, and refused.
#pragma once

#include <linecard/describe.hpp>
#include <linecard/result.hpp>

#include <string>
#include <string_view>

namespace linecard {

void append_json(std::string& to, const type_info& type, const void* object);
/// One scalar; `v` as the field's get gave it.
void append_json_scalar(std::string& to, const type_info& type, const value& v);
void append_json_text(std::string& to, std::string_view utf8);

/// Reads an object strictly: unknown fields, wrong types, wrong kinds of id, duplicate fields and anything but UTF-8
/// are refused, the error's path naming the field. Members left out keep their defaults. Nesting of at most 32.
/// Refuses "json_malformed", "field_unknown", "field_repeated", "wrong_type", "wrong_kind", "word_unknown", and
/// "<member>_missing" for a null where `clear` empties the member.
[[nodiscard]] refusal read_json(std::string_view text, const type_info& type, void* object);

template <class T> [[nodiscard]] std::string to_json(const T& object) {
  std::string out;
  append_json(out, type_of<T>, &object);
  return out;
}

template <described T> [[nodiscard]] result<T> from_json(std::string_view text) {
  T object{};
  if (auto no = read_json(text, type_of<T>, &object)) return *std::move(no);
  return object;
}

} // namespace linecard
