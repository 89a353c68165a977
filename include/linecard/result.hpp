// What a call answers: a status to act on, a reason to look up, a path to the field, a sentence to read.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace linecard {

/// What the caller can do about it. Names and numbers are frozen; they are the C ABI's codes too. Since 0.1.
enum class status : int {
  ok = 0,
  invalid = -1,    ///< the request is malformed: mend the field that `path` names
  not_found = -2,  ///< no such thing in this scope (another tenant's thing included)
  denied = -3,     ///< the actor may not do this
  conflict = -4,   ///< the present state does not permit it
  limit = -5,      ///< a seat, rate or size limit is reached
  stale = -6,      ///< what was previewed or read has moved: look again
  wrong_kind = -7, ///< an id of another kind of thing
  busy = -8,       ///< try again
  reentrant = -9,  ///< this actor is in use, or a callback called back
  forked = -10,    ///< the process forked after open
  callback = -11,  ///< a host callback failed or broke its contract
  too_new = -12,   ///< written by, or meant for, a newer linecard
  store = -13,     ///< the store failed
  no_memory = -14,
  internal = -15, ///< a defect of linecard or damaged data
};

/// Why a call was refused. `code` says what to do, `reason` is a stable slug ("no_seat_left"), `path` a JSON pointer
/// into the request ("/user_ids/3", empty when no field is to blame), `message` a sentence for a person.
/// `retry_after_ms`: when a limit of tries is reached, how long it lasts.
struct error {
  status code{};
  std::string reason{};
  std::string path{};
  std::string message{};
  std::int64_t retry_after_ms{};
};

using refusal = std::optional<error>; ///< nothing means yes

[[nodiscard]] inline error refuse(status code, std::string_view reason, std::string_view path, std::string message) {
  return {code, std::string(reason), std::string(path), std::move(message), 0};
}

/// Thrown only by `result<T>::value()`, on the side of the caller who asked for it.
struct refused : std::runtime_error {
  explicit refused(error why) : std::runtime_error(why.reason + ": " + why.message), details(std::move(why)) {}
  error details;
};

[[noreturn]] inline void throw_exception_from_error(const error& why, const boost::source_location&) {
  throw refused(why);
}

template <class T> using result = boost::system::result<T, error>;

} // namespace linecard
