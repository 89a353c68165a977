// Every call from the library into the host goes through a ward: it catches what the host throws, and knows on which
// threads the host is being called, so that a host which calls back, or never returns, is refused instead of trusted.
#pragma once

#include <linecard/result.hpp>

#include <cxxabi.h>

#include <atomic>
#include <cstdint>

namespace linecard::capi {

/// Answered for a callback that threw; no host can answer it by mistake.
inline constexpr std::int32_t callback_threw = INT32_MIN;
/// Answered when this thread is inside too many callbacks already.
inline constexpr std::int32_t callback_too_deep = INT32_MIN + 1;

/// One for each directory, shared by its store, clock and random source.
class ward {
public:
  ward() = default;
  ward(const ward&) = delete;
  ward& operator=(const ward&) = delete;

  enum class place : std::uint8_t { outside, inside, jumped };

  /// Where the calling thread stands. A frame as high as the callback's own means that the callback was left by
  /// longjmp: the stack grows downwards on every platform we build for.
  [[nodiscard]] place here(const void* frame);

  template <class F> std::int32_t call(F&& callback) {
    const entry in(*this, __builtin_frame_address(0));
    if (!in.entered()) return callback_too_deep;
    try {
      return callback();
    } catch (abi::__forced_unwind&) {
      throw; // pthread_exit or cancellation: whoever swallows it ends the process
    } catch (...) {
      return callback_threw;
    }
  }

private:
  /// Not popped by longjmp: that is the evidence.
  class entry {
  public:
    entry(const ward& whose, const void* frame);
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry();
    [[nodiscard]] bool entered() const { return depth_ >= 0; }

  private:
    int depth_ = -1;
  };

  std::atomic<bool> jumped_{false};
};

} // namespace linecard::capi
