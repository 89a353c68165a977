// The line view: whose number, extension or id it is, as ordinary queries tell it, whatever happens, and never late.
#include <linecard/views/lines.hpp>

#include "stores/sqlite_kit.hpp"
#include "views/line_world.hpp"

#include <algorithm>

using namespace moving;

namespace {

/// Walks, and compares after each accepted step.
void walk(line_world& m, int steps) {
  for (int n = 0; n < steps; ++n) {
    if (!m.move()) continue;
    for (directory* d : {&m.w.dir, &m.follower, &m.asker}) {
      const auto wrong = m.wrong_in(*d);
      REQUIRE_MESSAGE(wrong.empty(), "after step " << n << ", in directory "
                                                   << (d == &m.w.dir      ? 1
                                                       : d == &m.follower ? 2
                                                                          : 3)
                                                   << ": " << wrong);
    }
  }
}

/// Acme's Ann: a number, two extensions, forwarding, a package and an id of the host's.
struct ann_world : line_world {
  id_of<tenant> acme = w.tenant_id;
  id_of<user> ann{};
  ann_world(std::uint64_t seed, std::unique_ptr<store> on = memory_store(),
            std::chrono::milliseconds stale = std::chrono::hours(1))
      : line_world(seed, std::move(on), stale) {
    ann = must(w.dir.run(w.admin, adopt_user{.first_name = "Ann",
                                             .last_name = "Line",
                                             .email = "ann@acme.example",
                                             .package_id = w.plus,
                                             .external_ref = "crm-4711",
                                             .extension = "2001",
                                             .forwarding_number = "+4915112345678"}))
              .created_id<user>();
    users[3].push_back(ann);
    put_extensions[{3, "2001"}] = {ann, false};
    REQUIRE(put_did(3, "+493012345", did_use::direct, ann, true));
    REQUIRE(put_ext(3, "0101", ann, true));
  }
  /// What every directory answers to a look-up; they must agree.
  template <class Ask> line all(Ask ask) {
    const line found = ask(w.dir);
    CHECK(ask(follower) == found);
    CHECK(ask(asker) == found);
    return found;
  }
  line by_did(std::string_view number) {
    return all([&](directory& d) { return d.line_of_did(number); });
  }
  line by_user() {
    return all([&](directory& d) { return d.line_of_user(ann); });
  }
  line by_extension(std::string_view number) {
    return all([&](directory& d) { return d.line_of_extension(acme, number); });
  }
  line by_ref(std::string_view ref) {
    return all([&](directory& d) { return d.line_of_external_ref(acme, ref); });
  }
};

} // namespace

TEST_CASE("B11 a line is found by number, extension, user and the host's id, with all that a call needs") {
  ann_world m(1);
  const auto hipaa = must(m.w.dir.find_feature("video.hipaa")), pages = must(m.w.dir.find_feature("fax.pages"));
  const auto found = m.w.dir.line_of_did("+493012345");
  CHECK(found.found);
  CHECK(found.rings);
  CHECK(found.tenant_id == m.acme);
  CHECK(found.user_id == m.ann);
  CHECK(found.use == did_use::direct);
  CHECK(found.e911);
  CHECK(found.extension_number() == "0101"); // the first by number
  CHECK(found.international);
  CHECK(found.forwarding_number() == "+4915112345678");
  CHECK(found.screening);
  CHECK(found.entitled(hipaa));
  CHECK_FALSE(found.entitled(pages));
  CHECK_FALSE(found.entitled(feature::none));
  CHECK_FALSE(found.entitled(static_cast<feature>(300)));

  auto own = found;
  own.use = {};
  CHECK(m.w.dir.line_of_user(m.ann) == own);
  CHECK(m.w.dir.line_of_external_ref(m.acme, "crm-4711") == own);
  CHECK(m.w.dir.line_of_extension(m.acme, "0101") == own);
  const auto other = m.w.dir.line_of_extension(m.acme, "2001");
  CHECK(other.user_id == m.ann);
  CHECK(other.extension_number() == "2001");
  CHECK_FALSE(other.international); // of the extension asked for

  REQUIRE(m.put_did(3, "+49301", did_use::main, {}, false));
  REQUIRE(m.put_did(4, "+49302", did_use::unassigned, {}, false));
  CHECK(m.by_did("+49301").use == did_use::main);
  CHECK(m.by_did("+49302").tenant_id == m.w.other_id);
  CHECK_FALSE(m.by_did("+49301").rings);
}

