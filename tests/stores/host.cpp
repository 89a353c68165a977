// The contract again, over a store written in C behind the vtable of linecard_adapters.h, as a host's would be. The
// wrapper is the library's own source, compiled into this program: liblinecard.so shows no C++.
#include "contract.hpp"

#include <adapters.hpp>
#include <support/array_store.h>

namespace {

std::unique_ptr<linecard::store> over_arrays() {
  linecard_store table;
  REQUIRE(array_store(&table) == 1);
  linecard::capi::owned_table<linecard_store> owned(table, std::make_shared<linecard::capi::ward>());
  return linecard::capi::host_store(owned);
}

linecard::contract::subject in_c() { return {.fresh = over_arrays}; }

} // namespace

LINECARD_STORE_CONTRACT("store in C", in_c)
