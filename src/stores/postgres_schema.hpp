// Tables, columns and indexes made from descriptions. Adds what is missing; never drops, never renames.
#pragma once

#include "host_link.hpp"
#include "postgres_connection.hpp"

namespace linecard::stores {

/// In one transaction under an advisory lock, on a connection that does not pipeline, so that processes that prepare at
/// once take turns. Where nothing is missing nothing is done, and no privilege to create is needed.
[[nodiscard]] refusal prepare_tables(postgres_connection& c, const std::string& schema,
                                     std::span<const table_info* const> tables, std::span<const host_link> links);

} // namespace linecard::stores
