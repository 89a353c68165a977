// What the SQLite store's tests need beside it: a folder of their own, and SQLite by hand.
#pragma once

#include "contract_kit.hpp"

#include <linecard/stores/sqlite.hpp>

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace linecard::contract {

struct folder {
  std::filesystem::path path{};
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "linecard-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
};

/// A connection that knows nothing of linecard.
class raw_sqlite {
public:
  explicit raw_sqlite(const std::string& path) {
    const int rc = sqlite3_open(path.c_str(), &db_);
    REQUIRE(rc == SQLITE_OK);
  }
  raw_sqlite(const raw_sqlite&) = delete;
  raw_sqlite& operator=(const raw_sqlite&) = delete;
  ~raw_sqlite() { (void)sqlite3_close(db_); }

  [[nodiscard]] sqlite3* handle() const { return db_; }
  void run(const std::string& sql) {
    const int rc = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    REQUIRE_MESSAGE(rc == SQLITE_OK, sql << ": " << sqlite3_errmsg(db_));
  }
  /// Columns joined by "|", rows by newlines, as the command-line tool prints them.
  std::string ask(const std::string& sql) {
    sqlite3_stmt* s = nullptr;
    const int prepared = sqlite3_prepare_v2(db_, sql.c_str(), -1, &s, nullptr);
    REQUIRE_MESSAGE(prepared == SQLITE_OK, sql << ": " << sqlite3_errmsg(db_));
    std::string out;
    while (sqlite3_step(s) == SQLITE_ROW) {
      if (!out.empty()) out += '\n';
      for (int i = 0; i < sqlite3_column_count(s); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, i));
        out += (i > 0 ? "|" : "") + std::string(text != nullptr ? text : "NULL");
      }
    }
    CHECK(sqlite3_finalize(s) == SQLITE_OK);
    return out;
  }

private:
  sqlite3* db_{};
};

inline std::unique_ptr<store> open(const sqlite_options& options) {
  auto opened = sqlite_store(options);
  REQUIRE_MESSAGE(opened.has_value(), (opened.has_error() ? opened.error().message : ""));
  return *std::move(opened);
}
inline std::unique_ptr<store> open_prepared(const sqlite_options& options) {
  auto s = open(options);
  ok(s->prepare(both_tables));
  return s;
}
/// A file for each fresh store.
inline subject sqlite_subject() {
  struct shared {
    folder where{};
    int files = 0;
    [[nodiscard]] std::unique_ptr<store> last() const {
      return open({.path = where.file("store" + std::to_string(files) + ".db")});
    }
  };
  const auto files = std::make_shared<shared>();
  const auto last = [files] { return files->last(); };
  return {.fresh = [files] { return ++files->files, files->last(); },
          .reopen = last,
          .beside = last,
          .readers_beside_writers = true};
}
inline error open_error(const sqlite_options& options) {
  auto opened = sqlite_store(options);
  REQUIRE(opened.has_error());
  return opened.error();
}

} // namespace linecard::contract
