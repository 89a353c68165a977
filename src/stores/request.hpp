// What every store asks of a table, a scan or a change before it touches a row, and the words it refuses with.
#pragma once

#include <linecard/ports/store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linecard::stores {

/// Statement shapes hold a bit for each column beside a tag; Boost.Describe stops at 52 members anyway.
inline constexpr std::size_t most_columns = 60;

/// The columns that order an index's rows: its own, then those of the key that it lacks. `in_after` says where the
/// column's value stands in scan_request::after.
struct row_order {
  std::array<std::uint16_t, most_columns> columns;
  std::array<std::uint16_t, most_columns> in_after;
  std::size_t size;
};

[[nodiscard]] row_order order_of(const table_info& table, std::uint16_t index);

/// A key of one integer: SQLite's rowid under another name.
[[nodiscard]] bool has_rowid_key(const table_info& table);

/// -1, 0, 1 in the order of append_sort_key.
[[nodiscard]] int compare(const value& a, const value& b);

/// A table that cannot be stored: status internal, reason "table_invalid".
[[nodiscard]] refusal check(const table_info& table);

/// What is wrong with the shape of the request, or null. Values are not looked at.
[[nodiscard]] const char* flaw_of(const scan_request& request);
[[nodiscard]] const char* flaw_of(const change& c);

/// Status internal, reason "store_misused": the caller broke the port's contract.
[[nodiscard]] error misused(std::string_view how);
[[nodiscard]] error not_prepared(const table_info& table);
[[nodiscard]] error no_memory();
/// Status conflict, reason "store_conflict".
[[nodiscard]] error row_moved(const table_info& table);
[[nodiscard]] error already_stands(const table_info& table);

} // namespace linecard::stores
