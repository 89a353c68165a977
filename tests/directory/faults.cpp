// Every call a directory makes of its store fails in turn. Whatever fails, a command is done or not done, its caller
// is told, and the directory goes on.
#include <linecard/directory.hpp>

#include "directory/decorated_store.hpp"
#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <linecard/json.hpp>

using namespace kit;

namespace {

using how = hard::fault_plan::how;
using point = hard::fault_plan::point;

enum class kind { memory, sqlite };

/// A company on a store that fails when told to. Made anew for each fault, from the same seed, so that the state after
/// a command can be compared byte for byte with that of a run without faults.
struct faulty_world {
  contract::folder folder{};
  std::shared_ptr<hard::fault_plan> plan = std::make_shared<hard::fault_plan>();
  std::shared_ptr<store> inner;
  world w;
  id_of<user> ulf{}, vera{}, ina{};

  explicit faulty_world(kind k) : inner(make(k)), w(std::make_unique<hard::faulty_store>(inner, plan), 3) {
    ulf = w.adopt("Ulf", "User", "ulf@acme.example");
    vera = w.adopt("Vera", "User", "vera@acme.example");
    ina = w.invite("Ina", "Invited", "ina@acme.example", w.fax);
    REQUIRE(w.dir.run(w.admin, assign_package{vera, w.basic}));
    plan->disarm();
  }
  std::shared_ptr<store> make(kind k) const {
    if (k == kind::memory) return memory_store();
    return contract::open({.path = folder.file("a.db"), .synchronous_full = false});
  }
  void check_whole() {
    CHECK(hard::flaw_of(hard::stored_ledger(*inner, w.tenant_id)) == "");
    CHECK(hard::stored_ledger(*inner, w.tenant_id) == hard::replayed_ledger(w.dir, w.admin));
    CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
    CHECK(must(w.dir.ask(w.operator_, verify_audit{})).intact);
  }
};

using step = std::function<refusal(faulty_world&)>;

refusal no_of(const result<receipt>& r) { return r ? refusal{} : refusal{r.error()}; }

const std::vector<std::pair<std::string, step>>& script() {
  static const std::vector<std::pair<std::string, step>> steps{
      {"assign_package",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, assign_package{f.ulf, f.w.basic}));
       }},
      {"change_package",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, change_package{f.vera, f.w.plus}));
       }},
      {"unassign_packages",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, unassign_packages{{f.vera, f.ina}, {}}));
       }},
      {"assign_packages",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, assign_packages{{f.ulf, f.vera}, f.w.fax}));
       }},
      {"add_user",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, add_user{.first_name = "New",
                                                      .last_name = "One",
                                                      .email = "new@acme.example",
                                                      .role = "administrator",
                                                      .package_id = f.w.plus,
                                                      .send_welcome = true}));
       }},
      {"adopt_user",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, adopt_user{.first_name = "Ad",
                                                        .last_name = "Opted",
                                                        .email = "ad@acme.example",
                                                        .package_id = f.w.basic,
                                                        .extension = "100",
                                                        .devices = {{"desk", ""}}}));
       }},
      {"activate_user",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, activate_user{f.ina, {}}));
       }},
      {"set_seat_pool",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.at_tenant, set_seat_pool{f.w.plus, 9, overage_policy::allow}));
       }},
      {"create_container",
       [](faulty_world& f) { return no_of(f.w.dir.run(f.w.operator_, create_container{"pbx-2"})); }},
      {"import_users",
       [](faulty_world& f) {
         return no_of(f.w.dir.run(f.w.admin, import_users{.csv = "email,first_name,last_name,package\n"
                                                                 "c@acme.example,C,Clay,Plus\n"
                                                                 "d@acme.example,D,Dent,\n"}));
       }},
      {"run_all",
       [](faulty_world& f) {
         const unassign_package first{f.vera, {}};
         const assign_package second{f.ulf, f.w.basic};
         const request both[]{request_of(first), request_of(second)};
         const auto r = f.w.dir.run_all(f.w.admin, both);
         return r ? refusal{} : refusal{r.error()};
       }},
      {"confirm",
       [](faulty_world& f) {
         const assign_package c{f.ulf, f.w.plus};
         const auto promised = f.w.dir.preview(f.w.admin, c);
         return no_of(promised ? f.w.dir.confirm(f.w.admin, c, *promised->token) : promised);
       }},
  };
  return steps;
}

