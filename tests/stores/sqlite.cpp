#include <linecard/stores/sqlite.hpp>

#include "contract.hpp"
#include "sqlite_kit.hpp"

#include "stores/sql.hpp"

#include <cstdio>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace linecard;
using namespace linecard::contract;

namespace {

question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
edit some_parcel(std::int64_t id) { return insert(parcels, parcel_row(id, "name", "box", 1, none)); }

} // namespace

LINECARD_STORE_CONTRACT("SQLite store", sqlite_subject)

TEST_CASE("SQLite store: tables, columns and indexes have the names of the descriptions, and plain SQL reads them") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  ok(write(*s, {insert(parcels, {7, "Zo\xc3\xab", "box", 1, 12, none, kept::blob("\x01\xff"), none})}));
  raw_sqlite sql(f.file("a.db"));
  CHECK(sql.ask("SELECT id, name, kind, fragile, weight, note, hex(seal), version FROM contract_parcels") ==
        "7|Zo\xc3\xab|box|1|12|NULL|01FF|1");
  CHECK(sql.ask("SELECT name, type, \"notnull\", pk FROM pragma_table_info('contract_parcels')") ==
        "id|INTEGER|1|1\nname|TEXT|1|0\nkind|TEXT|1|0\nfragile|INTEGER|1|0\nweight|INTEGER|0|0\nnote|TEXT|0|0\n"
        "seal|BLOB|1|0\nstamp|BLOB|0|0\nversion|INTEGER|1|0");
  CHECK(sql.ask("SELECT name, \"unique\" FROM pragma_index_list('contract_parcels') ORDER BY name") ==
        "contract_parcels_by_kind_name|0\ncontract_parcels_by_note|1\ncontract_parcels_by_weight|0");
  CHECK(sql.ask("SELECT name, pk FROM pragma_table_info('contract_places') WHERE pk > 0 ORDER BY pk") ==
        "shelf|1\nnumber|2");
  // An integer key is the rowid itself; another key is the table's own order.
  CHECK(sql.ask("SELECT rowid FROM contract_parcels") == "7");
  CHECK(sql.ask("SELECT wr FROM pragma_table_list WHERE name='contract_places'") == "1");
  CHECK(sql.ask("SELECT major, minor FROM linecard_schema") == "1|0");
}

TEST_CASE("SQLite store: the file is in WAL mode, and stays so") {
  const folder f;
  { const auto s = open_prepared({.path = f.file("a.db")}); }
  CHECK(raw_sqlite(f.file("a.db")).ask("PRAGMA journal_mode") == "wal");
}

