// SQL text made from tables and shapes: the one place that spells it, for every SQL store. Text is made once for
// each shape and connection, never for a call.
#pragma once

#include "host_link.hpp"
#include "pieces.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace linecard::stores {

/// Where engines differ.
struct sql_dialect {
  std::string_view integer{}, text{}, blob{}; ///< type names
  std::string_view bytewise{};                ///< after a text, or its type: compared by bytes
  std::string_view empty_blob{};
  char parameter{};        ///< before the number of a parameter
  std::string_view same{}; ///< equality under which null is null
  bool seeks_same{};       ///< ... which an index can answer
  bool clustered{};        ///< has rowids and WITHOUT ROWID
  bool names_index{};      ///< INDEXED BY: the plan is ours, whatever ANALYZE found
  bool nulls_high{};       ///< nulls come last unless told otherwise
};

inline constexpr sql_dialect sqlite_dialect{"INTEGER", "TEXT", "BLOB", "", "x''", '?', "IS", true, true, true, false};
inline constexpr sql_dialect postgres_dialect{
    "BIGINT", "TEXT", "BYTEA", " COLLATE \"C\"", "'\\x'", '$', "IS NOT DISTINCT FROM", false, false, false, true};

[[nodiscard]] std::string quoted(std::string_view name);

/// <table>_by_<column>_<column>; public, as the tables and columns are.
[[nodiscard]] std::string index_name(const table_info& t, const index_info& i);

[[nodiscard]] std::string create_table(const sql_dialect& d, const table_info& t);
[[nodiscard]] std::string add_column(const sql_dialect& d, const table_info& t, const field& f);
[[nodiscard]] std::string create_index(const sql_dialect& d, const table_info& t, const index_info& i);

/// All columns in the table's order, then the version. Parameters: those of the piece; null equals none where the
/// dialect has no null-safe equality; the limit. Of a mapped table: rows whose host row stands, the host's columns as
/// they are there; or, for a drifted shape, rows as last known where the host's is another or gone.
[[nodiscard]] std::string select_text(const sql_dialect& d, const table_info& t, const scan_shape& s,
                                      const host_link* link = nullptr);
/// Parameters: all columns, then the host's key when mapped.
[[nodiscard]] std::string insert_text(const sql_dialect& d, const table_info& t, const host_link* link = nullptr);
/// Parameters: the columns of the mask in ascending order, the key, the expected version.
[[nodiscard]] std::string update_text(const sql_dialect& d, const table_info& t, std::uint64_t mask);
/// Parameters: the key, the expected version.
[[nodiscard]] std::string erase_text(const sql_dialect& d, const table_info& t);
[[nodiscard]] std::string require_text(const sql_dialect& d, const table_info& t);

// Of a mapped table's other half.

/// Answers the key and the mapped columns of the host's row. Parameters: the key, the matching columns.
[[nodiscard]] std::string host_find_text(const sql_dialect& d, const host_link& link);
/// Answers the new row's key. Parameters: as insert_text's, by number; those of other columns are not used.
[[nodiscard]] std::string host_insert_text(const sql_dialect& d, const host_link& link);
/// Leaves a row alone that says so already: the host's triggers need not run. Parameters: as update_text's, by number;
/// those of columns that are not mapped and of the version are not used. `mask` has a mapped column.
[[nodiscard]] std::string host_update_text(const sql_dialect& d, const host_link& link, std::uint64_t mask);
/// In one statement: ours, with the key of a row that the statement "made" answers, which is host_insert_text's.
/// Parameters: as insert_text's of a table that is not mapped.
[[nodiscard]] std::string insert_made_text(const sql_dialect& d, const host_link& link);
/// In one statement: ours, with the key of a row of the host's that stands and says the same, held until the commit.
/// Parameters: as insert_text's, the host's key last.
[[nodiscard]] std::string insert_linked_text(const sql_dialect& d, const host_link& link);
/// A row when the host's row is linked. Parameter: its key.
[[nodiscard]] std::string host_taken_text(const sql_dialect& d, const host_link& link);
/// A row when some row's host row is gone.
[[nodiscard]] std::string host_gone_text(const sql_dialect& d, const host_link& link);
/// Adds the host's key to our table, and its unique index.
[[nodiscard]] std::string add_host_key(const sql_dialect& d, const host_link& link);
[[nodiscard]] std::string host_index_name(const host_link& link);
[[nodiscard]] std::string index_host_key(const host_link& link);
/// Links rows that stood before the mapping to the host's rows that their references name.
[[nodiscard]] std::string link_standing_text(const sql_dialect& d, const host_link& link);

} // namespace linecard::stores