void sweep(kind k, how manner, bool lasting) {
  int faults = 0, committed_but_told_otherwise = 0;
  std::size_t turn = 0;
  for (const auto& tried : script()) {
    if (k == kind::sqlite && turn++ % 3 != 0) continue; // a file each time: a third of the commands will do
    const auto& name = tried.first;
    const auto& act = tried.second;
    CAPTURE(name);
    std::string fresh, done;
    {
      faulty_world f(k);
      fresh = f.w.digest();
      REQUIRE_FALSE(act(f));
      done = f.w.digest();
      REQUIRE(done != fresh);
    }
    for (int n = 1;; ++n) {
      REQUIRE(n < 200);
      CAPTURE(n);
      faulty_world f(k);
      f.plan->arm(n, manner, lasting);
      const auto told = act(f);
      const auto struck = f.plan->struck;
      f.plan->disarm();
      if (!struck) {
        REQUIRE_FALSE(told);
        break;
      }
      ++faults;
      REQUIRE(told);
      CHECK(told->code == status::store);
      CHECK(told->reason == "store_io");
      const auto now = f.w.digest();
      const bool may_stand = *struck == point::commit && manner == how::after; // the one case that nobody can know
      if (may_stand) {
        ++committed_but_told_otherwise;
        CHECK(now == done);
      } else {
        CHECK(now == fresh);
        CHECK_FALSE(act(f)); // the same directory does it at the next attempt
      }
      f.check_whole();
    }
  }
  CHECK(faults > (k == kind::sqlite ? 30 : 80));
  CHECK((committed_but_told_otherwise > 0) == (manner == how::after));
}

struct optimistic_world {
  std::shared_ptr<store> inner = memory_store();
  std::shared_ptr<hard::optimistic_store::watcher> watcher = std::make_shared<hard::optimistic_store::watcher>();
  world w{std::make_unique<hard::optimistic_store>(inner, watcher), 1};
  directory rival = must(directory::open({.store = std::make_unique<hard::lent_store>(inner),
                                          .clock = w.clock,
                                          .random = std::make_shared<seeded_random>(99)},
                                         w.key));
  id_of<user> ulf = w.adopt("Ulf", "User", "ulf@acme.example");
  id_of<user> vera = w.adopt("Vera", "User", "vera@acme.example");

  actor rival_actor(id_of<identity> who, any_id scope_id) { return must(rival.open_actor(who, scope_id)); }

  /// Happens once, between begin and apply of the next command.
  void meanwhile(std::function<void()> happens) {
    *watcher = {};
    watcher->meanwhile = [seen = watcher.get(), what = std::move(happens)] {
      const auto once = what; // clearing what runs ends the life of its captures
      seen->meanwhile = nullptr;
      once();
    };
  }
  std::string reason_of_assigning() {
    const auto r = w.dir.run(w.admin, assign_package{ulf, w.basic});
    return r ? "" : r.error().reason;
  }
  void check_whole() {
    CHECK(hard::flaw_of(hard::stored_ledger(*inner, w.tenant_id)) == "");
    CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  }
  /// Erased behind the library's back: no audit head moves, so that nothing but `require` can notice.
  template <class T> void erase_behind(const std::function<bool(const T&)>& which) {
    std::vector<value> key;
    T found{};
    std::int64_t version = 0;
    hard::each_row(*inner, info_of<T>, [&](std::int64_t v, std::span<const value> columns) {
      T row{};
      for (std::size_t i = 0; i < columns.size(); ++i) REQUIRE(fields_of<T>[i].set(&row, columns[i]));
      if (which(row)) found = row, version = v;
    });
    REQUIRE(version > 0);
    for (const auto c : info_of<T>.key) key.push_back(fields_of<T>[c].get(&found));
    REQUIRE_FALSE(hard::change_behind(
        *inner, {.what = change::action::erase, .table = &info_of<T>, .key = key, .expected_version = version}));
  }
};

} // namespace

