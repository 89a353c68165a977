// Rows are immutable once stored; a change swaps tree nodes. Whatever may throw (building the row, its keys and its
// nodes) happens before the first swap, and swapping back moves nodes only, so a rollback cannot fail.
#include <linecard/stores/memory.hpp>

#include "bell.hpp"
#include "request.hpp"

#include <map>
#include <new>
#include <shared_mutex>
#include <string>
#include <vector>

namespace linecard {

namespace {

struct stored_row {
  std::int64_t version{};
  std::vector<value> values{};
  std::string bytes{}; ///< what the values point into
};

using shared_row = std::shared_ptr<const stored_row>;
using tree = std::map<std::string, shared_row, std::less<>>;

struct shelf {
  const table_info* table{};
  std::vector<stores::row_order> orders{}; ///< 0: the key; n: indexes[n-1]
  std::vector<tree> trees{};               ///< by the order's columns, so that keys are distinct
};

/// What takes a change back: nodes to put in again, and places to empty first.
struct undo {
  shelf* where{};
  std::vector<tree::iterator> added{};
  std::vector<tree::node_type> removed{};
};

std::string order_key(const stores::row_order& order, std::span<const value> values) {
  std::string key;
  for (std::size_t i = 0; i < order.size; ++i) append_sort_key(key, values[order.columns[i]]);
  return key;
}

shared_row make_row(std::int64_t version, std::span<const value> values) {
  auto made = std::make_shared<stored_row>();
  made->version = version;
  made->values.assign(values.begin(), values.end());
  for (const value& v : values)
    if (v.data != nullptr) made->bytes.append(v.bytes());
  std::size_t at = 0;
  for (value& v : made->values)
    if (v.data != nullptr) {
      v.data = made->bytes.data() + at;
      at += static_cast<std::size_t>(v.number);
    }
  return made;
}

/// Another row has these values in a unique index. A key is unique by being the whole tree key.
bool collides(const shelf& s, const stored_row& row) {
  if (s.trees[0].contains(order_key(s.orders[0], row.values))) return true;
  for (std::size_t i = 0; i < s.table->indexes.size(); ++i) {
    const index_info& index = s.table->indexes[i];
    if (!index.unique) continue;
    std::string key;
    bool has_null = false;
    for (const auto c : index.columns) {
      has_null = has_null || row.values[c].is_null();
      append_sort_key(key, row.values[c]);
    }
    const auto at = s.trees[i + 1].lower_bound(key);
    if (!has_null && at != s.trees[i + 1].end() && at->first.starts_with(key)) return true;
  }
  return false;
}

std::vector<tree::node_type> make_nodes(const shelf& s, const shared_row& row) {
  std::vector<tree::node_type> nodes;
  for (const auto& order : s.orders) {
    tree one;
    one.emplace(order_key(order, row->values), row);
    nodes.push_back(one.extract(one.begin()));
  }
  return nodes;
}

void take_back(undo& u) noexcept {
  for (std::size_t i = 0; i < u.added.size(); ++i) u.where->trees[i].erase(u.added[i]);
  for (std::size_t i = 0; i < u.removed.size(); ++i) u.where->trees[i].insert(std::move(u.removed[i]));
}

class memory_store_of final : public store {
public:
  refusal prepare(std::span<const table_info* const> tables) override;
  result<std::unique_ptr<transaction>> begin(access mode) override;
  [[nodiscard]] bool excludes_writers() const override { return true; }
  std::optional<std::uint64_t> change_counter() override { return commits.count(); }
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds timeout) override {
    return std::optional(commits.wait(seen, timeout));
  }

  [[nodiscard]] shelf* find(const table_info* table) {
    for (shelf& s : shelves_)
      if (s.table == table) return &s;
    return nullptr;
  }

  std::shared_mutex one_writer{};
  stores::bell commits{}; ///< rung before the writer lets go, so that no reader sees a commit that is not counted

private:
  std::vector<shelf> shelves_{};
};

class memory_transaction final : public transaction {
public:
  memory_transaction(memory_store_of& owner, access mode) : owner_(owner), mode_(mode) {}
  memory_transaction(const memory_transaction&) = delete;
  memory_transaction& operator=(const memory_transaction&) = delete;
  ~memory_transaction() override { end(false); }

  /// Apart from the constructor, so that a transaction which could not be made holds nothing.
  void lock() {
    if (mode_ == access::write)
      owner_.one_writer.lock();
    else
      owner_.one_writer.lock_shared();
    open_ = true;
  }

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override;
  refusal commit() override;

private:
  [[nodiscard]] const char* unusable() const {
    if (!open_) return "the transaction is over";
    if (failed_) return "only rollback follows an error";
    if (scanning_) return "a sink may not use the transaction that feeds it";
    return nullptr;
  }
  refusal change_row(const change& c);
  void scan_one(const shelf& s, std::size_t at, const scan_request& r, row_sink& sink);
  void end(bool keep) noexcept;

