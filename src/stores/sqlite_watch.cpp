#include "sqlite_watch.hpp"

#include <algorithm>
#include <cstring>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>
#else
#include <thread>
#endif

namespace linecard::stores {

namespace {

// The wal-index header, as https://www.sqlite.org/walformat.html describes it. Its first word is the version of this
// format, which SQLite itself refuses to read when it is another; so do we.
constexpr std::uint32_t known_version = 3007000;
constexpr std::size_t version_at = 0, change_at = 8, initialised_at = 12, checksum_at = 40, header_size = 48;
constexpr int region_size = 32768;

/// How long a commit that nobody announced may go unnoticed.
constexpr std::chrono::milliseconds look_again{100};

const unsigned char* header_of(connection& c) {
  // Reading anything opens the log and maps its index.
  if (c.execute("PRAGMA schema_version") != SQLITE_OK) return nullptr;
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(c.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == nullptr)
    return nullptr;
  const sqlite3_io_methods* methods = file->pMethods;
  if (methods == nullptr || methods->iVersion < 2 || methods->xShmMap == nullptr) return nullptr;
  void volatile* region = nullptr;
  if (methods->xShmMap(file, 0, region_size, 0, &region) != SQLITE_OK || region == nullptr) return nullptr;
  return static_cast<const unsigned char*>(const_cast<const void*>(region));
}

} // namespace

std::unique_ptr<sqlite_watch> sqlite_watch::open(const sqlite_options& options) {
  auto holder = connection::open(options, access::read);
  if (!holder) return nullptr;
  const unsigned char* header = header_of(**holder);
  if (header == nullptr) return nullptr;
  std::unique_ptr<sqlite_watch> made(new sqlite_watch(*std::move(holder), header));
  const bool known = made->word(version_at) == known_version && header[initialised_at] == 1;
  return known ? std::move(made) : nullptr;
}

std::uint32_t sqlite_watch::word(std::size_t at) const noexcept {
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(header_ + at), __ATOMIC_ACQUIRE);
}

/// The number of the change tells two commits apart; the header's checksum, should a recovery have started to count
/// anew.
std::uint64_t sqlite_watch::count() const noexcept {
  const auto checksum =
      __atomic_load_n(reinterpret_cast<const std::uint64_t*>(header_ + checksum_at), __ATOMIC_ACQUIRE);
  const std::uint64_t number = std::uint64_t{word(change_at)} << 32 | ((checksum ^ checksum >> 32) & 0xffffffffu);
  return number != 0 ? number : 1;
}
static_assert(checksum_at % alignof(std::uint64_t) == 0 && header_size == checksum_at + sizeof(std::uint64_t));

std::uint64_t sqlite_watch::wait(std::uint64_t seen, std::chrono::milliseconds patience) const {
  using clock = std::chrono::steady_clock;
  const auto deadline = clock::now() + patience;
  while (true) {
    [[maybe_unused]] const std::uint32_t change = word(change_at); // before the count: a commit after it moves the word
    const std::uint64_t now = count();
    const auto left = deadline - clock::now();
    if (now != seen || left <= clock::duration::zero()) return now;
#if defined(__linux__)
    const auto pause = std::min<std::chrono::nanoseconds>(left, look_again);
    timespec span{};
    span.tv_sec = static_cast<std::time_t>(pause.count() / 1'000'000'000);
    span.tv_nsec = static_cast<long>(pause.count() % 1'000'000'000);
    // Woken, timed out, interrupted or too late: each time the count tells.
    (void)syscall(SYS_futex, header_ + change_at, FUTEX_WAIT, change, &span, nullptr, 0);
#else
    std::this_thread::sleep_for(std::min<clock::duration>(left, std::chrono::milliseconds(5)));
#endif
  }
}

void sqlite_watch::announce() const noexcept {
#if defined(__linux__)
  (void)syscall(SYS_futex, header_ + change_at, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
#endif
}

} // namespace linecard::stores
