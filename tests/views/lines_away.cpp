// The line view while the store is away, or slow: the last known lines, marked, for as long as the host allows.
#include "views/line_world.hpp"

#include <thread>

using namespace moving;

namespace {

/// Acme's Ann rings at +49301. She is suspended, and then the store is away: no view has heard of it.
struct outage : line_world {
  id_of<tenant> acme = w.tenant_id;
  id_of<user> ann{};
  explicit outage(std::uint64_t seed) : line_world(seed) {
    ann = must(w.dir.run(w.admin, adopt_user{.first_name = "Ann",
                                             .last_name = "Line",
                                             .email = "ann@acme.example",
                                             .external_ref = "crm-4711",
                                             .extension = "2001"}))
              .created_id<user>();
    REQUIRE(put_did(3, "+49301", did_use::direct, ann, true));
  }
  directory with(std::chrono::milliseconds last_known) {
    auto made = must(directory::open({.store = std::make_unique<lent_store>(shared),
                                      .clock = w.clock,
                                      .random = w.random,
                                      .last_known_lines = last_known},
                                     w.key));
    REQUIRE(made.line_of_did("+49301").rings);
    return made;
  }
  void begin() {
    REQUIRE(run(3, suspend_user{ann}));
    shared->fails = true;
  }
  void end(directory& d) {
    shared->fails = false;
    static_cast<void>(must(d.poll(std::chrono::milliseconds(0))));
  }
};

constexpr std::chrono::hours patient{1};

} // namespace

TEST_CASE("B11 while the store is away the last known lines are told, and for how long nothing newer was read") {
  outage m(30);
  auto d = m.with(patient);
  m.shared->fails = true;
  CHECK(d.line_of_did("+49301").stale_ms == 0); // nothing has changed: nothing to read
  m.shared->fails = false;
  m.begin();
  refusal why = refuse(status::internal, "old", "", "");
  const auto found = d.line_of_did("+49301", &why);
  CHECK_FALSE(why);
  CHECK(found.rings);
  CHECK(found.e911);
  CHECK(found.stale_ms > 0);
  for (const auto& other :
       {d.line_of_user(m.ann), d.line_of_extension(m.acme, "2001"), d.line_of_external_ref(m.acme, "crm-4711")}) {
    CHECK(other.user_id == m.ann);
    CHECK(other.rings);
    CHECK(other.stale_ms >= found.stale_ms);
  }
  const std::string_view numbers[]{"+49301", "+4999"};
  line many[2]{};
  REQUIRE_FALSE(d.lines_of_dids(numbers, many));
  CHECK(many[0].rings);
  CHECK(many[0].stale_ms > 0);
  CHECK_FALSE(many[1].found); // there may be such a number by now
  CHECK(many[1].stale_ms > 0);
  line nothing{};
  nothing.stale_ms = many[1].stale_ms;
  CHECK(many[1] == nothing);

  m.end(d);
  CHECK(d.line_of_did("+49301").found);
  CHECK_FALSE(d.line_of_did("+49301").rings);
  CHECK(d.line_of_did("+49301").stale_ms == 0);
}

TEST_CASE("B11 without a poll, too, questions find the way back to the store") {
  outage m(31);
  auto d = m.with(patient);
  m.begin();
  REQUIRE(d.line_of_did("+49301").stale_ms > 0);
  m.shared->fails = false;
  auto found = d.line_of_did("+49301");
  while (found.stale_ms != 0) found = d.line_of_did("+49301"); // or this never ends
  CHECK_FALSE(found.rings);
}

TEST_CASE("B11 calls do not run against a store that is away one after another") {
  outage m(32);
  auto d = m.with(patient);
  m.begin();
  const auto before = m.shared->begun.load();
  int asked = 0;
  while (d.line_of_did("+49301").stale_ms < 200) ++asked; // and that is how long it has been away
  CHECK(m.shared->begun - before <= 4);                   // at once, after 50 ms, 100 ms more, 200 ms more
  CHECK(asked > 4);
}

