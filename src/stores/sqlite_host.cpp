#include "sqlite_host.hpp"

#include "sql.hpp"

#include <bit>

namespace linecard::stores {

namespace {

/// Shapes of action_tag::host_find.
enum class looking : std::uint64_t { for_row = 0, for_link = 1, for_gone = 2 };

struct host_half {
  connection& c;
  const host_link& link;

  /// SQLite's code. Text is made when the shape is new to the connection.
  template <class Text>
  [[nodiscard]] int statement(action_tag tag, std::uint64_t shape, sqlite3_stmt*& out, const Text& text) const {
    out = c.find(link.table, shape_key(tag, shape));
    return out != nullptr ? SQLITE_OK : c.remember(link.table, shape_key(tag, shape), text(), out);
  }

  [[nodiscard]] refusal failed(int code) const {
    if ((code & 0xff) == SQLITE_CONSTRAINT) return host_refused_row(link);
    return sqlite_error(code, "use the host's table \"" + link.host_table + "\"");
  }

  [[nodiscard]] refusal take_key(sqlite3_stmt* s, host_key& key) const {
    key.type = sqlite3_column_type(s, 0) == SQLITE_INTEGER ? value_type::integer : value_type::text;
    if (key.type != link.key_type || sqlite3_column_type(s, 0) == SQLITE_NULL) return host_refused_row(link);
    key.number = sqlite3_column_int64(s, 0);
    if (key.type == value_type::text) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, 0));
      if (text == nullptr) return no_memory();
      key.text.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(s, 0)));
    }
    return {};
  }

  /// Equal as bytes, as what linecard last knows must be. A null stands for the empty value where ours has no null;
  /// the query has seen to that.
  [[nodiscard]] static bool says(sqlite3_stmt* s, int at, const value& v) {
    const int type = sqlite3_column_type(s, at);
    if (v.is_null()) return type == SQLITE_NULL;
    if (v.type == value_type::integer) return type == SQLITE_INTEGER && sqlite3_column_int64(s, at) == v.number;
    if (type != (v.type == value_type::text ? SQLITE_TEXT : SQLITE_BLOB)) return false;
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, at)); // null when empty
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s, at));
    return std::string_view(bytes != nullptr ? bytes : "", size) == v.bytes();
  }

  [[nodiscard]] refusal find(const value& reference, const change& what, host_key& key) const {
    const auto named = host_key_named(link, reference);
    if (!named) return host_row_unknown(link);
    sqlite3_stmt* s = nullptr;
    int rc = statement(action_tag::host_find, static_cast<std::uint64_t>(looking::for_row), s,
                       [&] { return host_find_text(sqlite_dialect, link); });
    if (rc != SQLITE_OK) return failed(rc);
    const running until_return(s);
    int bound = 1;
    rc = bind(s, 1, *named);
    for (std::size_t column = 0; column < link.names.size() && rc == SQLITE_OK; ++column)
      if (link.matches(column)) rc = bind(s, ++bound, what.values[column]);
    if (rc == SQLITE_OK) rc = sqlite3_step(s);
    if (rc == SQLITE_DONE) return host_row_unknown(link);
    if (rc != SQLITE_ROW) return failed(rc);
    if (auto no = take_key(s, key)) return no;
    int at = 0;
    for (std::size_t column = 0; column < link.names.size(); ++column)
      if (link.maps(column) && !says(s, ++at, what.values[column])) return host_row_differs(link, column);
    return taken(key);
  }

  [[nodiscard]] refusal taken(const host_key& key) const {
    sqlite3_stmt* s = nullptr;
    int rc = statement(action_tag::host_find, static_cast<std::uint64_t>(looking::for_link), s,
                       [&] { return host_taken_text(sqlite_dialect, link); });
    if (rc != SQLITE_OK) return failed(rc);
    const running until_return(s);
    if ((rc = bind(s, 1, key.get())) == SQLITE_OK) rc = sqlite3_step(s);
    if (rc == SQLITE_ROW) return host_row_taken(link);
    return rc == SQLITE_DONE ? refusal{} : failed(rc);
  }

  [[nodiscard]] refusal make(const change& what, host_key& key) const {
    sqlite3_stmt* s = nullptr;
    int rc = statement(action_tag::host_insert, 0, s, [&] { return host_insert_text(sqlite_dialect, link); });
    if (rc != SQLITE_OK) return failed(rc);
    const running until_return(s);
    for (std::size_t column = 0; column < link.names.size() && rc == SQLITE_OK; ++column)
      if (link.maps(column) || link.matches(column)) rc = bind(s, static_cast<int>(column) + 1, what.values[column]);
    if (rc == SQLITE_OK) rc = sqlite3_step(s);
    if (rc != SQLITE_ROW) return failed(rc);
    auto no = take_key(s, key);
    if (!no && (rc = sqlite3_step(s)) != SQLITE_DONE) return failed(rc);
    return no;
  }

  [[nodiscard]] refusal update(const change& what) const {
    std::uint64_t mask = 0;
    for (const auto column : what.columns) mask |= std::uint64_t{1} << column;
    if ((mask & link.mapped) == 0) return {};
    sqlite3_stmt* s = nullptr;
    int rc = statement(action_tag::host_update, mask, s, [&] { return host_update_text(sqlite_dialect, link, mask); });
    if (rc != SQLITE_OK) return failed(rc);
    const running until_return(s);
    for (std::size_t i = 0; i < what.columns.size() && rc == SQLITE_OK; ++i) {
      const std::uint64_t left_of = (std::uint64_t{1} << what.columns[i]) - 1;
      rc = bind(s, std::popcount(mask & left_of) + 1, what.values[i]);
    }
    int bound = static_cast<int>(what.columns.size());
    for (std::size_t i = 0; i < what.key.size() && rc == SQLITE_OK; ++i) rc = bind(s, ++bound, what.key[i]);
    if (rc == SQLITE_OK) rc = sqlite3_step(s);
    return rc == SQLITE_DONE ? refusal{} : failed(rc);
  }
};

} // namespace

refusal change_host(connection& c, const host_link& link, const change& what, host_key& key) {
  const host_half half{c, link};
  if (what.what == change::action::update) return half.update(what);
  if (what.what != change::action::insert) return {};
  const value reference = link.reference < 0 ? null_value() : what.values[static_cast<std::size_t>(link.reference)];
  return reference.is_null() ? half.make(what, key) : half.find(reference, what, key);
}

bool has_gone_rows(connection& c, const host_link& link) {
  sqlite3_stmt* s = nullptr;
  const host_half half{c, link};
  if (half.statement(action_tag::host_find, static_cast<std::uint64_t>(looking::for_gone), s,
                     [&] { return host_gone_text(sqlite_dialect, link); }) != SQLITE_OK)
    return false;
  const running until_return(s);
  return sqlite3_step(s) == SQLITE_ROW;
}

} // namespace linecard::stores
