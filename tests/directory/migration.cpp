// Storage that another version wrote or uses: an earlier schema is added to, a later minor version works beside us, a
// newer major is left alone; and a copy made with the engine's own tools in full work is a whole directory.
#include <linecard/directory.hpp>
#include <linecard/model/schema.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <atomic>
#include <deque>
#include <thread>

using namespace kit;

namespace {

/// Storage that several stores open, and that plain SQL reaches.
struct place {
  virtual ~place() = default;
  [[nodiscard]] virtual std::unique_ptr<store> open() const = 0;
  virtual void run(const std::string& sql) const = 0;
  /// Fills an empty place with what this one holds, by a tool of the engine; calls `meanwhile` when it has begun.
  virtual void back_up(const place& to, int way, const std::function<void()>& meanwhile) const = 0;
};

struct sqlite_place final : place {
  contract::folder folder{};
  [[nodiscard]] std::string path() const { return folder.file("a.db"); }
  [[nodiscard]] std::unique_ptr<store> open() const override {
    return contract::open({.path = path(), .busy_timeout_ms = 60'000, .synchronous_full = false});
  }
  void run(const std::string& sql) const override { contract::raw_sqlite(path()).run(sql); }

  /// 0: the online backup, which sqlite3's .backup is; 1: VACUUM INTO.
  void back_up(const place& other, int way, const std::function<void()>& meanwhile) const override {
    const std::string to = dynamic_cast<const sqlite_place&>(other).path();
    contract::raw_sqlite from(path());
    if (way == 1) {
      auto begun = meanwhile;
      sqlite3_progress_handler(
          from.handle(), 100, [](void* f) { return (*static_cast<std::function<void()>*>(f))(), 0; }, &begun);
      from.run("VACUUM INTO '" + to + "'");
      return;
    }
    contract::raw_sqlite into(to);
    sqlite3_backup* copy = sqlite3_backup_init(into.handle(), "main", from.handle(), "main");
    REQUIRE(copy != nullptr);
    int rc = sqlite3_backup_step(copy, 3);
    meanwhile(); // what is committed now is behind the pages copied already: the backup begins anew by itself
    while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) rc = sqlite3_backup_step(copy, -1);
    CHECK(rc == SQLITE_DONE);
    CHECK(sqlite3_backup_finish(copy) == SQLITE_OK);
  }
};

struct engine {
  const char* name;
  std::unique_ptr<place> (*empty)();
  int backup_ways;
};
const engine engines[] = {
    {"SQLite", [] { return std::unique_ptr<place>(std::make_unique<sqlite_place>()); }, 2},
};

/// A table as another version describes it. Not moved: the description points into it.
struct schema_version_of {
  std::vector<field> columns{};
  std::vector<std::uint8_t> marks{};
  std::vector<std::uint16_t> key{}, kept{}; ///< kept: the places of the columns in ours
  std::deque<std::vector<std::uint16_t>> index_columns{};
  std::vector<index_info> indexes{};
  table_info info{};

  /// Without the columns that `known` refuses, and without indexes when it may be slow.
  schema_version_of(const table_info& ours, const std::function<bool(std::size_t)>& known, bool indexed) : info(ours) {
    std::vector<int> now(ours.columns.size(), -1);
    for (std::uint16_t i = 0; i < ours.columns.size(); ++i)
      if (known(i)) {
        now[i] = static_cast<int>(columns.size());
        columns.push_back(ours.columns[i]), marks.push_back(ours.marks[i]), kept.push_back(i);
      }
    for (const auto k : ours.key) key.push_back(static_cast<std::uint16_t>(now[k]));
    for (const index_info& i : ours.indexes) {
      auto& of = index_columns.emplace_back();
      bool whole = indexed || i.unique;
      for (const auto c : i.columns) whole = whole && now[c] >= 0, of.push_back(static_cast<std::uint16_t>(now[c]));
      if (whole) indexes.push_back({of, i.unique});
    }
    info.columns = columns, info.marks = marks, info.key = key, info.indexes = indexes;
  }
  schema_version_of(const schema_version_of&) = delete;
  schema_version_of& operator=(const schema_version_of&) = delete;

