// Claims about reading.
#include "scene.hpp"

#include <algorithm>

namespace linecard::contract {

void round_trip(const subject& under_test) {
  auto s = prepared(under_test);
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  std::string all_bytes;
  for (int c = 0; c < 256; ++c) all_bytes.push_back(static_cast<char>(c));
  const std::vector<cells> rows = {
      {least, "", "letter", 0, none, none, kept::blob(""), none},
      {-1, "plain", "box", 1, least, "", kept::blob(all_bytes), kept::blob("")},
      {0, "Zo\xc3\xab \xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x93\x9e", "pallet", 1, most, "quote ' \" ; -- %",
       kept::blob("\0x"), kept::blob(all_bytes)},
      {1, kept(text_value(std::string(100000, 'x'))), "box", 0, 0, "null", kept::blob(std::string(100000, '\0')), none},
      {most, "12", "box", 0, -1, "1.5e3", kept::blob("12"), kept::blob("text")}};
  std::vector<edit> edits;
  for (const cells& row : rows) edits.push_back(insert(parcels, row));
  ok(write(*s, edits));
  const auto check_all = [&] {
    const auto found = read(*s, all_parcels());
    counted(found, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      same(found[i].version, 1, "version");
      same(found[i].columns, rows[i]); // the rows above stand in key order
    }
  };
  check_all();
  if (!under_test.reopen) return;
  s.reset();
  s = under_test.reopen();
  ok(s->prepare(both_tables));
  check_all();
}

void scan_key(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 0)),
                insert(places, place_row("A", 2, none, none, "a2", 0))}));
  same(only(read(*s, parcel_of(3))).columns, parcel_row(3, "bravo", "box", 30, "c"));
  nothing(read(*s, parcel_of(33)));
  same(only(read(*s, {.table = &places, .prefix = {"A", 2}})).columns[4], "a2");
  nothing(read(*s, {.table = &places, .prefix = {"A", 3}}));
  nothing(read(*s, {.table = &places, .prefix = {"a", 2}})); // bytes, not letters, are compared
}

void scan_prefix(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  same(numbers(read(*s, all_parcels()), 0), list{1, 2, 3, 4, 5});
  same(numbers(read(*s, {.table = &parcels, .index = 1}), 0), list{1, 3, 5, 4, 2});
  same(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box"}}), 0), list{1, 3, 5, 4});
  same(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "bravo"}}), 0), list{3, 5});
  same(numbers(read(*s, {.table = &parcels, .index = 2}), 0), list{1, 5, 2, 3, 4}); // nulls first
  same(numbers(read(*s, {.table = &parcels, .index = 2, .prefix = {none}}), 0), list{1, 5});
  nothing(read(*s, {.table = &parcels, .index = 1, .prefix = {"pallet"}}));

  ok(write(*s,
           {insert(places, place_row("B", 1, 7, "x", "b1", 5)), insert(places, place_row("A", 2, none, "x", "a2", 5)),
            insert(places, place_row("A", 1, 7, none, "a1", 5)),
            insert(places, place_row("A", 10, 7, none, "a10", 4))}));
  const auto labels = [&](const question& q) {
    std::string out;
    for (const found_row& r : read(*s, q)) out += r.columns[4].bytes + ' ';
    return out;
  };
  same(labels({.table = &places}), "a1 a2 a10 b1 ");
  same(labels({.table = &places, .prefix = {"A"}}), "a1 a2 a10 ");
  same(labels({.table = &places, .index = 1, .prefix = {7}}), "a1 a10 b1 ");
  same(labels({.table = &places, .index = 1, .prefix = {7, none}}), "a1 a10 ");
  same(labels({.table = &places, .index = 1, .prefix = {none, "x"}}), "a2 ");
  same(labels({.table = &places, .index = 3, .prefix = {5}}), "a1 a2 b1 ");
}

void scan_unique(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  same(numbers(read(*s, {.table = &parcels, .index = 3, .prefix = {"c"}}), 0), list{3});
  nothing(read(*s, {.table = &parcels, .index = 3, .prefix = {"C"}}));
  same(numbers(read(*s, {.table = &parcels, .index = 3, .prefix = {none}}), 0), list{4, 5});
}

