// Strings that a token passes through: what they held is overwritten when they end, and whenever they grow.
#pragma once

#include <linecard/secrets/secret.hpp>

#include <memory>
#include <string>

namespace linecard::mail {

template <class T> struct wiping_allocator {
  using value_type = T;
  wiping_allocator() = default;
  template <class U> wiping_allocator(const wiping_allocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) { return std::allocator<T>{}.allocate(n); }
  void deallocate(T* at, std::size_t n) noexcept {
    wipe_bytes(at, n * sizeof(T));
    std::allocator<T>{}.deallocate(at, n);
  }
  friend bool operator==(wiping_allocator, wiping_allocator) noexcept { return true; }
};

using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

} // namespace linecard::mail
