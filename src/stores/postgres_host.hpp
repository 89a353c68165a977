// The host's half of a change to a mapped table: statements that write both tables at once, so that a change stays one
// statement of the pipeline, and the search for words when one hit no row.
#pragma once

#include "host_link.hpp"
#include "postgres_connection.hpp"

#include <string>
#include <string_view>

namespace linecard::stores {

/// A statement of a change must fail at the server when it hits no row, with division by zero: COMMIT is on its way
/// behind it. `before` is other WITH queries, each with a comma behind it.
[[nodiscard]] std::string must_hit(const std::string& statement, const std::string& before = {});
inline constexpr std::string_view no_row_hit = "22012";

/// The reference that a new row brings; null when its host row is to be made.
[[nodiscard]] value reference_of(const host_link& link, const change& insert);
[[nodiscard]] std::string mapped_insert_text(const host_link& link, bool linking);
/// Adds the host's key that the reference names; one that no key can be is null, and hits no row.
void add_host_key(postgres_parameters& with, const host_link& link, const value& reference);
[[nodiscard]] std::string mapped_update_text(const host_link& link, std::uint64_t mask);

/// A constraint or trigger of the host's said no, in a statement that writes both tables or at the commit.
[[nodiscard]] bool host_refused(const PGresult* r, const host_link& link, std::string_view our_schema);

/// After a rollback, in a round trip of its own: why the insert, which met a conflict, did. `otherwise` when nothing
/// speaks against it any more, so that it is decided again.
[[nodiscard]] error why_not_inserted(postgres_connection& c, const host_link& link, const change& insert,
                                     error otherwise);

/// The mappings of these tables, checked against the host's. Refuses "mapping_invalid". A table's name is "table", of
/// our schema, or "schema.table".
[[nodiscard]] refusal fit_mappings(postgres_connection& c, const std::string& our_schema,
                                   std::span<const table_mapping> mapped, std::span<const table_info* const> tables,
                                   std::vector<host_link>& into);

} // namespace linecard::stores
