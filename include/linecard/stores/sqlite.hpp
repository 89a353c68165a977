// The default store: one SQLite file with real, readable tables whose names are public.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/stores/mapping.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linecard {

struct sqlite_options {
  std::string path{};                  ///< a plain file name, made when missing; no URI, no ":memory:"
  std::int32_t busy_timeout_ms = 5000; ///< patience with this process's writers, then again with other processes'
  std::uint32_t readers = 4;           ///< read transactions at once; more wait for busy_timeout_ms. 0 means 1
  bool synchronous_full = true;        ///< false: a power cut may lose the last commits, never tear one
  std::string vfs{};                   ///< a registered sqlite3_vfs; empty: SQLite's default
  std::vector<table_mapping> mapped{}; ///< tables of the host's in this file; the same at every open
};

/// Opens the file, in WAL mode from then on. Tells of every commit to the file, by any process and any program; of
/// those that are not linecard within a tenth of a second. Several processes may use it at once; a process that forks
/// opens after the fork. Any thread may begin; a transaction is used by one thread at a time and ends before the store
/// does. Table descriptions given to prepare must outlive the store: requests name them by address.
///
/// Errors, here and in every transaction: busy "store_busy"; conflict "store_conflict"; too_new "schema_too_new";
/// store "store_full", "store_io", "store_corrupt", "store_not_a_database", "store_read_only", "store_cannot_open",
/// "store_failed"; limit "value_too_big"; invalid "path_invalid", "path" "/path"; no_memory "no_memory"; internal
/// "table_invalid", "table_differs", "store_refused_row", "store_misused". Messages hold SQLite's words and names of
/// tables, never values of rows. With `mapped` also: invalid "mapping_invalid" (path "/mapped/..."), conflict
/// "mapping_missing", "mapping_incomplete", not_found "host_row_unknown", conflict "host_row_taken",
/// "host_row_differs", "host_refused_row", "reconcile_needed". Since 0.1.
[[nodiscard]] result<std::unique_ptr<store>> sqlite_store(sqlite_options options);

} // namespace linecard
