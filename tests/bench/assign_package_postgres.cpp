// "Assign package" over PostgreSQL, on a server of this program's own that syncs, as a ratio to one hand-written
// statement that does the same; the round trips of each; and how long each store adapter is.
//   linecard_bench_assign_package_postgres [ROUNDS]
#include "by_statement.hpp"
#include "company.hpp"
#include "measure.hpp"

#include "stores/postgres_server.hpp"

#include <linecard/stores/postgres.hpp>

#include <filesystem>
#include <fstream>
#include <initializer_list>

using namespace linecard;
using bench::company, bench::must, bench::people, bench::raw;

namespace {

/// Everybody back to Unassigned, beside the clock.
void clear(company& c) {
  const std::vector<id_of<user>> all = c.users;
  must(c.dir.run(c.admin, unassign_packages{all, {}}));
}

std::size_t lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line);) ++lines;
  return lines;
}
/// Files of the folder whose names begin so.
std::size_t lines_of(const char* folder, std::initializer_list<std::string_view> beginnings) {
  std::size_t lines = 0;
  const auto where = std::filesystem::path(LINECARD_SOURCE_DIR) / folder;
  for (const auto& entry : std::filesystem::directory_iterator(where))
    for (const auto& beginning : beginnings)
      if (entry.path().filename().string().starts_with(beginning)) lines += lines_of(entry.path());
  return lines;
}

struct tally {
  std::vector<double> wall{}, cpu{};
  void add(const bench::spent& s) { wall.push_back(s.wall), cpu.push_back(s.cpu); }
};

void compare(const std::string& server_settings, contract::postgres_server& server, int rounds) {
  auto counters = std::make_shared<postgres_counters>();
  const auto open = [&](const char* schema, std::shared_ptr<postgres_counters> counted) {
    return must(postgres_store({.conninfo = server.conninfo(), .schema = schema, .counters = std::move(counted)}));
  };
  const std::string mine = "ours_" + server_settings, peers = "theirs_" + server_settings;
  company ours(open(mine.c_str(), counters)), theirs(open(peers.c_str(), nullptr));
  bench::by_statement peer(server.conninfo(), peers);
  peer.run("ANALYZE");

  tally us, them;
  std::vector<double> ratio;
  std::uint64_t trips = 0, peer_trips = 0;
  for (int round = 0; round <= rounds; ++round) {
    clear(ours), clear(theirs);
    std::size_t n = 0, m = 0;
    auto mine_once = [&] { must(ours.dir.run(ours.admin, assign_package{ours.users[n++], ours.packages[0]})); };
    auto theirs_once = [&] {
      const auto now =
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
      const auto id = theirs.users[m++];
      peer.assign(raw(theirs.admin.identity_id()), raw(theirs.tenant_id), raw(id), raw(theirs.packages[0]), now.count(),
                  to_text(id), to_text(theirs.packages[0]));
    };
    const auto before = counters->round_trips.load(), peer_before = peer.round_trips;
    bench::spent we{};
    if (round % 2 == 0) we = bench::time_each(people / 2, mine_once);
    const auto they = bench::time_each(people / 2, theirs_once);
    if (round % 2 != 0) we = bench::time_each(people / 2, mine_once);
    if (round == 0) continue;
    us.add(we), them.add(they);
    ratio.push_back(they.wall / we.wall);
    trips += counters->round_trips - before, peer_trips += peer.round_trips - peer_before;
  }
  const double calls = static_cast<double>(rounds) * (people / 2);
  std::printf("%-44s %8.1f us (cpu %6.1f, %.2f round trips)   one statement %8.1f us (cpu %6.1f, %.2f)   ratio %.3f\n",
              ("assign package, PostgreSQL, " + server_settings).c_str(), bench::median(us.wall), bench::median(us.cpu),
              static_cast<double>(trips) / calls, bench::median(them.wall), bench::median(them.cpu),
              static_cast<double>(peer_trips) / calls, bench::median(ratio));
  std::fflush(stdout);
  bench::demand(must(ours.dir.ask(ours.admin, verify_audit{})).intact, "the audit chain");

  clear(ours);
  std::size_t i = 0, turn = 0;
  for (const auto& id : ours.users) must(ours.dir.run(ours.admin, assign_package{id, ours.packages[0]}));
  auto before = counters->round_trips.load();
  bench::report("change package, PostgreSQL, " + server_settings, rounds / 4 + 1, people / 4, [&] {
    const auto& id = ours.users[turn % people];
    must(ours.dir.run(ours.admin, change_package{id, ours.packages[(turn / people + 1) % 2]}));
    ++turn;
  });
  std::printf("%-44s %8.2f round trips\n", "",
              static_cast<double>(counters->round_trips - before) / (people / 4 * (rounds / 4 + 2)));
  before = counters->round_trips.load();
  bench::report("get user by id, PostgreSQL", rounds / 4 + 1, people, [&] {
    static_cast<void>(must(ours.dir.ask(ours.admin, find_user{.user_id = ours.users[i++ % people]})));
  });
  std::printf("%-44s %8.2f round trips\n", "",
              static_cast<double>(counters->round_trips - before) / (people * (rounds / 4 + 2)));
}

} // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 21;
  {
    contract::postgres_server durable(true);
    compare("syncs", durable, rounds);
  }
  {
    contract::postgres_server quick(false);
    compare("no_sync", quick, rounds);
  }
  std::printf("lines of each store adapter: memory %zu, SQLite %zu, PostgreSQL %zu; beside them, shared: requests and "
              "scans %zu, SQL text %zu; a host's in C %zu, in Python %zu\n",
              lines_of("src/stores", {"memory"}), lines_of("src/stores", {"sqlite"}),
              lines_of("src/stores", {"postgres"}), lines_of("src/stores", {"request", "pieces", "gate"}),
              lines_of("src/stores", {"sql."}), lines_of("examples/support", {"array_store"}),
              lines_of("bindings/python/tests", {"dict_store"}));
}