TEST_CASE("B11 the last known lines are told no longer than the host allows, and not at all where it allows nothing") {
  outage m(33);
  auto strict = m.with(std::chrono::milliseconds(0));
  auto brief = m.with(std::chrono::milliseconds(1));
  auto fresh = must(directory::open(
      {.store = std::make_unique<lent_store>(m.shared), .clock = m.w.clock, .random = m.w.random}, m.w.key));
  m.begin();
  refusal why;
  for (directory* d : {&strict, &fresh, &m.asker}) { // `fresh` has no lines yet, and the asker never has
    CHECK(d->line_of_did("+49301", &why) == line{});
    CHECK(why->reason == "store_io");
    line answer{.found = true, .rings = true};
    const std::string_view number[]{"+49301"};
    CHECK(d->lines_of_dids(number, {&answer, 1})->reason == "store_io");
    CHECK(answer == line{});
    CHECK(d->line_of_user(m.ann) == line{});
  }
  auto found = brief.line_of_did("+49301", &why);
  while (found.found) found = brief.line_of_did("+49301", &why); // or this never ends
  CHECK(found == line{});
  CHECK(why->reason == "store_io");
  for (directory* d : {&strict, &brief, &m.follower}) {
    m.end(*d);
    CHECK(d->line_of_did("+49301", &why).found);
    CHECK_FALSE(why);
    CHECK_FALSE(d->line_of_did("+49301").rings);
  }
}

TEST_CASE("B11 permissions are never told from what was last known") {
  outage m(34);
  const auto admin = m.w.admin.identity_id();
  REQUIRE(m.follower.check(admin, permission::user_manage, m.acme));
  REQUIRE(m.follower.line_of_did("+49301").rings);
  REQUIRE(m.run(3, suspend_user{m.ann}));
  m.shared->fails = true;
  CHECK(m.follower.line_of_did("+49301").rings);
  CHECK_FALSE(m.follower.check(admin, permission::user_manage, m.acme));
}

TEST_CASE("B11 one call looks for what is newer; where that takes long the others go on with what is known") {
  outage m(35);
  auto d = m.with(patient);
  REQUIRE(m.run(3, suspend_user{m.ann}));
  m.shared->hangs = true;
  line looked{};
  std::thread first([&] { looked = d.line_of_did("+49301"); });
  m.shared->hanging.wait(0);
  const auto begun = m.shared->begun.load();
  line others[3]{};
  for (auto& other : others) other = d.line_of_did("+49301");
  const auto then_begun = m.shared->begun.load();
  m.shared->let_go();
  first.join();
  for (const auto& other : others) {
    CHECK(other.rings);
    CHECK(other.stale_ms > 0);
  }
  CHECK(then_begun == begun); // none of them asked the store
  CHECK(looked.found);
  CHECK_FALSE(looked.rings);
  CHECK(looked.stale_ms == 0);
  CHECK_FALSE(d.line_of_did("+49301").rings);
}

TEST_CASE("B11 a reading that fails half-way, wherever it does, leaves nobody a number that is another's now") {
  bool struck = true;
  for (int n = 0; struck; ++n) {
    CAPTURE(n);
    REQUIRE(n < 100);
    outage m(36);
    auto d = m.with(patient);
    const auto ben =
        must(m.w.dir.run(m.w.admin, adopt_user{.first_name = "Ben", .last_name = "B", .email = "ben@acme.example"}))
            .created_id<user>();
    REQUIRE(m.put_did(3, "+49301", did_use::direct, ben, true));
    m.shared->scans = n;
    static_cast<void>(d.line_of_user(m.ann));
    struck = m.shared->scans == 0;
    m.shared->scans = -1;
    static_cast<void>(must(d.poll(std::chrono::milliseconds(0))));
    auto anew = m.with(patient);
    for (const auto who : {m.ann, ben}) CHECK(d.line_of_user(who) == anew.line_of_user(who));
    CHECK(d.line_of_did("+49301") == anew.line_of_did("+49301"));
  }
}

TEST_CASE(
    "B11 where the store does not count commits, a line is as old as the last reading, not as the last question") {
  outage m(37);
  m.shared->counts = false;
  using clock = std::chrono::steady_clock;
  auto d = must(directory::open({.store = std::make_unique<lent_store>(m.shared),
                                 .clock = m.w.clock,
                                 .random = m.w.random,
                                 .max_staleness = std::chrono::milliseconds(0),
                                 .last_known_lines = patient},
                                m.w.key));
  REQUIRE(d.line_of_did("+49301").rings);
  const auto read = clock::now();
  m.begin();
  constexpr std::chrono::milliseconds some{20};
  while (clock::now() - read < some) std::this_thread::yield();
  CHECK(d.line_of_did("+49301").stale_ms >= some.count()); // and this is the first question since
}