TEST_CASE("I26 in memory any call of the store that fails once leaves the old state, an error and a usable directory") {
  sweep(kind::memory, how::instead, false);
}
TEST_CASE(
    "I26 in memory any call of the store that is done and reported as failed leaves old or new, never a mixture") {
  sweep(kind::memory, how::after, false);
}
TEST_CASE(
    "I26 in memory a store that fails from any call on leaves the old state, and the directory comes back with it") {
  sweep(kind::memory, how::instead, true);
}
TEST_CASE("I26 on SQLite any call of the store that fails once leaves the old state, an error and a usable directory") {
  sweep(kind::sqlite, how::instead, false);
}
TEST_CASE(
    "I26 on SQLite any call of the store that is done and reported as failed leaves old or new, never a mixture") {
  sweep(kind::sqlite, how::after, false);
}

TEST_CASE("I26 I23 a conflict reruns the rule, and one entry is written however often that was") {
  for (const int conflicts : {1, 2, 7}) {
    CAPTURE(conflicts);
    faulty_world f(kind::memory);
    const auto before = must(f.w.dir.ask(f.w.admin, verify_audit{})).entries;
    f.plan->conflicts_left = conflicts;
    const auto r = must(f.w.dir.run(f.w.admin, assign_package{f.ulf, f.w.basic}));
    CHECK(f.plan->begins == conflicts + 1);
    CHECK(r.audit_seq == before + 1);
    CHECK(f.w.pool(f.w.basic).used == 2);
    f.check_whole();
  }
}

TEST_CASE("I26 a command that meets nothing but conflicts ends as contended, after the reruns the host allows") {
  faulty_world f(kind::memory);
  auto patient = must(directory::open({.store = std::make_unique<hard::faulty_store>(f.inner, f.plan),
                                       .clock = f.w.clock,
                                       .random = f.w.random,
                                       .most_reruns = 3},
                                      f.w.key));
  const auto before = f.w.digest();
  const auto admin = must(patient.open_actor(f.w.admin.identity_id(), f.w.tenant_id));
  const assign_package c{f.ulf, f.w.basic};
  const auto promised = must(patient.preview(admin, c));
  f.plan->disarm();
  f.plan->conflicts_left = 1000;
  const auto no = refused_with(patient.run(admin, c));
  CHECK(no.code == status::busy);
  CHECK(no.reason == "contended");
  CHECK(f.plan->begins == 4);
  const auto moved = refused_with(patient.confirm(admin, c, *promised.token));
  CHECK(moved.code == status::stale);
  CHECK(moved.reason == "preview_moved");
  f.plan->disarm();
  CHECK(f.w.digest() == before);
  CHECK(patient.run(admin, c));
}

TEST_CASE("I26 a denial that cannot be noted leaves the refusal as it was") {
  faulty_world f(kind::memory);
  const auto as_member = must(f.w.dir.open_actor("vera@acme.example", f.w.tenant_id));
  const auto before = f.w.digest();
  for (int n = 1; n < 10; ++n) {
    CAPTURE(n);
    f.plan->arm(n, how::instead);
    const auto no = refused_with(f.w.dir.run(as_member, assign_package{f.ulf, f.w.basic}));
    const bool told_of_store = no.reason == "store_io", told_of_denial = no.reason == "permission_denied";
    CHECK((told_of_store || told_of_denial));
    f.plan->disarm();
    CHECK(f.w.digest() == before);
  }
}

TEST_CASE("B4 I1 another writer takes the last seat between begin and apply: the rule runs again and refuses") {
  optimistic_world o;
  const auto rival = o.rival_actor(o.w.admin.identity_id(), o.w.tenant_id);
  o.meanwhile([&] { REQUIRE(o.rival.run(rival, assign_package{o.vera, o.w.basic})); });
  CHECK(o.reason_of_assigning() == "no_seat_left");
  CHECK(o.watcher->conflicts_seen == 1);
  CHECK(o.w.pool(o.w.basic).used == 1);
  CHECK(o.w.details(o.vera).package == "Basic");
  o.check_whole();
}

