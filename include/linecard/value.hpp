// The one scalar that crosses the store port: null, int64, text or blob. Borrowed, trivial, 24 bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace linecard {

enum class value_type : std::int32_t { null = 0, integer = 1, text = 2, blob = 3 };

/// For text and blob `data` points at `number` bytes that the maker keeps alive for the call.
struct value {
  value_type type{};
  std::int64_t number{};
  const char* data{};

  [[nodiscard]] bool is_null() const { return type == value_type::null; }
  [[nodiscard]] std::string_view bytes() const {
    return data ? std::string_view(data, static_cast<std::size_t>(number)) : std::string_view{};
  }
  friend bool operator==(const value& a, const value& b) {
    if (a.type != b.type) return false;
    if (a.type == value_type::null) return true;
    if (a.type == value_type::integer) return a.number == b.number;
    return a.bytes() == b.bytes();
  }
};

[[nodiscard]] inline value null_value() { return {}; }
[[nodiscard]] inline value integer_value(std::int64_t n) { return {value_type::integer, n, nullptr}; }
/// An empty text keeps a non-null pointer: hosts and SQLite read a null pointer as SQL NULL.
[[nodiscard]] inline value text_value(std::string_view s) {
  return {value_type::text, static_cast<std::int64_t>(s.size()), s.data() ? s.data() : ""};
}
[[nodiscard]] inline value blob_value(std::string_view s) {
  return {value_type::blob, static_cast<std::int64_t>(s.size()), s.data() ? s.data() : ""};
}

} // namespace linecard
