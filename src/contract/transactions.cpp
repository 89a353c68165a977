// Claims about what a transaction keeps, shows and takes back.
#include "scene.hpp"

namespace linecard::contract {

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
  same(read(*s, {question{.table = &parcels}, question{.table = &parcels, .index = 1}, all_places()}), before);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"later"})})); // and the next one works
}

void failed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto before = read(*s, {.table = &parcels});
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 1, {1}, {"x"})}));
    conflict(apply(*t, {update(parcels, {2}, 5, {1}, {"x"})}));
    refused_use(apply(*t, {update(parcels, {2}, 1, {1}, {"x"})}), "a change after an error");
    refused_use(t->commit(), "a commit after an error");
  }
  same(read(*s, {.table = &parcels}), before);
  {
    const auto t = begin(*s, access::write);
    std::size_t conflicting = nobody;
    const handed bad({update(parcels, {2}, 5, {1}, {"x"})}), good({update(parcels, {2}, 1, {1}, {"x"})});
    conflict(t->apply_and_commit(bad.changes, conflicting));
    refused_use(t->apply_and_commit(good.changes, conflicting), "a change after an error");
  }
  same(read(*s, {.table = &parcels}), before);
  const auto t = begin(*s, access::write);
  ok(apply(*t, {update(parcels, {1}, 1, {1}, {"x"})}));
  ok(t->commit());
  refused_use(t->commit(), "a second commit"); // once is all
  refused_use(apply(*t, {update(parcels, {1}, 2, {1}, {"y"})}), "a change after the commit");
  same(only(read(*s, parcel_of(1))).columns[1], "x");
}

void committed(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  counted(read(*s, parcel_of(1)), 1);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"second"})}));
  same(only(read(*s, parcel_of(1))).columns[1], "second");
  same(only(ask(*begin(*s, access::write), parcel_of(1))).version, 2, "version");
}

void durable(const subject& under_test) {
  needs_reopen(under_test);
  auto s = prepared(under_test);
  two_parcels(*s);
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"second"}), erase(parcels, {2}, 1)}));
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 2, {1}, {"never"})}));
  }
  s = reopened(under_test, std::move(s));
  ok(s->prepare(both_tables));
  const auto row = only(read(*s, all_parcels()));
  same(row.columns, parcel_row(1, "second", "box", 10, "a"));
  same(row.version, 2, "version");
}

void read_only(const subject& under_test) {
  auto s = prepared(under_test);
  two_parcels(*s);
  refused_use(apply(*begin(*s, access::read), {update(parcels, {1}, 1, {1}, {"x"})}), "a change in a read transaction");
  same(only(read(*s, parcel_of(1))).version, 1, "version");
  const auto t = begin(*s, access::read);
  counted(ask(*t, parcel_of(1)), 1);
  ok(t->commit()); // the plain end of reading
}

void one_state(const subject& under_test) {
  if (!under_test.readers_beside_writers) throw not_tried("the subject has no `readers_beside_writers`");
  auto s = prepared(under_test);
  two_parcels(*s);
  const auto early = begin(*s, access::read);
  const auto before = ask(*early, {.table = &parcels});
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"x"}), erase(parcels, {2}, 1)}));
  same(ask(*early, {.table = &parcels}), before);
  {
    const auto writer = begin(*s, access::write);
    ok(apply(*writer, {update(parcels, {1}, 2, {1}, {"y"})}));
    const auto late = begin(*s, access::read);
    same(only(ask(*late, parcel_of(1))).columns[1], "x"); // committed, not begun
    ok(writer->commit());
    same(only(ask(*late, parcel_of(1))).columns[1], "x");
  }
  same(ask(*early, {.table = &parcels}), before);
  same(only(read(*s, parcel_of(1))).columns[1], "y");
}

void two_stores(const subject& under_test) {
  needs_beside(under_test);
  const auto one = prepared(under_test);
  two_parcels(*one);
  const auto two = under_test.beside();
  ok(two->prepare(both_tables));
  same(only(read(*two, parcel_of(1))).columns, parcel_row(1, "one", "box", 10, "a"));
  ok(write(*two, {update(parcels, {1}, 1, {1}, {"by the second"})}));
  conflict(write(*one, {update(parcels, {1}, 1, {1}, {"by the first"})}));
  same(only(read(*one, parcel_of(1))).columns[1], "by the second");
  ok(write(*one, {update(parcels, {1}, 2, {5}, {none}), erase(parcels, {2}, 1)}));
  ok(write(*two, {insert(parcels, parcel_row(3, "three", "box", 1, "a")), require(parcels, {1}, 3)}));
  conflict(write(*one, {insert(parcels, parcel_row(4, "four", "box", 1, "a"))}));
  same(numbers(read(*one, all_parcels()), 0), list{1, 3});
}

} // namespace linecard::contract
