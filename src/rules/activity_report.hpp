// What note_activity and an imported tenant may say of when somebody was last active.
#pragma once

#include <linecard/instant.hpp>
#include <linecard/result.hpp>

#include <string>

namespace linecard {

/// Refuses "last_active_at_missing", "last_active_at_invalid": more than five minutes ahead, for clocks differ a
/// little.
[[nodiscard]] refusal acceptable_activity(instant last_active_at, instant now, const std::string& path);

} // namespace linecard