TEST_CASE("B11 what there is not is not found, in another tenant neither") {
  ann_world m(2);
  for (const std::string_view number :
       {"", "+", "+493012346", "493012345", "+49301234", "+4930123456", "+49301234x", "+4930123451234567", "anything"})
    CHECK_MESSAGE(m.by_did(number) == line{}, number);
  for (const std::string_view number : {"", "101", "0102", "123456789", "2001x"})
    CHECK_MESSAGE(m.by_extension(number) == line{}, number);
  CHECK(m.by_ref("") == line{});
  CHECK(m.by_ref("CRM-4711") == line{});
  for (directory* d : {&m.w.dir, &m.asker}) {
    CHECK(d->line_of_extension(m.w.other_id, "2001") == line{});
    CHECK(d->line_of_external_ref(m.w.other_id, "crm-4711") == line{});
    CHECK(d->line_of_extension({}, "2001") == line{});
    CHECK(d->line_of_external_ref({}, "crm-4711") == line{});
    CHECK(d->line_of_user({}) == line{});
    CHECK(d->line_of_user({m.ann.value + 1}) == line{});
    CHECK(refused_with(d->find_feature("no.such")).reason == "feature_unknown");
  }
}

TEST_CASE("B11 every command that changes a line is known to the next call, in every directory") {
  ann_world m(3);
  const auto hipaa = must(m.w.dir.find_feature("video.hipaa"));
  for (directory* d : {&m.w.dir, &m.follower, &m.asker}) CHECK(must(d->find_feature("video.hipaa")) != feature::none);
  REQUIRE(m.w.dir.line_of_did("+493012345").entitled(hipaa));
  REQUIRE(m.by_did("+493012345").rings);

  SUBCASE("a package") {
    REQUIRE(m.run(3, change_package{m.ann, m.w.basic}));
    CHECK_FALSE(m.w.dir.line_of_user(m.ann).entitled(hipaa));
    REQUIRE(m.run(3, assign_package{m.ann, m.packages[3]})); // carries it with "0"
    CHECK_FALSE(m.w.dir.line_of_user(m.ann).entitled(hipaa));
    REQUIRE(m.run(3, change_package{m.ann, m.w.plus}));
    CHECK(m.w.dir.line_of_user(m.ann).entitled(hipaa));
    REQUIRE(m.run(3, unassign_package{m.ann}));
    CHECK_FALSE(m.w.dir.line_of_user(m.ann).entitled(hipaa));
    CHECK(m.by_user().rings);
  }
  SUBCASE("suspended, nothing rings and nothing is allowed; resumed, all is as before") {
    const auto before = m.by_did("+493012345");
    REQUIRE(m.run(3, suspend_user{m.ann}));
    const auto found = m.by_did("+493012345");
    CHECK(found.found);
    CHECK(found.user_id == m.ann);
    CHECK(found.e911); // a fact about the number
    CHECK_FALSE(found.rings);
    CHECK_FALSE(found.international);
    CHECK_FALSE(found.screening);
    CHECK(found.forwarding_number().empty());
    CHECK(found.entitlements == feature_set{});
    CHECK_FALSE(m.by_extension("0101").international);
    REQUIRE(m.run(3, resume_user{m.ann}));
    CHECK(m.by_did("+493012345") == before);
  }
  SUBCASE("deleted") {
    REQUIRE(m.run(3, delete_user{.user_id = m.ann, .release_numbers = true}));
    CHECK_FALSE(m.by_user().rings);
    CHECK_FALSE(m.by_did("+493012345").rings);
    CHECK(m.by_extension("2001") == line{});
  }
  SUBCASE("invited, then active") {
    const auto guest = m.w.invite("In", "Vited", "in@acme.example", m.w.fax);
    const auto pages = must(m.w.dir.find_feature("fax.pages"));
    CHECK(m.w.dir.line_of_user(guest).found);
    CHECK_FALSE(m.w.dir.line_of_user(guest).rings);
    CHECK_FALSE(m.w.dir.line_of_user(guest).entitled(pages)); // the seat is reserved
    REQUIRE(m.run(3, activate_user{guest}));
    CHECK(m.w.dir.line_of_user(guest).rings);
    CHECK(m.w.dir.line_of_user(guest).entitled(pages));
  }
  SUBCASE("a number passes to somebody else, and e911 with it") {
    const auto bob = m.w.adopt("Bob", "Line", "bob@acme.example");
    CHECK(m.by_user().e911);
    REQUIRE(m.put_did(3, "+493012345", did_use::direct, bob, true));
    CHECK(m.by_did("+493012345").user_id == bob);
    CHECK_FALSE(m.by_user().e911);
    CHECK(m.w.dir.line_of_user(bob).e911);
    REQUIRE(m.put(3, drop_number{"+493012345"}));
    CHECK(m.by_did("+493012345") == line{});
    CHECK_FALSE(m.w.dir.line_of_user(bob).e911);
    REQUIRE(m.put(4, put_number{"+493012345", did_use::other, {}, false})); // and to another tenant
    CHECK(m.by_did("+493012345").tenant_id == m.w.other_id);
  }
  SUBCASE("an extension passes to somebody else, and goes") {
    const auto bob = m.w.adopt("Bob", "Line", "bob@acme.example");
    REQUIRE(m.put_ext(3, "0101", bob, false));
    CHECK(m.by_extension("0101").user_id == bob);
    CHECK(m.by_user().extension_number() == "2001");
    CHECK_FALSE(m.by_user().international);
    REQUIRE(m.put_ext(3, "2001", {}, false));
    CHECK(m.by_extension("2001") == line{});
    CHECK(m.by_user().extension_number().empty());
  }
  SUBCASE("forwarding and the host's id") {
    REQUIRE(m.put(3, put_user_row{m.ann, std::nullopt, "crm-1"}));
    CHECK_FALSE(m.by_did("+493012345").screening);
    CHECK(m.by_ref("crm-4711") == line{});
    CHECK(m.by_ref("crm-1").user_id == m.ann);
  }
}

