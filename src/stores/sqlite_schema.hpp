// Tables, columns and indexes made from descriptions. Adds what is missing; never drops, never renames.
#pragma once

#include "sqlite_connection.hpp"

namespace linecard::stores {

/// In one BEGIN IMMEDIATE transaction on a writer's connection, so that processes that prepare at once take turns.
[[nodiscard]] refusal prepare_tables(connection& writer, std::span<const table_info* const> tables);

} // namespace linecard::stores
