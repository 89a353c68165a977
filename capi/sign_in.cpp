// What linecard_sign_in says, and host keys to rotate to.
#include "adapters.hpp"
#include "guard.hpp"
#include "text.hpp"

#include <linecard/secrets/password.hpp>

#include <algorithm>
#include <cstring>

using namespace linecard;
using namespace linecard::capi;

namespace {

std::vector<host_key> older_keys_in(const linecard_sign_in& sign_in) {
  std::vector<host_key> out;
  if (sign_in.older_key_count > 0) needed(sign_in.older_keys, "older_keys");
  for (std::size_t i = 0; i < sign_in.older_key_count; ++i) {
    auto key = host_key::from_text(text_in(sign_in.older_keys[i], LINECARD_NUL_TERMINATED, "older_keys"));
    if (!key) {
      error why = std::move(key).error();
      why.path = "/older_keys/" + std::to_string(i);
      throw refused(std::move(why));
    }
    out.push_back(*key);
  }
  return out;
}

/// Any bytes. Given and empty is a mistake, not the absence of one.
secret_text pepper_in(const linecard_sign_in& sign_in) {
  if (!sign_in.pepper && sign_in.pepper_length == 0) return {};
  const char* const at = sign_in.pepper ? sign_in.pepper : "";
  const auto length = sign_in.pepper_length == LINECARD_NUL_TERMINATED ? std::strlen(at) : sign_in.pepper_length;
  if (!sign_in.pepper || length == 0) fail(status::invalid, "pepper_invalid", "/pepper", "a pepper is 16 to 64 bytes");
  return secret_text({at, length});
}

} // namespace

void capi::sign_in_into(directory_parts& parts, const linecard_sign_in& sign_in,
                        owned_table<linecard_breaches>* table) {
  if (sign_in.passwords_at_once < 0)
    fail(status::invalid, "passwords_at_once_invalid", "/passwords_at_once", "from 1 to 1024 at once");
  if (sign_in.passwords_at_once > 0) parts.passwords_at_once = static_cast<std::uint32_t>(sign_in.passwords_at_once);
  argon2_options costs;
  if (sign_in.passes > 0) costs.passes = sign_in.passes;
  if (sign_in.memory_kib > 0) costs.memory_kib = sign_in.memory_kib;
  costs.pepper = pepper_in(sign_in);
  parts.passwords = argon2_hasher(std::move(costs)).value();
  parts.older_keys = older_keys_in(sign_in);
  if (sign_in.session_ms != 0) parts.sessions.absolute = sign_in.session_ms;
  parts.sessions.idle = sign_in.idle_ms != 0 ? sign_in.idle_ms : std::min(parts.sessions.idle, parts.sessions.absolute);
  if (table) parts.breached = host_breaches(*table);
}

int32_t linecard_new_host_key(linecard_text** host_key, linecard_error** error) {
  clear(host_key);
  return guarded(error, [&] {
    needed(host_key, "host_key");
    *host_key = make_text(linecard::host_key::fresh().text());
  });
}
