#include "postgres_listener.hpp"

#include "sql.hpp"

#include <algorithm>

#include <poll.h>

namespace linecard::stores {

namespace {

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

} // namespace

/// From here on every commit is told; of those before it nothing is known, so that the number moves.
refusal postgres_listener::listen() {
  if (connection_) return {};
  auto made = postgres_connection::open(options_);
  if (!made) return std::move(made).error();
  if (auto why = (*made)->execute("LISTEN " + quoted(channel_of(options_)), "listen for changes")) return why;
  connection_ = *std::move(made);
  ++number_;
  return {};
}

/// True when the number moved or the connection was lost. Gives up the mutex while it waits.
bool postgres_listener::wait_for_notice(clock::time_point deadline, std::unique_lock<std::mutex>& hold) {
  PGconn* const c = connection_->handle();
  pollfd socket{PQsocket(c), POLLIN, 0};
  hold.unlock();
  const int ready = poll(&socket, 1, milliseconds_until(deadline));
  hold.lock();
  return ready > 0 && hear();
}

/// Takes what has come, without waiting. True when the number moved or the connection was lost.
bool postgres_listener::hear() {
  PGconn* const c = connection_->handle();
  const bool alive = connection_->seems_alive();
  bool told = false;
  while (PGnotify* notice = PQnotifies(c)) PQfreemem(notice), told = true;
  if (told) ++number_;
  if (!alive) connection_.reset();
  return told || !alive;
}

result<std::uint64_t> postgres_listener::wait(std::uint64_t seen, std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  std::unique_lock hold(mutex_);
  while (true) {
    if (attended_) {
      if (seen != 0 && seen == number_ && moved_.wait_until(hold, deadline) == std::cv_status::timeout) return number_;
      if (seen == 0 || seen != number_) return number_;
      continue;
    }
    refusal no = listen();
    if (!no && hear() && !connection_) continue; // lost: listening anew moves the number
    if (!no && (seen == 0 || seen != number_)) return number_;
    if (no && (seen == 0 || clock::now() >= deadline)) return std::move(*no);
    if (!no && clock::now() >= deadline) return number_;
    attended_ = true;
    if (no) { // a server that restarts: look again soon
      hold.unlock();
      (void)poll(nullptr, 0, std::min(milliseconds_until(deadline), 50));
      hold.lock();
    } else {
      (void)wait_for_notice(deadline, hold);
    }
    attended_ = false;
    moved_.notify_all();
  }
}

} // namespace linecard::stores
