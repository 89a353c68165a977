// The store for fleets: real, readable tables in one schema of a PostgreSQL database (13 or newer), over libpq.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/stores/mapping.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linecard {

/// What a store's connections did, for hosts, tests and benchmarks. Any thread reads. Since 0.1.
struct postgres_counters {
  std::atomic<std::uint64_t> round_trips{}; ///< waits for the server, those of connecting and preparing left out
  std::atomic<std::uint64_t> connects{};    ///< connections made
};

struct postgres_options {
  /// libpq's keywords ("host=db dbname=pbx user=linecard") or a postgresql:// URI. What it says of application_name
  /// wins over ours. A password in it is never repeated in an error.
  std::string conninfo{};
  /// One directory has one schema, made when missing; 50 bytes at most. Not "public": a host's own `users` is there.
  std::string schema = "linecard";
  std::uint32_t connections = 8;              ///< transactions at once, and one connection that listens. 0 means 1
  std::int32_t busy_timeout_ms = 5000;        ///< patience when all of them are in use
  std::int32_t connect_timeout_ms = 5000;     ///< in place of libpq's connect_timeout
  std::int32_t lock_timeout_ms = 5000;        ///< patience with a row that another transaction changes. 0: no end
  std::int32_t statement_timeout_ms = 30'000; ///< of one statement. 0: no end
  std::string application_name = "linecard";
  /// Each commit tells wait_for_change of every process. PostgreSQL lets commits that notify through one at a time, so
  /// that many busy writers on a slow disk gain by false; wait_for_change is then not offered.
  bool notify = true;
  std::shared_ptr<postgres_counters> counters{}; ///< optional
  /// Tables of the host's in this database; the same at every open. `host_table` is "schema.table" ("public.staff"),
  /// or a table beside linecard's own.
  std::vector<table_mapping> mapped{};
};

/// Connects, and finds at once what is wrong. Several processes and hosts may use one schema; a process that forks
/// opens after the fork. Any thread may begin; a transaction is used by one thread at a time and ends before the store
/// does. Table descriptions given to prepare must outlive the store. Needs an UTF8 database; a pooler must be in
/// session mode.
///
/// A read transaction is REPEATABLE READ. A writing one is READ COMMITTED: two of its scans may see two states, and
/// what it relies on is held by versions, `require` and unique indexes when it applies. begin sends nothing; a list of
/// scans is one round trip, apply_and_commit is one.
///
/// A connection lost before anything was read is replaced without a word; one lost later, but before the commit, is a
/// conflict, so that the rule is run again on a fresh one. One lost during a commit is asked after: the store learns
/// the transaction's fate from the server and answers success or conflict. Where that cannot be learnt in
/// connect_timeout_ms the answer is store "commit_unknown": the changes may stand or not, and nothing is done twice.
///
/// With `mapped` both tables are written by one statement. Triggers of the host's that this fires find linecard's
/// schema first in the search_path, then those of the mapped tables. A command that will take over what the host
/// changed locks those rows of the host's until its end. The user needs SELECT, INSERT and UPDATE on the host's table.
///
/// Errors, here and in every transaction: busy "store_busy" (time-outs, no free connection, a server that starts or
/// stops); conflict "store_conflict"; too_new "schema_too_new"; store "store_unreachable", "store_login_refused",
/// "store_no_database", "store_no_privilege", "store_read_only" (a standby, or default_transaction_read_only),
/// "store_full", "store_io", "store_corrupt", "store_encoding", "store_cannot_open", "store_failed", "commit_unknown",
/// and "not_built" when the library was built without libpq; limit "value_too_big"; invalid "conninfo_invalid"
/// "/conninfo", "schema_invalid" "/schema"; no_memory "no_memory"; internal "table_invalid", "table_differs",
/// "store_refused_row", "store_misused". Messages hold SQLSTATEs and names of tables, never values of rows. With
/// `mapped` also those that sqlite_store names. Since 0.1.
[[nodiscard]] result<std::unique_ptr<store>> postgres_store(postgres_options options);

} // namespace linecard
