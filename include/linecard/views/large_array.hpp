// An array that random readers look into: in few large pages where the system has them, since half of what such a look
// costs is finding the page.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace linecard::views {

/// Asks for large pages; where there are none nothing changes.
void prefer_large_pages(void* begin, std::size_t bytes) noexcept;

/// `size` value-made elements with trivial destructors. Throws bad_alloc.
template <class T> class large_array {
public:
  explicit large_array(std::size_t size) : bytes_(size * sizeof(T)) {
    elements_ = static_cast<T*>(::operator new(bytes_, alignment()));
    prefer_large_pages(elements_, bytes_);
    std::uninitialized_value_construct_n(elements_, size);
  }
  large_array(const large_array&) = delete;
  large_array& operator=(const large_array&) = delete;
  ~large_array() { ::operator delete(elements_, alignment()); }

  [[nodiscard]] T& operator[](std::size_t at) const noexcept { return elements_[at]; }

private:
  static constexpr std::size_t large_page = std::size_t{2} << 20;
  [[nodiscard]] std::align_val_t alignment() const noexcept {
    return std::align_val_t{bytes_ >= large_page ? large_page : alignof(T) > 64 ? alignof(T) : 64};
  }
  std::size_t bytes_;
  T* elements_;
};

} // namespace linecard::views
