// Chance is a port, so that a run can be replayed exactly. Keys and salts come from here: the default is the
// system's generator through libsodium; replace it in tests only.
#pragma once

#include <cstddef>

namespace linecard {

struct random_source {
  virtual ~random_source() = default;
  virtual void fill(void* into, std::size_t length) = 0; ///< any thread; never fails
};

} // namespace linecard