ON_EVERY_STORE("B11 a directory knows of its own changes with the next call") {
  world w;
  const auto ann = must(w.dir.run(w.admin, adopt_user{.first_name = "Ann",
                                                      .last_name = "Line",
                                                      .email = "ann@acme.example",
                                                      .package_id = w.plus,
                                                      .external_ref = "crm-4711",
                                                      .extension = "2001",
                                                      .forwarding_number = "+4915112345678"}))
                       .created_id<user>();
  const auto hipaa = must(w.dir.find_feature("video.hipaa"));
  const auto by_extension = [&] { return w.dir.line_of_extension(w.tenant_id, "2001"); };
  CHECK(by_extension().rings);
  CHECK(by_extension().entitled(hipaa));
  CHECK(by_extension() == w.dir.line_of_external_ref(w.tenant_id, "crm-4711"));
  static_cast<void>(must(w.dir.run(w.admin, change_package{ann, w.basic})));
  CHECK_FALSE(by_extension().entitled(hipaa));
  static_cast<void>(must(w.dir.run(w.admin, suspend_user{ann})));
  CHECK(by_extension().found);
  CHECK_FALSE(by_extension().rings);
  const put_number number{"+493012345", did_use::direct, ann, true};
  static_cast<void>(must(w.dir.perform(w.at_tenant, request_of(number), run_mode::run)));
  CHECK(w.dir.line_of_did("+493012345").user_id == ann);
  static_cast<void>(must(w.dir.run(w.admin, resume_user{ann})));
  CHECK(w.dir.line_of_did("+493012345").rings);
}

TEST_CASE("B11 the view tells what queries tell, after any command: a random walk") {
  std::array<int, line_world::kinds> moved{};
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    line_world m(seed);
    walk(m, 250);
    for (std::size_t kind = 0; kind < moved.size(); ++kind) moved[kind] += m.moved[kind];
  }
  CAPTURE(moved);
  CHECK(std::ranges::none_of(moved, [](int n) { return n == 0; })); // or a kind of change was never tried
}

TEST_CASE("B11 the view follows SQLite as well, a second store on the file too") {
  const contract::folder folder;
  line_world m(4, contract::open({.path = folder.file("a.db"), .synchronous_full = false}));
  walk(m, 100);
  auto other = must(directory::open(
      {.store = contract::open({.path = folder.file("a.db"), .synchronous_full = false}), .clock = m.w.clock},
      m.w.key));
  for (int n = 0; n < 60; ++n) {
    if (!m.move()) continue;
    const auto wrong = m.wrong_in(other);
    REQUIRE_MESSAGE(wrong.empty(), "after step " << n << ": " << wrong);
  }
}

TEST_CASE("B11 a batch tells what single questions tell") {
  line_world m(5);
  for (int n = 0; n < 200; ++n) m.move();
  const auto zoe = m.w.adopt("Zoe", "Line", "zoe@acme.example");
  REQUIRE(m.put_did(3, "+4988", did_use::direct, zoe, true));
  std::vector<std::string_view> asked{"+4988"};
  for (int n = 0; n < 5; ++n) {
    for (const auto& number : m.numbers) asked.push_back(number);
    asked.push_back("+4999");
  }
  for (directory* d : {&m.w.dir, &m.follower, &m.asker}) {
    std::vector<line> found(asked.size());
    REQUIRE_FALSE(d->lines_of_dids(asked, found));
    for (std::size_t n = 0; n < asked.size(); ++n) CHECK(found[n] == d->line_of_did(asked[n]));
    CHECK(std::ranges::any_of(found, &line::rings));
    CHECK(d->lines_of_dids(asked, {found.data(), 3})->reason == "answers_invalid");
    CHECK(found[0] == line{});
  }
}

