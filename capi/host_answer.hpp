// What a host's store answers, as errors. It trusts nothing: an answer that is no answer is a broken callback.
#pragma once

#include "linecard_adapters.h"

#include <linecard/result.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace linecard::capi {

/// Behind linecard_failure: what the host says beside its answer.
struct failure_object {
  std::array<char, 64> reason{};
  std::array<char, 400> message{};
};
[[nodiscard]] inline linecard_failure* handle_of(failure_object& f) { return reinterpret_cast<linecard_failure*>(&f); }

/// What the host gave as the reason, where that is a slug.
[[nodiscard]] std::string reason_of(const failure_object& said, const char* otherwise);

/// "the store's commit answered 7"
[[nodiscard]] error broken(const char* callback, const std::string& how);

/// Nothing for LINECARD_DONE. Conflicts keep the one reason that makes a rule run again.
[[nodiscard]] refusal judge(const char* callback, std::int32_t answer, const failure_object& said);

} // namespace linecard::capi
