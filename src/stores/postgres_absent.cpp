// In place of the PostgreSQL store where CMake found no libpq, so that hosts link either way.
#include <linecard/stores/postgres.hpp>

namespace linecard {

result<std::unique_ptr<store>> postgres_store(postgres_options) {
  return refuse(status::store, "not_built", {}, "this linecard was built without libpq, and so without PostgreSQL");
}

} // namespace linecard
