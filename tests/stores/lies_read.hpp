// Lies about reading, about prepare and about what a store may offer.
#pragma once

#include "lies.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

namespace linecard::lies {

// ---- about what was asked ----

struct includes_below : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests)
      if (r.below != nullptr && r.below->type == value_type::integer)
        r.below = values.emplace_back(std::vector{integer_value(r.below->number + 1)}).data();
  }
};
struct ignores_after : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests) r.after = {};
  }
};
struct ignores_descending : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests) r.descending = false;
  }
};
struct leaks_the_limit : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (std::size_t i = 1; i < requests.size(); ++i)
      if (requests[i].limit == 0) requests[i].limit = requests[i - 1].limit;
  }
};
/// When the next request has the same form.
struct leaks_the_lower_bound : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (std::size_t i = 1; i < requests.size(); ++i) {
      scan_request &r = requests[i], &before = requests[i - 1];
      if (r.table == before.table && r.index == before.index && r.prefix.size() == before.prefix.size() && !r.from)
        r.from = before.from;
    }
  }
};
/// Of a page that is not the first, and runs backwards.
struct forgets_the_lower_bound : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests)
      if (r.descending && !r.after.empty()) r.from = nullptr;
  }
};
struct compares_half_the_key : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests)
      if (r.index == 0 && r.prefix.size() > 1) r.prefix = r.prefix.first(1);
  }
};

// ---- about what was found ----

struct turns_answers_round : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request>, std::vector<found_row>& rows) override {
    if (!rows.empty() && rows.front().request == rows.back().request) std::reverse(rows.begin(), rows.end());
  }
};
struct calls_every_version_1 : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request>, std::vector<found_row>& rows) override {
    for (found_row& r : rows) r.version = 1;
  }
};
struct reads_empty_text_as_null : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request>, std::vector<found_row>& rows) override {
    for (found_row& r : rows)
      for (kept& cell : r.columns)
        if (cell == kept("")) cell = none;
  }
};
struct numbers_all_requests_0 : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request>, std::vector<found_row>& rows) override {
    for (found_row& r : rows) r.request = 0;
  }
};
struct skips_rows_that_are_locked : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request> requests, std::vector<found_row>& rows) override {
    std::erase_if(rows, [&](const found_row& r) { return requests[r.request].for_update; });
  }
};
struct feeds_a_sink_that_may_use_it : about_answers {
  using about_answers::about_answers;
  void tell(std::span<const scan_request>, std::vector<found_row>&) override {}
};
struct ends_all_when_the_sink_has_enough : honest {
  using honest::honest;
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    collector found;
    if (auto why = inner->scan(requests, found)) return why;
    for (const found_row& r : found.rows)
      if (!sink.row(r.request, r.version, views(r.columns))) break;
    return {};
  }
};
struct finds_no_unique_value_twice : honest {
  using honest::honest;
  void ask_instead(std::vector<scan_request>& requests) override {
    for (scan_request& r : requests)
      if (r.index > 0 && r.table->indexes[r.index - 1u].unique && !r.prefix.empty()) r.limit = 1;
  }
};

// ---- about the store itself ----

/// Tells the inner store of its tables without unique indexes.
struct forgets_unique_indexes : telling<honest> {
  using telling::telling;
  struct told {
    std::vector<index_info> indexes{};
    table_info table{};
  };
  std::map<const table_info*, told> as{};

