#include "journal.hpp"

#include "expect.hpp"

#include <cxxabi.h>

#include <exception>
#include <thread>
#include <vector>

namespace linecard::contract {

namespace {

constexpr std::size_t most_rows = 6;

template <class Names> std::string list(std::size_t count, Names name) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? ", " : "") + name(i);
  return out;
}
std::string values(std::span<const value> from) {
  return list(from.size(), [&](std::size_t i) { return show(from[i]); });
}
std::string column(const table_info& t, std::size_t i) {
  return i < t.columns.size() ? std::string(t.columns[i].name) : "column " + std::to_string(i);
}

std::string text_of(const scan_request& r) {
  const table_info& t = *r.table;
  std::string out(t.name);
  out += " by ";
  if (r.index == 0) out += "key";
  if (r.index > 0 && r.index <= t.indexes.size()) {
    const auto columns = t.indexes[r.index - 1u].columns;
    out += "(" + list(columns.size(), [&](std::size_t i) { return column(t, columns[i]); }) + ")";
  }
  if (!r.prefix.empty()) out += " = (" + values(r.prefix) + ")";
  if (r.from != nullptr) out += ", from " + show(*r.from);
  if (r.below != nullptr) out += ", below " + show(*r.below);
  if (!r.after.empty()) out += ", after (" + values(r.after) + ")";
  if (r.limit != 0) out += ", limit " + std::to_string(r.limit);
  if (r.descending) out += ", descending";
  if (r.for_update) out += ", for update";
  if (r.drifted) out += ", drifted";
  return out;
}

std::string text_of(const change& c) {
  const table_info& t = *c.table;
  constexpr const char* actions[] = {"insert", "update", "erase", "require"};
  std::string out = actions[static_cast<std::size_t>(c.what)] + (" " + std::string(t.name));
  if (c.what != change::action::insert) out += " (" + values(c.key) + ") at v" + std::to_string(c.expected_version);
  if (c.what == change::action::insert || c.what == change::action::update)
    out += " {" +
           list(c.values.size(),
                [&](std::size_t i) {
                  const std::size_t at = c.what == change::action::update && i < c.columns.size() ? c.columns[i] : i;
                  return column(t, at) + ": " + show(c.values[i]);
                }) +
           "}";
  return out;
}

/// Copies the first rows on their way.
struct noting final : row_sink {
  noting(row_sink& t, bool several) : to(t), numbered(several) {}
  row_sink& to;
  bool numbered;
  std::size_t count{};
  std::string first{};
  bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
    if (++count <= most_rows)
      first += "\n  " + (numbered ? "request " + std::to_string(request) + " found " : std::string()) +
               show(found_row{request, version, {columns.begin(), columns.end()}});
    return to.row(request, version, columns);
  }
  [[nodiscard]] std::string text() const {
    return first + (count > most_rows ? "\n  ... " + std::to_string(count) + " rows in all" : "");
  }
};

class recorded_transaction final : public transaction {
public:
  recorded_transaction(std::unique_ptr<transaction> inner, access mode, std::shared_ptr<journal> in, std::string name)
      : inner_(std::move(inner)), in_(std::move(in)), name_(std::move(name)), writes_(mode == access::write) {}
  recorded_transaction(const recorded_transaction&) = delete;
  recorded_transaction& operator=(const recorded_transaction&) = delete;
  ~recorded_transaction() override {
    if (!committed_ && !std::uncaught_exceptions()) in_->write(name_ + (writes_ ? " rollback" : " ends"));
  }

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
    noting rows(sink, requests.size() != 1);
    auto why = inner_->scan(requests, rows);
    std::string asked;
    for (const scan_request& r : requests) asked += (requests.size() == 1 ? " " : "\n  asks ") + text_of(r);
    const std::string end = why ? show(why) : std::to_string(rows.count) + " found";
    in_->write(name_ + " scan" + (requests.size() == 1 ? asked + ": " + end : ": " + end + asked) + rows.text());
    return why;
  }
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner_->apply(changes, conflicting);
    write_down("apply", changes, why, conflicting);
    return why;
  }
  refusal apply_and_commit(std::span<const change> changes, std::size_t& conflicting) override {
    auto why = inner_->apply_and_commit(changes, conflicting);
    write_down("apply and commit", changes, why, conflicting);
    committed_ = !why;
    return why;
  }
  refusal commit() override {
    auto why = inner_->commit();
    in_->write(name_ + " commit: " + show(why));
    committed_ = !why;
    return why;
  }

