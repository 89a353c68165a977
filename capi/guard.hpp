// The wall between C and C++: no exception gets out, no bad argument gets in.
#pragma once

#include "linecard.h"

#include <linecard/id.hpp>
#include <linecard/model/ids.hpp>
#include <linecard/result.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace linecard::capi {

/// Makes *to, when given, the error object, and answers its status. Out of memory it becomes the static one.
std::int32_t report(linecard_error** to, const error& why) noexcept;
std::int32_t report_no_memory(linecard_error** to) noexcept;
std::int32_t report_unexpected(linecard_error** to, const char* what) noexcept;

[[noreturn]] inline void fail(status code, std::string_view reason, std::string_view path, std::string message) {
  throw refused(refuse(code, reason, path, std::move(message)));
}
inline void check(refusal why) {
  if (why) throw refused(*std::move(why));
}

/// Not noexcept: a forced unwind (pthread_exit in a callback) has to pass.
template <class F> std::int32_t guarded(linecard_error** to, F&& body) {
  if (to) *to = nullptr;
  try {
    body();
    return LINECARD_OK;
  } catch (const refused& no) {
    return report(to, no.details);
  } catch (const std::bad_alloc&) {
    return report_no_memory(to);
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& what) {
    return report_unexpected(to, what.what());
  } catch (...) {
    return report_unexpected(to, "an exception of no known type");
  }
}

template <class T> void clear(T* out) {
  if (out) *out = T{};
}

[[noreturn]] void argument_null(const char* name);
template <class T> T& needed(T* argument, const char* name) {
  if (!argument) argument_null(name);
  return *argument;
}

/// UTF-8 without NUL, as long as it says; refuses "<name>_invalid".
[[nodiscard]] std::string_view text_in(const char* data, std::size_t length, const char* name);
/// The same without a look at its bytes: for JSON, whose reader refuses what is not UTF-8.
[[nodiscard]] std::string_view bytes_in(const char* data, std::size_t length, const char* name);

[[noreturn]] void wrong_kind(std::uint64_t id, std::string_view wanted, const char* name);
[[noreturn]] void id_missing(const char* name);

/// An id that may be 0.
template <class Noun> [[nodiscard]] id_of<Noun> optional_id(linecard_id raw, const char* name) {
  if (raw != 0 && id_kind(raw) != tag_of<Noun>.number) wrong_kind(raw, tag_of<Noun>.prefix, name);
  return {raw};
}
template <class Noun> [[nodiscard]] id_of<Noun> needed_id(linecard_id raw, const char* name) {
  if (raw == 0) id_missing(name);
  return optional_id<Noun>(raw, name);
}
/// A platform, a container, a tenant, or 0.
[[nodiscard]] any_id scope_id_in(linecard_id raw, const char* name);

/// How many bytes of an open struct of `known` bytes to copy, when it says that it has `claimed`. Whole words: a
/// pointer is never cut in two.
[[nodiscard]] constexpr std::size_t bytes_to_copy(std::size_t claimed, std::size_t known) {
  return claimed >= known ? known : claimed - claimed % sizeof(void*);
}

inline constexpr std::uint32_t largest_struct = 1u << 16;

/// The struct as this library knows it, without judging it; nothing of it when its size cannot be one.
template <class T> [[nodiscard]] T copy_struct(const T& from) {
  T known{};
  if (from.struct_size > largest_struct) return known;
  std::memcpy(&known, &from, bytes_to_copy(from.struct_size, sizeof(T)));
  known.struct_size = from.struct_size;
  return known;
}
/// Refuses "struct_size_invalid", "struct_too_new".
void judge_struct(const void* from, std::uint32_t claimed, std::size_t known, const char* name);

/// Fills an out struct as far as its caller knows it; nothing of it when its size cannot be one.
template <class T> void fill_struct(T* to, T known) {
  if (!to || to->struct_size > largest_struct) return;
  known.struct_size = to->struct_size;
  std::memcpy(to, &known, std::min<std::size_t>(to->struct_size, sizeof known));
}

template <class T> [[nodiscard]] T struct_in(const T* from, const char* name) {
  needed(from, name);
  judge_struct(from, from->struct_size, sizeof(T), name);
  return copy_struct(*from);
}

} // namespace linecard::capi
