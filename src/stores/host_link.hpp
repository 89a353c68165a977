// A mapping found to fit linecard's table and the host's: what the SQL of a mapped table is made from. What an engine
// adds is how it learns the host's columns.
#pragma once

#include "request.hpp"

#include <linecard/stores/mapping.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linecard::stores {

/// Of a host's table, as its engine describes it. `type` is null for what linecard does not read (reals, dates).
struct host_column {
  std::string name{};
  value_type type{};
  bool unique{};           ///< the key, or alone in a unique index without a condition
  std::string collation{}; ///< as SQL names it, where ours must have it for an index to compare them
};

/// Beside the columns of a mapped table, in linecard's own: the key of the host's row. Public, as the others are.
inline constexpr std::string_view host_key_column = "host_key";

struct host_link {
  const table_info* table{};
  std::string host_schema{}, host_table{}, host_key{}; ///< no schema: an engine without, or the connection's
  std::string key_collation{};
  value_type key_type{};
  std::vector<std::string> names{}; ///< by column: the host's, "" where the column is only ours
  std::uint64_t mapped{};           ///< columns that live with the host, a bit each
  std::uint64_t matching{};         ///< columns that live with both
  int reference = -1;

  [[nodiscard]] bool maps(std::size_t column) const { return (mapped >> column & 1) != 0; }
  [[nodiscard]] bool matches(std::size_t column) const { return (matching >> column & 1) != 0; }
};

/// Refuses "mapping_invalid" at a path under "/mapped", saying what would do. `columns_of` answers a host's table's
/// columns by its name, none when there is no such table.
[[nodiscard]] refusal
fit_mappings(std::span<const table_mapping> mapped, std::span<const table_info* const> tables,
             const std::function<result<std::vector<host_column>>(const std::string&)>& columns_of,
             std::vector<host_link>& into);

/// The mapping of the table; null: none.
[[nodiscard]] const table_mapping* mapping_of(const table_info& table, std::span<const table_mapping> mapped);
/// Its reference among the table's columns; -1: none.
[[nodiscard]] int reference_column(const table_info& table, std::span<const table_mapping> mapped);

/// Our table was mapped once and is opened without: it would take last words for true ones.
[[nodiscard]] error mapping_missing(const table_info& table);
[[nodiscard]] error mapping_incomplete(const host_link& link, std::int64_t rows);

/// The reference as a value of the host's key; nothing when no such key can be. The value borrows the text.
[[nodiscard]] std::optional<value> host_key_named(const host_link& link, const value& reference);

// Of one insert: what is wrong with the host's row it names.
[[nodiscard]] error host_row_unknown(const host_link& link);
[[nodiscard]] error host_row_taken(const host_link& link);
[[nodiscard]] error host_row_differs(const host_link& link, std::size_t column);
/// The host's own constraint or trigger said no.
[[nodiscard]] error host_refused_row(const host_link& link);
/// A row of ours whose host row is gone stands in the way.
[[nodiscard]] error reconcile_needed(const host_link& link);

} // namespace linecard::stores