private:
  void write_down(const char* call, std::span<const change> changes, const refusal& why, std::size_t conflicting) {
    constexpr std::size_t most_changes = 8;
    std::string line = name_ + " " + call + ": " + show(why);
    if (is_conflict(why))
      line += conflicting < changes.size() ? " at change " + std::to_string(conflicting) : " that names no change";
    for (std::size_t i = 0; i < changes.size() && i < most_changes; ++i) line += "\n  " + text_of(changes[i]);
    if (changes.size() > most_changes) line += "\n  ... " + std::to_string(changes.size()) + " changes in all";
    in_->write(std::move(line));
  }

  std::unique_ptr<transaction> inner_;
  std::shared_ptr<journal> in_;
  std::string name_;
  bool writes_, committed_{};
};

class recorded_store final : public store {
public:
  recorded_store(std::unique_ptr<store> inner, std::shared_ptr<journal> in, std::string name)
      : inner_(std::move(inner)), in_(std::move(in)), name_(std::move(name)) {}
  recorded_store(const recorded_store&) = delete;
  recorded_store& operator=(const recorded_store&) = delete;
  ~recorded_store() override {
    if (!std::uncaught_exceptions()) in_->write(name_ + " closed");
  }

  refusal prepare(std::span<const table_info* const> tables) override {
    auto why = inner_->prepare(tables);
    in_->write(name_ + " prepare " +
               list(tables.size(),
                    [&](std::size_t i) {
                      return std::string(tables[i]->name) + " (" + std::to_string(tables[i]->columns.size()) +
                             " columns)";
                    }) +
               ": " + show(why));
    return why;
  }
  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto begun = inner_->begin(mode);
    const std::string name = "T" + std::to_string(in_->next_transaction());
    const std::string what = mode == access::write ? " begin write" : " begin read";
    in_->write(name + what + " in " + name_ + ": " + (begun ? "success" : show(refusal(begun.error()))));
    if (!begun || !*begun) return begun;
    return std::unique_ptr<transaction>(std::make_unique<recorded_transaction>(*std::move(begun), mode, in_, name));
  }
  [[nodiscard]] bool excludes_writers() const override { return inner_->excludes_writers(); }
  [[nodiscard]] std::optional<std::uint64_t> change_counter() override {
    const auto now = inner_->change_counter();
    in_->write(name_ + " change counter: " + (now ? std::to_string(*now) : "not offered"));
    return now;
  }
  [[nodiscard]] result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen,
                                                                     std::chrono::milliseconds timeout) override {
    auto now = inner_->wait_for_change(seen, timeout);
    in_->write(name_ + " wait for a change after " + std::to_string(seen) + ", " + std::to_string(timeout.count()) +
               " ms: " +
               (!now   ? show(refusal(now.error()))
                : *now ? std::to_string(**now)
                       : "not offered"));
    return now;
  }

  [[nodiscard]] store& inner() { return *inner_; }
  [[nodiscard]] journal& in() { return *in_; }

private:
  std::unique_ptr<store> inner_;
  std::shared_ptr<journal> in_;
  std::string name_;
};

/// Claims see no other stores than recorded ones.
recorded_store& recorder(store& s) { return dynamic_cast<recorded_store&>(s); }

} // namespace

void journal::write(std::string line) {
  ++written_;
  lines_.push_back(std::move(line));
  if (lines_.size() > most) lines_.pop_front();
}

void journal::forget_since(std::size_t mark) {
  for (; written_ > mark && !lines_.empty(); --written_) lines_.pop_back();
}

std::string journal::text() const {
  std::string out;
  if (written_ > lines_.size()) out = "... " + std::to_string(written_ - lines_.size()) + " operations before\n";
  for (const std::string& line : lines_) out += line + '\n';
  return out;
}

std::unique_ptr<store> recorded(std::unique_ptr<store> inner, std::shared_ptr<journal> in, const char* how) {
  if (!inner) broken(how, "no store");
  const std::string name = "S" + std::to_string(in->next_store());
  in->write(name + " is " + how);
  return std::make_unique<recorded_store>(std::move(inner), std::move(in), name);
}

journal& journal_of(store& s) { return recorder(s).in(); }

void note(store& s, const std::string& line) { journal_of(s).write(line); }

store& plain(store& s) { return recorder(s).inner(); }

void together(store& s, const std::string& story, int count, const std::function<void(store&, int)>& body) {
  note(s, story);
  store& shared = plain(s);
  std::vector<std::exception_ptr> thrown(static_cast<std::size_t>(count));
  struct joined {
    std::vector<std::thread> threads{};
    ~joined() {
      for (auto& t : threads) t.join();
    }
  };
  {
    joined all;
    for (int i = 0; i < count; ++i)
      all.threads.emplace_back([&, i] {
        try {
          body(shared, i);
        } catch (abi::__forced_unwind&) {
          throw; // pthread_exit: whoever swallows it ends the process
        } catch (...) {
          thrown[static_cast<std::size_t>(i)] = std::current_exception();
        }
      });
  }
  for (const auto& what : thrown)
    if (what) std::rethrow_exception(what);
}

} // namespace linecard::contract
