// Fresh ids. A process never draws a stamp twice, whatever its clock does; two processes may clash, which the
// store's unique keys find and a rerun mends.
#pragma once

#include <linecard/snapshot.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

namespace linecard {

class stamp_sequence {
public:
  explicit stamp_sequence(std::uint64_t seed) : seed_(seed & 0x3fff) {}
  [[nodiscard]] std::uint64_t next(instant now);

private:
  std::uint64_t seed_;
  std::atomic<std::uint64_t> last_{0};
};

/// Consecutive stamps: what a preview's token carries so that confirming draws the same ids.
struct stamp_range {
  std::uint64_t first{};
  std::uint32_t count{};
};

/// One run's ids: drawn and noted, or, for a confirmation, drawn again as noted.
class drawn_stamps : public id_source {
public:
  drawn_stamps(stamp_sequence& from, instant now) : from_(from), now_(now) {}
  drawn_stamps(stamp_sequence& from, instant now, std::vector<stamp_range> again)
      : from_(from), now_(now), again_(std::move(again)) {}

  [[nodiscard]] std::uint64_t stamp() override;
  [[nodiscard]] const std::vector<stamp_range>& drawn() const { return drawn_; }

private:
  stamp_sequence& from_;
  instant now_;
  std::vector<stamp_range> again_{};
  std::vector<stamp_range> drawn_{};
  std::size_t range_ = 0;
  std::uint32_t in_range_ = 0;
};

} // namespace linecard
