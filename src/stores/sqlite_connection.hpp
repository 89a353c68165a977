// One connection of the SQLite store and its prepared statements. Used by one thread at a time; the store's gates
// see to that, so SQLite takes no mutex of its own.
#pragma once

#include "request.hpp"

#include <linecard/stores/sqlite.hpp>

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linecard::stores {

/// SQLite's code as ours. `doing` completes "the store could not ...".
[[nodiscard]] error sqlite_error(int code, std::string_view doing);

/// Ends a statement's run on every way out, so that no read snapshot lingers.
struct running {
  sqlite3_stmt* statement;
  explicit running(sqlite3_stmt* s) : statement(s) {}
  running(const running&) = delete;
  running& operator=(const running&) = delete;
  ~running() { (void)sqlite3_reset(statement); } // repeats the error that step gave
};

enum class action_tag : std::uint64_t {
  select = 0,
  insert = 1,
  update = 2,
  erase = 3,
  require = 4,
  host_find = 5,
  host_insert = 6,
  host_update = 7
};
/// The tag above, the shape in the 61 bits below it.
[[nodiscard]] constexpr std::uint64_t shape_key(action_tag tag, std::uint64_t shape) {
  return static_cast<std::uint64_t>(tag) << 61 | shape;
}

class connection {
public:
  /// A writer sets the file's journal mode; readers are opened after it and refuse to write.
  [[nodiscard]] static result<std::unique_ptr<connection>> open(const sqlite_options& options, access mode);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  [[nodiscard]] sqlite3* handle() const { return db_; }
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

  /// SQLite's code; the statement runs to its end and no row is expected.
  [[nodiscard]] int run(sqlite3_stmt* statement);
  [[nodiscard]] int execute(const char* sql);

  [[nodiscard]] int begin() { return run(begin_); }
  [[nodiscard]] int commit() { return run(commit_); }
  void roll_back();

  /// The cached statement, or null: then remember one.
  [[nodiscard]] sqlite3_stmt* find(const table_info* table, std::uint64_t shape) const;
  /// Compiles and caches. SQLite's code.
  [[nodiscard]] int remember(const table_info* table, std::uint64_t shape, const std::string& sql,
                             sqlite3_stmt*& statement);

  /// The row being handed out.
  std::array<value, most_columns> row{};

private:
  struct plan {
    const table_info* table{};
    std::uint64_t shape{};
    sqlite3_stmt* statement{};
  };

  connection() = default;
  [[nodiscard]] refusal set_up(const sqlite_options& options, access mode);
  [[nodiscard]] int use_wal(std::int32_t patience_ms);
  [[nodiscard]] int compile(std::string_view sql, sqlite3_stmt*& statement);
  void forget_plans();

  sqlite3* db_{};
  sqlite3_stmt *begin_{}, *commit_{}, *rollback_{};
  std::vector<plan> plans_ = std::vector<plan>(64); ///< open addressing; its size is a power of two
  std::size_t planned_{};
};

/// Values must live until the statement is reset. SQLite's code.
[[nodiscard]] int bind(sqlite3_stmt* statement, int at, const value& v);

} // namespace linecard::stores
