// "Assign package" and "get user by id" over SQLite, as ratios to the same rows read and written by hand, and over the
// memory store for the library's own time. Alternating between two base packages, over a thousand users.
//   linecard_bench_assign_package [FOLDER [ROUNDS]]
// FOLDER (default: the system's temporary one) decides what a sync costs.
#include <linecard/directory.hpp>

#include "by_hand.hpp"
#include "measure.hpp"

#include <linecard/stores/memory.hpp>
#include <linecard/stores/sqlite.hpp>

#include <filesystem>

using namespace linecard;

namespace {

constexpr int people = 1000;

template <class T> T must(result<T> r) {
  if (!r) bench::demand(false, (r.error().reason + ": " + r.error().message).c_str());
  return *std::move(r);
}

/// A tenant with two base packages, an administrator, and users who all hold the first one.
struct company {
  directory dir;
  host_key key;
  actor admin{};
  id_of<tenant> tenant_id{};
  std::array<id_of<package>, 2> packages{};
  std::vector<id_of<user>> users{};
  std::size_t turn{};

  explicit company(std::unique_ptr<store> on) : company(must(directory::create({.store = std::move(on)}))) {}

  /// User after user, from the package held to the other one.
  change_package next() {
    const change_package out{users[turn % users.size()], packages[(turn / users.size() + 1) % 2]};
    ++turn;
    return out;
  }

private:
  explicit company(directory::created made) : dir(std::move(made.opened)), key(made.key) {
    const auto root = must(dir.bootstrap_operator("root@example.com"));
    const auto pbx = must(dir.run(root, create_container{"pbx"})).created_id<container>();
    tenant_id =
        must(dir.run(must(dir.open_actor(root.identity_id(), pbx)), create_tenant{"Acme"})).created_id<tenant>();
    const auto at = must(dir.open_actor(root.identity_id(), tenant_id));
    for (std::size_t i = 0; i < 2; ++i) {
      packages[i] =
          must(dir.run(root, define_package{.name = i == 0 ? "Basic" : "Plus",
                                            .price_minor = i == 0 ? 1000 : 2000,
                                            .currency = "EUR",
                                            .features = {{"minutes.included", "500"}, {"video.hipaa", "yes"}}}))
              .created_id<package>();
      must(dir.run(at, offer_package{packages[i]}));
      must(dir.run(at, set_seat_pool{packages[i], people}));
    }
    must(dir.run(at, adopt_user{.first_name = "Ada",
                                .last_name = "Admin",
                                .email = "ada@acme.example",
                                .role = built_in_role::administrator}));
    admin = must(dir.open_actor("ada@acme.example", tenant_id));
    std::vector<adopt_user> newcomers(people);
    std::vector<request> adoptions;
    for (int i = 0; i < people; ++i) {
      const auto n = std::to_string(1000 + i);
      auto& one = newcomers[static_cast<std::size_t>(i)];
      one = {.first_name = "First " + n, .last_name = "Last " + n, .email = "user" + n + "@acme.example"};
      one.package_id = packages[0];
      one.external_ref = n, one.extension = n, one.forwarding_number = "+49301234" + n;
      one.devices = {{"desk", "a telephone"}};
      adoptions.push_back(request_of(one));
    }
    for (const auto& r : must(dir.run_all(admin, adoptions))) users.push_back(r.created_id<user>());
  }
};

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

std::int64_t raw(any_id id) { return static_cast<std::int64_t>(id.value); }

/// What was written by hand must satisfy the library, or the comparison is of different things.
void verify(company& c) {
  const auto chain = must(c.dir.ask(c.admin, verify_audit{}));
  bench::demand(chain.intact, chain.message.c_str());
  std::int64_t seats = 0;
  for (const auto& pool : must(c.dir.ask(c.admin, seat_pools{})).pools) seats += pool.used;
  bench::demand(seats == people, "a seat was lost");
}

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
