// A user and the user's line, changed field by field.
#include <linecard/rules/editing.hpp>

#include "kit.hpp"

#include <linecard/json.hpp>

#include <algorithm>

using namespace kit;

namespace {

struct desk : world {
  using world::world;
  id_of<user> ann = adopt("Ann", "Able", "ann@acme.example");
  template <class C> std::string reason(const actor& as, const C& c) {
    const auto before = digest();
    const auto done = dir.run(as, c);
    if (!done) CHECK(digest() == before); // bad input changes no state
    return done ? "" : done.error().reason;
  }
  actor as_ann() { return must(dir.open_actor("ann@acme.example", tenant_id)); }
  bool pin_is(std::string_view pin) { return dir.run(admin, check_voicemail_pin{ann, secret_text(pin)}).has_value(); }
};

constexpr auto mobile_number = "+491711234567", elsewhere = "+493012345678";

} // namespace

ON_EVERY_STORE("S4.14 names, language, mobile, time zone and PIN are edited; what is left out stays") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = w.ann,
                                                      .last_name = "Baker",
                                                      .time_zone = "Europe/Berlin",
                                                      .mobile = mobile_number,
                                                      .voicemail_pin = secret_text("4711")})));
  auto now = w.details(w.ann);
  CHECK(now.first_name == "Ann");
  CHECK(now.last_name == "Baker");
  CHECK(now.time_zone == "Europe/Berlin");
  CHECK(now.mobile == mobile_number);
  CHECK(now.voicemail_pin_set);
  CHECK(must(w.dir.ask(w.admin, users{.search = "baker"})).users.size() == 1);
  static_cast<void>(
      must(w.dir.run(w.admin, edit_user{.user_id = w.ann, .clear = {clearable::mobile, clearable::voicemail_pin}})));
  now = w.details(w.ann);
  CHECK(now.time_zone == "Europe/Berlin");
  CHECK_FALSE(now.mobile);
  CHECK_FALSE(now.voicemail_pin_set);
}

TEST_CASE("S4.14 an edit that is wrong says which field, and what would be accepted") {
  desk w;
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .time_zone = "CEST"}) == "time_zone_invalid");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .mobile = "0171 1234567"}) == "mobile_invalid");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text("12a4")}) ==
        "voicemail_pin_invalid");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .mobile = mobile_number, .clear = {clearable::mobile}}) ==
        "cleared_and_given");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .clear = {clearable{}}}) == "clear_missing");
  CHECK(w.reason(w.other_admin, edit_user{.user_id = w.ann, .last_name = "X"}) == "user_unknown");
  CHECK(w.reason(w.as_ann(), edit_user{.user_id = w.ann, .last_name = "X"}) == "permission_denied");
  const auto no = refused_with(w.dir.run(w.admin, edit_user{.user_id = w.ann, .time_zone = "CEST"}));
  CHECK(no.path == "/time_zone");
  CHECK(no.message == "time_zone must be an IANA time zone name such as Europe/Berlin or America/New_York");
}

ON_EVERY_STORE("S4.14 the e-mail address of who has joined is edited by nobody; of the invited it is corrected") {
  desk w;
  const auto ina = w.invite("Ina", "I", "ina@acme.example");
  CHECK(w.reason(w.admin, correct_address{w.ann, "other@acme.example"}) == "already_joined");
  CHECK(w.reason(w.admin, correct_address{ina, "inga@acme.example"}).empty());
  CHECK(w.details(ina).email == "inga@acme.example");
  CHECK(w.reason(w.admin, edit_user{.user_id = ina, .first_name = "Inga"}).empty());
  CHECK(w.reason(w.admin, edit_user{.user_id = ina, .mobile = mobile_number}) == "not_joined");
}

ON_EVERY_STORE("I24 an edit of another version than the one read is refused, and unmentioned fields stay") {
  desk w;
  const auto read = w.details(w.ann);
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .team_role = "agent", .expected_version = read.version}).empty());
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .last_name = "X", .expected_version = read.version}) ==
        "version_moved");
  const auto now = w.details(w.ann);
  CHECK(now.version > read.version);
  CHECK(now.last_name == "Able");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .last_name = "X", .expected_version = now.version}).empty());
}

