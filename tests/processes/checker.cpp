// The other process of tests/views/authority_processes.cpp: asks, and changes, what somebody may do.
//   checker FILE HOST_KEY EMAIL CONTAINER TENANT
// answers each byte on standard input with one on standard output:
//   c   may EMAIL manage the tenant?   1 or 0
//   g   grants the role "container"    g, or "!" when refused
//   r   revokes it                     r, or "!"
#include <linecard/directory.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdlib>
#include <string>

#include <unistd.h>

using namespace linecard;

namespace {

template <class T> T must(result<T> r) {
  if (!r) std::_Exit(3);
  return *std::move(r);
}

} // namespace

int main(int count, char** words) {
  if (count != 6) return 2;
  const std::string email = words[3];
  auto dir = must(directory::open({.store = must(sqlite_store({.path = words[1], .synchronous_full = false}))},
                                  must(host_key::from_text(words[2]))));
  const auto container_id = id_from_text<container>(words[4]);
  const auto tenant_id = id_from_text<tenant>(words[5]);
  if (!container_id || !tenant_id) return 2;
  const auto root = must(dir.open_actor("root@example.com", *container_id));
  const auto who = must(dir.open_actor(email)).identity_id();
  for (char asked = 0; read(STDIN_FILENO, &asked, 1) == 1;) {
    char answer = '!';
    if (asked == 'c') answer = dir.check(who, permission::tenant_manage, *tenant_id) ? '1' : '0';
    if (asked == 'g' && dir.run(root, grant_role{.email = email, .role = "container"})) answer = 'g';
    if (asked == 'r' && dir.run(root, revoke_role{.email = email, .role = "container"})) answer = 'r';
    if (write(STDOUT_FILENO, &answer, 1) != 1) return 4;
  }
  return 0;
}
