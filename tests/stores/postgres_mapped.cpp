// The PostgreSQL store with a table of the host's behind one of ours: the contract, and what only a mapped table
// promises.
#include "contract.hpp"
#include "host_schema.hpp"

#include "stores/host_link.hpp"
#include "stores/sql.hpp"

#include <linecard/model/user.hpp>

#include <functional>
#include <span>

using namespace linecard;
using namespace linecard::contract;

namespace {

const table_mapping parcel_mapping{.table = "contract_parcels",
                                   .host_table = "freight",
                                   .host_key = "no",
                                   .columns = {{"seal", "closed_with"}, {"fragile", "care"}, {"stamp", "postage"}}};

const char* const freight = "CREATE TABLE freight (no INT PRIMARY KEY GENERATED ALWAYS AS IDENTITY, care INT, "
                            "closed_with BYTEA, postage BYTEA, depot TEXT DEFAULT 'north')";

/// In the schema that linecard's tables will be in.
postgres_options with_freight() {
  auto options = fresh_postgres();
  options.mapped = {parcel_mapping};
  raw_postgres sql(options);
  sql.run("CREATE SCHEMA \"" + options.schema + "\"");
  sql.run(freight);
  return options;
}

contract::subject mapped_postgres() {
  auto last = std::make_shared<postgres_options>();
  contract::subject s;
  s.fresh = [last] { return *last = with_freight(), open(*last); };
  s.beside = s.reopen = [last] { return open(*last); };
  s.readers_beside_writers = true;
  return s;
}

question drifted_parcels(bool for_update = false) {
  return {.table = &parcels, .index = 0, .for_update = for_update, .drifted = true};
}
edit sealed(std::int64_t id, kept note) {
  return insert(parcels, {id, "name", "box", 0, none, std::move(note), kept::blob("seal"), none});
}
edit person(std::int64_t id, kept given, kept reference) {
  return insert(info_of<user>,
                {id, 1, id, id, "active", std::move(given), "L", "l a", "en", std::move(reference), none, 0});
}
const table_info* const users_only[] = {&info_of<user>};

} // namespace

LINECARD_STORE_CONTRACT("PostgreSQL store over a host's table", mapped_postgres)

TEST_CASE(
    "B16 on PostgreSQL an update writes the host's columns there and only those; ours keeps what was last known") {
  const auto options = with_freight();
  raw_postgres sql(options);
  const auto s = open_prepared(options);
  ok(write(*s, {sealed(1, none)}));
  ok(write(*s, {update(parcels, {1}, 1, {3, 1, 6}, {1, "other", kept::blob("wax")})}));
  CHECK(sql.ask("SELECT no, care, encode(closed_with, 'escape'), postage, depot FROM freight") == "1|1|wax|NULL|north");
  CHECK(sql.ask("SELECT id, name, fragile, encode(seal, 'escape'), host_key, version FROM contract_parcels") ==
        "1|other|1|wax|1|2");
  sql.run("UPDATE freight SET closed_with = '!!', depot = 'south'");
  CHECK(read(*s, question{.table = &parcels}).front().columns[6] == kept::blob("!!"));
  ok(write(*s, {update(parcels, {1}, 2, {3}, {0})})); // another column: the host's word stands
  CHECK(sql.ask("SELECT no, care, encode(closed_with, 'escape'), postage, depot FROM freight") == "1|0|!!|NULL|south");
  CHECK(write(*s, {update(parcels, {1}, 2, {6}, {kept::blob("late")})})->reason == "store_conflict");
  CHECK(sql.ask("SELECT encode(closed_with, 'escape') FROM freight") == "!!");
  ok(write(*s, {erase(parcels, {1}, 3)}));
  CHECK(sql.ask("SELECT count(*) FROM freight") == "1");
}

