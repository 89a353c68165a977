// The SQLite store: one connection that writes, a few that read, transactions that borrow one of them. A request
// finds its compiled statement by shape, binds borrowed bytes, steps, and hands out views of SQLite's own row; there
// is no text, no copy and no allocation on the way.
#include <linecard/stores/sqlite.hpp>

#include "pieces.hpp"
#include "sql.hpp"
#include "sqlite_connection.hpp"
#include "sqlite_host.hpp"
#include "sqlite_lender.hpp"
#include "sqlite_schema.hpp"
#include "sqlite_watch.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <mutex>
#include <new>

namespace linecard {

namespace {

using stores::connection;

class sqlite_store_of final : public store {
public:
  explicit sqlite_store_of(sqlite_options options)
      : options_(std::move(options)),
        writer_(options_, access::write, 1),
        readers_(options_, access::read, std::max<std::uint32_t>(options_.readers, 1)) {}

  /// Finds at once what is wrong with the file.
  refusal probe() {
    auto first = connection::open(options_, access::write);
    if (!first) return std::move(first).error();
    writer_.stock(*std::move(first));
    watch_ = stores::sqlite_watch::open(options_);
    return {};
  }

  refusal prepare(std::span<const table_info* const> tables) override;
  result<std::unique_ptr<transaction>> begin(access mode) override;
  [[nodiscard]] bool excludes_writers() const override { return true; }
  bool shares(const table_info& table) override { return stores::mapping_of(table, options_.mapped) != nullptr; }
  int reference_column(const table_info& table) override { return stores::reference_column(table, options_.mapped); }
  std::optional<std::uint64_t> change_counter() override {
    return watch_ ? std::optional(watch_->count()) : std::nullopt;
  }
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds timeout) override {
    return watch_ ? std::optional(watch_->wait(seen, timeout)) : std::nullopt;
  }
  [[nodiscard]] const stores::sqlite_watch* watch() const { return watch_.get(); }

  [[nodiscard]] stores::lender& side(access mode) { return mode == access::write ? writer_ : readers_; }

  [[nodiscard]] bool knows(const table_info* table) {
    const std::scoped_lock hold(mutex_);
    return std::find(tables_.begin(), tables_.end(), table) != tables_.end();
  }
  /// The host's half of the table, if it has one.
  [[nodiscard]] const stores::host_link* link_of(const table_info* table) {
    if (options_.mapped.empty()) [[likely]]
      return nullptr;
    const std::scoped_lock hold(mutex_);
    for (const stores::host_link& link : links_)
      if (link.table == table) return &link;
    return nullptr;
  }

private:
  const sqlite_options options_;
  stores::lender writer_, readers_;
  std::mutex mutex_{};
  std::vector<const table_info*> tables_{};
  std::unique_ptr<stores::sqlite_watch> watch_{};
  std::deque<stores::host_link> links_{}; ///< statements are made from them: their addresses stay
};

class sqlite_transaction final : public transaction {
public:
  sqlite_transaction(sqlite_store_of& owner, access mode) : owner_(owner), mode_(mode) {}
  sqlite_transaction(const sqlite_transaction&) = delete;
  sqlite_transaction& operator=(const sqlite_transaction&) = delete;
  ~sqlite_transaction() override { end(); }

  /// Apart from the constructor, so that a transaction which could not be made holds nothing.
  refusal start();

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override;
  refusal commit() override;

private:
  struct reader;

  [[nodiscard]] const char* unusable() const {
    if (!c_) return "the transaction is over";
    if (failed_) return "only rollback follows an error";
    if (scanning_) return "a sink may not use the transaction that feeds it";
    return nullptr;
  }
  /// Text is made by `text` only when the shape is new to the connection.
  template <class Text>
  refusal statement(const table_info* table, std::uint64_t shape, sqlite3_stmt*& out, const Text& text) {
    out = c_->find(table, shape);
    if (out != nullptr) [[likely]]
      return {};
    if (!owner_.knows(table)) return stores::not_prepared(*table);
    if (const int rc = c_->remember(table, shape, text(), out); rc != SQLITE_OK)
      return stores::sqlite_error(rc, "use table \"" + std::string(table->name) + "\"");
    return {};
  }
  refusal change_row(const change& c);
  refusal run_change(const change& c, sqlite3_stmt* s, int bound);
  void end() noexcept;

