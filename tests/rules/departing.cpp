// Deleted, restored, erased: what ends at once, what waits for a return, and what is left of a person in the end.
#include <linecard/rules/departing.hpp>

#include "rules/lines_kit.hpp"

using namespace kit;

namespace {

constexpr std::array personal_of_mia{"Mia",      "Meier",    "meier",  "mia@acme.example",
                                     "+4917033", "+4917011", "of Mia", "001122334455"};

struct parting : lines_world {
  using lines_world::lines_world;
  void part(id_of<user> id) { static_cast<void>(must(done(admin, delete_user{id}))); }
  identity login(id_of<user> id) { return login_row(row_of(id).identity_id); }
  bool known(id_of<user> id) {
    return !those<user>([&](const auto& who) { return who.id == id; }).empty();
  }
  identity login_row(id_of<identity> id) {
    return those<identity>([&](const auto& who) { return who.id == id; }).at(0);
  }
  /// Wherever anything of Mia's own stands, outside the mail, which the test keeps itself.
  std::set<std::string> traces(std::span<const char* const> words) {
    std::set<std::string> found;
    for (const auto* word : words) found.merge(tables_with(word));
    return found;
  }
};

} // namespace

ON_EVERY_STORE("S4.17 a deletion is previewed and confirmed; at the first word nothing happens") {
  parting w;
  const auto before = w.digest();
  const auto no = refused_with(w.dir.run(w.admin, delete_user{w.mia}));
  CHECK(no.code == status::conflict);
  CHECK(no.reason == "confirmation_needed");
  CHECK(no.message.find("preview it and confirm with the token") != std::string::npos);
  const delete_user last{w.mia};
  const suspend_user other{w.max};
  const request both[]{request_of(other), request_of(last)};
  const auto batch = refused_with(w.dir.run_all(w.admin, both));
  CHECK(batch.reason == "confirmation_needed");
  CHECK(batch.path == "/1");
  const auto seen = must(w.dir.preview(w.admin, delete_user{w.mia}));
  CHECK(w.digest() == before);
  CHECK(refused_with(w.dir.confirm(w.admin, delete_user{w.max}, *seen.token)).reason == "token_of_another");
  REQUIRE(w.dir.run(w.admin, unassign_package{w.mia, {}}));
  CHECK(refused_with(w.dir.confirm(w.admin, delete_user{w.mia}, *seen.token)).reason == "preview_moved");
  const auto again = must(w.dir.preview(w.admin, delete_user{w.mia}));
  CHECK(w.dir.confirm(w.admin, delete_user{w.mia}, *again.token));
  CHECK(describe_operations().find(R"("acts_in":"tenant","confirmed":true)") != std::string::npos);
}

ON_EVERY_STORE("B9 S4.17 a deleted user's names and devices wait; forwarding, PIN, seats, extension and roles end") {
  parting w;
  w.part(w.mia);
  CHECK(w.row_of(w.mia).last_name == "Meier");
  CHECK(w.devices_of(w.mia) == std::set<std::string>{"desk", "soft of Mia"});
  CHECK_FALSE(w.member(w.mia)->forwarding_number);
  CHECK_FALSE(w.member(w.mia)->voicemail_pin);
  CHECK(w.member(w.mia)->mobile == "+491703333333");
  CHECK(w.pool(w.plus).used == 0);
  CHECK(w.all<number_range>().at(0).lowest_free == "201");
  CHECK(w.login(w.mia).places == 0);
  CHECK(w.login(w.mia).restorable == 1);
  const auto listed = must(w.dir.ask(w.admin, deleted_users{})).users;
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].user_id == w.mia);
  CHECK(listed[0].name == "Mia Meier");
  CHECK(listed[0].email == "mia@acme.example");
  CHECK(listed[0].deleted_at == w.clock->at);
  CHECK(listed[0].ends_at == w.clock->at + 30 * day);
  CHECK(must(w.dir.ask(w.other_admin, deleted_users{})).users.empty()); // I9
}

