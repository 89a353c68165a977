// For tests that longjmp: what the frames jumped over had allocated is lost, and the leak sanitizer is told so.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define LINECARD_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LINECARD_TEST_ASAN 1
#endif
#endif
#ifdef LINECARD_TEST_ASAN
#include <sanitizer/lsan_interface.h>
#endif

namespace capi {

/// While one lives, what its thread allocates may leak.
#ifdef LINECARD_TEST_ASAN
using leaks_allowed = __lsan::ScopedDisabler;
#else
struct leaks_allowed {
  leaks_allowed() {} // NOLINT: as there, so that a variable is not called unused
};
#endif

} // namespace capi