TEST_CASE("I6 I24 what a rule read and left alone is required: a package retired meanwhile is not assigned") {
  optimistic_world o;
  const auto rival = o.rival_actor(o.w.operator_.identity_id(), o.w.dir.platform_id()); // another chain: no common head
  o.meanwhile([&] { REQUIRE(o.rival.run(rival, retire_package{o.w.basic})); });
  CHECK(o.reason_of_assigning() == "package_retired");
  CHECK(o.watcher->conflicts_seen == 1);
  CHECK(o.watcher->requires_seen > 0);
  CHECK(o.w.pool(o.w.basic).used == 0);
}

TEST_CASE("I6 I24 an offer that goes behind the library's back between begin and apply is noticed") {
  optimistic_world o;
  o.meanwhile([&] { o.erase_behind<offer>([&](const offer& row) { return row.package_id == o.w.basic; }); });
  CHECK(o.reason_of_assigning() == "package_not_offered");
  CHECK(o.watcher->conflicts_seen == 1);
}

TEST_CASE("I10 I24 an actor whose grant goes between begin and apply is refused inside the committing transaction") {
  optimistic_world o;
  o.meanwhile(
      [&] { o.erase_behind<grant>([&](const grant& row) { return row.identity_id == o.w.admin.identity_id(); }); });
  CHECK(o.reason_of_assigning() == "permission_denied");
  CHECK(hard::stored_ledger(*o.inner, o.w.tenant_id).seats.empty());
}

TEST_CASE("B2 I24 what moves between the confirming begin and apply makes the preview stale, and nothing is changed") {
  optimistic_world o;
  const assign_package c{o.ulf, o.w.basic};
  const auto promised = must(o.w.dir.preview(o.w.admin, c));
  o.meanwhile([&] { o.erase_behind<offer>([&](const offer& row) { return row.package_id == o.w.basic; }); });
  CHECK_FALSE(o.w.dir.confirm(o.w.admin, c, *promised.token));
  CHECK(o.watcher->conflicts_seen == 1);
  CHECK(hard::stored_ledger(*o.inner, o.w.tenant_id).seats.empty());
}

TEST_CASE("I24 a version mismatch fails, the rule runs on the new row, and unmentioned columns stay") {
  optimistic_world o;
  const auto ina = o.w.invite("Ina", "Invited", "ina@acme.example");
  o.meanwhile([&] {
    std::int64_t stands_at = 0;
    hard::each_row(*o.inner, info_of<user>, [&](std::int64_t v, std::span<const value> columns) {
      if (columns[0] == as_value(ina)) stands_at = v;
    });
    const value key[]{as_value(ina)}, renamed[]{text_value("Married")};
    const std::uint16_t renamed_column[]{column_of<&user::last_name>};
    REQUIRE_FALSE(hard::change_behind(*o.inner, {.what = change::action::update,
                                                 .table = &info_of<user>,
                                                 .key = key,
                                                 .expected_version = stands_at,
                                                 .columns = renamed_column,
                                                 .values = renamed}));
  });
  REQUIRE(o.w.dir.run(o.w.admin, activate_user{ina, {}}));
  CHECK(o.watcher->conflicts_seen == 1);
  const auto now = o.w.details(ina);
  CHECK(now.last_name == "Married");
  CHECK(now.first_name == "Ina");
  CHECK(now.state == user_state::active);
}

TEST_CASE("I24 a command writes the columns that changed and no others") {
  optimistic_world o;
  *o.watcher = {};
  const auto updated = [&] { // what tells the views apart
    auto all = o.watcher->updated;
    std::erase_if(all, [](const auto& column) { return column.starts_with("line_"); });
    return all;
  };
  REQUIRE(o.w.dir.run(o.w.admin, assign_package{o.ulf, o.w.basic}));
  CHECK(updated() == std::vector<std::string>{"audit_heads.seq", "audit_heads.hash", "seat_pools.used"});
  *o.watcher = {};
  REQUIRE(o.w.dir.run(o.w.at_tenant, set_seat_pool{o.w.basic, 4}));
  CHECK(updated() == std::vector<std::string>{"audit_heads.seq", "audit_heads.hash", "seat_pools.purchased"});
}
