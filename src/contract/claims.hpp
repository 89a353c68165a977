// Every promise of the contract: the function that tries it, and the sentence it is known by.
#pragma once

#include <linecard/contract.hpp>

#include <span>

// clang-format off
#define LINECARD_STORE_CLAIMS(claim, ...) \
  claim(prepare_twice, "preparing twice changes nothing", __VA_ARGS__) \
  claim(prepare_adds, "prepare adds columns and indexes beside rows that stand", __VA_ARGS__) \
  claim(prepare_older, "an older version works in storage that a newer one made", __VA_ARGS__) \
  claim(prepare_mixed, "an older and a newer version work on one store, and neither loses what the other wrote", __VA_ARGS__) \
  claim(round_trip, "every kind of value comes back as it was written", __VA_ARGS__) \
  claim(scan_key, "a scan by the key finds its row, or nothing", __VA_ARGS__) \
  claim(scan_prefix, "a scan by a prefix answers those rows, by index then key", __VA_ARGS__) \
  claim(scan_unique, "a scan by a unique index finds its row", __VA_ARGS__) \
  claim(scan_range, "a range takes its lower bound in and its upper out, and no null", __VA_ARGS__) \
  claim(scan_descending, "descending is ascending backwards", __VA_ARGS__) \
  claim(scan_limit, "a limit stops a request, and only that one", __VA_ARGS__) \
  claim(scan_pages, "pages that begin after the last row visit every row once, in order", __VA_ARGS__) \
  claim(scan_twin, "any scan equals a sorted list searched from end to end", __VA_ARGS__) \
  claim(scan_several, "several requests are answered one after another", __VA_ARGS__) \
  claim(scan_mixed, "each of several requests is answered as if it were alone", __VA_ARGS__) \
  claim(scan_hint, "the hint for_update changes no answer", __VA_ARGS__) \
  claim(scan_stops, "a sink that has enough ends its request, and only that one", __VA_ARGS__) \
  claim(scan_own, "a transaction sees its own writes", __VA_ARGS__) \
  claim(scan_reentry, "a sink cannot use the transaction that feeds it", __VA_ARGS__) \
  claim(update_narrow, "I24: an update changes the named columns, raises the version, leaves the rest", __VA_ARGS__) \
  claim(update_stale, "I24: a missed version is a conflict that names its change, and nothing stands", __VA_ARGS__) \
  claim(versions, "I24: a version is 1 when inserted and rises by 1 with each update, in one batch too", __VA_ARGS__) \
  claim(insert_equal, "an insert of an equal key is a conflict", __VA_ARGS__) \
  claim(unique_equal, "I25: an equal unique index is a conflict, by insert and by update", __VA_ARGS__) \
  claim(unique_null, "rows with a null in a unique index never collide", __VA_ARGS__) \
  claim(unique_freed, "a value freed by an erase or update can be taken in the same batch", __VA_ARGS__) \
  claim(erase_row, "an erase needs the version and leaves no row", __VA_ARGS__) \
  claim(require_row, "a require changes nothing and holds its row to its version", __VA_ARGS__) \
  claim(rollback, "I26: a transaction destroyed before commit leaves the old state", __VA_ARGS__) \
  claim(failed, "I26: after an error nothing but rollback follows", __VA_ARGS__) \
  claim(committed, "what is committed is seen by later transactions", __VA_ARGS__) \
  claim(durable, "I26: what is committed outlives the store, and nothing else does", __VA_ARGS__) \
  claim(read_only, "a read transaction cannot change rows", __VA_ARGS__) \
  claim(one_state, "a read transaction keeps one state while others commit", __VA_ARGS__) \
  claim(two_stores, "I24: two stores over one storage see each other's commits and hold each other's versions", __VA_ARGS__) \
  claim(threads_count, "I24: threads that count with version checks lose no update", __VA_ARGS__) \
  claim(threads_require, "I24: of threads that require each other's rows to stand only one succeeds", __VA_ARGS__) \
  claim(threads_exclude, "excludes_writers: what a write transaction read stands until its end", __VA_ARGS__) \
  claim(threads_write, "threads that begin to write at once all get their turn", __VA_ARGS__) \
  claim(threads_read, "threads that read while others write see whole commits", __VA_ARGS__) \
  claim(counter_moves, "a commit moves the change counter", __VA_ARGS__) \
  claim(wait_returns, "waiting with a number that is old, or 0, returns at once", __VA_ARGS__) \
  claim(wait_wakes, "a commit wakes who waits for it, and none is missed", __VA_ARGS__)
// clang-format on

namespace linecard::contract {

#define LINECARD_STORE_DECLARE(function, sentence, ...) void function(const subject& under_test);
LINECARD_STORE_CLAIMS(LINECARD_STORE_DECLARE, )
#undef LINECARD_STORE_DECLARE

struct claim {
  std::string_view promise;
  void (*of)(const subject& under_test);
};

/// One of them, on stores that are written down.
[[nodiscard]] verdict try_one(const claim& c, const subject& under_test);

} // namespace linecard::contract