  sqlite_store_of& owner_;
  access mode_;
  bool failed_{}, scanning_{};
  std::unique_ptr<connection> c_{};
};

std::uint64_t packed(const stores::scan_shape& s) {
  return std::uint64_t{s.index} | std::uint64_t{s.equal} << 16 | std::uint64_t{s.beyond} << 24 |
         std::uint64_t{s.from} << 32 | std::uint64_t{s.below} << 33 | std::uint64_t{s.not_null} << 34 |
         std::uint64_t{s.descending} << 35 | std::uint64_t{s.drifted} << 36;
}

/// Answers one request, piece by piece.
struct sqlite_transaction::reader final : stores::piece_sink {
  reader(sqlite_transaction& t, const scan_request& r, std::size_t position, row_sink& s)
      : transaction(t), request(r), at(position), sink(s), left(r.limit) {}

  sqlite_transaction& transaction;
  const scan_request& request;
  std::size_t at;
  row_sink& sink;
  std::uint32_t left; ///< 0 at the start means without end; decremented, it comes to 0 only at the limit
  refusal why{};

  bool fail(int rc) {
    why = stores::sqlite_error(rc, "read table \"" + std::string(request.table->name) + "\"");
    return false;
  }

  bool piece(const stores::piece& p) override {
    const table_info& t = *request.table;
    sqlite3_stmt* s = nullptr;
    why = transaction.statement(&t, stores::shape_key(stores::action_tag::select, packed(p.shape)), s, [&] {
      return stores::select_text(stores::sqlite_dialect, t, p.shape, transaction.owner_.link_of(&t));
    });
    if (why) return false;
    const stores::running until_return(s);
    int rc = SQLITE_OK, bound = 0;
    const auto give = [&](const value* v, std::size_t count) {
      for (std::size_t i = 0; i < count && rc == SQLITE_OK; ++i) rc = stores::bind(s, ++bound, v[i]);
    };
    give(p.equal, p.shape.equal);
    give(p.from, p.shape.from ? 1 : 0);
    give(p.below, p.shape.below ? 1 : 0);
    give(p.beyond, p.shape.beyond);
    if (rc != SQLITE_OK) return fail(rc);

    // A whole key has one row: not asking for a second saves a step.
    const bool single = p.shape.index == 0 && p.shape.equal == t.key.size();
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
      if (!hand_out(s, t)) return false;
      if (--left == 0 || single) return false;
    }
    return rc == SQLITE_DONE || fail(rc);
  }

  /// False when the sink has enough or memory is out. The sqlite3_value of each column is read once: column_type,
  /// column_text and column_bytes would each find and check it anew, which costs a tenth of a row. Such a value is
  /// "unprotected", that is for one thread, as the connection is.
  bool hand_out(sqlite3_stmt* s, const table_info& t) {
    const int count = static_cast<int>(t.columns.size());
    auto& row = transaction.c_->row;
    for (int i = 0; i < count; ++i) {
      sqlite3_value* stored = sqlite3_column_value(s, i);
      value& v = row[static_cast<std::size_t>(i)];
      switch (sqlite3_value_type(stored)) {
      case SQLITE_INTEGER:
        v = integer_value(sqlite3_value_int64(stored));
        continue;
      case SQLITE_NULL:
        v = null_value();
        continue;
      case SQLITE_BLOB:
        v = {value_type::blob, 0, static_cast<const char*>(sqlite3_value_blob(stored))};
        v.number = sqlite3_value_bytes(stored);
        if (v.number == 0) v.data = ""; // SQLite's empty blob is a null pointer
        break;
      default: // a real, which only a foreign hand can have written, goes on as its text and decodes as nothing
        v = {value_type::text, 0, reinterpret_cast<const char*>(sqlite3_value_text(stored))};
        v.number = sqlite3_value_bytes(stored);
      }
      if (v.data == nullptr) return fail(SQLITE_NOMEM);
    }
    const auto columns = std::span<const value>(row.data(), static_cast<std::size_t>(count));
    return sink.row(at, sqlite3_column_int64(s, count), columns);
  }
};

