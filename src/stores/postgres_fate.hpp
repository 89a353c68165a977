// What became of a transaction whose connection was lost while it committed.
#pragma once

#include "postgres_connection.hpp"

namespace linecard::stores {

/// Nothing when it committed, conflict when it did not and never will, "commit_unknown" when that cannot be learnt.
/// `transaction_id` is pg_current_xact_id's, empty when it never arrived; `changes` are those of the transaction.
[[nodiscard]] refusal learn_fate(const postgres_options& options, const std::string& transaction_id,
                                 std::span<const change> changes);

} // namespace linecard::stores
