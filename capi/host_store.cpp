// A store behind a vtable. It trusts nothing: a transaction must be set, a commit must count, an answer that is no
// answer is a broken callback. What a store must refuse (use after an error, writing in a read) is refused here.
#include "adapters.hpp"
#include "host_answer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <memory_resource>
#include <string>
#include <vector>

namespace linecard::capi {

namespace {

/// A table as the host sees it; the struct points into its neighbours and so never moves.
struct host_table {
  explicit host_table(const table_info& from, std::uint32_t number);
  host_table(const host_table&) = delete;
  host_table& operator=(const host_table&) = delete;

  const table_info* described;
  std::string name;
  std::deque<std::string> names{};
  std::deque<linecard_column> columns{};
  std::deque<linecard_index> indexes{};
  std::vector<const linecard_column*> column_list{};
  std::vector<const linecard_index*> index_list{};
  linecard_table table{};
};

linecard_value to_host(const value& v) { return {static_cast<std::int32_t>(v.type), 0, v.number, v.data}; }

/// What a column holds that nobody wrote.
value initial_of(const field& f) {
  if (f.nullable) return null_value();
  switch (f.type->stored) {
  case value_type::integer:
    return integer_value(0);
  case value_type::text:
    return text_value(f.type->words.empty() ? std::string_view{} : f.type->words[0]);
  default:
    return blob_value({});
  }
}

host_table::host_table(const table_info& from, std::uint32_t number) : described(&from), name(from.name) {
  for (std::size_t i = 0; i < from.columns.size(); ++i) {
    const field& f = from.columns[i];
    names.emplace_back(f.name);
    columns.push_back({sizeof(linecard_column), static_cast<std::int32_t>(f.type->stored), names.back().c_str(),
                       f.nullable ? 1 : 0, static_cast<std::uint32_t>(from.marks[i] & (personal_mark | secret_mark)),
                       to_host(initial_of(f))});
    column_list.push_back(&columns.back());
  }
  for (const index_info& i : from.indexes) {
    indexes.push_back({sizeof(linecard_index), i.unique ? 1 : 0, i.columns.data(), i.columns.size()});
    index_list.push_back(&indexes.back());
  }
  table = {sizeof(linecard_table), number,          name.c_str(),      column_list.data(), column_list.size(),
           from.key.data(),        from.key.size(), index_list.data(), index_list.size()};
}
static_assert(personal_mark == LINECARD_MARK_PERSONAL && secret_mark == LINECARD_MARK_SECRET);

/// Behind linecard_sink.
struct sink_object {
  row_sink& to;
  std::span<const scan_request> requests;
  std::size_t at{};
  std::uint32_t rows{};
  bool enough{};
  const char* flaw{};
  std::exception_ptr thrown{};

  std::int32_t row(std::size_t request, std::int64_t version, const linecard_value* columns, std::size_t count);
};

linecard_sink* handle_of(sink_object& s) { return reinterpret_cast<linecard_sink*>(&s); }

constexpr std::size_t most_columns = 64;

const char* flaw_of_value(const linecard_value& v) {
  if (v.type < LINECARD_NULL || v.type > LINECARD_BYTES_BLOB) return "a value of no type";
  if (v.type >= LINECARD_BYTES_TEXT && (v.number < 0 || !v.data)) return "a text or blob without bytes";
  return nullptr;
}

std::int32_t sink_object::row(std::size_t request, std::int64_t version, const linecard_value* columns,
                              std::size_t count) {
  if (flaw || thrown) return 0;
  if (request >= requests.size() || request < at) return flaw = "gave a row of a request that is not being answered", 0;
  if (request > at) at = request, rows = 0, enough = false;
  const scan_request& asked = requests[at];
  if (enough) return 0;
  if (!columns || count != asked.table->columns.size() || count > most_columns)
    return flaw = "gave a row without all its columns", 0;
  if (version < 1) return flaw = "gave a row with a version below 1", 0;
  std::array<value, most_columns> values;
  for (std::size_t i = 0; i < count; ++i) {
    if (flaw_of_value(columns[i])) return flaw = flaw_of_value(columns[i]), 0;
    values[i] = {static_cast<value_type>(columns[i].type), columns[i].number,
                 columns[i].type >= LINECARD_BYTES_TEXT ? columns[i].data : nullptr};
  }
  // No exception may cross the host's frames; it is thrown again when scan has returned.
  try {
    const bool more = to.row(at, version, {values.data(), count});
    enough = !more || ++rows == asked.limit;
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (...) {
    thrown = std::current_exception();
    return 0;
  }
  return enough ? 0 : 1;
}

class store_of_host final : public store {
public:
  explicit store_of_host(owned_table<linecard_store>&& table) : host_(std::move(table)) {}

  refusal prepare(std::span<const table_info* const> tables) override;
  result<std::unique_ptr<transaction>> begin(access mode) override;
  [[nodiscard]] bool excludes_writers() const override { return (host_->caps & LINECARD_CAP_EXCLUDES_WRITERS) != 0; }
  std::optional<std::uint64_t> change_counter() override;
  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds timeout) override;

  [[nodiscard]] const linecard_table* find(const table_info* described) const {
    for (const auto& t : tables_)
      if (t.described == described) return &t.table;
    return nullptr;
  }

  template <class F> refusal call(const char* name, F&& callback) {
    failure_object said;
    const auto answer = host_.guarded_by().call([&] { return callback(*host_, handle_of(said)); });
    return judge(name, answer, said);
  }

  std::atomic<std::uint64_t> commits{0};

private:
  refusal probe();

  owned_table<linecard_store> host_;
  std::deque<host_table> tables_{};
};

class transaction_of_host final : public transaction {
public:
  transaction_of_host(store_of_host& in, access mode) : in_(in), mode_(mode) {}
  transaction_of_host(const transaction_of_host&) = delete;
  transaction_of_host& operator=(const transaction_of_host&) = delete;
  ~transaction_of_host() override { roll_back(); }

