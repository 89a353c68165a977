// Whether a sanitizer runs along: LINECARD_SANITIZED is 1, or else 0.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LINECARD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LINECARD_SANITIZED 1
#endif
#endif
#ifndef LINECARD_SANITIZED
#define LINECARD_SANITIZED 0
#endif
