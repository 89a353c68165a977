// One process of the races in tests/rules/token_storm.cpp: opens the store as any host would, and tries.
//   token_spender STORE HOST_KEY accept TOKEN TIMES         to accept the invitation
//   token_spender STORE HOST_KEY code TOKEN FIRST STEP TIMES    codes FIRST, FIRST + STEP...
// It writes "won", or the reason of the refusal, for each try, then "done".
#include <linecard/directory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace linecard;

namespace {

template <class T> T must(result<T> r) {
  if (!r) {
    std::printf("failed %s\n", r.error().reason.c_str());
    std::exit(3);
  }
  return *std::move(r);
}

/// "sqlite:PATH" or "postgres:SCHEMA:CONNINFO".
std::unique_ptr<store> open_store(const std::string& name) {
  if (name.starts_with("sqlite:")) return must(sqlite_store({.path = name.substr(7), .busy_timeout_ms = 20'000}));
  const auto colon = name.find(':', 9);
  return must(postgres_store({.conninfo = name.substr(colon + 1),
                              .schema = name.substr(9, colon - 9),
                              .connections = 2,
                              .lock_timeout_ms = 20'000}));
}

/// Waiting longer than the store's patience is no answer on a loaded machine: it is asked again.
template <class C> void attempt(directory& dir, const actor& as, const C& command) {
  while (true) {
    const auto done = dir.run(as, command);
    if (!done && done.error().code == status::busy) continue;
    std::printf("%s\n", done ? "won" : done.error().reason.c_str());
    return;
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const std::string what = argv[3];
  auto dir = must(directory::open({.store = open_store(argv[1])}, must(host_key::from_text(argv[2]))));
  const auto visitor = dir.open_visitor();
  if (what == "accept")
    for (int i = 0; i < std::atoi(argv[5]); ++i)
      attempt(dir, visitor,
              accept_invitation{.token = secret_text(argv[4]), .password = secret_text("vier fuenf wort sechs")});
  else
    for (int i = 0, code = std::atoi(argv[5]); i < std::atoi(argv[7]); ++i, code += std::atoi(argv[6]))
      attempt(
          dir, visitor,
          confirm_code{.token = secret_text(argv[4]), .code = secret_text(std::to_string(1'000'000 + code).substr(1))});
  std::puts("done");
}
