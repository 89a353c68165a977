// Claims about several threads at once. Busy and conflict mean "again"; whoever needs this many turns never ends.
#include "scene.hpp"

#include <atomic>

namespace linecard::contract {

namespace {

constexpr int most_tries = 100'000;

[[nodiscard]] bool again(const refusal& why) { return why && (why->code == status::busy || is_conflict(why)); }

/// Until it is done; throws what is neither busy nor conflict.
template <class Attempt> void until_done(Attempt attempt) {
  for (int i = 0; i < most_tries; ++i) {
    const refusal why = attempt();
    if (!again(why)) return ok(why);
  }
  broken("a turn within " + std::to_string(most_tries) + " tries", "busy or a conflict each time");
}

void counters(store& s, int first, int second) {
  ok(write(s, {insert(places, place_row("c", 1, none, none, "one", first)),
               insert(places, place_row("c", 2, none, none, "two", second))}));
}

/// Both counters in one transaction.
refusal look(transaction& t, std::vector<found_row>& rows) {
  collector found;
  const scan_request request{.table = &places};
  if (auto why = t.scan({&request, 1}, found)) return why;
  counted(found.rows, 2);
  rows = std::move(found.rows);
  return {};
}
refusal look(store& s, std::vector<found_row>& rows) {
  auto begun = try_begin(s, access::read);
  if (!begun) return begun.error();
  return look(**begun, rows);
}
std::int64_t count_of(const found_row& row) { return row.columns.at(5).number; }

} // namespace

void threads_count(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 0);
  constexpr int each = 100, workers = 3;
  together(*s, "3 threads, 100 times each: read contract_places (c, 1); add 1 to its count, at the version read",
           workers, [&](store& shared, int) {
             for (int n = 0; n < each; ++n)
               until_done([&]() -> refusal {
                 std::vector<found_row> rows;
                 if (auto why = look(shared, rows)) return why;
                 return write(shared, {update(places, {"c", 1}, rows[0].version, {5}, {count_of(rows[0]) + 1})});
               });
           });
  const auto row = only(read(*s, {.table = &places, .prefix = {"c", 1}}));
  same(count_of(row), each * workers, "a count of");
  same(row.version, each * workers + 1, "version");
}

void threads_require(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 0);
  std::atomic<int> both{0};
  together(*s,
           "2 threads, each with a row of contract_places: read both; when both counts are 0, set the own one to 1, "
           "requiring the other row as it was read; look whether both are 1 now; set the own one to 0",
           2, [&](store& shared, int number) {
             const auto mine = static_cast<std::size_t>(number), other = 1 - mine;
             for (int n = 0; n < 60; ++n) {
               bool taken = false;
               until_done([&]() -> refusal {
                 taken = false;
                 std::vector<found_row> rows;
                 if (auto why = look(shared, rows)) return why;
                 if (count_of(rows[other]) != 0) return {};
                 auto why = write(shared, {require(places, {"c", static_cast<int>(other) + 1}, rows[other].version),
                                           update(places, {"c", number + 1}, rows[mine].version, {5}, {1})});
                 taken = !why;
                 return why;
               });
               if (!taken) continue;
               until_done([&]() -> refusal {
                 std::vector<found_row> rows;
                 if (auto why = look(shared, rows)) return why;
                 if (count_of(rows[other]) != 0) ++both;
                 return write(shared, {update(places, {"c", number + 1}, rows[mine].version, {5}, {0})});
               });
             }
           });
  same(both.load(), 0, "both counts 1, times:");
}

void threads_exclude(const subject& under_test) {
  auto s = prepared(under_test);
  if (!s->excludes_writers()) throw not_tried("the store does not say that it excludes writers");
  counters(*s, 0, 0);
  constexpr int each = 60, workers = 3;
  std::atomic<int> conflicts{0};
  together(*s,
           "3 threads, 60 times each: begin write; read contract_places (c, 1); add 1 to its count at the version "
           "read; commit",
           workers, [&](store& shared, int) {
             for (int n = 0; n < each; ++n)
               until_done([&]() -> refusal {
                 auto begun = try_begin(shared, access::write);
                 if (!begun) return begun.error();
                 transaction& t = **begun;
                 std::vector<found_row> rows;
                 if (auto why = look(t, rows)) return why;
                 auto why = apply(t, {update(places, {"c", 1}, rows[0].version, {5}, {count_of(rows[0]) + 1})});
                 if (!why) why = t.commit();
                 if (is_conflict(why)) ++conflicts;
                 return why;
               });
           });
  same(conflicts.load(), 0, "conflicts:");
  same(count_of(only(read(*s, {.table = &places, .prefix = {"c", 1}}))), each * workers, "a count of");
}

void threads_write(const subject& under_test) {
  auto s = prepared(under_test);
  constexpr int each = 60, workers = 3;
  together(*s, "3 threads, 60 times each: insert a parcel with a key that nobody else uses", workers,
           [&](store& shared, int worker) {
             for (int n = 0; n < each; ++n) {
               const std::int64_t id = 1000 * worker + n;
               until_done([&] { return write(shared, {insert(parcels, parcel_row(id, "p", "box", id, none))}); });
             }
           });
  counted(read(*s, all_parcels()), each * workers);
}

void threads_read(const subject& under_test) {
  auto s = prepared(under_test);
  counters(*s, 0, 100);
  std::atomic<bool> over{false};
  std::atomic<int> torn{0};
  together(*s,
           "1 thread, 100 times: move 1 from contract_places (c, 2) to (c, 1) in one transaction; 2 threads meanwhile: "
           "read both rows, in two scans of one transaction",
           3, [&](store& shared, int worker) {
             if (worker == 0) {
               struct ending {
                 std::atomic<bool>& flag;
                 ~ending() { flag = true; }
               } const ended{over};
               for (std::int64_t n = 1; n <= 100; ++n)
                 until_done([&] {
                   return write(shared,
                                {update(places, {"c", 1}, n, {5}, {n}), update(places, {"c", 2}, n, {5}, {100 - n})});
                 });
               return;
             }
             // Looks once more when the writer has ended, so that it has looked.
             for (bool last = false; !last;) {
               last = over;
               until_done([&]() -> refusal {
                 auto begun = try_begin(shared, access::read);
                 if (!begun) return begun.error();
                 collector found;
                 const scan_request one_by_one[] = {{.table = &places, .limit = 1},
                                                    {.table = &places, .limit = 1, .descending = true}};
                 for (const scan_request& r : one_by_one)
                   if (auto why = (*begun)->scan({&r, 1}, found)) return why;
                 counted(found.rows, 2);
                 if (count_of(found.rows[0]) + count_of(found.rows[1]) != 100) ++torn;
                 return {};
               });
             }
           });
  same(torn.load(), 0, "half a commit seen, times:");
}

} // namespace linecard::contract