TEST_CASE("SQLite store: every range of every scan is one seek in its index, without sorting, whatever ANALYZE found") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  for (int i = 0; i < 20; ++i)
    ok(write(*s, {some_parcel(i), insert(places, place_row("A", i, none, none, kept(std::to_string(i).c_str()), 0))}));
  raw_sqlite sql(f.file("a.db"));

  /// Asks SQLite how it would answer each range. Every column of the tuple must be part of the seek.
  struct planner final : stores::piece_sink {
    raw_sqlite& sql;
    const table_info& t;
    int pieces = 0;
    planner(raw_sqlite& db, const table_info& table) : sql(db), t(table) {}
    bool piece(const stores::piece& p) override {
      ++pieces;
      const auto order = stores::order_of(t, p.shape.index);
      const std::string text = stores::select_text(stores::sqlite_dialect, t, p.shape);
      const std::string plan = sql.ask("EXPLAIN QUERY PLAN " + text);
      CAPTURE(text);
      CAPTURE(plan);
      CHECK(plan.find("TEMP B-TREE") == std::string::npos);
      if (p.shape.index != 0)
        CHECK(plan.find(stores::index_name(t, t.indexes[p.shape.index - 1u])) != std::string::npos);
      std::string sought;
      const auto name = [&](std::size_t i) {
        const bool rowid = order.columns[i] == t.key[0] && stores::has_rowid_key(t);
        return rowid ? std::string("rowid") : std::string(t.columns[order.columns[i]].name);
      };
      for (std::size_t i = 0; i < p.shape.equal; ++i) sought += (i > 0 ? " AND " : "") + name(i) + "=?";
      std::string tuple, marks;
      for (std::size_t i = p.shape.equal; i < p.shape.equal + std::size_t{p.shape.beyond}; ++i)
        tuple += (tuple.empty() ? "" : ",") + name(i), marks += marks.empty() ? "?" : ",?";
      if (p.shape.beyond > 1) tuple = "(" + tuple + ")", marks = "(" + marks + ")";
      if (p.shape.beyond > 0) tuple += (p.shape.descending ? "<" : ">") + marks;
      CHECK(plan.find(sought) != std::string::npos);
      CHECK(plan.find(tuple) != std::string::npos);
      const bool bounded = p.shape.equal > 0 || p.shape.beyond > 0 || p.shape.from || p.shape.below || p.shape.not_null;
      CHECK(plan.find(bounded ? "SEARCH" : "SCAN") != std::string::npos);
      return true;
    }
  };

  for (const bool analysed : {false, true}) {
    if (analysed) sql.run("ANALYZE");
    for (const table_info* t : both_tables)
      for (std::uint16_t index = 0; index <= t->indexes.size(); ++index) {
        const auto own = columns_of_index(*t, index).size();
        const std::size_t whole = own + (index == 0 ? 0 : t->key.size());
        planner plans(sql, *t);
        for (const value& cell : {integer_value(5), null_value()}) {
          const std::vector<value> tuple(whole, cell);
          const value low = integer_value(1), high = integer_value(9);
          for (std::size_t equal = 0; equal <= own; ++equal)
            for (unsigned bits = 0; bits < 16; ++bits) {
              scan_request r{.table = t, .index = index, .prefix = std::span(tuple).first(equal)};
              if (equal < own) r.from = (bits & 1) != 0 ? &low : nullptr, r.below = (bits & 2) != 0 ? &high : nullptr;
              if ((bits & 4) != 0) r.after = tuple;
              r.descending = (bits & 8) != 0;
              stores::split(r, true, plans);
            }
        }
        CHECK(plans.pieces > 20);
      }
  }
}

TEST_CASE("SQLite store: rows and changes of another connection are seen, and their versions hold") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  raw_sqlite sql(f.file("a.db"));
  sql.run("INSERT INTO contract_parcels (id, name, kind) VALUES (5, 'by hand', 'box')");
  const auto found = read(*s, parcel_of(5));
  REQUIRE(found.size() == 1);
  CHECK(found[0].version == 1);
  CHECK(found[0].columns[1] == "by hand");
  sql.run("UPDATE contract_parcels SET version=version+1");
  CHECK(is_conflict(write(*s, {update(parcels, {5}, 1, {1}, {"x"})})));
  ok(write(*s, {update(parcels, {5}, 2, {1}, {"x"})}));
  CHECK(sql.ask("SELECT name, version FROM contract_parcels") == "x|3");
}

TEST_CASE("SQLite store: a value of another type than its column's is handed on as it is") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  raw_sqlite(f.file("a.db"))
      .run("INSERT INTO contract_parcels (id, name, kind, fragile, weight) VALUES (1, x'00', 'crate', 'yes', 2.5)");
  const auto found = read(*s, parcel_of(1));
  REQUIRE(found.size() == 1);
  CHECK(found[0].columns[1] == kept::blob(std::string_view("\0", 1)));
  CHECK(found[0].columns[2] == "crate");
  CHECK(found[0].columns[3] == "yes");
  CHECK(found[0].columns[4] == "2.5"); // no kind of value holds a real, and no integer column takes a text
}

