// Lists handed out: any described rows as immutable cells.
#pragma once

#include "linecard.h"

#include <linecard/describe.hpp>

namespace linecard::capi {

/// `rows` is an object of `type`: a list of described structs, or one described struct, then a list of one row.
/// Throws bad_alloc. The caller of the API owns it.
[[nodiscard]] linecard_list* make_list(const type_info& type, const void* rows, linecard_id next = 0);

} // namespace linecard::capi
