// SQL text made from tables and shapes: the one place that spells it, for every SQL store. Text is made once for
// each shape and connection, never for a call.
#pragma once

#include "pieces.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace linecard::stores {

/// Where engines differ.
struct sql_dialect {
  std::string_view integer{}, text{}, blob{}; ///< type names
  std::string_view empty_blob{};
  char parameter{};        ///< before the number of a parameter
  std::string_view same{}; ///< equality under which null is null; none when an index cannot answer it
  bool clustered{};        ///< has rowids and WITHOUT ROWID
  bool names_index{};      ///< INDEXED BY: the plan is ours, whatever ANALYZE found
  bool nulls_high{};       ///< nulls come last unless told otherwise
};

inline constexpr sql_dialect sqlite_dialect{"INTEGER", "TEXT", "BLOB", "x''", '?', "IS", true, true, false};
/// Collation "C" orders texts by bytes.
inline constexpr sql_dialect postgres_dialect{"BIGINT", "TEXT COLLATE \"C\"", "BYTEA", "'\\x'", '$', "", false, false,
                                              true};

[[nodiscard]] std::string quoted(std::string_view name);

/// <table>_by_<column>_<column>; public, as the tables and columns are.
[[nodiscard]] std::string index_name(const table_info& t, const index_info& i);

[[nodiscard]] std::string create_table(const sql_dialect& d, const table_info& t);
[[nodiscard]] std::string add_column(const sql_dialect& d, const table_info& t, const field& f);
[[nodiscard]] std::string create_index(const sql_dialect& d, const table_info& t, const index_info& i);

/// All columns in the table's order, then the version. Parameters: those of the piece; null equals none where the
/// dialect has no null-safe equality; the limit.
[[nodiscard]] std::string select_text(const sql_dialect& d, const table_info& t, const scan_shape& s);
/// Parameters: all columns.
[[nodiscard]] std::string insert_text(const sql_dialect& d, const table_info& t);
/// Parameters: the columns of the mask in ascending order, the key, the expected version.
[[nodiscard]] std::string update_text(const sql_dialect& d, const table_info& t, std::uint64_t mask);
/// Parameters: the key, the expected version.
[[nodiscard]] std::string erase_text(const sql_dialect& d, const table_info& t);
[[nodiscard]] std::string require_text(const sql_dialect& d, const table_info& t);

} // namespace linecard::stores