  /// Apart from the constructor, so that whatever begin sets is rolled back, however it ends.
  refusal start() {
    if (auto no = in_.call("begin", [&](const linecard_store& host, linecard_failure* said) {
          return host.begin(host.self, mode_ == access::write ? LINECARD_WRITE : LINECARD_READ, &handle_, said);
        }))
      return no;
    if (!handle_) return broken("begin", "set no transaction");
    return {};
  }

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override;
  refusal commit() override;

private:
  [[nodiscard]] refusal unusable() const {
    const char* why = over_      ? "the transaction is over"
                      : failed_  ? "only rollback follows an error"
                      : in_call_ ? "a sink may not use the transaction that feeds it"
                                 : nullptr;
    if (!why) return {};
    return refuse(status::internal, "store_misused", {}, why);
  }
  void roll_back() {
    if (over_ || !handle_) return;
    over_ = true;
    (void)in_.call("rollback", [&](const linecard_store& host, linecard_failure*) {
      return host.rollback(host.self, handle_), LINECARD_DONE;
    });
  }

  store_of_host& in_;
  access mode_;
  void* handle_ = nullptr;
  bool over_{}, failed_{}, in_call_{};
};

/// Values laid out for one call of the host.
class layout {
public:
  explicit layout(std::size_t values) { values_.reserve(values); }
  const linecard_value* add(std::span<const value> from) {
    const std::size_t at = values_.size();
    for (const value& v : from) values_.push_back(to_host(v));
    return values_.data() + at;
  }

private:
  std::array<std::byte, 4096> near_;
  std::pmr::monotonic_buffer_resource arena_{near_.data(), near_.size()};
  std::pmr::vector<linecard_value> values_{&arena_};
};

refusal not_prepared(const table_info& table) {
  return refuse(status::internal, "table_invalid", {}, "table \"" + std::string(table.name) + "\" was not prepared");
}

refusal store_of_host::prepare(std::span<const table_info* const> tables) {
  std::vector<const linecard_table*> list;
  for (const table_info* t : tables) {
    if (t->columns.size() > most_columns)
      return refuse(status::internal, "table_invalid", {},
                    "table \"" + std::string(t->name) + "\" has too many columns");
    if (!find(t)) tables_.emplace_back(*t, static_cast<std::uint32_t>(tables_.size()));
    list.push_back(find(t));
  }
  if (auto no = call("prepare", [&](const linecard_store& host, linecard_failure* said) {
        return host.prepare(host.self, list.data(), list.size(), said);
      }))
    return no;
  return probe();
}

refusal store_of_host::probe() {
  struct ignore final : row_sink {
    bool row(std::size_t, std::int64_t, std::span<const value>) override { return false; }
  } nobody;
  auto begun = begin(access::read);
  if (!begun) return std::move(begun).error();
  if (!tables_.empty()) {
    const scan_request any_row{.table = tables_.front().described, .limit = 1};
    if (auto no = (*begun)->scan({&any_row, 1}, nobody)) return no;
  }
  return (*begun)->commit();
}

result<std::unique_ptr<transaction>> store_of_host::begin(access mode) {
  auto made = std::make_unique<transaction_of_host>(*this, mode);
  if (auto no = made->start()) return *std::move(no);
  return std::unique_ptr<transaction>(std::move(made));
}

std::optional<std::uint64_t> store_of_host::change_counter() {
  if (!host_->change_counter) return std::nullopt;
  std::uint64_t counter = 0;
  const auto answer = host_.guarded_by().call([&] { return host_->change_counter(host_->self, &counter); });
  return answer == LINECARD_DONE && counter != 0 ? std::optional(counter) : std::nullopt;
}

result<std::optional<std::uint64_t>> store_of_host::wait_for_change(std::uint64_t seen,
                                                                    std::chrono::milliseconds timeout) {
  if (!host_->wait_for_change) return std::optional<std::uint64_t>{};
  const auto patience = std::clamp<std::chrono::milliseconds::rep>(timeout.count(), 0, INT32_MAX);
  std::uint64_t next = 0;
  if (auto no = call("wait_for_change", [&](const linecard_store& host, linecard_failure* said) {
        return host.wait_for_change(host.self, seen, static_cast<std::int32_t>(patience), &next, said);
      }))
    return *std::move(no);
  if (next == 0) return broken("wait_for_change", "set no number");
  return std::optional(next);
}

refusal transaction_of_host::scan(std::span<const scan_request> requests, row_sink& sink) {
  if (auto no = unusable()) return no;
  std::size_t count = 0;
  for (const scan_request& r : requests) count += r.prefix.size() + r.after.size() + 2;
  layout values(count);
  std::vector<linecard_scan_request> asked;
  std::vector<const linecard_scan_request*> list;
  asked.reserve(requests.size());
  list.reserve(requests.size());
  for (const scan_request& r : requests) {
    const linecard_table* table = in_.find(r.table);
    if (!table) return not_prepared(*r.table);
    asked.push_back({sizeof(linecard_scan_request), r.index, table, values.add(r.prefix), r.prefix.size(),
                     r.from ? values.add({r.from, 1}) : nullptr, r.below ? values.add({r.below, 1}) : nullptr,
                     values.add(r.after), r.after.size(), r.limit, r.descending ? 1 : 0, r.for_update ? 1 : 0,
                     r.drifted ? 1 : 0});
    list.push_back(&asked.back());
  }
  sink_object rows{sink, requests};
  struct flag {
    bool& up;
    ~flag() { up = false; }
  } const lowered{in_call_ = true};
  failed_ = true; // until the host has answered
  auto no = in_.call("scan", [&](const linecard_store& host, linecard_failure* said) {
    return host.scan(host.self, handle_, list.data(), list.size(), handle_of(rows), said);
  });
  if (rows.thrown) std::rethrow_exception(rows.thrown);
  if (no) return no;
  if (rows.flaw) return broken("scan", rows.flaw);
  failed_ = false;
  return {};
}

refusal transaction_of_host::apply(std::span<const change> changes, std::size_t& conflicting) {
  if (auto no = unusable()) return no;
  if (mode_ != access::write)
    return refuse(status::internal, "store_misused", {}, "a read transaction cannot change rows");
  std::size_t count = 0;
  for (const change& c : changes) count += c.key.size() + c.values.size();
  layout values(count);
  std::vector<linecard_change> asked;
  std::vector<const linecard_change*> list;
  asked.reserve(changes.size());
  list.reserve(changes.size());
  for (const change& c : changes) {
    const linecard_table* table = in_.find(c.table);
    if (!table) return not_prepared(*c.table);
    asked.push_back({sizeof(linecard_change), static_cast<std::int32_t>(c.what), table, values.add(c.key), c.key.size(),
                     c.expected_version, c.columns.data(), c.columns.size(), values.add(c.values), c.values.size()});
    list.push_back(&asked.back());
  }
  failed_ = true; // until all of them stand
  std::size_t which = changes.size();
  auto no = in_.call("apply", [&](const linecard_store& host, linecard_failure* said) {
    return host.apply(host.self, handle_, list.data(), list.size(), &which, said);
  });
  if (no && no->code == status::conflict) {
    if (which >= changes.size()) return broken("apply", "named no change that conflicts");
    conflicting = which;
  }
  if (no) return no;
  failed_ = false;
  return {};
}
static_assert(static_cast<int>(change::action::insert) == LINECARD_INSERT &&
              static_cast<int>(change::action::update) == LINECARD_UPDATE &&
              static_cast<int>(change::action::erase) == LINECARD_ERASE &&
              static_cast<int>(change::action::require) == LINECARD_REQUIRE);

refusal transaction_of_host::commit() {
  if (auto no = unusable()) return no;
  failed_ = true;
  const std::uint64_t before = in_.commits.fetch_add(1, std::memory_order_relaxed);
  std::uint64_t after = before;
  if (auto no = in_.call("commit", [&](const linecard_store& host, linecard_failure* said) {
        return host.commit(host.self, handle_, &after, said);
      }))
    return no;
  if (after != before + 1) return broken("commit", "did not count");
  over_ = true;
  return {};
}

} // namespace

std::unique_ptr<store> host_store(owned_table<linecard_store>& table) {
  return std::make_unique<store_of_host>(std::move(table));
}

} // namespace linecard::capi

using namespace linecard::capi;

int32_t linecard_sink_row(linecard_sink* sink, size_t request, int64_t version, const linecard_value* columns,
                          size_t count) {
  return sink ? reinterpret_cast<sink_object*>(sink)->row(request, version, columns, count) : 0;
}
