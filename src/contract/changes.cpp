// Claims about single changes and what they expect.
#include "scene.hpp"

namespace linecard::contract {

void update_narrow(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {update(parcels, {2}, 1, {4, 1}, {none, "zwei"})})); // in any order of columns
  const auto two = only(read(*s, parcel_of(2)));
  same(two.version, 2, "version");
  same(two.columns, parcel_row(2, "zwei", "box", none, "b"));
  ok(write(*s, {update(parcels, {2}, 2, {}, {})}));
  same(only(read(*s, parcel_of(2))).version, 3, "version");
  const auto one = only(read(*s, parcel_of(1)));
  same(one.version, 1, "version");
  same(one.columns, parcel_row(1, "one", "box", 10, "a"));
  same(numbers(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "zwei"}}), 0), list{2});
  nothing(read(*s, {.table = &parcels, .index = 1, .prefix = {"box", "two"}}));
}

void update_stale(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  const edit good = update(parcels, {1}, 1, {1}, {"changed"});
  for (const edit& bad : {update(parcels, {2}, 2, {1}, {"x"}), update(parcels, {2}, 0, {1}, {"x"}),
                          update(parcels, {3}, 1, {1}, {"x"}), erase(parcels, {2}, 9), require(parcels, {2}, 9)}) {
    const std::vector<edit> edits{good, insert(parcels, parcel_row(7, "new", "box", 1, none)), bad, good};
    std::size_t conflicting = nobody;
    conflict(write(*s, edits, conflicting));
    same(conflicting, 2, "the conflict at change");
    same(read(*s, {.table = &parcels}), before);
    conflicting = nobody;
    conflict(apply(*begin(*s, access::write), edits, conflicting));
    same(conflicting, 2, "the conflict at change");
    same(read(*s, {.table = &parcels}), before);
  }
}

void versions(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"a"}), update(parcels, {1}, 2, {1}, {"b"}), require(parcels, {1}, 3)}));
  ok(write(*s, {insert(parcels, parcel_row(3, "new", "box", 1, none)), update(parcels, {3}, 1, {1}, {"newer"}),
                erase(parcels, {2}, 1)}));
  const auto found = read(*s, all_parcels());
  same(numbers(found, 0), list{1, 3});
  same(found[0].version, 3, "version");
  same(found[1].version, 2, "version");
}

void insert_equal(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {insert(places, place_row("A", 1, none, none, "a1", 0))}));
  std::size_t conflicting = nobody;
  conflict(write(*s, {insert(parcels, parcel_row(2, "new", "box", 1, none))}, conflicting));
  same(conflicting, 0, "the conflict at change");
  conflict(write(*s,
                 {insert(places, place_row("A", 2, none, none, "a2", 0)),
                  insert(places, place_row("A", 1, none, none, "other", 0))},
                 conflicting));
  same(conflicting, 1, "the conflict at change");
  counted(read(*s, all_places()), 1);
  same(only(read(*s, parcel_of(2))).columns[1], "two");
  const edit twice = insert(parcels, parcel_row(8, "twice", "box", 1, none));
  conflict(write(*s, {twice, twice}, conflicting));
  nothing(read(*s, parcel_of(8)));
}

void unique_equal(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  std::size_t conflicting = nobody;
  conflict(write(*s, {insert(parcels, parcel_row(3, "new", "box", 1, "a"))}, conflicting));
  same(conflicting, 0, "the conflict at change");
  conflict(write(*s, {update(parcels, {1}, 1, {1}, {"x"}), update(parcels, {2}, 1, {5}, {"a"})}, conflicting));
  same(conflicting, 1, "the conflict at change");
  same(only(read(*s, parcel_of(1))).columns[1], "one");
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
  counted(read(*s, {.table = &parcels, .index = 3, .prefix = {none}}), 3);
}

void unique_freed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {erase(parcels, {1}, 1), insert(parcels, parcel_row(3, "three", "box", 1, "a")),
                update(parcels, {2}, 1, {5}, {"z"}), insert(parcels, parcel_row(1, "again", "box", 1, "b"))}));
  same(numbers(read(*s, {.table = &parcels, .index = 3}), 0), list{3, 1, 2});
  same(only(read(*s, parcel_of(1))).version, 1, "version"); // a new row, whatever stood there before
}

void erase_row(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  conflict(write(*s, {erase(parcels, {1}, 2)}));
  ok(write(*s, {erase(parcels, {1}, 1)}));
  nothing(read(*s, parcel_of(1)));
  same(numbers(read(*s, {.table = &parcels, .index = 1}), 0), list{2});
  std::size_t conflicting = nobody;
  conflict(write(*s, {erase(parcels, {1}, 1)}, conflicting));
  same(conflicting, 0, "the conflict at change");
}

void require_row(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  ok(write(*s, {require(parcels, {1}, 1), require(parcels, {2}, 1)}));
  same(read(*s, {.table = &parcels}), before);
  std::size_t conflicting = nobody;
  conflict(write(*s, {update(parcels, {2}, 1, {1}, {"x"}), require(parcels, {3}, 1)}, conflicting));
  same(conflicting, 1, "the conflict at change");
  same(read(*s, {.table = &parcels}), before);
}

} // namespace linecard::contract
