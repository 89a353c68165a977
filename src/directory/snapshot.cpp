// One slot for each (table, key) is the invariant everything here serves: a row is decoded once, edited in one
// place, and found again as edited whichever index asks for it.
#include <linecard/snapshot.hpp>

#include "slots.hpp"

#include <linecard/hash.hpp>
#include <linecard/text/utf8.hpp>

#include <algorithm>

namespace linecard {

void throw_absent() {
  throw refused(refuse(status::internal, "row_absent", "", "a row that this needs is gone; nothing was done"));
}

using detail::slot;

namespace {

std::string order_of(const slot& s, std::uint16_t index) {
  std::string order = sort_key(values_of(*s.table, s.now, columns_of_index(*s.table, index)));
  if (index != 0) order += s.key; // ties of an index stand in key order; the key has none
  return order;
}

refused broken_row() {
  return refused(refuse(status::callback, "store_broken_row", "", "the store pushed a row nobody asked for"));
}

} // namespace

struct snapshot::tracer {
  hasher digest{};
};

snapshot::snapshot(row_source& from, const scope& in)
    : from_(from), sees_{in.container_id.value, in.tenant_id.value}, trace_() {}

snapshot::~snapshot() {
  for (auto& [table, object] : objects_) table->object.destroy(object);
}

void* snapshot::make(const table_info& table) {
  void* at = arena_.allocate(table.object.size, table.object.align);
  table.object.make(at); // members are default-made: nothing to leak if the next line throws
  objects_.emplace_back(&table, at);
  return at;
}

void* snapshot::decode(const table_info& table, std::span<const value> columns) {
  void* object = make(table);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    // Bytes that are no UTF-8, from a foreign hand or a host's own table, would stand in the audit chain for ever.
    const bool broken = columns[i].type == value_type::text && !text::valid_utf8(columns[i].bytes());
    if (broken || !table.columns[i].set(object, columns[i])) undecodable(table, table.columns[i]);
  }
  return object;
}

void* snapshot::copy(const table_info& table, const void* from) {
  void* at = make(table);
  table.object.assign(at, from);
  return at;
}

bool snapshot::visible(const table_info& table, std::span<const value> columns) const {
  const auto is = [&](int column, std::uint64_t id) {
    return columns[static_cast<std::size_t>(column)].number == static_cast<std::int64_t>(id);
  };
  if (table.container_column >= 0 && sees_.container != 0 && !is(table.container_column, sees_.container)) return false;
  if (table.tenant_column < 0) return true;
  if (sees_.tenant != 0) return is(table.tenant_column, sees_.tenant);
  return sees_.container == 0 || table.container_column >= 0;
}

slot* snapshot::seen(const table_info& table, std::string_view key) {
  const auto it = by_key_.find(name{&table, key});
  return it == by_key_.end() ? nullptr : it->second;
}

slot* snapshot::remember(const table_info& table, std::string_view key) {
  char* kept = static_cast<char*>(arena_.allocate(key.size() + 1, 1));
  std::copy(key.begin(), key.end(), kept);
  auto& s = slots_.emplace_back();
  s.table = &table;
  s.key = {kept, key.size()};
  by_key_.emplace(name{&table, s.key}, &s);
  return &s;
}

std::string_view snapshot::key_of(const table_info& table, std::span<const value> columns) {
  scratch_.clear();
  for (const auto c : table.key) append_sort_key(scratch_, columns[c]);
  return scratch_;
}

snapshot::tracer& snapshot::trace() {
  if (!trace_) trace_ = std::make_unique<tracer>();
  return *trace_;
}

std::string_view snapshot::key_in_scratch(std::span<const value> values) {
  scratch_.clear();
  for (const auto& v : values) append_sort_key(scratch_, v);
  return scratch_;
}

bool snapshot::edited(const table_info& table) const { return std::ranges::find(edited_, &table) != edited_.end(); }

struct snapshot::collector : row_sink {
  snapshot& facts;
  std::span<const scan_request> requests;
  std::vector<std::vector<slot*>>* found;
  slot* one{}; ///< where nobody wants lists
  std::exception_ptr thrown{};

  collector(snapshot& f, std::span<const scan_request> r, std::vector<std::vector<slot*>>* into)
      : facts(f), requests(r), found(into) {}

  bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
    try {
      return take(request, version, columns);
    } catch (...) { // must not unwind through a host's store
      thrown = std::current_exception();
      return false;
    }
  }

  bool take(std::size_t request, std::int64_t version, std::span<const value> columns) {
    if (request >= requests.size() || version < 1 || columns.size() != requests[request].table->columns.size())
      throw broken_row();
    const auto& table = *requests[request].table;
    if (!facts.visible(table, columns)) return true;
    const auto key = facts.key_of(table, columns);
    if (facts.traces(requests[request])) { // values too: a row erased and made again begins at version 1 again
      facts.trace().digest.add(key).add(version);
      for (const auto& v : columns) facts.trace().digest.add(v);
    }
    auto* s = facts.seen(table, key);
    if (!s) {
      s = facts.remember(table, key);
      s->version = version;
      s->stored = s->before = s->now = facts.decode(table, columns);
    }
    if (found)
      (*found)[request].push_back(s);
    else if (!one)
      one = s;
    return true;
  }
};

/// A tenant's promise depends neither on the platform's own records nor on what is looked up by them: whether it still
/// holds would tell what other tenants did to an identity (I9). The rule reads both afresh when it confirms.
bool snapshot::traces(const scan_request& asked) const {
  if (asked.table->outside_state) return false; // tries are counted, whatever a preview promised
  if (!tracing_ || sees_.tenant == 0) return tracing_;
  if (asked.table->audited == chain::platform) return false;
  return std::ranges::none_of(columns_of_index(*asked.table, asked.index),
                              [&](auto c) { return (asked.table->marks[c] & platform_only_mark) != 0; });
}

void snapshot::trace(std::span<const scan_request> requests) {
  if (!tracing_) return;
  for (const auto& r : requests) {
    if (!traces(r)) continue;
    trace().digest.add(r.table->name).add(std::int64_t{r.index}).add(std::int64_t{r.limit});
    for (const auto& v : r.prefix) trace().digest.add(v);
    for (const auto& v : r.after) trace().digest.add(v);
  }
}

void snapshot::scan(std::span<const scan_request> requests, std::vector<std::vector<slot*>>& found) {
  found.assign(requests.size(), {});
  if (requests.empty()) return;
  trace(requests);
  collector sink(*this, requests, &found);
  auto failed = from_.scan(requests, sink);
  if (sink.thrown) std::rethrow_exception(sink.thrown);
  if (failed) throw refused(std::move(*failed));
}

/// Not slots: what is known of a row stands beside the row itself.
struct snapshot::drifted_sink final : row_sink {
  snapshot& facts;
  const table_info& table;
  std::vector<std::pair<const void*, std::int64_t>> rows{};
  std::exception_ptr thrown{};

  drifted_sink(snapshot& f, const table_info& t) : facts(f), table(t) {}

  bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
    try {
      if (request != 0 || version < 1 || columns.size() != table.columns.size()) throw broken_row();
      if (!facts.visible(table, columns)) return true;
      if (const auto* s = facts.seen(table, facts.key_of(table, columns)); s && s->taken_over) return true;
      if (facts.tracing_) {
        facts.trace().digest.add(version);
        for (const auto& v : columns) facts.trace().digest.add(v);
      }
      rows.emplace_back(facts.decode(table, columns), version);
      return true;
    } catch (...) { // must not unwind through a host's store
      thrown = std::current_exception();
      return false;
    }
  }
};

std::vector<std::pair<const void*, std::int64_t>>
snapshot::drifted_rows(const table_info& table, int index, std::span<const value> prefix, std::uint32_t limit) {
  // The store does not know yet what an earlier command of this transaction took over.
  const auto taken = static_cast<std::uint32_t>(std::ranges::count_if(slots_, &slot::taken_over));
  const scan_request asked[]{{.table = &table,
                              .index = static_cast<std::uint16_t>(index),
                              .prefix = prefix,
                              .limit = limit == 0 ? 0 : limit + taken,
                              .for_update = true,
                              .drifted = true}};
  if (tracing_) trace().digest.add("drifted").add(table.name);
  drifted_sink sink(*this, table);
  auto failed = from_.scan(asked, sink);
  if (sink.thrown) std::rethrow_exception(sink.thrown);
  if (failed) throw refused(std::move(*failed));
  return std::move(sink.rows);
}

