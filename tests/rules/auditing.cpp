#include <linecard/rules/auditing.hpp>

#include "kit.hpp"

#include <linecard/ports/store.hpp>

using namespace kit;

namespace {

/// Changes one column of one row behind the library's back.
void tamper(store& in, const table_info& table, std::vector<value> key, std::uint16_t column, const value& with,
            std::int64_t version) {
  auto tx = must(in.begin(access::write));
  const std::uint16_t columns[]{column};
  const value values[]{with};
  const change update[]{{.what = change::action::update,
                         .table = &table,
                         .key = key,
                         .expected_version = version,
                         .columns = columns,
                         .values = values}};
  std::size_t at = 0;
  REQUIRE_FALSE(tx->apply(update, at));
  REQUIRE_FALSE(tx->commit());
}

struct all_rows final : row_sink {
  std::vector<std::vector<std::string>> text{};
  std::vector<std::vector<value>> rows{};
  std::vector<std::int64_t> versions{};
  bool row(std::size_t, std::int64_t version, std::span<const value> columns) override {
    auto& kept = text.emplace_back();
    for (const auto& v : columns) kept.emplace_back(v.bytes());
    rows.emplace_back(columns.begin(), columns.end());
    versions.push_back(version);
    return true;
  }
  void own() { // the borrowed bytes end with the scan; point at the copies
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t c = 0; c < rows[r].size(); ++c)
        if (rows[r][c].data) rows[r][c].data = text[r][c].data();
  }
};

all_rows read_all(store& in, const table_info& table) {
  all_rows sink;
  auto tx = must(in.begin(access::read));
  const scan_request all[]{{.table = &table}};
  REQUIRE_FALSE(tx->scan(all, sink));
  sink.own();
  return sink;
}

/// A world whose store the test can reach.
struct open_world {
  store* raw;
  world w;
  open_world() : open_world(memory_store()) {}

private:
  explicit open_world(std::unique_ptr<store> on) : raw(on.get()), w(std::move(on)) {}
};

} // namespace

TEST_CASE("B8 flipping any byte of any stored field of any entry is noticed") {
  open_world o;
  auto& w = o.w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  const auto intact = [&] { return must(w.dir.ask(w.admin, verify_audit{})).intact; };
  REQUIRE(intact());
  const auto entries = read_all(*o.raw, info_of<audit_entry>);
  std::int64_t extra = 0;
  for (std::size_t r = 0; r < entries.rows.size(); ++r) {
    const auto& row = entries.rows[r];
    if (!(row[0] == as_value(any_id{w.tenant_id}))) continue;
    extra = 0;
    const std::vector<value> key{row[0], row[1]};
    for (std::uint16_t c = 2; c < row.size(); ++c) {
      const auto whole = row[c];
      const std::size_t places = whole.type == value_type::integer ? 1 : static_cast<std::size_t>(whole.number);
      for (std::size_t i = 0; i < places; i += (places > 40 ? 7 : 1)) {
        std::string altered(whole.bytes());
        auto v = whole;
        if (whole.type == value_type::integer)
          v = integer_value(whole.number ^ 1);
        else
          altered[i] = static_cast<char>(altered[i] ^ 1),
          v = whole.type == value_type::text ? text_value(altered) : blob_value(altered);
        tamper(*o.raw, info_of<audit_entry>, key, c, v, entries.versions[r] + extra++);
        CHECK_FALSE(intact());
        tamper(*o.raw, info_of<audit_entry>, key, c, whole, entries.versions[r] + extra++);
      }
    }
  }
  CHECK(intact());
}

TEST_CASE("B8 a removed entry, a cut chain and an altered personal value are noticed; an erased one is counted") {
  open_world o;
  auto& w = o.w;
  w.adopt("Ulf", "User", "ulf@acme.example");
  const auto verdict = [&] { return must(w.dir.ask(w.admin, verify_audit{})); };
  const auto values = read_all(*o.raw, info_of<audit_value>);
  for (std::size_t r = 0; r < values.rows.size(); ++r) {
    const auto& row = values.rows[r];
    if (!(row[0] == as_value(any_id{w.tenant_id}))) continue;
    const std::vector<value> key{row[0], row[1], row[2]};
    tamper(*o.raw, info_of<audit_value>, key, 4, text_value("Someone"), 1);
    const auto altered = verdict();
    CHECK_FALSE(altered.intact);
    CHECK(altered.broken_at == row[1].number);
    tamper(*o.raw, info_of<audit_value>, key, 4, null_value(), 2);
    const auto erased = verdict();
    CHECK(erased.intact);
    CHECK(erased.erased == 1);
    break;
  }
  const std::vector<value> last{as_value(any_id{w.tenant_id}), integer_value(verdict().entries)};
  auto tx = must(o.raw->begin(access::write));
  const change erase[]{
      {.what = change::action::erase, .table = &info_of<audit_entry>, .key = last, .expected_version = 1}};
  std::size_t at = 0;
  REQUIRE_FALSE(tx->apply(erase, at));
  REQUIRE_FALSE(tx->commit());
  tx.reset();
  const auto cut = verdict();
  CHECK_FALSE(cut.intact);
  CHECK(cut.message.find("head") != std::string::npos);
}

ON_EVERY_STORE("B8 the change feed gives every entry once, oldest first, in pages of any size") {
  world w;
  for (int i = 0; i < 9; ++i) w.adopt("U" + std::to_string(i), "User", "u" + std::to_string(i) + "@acme.example");
  const auto total = must(w.dir.ask(w.admin, verify_audit{})).entries;
  for (const std::int32_t limit : {1, 4, 100}) {
    std::vector<std::int64_t> seen;
    changes_since ask{.since = 0, .limit = limit};
    for (int guard = 0; guard < 100; ++guard) {
      const auto page = must(w.dir.ask(w.admin, ask));
      for (const auto& e : page.entries) seen.push_back(e.seq);
      if (!page.next) break;
      ask.since = *page.next;
    }
    REQUIRE(seen.size() == static_cast<std::size_t>(total));
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<std::int64_t>(i) + 1);
  }
}

ON_EVERY_STORE("B8 personal values stand beside the chain, never in it, and secrets nowhere") {
  world w;
  w.adopt("Wilhelmina", "Zimmermannsdottir", "wz@acme.example");
  for (const auto& e : must(w.dir.ask(w.admin, changes_since{.limit = 500})).entries) {
    CHECK(e.details.find("Wilhelmina") == std::string::npos);
    CHECK(e.details.find("wz@acme.example") == std::string::npos);
  }
  const auto newest = must(w.dir.ask(w.admin, audit{.limit = 1})).entries.front();
  bool told = false;
  for (const auto& p : newest.personal) told = told || p.text == "Wilhelmina";
  CHECK(told);
  for (const auto& e : must(w.dir.ask(w.operator_, changes_since{.limit = 500})).entries)
    CHECK(e.details.find(w.key.text()) == std::string::npos);
}

ON_EVERY_STORE("B8 an identity's change joins the platform's chain and names the tenant on whose behalf it happened") {
  world w;
  const auto before = must(w.dir.ask(w.operator_, verify_audit{})).entries;
  w.adopt("Ulf", "User", "ulf@acme.example");
  CHECK(must(w.dir.ask(w.operator_, verify_audit{})).entries == before + 1);
  const auto entry = must(w.dir.ask(w.operator_, audit{.limit = 1})).entries.front();
  CHECK(entry.acting_in_id == any_id{w.tenant_id});
  CHECK(entry.details.find("identities") != std::string::npos);
}