ON_EVERY_STORE("S4.15 one external number, set and cleared by an administrator or the user, never another's") {
  desk w;
  const auto bea = w.adopt("Bea", "B", "bea@acme.example");
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550101"}})));
  static_cast<void>(must(w.dir.run(w.admin, attach_did{"+14165550101", w.ann})));
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .forwarding_number = elsewhere}).empty());
  CHECK(w.details(w.ann).forwarding_number == elsewhere);
  CHECK(w.reason(w.as_ann(), edit_own_line{.forwarding_number = mobile_number}).empty());
  CHECK(w.details(w.ann).forwarding_number == mobile_number);
  CHECK_FALSE(w.details(bea).forwarding_number);
  CHECK(w.reason(w.as_ann(), edit_own_line{.forwarding_number = "+14165550101"}) == "forwarding_to_oneself");
  CHECK(w.reason(w.as_ann(), edit_own_line{.clear = {clearable::forwarding_number}}).empty());
  CHECK_FALSE(w.details(w.ann).forwarding_number);
  CHECK(w.reason(w.as_ann(), edit_own_line{.clear = {clearable::external_ref}}) == "clear_invalid");
  // Who has no line here changes none.
  const auto elsewhere_ann = must(w.dir.open_actor("ann@acme.example", w.other_id));
  CHECK(w.reason(elsewhere_ann, edit_own_line{.mobile = mobile_number}) == "not_a_user");
  CHECK(w.reason(w.at_tenant, edit_own_line{.mobile = mobile_number}) == "not_a_user"); // an operator is no user
  static_cast<void>(must(w.dir.run(w.admin, suspend_user{w.ann})));
  CHECK(w.reason(w.as_ann(), edit_own_line{.mobile = mobile_number}) == "not_a_user");
}

ON_EVERY_STORE("S4.15 users see their own line, and what they change in it of the version they saw") {
  desk w;
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550101"}})));
  static_cast<void>(must(w.dir.run(w.at_tenant, attach_did{"+14165550101", w.ann})));
  static_cast<void>(must(w.dir.run(w.at_tenant, set_e911{"+14165550101", turned::on})));
  static_cast<void>(must(w.dir.run(w.admin, set_device{.user_id = w.ann, .name = "desk", .mac = "001a2b3c4d5e"})));
  const auto seen = must(w.dir.ask(w.as_ann(), own_line{}));
  const auto told = w.details(w.ann);
  CHECK(seen.user_id == w.ann);
  CHECK(seen.email == "ann@acme.example");
  CHECK(seen.bridge_id == told.bridge_id);
  CHECK(seen.version == told.version);
  CHECK_FALSE(seen.screening);
  REQUIRE(seen.dids.size() == 1);
  CHECK(seen.dids[0].e911);
  REQUIRE(seen.devices.size() == 1);
  CHECK(seen.devices[0].mac == "001a2b3c4d5e");
  const auto done =
      must(w.dir.run(w.as_ann(), edit_own_line{.forwarding_number = elsewhere, .expected_version = seen.version}));
  REQUIRE(done.changes.size() == 1);
  CHECK(done.changes[0].columns[0].after == elsewhere);
  CHECK(done.audit_seq);
  CHECK(must(w.dir.ask(w.as_ann(), own_line{})).screening);
  CHECK(w.reason(w.as_ann(), edit_own_line{.mobile = mobile_number, .expected_version = seen.version}) ==
        "version_moved");
  CHECK(refused_with(w.dir.ask(w.at_tenant, own_line{})).reason == "not_a_user");
  CHECK(refused_with(w.dir.ask(must(w.dir.open_actor("ann@acme.example", w.other_id)), own_line{})).reason ==
        "not_a_user"); // I9
}

