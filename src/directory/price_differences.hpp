// What a command changes of the next statement, in every receipt: the same lines, once of the rows before and once of
// the rows after.
#pragma once

#include <linecard/receipt.hpp>
#include <linecard/snapshot.hpp>

#include <set>

namespace linecard {

/// Reads the numbers and seats of those whose numbers may cost something else now, and nothing where none may.
/// `listed`: whose numbers have been read.
[[nodiscard]] std::vector<price_difference> price_differences_of(snapshot& facts,
                                                                 const std::vector<const detail::slot*>& changed,
                                                                 const std::set<id_of<user>>& listed);

} // namespace linecard