refusal sqlite_transaction::start() {
  auto lent = owner_.side(mode_).borrow();
  if (!lent) return std::move(lent).error();
  c_ = *std::move(lent);
  if (const int rc = c_->begin(); rc != SQLITE_OK) return stores::sqlite_error(rc, "begin a transaction");
  return {};
}

refusal sqlite_transaction::scan(std::span<const scan_request> requests, row_sink& sink) try {
  if (const char* why = unusable()) return stores::misused(why);
  struct flag {
    bool& up;
    ~flag() { up = false; }
  } const lowered{scanning_ = true};
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (const char* flaw = stores::flaw_of(requests[i])) return stores::misused(flaw);
    if (requests[i].drifted && owner_.link_of(requests[i].table) == nullptr) continue; // ours alone: nothing drifts
    reader one(*this, requests[i], i, sink);
    stores::split(requests[i], true, one);
    if (one.why) return std::move(one.why);
  }
  return {};
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

refusal sqlite_transaction::run_change(const change& c, sqlite3_stmt* s, int bound) {
  const stores::running until_return(s);
  int rc = SQLITE_OK;
  if (c.what != change::action::insert) {
    for (std::size_t i = 0; i < c.key.size() && rc == SQLITE_OK; ++i) rc = stores::bind(s, ++bound, c.key[i]);
    if (rc == SQLITE_OK) rc = sqlite3_bind_int64(s, ++bound, c.expected_version);
  }
  if (rc == SQLITE_OK) rc = sqlite3_step(s);
  const bool hit = c.what == change::action::require ? rc == SQLITE_ROW : sqlite3_changes(c_->handle()) == 1;
  if (rc == SQLITE_DONE || rc == SQLITE_ROW) return hit ? refusal{} : stores::row_moved(*c.table);
  if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
    return stores::already_stands(*c.table);
  return stores::sqlite_error(rc, "change table \"" + std::string(c.table->name) + "\"");
}

refusal sqlite_transaction::change_row(const change& c) {
  using enum change::action;
  using stores::action_tag, stores::shape_key, stores::sqlite_dialect;
  if (const char* flaw = stores::flaw_of(c)) return stores::misused(flaw);
  const table_info& t = *c.table;
  const stores::host_link* const link = owner_.link_of(&t);
  stores::host_key host;
  if (link != nullptr)
    if (auto no = stores::change_host(*c_, *link, c, host)) return no;
  const value host_key = host.get();
  sqlite3_stmt* s = nullptr;
  refusal why;
  int rc = SQLITE_OK, bound = 0;
  switch (c.what) {
  case insert:
    why = statement(&t, shape_key(action_tag::insert, 0), s, [&] { return insert_text(sqlite_dialect, t, link); });
    for (std::size_t i = 0; !why && i < c.values.size() && rc == SQLITE_OK; ++i)
      rc = stores::bind(s, ++bound, c.values[i]);
    if (!why && link != nullptr && rc == SQLITE_OK) rc = stores::bind(s, ++bound, host_key);
    break;
  case update: {
    std::uint64_t mask = 0;
    for (const auto column : c.columns) mask |= std::uint64_t{1} << column;
    why = statement(&t, shape_key(action_tag::update, mask), s, [&] { return update_text(sqlite_dialect, t, mask); });
    for (std::size_t i = 0; !why && i < c.columns.size() && rc == SQLITE_OK; ++i) {
      const std::uint64_t left_of = (std::uint64_t{1} << c.columns[i]) - 1;
      rc = stores::bind(s, std::popcount(mask & left_of) + 1, c.values[i]);
    }
    bound = static_cast<int>(c.columns.size());
    break;
  }
  case erase:
    why = statement(&t, shape_key(action_tag::erase, 0), s, [&] { return erase_text(sqlite_dialect, t); });
    break;
  case require:
    why = statement(&t, shape_key(action_tag::require, 0), s, [&] { return require_text(sqlite_dialect, t); });
    break;
  }
  if (why) return why;
  if (rc != SQLITE_OK) return stores::sqlite_error(rc, "change table \"" + std::string(t.name) + "\"");
  why = run_change(c, s, bound);
  // Rules cannot see a row without host row, so deciding again would meet it again.
  if (link != nullptr && c.what == insert && why && why->reason == "store_conflict" && has_gone_rows(*c_, *link))
    return stores::reconcile_needed(*link);
  return why;
}

