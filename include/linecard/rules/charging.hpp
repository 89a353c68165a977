// What is charged.
#pragma once

#include <linecard/model/package.hpp>

namespace linecard {

/// How many seats of the pool are charged: held or purchased, and what an overage added, beyond those included.
[[nodiscard]] std::int64_t charged_seats(const seat_pool& pool);

} // namespace linecard
