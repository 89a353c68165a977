// From slots to store changes: the one diff that SQL, audit and receipt share.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/snapshot.hpp>

#include <deque>
#include <unordered_set>
#include <vector>

namespace linecard {

/// What became of a slot in this run.
enum class slot_fate : std::uint8_t { same, inserted, updated, erased };

[[nodiscard]] slot_fate fate_of(const detail::slot& s);
/// Positions of the columns that differ; all of them for an insert or erase.
[[nodiscard]] std::vector<std::uint16_t> differing_columns(const detail::slot& s);
/// The row before and after as values; null values when absent.
[[nodiscard]] value column_value(const detail::slot& s, const void* row, std::uint16_t column);

/// Changes for the store with the values they point at. Settling moves every slot's `before` to `now`, so that the
/// next command of the same transaction starts from there.
struct settler {
  std::vector<change> changes{};

  void settle(snapshot& facts);
  /// `require` for every row read and left alone, for stores that let others write since begin.
  void require_reads(const snapshot& facts);

private:
  std::span<const value> keep(std::vector<value> values);
  std::deque<std::vector<value>> values_{};
  std::deque<std::vector<std::uint16_t>> columns_{};
  std::unordered_set<const detail::slot*> changed_{};
};

} // namespace linecard