ON_EVERY_STORE(
    "B9 I20 a restored user is invited, with the desk as it was and without credential, role, seat or line") {
  parting w;
  const auto jo = w.joined("jo@acme.example");
  REQUIRE(w.dir.run(w.admin, grant_role{.user_id = jo, .role = "administrator"}));
  REQUIRE(w.dir.run(w.at_tenant, give_flag{.user_id = jo, .flag = flag::manage_e911}));
  REQUIRE(w.dir.run(w.admin, assign_package{jo, w.basic}));
  const auto session = w.session_of("jo@acme.example");
  for (const auto id : {w.mia, jo}) REQUIRE(w.done(w.at_tenant, delete_user{id}));
  for (const auto id : {w.mia, jo}) REQUIRE(w.dir.run(w.admin, restore_user{id, true}));
  CHECK(w.details(jo).state == user_state::invited);
  CHECK(w.details(jo).package == "Unassigned");
  CHECK_FALSE(w.details(jo).administrator);
  CHECK(must(w.dir.ask(w.admin, what_can{.user_id = jo})).permissions.empty());
  CHECK_FALSE(w.signs_in("jo@acme.example"));
  CHECK(refused_with(w.dir.open_session(secret_text(session))).code == status::denied);
  CHECK(w.all<credential>().empty());
  CHECK(w.details(w.mia).external_ref == "17 of Mia");
  CHECK(w.details(w.mia).extensions.empty());
  CHECK(w.login(w.mia).places == 1);
  CHECK(w.login(w.mia).restorable == 0);
  CHECK(w.all<departure>().empty());
  CHECK(must(w.dir.ask(w.admin, deleted_users{})).users.empty());

  // Whoever comes back proves the mailbox anew, or the host vouches.
  REQUIRE(w.accept(w.token_to("jo@acme.example"), other_password));
  CHECK(w.signs_in("jo@acme.example", other_password));
  CHECK_FALSE(w.signs_in("jo@acme.example"));
  REQUIRE(w.dir.run(w.admin, activate_user{w.mia, {}}));
  const auto desk = w.member(w.mia).value();
  CHECK(desk.team_role == "agent");
  CHECK(desk.time_zone == "Europe/Berlin");
  CHECK(desk.mobile == "+491703333333");
  CHECK(desk.bridge_id == "1234567890");
  CHECK_FALSE(desk.voicemail_pin);
  CHECK_FALSE(desk.forwarding_number);
  CHECK(w.devices_of(w.mia) == std::set<std::string>{"desk", "soft of Mia"});
}

ON_EVERY_STORE("B9 a reference that somebody has got meanwhile is theirs; the user returns without") {
  parting w;
  w.part(w.mia);
  REQUIRE(w.dir.run(
      w.admin,
      adopt_user{.first_name = "Nu", .last_name = "N", .email = "nu@acme.example", .external_ref = "17 of Mia"}));
  REQUIRE(w.dir.run(w.admin, restore_user{w.mia}));
  CHECK_FALSE(w.details(w.mia).external_ref);
}

ON_EVERY_STORE("B9 who cannot return is told why: not deleted, too late, here again, or the login is gone") {
  parting w;
  const auto why = [&](const actor& by, id_of<user> id) { return w.no(by, restore_user{id}).reason; };
  CHECK(why(w.admin, w.mia) == "not_deleted");
  CHECK(why(w.admin, id_of<user>{make_id(tag_of<user>, 9)}) == "user_unknown");
  w.part(w.mia);
  CHECK(why(w.other_admin, w.mia) == "user_unknown"); // I9
  const auto again = w.adopt("Mia", "Again", "mia@acme.example");
  CHECK(why(w.admin, w.mia) == "already_a_user");
  w.part(again);
  CHECK(w.login(w.mia).restorable == 2);
  REQUIRE(w.dir.run(w.operator_, publish_notice{.text = "Mind.", .terms_link = "https://e.example"}));
  const auto pat =
      must(w.dir.run(
               w.admin,
               add_delegate{.first_name = "Mia", .last_name = "M", .email = "mia@acme.example", .notice_version = 1}))
          .created_id<delegate>();
  CHECK(why(w.admin, w.mia) == "already_a_delegate");
  REQUIRE(w.dir.run(w.admin, remove_delegate{pat}));
  w.part(w.max);
  w.part(w.bo);
  REQUIRE(w.dir.run(w.operator_, delete_identity{"max@acme.example"}));
  CHECK(why(w.admin, w.max) == "address_gone");
  CHECK(must(w.dir.ask(w.admin, deleted_users{})).users.size() == 4);
  w.pass(30 * day);
  CHECK(why(w.admin, w.bo) == "window_over"); // also before anybody has tidied up
  CHECK(must(w.dir.ask(w.admin, deleted_users{})).users.empty());
  w.letters();
  CHECK(why(w.admin, w.bo) == "user_unknown");
  CHECK(w.all<departure>().empty());
}

TEST_CASE("I8 nobody restores who would return to more than they hold themselves") {
  parting w;
  REQUIRE(w.dir.run(w.operator_, grant_role{.email = "bo@acme.example", .role = "support"}));
  REQUIRE(w.done(w.at_tenant, delete_user{w.bo}));
  CHECK(w.no(w.admin, restore_user{w.bo}).reason == "role_exceeds_own");
  CHECK(w.dir.run(w.at_tenant, restore_user{w.bo}));
}

