// Claims about changes and transactions.
#include "contract_kit.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace linecard::contract {

namespace {

question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
question all_places() { return {.table = &places}; }

void two_parcels(store& s) {
  ok(write(s, {insert(parcels, parcel_row(1, "one", "box", 10, "a")),
               insert(parcels, parcel_row(2, "two", "box", 20, "b"))}));
}

void counters(store& s, int first, int second) {
  ok(write(s, {insert(places, place_row("c", 1, none, none, "one", first)),
               insert(places, place_row("c", 2, none, none, "two", second))}));
}

/// Reads in one transaction, writes in another: what a version check is for. Busy and conflict mean "again".
bool add_to_counter(store& s, int number, std::int64_t more) {
  while (true) {
    collector found;
    {
      auto t = s.begin(access::read);
      const value key[] = {text_value("c"), integer_value(number)};
      const scan_request request{.table = &places, .prefix = key};
      const refusal why = t ? (*t)->scan({&request, 1}, found) : refusal(t.error());
      if (why && why->code == status::busy) continue;
      if (why || found.rows.size() != 1) return false;
    }
    const found_row& row = found.rows[0];
    const refusal why = write(s, {update(places, {"c", number}, row.version, {5}, {row.columns[5].number + more})});
    if (!why) return true;
    if (why->code != status::busy && !is_conflict(why)) return false;
  }
}

} // namespace

void update_narrow(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {update(parcels, {2}, 1, {4, 1}, {none, "zwei"})})); // in any order of columns
  auto two = read(*s, parcel_of(2));
  REQUIRE(two.size() == 1);
  CHECK(two[0].version == 2);
  CHECK(two[0].columns == parcel_row(2, "zwei", "box", none, "b"));
  ok(write(*s, {update(parcels, {2}, 2, {}, {})}));
  CHECK(read(*s, parcel_of(2))[0].version == 3);
  const auto one = read(*s, parcel_of(1));
  CHECK(one[0].version == 1);
  CHECK(one[0].columns == parcel_row(1, "one", "box", 10, "a"));
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "zwei"}}), 0) == list{2});
  CHECK(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "two"}}).empty());
}

void update_stale(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  const edit good = update(parcels, {1}, 1, {1}, {"changed"});
  for (const edit& bad : {update(parcels, {2}, 2, {1}, {"x"}), update(parcels, {2}, 0, {1}, {"x"}),
                          update(parcels, {3}, 1, {1}, {"x"}), erase(parcels, {2}, 9), require(parcels, {2}, 9)}) {
    std::size_t conflicting = nobody;
    CHECK(
        is_conflict(write(*s, {good, insert(parcels, parcel_row(7, "new", "box", 1, none)), bad, good}, conflicting)));
    CHECK(conflicting == 2);
    CHECK(read(*s, {.table = &parcels}) == before);
  }
}

void insert_equal(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 0))}));
  std::size_t conflicting = nobody;
  CHECK(is_conflict(write(*s, {insert(parcels, parcel_row(2, "new", "box", 1, none))}, conflicting)));
  CHECK(conflicting == 0);
  CHECK(is_conflict(write(*s,
                          {insert(places, place_row("A", 2, none, none, "a2", 0)),
                           insert(places, place_row("A", 1, none, none, "other", 0))},
                          conflicting)));
  CHECK(conflicting == 1);
  CHECK(read(*s, all_places()).size() == 1);
  CHECK(read(*s, parcel_of(2))[0].columns[1] == "two");
  const edit twice = insert(parcels, parcel_row(8, "twice", "box", 1, none));
  CHECK(is_conflict(write(*s, {twice, twice}, conflicting)));
  CHECK(read(*s, parcel_of(8)).empty());
}

void unique_equal(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  std::size_t conflicting = nobody;
  CHECK(is_conflict(write(*s, {insert(parcels, parcel_row(3, "new", "box", 1, "a"))}, conflicting)));
  CHECK(conflicting == 0);
  CHECK(
      is_conflict(write(*s, {update(parcels, {1}, 1, {1}, {"x"}), update(parcels, {2}, 1, {5}, {"a"})}, conflicting)));
  CHECK(conflicting == 1);
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "one");
  ok(write(*s,
           {insert(parcels, parcel_row(3, "new", "box", 1, "A")), insert(parcels, parcel_row(4, "new", "box", 1, "")),
            update(parcels, {1}, 1, {5}, {"a"})})); // its own value is no collision
}

void unique_null(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s,
           {insert(parcels, parcel_row(1, "n", "box", 1, none)), insert(parcels, parcel_row(2, "n", "box", 1, none)),
            insert(parcels, parcel_row(3, "n", "box", 1, "c"))}));
  ok(write(*s, {update(parcels, {3}, 1, {5}, {none})}));
  CHECK(read(*s, {.table = &parcels, .index = 3, .prefix = {none}}).size() == 3);
}

void unique_freed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {erase(parcels, {1}, 1), insert(parcels, parcel_row(3, "three", "box", 1, "a")),
                update(parcels, {2}, 1, {5}, {"z"}), insert(parcels, parcel_row(1, "again", "box", 1, "b"))}));
  const auto found = read(*s, {.table = &parcels, .index = 3});
  CHECK(numbers(found, 0) == list{3, 1, 2});
  CHECK(found[1].version == 1); // a new row, whatever stood there before
}

void erase_row(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  CHECK(is_conflict(write(*s, {erase(parcels, {1}, 2)})));
  ok(write(*s, {erase(parcels, {1}, 1)}));
  CHECK(read(*s, parcel_of(1)).empty());
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1}), 0) == list{2});
  std::size_t conflicting = nobody;
  CHECK(is_conflict(write(*s, {erase(parcels, {1}, 1)}, conflicting)));
  CHECK(conflicting == 0);
}

