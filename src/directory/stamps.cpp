#include "stamps.hpp"

#include <algorithm>

namespace linecard {

std::uint64_t stamp_sequence::next(instant now) {
  const auto ms =
      static_cast<std::uint64_t>(std::max<std::int64_t>(now.milliseconds, 0)) & ((std::uint64_t{1} << 42) - 1);
  const auto fresh = ms << 14 | seed_;
  auto last = last_.load(std::memory_order_relaxed);
  std::uint64_t mine = 0;
  do mine = std::max(last + 1, fresh);
  while (!last_.compare_exchange_weak(last, mine, std::memory_order_relaxed));
  return mine;
}

std::uint64_t drawn_stamps::stamp() {
  if (range_ < again_.size()) {
    const auto stamp = again_[range_].first + in_range_;
    if (++in_range_ == again_[range_].count) ++range_, in_range_ = 0;
    return stamp;
  }
  const auto stamp = from_.next(now_);
  if (!drawn_.empty() && drawn_.back().first + drawn_.back().count == stamp)
    ++drawn_.back().count;
  else
    drawn_.push_back({stamp, 1});
  return stamp;
}

} // namespace linecard
