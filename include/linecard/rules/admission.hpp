// The one way a user comes into a tenant: adding, adopting and importing all go through it.
#pragma once

#include <linecard/rules/onboarding.hpp>

namespace linecard {

/// Checks everything, then changes: a refusal leaves `out` as it was, so an import can go on with the next row.
/// Paths are those of adopt_user.
[[nodiscard]] refusal admit(snapshot& facts, const ingredients& with, changes& out, const adopt_user& newcomer,
                            user_state state, bool send_welcome);

} // namespace linecard
