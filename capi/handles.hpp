// What stands behind the handles. The types of linecard.h are defined nowhere; a handle is cast to one of these.
#pragma once

#include "callbacks.hpp"
#include "guard.hpp"

#include <linecard/directory.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace linecard::capi {

/// Rises in the child of every fork, once watch_forks has been called.
[[nodiscard]] unsigned fork_generation() noexcept;
void watch_forks();

/// A directory with everything that keeps it; lives until the last handle is freed. Counted by hand, because the
/// child of a fork must forget its handles without ending what they refer to.
struct core {
  core() { watch_forks(); }
  std::shared_ptr<ward> guarded_by = std::make_shared<ward>();
  std::optional<directory> inside{};
  std::atomic<bool> closed{false};
  const unsigned generation = fork_generation();
  std::atomic<std::size_t> handles{0};

  [[nodiscard]] bool forked() const { return generation != fork_generation(); }
};

/// One counted use of a core.
class core_handle {
public:
  explicit core_handle(core* to) : to_(to) { to_->handles.fetch_add(1, std::memory_order_relaxed); }
  core_handle(const core_handle& other) : core_handle(other.to_) {}
  core_handle& operator=(const core_handle&) = delete;
  ~core_handle() {
    if (!to_->forked() && to_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) delete to_;
  }
  [[nodiscard]] core& operator*() const { return *to_; }
  [[nodiscard]] core* operator->() const { return to_; }

private:
  core* to_;
};

struct directory_object {
  core_handle inside;
};

struct actor_object {
  core_handle inside;
  actor as;
  std::atomic<bool> in_use{false};
};

[[nodiscard]] inline directory_object* object_of(linecard_directory* handle) {
  return reinterpret_cast<directory_object*>(handle);
}
[[nodiscard]] inline const directory_object* object_of(const linecard_directory* handle) {
  return reinterpret_cast<const directory_object*>(handle);
}
[[nodiscard]] inline actor_object* object_of(linecard_actor* handle) { return reinterpret_cast<actor_object*>(handle); }
[[nodiscard]] inline const actor_object* object_of(const linecard_actor* handle) {
  return reinterpret_cast<const actor_object*>(handle);
}

/// A fresh handle; the caller of the API owns it.
[[nodiscard]] linecard_directory* make_handle(core* to);
[[nodiscard]] linecard_actor* make_handle(const core_handle& in, const actor& as);

/// The directory, if it may be used here and now. Refuses "argument_null", "forked", "in_callback",
/// "callback_jumped", "directory_closed".
[[nodiscard]] directory& use(linecard_directory* handle);

/// One call on an actor: refuses as use() does, and "actor_in_use".
class actor_call {
public:
  explicit actor_call(linecard_actor* handle);
  actor_call(const actor_call&) = delete;
  actor_call& operator=(const actor_call&) = delete;
  ~actor_call() { actor_.in_use.store(false, std::memory_order_release); }

  [[nodiscard]] const actor& as() const { return actor_.as; }
  [[nodiscard]] linecard::directory& directory() const { return *actor_.inside->inside; }

private:
  actor_object& actor_;
};

} // namespace linecard::capi