TEST_CASE("an empty field says how it is emptied, and what is cleared is not given as well") {
  desk w;
  const auto no = refused_with(w.dir.run(w.admin, edit_user{.user_id = w.ann, .mobile = ""}));
  CHECK(no.reason == "mobile_missing");
  CHECK(no.message == "mobile is empty; list \"mobile\" in clear to empty it");
  CHECK(refused_with(w.dir.run(w.as_ann(), edit_own_line{.voicemail_pin = secret_text("")})).message ==
        "voicemail_pin is empty; list \"voicemail_pin\" in clear to empty it");
  edit_user asked;
  const auto null = read_json(R"({"mobile":null})", type_of<edit_user>, &asked);
  REQUIRE(null);
  CHECK(null->message == "mobile is null; list \"mobile\" in clear to empty it");
  CHECK_FALSE(read_json(R"({"first_name":null})", type_of<edit_user>, &asked)); // nothing that could be emptied
  const set_device phone{.user_id = w.ann, .name = "desk", .model = "T46", .mac = "001a2b3c4d5e"};
  CHECK(w.reason(w.admin, phone).empty());
  CHECK(w.reason(w.admin, set_device{.user_id = w.ann, .name = "desk", .mac = ""}) == "mac_missing");
  CHECK(w.reason(w.admin,
                 set_device{.user_id = w.ann, .name = "desk", .model = "T54", .clear = {device_clearable::model}}) ==
        "cleared_and_given");
  CHECK(w.reason(w.admin, set_device{.user_id = w.ann, .name = "desk", .clear = {device_clearable::mac}}).empty());
  CHECK_FALSE(w.details(w.ann).devices.at(0).mac);
  CHECK(w.details(w.ann).devices.at(0).model == "T46");
}

ON_EVERY_STORE("S5.11 nobody touches the line of somebody whose authority exceeds theirs") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, define_role{.name = "helper", .permissions = {"user.manage"}})));
  static_cast<void>(must(w.dir.run(w.admin, grant_role{.user_id = w.ann, .role = "helper"})));
  const auto chief = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  static_cast<void>(must(w.dir.run(w.admin, set_device{.user_id = chief, .name = "desk"})));
  const auto helper = w.as_ann();
  CHECK(w.reason(helper, edit_user{.user_id = chief, .forwarding_number = elsewhere}) == "target_exceeds_own");
  CHECK(w.reason(helper, set_device{.user_id = chief, .name = "mine"}) == "target_exceeds_own");
  CHECK(w.reason(helper, remove_device{chief, "desk"}) == "target_exceeds_own");
  CHECK(w.reason(helper, set_user_attributes{chief, {}}) == "target_exceeds_own");
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = chief, .voicemail_pin = secret_text("4711")})));
  for (int tries = 0; tries < 6; ++tries) // nor does it cost the chief a try
    CHECK(w.reason(helper, check_voicemail_pin{chief, secret_text("4711")}) == "target_exceeds_own");
  CHECK(w.reason(w.admin, check_voicemail_pin{chief, secret_text("4711")}).empty());
}

TEST_CASE("S4.14 a PIN that anybody would guess is refused") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, change_extension{.user_id = w.ann, .extension = "2907"})));
  for (const auto* pin : {"0000", "1234", "9876", "777777", "2907"})
    CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text(pin)}) == "pin_guessable");
  CHECK(w.reason(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text("2906")}).empty());
}

ON_EVERY_STORE("I21 five wrong voicemail PINs, and nobody is told any more for a while; a right one begins anew") {
  desk w;
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text("4711")})));
  const auto dial = [&](std::string_view what) {
    return w.reason(w.admin, check_voicemail_pin{w.ann, secret_text(what)});
  };
  for (int n = 0; n < 4; ++n) CHECK(dial("4712") == "voicemail_pin_wrong");
  CHECK(dial("4711").empty());
  for (const auto* what : {"4712", "4", "47", "4711#", "*"}) CHECK(dial(what) == "voicemail_pin_wrong");
  const auto no = refused_with(w.dir.run(w.admin, check_voicemail_pin{w.ann, secret_text("4711")}));
  CHECK(no.code == status::limit);
  CHECK(no.reason == "too_many_tries");
  CHECK(no.retry_after_ms == 15 * 60 * 1000);
  w.clock->at = w.clock->at + no.retry_after_ms;
  CHECK(dial("4711").empty());
  // A preview tells no more: whatever PIN is given, it would be changed. One that is given anew can be dialled at once.
  for (const auto* pin : {"4711", "4713"})
    CHECK_FALSE(
        must(w.dir.preview(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text(pin)})).changes.empty());
  for (int n = 0; n < 5; ++n) CHECK(dial("4712") == "voicemail_pin_wrong");
  CHECK(dial("4713") == "too_many_tries");
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text("4713")})));
  CHECK(dial("4713").empty());
  static_cast<void>(must(w.dir.run(w.admin, suspend_user{w.ann})));
  CHECK(dial("4713") == "user_not_active");
  static_cast<void>(must(w.dir.run(w.admin, resume_user{w.ann})));
  // Another tenant's try costs nothing here, and tells nothing.
  for (int n = 0; n < 6; ++n)
    CHECK(refused_with(w.dir.run(w.other_admin, check_voicemail_pin{w.ann, secret_text("4711")})).reason ==
          "user_unknown");
  CHECK(dial("4713").empty());
}