TEST_CASE("B16 on PostgreSQL drifted rows are those the host changed or removed, as last known") {
  const auto options = with_freight();
  raw_postgres sql(options);
  const auto s = open_prepared(options);
  ok(write(*s, {sealed(1, "a"), sealed(2, "b"), sealed(3, "c"), sealed(4, "d")}));
  CHECK(read(*s, drifted_parcels()).empty());
  sql.run("UPDATE freight SET postage = '\\x01' WHERE no = 2; DELETE FROM freight WHERE no = 3;"
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

TEST_CASE("B16 I8 on PostgreSQL a host's row read to be changed or taken over stays as it is until the commit") {
  const auto options = with_freight();
  raw_postgres sql(options);
  const auto s = open_prepared(options);
  ok(write(*s, {sealed(1, "a"), sealed(2, "b"), sealed(3, "c")}));
  sql.run("UPDATE freight SET care = 7 WHERE no = 2; DELETE FROM freight WHERE no = 3");
  const auto free_rows = [&] { return sql.ask("SELECT no FROM freight ORDER BY no FOR UPDATE SKIP LOCKED"); };
  {
    auto t = begin(*s, access::write);
    CHECK(ask(*t, drifted_parcels(true)).size() == 2);
    CHECK(free_rows() == "1");
    CHECK(ask(*t, question{.table = &parcels, .prefix = {1}, .for_update = true}).size() == 1);
    CHECK(free_rows().empty());
  }
  {
    auto t = begin(*s, access::read);
    CHECK(ask(*t, drifted_parcels(true)).size() == 2); // who only reads holds up nobody
    CHECK(free_rows() == "1\n2");
  }
}

TEST_CASE("B16 on PostgreSQL all changes to a mapped table and the commit are one round trip") {
  auto options = with_freight();
  options.counters = std::make_shared<postgres_counters>();
  const auto s = open_prepared(options);
  ok(write(*s, {sealed(1, "a")}));
  const auto before = options.counters->round_trips.load();
  ok(write(*s, {sealed(2, "b"), update(parcels, {1}, 1, {6}, {kept::blob("wax")}), sealed(3, "c")}));
  CHECK(options.counters->round_trips.load() == before + 1);
}

TEST_CASE("B16 on PostgreSQL a host's key may be text, and a collation of the host's hides no change") {
  host_schema h;
  h.sql.run("CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
            "CREATE TABLE people (code VARCHAR(9) PRIMARY KEY, given TEXT COLLATE blind, family TEXT);"
            "INSERT INTO people VALUES ('k-1', 'Ada', 'L')");
  auto options = h.options();
  options.mapped[0].host_table = h.name + ".people", options.mapped[0].host_key = "code";
  const auto s = open(options);
  ok(s->prepare(users_only));
  ok(write(*s, {person(1, "Ada", "k-1")}));
  const auto nowhere = write(*s, {person(2, "Bo", none)});
  REQUIRE(nowhere);
  CHECK(nowhere->reason == "host_refused_row"); // the host's table cannot draw a text key
  h.sql.run("UPDATE people SET given = 'ADA'");
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).size() == 1);
  ok(write(*s, {update(info_of<user>, {1}, 1, {column_of<&user::first_name>}, {"ADA"})}));
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).empty());
  CHECK(h.sql.ask("SELECT given FROM people") == "ADA");
}

