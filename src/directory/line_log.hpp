// The log by which line views, here and in other processes, learn whose line a commit has changed.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/snapshot.hpp>

#include <array>
#include <bitset>
#include <string>
#include <vector>

namespace linecard {

[[nodiscard]] inline std::int64_t shard_of(any_id tenant_id) {
  return static_cast<std::int64_t>(tenant_id.value % static_cast<std::uint64_t>(line_shards));
}

/// Once for each transaction, when every command has decided and before anything is applied: names the subjects of all
/// ringing rows that stand otherwise than in the store. False when there is none.
[[nodiscard]] bool log_lines(snapshot& facts, changes& out);

/// Where a reader stands: the newest change it knows of, for each shard.
using line_marks = std::array<std::int64_t, static_cast<std::size_t>(line_shards)>;

using line_shard_set = std::bitset<static_cast<std::size_t>(line_shards)>;

/// What happened up to `last` and after `seen`.
struct line_news {
  line_marks last{};
  std::vector<std::string> subjects{}; ///< users, numbers, and tenants (any line of theirs), each once
  line_shard_set lost{};               ///< of their tenants it cannot be known any more: anything
};
[[nodiscard]] line_news line_changes_since(snapshot& facts, const line_marks& seen);

} // namespace linecard
