// The contract on the PostgreSQL store, and what is its own: names, plans, round trips, notices.
#include "contract.hpp"
#include "postgres_kit.hpp"

#include "stores/sql.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

using namespace linecard;
using namespace linecard::contract;

namespace {

contract::subject postgres() {
  auto last = std::make_shared<postgres_options>();
  contract::subject s;
  s.fresh = [last] { return *last = fresh_postgres(), open(*last); };
  s.beside = s.reopen = [last] { return open(*last); };
  s.readers_beside_writers = true;
  return s;
}

question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
edit some_parcel(std::int64_t id) { return insert(parcels, parcel_row(id, "name", "box", 1, none)); }

} // namespace

LINECARD_STORE_CONTRACT("PostgreSQL store", postgres)

TEST_CASE(
    "PostgreSQL store: tables, columns and indexes have the names of the descriptions, and plain SQL reads them") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  ok(write(*s, {insert(parcels, {7, "Zo\xc3\xab", "box", 1, 12, none, kept::blob("\x01\xff"), none})}));
  raw_postgres sql(options);
  CHECK(sql.ask("SELECT id, name, kind, fragile, weight, note, encode(seal, 'hex'), version FROM contract_parcels") ==
        "7|Zo\xc3\xab|box|1|12|NULL|01ff|1");
  CHECK(sql.ask("SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema='" +
                options.schema + "' AND table_name='contract_parcels' ORDER BY ordinal_position") ==
        "id|bigint|NO\nname|text|NO\nkind|text|NO\nfragile|bigint|NO\nweight|bigint|YES\nnote|text|YES\n"
        "seal|bytea|NO\nstamp|bytea|YES\nversion|bigint|NO");
  CHECK(sql.ask("SELECT indexname, indexdef LIKE 'CREATE UNIQUE%' FROM pg_indexes WHERE schemaname='" + options.schema +
                "' AND tablename='contract_parcels' ORDER BY indexname COLLATE \"C\"") ==
        "contract_parcels_by_kind_name|f\ncontract_parcels_by_note|t\ncontract_parcels_by_weight|f\n"
        "contract_parcels_pkey|t");
  CHECK(sql.ask("SELECT major, minor FROM linecard_schema") == "1|0");
}

TEST_CASE("PostgreSQL store: texts stand in the order of their bytes, whatever the database's collation") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  CHECK(raw_postgres(options).ask("SELECT 'b' < 'Z'") == "t"); // the test would show nothing in a database without one
  ok(write(*s,
           {insert(parcels, parcel_row(1, "b", "box", 1, none)), insert(parcels, parcel_row(2, "Z", "box", 1, none)),
            insert(parcels, parcel_row(3, "\xc3\xa4", "box", 1, none))}));
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1}), 0) == list{2, 1, 3});
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box"}, .from = "Z", .below = "b"}), 0) == list{2});
}

TEST_CASE("PostgreSQL store: every range of every scan is answered by an index, sorting ties among nulls at most") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  ok(write(*s,
           {insert(parcels, parcel_row(1, "n", "box", 1, none)), insert(places, place_row("A", 1, 1, "t", "l", 0))}));
  raw_postgres sql(options);
  sql.run("SET plan_cache_mode=force_generic_plan; SET enable_seqscan=off; SET enable_bitmapscan=off"); // as the store

  struct planner final : stores::piece_sink {
    raw_postgres& sql;
    const table_info& t;
    int pieces = 0;
    planner(raw_postgres& db, const table_info& table) : sql(db), t(table) {}
    bool piece(const stores::piece& p) override {
      ++pieces;
      auto shape = p.shape;
      for (std::size_t i = 0; i < shape.equal; ++i)
        if (p.equal[i].is_null()) shape.nulls |= std::uint64_t{1} << i;
      const std::string text = stores::select_text(stores::postgres_dialect, t, shape);
      const auto given = std::count(text.begin(), text.end(), '$');
      std::string arguments;
      for (int i = 0; i < given; ++i) arguments += i == 0 ? "(null" : ",null";
      sql.run("PREPARE one AS " + text);
      const std::string plan = sql.ask("EXPLAIN EXECUTE one" + arguments + (given > 0 ? ")" : ""));
      sql.run("DEALLOCATE one");
      CAPTURE(text);
      CAPTURE(plan);
      const bool unique = shape.index != 0 && t.indexes[shape.index - 1u].unique;
      CHECK(plan.find("Seq Scan") == std::string::npos);
      CHECK((plan.find("Sort") == std::string::npos || unique));
      return true;
    }
  };
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
            stores::split(r, false, plans);
          }
      }
      CHECK(plans.pieces > 20);
    }
}

