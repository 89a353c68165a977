#include "sqlite_connection.hpp"

#include <cassert>
#include <chrono>
#include <new>

namespace linecard::stores {

namespace {

/// Far above what descriptions give rise to; a host that makes shapes without end pays by recompiling.
constexpr std::size_t most_plans = 1024;

std::size_t slot_of(const table_info* table, std::uint64_t shape) {
  auto h = (reinterpret_cast<std::uintptr_t>(table) ^ shape * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
  return static_cast<std::size_t>(h ^ h >> 32);
}

} // namespace

error sqlite_error(int code, std::string_view doing) {
  const auto say = [&](status s, std::string_view reason) {
    // errstr, not errmsg: a host's trigger may put row data into the latter.
    return refuse(s, reason, {},
                  "the store could not " + std::string(doing) + ": " + sqlite3_errstr(code) + " (SQLite " +
                      std::to_string(code) + ")");
  };
  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
    return say(status::busy, "store_busy");
  case SQLITE_NOMEM:
    return no_memory();
  case SQLITE_FULL:
    return say(status::store, "store_full");
  case SQLITE_IOERR:
    return code == SQLITE_IOERR_NOMEM ? no_memory() : say(status::store, "store_io");
  case SQLITE_CORRUPT:
    return say(status::store, "store_corrupt");
  case SQLITE_NOTADB:
    return say(status::store, "store_not_a_database");
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return say(status::store, "store_read_only");
  case SQLITE_CANTOPEN:
    return say(status::store, "store_cannot_open");
  case SQLITE_TOOBIG:
    return say(status::limit, "value_too_big");
  case SQLITE_CONSTRAINT:
    return say(status::internal, "store_refused_row");
  default:
    return say(status::store, "store_failed");
  }
}

result<std::unique_ptr<connection>> connection::open(const sqlite_options& options, access mode) {
  std::unique_ptr<connection> made(new connection);
  if (auto why = made->set_up(options, mode)) return std::move(*why);
  return made;
}

refusal connection::set_up(const sqlite_options& options, access mode) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == access::write ? SQLITE_OPEN_CREATE : 0);
  const auto fails = [&](int code) -> refusal { return sqlite_error(code, "open \"" + options.path + "\""); };
  const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  if (const int rc = sqlite3_open_v2(options.path.c_str(), &db_, flags, vfs); rc != SQLITE_OK) return fails(rc);

  const std::int32_t patience_ms = options.busy_timeout_ms > 0 ? options.busy_timeout_ms : 0;
  int rc = sqlite3_busy_timeout(db_, patience_ms);
  // A damaged or hostile file must not run functions of its own choosing.
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (rc == SQLITE_OK) rc = sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // SQLite opens what it may not write for reading only, and would say so no sooner than the first change.
  if (rc == SQLITE_OK && sqlite3_db_readonly(db_, "main") == 1) rc = SQLITE_READONLY;
  if (rc == SQLITE_OK && mode == access::write) rc = use_wal(patience_ms);
  if (rc == SQLITE_MISMATCH)
    return refuse(status::store, "store_cannot_open", {},
                  "the store could not open \"" + options.path + "\": it cannot have a write-ahead log there");
  if (rc == SQLITE_OK) rc = execute(options.synchronous_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  if (rc == SQLITE_OK && mode == access::read) rc = execute("PRAGMA query_only=ON");
  if (rc == SQLITE_OK) rc = compile(mode == access::write ? "BEGIN IMMEDIATE" : "BEGIN", begin_);
  if (rc == SQLITE_OK) rc = compile("COMMIT", commit_);
  if (rc == SQLITE_OK) rc = compile("ROLLBACK", rollback_);
  if (rc != SQLITE_OK) return fails(rc);
  return {};
}

/// SQLITE_MISMATCH when another mode stays. SQLite does not call its busy handler here, where two openers could wait
/// for each other; so ask again.
int connection::use_wal(std::int32_t patience_ms) {
  sqlite3_stmt* statement = nullptr;
  if (const int rc = compile("PRAGMA journal_mode=WAL", statement); rc != SQLITE_OK) return rc;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  int rc = SQLITE_OK;
  while (true) {
    rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
      const auto* mode = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      rc = mode != nullptr && std::string_view(mode) == "wal" ? SQLITE_OK : SQLITE_MISMATCH;
    }
    (void)sqlite3_reset(statement);
    if ((rc & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline) break;
    sqlite3_sleep(1);
  }
  (void)sqlite3_finalize(statement);
  return rc;
}

connection::~connection() {
  forget_plans();
  for (sqlite3_stmt* s : {begin_, commit_, rollback_}) (void)sqlite3_finalize(s);
  [[maybe_unused]] const int rc = sqlite3_close(db_);
  assert(rc == SQLITE_OK);
}

int connection::run(sqlite3_stmt* statement) {
  const int rc = sqlite3_step(statement);
  const int again = sqlite3_reset(statement);
  return rc == SQLITE_DONE ? again : rc;
}

int connection::execute(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }

void connection::roll_back() {
  if (in_transaction()) (void)run(rollback_); // several errors roll back by themselves
}

int connection::compile(std::string_view sql, sqlite3_stmt*& statement) {
  return sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                            nullptr);
}

sqlite3_stmt* connection::find(const table_info* table, std::uint64_t shape) const {
  const std::size_t mask = plans_.size() - 1;
  for (std::size_t i = slot_of(table, shape) & mask;; i = (i + 1) & mask) {
    const plan& p = plans_[i];
    if (p.statement == nullptr) return nullptr;
    if (p.table == table && p.shape == shape) return p.statement;
  }
}

int connection::remember(const table_info* table, std::uint64_t shape, const std::string& sql,
                         sqlite3_stmt*& statement) {
  if (planned_ == most_plans) forget_plans();
  const auto place = [](std::vector<plan>& into, const plan& p) {
    const std::size_t mask = into.size() - 1;
    std::size_t i = slot_of(p.table, p.shape) & mask;
    while (into[i].statement != nullptr) i = (i + 1) & mask;
    into[i] = p;
  };
  if (2 * (planned_ + 1) > plans_.size()) {
    std::vector<plan> wider(plans_.size() * 2);
    for (const plan& p : plans_)
      if (p.statement != nullptr) place(wider, p);
    plans_ = std::move(wider);
  }
  if (const int rc = compile(sql, statement); rc != SQLITE_OK) return rc;
  place(plans_, {table, shape, statement});
  ++planned_;
  return SQLITE_OK;
}

void connection::forget_plans() {
  for (plan& p : plans_) {
    (void)sqlite3_finalize(p.statement);
    p = {};
  }
  planned_ = 0;
}

int bind(sqlite3_stmt* statement, int at, const value& v) {
  switch (v.type) {
  case value_type::integer:
    return sqlite3_bind_int64(statement, at, v.number);
  case value_type::text:
    return sqlite3_bind_text64(statement, at, v.data != nullptr ? v.data : "", static_cast<sqlite3_uint64>(v.number),
                               SQLITE_STATIC, SQLITE_UTF8);
  case value_type::blob:
    return sqlite3_bind_blob64(statement, at, v.data != nullptr ? v.data : "", static_cast<sqlite3_uint64>(v.number),
                               SQLITE_STATIC);
  case value_type::null:
    break;
  }
  return sqlite3_bind_null(statement, at);
}

} // namespace linecard::stores
