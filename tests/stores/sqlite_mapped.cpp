// The SQLite store with a table of the host's behind one of ours: the contract, and what only a mapped table promises.
#include "contract.hpp"
#include "host_table.hpp"

#include <linecard/model/user.hpp>

#include <functional>

using namespace linecard;
using namespace linecard::contract;

namespace {

const table_mapping parcel_mapping{.table = "contract_parcels",
                                   .host_table = "freight",
                                   .host_key = "no",
                                   .columns = {{"seal", "closed_with"}, {"fragile", "care"}, {"stamp", "postage"}}};

const char* const freight = "CREATE TABLE freight (no INTEGER PRIMARY KEY, care INT, closed_with BLOB, postage BLOB, "
                            "depot TEXT DEFAULT 'north')";

contract::subject mapped_sqlite() {
  struct shared {
    folder where{};
    int files = 0;
    [[nodiscard]] sqlite_options last() const {
      return {.path = where.file("store" + std::to_string(files) + ".db"), .mapped = {parcel_mapping}};
    }
  };
  auto files = std::make_shared<shared>();
  contract::subject s;
  s.fresh = [files] {
    ++files->files;
    raw_sqlite(files->last().path).run(freight);
    return open(files->last());
  };
  s.reopen = s.beside = [files] { return open(files->last()); };
  s.readers_beside_writers = true;
  return s;
}

struct freight_file {
  folder where{};
  sqlite_options options{.path = where.file("a.db"), .mapped = {parcel_mapping}};
  freight_file() { raw_sqlite(options.path).run(freight); }
};

question drifted_parcels() { return {.table = &parcels, .index = 0, .drifted = true}; }
edit sealed(std::int64_t id, kept note) {
  return insert(parcels, {id, "name", "box", 0, none, std::move(note), kept::blob("seal"), none});
}

} // namespace

LINECARD_STORE_CONTRACT("SQLite store over a host's table", mapped_sqlite)

TEST_CASE(
    "B16 an update writes the host's columns in the host's table and only those; ours keeps what was last known") {
  const freight_file f;
  raw_sqlite sql(f.options.path);
  const auto s = open_prepared(f.options);
  ok(write(*s, {sealed(1, none)}));
  ok(write(*s, {update(parcels, {1}, 1, {3, 1, 6}, {1, "other", kept::blob("wax")})}));
  CHECK(sql.ask("SELECT no, care, closed_with, postage, depot FROM freight") == "1|1|wax|NULL|north");
  CHECK(sql.ask("SELECT id, name, fragile, seal, host_key, version FROM contract_parcels") == "1|other|1|wax|1|2");
  sql.run("UPDATE freight SET closed_with = x'2121', depot = 'south'");
  CHECK(read(*s, question{.table = &parcels}).front().columns[6] == kept::blob("!!"));
  ok(write(*s, {update(parcels, {1}, 2, {3}, {0})})); // another column: the host's word stands
  CHECK(sql.ask("SELECT no, care, closed_with, postage, depot FROM freight") == "1|0|!!|NULL|south");
}

TEST_CASE("B16 drifted rows are those the host changed or removed, as last known") {
  const freight_file f;
  raw_sqlite sql(f.options.path);
  const auto s = open_prepared(f.options);
  ok(write(*s, {sealed(1, "a"), sealed(2, "b"), sealed(3, "c"), sealed(4, "d")}));
  CHECK(read(*s, drifted_parcels()).empty());
  sql.run("UPDATE freight SET postage = x'01' WHERE no = 2; DELETE FROM freight WHERE no = 3;"
          "UPDATE freight SET depot = 'south', closed_with = closed_with");
  const auto rows = read(*s, drifted_parcels());
  REQUIRE(rows.size() == 2);
  CHECK(numbers(rows, 0) == std::vector<std::int64_t>{2, 3});
  CHECK(rows[0].columns[7] == none);
  CHECK(rows[0].version == 1);
  CHECK(numbers(read(*s, question{.table = &parcels}), 0) == std::vector<std::int64_t>{1, 2, 4});
  auto one = drifted_parcels();
  one.limit = 1;
  CHECK(read(*s, one).size() == 1);
  CHECK(read(*s, question{.table = &places, .drifted = true}).empty());
}

TEST_CASE("B16 a host's key may be text, and a collation of the host's hides no change") {
  const folder where;
  const std::string path = where.file("a.db");
  raw_sqlite sql(path);
  sql.run("CREATE TABLE people (code TEXT PRIMARY KEY, given TEXT COLLATE NOCASE, family TEXT) WITHOUT ROWID;"
          "INSERT INTO people VALUES ('k-1', 'Ada', 'L')");
  auto mapping = staff_mapping;
  mapping.host_table = "people", mapping.host_key = "code";
  const sqlite_options options{.path = path, .mapped = {mapping}};
  const auto s = open(options);
  const table_info* const tables[] = {&info_of<user>};
  ok(s->prepare(tables));
  const auto row = [](std::int64_t id, kept given, kept reference) {
    return insert(info_of<user>,
                  {id, 1, id, id, "active", std::move(given), "L", "l a", "en", std::move(reference), none, 0});
  };
  ok(write(*s, {row(1, "Ada", "k-1")}));
  const auto nowhere = write(*s, {row(2, "Bo", none)});
  REQUIRE(nowhere);
  CHECK(nowhere->reason == "host_refused_row"); // the host's table cannot draw a text key
  sql.run("UPDATE people SET given = 'ADA'");
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).size() == 1);
  ok(write(*s, {update(info_of<user>, {1}, 1, {column_of<&user::first_name>}, {"ADA"})}));
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).empty());
}

