// EXPECT: tenant
// An id of one noun is no id of another.
#include <linecard/rules/licensing.hpp>

linecard::assign_package wrong(linecard::id_of<linecard::tenant> tenant_id) { return {.user_id = tenant_id}; }