TEST_CASE("B16 on PostgreSQL a mapping that does not fit is refused at prepare, naming the member and what would do") {
  struct wrong {
    const char* path;
    const char* says;
    std::function<void(table_mapping&)> how;
  };
  host_schema h;
  const wrong all[] = {
      {"/mapped/0/table", "no table of linecard's", [](auto& m) { m.table = "nobody"; }},
      {"/mapped/0/host_table", "no table \"crew\"", [](auto& m) { m.host_table = "crew"; }},
      {"/mapped/0/host_table", "linecard's own", [](auto& m) { m.host_table = "users"; }},
      {"/mapped/0/host_table", "linecard's own", [&](auto& m) { m.host_table = h.options().schema + ".users"; }},
      {"/mapped/0/host_key", "no column \"nr\"", [](auto& m) { m.host_key = "nr"; }},
      {"/mapped/0/host_key", "not unique", [](auto& m) { m.host_key = "mail"; }},
      {"/mapped/0/host_key", "integers or text", [](auto& m) { m.host_key = "height"; }},
      {"/mapped/0/columns", "at least one", [](auto& m) { m.columns.clear(); }},
      {"/mapped/0/columns/0/host_column", "no column \"first\"", [](auto& m) { m.columns[0].host_column = "first"; }},
      {"/mapped/0/columns/0/host_column", "needs text", [](auto& m) { m.columns[0].host_column = "badge"; }},
  };
  for (const wrong& w : all) {
    CAPTURE(w.says);
    auto options = h.options();
    w.how(options.mapped[0]);
    const auto no = open(options)->prepare(users_only);
    REQUIRE(no);
    CHECK(no->code == status::invalid);
    CHECK(no->reason == "mapping_invalid");
    CHECK(no->path == w.path);
    CHECK(no->message.find(w.says) != std::string::npos);
  }
  ok(open(h.options())->prepare(users_only)); // none of them left anything behind
}

TEST_CASE("B16 on PostgreSQL a table once mapped is not opened without its mapping") {
  const auto options = with_freight();
  ok(write(*open_prepared(options), {sealed(1, none)}));
  auto bare = options;
  bare.mapped.clear();
  const auto no = open(bare)->prepare(both_tables);
  REQUIRE(no);
  CHECK(no->reason == "mapping_missing");
  CHECK(no->path == "/mapped");
  CHECK(read(*open_prepared(options), question{.table = &parcels}).size() == 1);
}

TEST_CASE("B16 on PostgreSQL rows from before the mapping are linked by their references; one without stays closed") {
  host_schema h;
  auto bare = h.options();
  bare.mapped.clear();
  {
    const auto s = open(bare);
    ok(s->prepare(users_only));
    ok(write(*s, {person(1, "Maud", "17"), person(2, "Maud", none)}));
  }
  const auto no = h.opened()->prepare(users_only);
  REQUIRE(no);
  CHECK(no->reason == "mapping_incomplete");
  CHECK(no->message.find("1 rows") != std::string::npos);
  h.sql.run("UPDATE \"" + bare.schema + "\".users SET external_ref = '23' WHERE id = 2");
  const auto s = h.opened();
  ok(s->prepare(users_only));
  const auto rows = read(*s, question{.table = &info_of<user>});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].columns[column_of<&user::last_name>] == kept("Lewis"));
  CHECK(rows[1].columns[column_of<&user::first_name>] == kept("Emil"));
  CHECK(read(*s, question{.table = &info_of<user>, .drifted = true}).size() == 2); // for reconcile to audit
}

TEST_CASE("B16 on PostgreSQL a constraint of the host's that waits for the commit refuses it whole") {
  host_schema h;
  h.sql.run("ALTER TABLE staff ADD CONSTRAINT one_each UNIQUE (given, family) DEFERRABLE INITIALLY DEFERRED");
  const auto s = h.opened();
  ok(s->prepare(users_only));
  ok(write(*s, {person(1, "Ada", none)}));
  const auto no = write(*s, {person(2, "Ada", none)});
  REQUIRE(no);
  CHECK(no->reason == "host_refused_row");
  CHECK(read(*s, question{.table = &info_of<user>}).size() == 1);
  CHECK(h.sql.ask("SELECT count(*) FROM staff WHERE given = 'Ada'") == "1");
}

