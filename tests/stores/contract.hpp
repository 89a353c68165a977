// The contract of stores as test cases: in one file,
//
//   LINECARD_STORE_CONTRACT("my store", my_subject)
//
// where my_subject() returns a contract::subject. Each promise becomes a test case "my store: <promise>". A host that
// has no doctest says linecard::contract::check(my_subject(), std::cout) instead.
#pragma once

#include "contract/claims.hpp"

#include <doctest/doctest.h>

namespace linecard::contract {

inline void check_one(const claim& c, const subject& under_test) {
  const verdict v = try_one(c, under_test);
  if (v.is == verdict::state::untried) MESSAGE("not tried: " << v.story);
  if (v.is == verdict::state::broken) FAIL(v.story);
}

} // namespace linecard::contract

#define LINECARD_STORE_CASE(function, sentence, name, make)                                                            \
  TEST_CASE(name ": " sentence) { linecard::contract::check_one({sentence, linecard::contract::function}, make()); }

/// One test case for each promise. `name` is a string literal; `make` is callable and returns a subject.
#define LINECARD_STORE_CONTRACT(name, make) LINECARD_STORE_CLAIMS(LINECARD_STORE_CASE, name, make)
