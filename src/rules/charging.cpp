#include <linecard/rules/charging.hpp>

#include <algorithm>

namespace linecard {

std::int64_t charged_seats(const seat_pool& pool) {
  const std::int64_t purchased = pool.purchased, held = std::int64_t{pool.used} + pool.reserved;
  const auto base = pool.charging == seat_charging::purchased ? purchased : std::min(held, purchased);
  const auto over = pool.overage == overage_policy::allow ? std::max<std::int64_t>(0, held - purchased) : 0;
  return std::max<std::int64_t>(0, base + over - pool.included);
}

} // namespace linecard