TEST_CASE("B11 a view that cannot catch up finds nothing, and is right again when it can") {
  ann_world m(6);
  const std::string_view number[]{"+493012345"};
  REQUIRE(m.follower.line_of_did(number[0]).rings);
  REQUIRE(m.asker.line_of_did(number[0]).rings);
  m.shared->fails = true;
  CHECK(m.follower.line_of_did(number[0]).rings); // nothing has changed: nothing to read
  m.shared->fails = false;
  REQUIRE(m.run(3, suspend_user{m.ann}));
  m.shared->fails = true;
  for (directory* d : {&m.follower, &m.asker}) {
    refusal why;
    CHECK(d->line_of_did(number[0], &why) == line{});
    CHECK(why->reason == "store_io");
    CHECK(d->line_of_user(m.ann) == line{});
    CHECK(d->line_of_extension(m.acme, "0101") == line{});
    CHECK(d->line_of_external_ref(m.acme, "crm-4711") == line{});
    line answer{.found = true, .rings = true};
    CHECK(d->lines_of_dids(number, {&answer, 1})->reason == "store_io");
    CHECK(answer == line{});
  }
  m.shared->fails = false;
  refusal why = refuse(status::internal, "old", "", "");
  CHECK(m.follower.line_of_did(number[0], &why).found);
  CHECK_FALSE(why);
  CHECK_FALSE(m.follower.line_of_did(number[0]).rings);
}

TEST_CASE("B11 a view told of too much at once, or left a whole ring behind, reads everything again") {
  ann_world m(7);
  REQUIRE(m.follower.line_of_user(m.ann).rings);
  std::vector<adopt_user> newcomers;
  for (int n = 0; n < 300; ++n)
    newcomers.push_back({.first_name = "N",
                         .last_name = "N",
                         .email = "n" + std::to_string(n) + "@example.com",
                         .external_ref = "new-" + std::to_string(n)});
  std::vector<request> all;
  for (const auto& one : newcomers) all.push_back(request_of(one));
  REQUIRE(m.w.dir.run_all(m.operators[3], all).has_value());
  CHECK(m.by_ref("new-299").rings);
  // Further than the ring reaches; where the ring tells of something else; a store brought back from a copy of before.
  for (const std::int64_t more : {line_changes_kept, std::int64_t{7}, std::int64_t{-3}}) {
    CAPTURE(more);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    REQUIRE(m.put(3, put_line_epoch{more}));
    CHECK_FALSE(m.by_user().rings);
    REQUIRE(m.run(3, resume_user{m.ann}));
    CHECK(m.by_user().rings);
  }
}

TEST_CASE("B11 what changes no line is written to no log, and the log is outside the state") {
  ann_world m(8);
  const auto newest = [&] {
    auto begun = must(m.shared->inner->begin(linecard::access::read));
    snapshot facts(*begun, scope{});
    std::int64_t sum = 0;
    for (const auto& epoch : facts.list<&line_epoch::shard>()) sum += epoch->seq;
    return sum;
  };
  const auto before = newest();
  REQUIRE(m.run(3, grant_role{.email = "ann@acme.example", .role = "tenant"}));
  CHECK(newest() == before);
  const auto digest = m.w.digest();
  REQUIRE(m.put(3, put_line_epoch{1}));
  CHECK(m.w.digest(m.acme) == m.w.digest(m.acme));
  CHECK(newest() == before + 1);
  REQUIRE(m.run(3, suspend_user{m.ann}));
  CHECK(newest() == before + 2); // one subject, however many rows
}

TEST_CASE("B11 where the store does not count commits, the view is never older than max_staleness") {
  SUBCASE("its own commits are seen at once") {
    line_world m(9);
    m.shared->counts = false;
    for (int n = 0; n < 60; ++n) {
      m.move();
      const auto wrong = m.wrong_in(m.w.dir);
      REQUIRE_MESSAGE(wrong.empty(), wrong);
    }
  }
  SUBCASE("others' with no patience at all at every question, and when the host polls") {
    ann_world m(10, memory_store(), std::chrono::milliseconds(0));
    m.shared->counts = false;
    REQUIRE(m.follower.line_of_user(m.ann).rings);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    CHECK_FALSE(m.follower.line_of_user(m.ann).rings);
  }
  SUBCASE("and when the host polls") {
    ann_world m(11);
    m.shared->counts = false;
    REQUIRE(m.follower.line_of_user(m.ann).rings);
    REQUIRE(m.run(3, suspend_user{m.ann}));
    CHECK(m.follower.line_of_user(m.ann).rings); // an hour is its patience
    REQUIRE(m.follower.poll(std::chrono::milliseconds(1000)));
    const auto begun = m.shared->begun.load();
    CHECK_FALSE(m.follower.line_of_user(m.ann).rings);
    CHECK(m.shared->begun == begun); // and the question reads nothing
  }
}
