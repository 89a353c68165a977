// What the hard tests share: a store that several directories use, and the seat ledger read in two independent ways,
// from the rows as stored and from the audit chain replayed.
#pragma once

#include <linecard/directory.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace linecard::hard {

/// Lends one store to several directories, as several processes lend one file. The last one closes it.
class lent_store final : public store {
public:
  explicit lent_store(std::shared_ptr<store> whole) : whole_(std::move(whole)) {}
  refusal prepare(std::span<const table_info* const> tables) override { return whole_->prepare(tables); }
  result<std::unique_ptr<transaction>> begin(access mode) override { return whole_->begin(mode); }
  [[nodiscard]] bool excludes_writers() const override { return whole_->excludes_writers(); }
  bool shares(const table_info& table) override { return whole_->shares(table); }
  int reference_column(const table_info& table) override { return whole_->reference_column(table); }

private:
  std::shared_ptr<store> whole_;
};

/// Every row of a table, in key order. Throws what the store refuses: a helper must not pass over it in silence.
void each_row(store& in, const table_info& table,
              const std::function<void(std::int64_t version, std::span<const value> columns)>& take);
template <class T> void each(store& in, const std::function<void(const T&)>& take) {
  each_row(in, info_of<T>, [&](std::int64_t, std::span<const value> columns) {
    T row{};
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (!fields_of<T>[i].set(&row, columns[i])) throw std::runtime_error("a row does not decode");
    take(row);
  });
}

/// Erases or updates one row behind every directory's back, as a host's own hand would.
[[nodiscard]] refusal change_behind(store& in, change what);

struct pool_counters {
  std::int64_t purchased{}, used{}, reserved{};
  std::string overage{};
  friend bool operator==(const pool_counters&, const pool_counters&) = default;
};
struct held_seat {
  std::string package{}, state{};
  friend bool operator==(const held_seat&, const held_seat&) = default;
};

/// Keys are those of receipts and audit entries: "tenant_... package_...", "user_..." for a base seat.
struct ledger {
  std::map<std::string, pool_counters> pools{};
  std::map<std::string, held_seat> seats{};
  friend bool operator==(const ledger&, const ledger&) = default;
};

[[nodiscard]] ledger stored_ledger(store& in, id_of<tenant> of);
/// From the change feed of the actor's tenant alone. Throws when an entry does not follow from those before it: a
/// column whose `before` is not what the replay has, a row inserted twice.
[[nodiscard]] ledger replayed_ledger(directory& from, const actor& as);

/// I1 and I2 over stored rows: "" or a sentence that says what is wrong.
[[nodiscard]] std::string flaw_of(const ledger& stored);

/// 64-bit FNV of every row of state with its version, then of what belongs to each of these tenants: what state_digest
/// tells, without its code and fast enough for every step of a model test.
[[nodiscard]] std::vector<std::uint64_t> fingerprints(store& in, std::span<const id_of<tenant>> tenants);

} // namespace linecard::hard
