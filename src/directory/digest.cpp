#include "state.hpp"

#include <linecard/hash.hpp>
#include <linecard/model/schema.hpp>

namespace linecard {

namespace {

/// Adds every row that belongs: all of them, or the rows of one tenant and the chain of one scope.
struct digesting_sink final : row_sink {
  hasher sum{};
  const table_info* table{};
  any_id only{};

  [[nodiscard]] bool belongs(std::span<const value> columns) const {
    if (!only) return true;
    if (table->tenant_column >= 0) return columns[static_cast<std::size_t>(table->tenant_column)] == as_value(only);
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (table->columns[c].name == "scope_id") return columns[c] == as_value(only);
    return false;
  }
  bool row(std::size_t, std::int64_t version, std::span<const value> columns) override {
    if (!belongs(columns)) return true;
    sum.add(table->name).add(version);
    for (const auto& v : columns) sum.add(v);
    return true;
  }
};

} // namespace

result<std::string> directory::state_digest(any_id scope_id) {
  digesting_sink sink;
  sink.only = scope_id;
  auto no = guarded([&]() -> refusal {
    auto begun = inside_->begin(access::read);
    if (!begun) return std::move(begun).error();
    snapshot facts(**begun, scope{});
    scope known;
    if (auto flaw = inside_->resolve(facts, scope_id, known)) return flaw;
    for (const auto* table : schema) {
      if (table->outside_state) continue;
      sink.table = table;
      const scan_request all[]{{.table = table}};
      if (auto flaw = (*begun)->scan(all, sink)) return flaw;
    }
    return std::nullopt;
  });
  if (no) return *std::move(no);
  return sink.sum.finish();
}

} // namespace linecard
