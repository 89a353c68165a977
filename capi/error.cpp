#include "guard.hpp"

#include <array>

namespace linecard::capi {

namespace {

/// Its three texts follow it in the same block, those of the static one in the program.
struct error_object {
  std::int32_t status;
  const char* reason;
  const char* path;
  const char* message;
  std::int64_t retry_after_ms;
};

constexpr error_object out_of_memory{LINECARD_E_NO_MEMORY, "no_memory", "", "out of memory", 0};

const error_object* object_of(const linecard_error* handle) { return reinterpret_cast<const error_object*>(handle); }
linecard_error* handle_of(const error_object* object) {
  return reinterpret_cast<linecard_error*>(const_cast<error_object*>(object)); // the API only reads it
}

const char* append(char*& at, std::string_view text) {
  char* const begin = at;
  if (!text.empty()) std::memcpy(begin, text.data(), text.size());
  begin[text.size()] = '\0';
  at += text.size() + 1;
  return begin;
}

std::int32_t make(linecard_error** to, std::int32_t code, std::string_view reason, std::string_view path,
                  std::string_view message, std::int64_t retry_after_ms = 0) noexcept {
  if (!to) return code;
  void* block = ::operator new(sizeof(error_object) + reason.size() + path.size() + message.size() + 3, std::nothrow);
  if (!block) return report_no_memory(to);
  auto* const made = new (block) error_object{code, nullptr, nullptr, nullptr, retry_after_ms};
  char* at = reinterpret_cast<char*>(made + 1);
  made->reason = append(at, reason);
  made->path = append(at, path);
  made->message = append(at, message);
  *to = handle_of(made);
  return code;
}

} // namespace

std::int32_t report(linecard_error** to, const error& why) noexcept {
  return make(to, static_cast<std::int32_t>(why.code), why.reason, why.path, why.message, why.retry_after_ms);
}

std::int32_t report_no_memory(linecard_error** to) noexcept {
  if (to) *to = handle_of(&out_of_memory);
  return LINECARD_E_NO_MEMORY;
}

std::int32_t report_unexpected(linecard_error** to, const char* what) noexcept {
  return make(to, LINECARD_E_INTERNAL, "unexpected_exception", {}, what);
}

} // namespace linecard::capi

using namespace linecard::capi;

int32_t linecard_error_status(const linecard_error* error) { return error ? object_of(error)->status : LINECARD_OK; }

const char* linecard_error_reason(const linecard_error* error) { return error ? object_of(error)->reason : ""; }

const char* linecard_error_path(const linecard_error* error) { return error ? object_of(error)->path : ""; }

const char* linecard_error_message(const linecard_error* error) { return error ? object_of(error)->message : ""; }

int64_t linecard_error_retry_after_ms(const linecard_error* error) {
  return error ? object_of(error)->retry_after_ms : 0;
}

void linecard_error_free(linecard_error* error) {
  if (error && object_of(error) != &out_of_memory) ::operator delete(error);
}

const char* linecard_status_name(int32_t status) {
  static constexpr std::array names{"ok",      "invalid",    "not_found", "denied",    "conflict", "limit",
                                    "stale",   "wrong_kind", "busy",      "reentrant", "forked",   "callback",
                                    "too_new", "store",      "no_memory", "internal"};
  if (status > 0 || status <= -static_cast<int32_t>(names.size())) return "unknown";
  return names[static_cast<std::size_t>(-status)];
}
