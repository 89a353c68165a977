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

TEST_CASE("B11 a line tells which numbers its calls show, S4.10 never an extension; a number, what it is for") {
  ann_world m(15);
  CHECK(m.by_user().extension_count == 2);
  CHECK(m.by_user().caller_number() == "+493012345");
  CHECK(m.by_user().e911_caller_number() == "+493012345");
  REQUIRE(m.put_did(3, "+4930111", did_use::direct, m.ann, false));
  CHECK(m.by_user().caller_number() == "+4930111"); // the first of them
  CHECK(m.by_did("+493012345").caller_number() == "+4930111");
  CHECK(m.by_user().e911_caller_number() == "+493012345"); // the first with E911 on
  CHECK_FALSE(m.by_did("+4930111").e911);
  REQUIRE(m.put_did(3, "+493012345", did_use::direct, m.ann, false));
  CHECK(m.by_user().e911_caller_number().empty());
  REQUIRE(m.put_did(3, "+4930111", did_use::unassigned, {}, false));
  REQUIRE(m.put_did(3, "+493012345", did_use::unassigned, {}, false));
  CHECK(m.by_user().caller_number().empty());
  CHECK(m.by_user().extension_number() == "0101");

  const std::string long_one = std::string(62, 'q') + "\xc3\xa4\xc3\xb6"; // 66 bytes
  REQUIRE(m.put_did(3, "+49307", did_use::other, {}, true, "Sales queue"));
  REQUIRE(m.put_did(3, "+49308", did_use::other, {}, false, long_one));
  CHECK(m.by_did("+49307").label_text() == "Sales queue");
  CHECK(m.by_did("+49307").e911);
  CHECK(m.by_did("+49307").entitlements == feature_set{});
  CHECK(m.by_did("+49308").label_text() == long_one.substr(0, 64));
  REQUIRE(m.put_did(3, "+49308", did_use::other, {}, false, "x" + long_one));
  CHECK(m.by_did("+49308").label_text() == "x" + long_one.substr(0, 62)); // no character is cut in two
  REQUIRE(m.put_did(3, "+49307", did_use::direct, m.ann, true, "Sales queue"));
  CHECK(m.by_did("+49307").label_text().empty());
  CHECK(m.by_did("+49307").user_id == m.ann);
}

TEST_CASE("B11 S5.5 a suspended login cannot sign in, and its telephone rings on; a suspended user's does not") {
  ann_world m(16);
  REQUIRE(m.run(0, suspend_identity{.email = "ann@acme.example"}));
  CHECK(m.by_did("+493012345").rings);
  CHECK(m.by_did("+493012345").international == m.by_user().international);
  REQUIRE(m.run(3, suspend_user{m.ann}));
  CHECK_FALSE(m.by_did("+493012345").rings);
  CHECK(m.by_did("+493012345").e911_caller_number() == "+493012345"); // still a fact about the number
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

TEST_CASE("B11 a view told of too much at once, or left a whole ring behind, reads anew what it cannot know") {
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

TEST_CASE("B11 a tenant's import makes nobody read the lines of the others") {
  ann_world m(12);
  const auto import = [&](std::size_t at, const std::string& name) {
    std::vector<adopt_user> newcomers;
    for (int n = 0; n < 300; ++n)
      newcomers.push_back({.first_name = "N",
                           .last_name = "N",
                           .email = name + std::to_string(n) + "@example.com",
                           .external_ref = name + std::to_string(n)});
    std::vector<request> all;
    for (const auto& one : newcomers) all.push_back(request_of(one));
    REQUIRE(m.w.dir.run_all(m.operators[at], all).has_value());
  };
  import(3, "a");
  REQUIRE(m.follower.line_of_external_ref(m.acme, "a299").rings);
  import(4, "b");
  const auto before = m.shared->rows.load();
  CHECK(m.follower.line_of_external_ref(m.w.other_id, "b299").rings);
  const auto one = m.shared->rows.load() - before;
  CHECK(one < 1000); // a user is two rows: Acme's 300 are not among them
  const auto wrong = m.wrong_in(m.follower);
  CHECK_MESSAGE(wrong.empty(), wrong);
}

TEST_CASE("B11 what went while a view was left behind is gone from it, whichever tenant it passed to: a random walk") {
  for (const std::uint64_t seed : {13u, 14u}) {
    line_world m(seed);
    for (int round = 0; round < 5; ++round) {
      REQUIRE(m.wrong_in(m.follower).empty());
      for (int n = 0; n < 60; ++n) m.move();
      for (const std::size_t at : {3u, 4u}) REQUIRE(m.put(at, put_line_epoch{line_changes_kept + 1}));
      const auto wrong = m.wrong_in(m.follower);
      REQUIRE_MESSAGE(wrong.empty(), "in round " << round << ": " << wrong);
    }
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