TEST_CASE("PostgreSQL store: a list of scans is one round trip, applying and committing another, ending none") {
  auto options = fresh_postgres();
  options.counters = std::make_shared<postgres_counters>();
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1), some_parcel(2)})); // every statement has been prepared once
  std::uint64_t last = options.counters->round_trips;
  const auto trips = [&] {
    const std::uint64_t before = std::exchange(last, options.counters->round_trips.load());
    return last - before;
  };
  {
    const auto t = begin(*s, access::read);
    CHECK(trips() == 0);
    CHECK(ask(*t, {parcel_of(1), parcel_of(2), question{.table = &places}}).size() == 2);
    CHECK(trips() == 1);
  }
  CHECK(trips() == 0);
  {
    const auto t = begin(*s, access::write);
    CHECK(ask(*t, {parcel_of(1), parcel_of(2)}).size() == 2);
    CHECK(trips() == 1);
    std::size_t conflicting = nobody;
    const value key1[]{integer_value(1)}, key2[]{integer_value(2)}, name[]{text_value("new")};
    const std::uint16_t columns[]{1};
    const change both[]{{change::action::update, &parcels, key1, 1, columns, name},
                        {change::action::require, &parcels, key2, 1, {}, {}}};
    ok(t->apply_and_commit(both, conflicting));
    CHECK(trips() == 1);
  }
  {
    const auto t = begin(*s, access::write); // a rule that refuses after reading
    CHECK(ask(*t, parcel_of(1)).size() == 1);
    CHECK(trips() == 1);
  }
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 2, {1}, {"newer"})}));
    CHECK(trips() == 1);
    ok(t->commit());
    CHECK(trips() == 1);
  }
  CHECK(trips() == 0);
  CHECK(options.counters->connects == 2); // one to prepare, one for all of this
}

TEST_CASE("I24 PostgreSQL store: apply_and_commit names the change that conflicts, and nothing stands") {
  const auto s = open_prepared(fresh_postgres());
  ok(write(*s, {some_parcel(1), some_parcel(2)}));
  const value key1[]{integer_value(1)}, key2[]{integer_value(2)}, name[]{text_value("changed")};
  const std::uint16_t columns[]{1};
  const change good{change::action::update, &parcels, key1, 1, columns, name};
  for (const change& bad : {change{change::action::update, &parcels, key2, 7, columns, name},
                            change{change::action::erase, &parcels, key2, 7, {}, {}},
                            change{change::action::require, &parcels, key2, 7, {}, {}}}) {
    const auto t = begin(*s, access::write);
    const change list_of[]{good, bad, good};
    std::size_t conflicting = nobody;
    CHECK(is_conflict(t->apply_and_commit(list_of, conflicting)));
    CHECK(conflicting == 1);
    CHECK(t->commit().has_value()); // it is over
    CHECK(read(*s, parcel_of(1))[0].version == 1);
  }
}

TEST_CASE("PostgreSQL store: rows read for update are held, so that nobody can come in between") {
  auto options = fresh_postgres();
  options.lock_timeout_ms = 1;
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1), some_parcel(2)}));
  const auto holder = begin(*s, access::write);
  const value key[]{integer_value(1)};
  const scan_request locked[]{{.table = &parcels, .prefix = key, .for_update = true}};
  collector found;
  ok(holder->scan(locked, found));
  REQUIRE(found.rows.size() == 1);
  const auto why = write(*s, {update(parcels, {1}, 1, {1}, {"x"})});
  REQUIRE(why.has_value());
  CHECK(why->code == status::busy);
  CHECK(why->reason == "store_busy");
  CHECK(read(*s, parcel_of(1)).size() == 1);
  ok(write(*s, {update(parcels, {2}, 1, {1}, {"x"})}));
  ok(apply(*holder, {update(parcels, {1}, 1, {1}, {"mine"})}));
  ok(holder->commit());
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "mine");
}

TEST_CASE("PostgreSQL store: a required row keeps its version until the commit, whoever tries to change it") {
  auto options = fresh_postgres();
  options.lock_timeout_ms = 1;
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1), some_parcel(2)}));
  const auto t = begin(*s, access::write);
  ok(apply(*t, {require(parcels, {1}, 1), update(parcels, {2}, 1, {1}, {"relies on 1"})}));
  CHECK(write(*s, {update(parcels, {1}, 1, {1}, {"x"})})->reason == "store_busy");
  ok(write(*s, {require(parcels, {1}, 1)})); // others may rely on it as well
  ok(t->commit());
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"x"})}));
}

