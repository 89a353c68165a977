// Numbered places that never move and are never given back: a reader may look at one while the shelf grows.
#pragma once

#include <linecard/views/large_array.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace linecard::views {

/// One writer; readers may look at any place it has told them of.
/// `ChunkSize` places come at once.
template <class T, std::uint32_t ChunkSize = 4096> class shelf {
public:
  [[nodiscard]] const T& operator[](std::uint32_t number) const noexcept { return at(number); }
  [[nodiscard]] T& operator[](std::uint32_t number) noexcept { return at(number); }

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// The next place, made new. Throws bad_alloc, also when there are 4096 chunks.
  std::uint32_t add() {
    const auto chunk = size_ / ChunkSize;
    if (chunk == chunk_count) throw std::bad_alloc();
    if (!owned_[chunk]) {
      owned_[chunk] = std::make_unique<large_array<T>>(ChunkSize);
      chunks_[chunk].store(&(*owned_[chunk])[0], std::memory_order_release);
    }
    return size_++;
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return (std::size_t{size_} + ChunkSize - 1) / ChunkSize * ChunkSize * sizeof(T);
  }

private:
  static constexpr std::uint32_t chunk_count = 4096;

  [[nodiscard]] T& at(std::uint32_t number) const noexcept {
    return chunks_[number / ChunkSize].load(std::memory_order_acquire)[number % ChunkSize];
  }

  std::array<std::atomic<T*>, chunk_count> chunks_{};
  std::array<std::unique_ptr<large_array<T>>, chunk_count> owned_{};
  std::uint32_t size_{};
};

} // namespace linecard::views
