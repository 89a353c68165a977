// A store without a disk: for tests, for previews of a host's own, and as the plainest reading of the port.
#pragma once

#include <linecard/ports/store.hpp>

#include <memory>

namespace linecard {

/// Rows live and die with the store. One writer at a time, alone: readers wait for it and it waits for readers, with
/// no time limit, so a thread that holds a read transaction must not begin a write. A transaction ends on the thread
/// that began it and before the store does. Any thread may begin. Errors: status conflict "store_conflict",
/// no_memory "no_memory", internal "table_invalid", "store_misused". Since 0.1.
[[nodiscard]] std::unique_ptr<store> memory_store();

} // namespace linecard
