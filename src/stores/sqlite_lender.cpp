#include "sqlite_lender.hpp"

#include <chrono>

namespace linecard::stores {

result<std::unique_ptr<connection>> lender::borrow() {
  if (!permits_.enter(std::chrono::milliseconds(options_.busy_timeout_ms)))
    return refuse(status::busy, "store_busy", {},
                  mode_ == access::write ? "another transaction of this process is writing: try again"
                                         : "all readers of this process are in use: try again");
  {
    const std::scoped_lock hold(mutex_);
    if (!idle_.empty()) {
      auto lent = std::move(idle_.back());
      idle_.pop_back();
      return lent;
    }
  }
  struct leave_unless {
    gate& permits;
    bool lent = false;
    ~leave_unless() {
      if (!lent) permits.leave();
    }
  } guard{permits_};
  auto made = connection::open(options_, mode_);
  guard.lent = made.has_value();
  return made;
}

void lender::give_back(std::unique_ptr<connection> c) noexcept {
  if (c->in_transaction()) {
    c.reset();
  } else {
    const std::scoped_lock hold(mutex_);
    idle_.push_back(std::move(c)); // within the capacity reserved for every permit
  }
  permits_.leave();
}

} // namespace linecard::stores
