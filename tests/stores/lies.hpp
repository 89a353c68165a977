// Stores that lie, each in one way, around one that does not.
#pragma once

#include "contract_kit.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace linecard::lies {

using namespace contract;

/// Hands everything on; a lie overrides what it lies about.
struct honest : transaction {
  store& home; ///< the honest store
  access mode;
  std::unique_ptr<transaction> inner;
  honest(store& s, access m, std::unique_ptr<transaction> t) : home(s), mode(m), inner(std::move(t)) {}

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    std::vector<scan_request> asked(requests.begin(), requests.end());
    ask_instead(asked);
    return inner->scan(asked, sink);
  }
  virtual void ask_instead(std::vector<scan_request>&) {}
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    std::vector<change> made(changes.begin(), changes.end());
    make_instead(made);
    return inner->apply(made, conflicting);
  }
  virtual void make_instead(std::vector<change>&) {}
  refusal commit() override { return inner->commit(); }

  /// The row as it stands, if it does.
  [[nodiscard]] std::optional<found_row> look(const change& c) const {
    collector found;
    const scan_request request{.table = c.table, .prefix = c.key};
    ok(inner->scan({&request, 1}, found));
    return found.rows.empty() ? std::nullopt : std::optional(found.rows.front());
  }
  std::deque<std::vector<value>> values{}; ///< for changes that are made up
  std::deque<found_row> held{};
};

/// Reads everything first, and then lies about it.
struct about_answers : honest {
  using honest::honest;
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    collector found;
    if (auto why = inner->scan(requests, found)) return why;
    tell(requests, found.rows);
    std::vector<bool> enough(requests.size());
    for (const found_row& r : found.rows)
      if (!enough[r.request]) enough[r.request] = !sink.row(r.request, r.version, views(r.columns));
    return {};
  }
  virtual void tell(std::span<const scan_request> requests, std::vector<found_row>& rows) = 0;
};

/// A store whose transactions are Lies.
template <class Lie> struct telling : store {
  std::unique_ptr<store> inner;
  explicit telling(std::unique_ptr<store> s) : inner(std::move(s)) {}
  refusal prepare(std::span<const table_info* const> tables) override { return inner->prepare(tables); }
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto begun = inner->begin(mode);
    if (!begun) return begun;
    return std::unique_ptr<transaction>(std::make_unique<Lie>(*inner, mode, *std::move(begun)));
  }
  [[nodiscard]] bool excludes_writers() const override { return inner->excludes_writers(); }
};

// ---- about writing ----

struct drops_a_guard : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    for (change& c : changes)
      if (c.what == change::action::update)
        if (const auto row = look(c)) c.expected_version = row->version;
  }
};
struct erases_whatever_stands : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    for (change& c : changes)
      if (c.what == change::action::erase)
        if (const auto row = look(c)) c.expected_version = row->version;
  }
};
struct skips_require : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    std::erase_if(changes, [](const change& c) { return c.what == change::action::require; });
  }
};
struct reports_success_of_a_failed_apply : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    static_cast<void>(inner->apply(changes, conflicting));
    return {};
  }
};
struct blames_the_first_change : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner->apply(changes, conflicting);
    conflicting = 0;
    return why;
  }
};
/// What stood before the conflict stays.
struct tears_an_apply : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner->apply(changes, conflicting);
    if (!is_conflict(why)) return why;
    inner.reset();
    const auto again = begin(home, access::write);
    std::size_t ignored = 0;
    ok(again->apply(changes.first(conflicting), ignored));
    ok(again->commit());
    return why;
  }
  refusal commit() override { return inner ? inner->commit() : is_over(); }
  static error is_over() { return refuse(status::internal, "store_misused", {}, "it is over"); }
};
struct updates_more_than_asked : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    static constexpr std::uint16_t columns[] = {1, 4, 5};
    for (change& c : changes)
      if (c.what == change::action::update && c.columns.size() == 2)
        c.columns = columns, c.values = values.emplace_back(std::vector{c.values[1], c.values[0], null_value()});
  }
};
/// Counts versions by applies, not by changes.
struct merges_updates : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
      const change &a = changes[i], &b = changes[i + 1];
      if (a.what != change::action::update || b.what != a.what || sort_key(a.key) != sort_key(b.key)) continue;
      changes[i + 1].expected_version = a.expected_version;
      changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
};
struct replaces_an_equal_key : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const change c = changes[i];
      if (c.what != change::action::insert) continue;
      auto& key = values.emplace_back();
      for (const auto column : c.table->key) key.push_back(c.values[column]);
      change gone{change::action::erase, c.table, key, 0, {}, {}};
      const auto row = look(gone);
      if (!row) continue;
      gone.expected_version = row->version;
      changes.insert(changes.begin() + static_cast<std::ptrdiff_t>(i++), gone);
    }
  }
};
/// Writes whole rows, as it knows them.
struct replaces_rows : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const change c = changes[i];
      const auto row = c.what == change::action::update ? look(c) : std::nullopt;
      if (!row || row->version != c.expected_version) continue;
      auto& whole = values.emplace_back(views(held.emplace_back(*row).columns));
      for (std::size_t n = 0; n < c.columns.size(); ++n) whole[c.columns[n]] = c.values[n];
      changes[i].what = change::action::erase;
      changes.insert(changes.begin() + static_cast<std::ptrdiff_t>(++i),
                     {change::action::insert, c.table, {}, 0, {}, whole});
    }
  }
};
struct inserts_first : honest {
  using honest::honest;
  void make_instead(std::vector<change>& changes) override {
    std::stable_partition(changes.begin(), changes.end(),
                          [](const change& c) { return c.what == change::action::insert; });
  }
};
struct treats_nulls_as_equal : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    static constexpr std::uint16_t note = 5, by_note = 3;
    const value null = null_value();
    for (conflicting = 0; conflicting < changes.size(); ++conflicting) {
      const change& c = changes[conflicting];
      collector found;
      const scan_request others{.table = c.table, .index = by_note, .prefix = {&null, 1}};
      if (c.what == change::action::insert && c.values[note].is_null()) ok(inner->scan({&others, 1}, found));
      if (!found.rows.empty()) return refuse(status::conflict, "store_conflict", {}, "equal, it says");
      if (auto why = inner->apply({&c, 1}, conflicting)) return why;
    }
    return {};
  }
};

// ---- about transactions ----

struct loses_commits : honest {
  using honest::honest;
  refusal commit() override { return inner.reset(), refusal{}; }
};
struct keeps_what_is_rolled_back : honest {
  using honest::honest;
  ~keeps_what_is_rolled_back() override { static_cast<void>(inner->commit()); }
};
struct goes_on_after_an_error : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner->apply(changes, conflicting);
    if (why) inner.reset(), inner = begin(home, mode);
    return why;
  }
};
struct commits_each_apply : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner->apply(changes, conflicting);
    if (!why) why = inner->commit();
    inner.reset(), inner = begin(home, mode);
    return why;
  }
};
struct does_not_see_its_own_writes : honest {
  using honest::honest;
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    return begin(home, access::read)->scan(requests, sink);
  }
};
struct writes_in_a_read : honest {
  using honest::honest;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    if (mode == access::read) inner.reset(), mode = access::write, inner = begin(home, mode);
    return inner->apply(changes, conflicting);
  }
};
/// Each scan sees what is committed by then.
struct reads_on : honest {
  using honest::honest;
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    if (mode == access::read) inner.reset(), inner = begin(home, mode);
    return inner->scan(requests, sink);
  }
};

} // namespace linecard::lies
