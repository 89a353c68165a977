#include "postgres_pool.hpp"

#include <algorithm>

namespace linecard::stores {

postgres_pool::postgres_pool(postgres_options options)
    : options_(std::move(options)), permits_(std::max<std::uint32_t>(options_.connections, 1)) {
  idle_.reserve(std::max<std::uint32_t>(options_.connections, 1));
}

result<std::unique_ptr<postgres_connection>> postgres_pool::connect() const {
  auto made = postgres_connection::open(options_);
  if (!made) return made;
  if (auto why = (*made)->start_pipelining()) return std::move(*why);
  return made;
}

std::unique_ptr<postgres_connection> postgres_pool::take_idle() {
  const std::scoped_lock hold(mutex_);
  if (idle_.empty()) return nullptr;
  auto out = std::move(idle_.back());
  idle_.pop_back();
  return out;
}

result<std::unique_ptr<postgres_connection>> postgres_pool::borrow() {
  if (!permits_.enter(std::chrono::milliseconds(options_.busy_timeout_ms)))
    return refuse(status::busy, "store_busy", {}, "all connections of this process are in use: try again");
  struct leave_unless {
    gate& permits;
    bool lent = false;
    ~leave_unless() {
      if (!lent) permits.leave();
    }
  } guard{permits_};
  while (auto idle = take_idle())
    if (idle->seems_alive()) {
      guard.lent = true;
      return idle;
    }
  auto made = connect();
  guard.lent = made.has_value();
  return made;
}

refusal postgres_pool::replace(std::unique_ptr<postgres_connection>& lost) {
  while (take_idle() != nullptr) {
  }
  auto made = connect();
  if (!made) return std::move(made).error();
  lost = *std::move(made);
  return {};
}

void postgres_pool::give_back(std::unique_ptr<postgres_connection> c) noexcept {
  if (c && !c->is_spent()) {
    const std::scoped_lock hold(mutex_);
    idle_.push_back(std::move(c)); // within the capacity reserved for every permit
  } else {
    c.reset();
  }
  permits_.leave();
}

bool postgres_pool::knows(const table_info* table) {
  const std::scoped_lock hold(mutex_);
  return std::find(tables_.begin(), tables_.end(), table) != tables_.end();
}

const host_link* postgres_pool::link_of(const table_info* table) {
  if (options_.mapped.empty()) [[likely]]
    return nullptr;
  const std::scoped_lock hold(mutex_);
  const auto at = std::ranges::find(links_, table, &host_link::table);
  return at == links_.end() ? nullptr : &*at;
}

void postgres_pool::learn(std::span<const table_info* const> tables, std::vector<host_link> links) {
  const std::scoped_lock hold(mutex_);
  for (host_link& link : links)
    if (std::ranges::find(links_, link.table, &host_link::table) == links_.end()) links_.push_back(std::move(link));
  for (const table_info* t : tables)
    if (std::find(tables_.begin(), tables_.end(), t) == tables_.end()) tables_.push_back(t);
}

} // namespace linecard::stores
