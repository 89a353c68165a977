// EXPECT: find takes all columns of the key or of a unique index
// Half a key names many rows: that is what list is for.
#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

auto wrong(linecard::snapshot& facts) {
  return facts.find<&linecard::user::tenant_id>(linecard::id_of<linecard::tenant>{});
}
