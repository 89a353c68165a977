// The rows that make a line, read for one question or for all of them.
#pragma once

#include "feature_numbers.hpp"
#include "line_log.hpp"

#include <linecard/ports/store.hpp>
#include <linecard/snapshot.hpp>
#include <linecard/views/lines.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace linecard {

[[nodiscard]] std::optional<line_holder> holder_of_line(snapshot& facts, id_of<user> who, feature_numbers& features);
/// The number in whoever's inventory it is.
[[nodiscard]] std::optional<line_number> number_of_line(snapshot& facts, std::string_view e164);

// The look-ups of lines_view, from the rows.

[[nodiscard]] line line_by_number(snapshot& facts, std::string_view e164, feature_numbers& features);
[[nodiscard]] line line_by_extension(snapshot& facts, id_of<tenant> where, std::string_view number,
                                     feature_numbers& features);
[[nodiscard]] line line_by_user(snapshot& facts, id_of<user> who, feature_numbers& features);
[[nodiscard]] line line_by_external_ref(snapshot& facts, id_of<tenant> where, std::string_view ref,
                                        feature_numbers& features);

// Both throw `refused`, bad_alloc.

/// Puts everything into an empty view.
void load_lines(transaction& in, feature_numbers& features, lines_view& into);
/// Makes the lines of these tenants as they are, line by line, while others ask. What the view tells of them, or of a
/// tenant of these shards, and is no more, goes.
void reload_lines(transaction& in, std::vector<id_of<tenant>> tenants, const line_shard_set& shards,
                  feature_numbers& features, lines_view& into);

} // namespace linecard