  struct translating : honest {
    std::map<const table_info*, told>* as{};
    using honest::honest;
    void ask_instead(std::vector<scan_request>& requests) override {
      for (scan_request& r : requests) r.table = &as->at(r.table).table;
    }
    void make_instead(std::vector<change>& changes) override {
      for (change& c : changes) c.table = &as->at(c.table).table;
    }
  };
  refusal prepare(std::span<const table_info* const> tables) override {
    std::vector<const table_info*> list;
    for (const table_info* t : tables) {
      told& made = as[t];
      made.indexes.assign(t->indexes.begin(), t->indexes.end());
      for (index_info& i : made.indexes) i.unique = false;
      made.table = *t, made.table.indexes = made.indexes;
      list.push_back(&made.table);
    }
    return inner->prepare(list);
  }
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto made = std::make_unique<translating>(*inner, mode, contract::begin(*inner, mode));
    made->as = &as;
    return std::unique_ptr<transaction>(std::move(made));
  }
};
struct begins_anew_when_prepared : telling<honest> {
  using telling::telling;
  std::deque<std::unique_ptr<store>> before{};
  bool prepared{};
  refusal prepare(std::span<const table_info* const> tables) override {
    if (std::exchange(prepared, true)) before.push_back(std::exchange(inner, memory_store()));
    return inner->prepare(tables);
  }
};
struct adds_nothing_to_a_table : telling<honest> {
  using telling::telling;
  refusal prepare(std::span<const table_info* const> tables) override {
    std::vector<const table_info*> list(tables.begin(), tables.end());
    std::erase(list, &later_parcels);
    return inner->prepare(list);
  }
};
/// Takes a column more for a table that is not its own.
struct refuses_newer_storage : telling<honest> {
  using telling::telling;
  static inline bool newer = false;
  refusal prepare(std::span<const table_info* const> tables) override {
    newer = newer || tables.front() == &later_parcels;
    if (newer && tables.front() == &parcels) return refuse(status::internal, "table_differs", {}, "one column more");
    return inner->prepare(tables);
  }
};
/// Shows readers what the open write transaction has done.
struct shows_what_is_not_committed : telling<honest> {
  using telling::telling;
  struct peeking : honest {
    transaction** writer{};
    using honest::honest;
    ~peeking() override {
      if (*writer == inner.get()) *writer = nullptr;
    }
    refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
      return (*writer ? *writer : inner.get())->scan(requests, sink);
    }
    refusal commit() override {
      if (*writer == inner.get()) *writer = nullptr;
      return inner->commit();
    }
  };
  transaction* writer{};
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto made = std::make_unique<peeking>(*inner, mode, contract::begin(*inner, mode));
    made->writer = &writer;
    if (mode == access::write) writer = made->inner.get();
    return std::unique_ptr<transaction>(std::move(made));
  }
};
/// Reads and writes in two transactions. The first that comes between them waits, a little, for a second.
struct leaves_a_gap : telling<honest> {
  using telling::telling;
  std::mutex mutex{};
  std::condition_variable met{};
  int in_the_gap = 0;
  bool guards_dropped{}; ///< checks versions before the gap, not after it

  void meet() {
    std::unique_lock hold(mutex);
    ++in_the_gap;
    met.notify_all();
    met.wait_for(hold, std::chrono::seconds(1), [&] { return in_the_gap > 1; });
  }
  struct gapped : honest {
    leaves_a_gap* in{};
    using honest::honest;
    refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
      std::vector<change> made(changes.begin(), changes.end());
      if (in->guards_dropped)
        for (std::size_t i = 0; i < made.size(); ++i)
          if (const auto row = made[i].what == change::action::insert ? std::nullopt : look(made[i]))
            if (row->version != made[i].expected_version)
              return conflicting = i, refuse(status::conflict, "store_conflict", {}, "it has moved");
      inner.reset();
      if (std::any_of(made.begin(), made.end(), [](const change& c) { return c.what == change::action::update; }))
        in->meet();
      inner = contract::begin(home, access::write);
      if (in->guards_dropped)
        for (change& c : made)
          if (c.what != change::action::insert)
            if (const auto row = look(c)) c.expected_version = row->version;
      return inner->apply(made, conflicting);
    }
  };
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto made = std::make_unique<gapped>(*inner, mode, contract::begin(*inner, access::read));
    made->in = this;
    if (mode == access::read) return std::move(made->inner);
    return std::unique_ptr<transaction>(std::move(made));
  }
};
struct drops_guards_in_a_gap : leaves_a_gap {
  explicit drops_guards_in_a_gap(std::unique_ptr<store> s) : leaves_a_gap(std::move(s)) { guards_dropped = true; }
};
struct begins_nothing : telling<honest> {
  using telling::telling;
  result<std::unique_ptr<transaction>> begin(access) override { return std::unique_ptr<transaction>{}; }
};
struct throws : telling<honest> {
  using telling::telling;
  result<std::unique_ptr<transaction>> begin(access) override { throw std::runtime_error("the socket is gone"); }
};

/// Not a lie: what change_counter and wait_for_change promise, for one process.
struct noticing : telling<honest> {
  using telling::telling;
  std::atomic<std::uint64_t> commits{1};
  struct counting : honest {
    noticing* in{};
    using honest::honest;
    refusal commit() override {
      auto why = inner->commit();
      if (!why && mode == access::write) ++in->commits, in->commits.notify_all();
      return why;
    }
  };
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto made = std::make_unique<counting>(*inner, mode, contract::begin(*inner, mode));
    made->in = this;
    return std::unique_ptr<transaction>(std::move(made));
  }
  std::optional<std::uint64_t> change_counter() override { return commits.load(); }
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds) override {
    if (seen != 0) commits.wait(seen);
    return std::optional(commits.load());
  }
};
struct counts_nothing : noticing {
  using noticing::noticing;
  std::optional<std::uint64_t> change_counter() override { return 1; }
};
struct always_says_not_yet : noticing {
  using noticing::noticing;
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds) override {
    return std::optional(seen == 0 ? commits.load() : seen);
  }
};
/// A commit between the answer and the next wait is forgotten.
struct misses_what_came_before_the_wait : noticing {
  using noticing::noticing;
  int waits = 0;
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds time) override {
    if (seen != 0 && ++waits > 10) return std::optional(seen);
    return noticing::wait_for_change(seen, time);
  }
};

} // namespace linecard::lies
