// Connections of one access, each lent to one transaction at a time.
#pragma once

#include "gate.hpp"
#include "sqlite_connection.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace linecard::stores {

class lender {
public:
  /// `options` outlive the lender.
  lender(const sqlite_options& options, access mode, std::uint32_t count)
      : options_(options), mode_(mode), permits_(count) {
    idle_.reserve(count);
  }

  /// Refuses "store_busy" after busy_timeout_ms, and as opening a connection does.
  [[nodiscard]] result<std::unique_ptr<connection>> borrow();
  /// A connection that could not end its transaction is not lent again; the next borrower opens a fresh one.
  void give_back(std::unique_ptr<connection> c) noexcept;
  /// Before any is lent: one that is open already.
  void stock(std::unique_ptr<connection> c) { idle_.push_back(std::move(c)); }

private:
  const sqlite_options& options_;
  const access mode_;
  gate permits_;
  std::mutex mutex_{};
  std::vector<std::unique_ptr<connection>> idle_{};
};

} // namespace linecard::stores
