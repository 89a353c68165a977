#include <linecard/views/large_array.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace linecard::views {

void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t large_page = std::size_t{2} << 20; // whole ones only: the neighbours are not ours
  if (bytes >= large_page) (void)madvise(begin, bytes / large_page * large_page, MADV_HUGEPAGE);
#endif
}

} // namespace linecard::views
