#include <linecard/contract.hpp>
#include <linecard/stores/memory.hpp>

#include <iostream>
#include <memory>
#include <span>
#include <utility>

namespace {

/// A host's own store: here, memory behind a door. `forgetful` loses what is committed.
struct own_store final : linecard::store {
  std::unique_ptr<linecard::store> rows = linecard::memory_store();
  bool forgetful;
  explicit own_store(bool f) : forgetful(f) {}

  struct own_transaction final : linecard::transaction {
    std::unique_ptr<linecard::transaction> rows;
    bool forgetful;
    own_transaction(std::unique_ptr<linecard::transaction> t, bool f) : rows(std::move(t)), forgetful(f) {}
    linecard::refusal scan(std::span<const linecard::scan_request> requests, linecard::row_sink& sink) override {
      return rows->scan(requests, sink);
    }
    linecard::refusal apply(std::span<const linecard::change> changes, std::size_t& conflicting) override {
      return rows->apply(changes, conflicting);
    }
    linecard::refusal commit() override {
      if (forgetful) return rows.reset(), linecard::refusal{};
      return rows->commit();
    }
  };
  linecard::refusal prepare(std::span<const linecard::table_info* const> tables) override {
    return rows->prepare(tables);
  }
  linecard::result<std::unique_ptr<linecard::transaction>> begin(linecard::access mode) override {
    auto begun = rows->begin(mode);
    if (!begun) return begun;
    return std::unique_ptr<linecard::transaction>(std::make_unique<own_transaction>(*std::move(begun), forgetful));
  }
  [[nodiscard]] bool excludes_writers() const override { return true; }
};

linecard::contract::subject subject_of(bool forgetful) {
  return {.fresh = [forgetful] { return std::make_unique<own_store>(forgetful); }};
}

} // namespace

int main() {
  if (linecard::contract::check(subject_of(false), std::cout) != 0) return 1;
  return linecard::contract::check(subject_of(true), std::cout, "what is committed is seen") == 1 ? 0 : 2;
}
