// Waits for other transactions' commits: LISTEN on a connection of its own.
#pragma once

#include "postgres_connection.hpp"

#include <condition_variable>
#include <mutex>

namespace linecard::stores {

class postgres_listener {
public:
  explicit postgres_listener(const postgres_options& options) : options_(options) {}

  /// As store::wait_for_change. Refuses as postgres_store does when there is no server until the time is over.
  [[nodiscard]] result<std::uint64_t> wait(std::uint64_t seen, std::chrono::milliseconds timeout);

private:
  using clock = std::chrono::steady_clock;
  [[nodiscard]] refusal listen();
  [[nodiscard]] bool hear();
  [[nodiscard]] bool wait_for_notice(clock::time_point deadline, std::unique_lock<std::mutex>& hold);

  const postgres_options& options_; ///< the store's
  std::mutex mutex_{};
  std::condition_variable moved_{};
  std::unique_ptr<postgres_connection> connection_{};
  std::uint64_t number_{}; ///< so many times something may have been committed
  bool attended_{};        ///< one of those who wait has the connection; the others wait for `moved_`
};

} // namespace linecard::stores