void require_row(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  ok(write(*s, {require(parcels, {1}, 1), require(parcels, {2}, 1)}));
  CHECK(read(*s, {.table = &parcels}) == before);
  std::size_t conflicting = nobody;
  CHECK(is_conflict(write(*s, {update(parcels, {2}, 1, {1}, {"x"}), require(parcels, {3}, 1)}, conflicting)));
  CHECK(conflicting == 1);
  CHECK(read(*s, {.table = &parcels}) == before);
}

void rollback(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {question{.table = &parcels}, question{.table = &parcels, .index = 1}, all_places()});
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 1, {1, 5}, {"x", "y"}), erase(parcels, {2}, 1),
                  insert(parcels, parcel_row(3, "three", "pallet", 1, "b")),
                  insert(places, place_row("A", 1, 1, "t", "l", 0))}));
    ok(apply(*t, {update(parcels, {1}, 2, {5}, {"a"}), erase(parcels, {3}, 1),
                  insert(parcels, parcel_row(2, "", "box", 0, none))}));
  }
  CHECK(read(*s, {question{.table = &parcels}, question{.table = &parcels, .index = 1}, all_places()}) == before);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"later"})})); // and the next one works
}

void failed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 1, {1}, {"x"})}));
    CHECK(is_conflict(apply(*t, {update(parcels, {2}, 5, {1}, {"x"})})));
    CHECK(apply(*t, {update(parcels, {2}, 1, {1}, {"x"})}).has_value());
    CHECK(t->commit().has_value());
  }
  CHECK(read(*s, {.table = &parcels}) == before);
  const auto t = begin(*s, access::write);
  ok(apply(*t, {update(parcels, {1}, 1, {1}, {"x"})}));
  ok(t->commit());
  CHECK(t->commit().has_value()); // once is all
  CHECK(apply(*t, {update(parcels, {1}, 2, {1}, {"y"})}).has_value());
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "x");
}

void committed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  CHECK(read(*s, parcel_of(1)).size() == 1);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"second"})}));
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "second");
  CHECK(ask(*begin(*s, access::write), parcel_of(1))[0].version == 2);
  if (!under_test.reopen) return;
  s.reset();
  s = under_test.reopen();
  ok(s->prepare(both_tables));
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "second");
}

void read_only(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  CHECK(apply(*begin(*s, access::read), {update(parcels, {1}, 1, {1}, {"x"})}).has_value());
  CHECK(read(*s, parcel_of(1))[0].version == 1);
  const auto t = begin(*s, access::read);
  CHECK(ask(*t, parcel_of(1)).size() == 1);
  ok(t->commit()); // the plain end of reading
}

void one_state(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  if (!under_test.readers_beside_writers) return;
  const auto early = begin(*s, access::read);
  const auto before = ask(*early, {.table = &parcels});
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"x"}), erase(parcels, {2}, 1)}));
  CHECK(ask(*early, {.table = &parcels}) == before);
  {
    const auto writer = begin(*s, access::write);
    ok(apply(*writer, {update(parcels, {1}, 2, {1}, {"y"})}));
    const auto late = begin(*s, access::read);
    CHECK(ask(*late, parcel_of(1))[0].columns[1] == "x"); // committed, not begun
    ok(writer->commit());
    CHECK(ask(*late, parcel_of(1))[0].columns[1] == "x");
  }
  CHECK(ask(*early, {.table = &parcels}) == before);
  CHECK(read(*s, parcel_of(1))[0].columns[1] == "y");
}

void threads_count(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 0);
  constexpr int each = 100, workers = 3;
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) done += add_to_counter(*s, 1, 1) ? 1 : 0;
    });
  for (auto& t : threads) t.join();
  CHECK(done == each * workers);
  const auto row = read(*s, {.table = &places, .prefix = {"c", 1}});
  CHECK(row[0].columns[5].number == each * workers);
  CHECK(row[0].version == each * workers + 1);
}

void threads_write(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 0);
  constexpr int each = 60, workers = 3;
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < each; ++n) {
        const std::int64_t id = 1000 * i + n;
        refusal why;
        do why = write(*s, {insert(parcels, parcel_row(id, "p", "box", id, none))});
        while (why && why->code == status::busy);
        done += why ? 0 : 1;
      }
    });
  for (auto& t : threads) t.join();
  CHECK(done == each * workers);
  CHECK(read(*s, {.table = &parcels}).size() == each * workers);
}

void threads_read(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 100);
  std::atomic<bool> over{false};
  std::atomic<int> torn{0}, seen{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      // A reader that saw nothing yet stays for one more look, so the claim is never empty.
      for (bool last = false; !last;) {
        last = over;
        auto t = s->begin(access::read);
        if (!t) continue;
        collector found;
        const scan_request one_by_one[] = {{.table = &places, .limit = 1},
                                           {.table = &places, .limit = 1, .descending = true}};
        if ((*t)->scan({&one_by_one[0], 1}, found) || (*t)->scan({&one_by_one[1], 1}, found)) continue;
        ++seen;
        if (found.rows.size() != 2 || found.rows[0].columns[5].number + found.rows[1].columns[5].number != 100) ++torn;
      }
    });
  int moved = 0;
  for (std::int64_t n = 1; n <= 100; ++n)
    moved += write(*s, {update(places, {"c", 1}, n, {5}, {n}), update(places, {"c", 2}, n, {5}, {100 - n})}) ? 0 : 1;
  over = true;
  for (auto& t : readers) t.join();
  CHECK(moved == 100);
  CHECK(torn == 0);
  CHECK(seen > 0);
}

} // namespace linecard::contract
