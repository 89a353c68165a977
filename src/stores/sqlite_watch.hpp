// Who has committed to one SQLite file, told by the file itself: every commit, by whichever process and whatever
// program, changes the header of the wal-index, which SQLite keeps mapped in every process that has the file open.
// Reading it there needs no file of ours, costs a writer nothing, and leaves a killed writer nothing half done.
#pragma once

#include "sqlite_connection.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace linecard::stores {

class sqlite_watch {
public:
  /// Null where the wal-index cannot be seen: another format of it, a VFS without shared memory. Throws bad_alloc.
  [[nodiscard]] static std::unique_ptr<sqlite_watch> open(const sqlite_options& options);

  /// Never 0. A commit becomes visible to readers only once the header stands, so a number that has not moved since
  /// before a read transaction began means that nothing newer than what it read is visible. It moves for nothing when
  /// the log starts over.
  [[nodiscard]] std::uint64_t count() const noexcept;

  /// Until the count is not `seen`, or the time is over; the count then. Wakes at once for whoever announces.
  [[nodiscard]] std::uint64_t wait(std::uint64_t seen, std::chrono::milliseconds patience) const;

  /// Wakes who waits, in any process. A commit that nobody announces (another program's) is noticed when they look.
  void announce() const noexcept;

private:
  sqlite_watch(std::unique_ptr<connection> holder, const unsigned char* header)
      : holder_(std::move(holder)), header_(header) {}
  [[nodiscard]] std::uint32_t word(std::size_t at) const noexcept;

  std::unique_ptr<connection> holder_; ///< as long as it is open, SQLite unmaps nothing
  const unsigned char* header_;
};

} // namespace linecard::stores
