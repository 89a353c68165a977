// A scan as index ranges. SQL compares tuples with nulls to "unknown", so a page that begins after a tuple with
// nullable columns cannot be one row-value comparison; an OR of the cases would be right but is answered by walking
// the index from its start, which makes paging quadratic. So such a scan becomes several ranges, in order, each
// answered by one seek: equal leading columns, then at most one range or one row-value comparison.
#pragma once

#include "request.hpp"

#include <cstdint>

namespace linecard::stores {

/// All that the SQL text of a range depends on.
struct scan_shape {
  std::uint16_t index{};
  std::uint8_t equal{};  ///< so many leading order columns equal given values; a null matches null
  std::uint8_t beyond{}; ///< so many following columns, as a tuple, lie beyond given values in the scan's direction
  bool from{};           ///< the column after the equal ones is at least a given value
  bool below{};          ///< ... is less than a given value
  bool not_null{};       ///< ... is not null
  bool descending{};
  bool drifted{}; ///< rows as ours alone has them, where a host's table says otherwise
  // What only a server's statement says; split leaves them as they are.
  std::uint64_t nulls{}; ///< bit i: the equal column i is null, for engines whose index knows no null-safe equality
  bool limited{};        ///< one more parameter: rows at most
  bool for_update{};
};

/// Values stand in the statement in this order: equal, from, below, beyond.
struct piece {
  scan_shape shape{};
  const value* equal{};
  const value* from{};
  const value* below{};
  const value* beyond{};
};

struct piece_sink {
  virtual ~piece_sink() = default;
  /// False asks for no more pieces.
  [[nodiscard]] virtual bool piece(const stores::piece& p) = 0;
};

/// Gives the ranges of a request that has no flaw, in its order. Values are borrowed until piece returns.
/// `rowid_apart`: the engine seeks an index by a tuple of the index's own columns but not of those and the rowid
/// (SQLite), so a rowid key gets a range of its own; else paging through many equal columns is quadratic.
void split(const scan_request& request, bool rowid_apart, piece_sink& sink);

} // namespace linecard::stores
