// Tables, columns and indexes made from descriptions. Adds what is missing; never drops, never renames.
#pragma once

#include "host_link.hpp"
#include "sqlite_connection.hpp"

namespace linecard::stores {

/// The mappings of these tables, checked against the host's. Refuses "mapping_invalid".
[[nodiscard]] refusal fit_mappings(connection& writer, std::span<const table_mapping> mapped,
                                   std::span<const table_info* const> tables, std::vector<host_link>& into);

/// In one BEGIN IMMEDIATE transaction on a writer's connection, so that processes that prepare at once take turns.
[[nodiscard]] refusal prepare_tables(connection& writer, std::span<const table_info* const> tables,
                                     std::span<const host_link> links);

} // namespace linecard::stores