TEST_CASE(
    "B16 a mapping that does not fit is refused when the store is prepared, naming the member and what would do") {
  struct wrong {
    const char* path;
    const char* says;
    std::function<void(table_mapping&)> how;
  };
  const wrong all[] = {
      {"/mapped/0/table", "no table of linecard's", [](auto& m) { m.table = "nobody"; }},
      {"/mapped/0/host_table", "no table \"crew\"", [](auto& m) { m.host_table = "crew"; }},
      {"/mapped/0/host_table", "linecard's own", [](auto& m) { m.host_table = "users"; }},
      {"/mapped/0/host_key", "no column \"nr\"", [](auto& m) { m.host_key = "nr"; }},
      {"/mapped/0/host_key", "not unique", [](auto& m) { m.host_key = "mail"; }},
      {"/mapped/0/host_key", "integers or text", [](auto& m) { m.host_key = "height"; }},
      {"/mapped/0/reference", "no text column \"ref\"", [](auto& m) { m.reference = "ref"; }},
      {"/mapped/0/reference", "no text column \"created_at\"", [](auto& m) { m.reference = "created_at"; }},
      {"/mapped/0/columns", "at least one", [](auto& m) { m.columns.clear(); }},
      {"/mapped/0/columns/0/column", "no column \"name\"", [](auto& m) { m.columns[0].column = "name"; }},
      {"/mapped/0/columns/0/column", "in an index", [](auto& m) { m.columns[0].column = "sort_name"; }},
      {"/mapped/0/columns/0/column", "in the key", [](auto& m) { m.columns[0].column = "id"; }},
      {"/mapped/0/columns/1/column", "mapped twice", [](auto& m) { m.columns[1].column = "first_name"; }},
      {"/mapped/0/columns/0/host_column", "no column \"first\"", [](auto& m) { m.columns[0].host_column = "first"; }},
      {"/mapped/0/columns/0/host_column", "needs text", [](auto& m) { m.columns[0].host_column = "badge"; }},
      {"/mapped/0/columns/0/host_column", "another use", [](auto& m) { m.columns[0].host_column = "staff_id"; }},
      {"/mapped/0/columns/1/host_column", "another use", [](auto& m) { m.columns[1].host_column = "given"; }},
  };
  const host_file f;
  const table_info* const tables[] = {&info_of<user>};
  for (const wrong& w : all) {
    CAPTURE(w.says);
    auto options = f.options();
    w.how(options.mapped[0]);
    const auto no = open(options)->prepare(tables);
    REQUIRE(no);
    CHECK(no->code == status::invalid);
    CHECK(no->reason == "mapping_invalid");
    CHECK(no->path == w.path);
    CHECK(no->message.find(w.says) != std::string::npos);
  }
  auto twice = f.options();
  twice.mapped.push_back(staff_mapping);
  const auto no = open(twice)->prepare(tables);
  REQUIRE(no);
  CHECK(no->path == "/mapped/1/table");
  ok(open(f.options())->prepare(tables)); // none of them left anything behind
}

TEST_CASE("B16 a table once mapped is not opened without its mapping") {
  const freight_file f;
  ok(write(*open_prepared(f.options), {sealed(1, none)}));
  const auto no = open({.path = f.options.path})->prepare(both_tables);
  REQUIRE(no);
  CHECK(no->reason == "mapping_missing");
  CHECK(no->path == "/mapped");
  CHECK(read(*open_prepared(f.options), question{.table = &parcels}).size() == 1);
}

TEST_CASE("B16 rows from before the mapping are linked by their references; one without keeps the store closed") {
  host_file f;
  const table_info* const tables[] = {&info_of<user>};
  const auto row = [](std::int64_t id, kept reference) {
    return insert(info_of<user>, {id, 1, id, id, "active", "Maud", "L", "l maud", "en", std::move(reference), none, 0});
  };
  {
    const auto s = open({.path = f.path});
    ok(s->prepare(tables));
    ok(write(*s, {row(1, "17"), row(2, none)}));
  }
  const auto no = f.opened()->prepare(tables);
  REQUIRE(no);
  CHECK(no->reason == "mapping_incomplete");
  CHECK(no->message.find("1 rows") != std::string::npos);
  f.sql.run("UPDATE users SET external_ref = '23' WHERE id = 2");
  const auto s = f.opened();
  ok(s->prepare(tables));
  const auto rows = read(*s, question{.table = &info_of<user>});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].columns[column_of<&user::last_name>] == kept("Lewis"));
  CHECK(rows[1].columns[column_of<&user::first_name>] == kept("Emil"));
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).size() == 2); // for reconcile to audit
}