slot* snapshot::find_slot(const table_info& table, int index, std::span<const value> prefix) {
  if (index == 0)
    if (auto* s = seen(table, key_in_scratch(prefix))) return s;
  const auto at = static_cast<std::uint16_t>(index);
  const scan_request request[]{{.table = &table, .index = at, .prefix = prefix, .limit = 1}};
  trace(request);
  collector sink(*this, request, nullptr);
  auto failed = from_.scan(request, sink);
  if (sink.thrown) std::rethrow_exception(sink.thrown);
  if (failed) throw refused(std::move(*failed));
  return settle_question(table, at, prefix, sink.one);
}

slot* snapshot::settle_question(const table_info& table, std::uint16_t index, std::span<const value> prefix,
                                slot* found) {
  if (found && found->now && matches(*found, index, prefix)) return found;
  if (index != 0) return edited(table) ? own_row({&table, index, {prefix.begin(), prefix.end()}}) : nullptr;
  const auto key = key_in_scratch(prefix);
  auto* answer = seen(table, key);
  return answer ? answer : remember(table, key);
}

std::vector<slot*> snapshot::find_slots(std::span<const question> questions) {
  std::vector<slot*> out(questions.size());
  std::vector<scan_request> requests;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& q = questions[i];
    if (q.index == 0 && (out[i] = seen(*q.table, key_in_scratch(q.prefix)))) continue;
    requests.push_back({.table = q.table, .index = q.index, .prefix = q.prefix, .limit = 1});
    asked.push_back(i);
  }
  std::vector<std::vector<slot*>> found;
  scan(requests, found);
  for (std::size_t r = 0; r < requests.size(); ++r) {
    const auto& q = questions[asked[r]];
    out[asked[r]] = settle_question(*q.table, q.index, q.prefix, found[r].empty() ? nullptr : found[r].front());
  }
  return out;
}

/// A row this run inserted or edited that answers by another index than the key. Inserted rows are looked up by what
/// they held when inserted and judged as they stand, so that an import of thousands stays linear.
slot* snapshot::own_row(const question& q) {
  const auto it = inserted_.find(index_name(*q.table, q.index, sort_key(q.prefix)));
  if (it != inserted_.end() && it->second->now && matches(*it->second, q.index, q.prefix)) return it->second;
  for (auto* s : edited_slots_)
    if (s->table == q.table && s->now && matches(*s, q.index, q.prefix)) return s;
  return nullptr;
}

void snapshot::note_edit(slot& s) {
  if (!edited(*s.table)) edited_.push_back(s.table);
  if (!std::exchange(s.noted, true)) edited_slots_.push_back(&s);
}

std::vector<slot*> snapshot::list_slots(const table_info& table, int index, std::span<const value> prefix,
                                        const page& part) {
  const auto at = static_cast<std::uint16_t>(index);
  const bool own = edited(table);
  const scan_request request[]{{.table = &table,
                                .index = at,
                                .prefix = prefix,
                                .after = part.after,
                                .limit = own ? 0 : part.limit,
                                .descending = part.descending}};
  std::vector<std::vector<slot*>> found;
  scan(request, found);
  auto& rows = found.front();
  if (!own) return std::move(rows);
  // The table has edits of this run: every slot is judged as it stands now, then ordered as the index would.
  std::vector<std::pair<std::string, slot*>> ordered;
  const std::string beyond = sort_key(part.after);
  const auto consider = [&](slot& s) {
    if (!s.now || !matches(s, at, prefix)) return;
    auto order = order_of(s, at);
    if (!beyond.empty() && (part.descending ? order >= beyond : order <= beyond)) return;
    ordered.emplace_back(std::move(order), &s);
  };
  for (auto* s : rows)
    if (s->now == s->stored) consider(*s);
  for (auto& s : slots_)
    if (s.table == &table && s.now != s.stored) consider(s);
  std::ranges::sort(
      ordered, [&](const auto& a, const auto& b) { return part.descending ? b.first < a.first : a.first < b.first; });
  std::vector<slot*> out;
  for (auto& [order, s] : ordered)
    if (part.limit == 0 || out.size() < part.limit) out.push_back(s);
  return out;
}

bool snapshot::forgets(any_id person, any_id chain) const {
  return std::ranges::any_of(
      forgotten_, [&](const auto& gone) { return gone.first == person && (!gone.second || gone.second == chain); });
}

std::string snapshot::trace_digest() {
  tracing_ = false;
  return trace().digest.finish();
}

} // namespace linecard