TEST_CASE("PostgreSQL store: ten thousand changes in one apply go through, none waiting for another's answer") {
  auto options = fresh_postgres();
  options.counters = std::make_shared<postgres_counters>();
  const auto s = open_prepared(options);
  std::vector<edit> edits;
  for (int i = 0; i < 10'000; ++i)
    edits.push_back(insert(parcels, parcel_row(i, kept(text_value(std::string(500, 'n'))), "box", i, none)));
  const auto before = options.counters->round_trips.load();
  ok(write(*s, edits));
  CHECK(options.counters->round_trips - before == 1); // apply and commit together
  CHECK(raw_postgres(options).ask("SELECT count(*) FROM contract_parcels") == "10000");
}

TEST_CASE("PostgreSQL store: rows and changes of another connection are seen, and their versions hold") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  raw_postgres sql(options);
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

TEST_CASE("PostgreSQL store: so many transactions at once as asked for, then busy, then again") {
  auto options = fresh_postgres();
  options.connections = 2, options.busy_timeout_ms = 1;
  const auto s = open_prepared(options);
  auto one = begin(*s, access::read);
  const auto two = begin(*s, access::write);
  const auto three = s->begin(access::read);
  REQUIRE(three.has_error());
  CHECK(three.error().code == status::busy);
  CHECK(three.error().reason == "store_busy");
  one.reset();
  CHECK(s->begin(access::read).has_value());
}

TEST_CASE("PostgreSQL store: two transactions that wait for each other end with a conflict, not in a wait") {
  const auto s = open_prepared(fresh_postgres());
  ok(write(*s, {some_parcel(1), some_parcel(2)}));
  const auto first = begin(*s, access::write), second = begin(*s, access::write);
  ok(apply(*first, {update(parcels, {1}, 1, {1}, {"first"})}));
  ok(apply(*second, {update(parcels, {2}, 1, {1}, {"second"})}));
  refusal of_second;
  std::thread other([&] {
    of_second = apply(*second, {update(parcels, {1}, 1, {1}, {"second"})});
    if (!of_second) of_second = second->commit();
  });
  auto of_first = apply(*first, {update(parcels, {2}, 1, {1}, {"first"})});
  if (!of_first) of_first = first->commit();
  other.join();
  CHECK((is_conflict(of_first) || is_conflict(of_second)));
}

TEST_CASE("PostgreSQL store: processes that open and prepare one new schema at once all succeed") {
  const auto& server = shared_server();
  for (int round = 0; round < 3; ++round) {
    const postgres_options options{.conninfo = server.conninfo(), .schema = fresh_schema(), .lock_timeout_ms = 60'000};
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        auto s = postgres_store(options);
        const auto no = s ? (*s)->prepare(both_tables) : refusal(s.error());
        const bool fine = !no && !write(**s, {some_parcel(i)});
        if (!fine) std::fprintf(stderr, "child: %s\n", no ? no->message.c_str() : "write");
        _exit(fine ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int state = -1;
      CHECK(waitpid(child, &state, 0) == child);
      CHECK(state == 0);
    }
    CHECK(raw_postgres(options).ask("SELECT count(*) FROM contract_parcels") == "4");
  }
}

TEST_CASE("PostgreSQL store: two schemas of one database know nothing of each other") {
  const auto a = open_prepared(fresh_postgres()), b = open_prepared(fresh_postgres());
  ok(write(*a, {some_parcel(1)}));
  CHECK(read(*b, parcel_of(1)).empty());
}

TEST_CASE("B17 PostgreSQL store: waiting for a change ends with anybody's commit, and only with one") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options), other_process = open_prepared(options),
             elsewhere = open_prepared(fresh_postgres());
  constexpr std::chrono::milliseconds at_once{0}, long_enough{60'000}, a_moment{50};
  const auto wait = [&](std::uint64_t seen, std::chrono::milliseconds timeout) {
    auto number = s->wait_for_change(seen, timeout);
    REQUIRE_MESSAGE(number.has_value(), (number.has_error() ? number.error().message : ""));
    REQUIRE(number->has_value());
    return **number;
  };
  const auto first = wait(0, long_enough);
  CHECK(first != 0);
  CHECK(wait(first, at_once) == first);
  ok(write(*elsewhere, {some_parcel(1)}));
  static_cast<void>(read(*other_process, parcel_of(1)));
  CHECK(is_conflict(write(*other_process, {update(parcels, {1}, 1, {1}, {"x"})})));
  CHECK(wait(first, a_moment) == first);
  ok(write(*other_process, {some_parcel(1)}));
  const auto second = wait(first, long_enough);
  CHECK(second != first);
  ok(write(*s, {some_parcel(2)})); // one's own counts as well
  const auto third = wait(second, long_enough);
  CHECK(third != second);
  CHECK(wait(second, long_enough) == third);

  std::vector<std::thread> waiting;
  std::atomic<int> woken{0};
  for (int i = 0; i < 3; ++i)
    waiting.emplace_back([&] {
      const auto number = s->wait_for_change(third, long_enough);
      woken += number && *number && **number != third ? 1 : 0;
    });
  ok(write(*other_process, {some_parcel(3)}));
  for (auto& t : waiting) t.join();
  CHECK(woken == 3);
}

TEST_CASE("B17 PostgreSQL store: without notices waiting is not offered") {
  auto options = fresh_postgres();
  options.notify = false;
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  const auto number = s->wait_for_change(0, std::chrono::milliseconds(0));
  REQUIRE(number.has_value());
  CHECK_FALSE(number->has_value());
}
