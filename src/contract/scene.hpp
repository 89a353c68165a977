// What several claims begin with.
#pragma once

#include "claims.hpp"
#include "journal.hpp"
#include "kit.hpp"

#include <utility>

namespace linecard::contract {

inline question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
inline question all_parcels() { return {.table = &parcels}; }
inline question all_places() { return {.table = &places}; }

inline void two_parcels(store& s) {
  ok(write(s, {insert(parcels, parcel_row(1, "one", "box", 10, "a")),
               insert(parcels, parcel_row(2, "two", "box", 20, "b"))}));
}

inline std::vector<edit> five_parcels() {
  return {insert(parcels, parcel_row(4, "delta", "box", 40, none)),
          insert(parcels, parcel_row(1, "alpha", "box", none, "a")),
          insert(parcels, parcel_row(3, "bravo", "box", 30, "c")),
          insert(parcels, parcel_row(2, "bravo", "letter", 20, "b")),
          insert(parcels, parcel_row(5, "bravo", "box", none, none))};
}

/// The storage of `s`, which is closed first.
inline std::unique_ptr<store> reopened(const subject& under_test, std::unique_ptr<store> s) {
  s.reset();
  return under_test.reopen();
}
inline void needs_reopen(const subject& under_test) {
  if (!under_test.reopen) throw not_tried("the subject has no `reopen`");
}
inline void needs_beside(const subject& under_test) {
  if (!under_test.beside) throw not_tried("the subject has no `beside`");
}

} // namespace linecard::contract
