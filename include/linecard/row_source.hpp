// Where rows come from: the reading half of the store port, all that a snapshot needs to know of a store.
#pragma once

#include <linecard/record.hpp>

#include <cstdint>
#include <span>

namespace linecard {

/// Rows of one table whose leading index columns equal `prefix`, in index order, ties in key order.
struct scan_request {
  const table_info* table{};
  std::uint16_t index{};           ///< 0: the key; n: indexes[n-1]
  std::span<const value> prefix{}; ///< equal on the leading columns; a null matches null
  const value* from{};             ///< on the column after the prefix: from <= column; a null is in no range
  const value* below{};            ///< column < below, when given
  std::span<const value> after{};  ///< index columns (none for index 0), then key columns: only rows beyond
  std::uint32_t limit{};           ///< rows at most; 0: all of them
  bool descending{};
  bool for_update{}; ///< a hint: this transaction will change what it reads
  /// Asks a store that keeps columns in a host's own table for the rows the host has changed or removed there since, as
  /// they were last written here. Any other store has none, and may as well answer as if this were not set.
  bool drifted{};
};

/// Must not use the transaction that feeds it.
struct row_sink {
  virtual ~row_sink() = default;
  /// All columns in the table's order, borrowed until return; `version` >= 1. False asks for no more of this request.
  [[nodiscard]] virtual bool row(std::size_t request, std::int64_t version, std::span<const value> columns) = 0;
};

struct row_source {
  virtual ~row_source() = default;
  /// Answers the requests, each in its order, the requests one after another.
  [[nodiscard]] virtual refusal scan(std::span<const scan_request> requests, row_sink& sink) = 0;
};

} // namespace linecard