ON_EVERY_STORE(
    "B9 I23 the window over, nothing personal is anywhere, and both chains verify and count what is erased") {
  parting w;
  static_cast<void>(must(w.dir.run(w.admin, send_invitation{w.welcomed("Jo", "J", "jo@acme.example")})));
  const auto login = w.row_of(w.mia).identity_id;
  w.part(w.mia);
  CHECK_FALSE(w.traces(personal_of_mia).empty());
  w.pass(30 * day - 1);
  w.letters();
  CHECK(w.tables_with("Meier").contains("users"));
  CHECK(w.verified(w.admin).erased == 0);
  w.pass(1);
  w.letters();
  for (const auto& table : w.traces(personal_of_mia)) FAIL_CHECK("something of Mia's is in " << table);
  const auto here = w.verified(w.admin), above = w.verified(w.operator_);
  CHECK(here.intact);
  CHECK(above.intact);
  CHECK(here.erased >= 8);  // names, team member, devices, attribute
  CHECK(above.erased >= 2); // the address, twice
  CHECK(here.message.find("personal values erased") != std::string::npos);
  CHECK_FALSE(w.known(w.mia));
  CHECK_FALSE(w.member(w.mia));
  CHECK(w.devices_of(w.mia).empty());
  CHECK(w.all<attribute_value>().empty());
  CHECK(w.login_row(login).state == identity_state::deleted);
  CHECK(w.tables_with("Max").contains("audit_values")); // nobody else's went with it
  const auto again = w.adopt("Mia", "Meier", "mia@acme.example");
  CHECK(w.row_of(again).identity_id != login);
}

ON_EVERY_STORE("B9 I23 erased on request: at once, by confirm only, of a deleted user only, and once") {
  parting w;
  CHECK(w.no(w.admin, erase_user{w.mia}).reason == "not_deleted");
  w.part(w.mia);
  CHECK(refused_with(w.dir.run(w.admin, erase_user{w.mia})).reason == "confirmation_needed");
  CHECK(w.no(w.other_admin, erase_user{w.mia}).reason == "user_unknown");
  REQUIRE(w.done(w.admin, erase_user{w.mia}));
  CHECK(w.traces(personal_of_mia).empty());
  CHECK(w.verified(w.admin).intact);
  CHECK(w.verified(w.operator_).intact);
  CHECK(w.no(w.admin, restore_user{w.mia}).reason == "user_unknown");
  CHECK(w.no(w.admin, erase_user{w.mia}).reason == "user_unknown");
}

ON_EVERY_STORE("B9 I23 a tenant without a window erases with the deletion, its own audit entry included") {
  parting w;
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.restore_days = 0}));
  const auto ina = w.welcomed("Ina", "Adler", "ina.adler@acme.example");
  for (const auto id : {w.mia, ina}) w.part(id);
  CHECK(w.traces(personal_of_mia).empty());
  for (const auto* word : {"Adler", "adler", "ina.adler"}) CHECK_MESSAGE(w.tables_with(word).empty(), word);
  CHECK(w.verified(w.admin).intact);
  CHECK(w.verified(w.operator_).intact);
  CHECK(w.all<departure>().empty());
  CHECK(must(w.dir.ask(w.admin, deleted_users{})).users.empty());
}

ON_EVERY_STORE("I9 B9 erased in one tenant, the person stays in another as before, login and all") {
  parting w;
  static_cast<void>(must(
      w.dir.run(w.other_admin, adopt_user{.first_name = "Mia", .last_name = "Other", .email = "mia@acme.example"})));
  const auto other = w.digest(w.other_id);
  const auto login = w.row_of(w.mia).identity_id;
  w.part(w.mia);
  w.pass(30 * day);
  w.letters();
  CHECK(w.digest(w.other_id) == other);
  CHECK(w.login_row(login).state == identity_state::active);
  CHECK(w.login_row(login).restorable == 0);
  CHECK(must(w.dir.ask(w.other_admin, find_user{.email = "mia@acme.example"})).last_name == "Other");
  CHECK(w.tables_with("Meier").empty());
  CHECK(w.verified(w.admin).intact);
  CHECK(w.verified(w.other_admin).erased == 0);
}

