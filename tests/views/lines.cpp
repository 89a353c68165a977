// The line view: whose number, extension or id it is, and what a call needs of the line. How the view keeps up is in
// lines_following.cpp.
#include <linecard/views/lines.hpp>

#include "views/ann_world.hpp"

#include <algorithm>

using namespace moving;

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