TEST_CASE("SQLite store: a schema of a newer major version is refused and left alone") {
  const folder f;
  { const auto s = open_prepared({.path = f.file("a.db")}); }
  raw_sqlite sql(f.file("a.db"));
  sql.run("UPDATE linecard_schema SET major=2; DROP TABLE contract_places");
  const auto s = open({.path = f.file("a.db")});
  const auto why = s->prepare(both_tables);
  REQUIRE(why.has_value());
  CHECK(why->code == status::too_new);
  CHECK(why->reason == "schema_too_new");
  CHECK(why->message.find("upgrade") != std::string::npos);
  CHECK(sql.ask("SELECT count(*) FROM sqlite_schema WHERE name='contract_places'") == "0");
}

TEST_CASE("SQLite store: a newer minor version is opened, and its number kept") {
  const folder f;
  { const auto s = open_prepared({.path = f.file("a.db")}); }
  raw_sqlite(f.file("a.db")).run("UPDATE linecard_schema SET minor=9");
  { const auto s = open_prepared({.path = f.file("a.db")}); }
  CHECK(raw_sqlite(f.file("a.db")).ask("SELECT major, minor FROM linecard_schema") == "1|9");
}

TEST_CASE("SQLite store: an index whose uniqueness differs from the description is refused, not trusted") {
  const folder f;
  { const auto s = open_prepared({.path = f.file("a.db")}); }
  raw_sqlite(f.file("a.db"))
      .run("DROP INDEX contract_parcels_by_note; CREATE INDEX contract_parcels_by_note ON contract_parcels(note)");
  const auto why = open({.path = f.file("a.db")})->prepare(both_tables);
  REQUIRE(why.has_value());
  CHECK(why->reason == "table_differs");
}

TEST_CASE("SQLite store: a table that was not prepared is refused by name") {
  const folder f;
  const auto s = open({.path = f.file("a.db")});
  const auto t = begin(*s, access::read);
  collector found;
  const scan_request request{.table = &parcels};
  const auto why = t->scan({&request, 1}, found);
  REQUIRE(why.has_value());
  CHECK(why->reason == "store_misused");
  CHECK(why->message.find("contract_parcels") != std::string::npos);
}

TEST_CASE("SQLite store: what is no file path is refused, with the way out") {
  for (const char* path : {":memory:", "", "file::memory:", "file:x?mode=memory"}) {
    const auto why = open_error({.path = path});
    CHECK(why.code == status::invalid);
    CHECK(why.reason == "path_invalid");
    CHECK(why.path == "/path");
  }
  CHECK(open_error({.path = ":memory:"}).message.find("memory_store") != std::string::npos);
}

TEST_CASE("SQLite store: a file that is no database is refused and left alone") {
  const folder f;
  const std::string text(4096, 'n');
  std::ofstream(f.file("letter.txt")) << text;
  const auto why = open_error({.path = f.file("letter.txt")});
  CHECK(why.code == status::store);
  CHECK(why.reason == "store_not_a_database");
  std::ifstream again(f.file("letter.txt"));
  CHECK(std::string(std::istreambuf_iterator<char>(again), {}) == text);
}

TEST_CASE("SQLite store: a folder, a missing folder and an unknown VFS cannot be opened, and the message says which") {
  const folder f;
  for (const std::string& path : {f.path.string(), f.file("no/such.db")}) {
    const auto why = open_error({.path = path});
    CHECK(why.code == status::store);
    CHECK(why.reason == "store_cannot_open");
    CHECK(why.message.find(path) != std::string::npos);
  }
  CHECK(open_error({.path = f.file("a.db"), .vfs = "no such vfs"}).code == status::store);
}

