// "Assign package" and "get user by id" over SQLite, as ratios to the same rows read and written by hand, and over the
// memory store for the library's own time. Alternating between two base packages, over a thousand users.
//   linecard_bench_assign_package [FOLDER [ROUNDS]]
// FOLDER (default: the system's temporary one) decides what a sync costs.
#include <linecard/directory.hpp>

#include "by_hand.hpp"
#include "company.hpp"
#include "measure.hpp"

#include <linecard/stores/memory.hpp>
#include <linecard/stores/sqlite.hpp>

#include <filesystem>

using namespace linecard;
using bench::company, bench::must, bench::people, bench::raw, bench::verify;

namespace {

struct scratch {
  std::filesystem::path path;
  explicit scratch(const std::filesystem::path& in) {
    auto name = (in / "linecard-bench-XXXXXX").string();
    bench::demand(mkdtemp(name.data()) != nullptr, "a folder to write to");
    path = name;
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

void over_sqlite(const std::filesystem::path& in, bool full, int rounds) {
  const scratch folder(in);
  const auto open = [&](const char* name) {
    return must(sqlite_store({.path = (folder.path / name).string(), .synchronous_full = full}));
  };
  company ours(open("ours.db")), theirs(open("theirs.db"));
  const std::string how = full ? "synchronous FULL" : "synchronous NORMAL, no sync a commit";
  {
    bench::by_hand peer((folder.path / "theirs.db").string(), full);
    bench::compare(
        "assign package, " + how, rounds, full ? 100 : 500, [&] { must(ours.dir.run(ours.admin, ours.next())); },
        "by hand",
        [&] {
          const auto c = theirs.next();
          peer.change_package(raw(theirs.admin.identity_id()), raw(theirs.tenant_id), raw(c.user_id),
                              raw(c.package_id));
        });
    if (!full) {
      std::size_t n = 0, m = 0;
      bench::compare(
          "get user by id", rounds, 1000,
          [&] { static_cast<void>(must(ours.dir.ask(ours.admin, find_user{.user_id = ours.users[n++ % people]}))); },
          "by hand",
          [&] {
            user_details found;
            peer.find_user(raw(theirs.admin.identity_id()), raw(theirs.tenant_id), raw(theirs.users[m++ % people]),
                           found);
          });
    }
  }
  verify(ours);
  verify(theirs);
}

} // namespace

int main(int argc, char** argv) {
  const auto folder = argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 31;
  bench::pin();
  over_sqlite(folder, true, rounds);
  over_sqlite(folder, false, rounds);
  company memory(memory_store());
  bench::report("assign package, memory store", rounds, 1000,
                [&] { must(memory.dir.run(memory.admin, memory.next())); });
  std::size_t n = 0;
  bench::report("get user by id, memory store", rounds, 1000, [&] {
    static_cast<void>(must(memory.dir.ask(memory.admin, find_user{.user_id = memory.users[n++ % people]})));
  });
  verify(memory);
}
