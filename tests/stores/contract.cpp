#include "contract.hpp"

#include "contract_kit.hpp"

namespace linecard::contract {

namespace {

std::vector<edit> some_parcels() {
  return {insert(parcels, parcel_row(4, "delta", "box", 40, none)),
          insert(parcels, parcel_row(1, "alpha", "box", none, "a")),
          insert(parcels, parcel_row(3, "bravo", "box", 30, "c")),
          insert(parcels, parcel_row(2, "bravo", "letter", 20, "b")),
          insert(parcels, parcel_row(5, "bravo", "box", none, none))};
}

question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
question all_parcels() { return {.table = &parcels}; }

} // namespace

void prepare_twice(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  const auto before = read(*s, all_parcels());
  ok(s->prepare(both_tables));
  CHECK(read(*s, all_parcels()) == before);
  if (!under_test.reopen) return;
  s.reset();
  s = under_test.reopen();
  ok(s->prepare(both_tables));
  CHECK(read(*s, all_parcels()) == before);
}

void prepare_adds(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  if (!under_test.reopen) return;
  s.reset();
  s = under_test.reopen();
  const table_info* later[] = {&later_parcels, &places};
  ok(s->prepare(later));

  const auto rows = read(*s, {.table = &later_parcels, .prefix = {3}});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].version == 1);
  // What a column holds that nobody wrote: null where it may, else 0, no text, the first word, no bytes.
  cells expected = parcel_row(3, "bravo", "box", 30, "c");
  for (const kept& k : {none, kept(""), kept(0), kept("letter"), kept::blob("")}) expected.push_back(k);
  CHECK(rows[0].columns == expected);
  ok(write(*s, {update(later_parcels, {3}, 1, {8, 9}, {77, "north"})}));
  CHECK(read(*s, {.table = &later_parcels, .index = 4, .prefix = {"north"}}).size() == 1);

  // The older version runs on beside the newer one: it reads, and inserts without the columns it does not know.
  s.reset();
  s = under_test.reopen();
  ok(s->prepare(both_tables));
  CHECK(read(*s, parcel_of(3)).size() == 1);
  ok(write(*s, {insert(parcels, parcel_row(9, "older", "box", 1, none))}));

  // So it does in storage that the newer one made.
  s.reset();
  s = under_test.fresh();
  ok(s->prepare(later));
  s.reset();
  s = under_test.reopen();
  ok(s->prepare(both_tables));
  ok(write(*s, {insert(parcels, parcel_row(9, "older", "box", 1, none))}));
  CHECK(read(*s, parcel_of(9)).size() == 1);
}

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
    REQUIRE(found.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(found[i].version == 1);
      CHECK(found[i].columns == rows[i]); // the rows above stand in key order
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
  ok(write(*s, some_parcels()));
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 0)),
                insert(places, place_row("A", 2, none, none, "a2", 0))}));
  const auto three = read(*s, parcel_of(3));
  REQUIRE(three.size() == 1);
  CHECK(three[0].columns == parcel_row(3, "bravo", "box", 30, "c"));
  CHECK(read(*s, parcel_of(33)).empty());
  const auto a2 = read(*s, {.table = &places, .prefix = {"A", 2}});
  REQUIRE(a2.size() == 1);
  CHECK(a2[0].columns[4] == "a2");
  CHECK(read(*s, {.table = &places, .prefix = {"A", 3}}).empty());
  CHECK(read(*s, {.table = &places, .prefix = {"a", 2}}).empty()); // bytes, not letters, are compared
}

void scan_prefix(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  CHECK(numbers(read(*s, all_parcels()), 0) == list{1, 2, 3, 4, 5});
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1}), 0) == list{1, 3, 5, 4, 2});
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box"}}), 0) == list{1, 3, 5, 4});
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "bravo"}}), 0) == list{3, 5});
  CHECK(numbers(read(*s, {.table = &parcels, .index = 2}), 0) == list{1, 5, 2, 3, 4}); // nulls first
  CHECK(numbers(read(*s, {.table = &parcels, .index = 2, .prefix = {none}}), 0) == list{1, 5});
  CHECK(read(*s, {.table = &parcels, .index = 1, .prefix = {"pallet"}}).empty());

  ok(write(*s,
           {insert(places, place_row("B", 1, 7, "x", "b1", 5)), insert(places, place_row("A", 2, none, "x", "a2", 5)),
            insert(places, place_row("A", 1, 7, none, "a1", 5)),
            insert(places, place_row("A", 10, 7, none, "a10", 4))}));
  const auto labels = [&](const question& q) {
    std::string out;
    for (const found_row& r : read(*s, q)) out += r.columns[4].bytes + ' ';
    return out;
  };
  CHECK(labels({.table = &places}) == "a1 a2 a10 b1 ");
  CHECK(labels({.table = &places, .prefix = {"A"}}) == "a1 a2 a10 ");
  CHECK(labels({.table = &places, .index = 1, .prefix = {7}}) == "a1 a10 b1 ");
  CHECK(labels({.table = &places, .index = 1, .prefix = {7, none}}) == "a1 a10 ");
  CHECK(labels({.table = &places, .index = 1, .prefix = {none, "x"}}) == "a2 ");
  CHECK(labels({.table = &places, .index = 3, .prefix = {5}}) == "a1 a2 b1 ");
}

