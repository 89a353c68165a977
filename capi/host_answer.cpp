#include "host_answer.hpp"

#include "callbacks.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace linecard::capi {

namespace {

template <std::size_t N> void keep(std::array<char, N>& to, const char* from) {
  const std::size_t length = from ? std::min(std::strlen(from), N - 1) : 0;
  if (length) std::memcpy(to.data(), from, length);
  to[length] = '\0';
}

/// The host's words are for logs: what is neither printable ASCII nor a space becomes '?', so that a message cut in
/// the middle of a letter stays text.
std::string plain(const char* text) {
  std::string out(text);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

bool slug(std::string_view s) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !s.empty() && std::all_of(s.begin(), s.end(), fits);
}

struct known_answer {
  std::int32_t code;
  status meaning;
  const char* reason;
};
constexpr known_answer known_answers[] = {
    {LINECARD_E_CONFLICT, status::conflict, "store_conflict"}, {LINECARD_E_BUSY, status::busy, "store_busy"},
    {LINECARD_E_LIMIT, status::limit, "value_too_big"},        {LINECARD_E_TOO_NEW, status::too_new, "schema_too_new"},
    {LINECARD_E_STORE, status::store, "store_failed"},         {LINECARD_E_NO_MEMORY, status::no_memory, "no_memory"},
    {LINECARD_E_CALLBACK, status::callback, "store_callback"},
};

} // namespace

std::string reason_of(const failure_object& said, const char* otherwise) {
  return slug(said.reason.data()) ? said.reason.data() : otherwise;
}

error broken(const char* callback, const std::string& how) {
  return refuse(status::callback, "store_callback", {}, std::string("the store's ") + callback + " " + how);
}

refusal judge(const char* callback, std::int32_t answer, const failure_object& said) {
  if (answer == LINECARD_DONE) return {};
  if (answer == callback_threw) return broken(callback, "threw an exception");
  if (answer == callback_too_deep) return refuse(status::reentrant, "in_callback", {}, "callbacks are nested too deep");
  for (const known_answer& k : known_answers) {
    if (k.code != answer) continue;
    const std::string reason = k.meaning == status::conflict ? k.reason : reason_of(said, k.reason);
    std::string message =
        said.message[0] ? plain(said.message.data()) : std::string("the store's ") + callback + " failed";
    return refuse(k.meaning, reason, {}, std::move(message));
  }
  return broken(callback, "answered " + std::to_string(answer));
}

} // namespace linecard::capi

using namespace linecard::capi;

int32_t linecard_fail(linecard_failure* failure, int32_t status, const char* reason, const char* message) {
  if (failure) {
    auto& said = *reinterpret_cast<failure_object*>(failure);
    keep(said.reason, reason);
    keep(said.message, message);
  }
  return status;
}