TEST_CASE("B16 I8 on PostgreSQL a link waits for the host's own transaction on that row, and holds to what it left") {
  host_schema h;
  const auto s = h.opened();
  ok(s->prepare(users_only));
  const auto link_while = [&](const std::string& host_does) {
    refusal why;
    h.commit_when_waited_for(host_does, [&] { why = write(*s, {person(1, "Maud", "17")}); });
    return why;
  };
  ok(write(*s, {person(9, "Otto", none)}));
  h.sql.run("UPDATE staff SET family = 'L' WHERE staff_id = 17");
  const auto renamed = link_while("UPDATE staff SET given = 'Mia' WHERE staff_id = 17");
  REQUIRE(renamed);
  CHECK(renamed->reason == "host_row_differs");
  CHECK(renamed->path == "/first_name");
  h.sql.run("UPDATE staff SET given = 'Maud' WHERE staff_id = 17");
  ok(link_while("UPDATE staff SET desk = 'D9' WHERE staff_id = 17"));
  CHECK(h.sql.ask("SELECT desk, given FROM staff WHERE staff_id = 17") == "D9|Maud");
  CHECK(read(*s, question{.table = &info_of<user>}).size() == 2);
}

TEST_CASE("B16 I26 on PostgreSQL a change that fails behind one that wrote both tables leaves both as they were") {
  host_schema h;
  const auto s = h.opened();
  ok(s->prepare(users_only));
  ok(write(*s, {person(1, "Ada", none)}));
  const auto all = [&] {
    return h.sql.ask("SELECT * FROM staff ORDER BY staff_id") + h.sql.ask("SELECT * FROM users ORDER BY id");
  };
  const auto before = all();
  const auto new_name = update(info_of<user>, {1}, 1, {4}, {"Eve"});
  std::size_t at = 9;
  CHECK(write(*s, {person(2, "Bo", none), new_name, update(info_of<user>, {1}, 1, {4}, {"Zoe"})}, at)->reason ==
        "store_conflict");
  CHECK(at == 2);
  CHECK(write(*s, {new_name, person(1, "Bo", none)}, at)->reason == "store_conflict");
  CHECK(at == 1);
  CHECK(write(*s, {new_name, person(2, "Bo", "16")}, at)->reason == "host_row_unknown");
  CHECK(write(*s, {new_name, person(2, std::string(81, 'x').c_str(), none)}, at)->reason == "host_refused_row");
  CHECK(at == 1);
  CHECK(all() == before);
  auto t = begin(*s, access::write);
  ok(apply(*t, {new_name, person(2, "Bo", none)}));
  t.reset();
  CHECK(all() == before);
}

TEST_CASE(
    "B16 on PostgreSQL a page of a mapped table is a walk of our index, each row finding its host's by one seek") {
  host_schema h;
  const auto s = h.opened();
  ok(s->prepare(users_only));
  std::vector<stores::host_link> links;
  const auto columns = [](const std::string&) -> result<std::vector<stores::host_column>> {
    return std::vector<stores::host_column>{
        {"staff_id", value_type::integer, true}, {"given", value_type::text}, {"family", value_type::text}};
  };
  ok(stores::fit_mappings(std::span(&staff_mapping, 1), users_only, columns, links));
  links[0].host_schema = h.name;
  h.sql.run("SET enable_seqscan=off; SET enable_bitmapscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off;"
            "SET plan_cache_mode=force_generic_plan");
  for (const bool drifted : {false, true}) {
    stores::scan_shape shape{.index = 3, .equal = 1, .drifted = drifted};
    shape.limited = shape.for_update = true;
    h.sql.run("PREPARE q AS " + stores::select_text(stores::postgres_dialect, info_of<user>, shape, links.data()));
    const auto plan = h.sql.ask("EXPLAIN (COSTS OFF) EXECUTE q(1, 10)");
    h.sql.run("DEALLOCATE q");
    CAPTURE(plan);
    CHECK(plan.find("Nested Loop") != std::string::npos);
    CHECK(plan.find("Index Scan using staff_pkey") != std::string::npos);
    CHECK(plan.find("Sort") == std::string::npos);
    CHECK(plan.find("Seq Scan") == std::string::npos);
  }
}
