// Numbered places that never move and are never given back: a reader may look at one while the shelf grows.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace linecard::views {

/// Chunk n has first_chunk << n places. One writer; readers may look at any place it has told them of.
template <class T> class shelf {
public:
  [[nodiscard]] const T& operator[](std::uint32_t number) const noexcept { return at(number); }
  [[nodiscard]] T& operator[](std::uint32_t number) noexcept { return at(number); }

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// The next place, made new. Throws bad_alloc.
  std::uint32_t add() {
    const auto chunk = chunk_of(size_);
    if (!owned_[chunk]) {
      owned_[chunk] = std::make_unique<T[]>(std::size_t{first_chunk} << chunk);
      chunks_[chunk].store(owned_[chunk].get(), std::memory_order_release);
    }
    return size_++;
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t places = 0;
    for (std::size_t n = 0; n < chunk_count; ++n)
      if (owned_[n]) places += std::size_t{first_chunk} << n;
    return places * sizeof(T);
  }

private:
  static constexpr std::uint32_t first_chunk = 256;
  static constexpr std::size_t chunk_count = 24; // 256 * (2^24 - 1): 32 bits of numbers

  [[nodiscard]] static std::size_t chunk_of(std::uint32_t number) noexcept {
    return static_cast<std::size_t>(std::bit_width((std::uint64_t{number} + first_chunk) / first_chunk)) - 1;
  }
  [[nodiscard]] T& at(std::uint32_t number) const noexcept {
    const auto chunk = chunk_of(number);
    const auto offset = std::uint64_t{number} + first_chunk - (std::uint64_t{first_chunk} << chunk);
    return chunks_[chunk].load(std::memory_order_acquire)[offset];
  }

  std::array<std::atomic<T*>, chunk_count> chunks_{};
  std::array<std::unique_ptr<T[]>, chunk_count> owned_{};
  std::uint32_t size_{};
};

} // namespace linecard::views
