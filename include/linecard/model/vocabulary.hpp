// One word, one meaning, one limit: every member name that crosses a face stands here once, with what it means and
// what it accepts. Schema, documentation and validation are read from this table.
#pragma once

#include <linecard/describe.hpp>
#include <linecard/result.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace linecard {

/// A number that must be given starts as this, so that leaving it out is told from 0.
inline constexpr std::int32_t not_given = INT32_MIN;

struct term {
  std::string_view name{};
  std::string_view meaning{};
  /// Text: what would be accepted, "" when `text` is. Null: any text within `longest`.
  std::string_view (*flaw)(std::string_view text){};
  std::uint32_t longest{};       ///< text: code points at most; list: entries at most
  std::int64_t least{}, most{};  ///< integers
  std::string_view pattern{};    ///< what every accepted text matches, a regular expression of ECMA 262; empty: any
  std::string_view in_answers{}; ///< the meaning in receipts and answers, where it is another one; else empty
};

/// Nothing when the name is not in the vocabulary.
[[nodiscard]] const term* term_named(std::string_view name);
[[nodiscard]] std::span<const term> vocabulary();

/// How many entries a list of this name may have; 0: any number.
[[nodiscard]] std::uint32_t most_entries(const term& said, const type_info& list);

/// Whether a struct with these members has a list `clear` that knows this one: then that, and nothing else, empties it.
[[nodiscard]] bool can_be_cleared(std::span<const field> members, std::string_view name);

/// Checks every member of a described struct, lists and nested structs included. Refuses `invalid`, reason
/// "<member>_invalid" ("<member>_missing" for an empty one), path of the member under `path`.
[[nodiscard]] refusal validate(std::span<const field> members, const void* object, std::string_view path = "");

} // namespace linecard
