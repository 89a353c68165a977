#include "pieces.hpp"

namespace linecard::stores {

namespace {

/// A scan that begins after a tuple. Invariant: the tuple's leading columns equal the prefix, so `tuple` serves for
/// both.
struct resumed {
  const scan_request& request;
  piece_sink& sink;
  row_order order{};
  std::array<value, most_columns> tuple{};
  bool apart{};  ///< the last order column is a rowid, no part of a tuple
  bool ranged{}; ///< the column after the prefix has a bound left, hence no nulls

  [[nodiscard]] bool may_be_null(std::size_t i) const { return request.table->columns[order.columns[i]].nullable; }

  [[nodiscard]] piece part(std::size_t equal, std::size_t beyond) const {
    piece p{};
    p.shape.index = request.index;
    p.shape.descending = request.descending;
    p.shape.drifted = request.drifted;
    p.shape.equal = static_cast<std::uint8_t>(equal);
    p.shape.beyond = static_cast<std::uint8_t>(beyond);
    p.equal = tuple.data();
    p.beyond = tuple.data() + equal;
    return p;
  }

  /// The bound at the far end; the near one is implied by the tuple.
  void bound(piece& p) const {
    if (request.descending)
      p.from = request.from, p.shape.from = request.from != nullptr;
    else
      p.below = request.below, p.shape.below = request.below != nullptr;
  }

  /// Rows whose first i columns equal the tuple's and whose rest lies beyond it.
  bool rows_beyond(std::size_t i) { // NOLINT(misc-no-recursion): at most one level a column
    if (i == order.size) return true;
    const bool has_range = ranged && i == request.prefix.size();
    bool plain = true;
    for (std::size_t k = i; k < order.size; ++k) plain = plain && !may_be_null(k);
    if (plain) {
      const bool ends_apart = apart && i + 1 < order.size;
      if (ends_apart && !sink.piece(part(order.size - 1, 1))) return false;
      piece p = part(i, order.size - i - (ends_apart ? 1 : 0));
      if (has_range) bound(p);
      return sink.piece(p);
    }
    if (!rows_beyond(i + 1)) return false;
    if (tuple[i].is_null()) {
      if (request.descending) return true;
      piece p = part(i, 0);
      p.shape.not_null = true;
      return sink.piece(p);
    }
    piece p = part(i, 1);
    if (has_range) bound(p);
    if (!sink.piece(p)) return false;
    if (!request.descending || has_range || !may_be_null(i)) return true;
    tuple[i] = null_value(); // nobody looks at this column again: deeper levels are done, outer ones look left of it
    return sink.piece(part(i + 1, 0));
  }
};

void whole(const scan_request& r, piece_sink& sink) {
  piece p{};
  p.shape.index = r.index;
  p.shape.descending = r.descending;
  p.shape.drifted = r.drifted;
  p.shape.equal = static_cast<std::uint8_t>(r.prefix.size());
  p.shape.from = r.from != nullptr;
  p.shape.below = r.below != nullptr;
  p.equal = r.prefix.data();
  p.from = r.from;
  p.below = r.below;
  (void)sink.piece(p);
}

} // namespace

void split(const scan_request& r, bool rowid_apart, piece_sink& sink) {
  if ((r.from != nullptr && r.from->is_null()) || (r.below != nullptr && r.below->is_null())) return;
  if (r.after.empty()) return whole(r, sink);

  resumed scan{r, sink};
  scan.order = order_of(*r.table, r.index);
  for (std::size_t i = 0; i < scan.order.size; ++i) scan.tuple[i] = r.after[scan.order.in_after[i]];

  scan.apart = rowid_apart && r.index != 0 && has_rowid_key(*r.table);

  const int ahead = r.descending ? -1 : 1;
  for (std::size_t i = 0; i < r.prefix.size(); ++i)
    if (const int c = compare(scan.tuple[i], r.prefix[i]) * ahead; c != 0) return c < 0 ? whole(r, sink) : void();

  // Given both a bound and the tuple at the same end, SQLite seeks by one and filters by the other; the tighter of
  // the two implies the looser, so only that one is sent.
  if (r.from != nullptr || r.below != nullptr) {
    const value& at = scan.tuple[r.prefix.size()];
    const bool under = at.is_null() || (r.from != nullptr && compare(at, *r.from) < 0);
    const bool over = r.below != nullptr && compare(at, *r.below) >= 0;
    if (r.descending ? over : under) return whole(r, sink);
    if (r.descending ? under : over) return;
    scan.ranged = true;
  }
  (void)scan.rows_beyond(r.prefix.size());
}

} // namespace linecard::stores
