// Where libpq was not found, the PostgreSQL store says so.
#include <linecard/stores/postgres.hpp>

#include <doctest/doctest.h>

TEST_CASE("PostgreSQL store: built without libpq it refuses, and says why") {
  const auto none = linecard::postgres_store({.conninfo = "dbname=x"});
  REQUIRE(none.has_error());
  CHECK(none.error().code == linecard::status::store);
  CHECK(none.error().reason == "not_built");
}
