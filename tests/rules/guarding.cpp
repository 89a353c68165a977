// Nobody leaves a number hanging unnoticed: direct numbers, E911 and others' forwarding stand in the way of a deletion.
#include <linecard/rules/guarding.hpp>

#include "rules/lines_kit.hpp"

using namespace kit;

namespace {

constexpr const char *first = "+4930100", *second = "+4930200";

/// Mia has two direct numbers, one with E911, and Max's calls are forwarded to the other.
struct guarded : lines_world {
  guarded() {
    number(mia, first, true);
    number(mia, second);
    forward(max, second);
  }
  using rows_found = std::vector<std::tuple<stranding_kind, std::string, id_of<user>>>;
  rows_found found(const strandings& asked) {
    rows_found out;
    for (const auto& row : must(dir.ask(admin, asked)).strandings)
      out.emplace_back(row.kind, row.direct_number, row.user_id);
    return out;
  }
};

} // namespace

ON_EVERY_STORE("B7 a deletion that would strand a number, E911 or a forwarding is refused with the list") {
  guarded w;
  const auto before = w.digest();
  const auto no = w.no(w.admin, delete_user{w.mia});
  CHECK(no.reason == "would_strand");
  CHECK(no.path == "/user_id");
  for (const auto* part :
       {"+4930100 is a direct number, has E911 switched on; ",
        "+4930200 is a direct number, gets the forwarded calls of 1 user", "numbers_to", "release_numbers"})
    CHECK_MESSAGE(no.message.find(part) != std::string::npos, no.message);
  CHECK(no.message.find("Muster") == std::string::npos); // for strandings to tell
  CHECK(w.digest() == before);
  const guarded::rows_found all{{stranding_kind::did, first, w.mia},
                                {stranding_kind::e911, first, w.mia},
                                {stranding_kind::did, second, w.mia},
                                {stranding_kind::forwarding, second, w.max}};
  CHECK((w.found({.user_id = w.mia}) == all));
  CHECK((w.found({.direct_number = first}) == guarded::rows_found{all[0], all[1]}));
  CHECK(w.found({.user_id = w.bo}).empty());
  CHECK(refused_with(w.dir.ask(w.admin, strandings{})).reason == "one_key_needed");
  CHECK(refused_with(w.dir.ask(w.admin, strandings{.direct_number = "+4930999"})).reason == "did_unknown");
  CHECK(refused_with(w.dir.ask(w.other_admin, strandings{.direct_number = first})).reason == "did_unknown"); // I9
  CHECK(refused_with(w.dir.ask(w.other_admin, strandings{.user_id = w.mia})).reason == "user_unknown");
}

ON_EVERY_STORE("B7 S4.17 numbers handed to somebody ring there, E911 as it is, and so does the extension") {
  guarded w;
  const auto seen = must(w.done(w.admin, delete_user{.user_id = w.mia, .numbers_to = w.bo}));
  for (const auto* e164 : {first, second}) {
    CHECK(w.did_of(e164).user_id == w.bo);
    CHECK(w.did_of(e164).use == did_use::direct);
  }
  CHECK(w.did_of(first).e911);
  CHECK(w.details(w.bo).extensions == std::vector<std::string>{"201"});
  CHECK(w.all<number_range>().at(0).lowest_free == "203");
  CHECK(seen.numbers.size() == 6); // each leaves one, and rings the other
  CHECK(std::ranges::count(seen.numbers, record_action::erased, &number_effect::action) == 3);
  CHECK((w.found({.user_id = w.bo}).size() == 4));
}

ON_EVERY_STORE("B7 S4.7 numbers released are unassigned, without E911; the extension is the lowest free again") {
  guarded w;
  REQUIRE(w.done(w.at_tenant, delete_user{.user_id = w.mia, .release_numbers = true}));
  for (const auto* e164 : {first, second}) {
    CHECK(w.did_of(e164).use == did_use::unassigned);
    CHECK_FALSE(w.did_of(e164).user_id);
    CHECK_FALSE(w.did_of(e164).e911);
  }
  CHECK(w.all<number_range>().at(0).lowest_free == "201");
  CHECK(w.those<extension>([&](const auto& line) { return line.number == "201"; }).empty());
}

TEST_CASE("I12 switching E911 off and passing on what dials abroad need their permissions in a deletion too") {
  guarded w;
  auto no = w.no(w.admin, delete_user{.user_id = w.mia, .release_numbers = true});
  CHECK(no.reason == "permission_denied");
  CHECK(no.path == "/release_numbers");
  CHECK(no.message.find("manage_e911") != std::string::npos);
  w.put([&](snapshot& facts, changes& out, id_of<tenant> where) {
    out.edit(facts.find<&extension::tenant_id, &extension::number>(where, "201")).international = true;
  });
  no = w.no(w.admin, delete_user{.user_id = w.mia, .numbers_to = w.bo});
  CHECK(no.path == "/numbers_to");
  CHECK(no.message.find("manage_international") != std::string::npos);
  static_cast<void>(must(w.dir.run(w.at_tenant, define_role{.name = "desk", .permissions = {"user.manage"}})));
  static_cast<void>(must(w.dir.run(w.at_tenant, grant_role{.user_id = w.max, .role = "desk"})));
  REQUIRE(w.dir.run(w.at_tenant, revoke_role{.user_id = w.mia, .role = "tenant"}));
  const auto worker = must(w.dir.open_actor("max@acme.example", w.tenant_id));
  no = w.no(worker, delete_user{.user_id = w.mia, .numbers_to = w.bo});
  CHECK(no.message.find("number.configure") != std::string::npos);
}

TEST_CASE("B7 numbers go to an active other user of the tenant only, and not both there and nowhere") {
  guarded w;
  const auto to = [&](id_of<user> whom) { return w.no(w.admin, delete_user{.user_id = w.mia, .numbers_to = whom}); };
  CHECK(to(w.mia).reason == "successor_is_the_user");
  CHECK(to(w.invite("Ina", "I", "ina@acme.example")).reason == "successor_not_active");
  REQUIRE(w.dir.run(w.admin, suspend_user{w.bo}));
  CHECK(to(w.bo).reason == "successor_not_active");
  const auto foreign = must(w.dir.ask(w.other_admin, users{})).users.at(0).user_id;
  CHECK(to(foreign).reason == "successor_unknown");
  CHECK(to(foreign).message == to(id_of<user>{make_id(tag_of<user>, 77)}).message); // I9
  CHECK(w.no(w.admin, delete_user{.user_id = w.mia, .numbers_to = w.max, .release_numbers = true}).reason ==
        "release_or_hand_over");
  CHECK(to(w.max).reason == "forwarding_to_oneself");   // his calls go to what would be his own
  CHECK(w.done(w.admin, delete_user{.user_id = w.bo})); // who has no number goes without a word
}

TEST_CASE("B7 an invitation with a direct number is not cancelled before the number has gone elsewhere") {
  guarded w;
  const auto ina = w.invite("Ina", "I", "ina@acme.example");
  w.number(ina, "+4930300");
  CHECK(w.no(w.admin, cancel_invitation{ina}).reason == "would_strand");
}
