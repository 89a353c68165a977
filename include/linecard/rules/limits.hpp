// How often something may be tried. Every try is charged before anything is compared, in a transaction of its own, so
// that parallel tries, several processes and failures cannot make more of them.
#pragma once

#include <linecard/model/credential.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// `most` tries within `window` milliseconds from the first of them.
struct rate {
  std::string_view kind{};
  std::int32_t most{};
  std::int64_t window{};
};

/// One more try. Refuses `limit` "too_many_tries" with the time until the next is allowed.
[[nodiscard]] refusal charge_try(snapshot& facts, const ingredients& with, changes& out, const rate& limit,
                                 std::string_view what);
/// The tries so far count no longer.
void forget_tries(snapshot& facts, const ingredients& with, changes& out, const rate& limit, std::string_view what);

} // namespace linecard
