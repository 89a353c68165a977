// Claims about prepare: what stands, stays; what is missing, is made; and two versions get along.
#include "scene.hpp"

namespace linecard::contract {

namespace {

constexpr const table_info* later_tables[] = {&later_parcels, &places};
constexpr std::uint16_t due = 8, depot = 9;
constexpr std::uint16_t by_depot = 4;

/// What a column holds that nobody wrote: null where it may, else 0, no text, the first word, no bytes.
cells with_later_columns(cells row) {
  for (const kept& k : {none, kept(""), kept(0), kept("letter"), kept::blob("")}) row.push_back(k);
  return row;
}
question later_parcel_of(std::int64_t id) { return {.table = &later_parcels, .prefix = {id}}; }

} // namespace

void prepare_twice(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const auto before = read(*s, all_parcels());
  ok(s->prepare(both_tables));
  same(read(*s, all_parcels()), before);
  if (!under_test.reopen) return;
  s = reopened(under_test, std::move(s));
  ok(s->prepare(both_tables));
  same(read(*s, all_parcels()), before);
}

void prepare_adds(const subject& under_test) {
  needs_reopen(under_test);
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  s = reopened(under_test, std::move(s));
  ok(s->prepare(later_tables));
  const auto third = only(read(*s, later_parcel_of(3)));
  same(third.version, 1, "version");
  same(third.columns, with_later_columns(parcel_row(3, "bravo", "box", 30, "c")));
  ok(write(*s, {update(later_parcels, {3}, 1, {due, depot}, {77, "north"})}));
  same(numbers(read(*s, {.table = &later_parcels, .index = by_depot, .prefix = {"north"}}), 0), list{3});
  counted(read(*s, {.table = &later_parcels, .index = by_depot, .prefix = {""}}), 4);
}

void prepare_older(const subject& under_test) {
  needs_reopen(under_test);
  auto s = under_test.fresh();
  ok(s->prepare(later_tables));
  s = reopened(under_test, std::move(s));
  ok(s->prepare(both_tables));
  ok(write(*s, {insert(parcels, parcel_row(9, "older", "box", 1, none))}));
  same(only(read(*s, parcel_of(9))).columns, parcel_row(9, "older", "box", 1, none));
}

void prepare_mixed(const subject& under_test) {
  needs_beside(under_test);
  const auto older = prepared(under_test);
  two_parcels(*older);
  const auto newer = under_test.beside();
  ok(newer->prepare(later_tables));
  ok(write(*newer, {update(later_parcels, {1}, 1, {due, depot}, {77, "north"})}));
  // The older one, still open, changes a row beside columns that it has never heard of, and makes one without them.
  ok(write(*older, {update(parcels, {1}, 2, {1}, {"renamed"}), insert(parcels, parcel_row(3, "old", "box", 30, "c"))}));
  auto first = with_later_columns(parcel_row(1, "renamed", "box", 10, "a"));
  first[due] = 77, first[depot] = "north";
  const auto found = only(read(*newer, later_parcel_of(1)));
  same(found.columns, first);
  same(found.version, 3, "version");
  same(only(read(*newer, later_parcel_of(3))).columns, with_later_columns(parcel_row(3, "old", "box", 30, "c")));
  // Each one's expectations hold against the other, and so does what is unique.
  conflict(write(*newer, {update(later_parcels, {1}, 2, {due}, {78})}));
  conflict(write(*older, {insert(parcels, parcel_row(4, "four", "box", 1, "c"))}));
  ok(write(*newer, {erase(later_parcels, {2}, 1)}));
  same(numbers(read(*older, all_parcels()), 0), list{1, 3});
}

} // namespace linecard::contract
