// The rows that decide what somebody may do, read for one principal or for all of them.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/snapshot.hpp>
#include <linecard/views/authority.hpp>

namespace linecard {

[[nodiscard]] principal_facts facts_about(snapshot& facts, id_of<identity> who);

/// Puts every scope and principal into an empty view. `facts` reads from `in`. Throws `refused`, bad_alloc.
void load_authority(transaction& in, snapshot& facts, instant now, authority_view& into);

} // namespace linecard
