// EXPECT: run
// A query does not run.
#include <linecard/directory.hpp>

auto wrong(linecard::directory& dir, const linecard::actor& as) { return dir.run(as, linecard::seat_pools{}); }
