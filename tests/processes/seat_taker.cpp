// One process of the race in tests/directory/processes.cpp: opens the store as any host would, and takes seats.
//   seat_taker STORE HOST_KEY TENANT FIRST END CHURN
// for the users "u<FIRST>" to "u<END - 1>" by external_ref: CHURN times each a seat and back, then a seat to keep. It
// writes one line for each thing that *has been* committed, and may be killed at any point:
//   churned AUDIT_SEQ         the seat was taken and given back
//   kept USER AUDIT_SEQ       the user holds a seat from now on; "-" when it held one already
//   full                      no seat was left
//   failed REASON             anything else; exit status 3
// then "done".
#include <linecard/directory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdlib>
#include <string>

#include <unistd.h>

using namespace linecard;

namespace {

/// One write call, so that a kill leaves whole lines only.
void say(std::string line) {
  line += '\n';
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::_Exit(4);
}

[[noreturn]] void fail(const error& why) {
  say("failed " + why.reason);
  std::_Exit(3);
}

template <class T> T must(result<T> r) {
  if (!r) fail(r.error());
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

struct taker {
  directory dir;
  actor as;
  id_of<package> basic{};

  /// Waiting for a lock longer than the store's patience is no failure on a loaded machine: the caller asks again.
  template <class C> result<receipt> persist(const C& command) {
    while (true) {
      auto done = dir.run(as, command);
      if (done || done.error().code != status::busy) return done;
    }
  }

  /// False when no seat was left.
  bool take(id_of<user> who, bool keep) {
    const auto done = persist(assign_package{who, basic});
    if (!done && done.error().reason == "no_seat_left") return false;
    if (!done) fail(done.error());
    if (keep) say("kept " + to_text(who) + " " + (done->audit_seq ? std::to_string(*done->audit_seq) : "-"));
    return true;
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const auto key = must(host_key::from_text(argv[2]));
  const auto tenant_id = id_from_text<tenant>(argv[3]);
  const int first = std::atoi(argv[4]), end = std::atoi(argv[5]), churn = std::atoi(argv[6]);
  if (!tenant_id) return 2;

  auto dir = must(directory::open({.store = open_store(argv[1])}, key));
  auto as = must(dir.open_actor("ada@acme.example", *tenant_id));
  taker self{std::move(dir), as};
  for (const auto& sku : must(self.dir.ask(as, selectable_packages{})).packages)
    if (sku.name == "Basic") self.basic = sku.package_id;

  for (int i = first; i < end; ++i) {
    const auto who = must(self.dir.ask(as, find_user{.external_ref = "u" + std::to_string(i)})).user_id;
    for (int n = 0; n < churn; ++n) {
      if (!self.take(who, false)) continue;
      say("churned " + std::to_string(must(self.persist(unassign_package{who, {}})).audit_seq.value_or(0)));
    }
    if (!self.take(who, true)) say("full");
  }
  say("done");
}
