// The contract on the PostgreSQL store, and what is its own: names, plans, round trips, notices.
#include "postgres_kit.hpp"

using namespace linecard;
using namespace linecard::contract;

namespace {

contract::subject postgres() {
  auto last = std::make_shared<postgres_options>();
  contract::subject s;
  s.fresh = [last] { return *last = fresh_postgres(), open(*last); };
  s.reopen = [last] { return open(*last); };
  s.readers_beside_writers = true;
  return s;
}

} // namespace

LINECARD_STORE_CONTRACT("PostgreSQL store", postgres)
