// Extensions given and freed.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Nobody's any more; the lowest free one of the tenant's range stays true.
void free_extension(snapshot& facts, changes& out, const fact<extension>& line);

} // namespace linecard
