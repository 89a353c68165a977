#include <linecard/stores/memory.hpp>

#include "contract.hpp"

namespace {

linecard::contract::subject memory() { return {.fresh = linecard::memory_store}; }

} // namespace

LINECARD_STORE_CONTRACT("memory store", memory)
