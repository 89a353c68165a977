// SQLite's default VFS with a fuse: the n-th call that touches the disk fails, once or from then on.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <string>

namespace linecard::contract {

class fault_vfs {
public:
  enum class fuse { once, sticky };

  /// Registered under this name until destroyed; outlives every connection that uses it. For one thread.
  explicit fault_vfs(std::string name, bool as_default = false);
  fault_vfs(const fault_vfs&) = delete;
  fault_vfs& operator=(const fault_vfs&) = delete;
  ~fault_vfs();

  /// The n-th call from now fails, counted from 1. `write_fails_with` is SQLITE_IOERR_WRITE or SQLITE_FULL.
  void arm(int n, fuse how, int write_fails_with = SQLITE_IOERR_WRITE);
  void disarm() { left_ = 0, broken_ = false; }
  /// Some call has failed since it was armed.
  [[nodiscard]] bool struck() const { return struck_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Called instead of sleeping, when SQLite waits for a lock; with as_default, for sqlite3_sleep too.
  std::function<void()> on_sleep{};

  // For the VFS's functions.
  [[nodiscard]] bool fails();
  [[nodiscard]] int write_code() const { return write_code_; }
  [[nodiscard]] sqlite3_vfs* real() const { return real_; }

private:
  std::string name_;
  sqlite3_vfs* real_;
  bool default_;
  sqlite3_vfs vfs_;
  int left_{}, write_code_ = SQLITE_IOERR_WRITE;
  bool broken_{}, struck_{};
  fuse how_{};
};

} // namespace linecard::contract
