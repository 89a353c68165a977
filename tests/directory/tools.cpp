#include "tools.hpp"

#include <linecard/model/schema.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <sstream>
#include <stdexcept>

namespace linecard::hard {

namespace {

struct taking_sink final : row_sink {
  const std::function<void(std::int64_t, std::span<const value>)>& take;
  explicit taking_sink(const std::function<void(std::int64_t, std::span<const value>)>& t) : take(t) {}
  bool row(std::size_t, std::int64_t version, std::span<const value> columns) override {
    take(version, columns);
    return true;
  }
};

void hold(const refusal& no) {
  if (no) throw std::runtime_error(no->reason + ": " + no->message);
}

/// The column's pair [before, after], checked against what the replay has; the value afterwards.
template <class Current> Current after(const boost::json::object& columns, const char* name, const Current& current) {
  const auto* pair = columns.if_contains(name);
  if (!pair) return current;
  const auto read = [](const boost::json::value& v) -> Current {
    if (v.is_null()) return {};
    if constexpr (std::is_same_v<Current, std::string>)
      return std::string(v.as_string());
    else
      return v.as_int64();
  };
  if (read(pair->as_array()[0]) != current)
    throw std::runtime_error(std::string("the feed skipped a change of ") + name);
  return read(pair->as_array()[1]);
}

template <class Map> auto& entry_for(Map& map, const std::string& key, const boost::json::string& action) {
  const bool there = map.contains(key);
  if (there == (action == "inserted")) throw std::runtime_error("the feed says " + std::string(action) + ": " + key);
  return map[key];
}

void replay(const boost::json::object& change, ledger& into) {
  const auto& record = change.at("record").as_string();
  const auto& action = change.at("action").as_string();
  const auto& columns = change.at("columns").as_object();
  const std::string key(change.at("key").as_string());
  if (record == "seat_pools") {
    auto& pool = entry_for(into.pools, key, action);
    pool.purchased = after(columns, "purchased", pool.purchased);
    pool.used = after(columns, "used", pool.used);
    pool.reserved = after(columns, "reserved", pool.reserved);
    pool.overage = after(columns, "overage", pool.overage);
    if (action == "erased") into.pools.erase(key);
  }
  if (record == "seats") {
    auto& seat = entry_for(into.seats, key, action);
    seat.package = after(columns, "package_id", seat.package);
    seat.state = after(columns, "state", seat.state);
    if (action == "erased") into.seats.erase(key);
  }
}

} // namespace

void each_row(store& in, const table_info& table,
              const std::function<void(std::int64_t, std::span<const value>)>& take) {
  auto begun = in.begin(access::read);
  if (!begun) hold(begun.error());
  taking_sink sink(take);
  const scan_request all[]{{.table = &table}};
  hold((*begun)->scan(all, sink));
}

refusal change_behind(store& in, change what) {
  auto begun = in.begin(access::write);
  if (!begun) return begun.error();
  std::size_t at = 0;
  if (auto no = (*begun)->apply({&what, 1}, at)) return no;
  return (*begun)->commit();
}

ledger stored_ledger(store& in, id_of<tenant> of) {
  ledger out;
  each<seat_pool>(in, [&](const seat_pool& p) {
    if (p.tenant_id == of)
      out.pools[to_text(p.tenant_id) + " " + to_text(p.package_id)] = {p.purchased, p.used, p.reserved,
                                                                       std::string(word(p.overage))};
  });
  each<seat>(in, [&](const seat& s) {
    if (s.tenant_id == of)
      out.seats[to_text(s.user_id) + (s.slot ? " " + to_text(s.slot) : "")] = {to_text(s.package_id),
                                                                               std::string(word(s.state))};
  });
  return out;
}

ledger replayed_ledger(directory& from, const actor& as) {
  ledger out;
  changes_since feed{.since = 0, .limit = 500};
  while (true) {
    auto page = from.ask(as, feed);
    if (!page) throw std::runtime_error(page.error().reason);
    for (const auto& entry : page->entries) {
      if (entry.seq != ++feed.since) throw std::runtime_error("the feed has a gap before " + std::to_string(entry.seq));
      const auto details = boost::json::parse(entry.details);
      for (const auto& change : details.as_array()) replay(change.as_object(), out);
    }
    if (!page->next) return out;
  }
}

std::string flaw_of(const ledger& stored) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counted;
  for (const auto& [key, seat] : stored.seats)
    ++(seat.state == "used" ? counted[seat.package].first : counted[seat.package].second);
  for (const auto& [key, pool] : stored.pools) {
    const auto rows = counted[key.substr(key.find(' ') + 1)];
    std::ostringstream said;
    said << key << " purchased " << pool.purchased << " used " << pool.used << " reserved " << pool.reserved;
    if (rows != std::pair{pool.used, pool.reserved})
      return said.str() + " but has " + std::to_string(rows.first) + " and " + std::to_string(rows.second) + " rows";
    if (pool.overage == "block" && pool.used + pool.reserved > pool.purchased) return said.str() + ": oversold";
    counted.erase(key.substr(key.find(' ') + 1));
  }
  for (const auto& [package, rows] : counted)
    if (rows.first + rows.second > 0) return "seats of " + package + " have no pool";
  return "";
}

std::vector<std::uint64_t> fingerprints(store& in, std::span<const id_of<tenant>> tenants) {
  constexpr std::uint64_t start = 14695981039346656037u, prime = 1099511628211u;
  std::vector<std::uint64_t> sums(1 + tenants.size(), start);
  const table_info* table = nullptr;
  const std::function<void(std::int64_t, std::span<const value>)> take = [&](std::int64_t version,
                                                                             std::span<const value> columns) {
    std::uint64_t row = start;
    const auto add = [&](std::uint64_t n) { row = (row ^ n) * prime; };
    add(reinterpret_cast<std::uintptr_t>(table)); // compared within one process only
    add(static_cast<std::uint64_t>(version));
    for (const auto& v : columns) {
      add(static_cast<std::uint64_t>(v.type));
      add(static_cast<std::uint64_t>(v.number));
      for (const char c : v.bytes()) add(static_cast<unsigned char>(c));
    }
    sums[0] = (sums[0] ^ row) * prime;
    const int whose = table->tenant_column >= 0                   ? table->tenant_column
                      : table->columns.front().name == "scope_id" ? 0
                                                                  : -1;
    for (std::size_t i = 0; whose >= 0 && i < tenants.size(); ++i)
      if (columns[static_cast<std::size_t>(whose)] == as_value(tenants[i])) sums[i + 1] = (sums[i + 1] ^ row) * prime;
  };
  auto begun = in.begin(access::read);
  if (!begun) hold(begun.error());
  taking_sink sink(take);
  for (const auto* t : schema) {
    if (t->outside_state) continue;
    table = t;
    const scan_request all[]{{.table = t}};
    hold((*begun)->scan(all, sink));
  }
  return sums;
}

} // namespace linecard::hard
