// The storage port. A store keeps rows of values in declared tables; it has never heard of users or seats.
// The C ABI's linecard_store (linecard_adapters.h) is the same contract; contract.hpp tries it.
#pragma once

#include <linecard/record.hpp>
#include <linecard/result.hpp>
#include <linecard/row_source.hpp>
#include <linecard/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace linecard {

struct change {
  enum class action : std::uint8_t {
    insert,  ///< values of all columns; version becomes 1; an equal key or unique index is a conflict
    update,  ///< `columns` get `values`, version + 1; needs expected_version
    erase,   ///< needs expected_version
    require, ///< nothing but that the row stands at expected_version
  };
  action what{};
  const table_info* table{};
  std::span<const value> key{};
  std::int64_t expected_version{};
  std::span<const std::uint16_t> columns{};
  std::span<const value> values{};
};

/// One transaction, used by one thread. Destroying it without commit rolls back.
struct transaction : row_source {
  /// All of them or an error. A missed expectation is status conflict, reason "store_conflict", and `conflicting`
  /// names which change; after an error only rollback follows.
  [[nodiscard]] virtual refusal apply(std::span<const change> changes, std::size_t& conflicting) = 0;
  /// Durable when it returns nothing. A conflict seen only now is status conflict as well.
  [[nodiscard]] virtual refusal commit() = 0;
  /// Both, for a store that needs only one round trip for them; `conflicting` as by apply. Afterwards the transaction
  /// is over.
  [[nodiscard]] virtual refusal apply_and_commit(std::span<const change> changes, std::size_t& conflicting) {
    if (auto no = apply(changes, conflicting)) return no;
    return commit();
  }
};

enum class access : std::uint8_t { read, write };

/// Any thread may begin. Reads of one transaction see one state.
struct store {
  virtual ~store() = default;
  /// Makes missing tables, columns and indexes; never drops or renames. Refuses ("schema_too_new") what a newer
  /// major schema wrote. Called once before begin. The tables outlive the store; requests name them by address.
  [[nodiscard]] virtual refusal prepare(std::span<const table_info* const> tables) = 0;
  [[nodiscard]] virtual result<std::unique_ptr<transaction>> begin(access mode) = 0;
  /// True when begin(write) already excludes every other writer, so that reads need no `require`. Otherwise what
  /// a command is known to read is asked beforehand, at once.
  [[nodiscard]] virtual bool excludes_writers() const { return false; }

  // Optional: a store that does not offer these leaves them as they are.

  /// True when part of the table lies in one of the host's own, whose rows change without the library's knowledge.
  [[nodiscard]] virtual bool shares(const table_info& table) {
    static_cast<void>(table);
    return false;
  }
  /// The column by which rows of a shared table name the host's row; -1: none.
  [[nodiscard]] virtual int reference_column(const table_info& table) {
    static_cast<void>(table);
    return -1;
  }
  /// Another number than before whenever anybody, in any process, may have committed since: equal numbers mean that
  /// nothing has changed. Any thread; no lock, allocation or system call. Nothing when the store cannot promise that.
  [[nodiscard]] virtual std::optional<std::uint64_t> change_counter() { return std::nullopt; }
  /// Waits for a commit that `seen`, an earlier answer, does not know of, or until the time is over; answers the number
  /// to pass next. With `seen` 0 answers at once. It may return early, never miss a commit. Any thread. Nothing when
  /// not offered: the directory looks again by itself.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen,
                                                                             std::chrono::milliseconds timeout) {
    static_cast<void>(seen), static_cast<void>(timeout);
    return std::optional<std::uint64_t>{};
  }
};

/// The schema's major version that prepare compares with the store's; 1.x opens what 1.(x+1) wrote.
inline constexpr int schema_major = 1;
inline constexpr int schema_minor = 0;

} // namespace linecard
