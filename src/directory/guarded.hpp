// Where exceptions become errors.
#pragma once

#include <linecard/result.hpp>

#include <exception>
#include <new>

namespace linecard {

/// Turns whatever was thrown into an error; `work` is () -> refusal.
template <class Work> [[nodiscard]] refusal guarded(Work work) {
  try {
    return work();
  } catch (refused& no) {
    return std::move(no.details);
  } catch (const std::bad_alloc&) {
    return error{status::no_memory, "no_memory", "", "out of memory"};
  } catch (const std::exception& e) {
    return refuse(status::internal, "internal", "", std::string("unexpected: ") + e.what());
  }
}

} // namespace linecard
