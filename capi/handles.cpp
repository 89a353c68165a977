#include "handles.hpp"

#include <pthread.h>

#include <mutex>

namespace linecard::capi {

namespace {

std::atomic<unsigned> generation{0};

/// The frame of the entry point or of a callee: both lie below the host's own.
void enter(core& c) {
  if (c.forked()) fail(status::forked, "forked", {}, "the process forked after open; the child must open for itself");
  switch (c.guarded_by->here(__builtin_frame_address(0))) {
  case ward::place::outside:
    break;
  case ward::place::inside:
    fail(status::reentrant, "in_callback", {}, "a callback may not use the directory that called it");
  case ward::place::jumped:
    fail(status::callback, "callback_jumped", {},
         "a callback was left by longjmp; the directory cannot be used any more");
  }
  if (c.closed.load(std::memory_order_acquire))
    fail(status::invalid, "directory_closed", {}, "the directory was closed");
}

} // namespace

unsigned fork_generation() noexcept { return generation.load(std::memory_order_relaxed); }

void watch_forks() {
  static std::once_flag registered;
  std::call_once(registered, [] {
    if (pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1, std::memory_order_relaxed); }) != 0)
      throw std::bad_alloc();
  });
}

linecard_directory* make_handle(core* to) {
  return reinterpret_cast<linecard_directory*>(new directory_object{core_handle(to)});
}

linecard_actor* make_handle(const core_handle& in, const actor& as) {
  return reinterpret_cast<linecard_actor*>(new actor_object{in, as});
}

directory& use(linecard_directory* handle) {
  needed(handle, "directory");
  core& c = *object_of(handle)->inside;
  enter(c);
  return *c.inside;
}

actor_call::actor_call(linecard_actor* handle) : actor_(*object_of(&needed(handle, "actor"))) {
  enter(*actor_.inside);
  if (actor_.in_use.exchange(true, std::memory_order_acq_rel))
    fail(status::reentrant, "actor_in_use", {}, "the actor is in use: one call at a time, or open another");
}

} // namespace linecard::capi