TEST_CASE("SQLite store: a damaged file is an error, not rows") {
  const folder f;
  {
    const auto s = open_prepared({.path = f.file("a.db")});
    for (int i = 0; i < 300; ++i) ok(write(*s, {some_parcel(i)}));
  }
  {
    std::fstream file(f.file("a.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto size = static_cast<std::size_t>(file.tellg());
    REQUIRE(size > 3 * 4096);
    file.seekp(4096);
    for (std::size_t i = 4096; i < size; ++i) file.put(static_cast<char>(0xa5));
  }
  const auto s = open({.path = f.file("a.db")});
  refusal why = s->prepare(both_tables);
  if (!why) {
    collector found;
    const scan_request request{.table = &parcels};
    why = begin(*s, access::read)->scan({&request, 1}, found);
  }
  REQUIRE(why.has_value());
  CHECK(why->code == status::store);
  CHECK(why->reason == "store_corrupt");
}

TEST_CASE("SQLite store: a writer elsewhere makes begin busy, and readers read on") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db"), .busy_timeout_ms = 0});
  ok(write(*s, {some_parcel(1)}));
  raw_sqlite other(f.file("a.db"));
  other.run("BEGIN IMMEDIATE");
  const auto begun = s->begin(access::write);
  REQUIRE(begun.has_error());
  CHECK(begun.error().code == status::busy);
  CHECK(begun.error().reason == "store_busy");
  CHECK(read(*s, parcel_of(1)).size() == 1);
  other.run("COMMIT");
  ok(write(*s, {some_parcel(2)}));
}

TEST_CASE("SQLite store: a second writer of the process is busy once its patience ends") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db"), .busy_timeout_ms = 1});
  {
    const auto first = begin(*s, access::write);
    const auto second = s->begin(access::write);
    REQUIRE(second.has_error());
    CHECK(second.error().reason == "store_busy");
    ok(first->commit());
  }
  ok(write(*s, {some_parcel(1)}));
}

TEST_CASE("SQLite store: so many readers at once as asked for, then busy, then again") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db"), .busy_timeout_ms = 1, .readers = 2});
  auto one = begin(*s, access::read);
  const auto two = begin(*s, access::read);
  const auto three = s->begin(access::read);
  REQUIRE(three.has_error());
  CHECK(three.error().reason == "store_busy");
  one.reset();
  CHECK(s->begin(access::read).has_value());
}

TEST_CASE("SQLite store: processes that open and prepare one new file at once all succeed") {
  const folder f;
  for (int round = 0; round < 5; ++round) {
    const sqlite_options options{.path = f.file("p" + std::to_string(round) + ".db"), .busy_timeout_ms = 60000};
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        auto s = sqlite_store(options);
        const bool fine = s && !(*s)->prepare(both_tables) && !write(**s, {some_parcel(i)});
        if (!fine) std::fprintf(stderr, "child: %s\n", s ? "prepare or write" : s.error().message.c_str());
        if (s) (*s).reset();
        _exit(fine ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int state = -1;
      CHECK(waitpid(child, &state, 0) == child);
      CHECK(state == 0);
    }
    CHECK(raw_sqlite(options.path).ask("SELECT count(*) FROM contract_parcels") == "4");
  }
}

TEST_CASE("SQLite store: no message holds a value of a row") {
  const folder f;
  const auto s = open_prepared({.path = f.file("a.db")});
  const char* canary = "canary-3141";
  ok(write(*s, {insert(parcels, parcel_row(1, canary, "box", 1, canary))}));
  raw_sqlite(f.file("a.db"))
      .run("CREATE TRIGGER host BEFORE DELETE ON contract_parcels BEGIN SELECT RAISE(ABORT, 'canary-3141'); END");
  for (const edit& e :
       {insert(parcels, parcel_row(2, canary, "box", 1, canary)), update(parcels, {1}, 7, {1}, {canary}),
        insert(parcels, parcel_row(3, canary, none, 1, none)), erase(parcels, {1}, 1)}) {
    const auto why = write(*s, {e});
    REQUIRE(why.has_value());
    CHECK((why->message + why->reason + why->path).find("canary") == std::string::npos);
  }
}