refusal sqlite_transaction::apply(std::span<const change> changes, std::size_t& conflicting) try {
  if (const char* why = unusable()) return stores::misused(why);
  if (mode_ != access::write) return stores::misused("a read transaction cannot change rows");
  failed_ = true; // until all of them stand
  for (std::size_t i = 0; i < changes.size(); ++i) {
    conflicting = i;
    if (auto why = change_row(changes[i])) return why;
  }
  failed_ = false;
  return {};
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

refusal sqlite_transaction::commit() try {
  const char* unfit = unusable();
  if (unfit != nullptr && scanning_) return stores::misused(unfit);
  refusal why;
  if (unfit != nullptr)
    why = stores::misused(unfit);
  else if (const int rc = c_->commit(); rc != SQLITE_OK)
    why = stores::sqlite_error(rc, "commit");
  else if (mode_ == access::write && owner_.watch() != nullptr)
    owner_.watch()->announce();
  end();
  return why;
} catch (const std::bad_alloc&) {
  end();
  return stores::no_memory();
}

void sqlite_transaction::end() noexcept {
  if (!c_) return;
  c_->roll_back();
  owner_.side(mode_).give_back(std::move(c_));
}

refusal sqlite_store_of::prepare(std::span<const table_info* const> tables) try {
  auto lent = writer_.borrow();
  if (!lent) return std::move(lent).error();
  refusal why;
  try {
    std::vector<stores::host_link> links;
    why = stores::fit_mappings(**lent, options_.mapped, tables, links);
    if (!why) why = stores::prepare_tables(**lent, tables, links);
    if (!why) {
      const std::scoped_lock hold(mutex_);
      for (stores::host_link& link : links)
        if (std::ranges::find(links_, link.table, &stores::host_link::table) == links_.end())
          links_.push_back(std::move(link));
      for (const table_info* t : tables)
        if (std::find(tables_.begin(), tables_.end(), t) == tables_.end()) tables_.push_back(t);
    }
  } catch (const std::bad_alloc&) {
    why = stores::no_memory();
    (*lent)->roll_back();
  }
  writer_.give_back(*std::move(lent));
  return why;
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

result<std::unique_ptr<transaction>> sqlite_store_of::begin(access mode) try {
  auto made = std::make_unique<sqlite_transaction>(*this, mode);
  if (auto why = made->start()) return std::move(*why);
  return std::unique_ptr<transaction>(std::move(made));
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

} // namespace

result<std::unique_ptr<store>> sqlite_store(sqlite_options options) try {
  const auto refuse_path = [](std::string why) {
    return refuse(status::invalid, "path_invalid", "/path", std::move(why));
  };
  if (options.path.empty()) return refuse_path("give the path of a database file");
  if (options.path == ":memory:") return refuse_path("a SQLite store is a file; for one in memory use memory_store()");
  if (options.path.starts_with("file:") || options.path.find('\0') != std::string::npos)
    return refuse_path("give a plain file path, not a URI");
  if (sqlite3_threadsafe() == 0) return refuse(status::store, "store_failed", {}, "this SQLite has no threads");
  auto made = std::make_unique<sqlite_store_of>(std::move(options));
  if (auto why = made->probe()) return std::move(*why);
  return std::unique_ptr<store>(std::move(made));
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

} // namespace linecard
