// EXPECT: edit
// Only what was found can be changed.
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

void wrong(linecard::changes& out) { out.edit(linecard::user{}).first_name = "Eve"; }
