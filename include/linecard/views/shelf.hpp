// Numbered places that never move and are never given back: a reader may look at one while the shelf grows.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace linecard::views {

/// One writer; readers may look at any place it has told them of.
template <class T> class shelf {
public:
  [[nodiscard]] const T& operator[](std::uint32_t number) const noexcept { return at(number); }
  [[nodiscard]] T& operator[](std::uint32_t number) noexcept { return at(number); }

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// The next place, made new. Throws bad_alloc, also when there are 16 million.
  std::uint32_t add() {
    const auto chunk = size_ / chunk_size;
    if (chunk == chunk_count) throw std::bad_alloc();
    if (!owned_[chunk]) {
      owned_[chunk] = std::make_unique<T[]>(chunk_size);
      chunks_[chunk].store(owned_[chunk].get(), std::memory_order_release);
    }
    return size_++;
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return (std::size_t{size_} + chunk_size - 1) / chunk_size * chunk_size * sizeof(T);
  }

private:
  static constexpr std::uint32_t chunk_size = 4096, chunk_count = 4096;

  [[nodiscard]] T& at(std::uint32_t number) const noexcept {
    return chunks_[number / chunk_size].load(std::memory_order_acquire)[number % chunk_size];
  }

  std::array<std::atomic<T*>, chunk_count> chunks_{};
  std::array<std::unique_ptr<T[]>, chunk_count> owned_{};
  std::uint32_t size_{};
};

} // namespace linecard::views
