#include <linecard/version.hpp>

#include <doctest/doctest.h>

TEST_CASE("the headers and the build say the same version") { CHECK(linecard::version == LINECARD_PROJECT_VERSION); }