ON_EVERY_STORE("I21 B15 what is said of a number while it is a user's goes with the user, and the rest stays") {
  parting w;
  for (const auto* name : {"caller_name", "trunk"})
    REQUIRE(w.dir.run(w.operator_,
                      declare_attribute{.owner = attribute_owner::did, .name = name, .type = attribute_type::text}));
  REQUIRE(w.dir.run(w.at_tenant, add_dids{{"+14165550100", "+14165550101"}}));
  const auto say = [&](std::string number, std::string name, std::string content) {
    REQUIRE(w.dir.run(w.admin, set_did_attributes{std::move(number), {{std::move(name), std::move(content)}}}));
  };
  const auto said = [&](std::string number) {
    std::string out;
    for (const auto& e : must(w.dir.ask(w.admin, attribute_values{.direct_number = std::move(number)})).entries)
      out += e.name + "=" + e.content.value_or("") + " ";
    return out;
  };
  say("+14165550100", "trunk", "east");
  for (const auto* number : {"+14165550100", "+14165550101"}) {
    REQUIRE(w.dir.run(w.admin, attach_did{number, w.mia}));
    say(number, "caller_name", "Line of Mia");
  }
  REQUIRE(w.dir.run(w.admin, detach_did{.direct_number = "+14165550101"}));
  CHECK(said("+14165550101").empty());
  REQUIRE(w.done(w.admin, delete_user{.user_id = w.mia, .numbers_to = w.max}));
  CHECK(said("+14165550100") == "caller_name=Line of Mia trunk=east "); // it passed, as it is
  REQUIRE(w.done(w.admin, erase_user{w.mia}));
  CHECK(said("+14165550100") == "trunk=east ");
  for (const auto& table : w.traces(personal_of_mia)) FAIL_CHECK("something of Mia's is in " << table);
  CHECK(w.verified(w.admin).intact);
}

ON_EVERY_STORE("I23 whose invitation is cancelled is erased from beside the audit, too") {
  parting w;
  const auto ina = w.invite("Ina", "Adler", "ina.adler@acme.example");
  CHECK(w.tables_with("Adler").contains("audit_values"));
  REQUIRE(w.dir.run(w.admin, cancel_invitation{ina}));
  CHECK(w.tables_with("Adler").empty());
  CHECK(w.verified(w.admin).intact);
}

TEST_CASE("B9 what one pump erases does not depend on how many left on one day") {
  parting w;
  constexpr int many = 230;
  for (int i = 0; i < many; ++i)
    w.part(w.adopt("Gone" + std::to_string(i), "Away", "g" + std::to_string(i) + "@a.example"));
  CHECK(w.all<departure>().size() == many);
  std::size_t listed = 0;
  for (std::optional<id_of<user>> after;;) {
    const auto page = must(w.dir.ask(w.admin, deleted_users{.after = after, .limit = 100}));
    listed += page.users.size();
    if (!(after = page.next)) break;
  }
  CHECK(listed == many);
  w.pass(30 * day);
  w.letters();
  CHECK(w.all<departure>().empty());
  CHECK(w.tables_with("Away").empty());
  CHECK(w.tables_with("@a.example").empty());
  CHECK(w.verified(w.admin).intact);
}

ON_EVERY_STORE("S4.17 the host is asked to hand assets to an active user, in the transaction of the deletion") {
  parting w;
  CHECK(w.no(w.admin, delete_user{.user_id = w.mia, .assets_to = w.mia}).reason == "successor_is_the_user");
  CHECK(w.no(w.admin, delete_user{.user_id = w.mia, .assets_to = w.invite("I", "I", "i@acme.example")}).reason ==
        "successor_not_active");
  CHECK(w.all<errand>().empty());
  w.keeper->answers = [](const auto&) { return provider_answer{errand_outcome::temporary, {}, "archive_closed"}; };
  for (const auto to : {w.max, w.bo}) { // deleted, restored, deleted again
    REQUIRE(w.done(w.admin, delete_user{.user_id = w.mia, .assets_to = to}));
    const auto asked = w.all<errand>();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].kind == errand_kind::hand_over_assets);
    CHECK(asked[0].user_id == w.mia);
    CHECK(asked[0].to_user_id == to);
    CHECK(asked[0].errand_key == to_text(w.mia));
    CHECK(asked[0].attempts == 1); // asked at once, and to be asked again
    REQUIRE(w.dir.run(w.admin, restore_user{w.mia}));
  }
  CHECK(w.keeper->told.size() == 2);
  CHECK(w.all<errand>().empty()); // whoever is back keeps their messages
  REQUIRE(w.done(w.admin, delete_user{.user_id = w.mia, .assets_to = w.bo}));
  w.keeper->answers = nullptr;
  w.clock->at = w.clock->at + std::int64_t{60} * 60 * 1000;
  CHECK(must(w.dir.pump_errands(10)).done == 1);
  CHECK(w.all<errand>().empty());
}
