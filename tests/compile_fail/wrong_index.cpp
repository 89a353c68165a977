// EXPECT: no key or index begins with these columns
// A rule asks only what an index answers.
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

auto wrong(linecard::snapshot& facts) { return facts.find<&linecard::user::first_name>(std::string("Ada")); }
