// Small tools of the claims: rows that own their bytes, and a word for each thing a store can be asked.
#pragma once

#include "expect.hpp"
#include "tables.hpp"

#include <linecard/contract.hpp>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linecard::contract {

inline constexpr table_info parcels = info_of<parcel>;
inline constexpr table_info later_parcels = info_of<later_parcel>;
inline constexpr table_info places = info_of<place>;
inline constexpr const table_info* both_tables[] = {&parcels, &places};

inline std::vector<value> views(const cells& from) {
  std::vector<value> out;
  for (const kept& k : from) out.push_back(k.get());
  return out;
}

struct collector final : row_sink {
  std::vector<found_row> rows{};
  std::size_t enough = std::numeric_limits<std::size_t>::max(); ///< of each request
  bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
    rows.push_back({request, version, cells(columns.begin(), columns.end())});
    std::size_t of_this = 0;
    for (const found_row& r : rows) of_this += r.request == request ? 1 : 0;
    return of_this < enough;
  }
};

/// A scan request that owns its values.
struct question {
  const table_info* table{};
  std::uint16_t index{};
  cells prefix{};
  std::optional<kept> from{}, below{};
  cells after{};
  std::uint32_t limit{};
  bool descending{}, for_update{}, drifted{};
};

inline result<std::unique_ptr<transaction>> try_begin(store& s, access mode) {
  auto begun = s.begin(mode);
  if (begun && !*begun) broken("a transaction", "success without one");
  return begun;
}
inline std::unique_ptr<transaction> begin(store& s, access mode) {
  auto begun = try_begin(s, mode);
  if (!begun) ok(begun.error());
  return *std::move(begun);
}

inline std::vector<found_row> ask(row_source& t, const std::vector<question>& questions,
                                  std::size_t enough = std::numeric_limits<std::size_t>::max()) {
  struct held {
    std::vector<value> prefix{}, after{};
    value from{}, below{};
  };
  std::vector<held> values(questions.size());
  std::vector<scan_request> requests;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const question& q = questions[i];
    held& h = values[i];
    h.prefix = views(q.prefix), h.after = views(q.after);
    if (q.from) h.from = q.from->get();
    if (q.below) h.below = q.below->get();
    scan_request r{};
    r.table = q.table, r.index = q.index, r.prefix = h.prefix, r.after = h.after;
    r.from = q.from ? &h.from : nullptr, r.below = q.below ? &h.below : nullptr;
    r.limit = q.limit, r.descending = q.descending;
    r.for_update = q.for_update, r.drifted = q.drifted;
    requests.push_back(r);
  }
  collector found;
  found.enough = enough;
  ok(t.scan(requests, found));
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    const found_row& r = found.rows[i];
    if (r.request >= requests.size() || (i > 0 && r.request < found.rows[i - 1].request))
      broken("rows in the order of the requests", "a row of request " + std::to_string(r.request));
    if (r.columns.size() != requests[r.request].table->columns.size())
      broken("all columns of the table", std::to_string(r.columns.size()) + " columns");
    if (r.version < 1) broken("a version of at least 1", std::to_string(r.version));
  }
  return found.rows;
}
inline std::vector<found_row> ask(row_source& t, const question& q) { return ask(t, std::vector<question>{q}); }

/// A change that owns its values.
struct edit {
  change::action what{};
  const table_info* table{};
  cells key{};
  std::int64_t expected_version{};
  std::vector<std::uint16_t> columns{};
  cells values{};
};

inline edit insert(const table_info& t, cells row) { return {change::action::insert, &t, {}, 0, {}, std::move(row)}; }
inline edit update(const table_info& t, cells key, std::int64_t version, std::vector<std::uint16_t> columns,
                   cells values) {
  return {change::action::update, &t, std::move(key), version, std::move(columns), std::move(values)};
}
inline edit erase(const table_info& t, cells key, std::int64_t version) {
  return {change::action::erase, &t, std::move(key), version, {}, {}};
}
inline edit require(const table_info& t, cells key, std::int64_t version) {
  return {change::action::require, &t, std::move(key), version, {}, {}};
}

inline constexpr std::size_t nobody = 999;

/// What a transaction is handed; the changes point into the rest.
struct handed {
  std::vector<edit> edits;
  std::vector<std::vector<value>> keys{}, values{};
  std::vector<change> changes{};
  explicit handed(std::vector<edit> of) : edits(std::move(of)) {
    for (const edit& e : edits) keys.push_back(views(e.key)), values.push_back(views(e.values));
    for (std::size_t i = 0; i < edits.size(); ++i) {
      const edit& e = edits[i];
      changes.push_back({e.what, e.table, keys[i], e.expected_version, e.columns, values[i]});
    }
  }
  handed(const handed&) = delete;
  handed& operator=(const handed&) = delete;
};
inline refusal apply(transaction& t, const std::vector<edit>& edits, std::size_t& conflicting) {
  return t.apply(handed(edits).changes, conflicting);
}
inline refusal apply(transaction& t, const std::vector<edit>& edits) {
  std::size_t conflicting = nobody;
  return apply(t, edits, conflicting);
}

/// A transaction of its own.
inline refusal write(store& s, const std::vector<edit>& edits, std::size_t& conflicting) {
  auto begun = try_begin(s, access::write);
  if (!begun) return begun.error();
  return (*begun)->apply_and_commit(handed(edits).changes, conflicting);
}
inline refusal write(store& s, const std::vector<edit>& edits) {
  std::size_t conflicting = nobody;
  return write(s, edits, conflicting);
}
inline std::vector<found_row> read(store& s, const question& q) { return ask(*begin(s, access::read), q); }
inline std::vector<found_row> read(store& s, const std::vector<question>& q) { return ask(*begin(s, access::read), q); }

/// parcels: id, name, kind, fragile, weight, note, seal, stamp
inline cells parcel_row(std::int64_t id, kept name, kept kind, kept weight, kept note) {
  return {id, std::move(name), std::move(kind), 0, std::move(weight), std::move(note), kept::blob("seal"), none};
}
/// places: shelf, number, owner, tag, label, count
inline cells place_row(kept shelf, int number, kept owner, kept tag, kept label, int count) {
  return {std::move(shelf), number, std::move(owner), std::move(tag), std::move(label), count};
}

inline std::unique_ptr<store> prepared(const subject& under_test) {
  auto s = under_test.fresh();
  ok(s->prepare(both_tables));
  return s;
}

inline std::vector<std::int64_t> numbers(const std::vector<found_row>& rows, std::size_t column) {
  std::vector<std::int64_t> out;
  for (const found_row& r : rows) out.push_back(r.columns.at(column).number);
  return out;
}
using list = std::vector<std::int64_t>;

/// The same draws on every machine.
struct dice {
  std::uint64_t state{};
  std::uint64_t roll() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(roll() % n); }
  template <class T> const T& pick(const std::vector<T>& from) { return from[below(from.size())]; }
};

} // namespace linecard::contract
