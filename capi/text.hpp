// Texts handed out: one block each, NUL-terminated.
#pragma once

#include "linecard.h"

#include <string_view>

namespace linecard::capi {

/// Throws bad_alloc. The caller of the API owns it.
[[nodiscard]] linecard_text* make_text(std::string_view bytes);

} // namespace linecard::capi
