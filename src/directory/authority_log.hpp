// The log by which authority views, here and in other processes, learn whose authority a commit has changed.
#pragma once

#include <linecard/snapshot.hpp>

#include <optional>
#include <vector>

namespace linecard {

/// Once for each transaction, when every command has decided and before anything is applied: names the subjects of all
/// deciding rows that stand otherwise than in the store. False when there is none.
[[nodiscard]] bool log_authority(snapshot& facts, id_of<platform> root, changes& out);

/// What happened up to `last` and after `seen`; nothing when it cannot be known any more: read everything.
struct authority_news {
  std::int64_t last{};
  std::optional<std::vector<any_id>> subjects{};
};
[[nodiscard]] authority_news authority_changes_since(snapshot& facts, id_of<platform> root, std::int64_t seen);

} // namespace linecard
