// What happens to the process around the library: it forks, it unloads it.
#include "kit.hpp"

#include <dlfcn.h>
#include <sys/wait.h>

#include <fstream>

using namespace capi;

namespace {

/// Runs in the child; the number is that of the first claim that does not hold, 0 when all do.
int child(house& h) {
  linecard_list* list = nullptr;
  linecard_text* text = nullptr;
  linecard_actor* actor = nullptr;
  linecard_error* error = nullptr;
  if (linecard_list_users(h.tenant, nullptr, 0, 0, 0, &list, &error) != LINECARD_E_FORKED) return 1;
  if (std::string(linecard_error_reason(error)) != "forked") return 2;
  linecard_error_free(error);
  if (linecard_check(h.directory, h.operator_id, "license.view", nul, 0, &error) != 0) return 3;
  if (linecard_error_status(error) != LINECARD_E_FORKED) return 4;
  linecard_error_free(error);
  if (linecard_state_digest(h.directory, 0, &text, nullptr) != LINECARD_E_FORKED) return 5;
  if (linecard_actor_open(h.directory, h.operator_id, 0, &actor, nullptr) != LINECARD_E_FORKED) return 6;
  if (linecard_call(h.tenant, "users", nul, "{}", nul, &text, nullptr) != LINECARD_E_FORKED) return 7;
  linecard_actor_free(h.tenant);
  linecard_actor_free(h.container);
  linecard_actor_free(h.platform);
  linecard_close(h.directory);
  const auto options = in_memory();
  linecard_directory* own = nullptr;
  if (linecard_create(&options, &text, &own, nullptr) != LINECARD_OK) return 8;
  if (linecard_bootstrap_operator(own, "ops@example.com", nul, &actor, nullptr) != LINECARD_OK) return 9;
  linecard_actor_free(actor);
  linecard_close(own);
  linecard_text_free(text);
  return 0;
}

bool mapped(const std::string& file) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(file) != std::string::npos) return true;
  return false;
}

} // namespace

TEST_CASE("C: the child of a fork is refused with E_FORKED, frees, opens for itself; the parent goes on") {
  const scratch room;
  const auto file = room.file("forked.db");
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = file.c_str();
  house h(options);
  const auto before = digest(h.directory);
  const pid_t pid = fork();
  REQUIRE(pid >= 0);
  if (pid == 0) _exit(child(h));
  int status = -1;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(digest(h.directory) == before);
  adopt(h.tenant, "Ada", "ada@acme.example");
  CHECK(digest(h.directory) != before);
}

TEST_CASE("C: the library can be loaded, used and unloaded, three times over") {
  // A copy: this program is linked with the library itself, which stays.
  const scratch room;
  const auto copy = room.file("liblinecard_copy.so");
  std::filesystem::copy_file(LINECARD_SHARED_LIBRARY, copy);
  for (int time = 0; time < 3; ++time) {
    void* library = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE_MESSAGE(library != nullptr, dlerror());
    CHECK(mapped(copy));
    const auto find = [&](const char* name) {
      void* found = dlsym(library, name);
      REQUIRE(found != nullptr);
      return found;
    };
    auto* create = reinterpret_cast<decltype(&linecard_create)>(find("linecard_create"));
    auto* begin = reinterpret_cast<decltype(&linecard_bootstrap_operator)>(find("linecard_bootstrap_operator"));
    auto* close = reinterpret_cast<decltype(&linecard_close)>(find("linecard_close"));
    auto* free_actor = reinterpret_cast<decltype(&linecard_actor_free)>(find("linecard_actor_free"));
    auto* free_text = reinterpret_cast<decltype(&linecard_text_free)>(find("linecard_text_free"));
    auto* free_error = reinterpret_cast<decltype(&linecard_error_free)>(find("linecard_error_free"));
    const auto options = in_memory();
    linecard_directory* directory = nullptr;
    linecard_text* key = nullptr;
    linecard_actor* actor = nullptr;
    linecard_error* error = nullptr;
    REQUIRE(create(&options, &key, &directory, nullptr) == LINECARD_OK);
    CHECK(begin(directory, "not an address", nul, &actor, &error) == LINECARD_E_INVALID);
    free_error(error);
    CHECK(begin(directory, "ops@example.com", nul, &actor, nullptr) == LINECARD_OK);
    free_actor(actor);
    free_text(key);
    close(directory);
    REQUIRE(dlclose(library) == 0);
    CHECK_FALSE(mapped(copy));
  }
}
