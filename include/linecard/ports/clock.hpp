// Time is a port, so that a run can be replayed exactly.
#pragma once

#include <linecard/instant.hpp>

namespace linecard {

struct clock {
  virtual ~clock() = default;
  [[nodiscard]] virtual instant now() = 0; ///< any thread; milliseconds since 1970, UTC
};

} // namespace linecard
