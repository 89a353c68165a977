// What a claim expects. The first expectation that is missed ends the claim: what follows would tell less.
#pragma once

#include <linecard/record.hpp>
#include <linecard/result.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linecard::contract {

struct broken_promise final : std::exception {
  std::string expected, got, text;
  broken_promise(std::string e, std::string g)
      : expected(std::move(e)), got(std::move(g)), text("expected " + expected + ", got " + got) {}
  [[nodiscard]] const char* what() const noexcept override { return text.c_str(); }
};

/// The subject does not offer what the claim is about.
struct not_tried final : std::exception {
  std::string why;
  explicit not_tried(std::string w) : why(std::move(w)) {}
  [[nodiscard]] const char* what() const noexcept override { return why.c_str(); }
};

/// A value that owns its bytes.
struct kept {
  value_type type{};
  std::int64_t number{};
  std::string bytes{};
  kept() = default;
  kept(std::int64_t n) : type(value_type::integer), number(n) {}        // NOLINT: cells are written plainly
  kept(int n) : kept(std::int64_t{n}) {}                                // NOLINT
  kept(const char* s) : type(value_type::text), bytes(s) {}             // NOLINT
  kept(const value& v) : type(v.type), bytes(v.data ? v.bytes() : "") { // NOLINT
    if (v.type == value_type::integer) number = v.number;
  }
  static kept blob(std::string_view s) { return kept(blob_value(s)); }
  [[nodiscard]] value get() const {
    switch (type) {
    case value_type::integer:
      return integer_value(number);
    case value_type::text:
      return text_value(bytes);
    case value_type::blob:
      return blob_value(bytes);
    case value_type::null:
      break;
    }
    return null_value();
  }
  friend bool operator==(const kept&, const kept&) = default;
};

inline const kept none{};
using cells = std::vector<kept>;

struct found_row {
  std::size_t request{};
  std::int64_t version{};
  cells columns{};
  friend bool operator==(const found_row&, const found_row&) = default;
};

/// For people: long values are cut.
[[nodiscard]] std::string show(const kept& v);
[[nodiscard]] std::string show(const value& v);
[[nodiscard]] std::string show(const found_row& r);
[[nodiscard]] std::string show(const refusal& why);
[[nodiscard]] std::string show(std::string_view text);
[[nodiscard]] inline std::string show(const std::string& text) { return show(std::string_view(text)); }
[[nodiscard]] inline std::string show(const char* text) { return show(std::string_view(text)); }
template <std::integral T> [[nodiscard]] std::string show(T number) {
  if constexpr (std::same_as<T, bool>)
    return number ? "true" : "false";
  else
    return std::to_string(number);
}
template <class T> [[nodiscard]] std::string show(const std::vector<T>& list) {
  constexpr std::size_t most = 12;
  std::string out;
  for (std::size_t i = 0; i < list.size() && i < most; ++i) out += (i > 0 ? ", " : "") + show(list[i]);
  if (list.size() > most) out += ", ... " + std::to_string(list.size()) + " in all";
  return "[" + out + "]";
}

/// Of two long lists only where they part.
template <class T> [[nodiscard]] std::string show_beside(const std::vector<T>& list, const std::vector<T>& other) {
  if (std::max(list.size(), other.size()) <= 5) return show(list);
  const auto at = static_cast<std::size_t>(std::mismatch(list.begin(), list.end(), other.begin(), other.end()).first -
                                           list.begin());
  return std::to_string(list.size()) + " in all, at " + std::to_string(at) + ": " +
         (at < list.size() ? show(list[at]) : "nothing");
}
template <class T, class U> [[nodiscard]] std::string show_beside(const T& one, const U&) { return show(one); }

[[noreturn]] inline void broken(std::string expected, std::string got) {
  throw broken_promise(std::move(expected), std::move(got));
}
/// `what` is said before the expected value: "the version".
template <class Got, class Wanted> void same(const Got& got, const Wanted& wanted, std::string_view what = {}) {
  if constexpr (std::integral<Got> && std::integral<Wanted>) {
    if (std::cmp_equal(got, wanted)) return;
  } else if (got == wanted) {
    return;
  }
  broken(std::string(what) + (what.empty() ? "" : " ") + show_beside(wanted, got), show_beside(got, wanted));
}
template <class Rows> void nothing(const Rows& rows) {
  if (!rows.empty()) broken("no row", show(rows));
}
template <class Rows> void counted(const Rows& rows, std::size_t count) {
  if (rows.size() != count) broken(std::to_string(count) + " rows", show(rows));
}
[[nodiscard]] inline found_row only(const std::vector<found_row>& rows) {
  if (rows.size() != 1) broken("one row", show(rows));
  return rows.front();
}
inline void ok(const refusal& why) {
  if (why) broken("success", show(why));
}
inline bool is_conflict(const refusal& why) {
  return why && why->code == status::conflict && why->reason == "store_conflict";
}
inline void conflict(const refusal& why) {
  if (!is_conflict(why)) broken("a conflict", show(why));
}
/// `of` names which use, for a reader of the report.
inline void refused_use(const refusal& why, std::string_view of) {
  if (!why) broken("a refusal of " + std::string(of), "success");
}

} // namespace linecard::contract
