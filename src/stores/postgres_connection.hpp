// One connection of the PostgreSQL store: plain questions at first, then pipelines of prepared statements. Used by one
// thread at a time.
#pragma once

#include "postgres_error.hpp"

#include <linecard/stores/postgres.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace linecard::stores {

/// Binary parameters of one statement. Texts and blobs are borrowed until the statement is sent.
class postgres_parameters {
public:
  void clear() { size_ = 0; }
  /// False when the value is of another type than its column, which no scan or change of a described row is.
  [[nodiscard]] bool add(const field& column, const value& v) { return add(column.type->stored, v); }
  [[nodiscard]] bool add(value_type stored, const value& v);
  void add(std::int64_t n);
  void add(std::string_view text);
  [[nodiscard]] int size() const { return static_cast<int>(size_); }
  [[nodiscard]] const std::uint32_t* types() const { return types_.data(); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return all_binary.data(); }

private:
  /// An update of every column, its key and version; a scan by every column and beyond every column.
  static constexpr std::size_t most = 2 * most_columns + 8;
  static constexpr auto all_binary = [] {
    std::array<int, most> out{};
    out.fill(1);
    return out;
  }();

  std::size_t size_{};
  std::array<std::uint32_t, most> types_{};
  std::array<const char*, most> values_{};
  std::array<int, most> lengths_{};
  std::array<std::array<char, 8>, most> numbers_{};
};

/// What a prepared statement does, on which table, in which shape.
struct statement_key {
  const table_info* table{};
  std::uint64_t shape{}, nulls{};
  friend bool operator==(const statement_key&, const statement_key&) = default;
};

enum class action_tag : std::uint64_t { select, insert, update, erase, require, commit, end, host };

constexpr statement_key key_of(const table_info* table, action_tag tag, std::uint64_t shape = 0,
                               std::uint64_t nulls = 0) {
  return {table, static_cast<std::uint64_t>(tag) << 61 | shape, nulls};
}

class postgres_connection {
public:
  struct statement {
    std::string name{};
    bool ready{};
  };

  /// Refuses as postgres_store does.
  [[nodiscard]] static result<std::unique_ptr<postgres_connection>> open(const postgres_options& options);
  postgres_connection(const postgres_connection&) = delete;
  postgres_connection& operator=(const postgres_connection&) = delete;
  ~postgres_connection() { PQfinish(connection_); }

  [[nodiscard]] PGconn* handle() const { return connection_; }

  // Before pipelining.

  /// Texts in, texts out. `doing` as for postgres_error.
  [[nodiscard]] result<postgres_result> ask(const char* sql, std::initializer_list<std::string_view> given,
                                            std::string_view doing);
  /// Several statements in one string.
  [[nodiscard]] refusal execute(const std::string& sql, std::string_view doing);
  [[nodiscard]] refusal start_pipelining();

  // Pipelining: statements are sent, and their answers taken all at once by `collect`.

  /// Queues one statement, prepared on its first use; `text` () -> std::string is asked for only then. A connection
  /// that is lost shows it when collecting.
  template <class Text> void send(const statement_key& key, const postgres_parameters& with, const Text& text) {
    auto& s = statements_[key];
    if (!s.ready) prepare(s, text(), with);
    run(s, with);
  }
  /// Queues one whose answer nobody wants.
  void send_plain(const char* sql);
  /// What came before goes out to the caller at once, whatever becomes of what follows.
  void send_flush() { (void)PQsendFlushRequest(connection_); }

  /// Ends the batch, waits for it, and gives take(n, PGresult*) the answer to the n-th statement sent since the last
  /// collect. False when the connection was lost; statements without an answer were not given.
  template <class Take> [[nodiscard]] bool collect(const Take& take) {
    end_batch();
    struct guard { // what a throwing `take` leaves unread must not answer the next borrower
      postgres_connection& c;
      bool whole = false;
      ~guard() {
        if (!whole) c.spoil();
      }
    } told{*this};
    std::size_t n = 0;
    while (!lost_ && read_ < sent_.size()) {
      const auto next = sent_[read_++];
      const auto r = receive(next);
      if (next.what == step::wanted && !lost_) take(n++, r.get());
    }
    sent_.clear(), read_ = 0;
    told.whole = true;
    return !lost_;
  }
  /// The server itself ended the session before it came to the last statement of the batch.
  [[nodiscard]] bool cut_early() const { return cut_early_; }
  /// Ends the batch without waiting: the server does it meanwhile, and the next collect passes over the answers.
  void send_and_forget();

  /// Asks the socket, not the server.
  [[nodiscard]] bool seems_alive();
  /// Not to be lent again.
  void spoil() noexcept { lost_ = true; }
  /// To be replaced: lost, or full of statements made for shapes without end.
  [[nodiscard]] bool is_spent() const { return lost_ || statements_.size() > most_statements; }

  /// The row being handed out.
  std::array<value, most_columns> row{};
  postgres_parameters parameters{};

private:
  static constexpr std::size_t most_statements = 1024;

  struct step {
    enum kind : std::uint8_t { prepared, wanted, unwanted, synced } what{};
    statement* made{};
  };
  struct hash {
    std::size_t operator()(const statement_key& k) const {
      auto h =
          (reinterpret_cast<std::uintptr_t>(k.table) ^ k.shape * 0x9e3779b97f4a7c15u ^ k.nulls) * 0xff51afd7ed558ccdu;
      return static_cast<std::size_t>(h ^ h >> 32);
    }
  };

  explicit postgres_connection(const postgres_options& options) : options_(options) {}
  [[nodiscard]] refusal connect();
  [[nodiscard]] refusal set_up();
  [[nodiscard]] std::string search_path() const;
  [[nodiscard]] error unreachable() const;
  void prepare(statement& s, const std::string& sql, const postgres_parameters& with);
  void run(statement& s, const postgres_parameters& with);
  void end_batch();
  void synchronise();
  [[nodiscard]] postgres_result receive(const step& next);
  void sent(int fine, step what);

  const postgres_options& options_; ///< the store's
  PGconn* connection_{};
  std::unordered_map<statement_key, statement, hash> statements_{};
  std::vector<step> sent_{};
  std::size_t read_{};
  bool lost_{}, cut_early_{};
};

/// Where commits are told of, one channel for each schema.
[[nodiscard]] inline std::string channel_of(const postgres_options& options) { return "linecard_" + options.schema; }

/// A column of a row in binary form; "" keeps an empty one from being null.
[[nodiscard]] value postgres_value(const PGresult* r, int row, int column);

} // namespace linecard::stores