  void add(field f) {
    columns.push_back(f), marks.push_back(no_mark);
    info.columns = columns, info.marks = marks;
  }
};

using rows = std::vector<contract::cells>;

rows rows_of(store& in, const table_info& t) {
  rows out;
  hard::each_row(
      in, t, [&](std::int64_t, std::span<const value> columns) { out.emplace_back(columns.begin(), columns.end()); });
  return out;
}

directory opened(const place& on, const world& w) {
  return must(directory::open({.store = on.open(), .clock = w.clock, .random = w.random}, w.key));
}

void flawless(store& stored_in, directory& dir, const world& w, const actor& admin) {
  const auto stored = hard::stored_ledger(stored_in, w.tenant_id);
  CHECK(hard::flaw_of(stored) == "");
  CHECK(stored == hard::replayed_ledger(dir, admin));
  CHECK(must(dir.ask(admin, verify_audit{})).intact);
  const auto platform = must(dir.open_actor("root@example.com"));
  CHECK(must(dir.ask(platform, verify_audit{})).intact);
}

} // namespace

TEST_CASE("migration: storage of an earlier schema gets what it lacks, keeps its rows, and serves a directory") {
  for (const engine& e : engines) {
    CAPTURE(std::string(e.name));
    const auto recent = e.empty(), early = e.empty();
    world w(recent->open());
    const auto ben = w.adopt("Ben", "Byron", "ben@acme.example");
    REQUIRE(w.dir.run(w.admin, assign_package{ben, w.basic}));
    const auto source = recent->open();
    REQUIRE(!source->prepare(linecard::schema));

    // An earlier version that had no table which is empty here, no column which is null everywhere, and few indexes.
    std::deque<schema_version_of> versions;
    std::vector<const table_info*> earlier;
    std::vector<std::pair<const schema_version_of*, rows>> filled;
    int missing_tables = 0, missing_columns = 0, missing_indexes = 0;
    for (const table_info* t : linecard::schema) {
      const auto held = rows_of(*source, *t);
      if (held.empty() && ++missing_tables != 0) continue;
      const auto used = [&](std::size_t c) {
        return !t->columns[c].nullable ||
               std::any_of(held.begin(), held.end(), [&](const auto& row) { return row[c] != contract::none; });
      };
      auto& as = versions.emplace_back(*t, used, false);
      missing_columns += static_cast<int>(t->columns.size() - as.columns.size());
      missing_indexes += static_cast<int>(t->indexes.size() - as.indexes.size());
      earlier.push_back(&as.info);
      filled.emplace_back(&as, held);
    }
    CHECK(missing_tables > 0);
    CHECK(missing_columns > 0);
    CHECK(missing_indexes > 0);
    {
      const auto then = early->open();
      REQUIRE(!then->prepare(earlier));
      for (const auto& [as, held] : filled)
        for (const auto& row : held) {
          contract::cells known;
          for (const auto c : as->kept) known.push_back(row[c]);
          contract::ok(contract::write(*then, {contract::insert(as->info, known)}));
        }
    }

    auto dir = opened(*early, w);
    const auto now = early->open();
    REQUIRE(!now->prepare(linecard::schema));
    for (const table_info* t : linecard::schema) {
      CAPTURE(t->name);
      CHECK((rows_of(*now, *t) == rows_of(*source, *t)));
    }
    const auto admin = must(dir.open_actor("ada@acme.example", w.tenant_id));
    const auto cyd =
        must(dir.run(admin,
                     adopt_user{
                         .first_name = "Cyd", .last_name = "C", .email = "cyd@acme.example", .external_ref = "cyd-7"}))
            .created_id<user>();
    CHECK(dir.run(admin, assign_package{cyd, w.basic}));
    CHECK(dir.run(admin, unassign_package{ben}));
    CHECK(must(dir.ask(admin, find_user{.external_ref = "cyd-7"})).user_id == cyd);
    flawless(*now, dir, w, admin);
  }
}

TEST_CASE("migration: a later minor version writes beside a directory, and neither loses what the other wrote") {
  for (const engine& e : engines) {
    CAPTURE(std::string(e.name));
    const auto on = e.empty();
    world w(on->open());
    const auto ben = w.adopt("Ben", "Byron", "ben@acme.example"), cyd = w.adopt("Cyd", "Clay", "cyd@acme.example");

    schema_version_of later(
        info_of<seat_pool>, [](std::size_t) { return true; }, true);
    field note = contract::parcels.columns[5];
    note.name = "purchase_note";
    later.add(note);
    const auto column = static_cast<std::uint16_t>(later.columns.size() - 1);
    const auto newer = on->open();
    const table_info* tables[] = {&later.info};
    REQUIRE(!newer->prepare(tables));
    const contract::cells key{static_cast<std::int64_t>(w.tenant_id.value), static_cast<std::int64_t>(w.basic.value)};
    const auto pool = [&] { return contract::only(contract::read(*newer, {.table = &later.info, .prefix = key})); };
    const auto note_at = [&](std::int64_t at, const char* text) {
      return contract::write(*newer, {contract::update(later.info, key, at, {column}, {text})});
    };
    CHECK(pool().columns[column] == contract::none);

    REQUIRE(w.dir.run(w.admin, assign_package{ben, w.basic}));
    const auto one_used = pool();
    contract::ok(note_at(one_used.version, "order 7"));
    REQUIRE(w.dir.run(w.admin, assign_package{cyd, w.basic})); // decided on the row as the newer one left it
    CHECK(pool().columns[column] == "order 7");
    CHECK(pool().version == one_used.version + 2);
    CHECK(contract::is_conflict(note_at(one_used.version, "order 8")));
    CHECK(w.pool(w.basic).used == 2);
    const auto ours = on->open();
    REQUIRE(!ours->prepare(linecard::schema));
    flawless(*ours, w.dir, w, w.admin);

    auto reopened = opened(*on, w); // by the older version, of what the newer one made
    CHECK(reopened.run(must(reopened.open_actor("ada@acme.example", w.tenant_id)), unassign_package{ben}));
    CHECK(pool().columns[column] == "order 7");
  }
}

TEST_CASE("migration: storage of a newer major schema is refused with schema_too_new, and left alone") {
  for (const engine& e : engines) {
    CAPTURE(std::string(e.name));
    const auto on = e.empty();
    const world w(on->open());
    on->run("UPDATE linecard_schema SET major=2");
    on->run("DROP TABLE denials");
    const auto no = refused_with(directory::open({.store = on->open(), .clock = w.clock, .random = w.random}, w.key));
    CHECK(no.code == status::too_new);
    CHECK(no.reason == "schema_too_new");
    CHECK(no.message.find("upgrade") != std::string::npos);
    on->run("CREATE TABLE denials (made_by_nobody INTEGER)"); // fails if it stands again
  }
}

TEST_CASE("migration: a backup by the engine's own tools, while commands run, is a whole directory of one instant") {
  for (const engine& e : engines)
    for (int way = 0; way < e.backup_ways; ++way) {
      CAPTURE(std::string(e.name));
      CAPTURE(way);
      const auto on = e.empty(), copy = e.empty();
      world w(on->open(), 5);
      std::vector<id_of<user>> people;
      for (int i = 0; i < 12; ++i)
        people.push_back(w.adopt("User", std::to_string(i), "u" + std::to_string(i) + "@acme.example"));

      std::atomic<bool> over{false};
      std::atomic<int> accepted{0};
      std::vector<std::thread> running;
      for (std::size_t t = 0; t < 2; ++t)
        running.emplace_back([&, t] {
          for (std::size_t i = t; !over; i += 2) {
            const auto who = people[i % people.size()];
            const bool given = w.dir.run(w.admin, assign_package{who, w.basic}).has_value();
            accepted += given || w.dir.run(w.admin, unassign_package{who}).has_value();
            accepted.notify_all();
          }
        });
      const auto until_more = [&] {
        for (int before = accepted, now = before; now < before + 5; now = accepted) accepted.wait(now);
      };
      until_more();
      const auto known = must(w.dir.ask(w.admin, verify_audit{})).entries;
      bool waited = false;
      on->back_up(*copy, way, [&] {
        if (!std::exchange(waited, true)) until_more();
      });
      over = true;
      for (auto& one : running) one.join();
      CHECK(waited);

      auto dir = opened(*copy, w);
      const auto admin = must(dir.open_actor("ada@acme.example", w.tenant_id));
      const auto copied = copy->open();
      REQUIRE(!copied->prepare(linecard::schema));
      flawless(*copied, dir, w, admin);
      const auto entries = must(dir.ask(admin, verify_audit{})).entries;
      CHECK(entries >= known); // what was acknowledged before the backup began is in it
      CHECK(entries <= must(w.dir.ask(w.admin, verify_audit{})).entries);
      CHECK(dir.run(admin, adopt_user{.first_name = "Late", .last_name = "L", .email = "late@acme.example"}));
    }
}