ON_EVERY_STORE("a telephone of somebody deleted is given on, and is not given back") {
  desk w;
  const auto bob = w.adopt("Bob", "B", "bob@acme.example");
  static_cast<void>(must(w.dir.run(w.admin, set_device{.user_id = w.ann, .name = "desk", .mac = "00:1a:2b:3c:4d:5e"})));
  const set_device same{.user_id = bob, .name = "desk", .mac = "001A2B3C4D5E"};
  CHECK(w.reason(w.admin, same) == "mac_taken");
  static_cast<void>(must(deleted(w.dir, w.admin, delete_user{.user_id = w.ann})));
  CHECK(w.reason(w.admin, same).empty());
  static_cast<void>(must(w.dir.run(w.admin, restore_user{.user_id = w.ann})));
  static_cast<void>(must(w.dir.run(w.admin, activate_user{.user_id = w.ann})));
  CHECK_FALSE(w.details(w.ann).devices.at(0).mac);
  CHECK(w.details(bob).devices.at(0).mac == "001a2b3c4d5e");
}

ON_EVERY_STORE("I21 a voicemail PIN is told to nobody: neither store, audit, receipt nor answers hold it") {
  desk w;
  CHECK(w.reason(w.admin, check_voicemail_pin{w.ann, secret_text("80317462")}) == "voicemail_pin_not_set");
  const auto done = must(w.dir.run(w.admin, edit_user{.user_id = w.ann, .voicemail_pin = secret_text("80317462")}));
  std::string shown;
  append_json(shown, type_of<receipt>, &done);
  const auto answer = w.details(w.ann);
  append_json(shown, type_of<user_details>, &answer);
  for (const auto& entry : must(w.dir.ask(w.admin, audit{.limit = 500})).entries) shown += entry.details;
  CHECK(shown.find("80317462") == std::string::npos);
  CHECK(w.pin_is("80317462"));
  CHECK_FALSE(w.pin_is("80317463"));
}

ON_EVERY_STORE("devices have a name for the user and a hardware address in the tenant, each once") {
  desk w;
  const auto bea = w.adopt("Bea", "B", "bea@acme.example");
  CHECK(w.reason(w.admin, set_device{.user_id = w.ann, .name = "desk", .model = "T31G", .mac = "00:1A:2B:3C:4D:5E"})
            .empty());
  CHECK(w.reason(w.admin, set_device{.user_id = bea, .name = "desk", .mac = "001a2b3c4d5e"}) == "mac_taken");
  CHECK(w.reason(w.admin, set_device{.user_id = bea, .name = "desk", .description = "soft"}).empty());
  CHECK(w.reason(w.admin, set_device{.user_id = w.ann, .name = "desk", .description = "corner"}).empty());
  const auto mine = w.details(w.ann).devices;
  REQUIRE(mine.size() == 1);
  CHECK(mine[0].model == "T31G");
  CHECK(mine[0].mac == "001a2b3c4d5e");
  CHECK(mine[0].description == "corner");
  CHECK(w.reason(w.admin, remove_device{w.ann, "other"}) == "device_unknown");
  CHECK(w.reason(w.admin, remove_device{w.ann, "desk"}).empty());
  CHECK(w.reason(w.admin, set_device{.user_id = bea, .name = "desk", .mac = "001a2b3c4d5e"}).empty());
  const auto ina = w.invite("Ina", "I", "ina@acme.example");
  CHECK(w.reason(w.admin, set_device{.user_id = ina, .name = "desk"}) == "not_joined");
}