  memory_store_of& owner_;
  access mode_;
  bool open_{}, failed_{}, scanning_{};
  std::vector<undo> undo_{};
};

refusal memory_store_of::prepare(std::span<const table_info* const> tables) try {
  const std::unique_lock alone(one_writer);
  for (const table_info* t : tables) {
    if (auto why = stores::check(*t)) return why;
    if (find(t) != nullptr) continue;
    for (const shelf& s : shelves_)
      if (s.table->name == t->name)
        return refuse(status::internal, "table_invalid", {},
                      "table \"" + std::string(t->name) + "\" was prepared with another description");
    shelf made{t, {}, std::vector<tree>(t->indexes.size() + 1)};
    for (std::uint16_t i = 0; i <= t->indexes.size(); ++i) made.orders.push_back(stores::order_of(*t, i));
    shelves_.push_back(std::move(made));
  }
  return {};
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

result<std::unique_ptr<transaction>> memory_store_of::begin(access mode) try {
  auto made = std::make_unique<memory_transaction>(*this, mode);
  made->lock();
  return std::unique_ptr<transaction>(std::move(made));
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

void memory_transaction::scan_one(const shelf& s, std::size_t at, const scan_request& r, row_sink& sink) {
  const tree& rows = s.trees[r.index];
  const std::string prefix = sort_key(r.prefix);
  std::string low = prefix, high = prefix + '\xff';
  if (r.from != nullptr || r.below != nullptr) {
    if ((r.from != nullptr && r.from->is_null()) || (r.below != nullptr && r.below->is_null())) return;
    if (r.from != nullptr)
      append_sort_key(low, *r.from);
    else
      append_sort_key(low, null_value()), low += '\xff'; // a null is in no range
    if (r.below != nullptr) append_sort_key(high = prefix, *r.below);
  }
  if (low >= high) return;
  auto first = rows.lower_bound(low), last = rows.lower_bound(high);
  if (!r.after.empty()) {
    std::string beyond;
    const auto& order = s.orders[r.index];
    for (std::size_t i = 0; i < order.size; ++i) append_sort_key(beyond, r.after[order.in_after[i]]);
    if (r.descending && beyond < low) return;
    if (!r.descending && beyond >= high) return;
    if (r.descending && beyond < high) last = rows.lower_bound(beyond);
    if (!r.descending && beyond >= low) first = rows.upper_bound(beyond);
  }
  std::uint32_t seen = 0;
  while (first != last) {
    const stored_row& row = r.descending ? *(--last)->second : *(first++)->second;
    if (!sink.row(at, row.version, row.values) || ++seen == r.limit) return;
  }
}

refusal memory_transaction::scan(std::span<const scan_request> requests, row_sink& sink) try {
  if (const char* why = unusable()) return stores::misused(why);
  struct flag {
    bool& up;
    ~flag() { up = false; }
  } const lowered{scanning_ = true};
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (const char* flaw = stores::flaw_of(requests[i])) return stores::misused(flaw);
    const shelf* s = owner_.find(requests[i].table);
    if (s == nullptr) return stores::not_prepared(*requests[i].table);
    if (requests[i].drifted) continue; // rows here are nobody else's
    scan_one(*s, i, requests[i], sink);
  }
  return {};
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

refusal memory_transaction::change_row(const change& c) {
  using enum change::action;
  if (const char* flaw = stores::flaw_of(c)) return stores::misused(flaw);
  shelf* s = owner_.find(c.table);
  if (s == nullptr) return stores::not_prepared(*c.table);

  shared_row before;
  if (c.what != insert) {
    const auto at = s->trees[0].find(sort_key(c.key));
    if (at == s->trees[0].end() || at->second->version != c.expected_version) return stores::row_moved(*c.table);
    before = at->second;
    if (c.what == require) return {};
  }

  shared_row after;
  if (c.what == insert) after = make_row(1, c.values);
  if (c.what == update) {
    std::vector<value> values = before->values;
    for (std::size_t i = 0; i < c.columns.size(); ++i) values[c.columns[i]] = c.values[i];
    after = make_row(before->version + 1, values);
  }

  std::vector<tree::node_type> nodes;
  if (after) nodes = make_nodes(*s, after);
  std::vector<std::string> old_keys;
  if (before)
    for (const auto& order : s->orders) old_keys.push_back(order_key(order, before->values));
  undo_.push_back({s, {}, {}});
  undo& u = undo_.back();
  u.added.reserve(s->trees.size());
  u.removed.reserve(s->trees.size());

  for (std::size_t i = 0; i < old_keys.size(); ++i) u.removed.push_back(s->trees[i].extract(old_keys[i]));
  if (!after) return {};
  if (collides(*s, *after)) return stores::already_stands(*c.table);
  for (std::size_t i = 0; i < nodes.size(); ++i) u.added.push_back(s->trees[i].insert(std::move(nodes[i])).position);
  return {};
}

refusal memory_transaction::apply(std::span<const change> changes, std::size_t& conflicting) try {
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

refusal memory_transaction::commit() {
  const char* why = unusable();
  if (why != nullptr && scanning_) return stores::misused(why);
  end(why == nullptr);
  if (why != nullptr) return stores::misused(why);
  return {};
}

void memory_transaction::end(bool keep) noexcept {
  if (!open_) return;
  if (!keep)
    for (auto u = undo_.rbegin(); u != undo_.rend(); ++u) take_back(*u);
  if (keep && !undo_.empty()) owner_.commits.ring();
  undo_.clear();
  open_ = false;
  if (mode_ == access::write)
    owner_.one_writer.unlock();
  else
    owner_.one_writer.unlock_shared();
}

} // namespace

std::unique_ptr<store> memory_store() { return std::make_unique<memory_store_of>(); }

} // namespace linecard
