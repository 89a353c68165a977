// I30: what a run leaves depends on its seed, its clock and its inputs, and on nothing else; not even on the store.
#include <linecard/directory.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <linecard/json.hpp>

using namespace kit;

namespace {

/// Everything a run tells: the state's digest and each answer as JSON.
struct trail {
  std::string digest{};
  std::vector<std::string> answers{};
};

struct script {
  world w;
  trail told{};

  script(std::unique_ptr<store> on, std::uint64_t seed, std::int64_t later)
      : w(std::move(on), 3, seed), later_ms(later) {}
  std::int64_t later_ms;

  template <class C> result<receipt> run(const actor& as, const C& c) {
    w.clock->at = w.clock->at + later_ms;
    auto r = w.dir.run(as, c);
    told.answers.push_back(r ? to_json(*r) : r.error().reason + " " + r.error().path + " " + r.error().message);
    return r;
  }
  template <class C> void run_previewed(const actor& as, const C& c) {
    const auto promised = must(w.dir.preview(as, c));
    told.answers.push_back(to_json(promised));
    told.answers.push_back(to_json(must(w.dir.confirm(as, c, *promised.token))));
  }

  trail play() {
    static_cast<void>(run(w.at_tenant, enable_service{"video"}));
    static_cast<void>(run(w.operator_, define_package{.name = "Pro",
                                                      .price_minor = 3000,
                                                      .currency = "EUR",
                                                      .features = {{"video.hipaa", "yes"}},
                                                      .services = {"video"}}));
    const auto pro = narrow<package>(must(w.dir.ask(w.admin, selectable_packages{})).packages.back().package_id);
    static_cast<void>(run(w.at_tenant, offer_package{pro}));
    static_cast<void>(run(w.at_tenant, set_seat_pool{w.plus, 5, overage_policy::allow}));
    const auto ina = must(run(w.admin, add_user{.first_name = "Ina",
                                                .last_name = "Invited",
                                                .email = "Ina@ACME.example",
                                                .language = "fr-CA",
                                                .package_id = w.basic,
                                                .send_welcome = true}))
                         .created_id<user>();
    const auto ben = must(run(w.admin, adopt_user{.first_name = "Ben",
                                                  .last_name = "Adopted",
                                                  .email = "ben@acme.example",
                                                  .external_ref = "7",
                                                  .extension = "107",
                                                  .forwarding_number = "+4930123456",
                                                  .devices = {{"desk", "a telephone"}}}))
                         .created_id<user>();
    static_cast<void>(
        run(w.other_admin, add_user{.first_name = "Ben", .last_name = "Again", .email = "ben@acme.example"}));
    run_previewed(w.admin, assign_package{ben, w.plus});
    run_previewed(w.admin, activate_user{ina, "agent"});
    static_cast<void>(run(w.admin, change_packages{{ina, ben}, w.plus}));
    static_cast<void>(run(w.admin, assign_packages{{ina, ben}, w.fax}));
    static_cast<void>(run(w.admin, assign_package{ben, pro}));    // refused: already_assigned
    static_cast<void>(run(w.other_admin, enable_service{"fax"})); // refused: an administrator may not
    static_cast<void>(run(w.admin, import_users{.csv = "email,first_name,last_name,package,extension\n"
                                                       "cleo@acme.example,Cleo,Clay,Basic,201\n"
                                                       "dora@acme.example,Dora,Dent,,202\n"}));
    static_cast<void>(run(w.admin, unassign_package{ben, {}}));
    static_cast<void>(run(w.at_tenant, withdraw_package{w.fax}));
    static_cast<void>(run(w.operator_, retire_package{w.basic}));
    static_cast<void>(run(w.at_tenant, disable_service{"video"}));
    told.answers.push_back(to_json(must(w.dir.ask(w.admin, changes_since{.limit = 500}))));
    told.answers.push_back(to_json(must(w.dir.ask(w.operator_, changes_since{.limit = 500}))));
    told.digest = w.digest();
    return told;
  }
};

trail in_memory(std::uint64_t seed = 7, std::int64_t later = 1000) {
  return script(memory_store(), seed, later).play();
}
trail on_sqlite(std::uint64_t seed = 7, std::int64_t later = 1000) {
  const contract::folder f;
  return script(contract::open({.path = f.file("a.db"), .synchronous_full = false}), seed, later).play();
}
void same(const trail& one, const trail& other) {
  CHECK(one.digest == other.digest);
  REQUIRE(one.answers.size() == other.answers.size());
  for (std::size_t i = 0; i < one.answers.size(); ++i) CHECK(one.answers[i] == other.answers[i]);
}

} // namespace

TEST_CASE("I30 the same seed, clock and inputs give a byte-identical state digest, in memory") {
  const auto first = in_memory(), again = in_memory();
  CHECK(first.digest == again.digest);
  CHECK(first.answers == again.answers);
}

TEST_CASE("I30 the same seed, clock and inputs give a byte-identical state digest, on SQLite") {
  const auto first = on_sqlite(), again = on_sqlite();
  CHECK(first.digest == again.digest);
  CHECK(first.answers == again.answers);
}

TEST_CASE("I30 the state digest and every receipt are the same in memory and on SQLite") {
  same(in_memory(), on_sqlite());
}

#if LINECARD_HAS_POSTGRES
TEST_CASE("I30 the state digest and every receipt are the same in memory and on PostgreSQL") {
  same(in_memory(), script(fresh_store(store_kind::postgres), 7, 1000).play());
}
#endif

TEST_CASE("I30 another seed, or another clock, gives another digest: nothing was left out of the comparison") {
  const auto one = in_memory();
  CHECK(one.digest != in_memory(8).digest);
  CHECK(one.digest != in_memory(7, 1001).digest);
}
