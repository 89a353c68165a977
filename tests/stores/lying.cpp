// The contract must notice every lie: each one is told by a store of lies.hpp, and caught by the promise it breaks.
#include "contract.hpp"
#include "sqlite_kit.hpp"

#include <linecard/stores/memory.hpp>

#include "lies_read.hpp"

#include <algorithm>
#include <set>
#include <sstream>

using namespace linecard;
using namespace linecard::contract;
using namespace linecard::lies;

namespace {

subject in_memory() { return {.fresh = memory_store}; }

template <class Store> subject wrapped(subject honest_one) {
  const auto wrap = [](auto& make) {
    if (make) make = [make] { return std::make_unique<Store>(make()); };
  };
  wrap(honest_one.fresh), wrap(honest_one.reopen), wrap(honest_one.beside);
  return honest_one;
}
template <class Lie> subject memory() { return wrapped<telling<Lie>>(in_memory()); }
template <class Store> subject memory_of() { return wrapped<Store>(in_memory()); }
template <class Lie> subject sqlite() { return wrapped<telling<Lie>>(sqlite_subject()); }
template <class Store> subject sqlite_of() { return wrapped<Store>(sqlite_subject()); }

/// Every fresh start and reopening is a start from nothing.
subject forgetful() {
  subject s = sqlite_subject();
  s.reopen = s.beside = s.fresh;
  return s;
}

struct told_lie {
  const char* name;
  subject (*by)();
  const char* promise; ///< or enough of it to be the only one
};

#define LIE(where, name, promise)                                                                                      \
  { #name, where < name>, promise }
constexpr told_lie all_lies[] = {
    LIE(memory, drops_a_guard, "I24: a missed version"),
    LIE(memory, reports_success_of_a_failed_apply, "I24: a missed version"),
    LIE(memory, blames_the_first_change, "I24: a missed version"),
    LIE(memory, tears_an_apply, "I24: a missed version"),
    LIE(memory, erases_whatever_stands, "an erase needs the version"),
    LIE(memory, skips_require, "a require changes nothing"),
    LIE(memory, updates_more_than_asked, "I24: an update changes"),
    LIE(memory, calls_every_version_1, "I24: an update changes"),
    LIE(memory, merges_updates, "I24: a version is 1"),
    LIE(memory, replaces_an_equal_key, "an insert of an equal key"),
    LIE(memory, inserts_first, "a value freed"),
    LIE(memory, treats_nulls_as_equal, "rows with a null"),
    LIE(memory_of, forgets_unique_indexes, "I25: an equal unique index"),
    LIE(memory, loses_commits, "what is committed is seen"),
    LIE(memory, keeps_what_is_rolled_back, "I26: a transaction destroyed"),
    LIE(memory, commits_each_apply, "I26: a transaction destroyed"),
    LIE(memory, goes_on_after_an_error, "I26: after an error"),
    LIE(memory, writes_in_a_read, "a read transaction cannot"),
    LIE(sqlite, does_not_see_its_own_writes, "a transaction sees its own writes"),
    LIE(sqlite, reads_on, "a read transaction keeps one state"),
    LIE(sqlite_of, shows_what_is_not_committed, "a read transaction keeps one state"),
    LIE(memory, includes_below, "a range takes"),
    LIE(memory, ignores_after, "pages that begin"),
    LIE(memory, ignores_descending, "descending is"),
    LIE(memory, leaks_the_limit, "a limit stops"),
    LIE(memory, leaks_the_lower_bound, "each of several requests"),
    LIE(memory, compares_half_the_key, "a scan by the key"),
    LIE(memory, turns_answers_round, "a scan by a prefix"),
    LIE(memory, forgets_the_lower_bound, "any scan equals"),
    LIE(memory, reads_empty_text_as_null, "every kind of value"),
    LIE(memory, numbers_all_requests_0, "several requests are answered"),
    LIE(memory, skips_rows_that_are_locked, "the hint for_update"),
    LIE(memory, feeds_a_sink_that_may_use_it, "a sink cannot use"),
    LIE(memory, ends_all_when_the_sink_has_enough, "a sink that has enough"),
    LIE(memory, finds_no_unique_value_twice, "a scan by a unique index"),
    LIE(memory_of, begins_anew_when_prepared, "preparing twice"),
    LIE(sqlite_of, adds_nothing_to_a_table, "prepare adds"),
    LIE(sqlite_of, refuses_newer_storage, "an older version works"),
    LIE(sqlite, replaces_rows, "an older and a newer version"),
    {"forgetful", forgetful, "I26: what is committed outlives"},
    {"forgetful", forgetful, "I24: two stores over one storage"},
    LIE(memory_of, drops_guards_in_a_gap, "I24: threads that count"),
    LIE(memory_of, leaves_a_gap, "excludes_writers"),
    LIE(memory_of, counts_nothing, "a commit moves the change counter"),
    LIE(memory_of, always_says_not_yet, "waiting with a number"),
    LIE(memory_of, misses_what_came_before_the_wait, "a commit wakes"),
    LIE(memory_of, begins_nothing, "a scan by the key"),
    LIE(memory_of, throws, "a scan by the key"),
};
#undef LIE

std::vector<verdict> verdicts(const subject& s, std::string_view only) {
  std::vector<verdict> out;
  const auto broken_ones = check(
      s, [&](const verdict& v) { return out.push_back(v), true; }, only);
  CHECK(broken_ones == static_cast<std::size_t>(std::count_if(
                           out.begin(), out.end(), [](const verdict& v) { return v.is == verdict::state::broken; })));
  return out;
}

} // namespace

TEST_CASE("contract: every lie is caught by the promise it breaks, with what was expected and what came instead") {
  for (const told_lie& l : all_lies) {
    CAPTURE(std::string(l.name));
    CAPTURE(std::string(l.promise));
    const auto told = verdicts(l.by(), l.promise);
    REQUIRE(told.size() == 1);
    CHECK(told[0].is == verdict::state::broken);
    CHECK(told[0].story.find("\nexpected ") != std::string::npos);
    CHECK(told[0].story.find("\ngot      ") != std::string::npos);
  }
}

TEST_CASE("contract: no promise is one that every store keeps; three need a race that no test can count on") {
  std::set<std::string_view> unbroken;
#define PROMISE(function, sentence, ...) unbroken.insert(sentence);
  LINECARD_STORE_CLAIMS(PROMISE, )
#undef PROMISE
  for (const told_lie& l : all_lies)
    std::erase_if(unbroken, [&](std::string_view p) { return p.find(l.promise) != std::string_view::npos; });
  CHECK(unbroken == std::set<std::string_view>{
                        "I24: of threads that require each other's rows to stand only one succeeds",
                        "threads that begin to write at once all get their turn",
                        "threads that read while others write see whole commits",
                    });
}

TEST_CASE("contract: a broken promise is told with the operations that broke it, readable from top to bottom") {
  std::ostringstream out;
  CHECK(check(memory<drops_a_guard>(), out, "I24: a missed version") == 1);
  CHECK(out.str() == R"(BROKEN   I24: a missed version is a conflict that names its change, and nothing stands
    S1 is a fresh store
    S1 prepare contract_parcels (8 columns), contract_places (6 columns): success
    T1 begin write in S1: success
    T1 apply and commit: success
      insert contract_parcels {id: 1, name: "one", kind: "box", fragile: 0, weight: 10, note: "a", seal: blob "seal", stamp: null}
      insert contract_parcels {id: 2, name: "two", kind: "box", fragile: 0, weight: 20, note: "b", seal: blob "seal", stamp: null}
    T2 begin read in S1: success
    T2 scan contract_parcels by key: 2 found
      v1 [1, "one", "box", 0, 10, "a", blob "seal", null]
      v1 [2, "two", "box", 0, 20, "b", blob "seal", null]
    T2 ends
    T3 begin write in S1: success
    T3 apply and commit: a conflict at change 3
      update contract_parcels (1) at v1 {name: "changed"}
      insert contract_parcels {id: 7, name: "new", kind: "box", fragile: 0, weight: 1, note: null, seal: blob "seal", stamp: null}
      update contract_parcels (2) at v2 {name: "x"}
      update contract_parcels (1) at v1 {name: "changed"}
    T3 rollback
    expected the conflict at change 2
    got      3
0 promises kept, 1 broken, 0 untried
)");
}

TEST_CASE("contract: what nobody could try is told as untried, with what the subject lacks") {
  std::ostringstream out;
  CHECK(check(in_memory(), out, "outlives the store") == 0);
  CHECK(out.str() == "untried  I26: what is committed outlives the store, and nothing else does: the subject has no "
                     "`reopen`\n0 promises kept, 0 broken, 1 untried\n");
}

TEST_CASE("contract: a text that is in no promise is no success") {
  std::ostringstream out;
  CHECK(check(in_memory(), out, "a promise that nobody made") == 1);
}

TEST_CASE("contract: no more promises are tried once the listener has heard enough") {
  int heard = 0;
  CHECK(check(in_memory(), [&](const verdict&) { return ++heard < 3; }) == 0);
  CHECK(heard == 3);
}

TEST_CASE("contract: a store that counts commits, and wakes who waits for them, keeps the promises about notice") {
  for (const char* promise : {"a commit moves", "waiting with a number", "a commit wakes"}) {
    const auto told = verdicts(memory_of<noticing>(), promise);
    REQUIRE(told.size() == 1);
    CAPTURE(told[0].story);
    CHECK(told[0].is == verdict::state::kept);
  }
}