void scan_unique(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  CHECK(numbers(read(*s, {.table = &parcels, .index = 3, .prefix = {"c"}}), 0) == list{3});
  CHECK(read(*s, {.table = &parcels, .index = 3, .prefix = {"C"}}).empty());
  CHECK(numbers(read(*s, {.table = &parcels, .index = 3, .prefix = {none}}), 0) == list{4, 5});
}

void scan_range(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  const auto weights = [&](std::optional<kept> from, std::optional<kept> below, bool descending = false) {
    return numbers(read(*s, {.table = &parcels, .index = 2, .from = from, .below = below, .descending = descending}),
                   0);
  };
  CHECK(weights(20, 40) == list{2, 3});
  CHECK(weights(21, {}) == list{3, 4});
  CHECK(weights({}, 40) == list{2, 3});
  CHECK(weights({}, 40, true) == list{3, 2});
  CHECK(weights(20, {}, true) == list{4, 3, 2});
  CHECK(weights(40, 20).empty());
  CHECK(weights(none, {}).empty());
  CHECK(weights({}, none).empty());
  CHECK(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box"}, .from = "b", .below = "c"}), 0) ==
        list{3, 5});
  CHECK(numbers(read(*s, {.table = &parcels, .from = 2, .below = 4}), 0) == list{2, 3});
}

void scan_descending(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  for (std::uint16_t index = 0; index <= parcels.indexes.size(); ++index) {
    auto up = read(*s, {.table = &parcels, .index = index});
    const auto down = read(*s, {.table = &parcels, .index = index, .descending = true});
    std::reverse(up.begin(), up.end());
    CHECK(up == down);
  }
}

void scan_limit(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  CHECK(numbers(read(*s, {.table = &parcels, .limit = 2}), 0) == list{1, 2});
  CHECK(numbers(read(*s, {.table = &parcels, .limit = 9}), 0).size() == 5);
  CHECK(numbers(read(*s, {.table = &parcels, .limit = 2, .descending = true}), 0) == list{5, 4});
  const auto two = read(*s, {question{.table = &parcels, .limit = 1}, question{.table = &parcels, .from = 4}});
  CHECK(numbers(two, 0) == list{1, 4, 5});
}

void scan_several(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 6))}));
  const auto found = read(*s, {parcel_of(4), parcel_of(44), question{.table = &places}, parcel_of(1), parcel_of(4)});
  REQUIRE(found.size() == 4);
  CHECK(found[0].request == 0);
  CHECK(found[1].request == 2);
  CHECK(found[2].request == 3);
  CHECK(found[3].request == 4);
  CHECK(found[0].columns == found[3].columns);
  CHECK(found[1].columns[4] == "a1");
  CHECK(found[2].columns[1] == "alpha");
  CHECK(read(*s, std::vector<question>{}).empty());
}

void scan_stops(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  const auto t = begin(*s, access::read);
  CHECK(numbers(ask(*t, {all_parcels(), question{.table = &parcels, .descending = true}}, 2), 0) == list{1, 2, 5, 4});
  CHECK(ask(*t, all_parcels()).size() == 5); // stopping early left nothing behind
}

void scan_own(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
  const auto t = begin(*s, access::write);
  ok(apply(*t, {insert(parcels, parcel_row(6, "six", "box", 60, none)), erase(parcels, {1}, 1),
                update(parcels, {2}, 1, {4}, {90})}));
  CHECK(numbers(ask(*t, all_parcels()), 0) == list{2, 3, 4, 5, 6});
  CHECK(numbers(ask(*t, {.table = &parcels, .index = 2, .from = 60}), 0) == list{6, 2});
  ok(apply(*t, {update(parcels, {2}, 2, {4}, {1}), erase(parcels, {6}, 1)}));
  CHECK(numbers(ask(*t, {.table = &parcels, .index = 2, .from = 1}), 0) == list{2, 3, 4});
  ok(t->commit());
  CHECK(read(*s, parcel_of(2))[0].version == 3);
}

void scan_reentry(const subject& under_test) {
  auto s = prepared(under_test);
  ok(write(*s, some_parcels()));
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
  CHECK(sink.refused);
  ok(t->commit());
}

} // namespace linecard::contract