void scan_range(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const auto weights = [&](std::optional<kept> from, std::optional<kept> below, bool descending = false) {
    return numbers(read(*s, {.table = &parcels, .index = 2, .from = from, .below = below, .descending = descending}),
                   0);
  };
  same(weights(20, 40), list{2, 3});
  same(weights(21, {}), list{3, 4});
  same(weights({}, 40), list{2, 3});
  same(weights({}, 40, true), list{3, 2});
  same(weights(20, {}, true), list{4, 3, 2});
  nothing(weights(40, 20));
  nothing(weights(none, {}));
  nothing(weights({}, none));
  same(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box"}, .from = "b", .below = "c"}), 0), list{3, 5});
  same(numbers(read(*s, {.table = &parcels, .from = 2, .below = 4}), 0), list{2, 3});
}

void scan_descending(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  for (std::uint16_t index = 0; index <= parcels.indexes.size(); ++index) {
    auto up = read(*s, {.table = &parcels, .index = index});
    const auto down = read(*s, {.table = &parcels, .index = index, .descending = true});
    std::reverse(up.begin(), up.end());
    same(up, down);
  }
}

void scan_limit(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  same(numbers(read(*s, {.table = &parcels, .limit = 2}), 0), list{1, 2});
  counted(numbers(read(*s, {.table = &parcels, .limit = 9}), 0), 5);
  same(numbers(read(*s, {.table = &parcels, .limit = 2, .descending = true}), 0), list{5, 4});
  const auto two = read(*s, {question{.table = &parcels, .limit = 1}, question{.table = &parcels, .from = 4}});
  same(numbers(two, 0), list{1, 4, 5});
}

void scan_several(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 6))}));
  const auto found = read(*s, {parcel_of(4), parcel_of(44), question{.table = &places}, parcel_of(1), parcel_of(4)});
  counted(found, 4);
  std::vector<std::size_t> requests;
  for (const found_row& r : found) requests.push_back(r.request);
  same(requests, std::vector<std::size_t>{0, 2, 3, 4}, "rows of the requests");
  same(found[0].columns, found[3].columns);
  same(found[1].columns[4], "a1");
  same(found[2].columns[1], "alpha");
  nothing(read(*s, std::vector<question>{}));
}

void scan_hint(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const std::vector<question> questions = {
      {.table = &parcels}, {.table = &parcels, .prefix = {3}}, {.table = &parcels, .index = 2, .from = 20, .limit = 2}};
  const auto t = begin(*s, access::write);
  const auto plainly = ask(*t, questions);
  auto hinted = questions;
  for (question& q : hinted) q.for_update = true;
  same(ask(*t, hinted), plainly);
  ok(apply(*t, {update(parcels, {3}, 1, {4}, {31})}));
  ok(t->commit());
  same(read(*s, hinted), read(*s, questions)); // in a read transaction it means nothing
}

void scan_stops(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const auto t = begin(*s, access::read);
  same(numbers(ask(*t, {all_parcels(), question{.table = &parcels, .descending = true}}, 2), 0), list{1, 2, 5, 4});
  counted(ask(*t, all_parcels()), 5); // stopping early left nothing behind
}

void scan_own(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const auto t = begin(*s, access::write);
  ok(apply(*t, {insert(parcels, parcel_row(6, "six", "box", 60, none)), erase(parcels, {1}, 1),
                update(parcels, {2}, 1, {4}, {90})}));
  same(numbers(ask(*t, all_parcels()), 0), list{2, 3, 4, 5, 6});
  same(numbers(ask(*t, {.table = &parcels, .index = 2, .from = 60}), 0), list{6, 2});
  ok(apply(*t, {update(parcels, {2}, 2, {4}, {1}), erase(parcels, {6}, 1)}));
  same(numbers(ask(*t, {.table = &parcels, .index = 2, .from = 1}), 0), list{2, 3, 4});
  ok(t->commit());
  same(only(read(*s, parcel_of(2))).version, 3, "version");
}

void scan_reentry(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, five_parcels()));
  const auto t = begin(*s, access::write);
  struct greedy final : row_sink {
    transaction* t{};
    bool refused = true;
    bool row(std::size_t, std::int64_t, std::span<const value>) override {
      collector inner;
      std::size_t conflicting = 0;
      const scan_request request{.table = &parcels};
      refused = refused && t->scan({&request, 1}, inner) && t->apply({}, conflicting) && t->commit();
      return true;
    }
  } sink;
  sink.t = t.get();
  const scan_request request{.table = &parcels};
  ok(t->scan({&request, 1}, sink));
  if (!sink.refused) broken("a refusal of each call made by the sink", "success");
  ok(t->commit());
}

} // namespace linecard::contract
