// What every store promises, as claims to run against any of them. A host that writes its own adapter builds
// contract.cpp with doctest, then says in one file
//
//   LINECARD_STORE_CONTRACT("my store", my_subject)
//
// where my_subject() returns a contract::subject. Each claim becomes a test case "my store: <claim>".
#pragma once

#include <linecard/ports/store.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <memory>

namespace linecard::contract {

struct subject {
  /// A store over empty storage, not prepared. Called once for each claim.
  std::function<std::unique_ptr<store>()> fresh{};
  /// The storage of the last fresh store, which is closed by then; not prepared. Empty when nothing outlives a store.
  std::function<std::unique_ptr<store>()> reopen{};
  /// A write transaction may be open while readers read.
  bool readers_beside_writers{};
};

} // namespace linecard::contract

#define LINECARD_STORE_CLAIMS(claim, ...)                                                                              \
  claim(prepare_twice, "preparing twice changes nothing", __VA_ARGS__) claim(                                          \
      prepare_adds, "prepare adds columns and indexes beside rows that stand",                                         \
      __VA_ARGS__) claim(round_trip, "every kind of value comes back as it was written",                               \
                         __VA_ARGS__) claim(scan_key, "a scan by the key finds its row, or nothing", __VA_ARGS__)      \
      claim(scan_prefix, "a scan by a prefix answers those rows, by index then key", __VA_ARGS__) claim(               \
          scan_unique, "a scan by a unique index finds its row",                                                       \
          __VA_ARGS__) claim(scan_range, "a range takes its lower bound in and its upper out, and no null",            \
                             __VA_ARGS__) claim(scan_descending, "descending is ascending backwards",                  \
                                                __VA_ARGS__) claim(scan_limit,                                         \
                                                                   "a limit stops a request, and only that one",       \
                                                                   __VA_ARGS__)                                        \
          claim(scan_pages, "pages that begin after the last row visit every row once, in order", __VA_ARGS__) claim(  \
              scan_twin, "any scan equals a sorted list searched from end to end",                                     \
              __VA_ARGS__) claim(scan_several, "several requests are answered one after another",                      \
                                 __VA_ARGS__) claim(scan_stops,                                                        \
                                                    "a sink that has enough ends its request, and only that one",      \
                                                    __VA_ARGS__) claim(scan_own, "a transaction sees its own writes",  \
                                                                       __VA_ARGS__)                                    \
              claim(scan_reentry, "a sink cannot use the transaction that feeds it", __VA_ARGS__) claim(               \
                  update_narrow, "I24: an update changes the named columns, raises the version, leaves the rest",      \
                  __VA_ARGS__) claim(update_stale,                                                                     \
                                     "I24: a missed version is a conflict that names its change, and nothing stands",  \
                                     __VA_ARGS__)                                                                      \
                  claim(insert_equal, "an insert of an equal key is a conflict", __VA_ARGS__) claim(                   \
                      unique_equal, "I25: an equal unique index is a conflict, by insert and by update",               \
                      __VA_ARGS__) claim(unique_null, "rows with a null in a unique index never collide", __VA_ARGS__) \
                      claim(unique_freed, "a value freed by an erase or update can be taken in the same batch",        \
                            __VA_ARGS__) claim(erase_row, "an erase needs the version and leaves no row", __VA_ARGS__) \
                          claim(require_row, "a require changes nothing and holds its row to its version",             \
                                __VA_ARGS__) claim(rollback,                                                           \
                                                   "I26: a transaction destroyed before commit leaves the old state",  \
                                                   __VA_ARGS__)                                                        \
                              claim(failed, "I26: after an error nothing but rollback follows", __VA_ARGS__) claim(    \
                                  committed, "what is committed is seen by later transactions",                        \
                                  __VA_ARGS__) claim(read_only, "a read transaction cannot change rows", __VA_ARGS__)  \
                                  claim(one_state, "a read transaction keeps one state while others commit",           \
                                        __VA_ARGS__) claim(threads_count,                                              \
                                                           "threads that count with version checks lose no update",    \
                                                           __VA_ARGS__)                                                \
                                      claim(threads_write, "threads that begin to write at once all get their turn",   \
                                            __VA_ARGS__)                                                               \
                                          claim(threads_read,                                                          \
                                                "threads that read while others write see whole commits", __VA_ARGS__)

#define LINECARD_STORE_DECLARE(function, sentence, ...) void function(const subject& under_test);
#define LINECARD_STORE_CASE(function, sentence, name, make)                                                            \
  TEST_CASE(name ": " sentence) { linecard::contract::function(make()); }

/// One test case for each claim. `name` is a string literal; `make` is callable and returns a subject.
#define LINECARD_STORE_CONTRACT(name, make) LINECARD_STORE_CLAIMS(LINECARD_STORE_CASE, name, make)

namespace linecard::contract {
LINECARD_STORE_CLAIMS(LINECARD_STORE_DECLARE, )
} // namespace linecard::contract
