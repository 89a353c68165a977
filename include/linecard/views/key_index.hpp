// A table from keys of 96 bits to one word's half, for readers without a lock: two keys are never taken for each other.
#pragma once

#include <linecard/views/large_array.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace linecard::views {

/// One writer, whose changes stand within a closure of the sequence that readers read under; readers see words that
/// each make sense alone.
class key_index {
public:
  struct key {
    std::uint64_t first{}; ///< never 0
    std::uint32_t second{};
  };
  static constexpr std::uint32_t nothing = 0;

  key_index();
  [[nodiscard]] std::uint32_t find(key k) const noexcept {
    const auto& table = *in_use_.load(std::memory_order_acquire);
    const auto last = table.size() - 1;
    for (auto at = table.home(k), steps = last; steps != 0; at = (at + 1) & last, --steps) {
      const auto first = table.slots[at].first.load(std::memory_order_acquire);
      if (first == 0) break;
      if (first != k.first) continue;
      const auto rest = table.slots[at].rest.load(std::memory_order_acquire);
      if (static_cast<std::uint32_t>(rest >> 32) == k.second) return static_cast<std::uint32_t>(rest);
    }
    return nothing;
  }
  void prefetch(key k) const noexcept {
    const auto& table = *in_use_.load(std::memory_order_acquire);
    __builtin_prefetch(&table.slots[table.home(k)]);
  }

  /// Room for so many more keys: what is set then cannot fail. Throws bad_alloc. Needs no closure: a wider table tells
  /// the same.
  void make_room(std::size_t more);
  void set(key k, std::uint32_t to) noexcept;
  void erase(key k) noexcept;
  void clear() noexcept;
  /// The writer's: `take` is (key, to).
  template <class Take> void each(Take take) const {
    const auto& in = *tables_.back();
    for (std::size_t n = 0; n < in.size(); ++n)
      if (const auto first = in.slots[n].first.load(std::memory_order_relaxed); first != 0) {
        const auto rest = in.slots[n].rest.load(std::memory_order_relaxed);
        take(key{first, static_cast<std::uint32_t>(rest >> 32)}, static_cast<std::uint32_t>(rest));
      }
  }
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  using word = std::atomic<std::uint64_t>;
  struct slot {
    word first{}; ///< 0: free
    word rest{};  ///< low half: what is found; high half: the key's second part
  };
  struct hashed {
    explicit hashed(int bits) : shift(64 - bits), slots(std::size_t{1} << bits) {}
    [[nodiscard]] std::size_t size() const noexcept { return std::size_t{1} << (64 - shift); }
    [[nodiscard]] std::size_t home(key k) const noexcept {
      auto mixed = k.first ^ k.second * 0xd6e8feb86659fd93u;
      mixed = (mixed ^ mixed >> 32) * 0x9e3779b97f4a7c15u;
      return static_cast<std::size_t>((mixed ^ mixed >> 29) * 0xd6e8feb86659fd93u >> shift);
    }
    int shift;
    large_array<slot> slots;
  };
  [[nodiscard]] std::size_t place_of(const hashed& in, key k) const noexcept;

  std::atomic<const hashed*> in_use_{};
  std::vector<std::unique_ptr<hashed>> tables_{}; ///< the last one is in use; a reader may still look at another
  std::size_t used_{};
};

} // namespace linecard::views
