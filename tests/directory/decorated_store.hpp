// Stores that misbehave on purpose, around one that does not: one whose calls fail, and one that lets others write
// between begin and apply, as PostgreSQL and most hosts' databases do.
#pragma once

#include "tools.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linecard::hard {

/// When and how a faulty_store fails; shared with the test, which arms it.
struct fault_plan {
  enum class point { begin, scan, apply, commit };
  enum class how {
    instead, ///< the call does nothing and fails
    after,   ///< the call is done, and the caller told that it failed
  };
  int fail_at{}; ///< the n-th call from now, counted from 1; 0: never
  how manner{};
  bool lasting{}; ///< every later call fails as well
  int calls{};
  std::optional<point> struck{};

  int conflicts_left{}; ///< this many applies report store_conflict and do nothing
  int begins{};         ///< write transactions begun: one for each run of the rule

  void arm(int n, how m, bool forever = false) { *this = {.fail_at = n, .manner = m, .lasting = forever}; }
  void disarm() { *this = {}; }
  [[nodiscard]] bool fails(point at) {
    const int call = ++std::atomic_ref(calls); // an unarmed plan may stand under several threads
    if (fail_at == 0 || (lasting ? call < fail_at : call != fail_at)) return false;
    struck = at;
    return true;
  }
};

inline error broken() { return refuse(status::store, "store_io", "", "the disk is gone, says the test"); }
inline error conflict() { return refuse(status::conflict, "store_conflict", "", "a row has moved, says the test"); }

class faulty_store final : public store {
public:
  faulty_store(std::shared_ptr<store> inner, std::shared_ptr<fault_plan> plan)
      : inner_(std::move(inner)), plan_(std::move(plan)) {}
  refusal prepare(std::span<const table_info* const> tables) override { return inner_->prepare(tables); }
  [[nodiscard]] bool excludes_writers() const override { return inner_->excludes_writers(); }

  result<std::unique_ptr<transaction>> begin(access mode) override {
    if (mode == access::write) ++std::atomic_ref(plan_->begins);
    if (plan_->fails(fault_plan::point::begin))
      return broken(); // "after" alike: a transaction nobody got is rolled back
    auto begun = inner_->begin(mode);
    if (!begun) return begun;
    return std::unique_ptr<transaction>(std::make_unique<faulty_transaction>(*std::move(begun), plan_));
  }

private:
  struct faulty_transaction final : transaction {
    faulty_transaction(std::unique_ptr<transaction> i, std::shared_ptr<fault_plan> p)
        : inner(std::move(i)), plan(std::move(p)) {}
    std::unique_ptr<transaction> inner;
    std::shared_ptr<fault_plan> plan;

    template <class Call> refusal around(fault_plan::point at, Call call) {
      const bool fails = plan->fails(at);
      if (fails && plan->manner == fault_plan::how::instead) return broken();
      auto no = call();
      return fails ? broken() : std::move(no);
    }
    refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
      return around(fault_plan::point::scan, [&] { return inner->scan(requests, sink); });
    }
    refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
      if (plan->conflicts_left > 0) {
        --plan->conflicts_left;
        conflicting = changes.size() - 1;
        return conflict();
      }
      return around(fault_plan::point::apply, [&] { return inner->apply(changes, conflicting); });
    }
    refusal commit() override {
      return around(fault_plan::point::commit, [&] { return inner->commit(); });
    }
  };

  std::shared_ptr<store> inner_;
  std::shared_ptr<fault_plan> plan_;
};

/// Reads in a read transaction of the inner store and writes in another: between them anybody may write, and only the
/// expected versions notice. `meanwhile` is called there, once for each apply.
class optimistic_store final : public store {
public:
  struct watcher {
    std::function<void()> meanwhile{};
    std::size_t requires_seen{}, conflicts_seen{};
    std::vector<std::string> updated{}; ///< "table.column" of each update applied
  };

  /// A watcher is for one thread; without one, any thread may write.
  explicit optimistic_store(std::shared_ptr<store> inner, std::shared_ptr<watcher> w = nullptr)
      : inner_(std::move(inner)), watcher_(std::move(w)) {}
  refusal prepare(std::span<const table_info* const> tables) override { return inner_->prepare(tables); }
  [[nodiscard]] bool excludes_writers() const override { return false; }

  result<std::unique_ptr<transaction>> begin(access mode) override {
    auto reading = inner_->begin(access::read);
    if (!reading || mode == access::read) return reading;
    auto made = std::make_unique<optimistic_transaction>(*inner_, watcher_);
    made->reading = *std::move(reading);
    return std::unique_ptr<transaction>(std::move(made));
  }

private:
  struct optimistic_transaction final : transaction {
    optimistic_transaction(store& s, std::shared_ptr<watcher> w) : inner(s), watched(std::move(w)) {}
    store& inner;
    std::shared_ptr<watcher> watched;
    std::unique_ptr<transaction> reading{}, writing{};

    refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
      return reading->scan(requests, sink);
    }
    refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
      reading.reset();
      if (watched) {
        if (watched->meanwhile) watched->meanwhile();
        for (const auto& c : changes) {
          watched->requires_seen += c.what == change::action::require;
          if (c.what == change::action::update)
            for (const auto column : c.columns)
              watched->updated.push_back(std::string(c.table->name) + "." + std::string(c.table->columns[column].name));
        }
      }
      auto begun = inner.begin(access::write);
      if (!begun) return std::move(begun).error();
      writing = *std::move(begun);
      auto no = writing->apply(changes, conflicting);
      if (no && watched) ++watched->conflicts_seen;
      return no;
    }
    refusal commit() override { return writing->commit(); }
  };

  std::shared_ptr<store> inner_;
  std::shared_ptr<watcher> watcher_;
};

} // namespace linecard::hard
