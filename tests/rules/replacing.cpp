// One person in another's place: everything on the desk passes in one command, and returns byte for byte.
#include <linecard/rules/replacing.hpp>

#include "rules/lines_kit.hpp"

using namespace kit;

namespace {

constexpr const char* direct = "+4930100";

struct succession : lines_world {
  succession() { number(mia, direct, true); }
  std::vector<std::string> desks() {
    return dump({&info_of<user>, &info_of<team_member>, &info_of<extension>, &info_of<did>, &info_of<device>,
                 &info_of<seat>, &info_of<seat_pool>, &info_of<number_range>, &info_of<grant>,
                 &info_of<attribute_value>, &info_of<replacement>, &info_of<replaced_item>});
  }
  id_of<replacement> replaced_by(id_of<user> successor) {
    return must(dir.run(admin, replace_person{mia, successor})).created_id<replacement>();
  }
  std::string undone(id_of<replacement> id) { return no(admin, undo_replacement{id}).message; }
};

} // namespace

ON_EVERY_STORE(
    "B6 extension, numbers, devices, forwarding and packages pass; the user stays, Unassigned, without line") {
  succession w;
  const auto preview = must(w.dir.preview(w.admin, replace_person{w.mia, w.max}));
  const auto done = must(w.dir.confirm(w.admin, replace_person{w.mia, w.max}, *preview.token));
  const auto max = w.details(w.max), mia = w.details(w.mia);
  CHECK(max.extensions == std::vector<std::string>{"201", "202"});
  CHECK(max.package == "Plus");
  CHECK(max.add_ons == std::vector{w.fax});
  CHECK(max.forwarding_number == "+491701111111");
  CHECK(w.did_of(direct).user_id == w.max);
  CHECK(w.did_of(direct).e911);
  CHECK(w.devices_of(w.max) == std::set<std::string>{"desk", "desk-2", "soft of Mia"});
  CHECK(mia.state == user_state::active);
  CHECK(mia.package == "Unassigned");
  CHECK(mia.extensions.empty());
  CHECK(mia.add_ons.empty());
  CHECK_FALSE(mia.forwarding_number);
  CHECK(mia.team_role == "agent");
  CHECK(w.devices_of(w.mia).empty());
  CHECK(w.member(w.mia)->mobile == "+491703333333"); // hers, not the desk's
  CHECK(w.member(w.mia)->bridge_id == "1234567890");
  CHECK(w.pool(w.plus).used == 1);
  CHECK(w.pool(w.basic).used == 0);
  CHECK(w.pool(w.fax).used == 1);

  REQUIRE(done.numbers.size() == 4); // B1: each number leaves one and rings the other
  for (const auto* e164 : {"201", direct}) {
    const auto left = number_effect{e164, w.mia, record_action::erased};
    const auto rings = number_effect{e164, w.max, record_action::inserted};
    for (const auto& wanted : {left, rings})
      CHECK(std::ranges::any_of(done.numbers, [&](const auto& n) {
        return n.number == wanted.number && n.user_id == wanted.user_id && n.action == wanted.action;
      }));
  }
  const auto listed = must(w.dir.ask(w.admin, replacements{})).replacements;
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].replacement_id == done.created_id<replacement>());
  CHECK(listed[0].items.size() == 9);
  CHECK(listed[0].ends_at == w.clock->at + 7 * day);
}

ON_EVERY_STORE("B6 replacements that can be undone are listed page by page, the most urgent first") {
  succession w;
  std::vector<id_of<replacement>> made;
  for (int i = 0; i < 5; ++i) {
    const auto [from, to] = i % 2 == 0 ? std::pair{w.mia, w.bo} : std::pair{w.bo, w.mia};
    made.push_back(must(w.dir.run(w.at_tenant, replace_person{from, to})).created_id<replacement>());
    w.pass(day);
  }
  w.pass(3 * day); // the first two are over
  std::vector<id_of<replacement>> seen;
  std::optional<id_of<replacement>> after;
  do {
    const auto page = must(w.dir.ask(w.admin, replacements{.after = after, .limit = 2}));
    for (const auto& row : page.replacements) seen.push_back(row.replacement_id);
    after = page.next;
  } while (after);
  CHECK(seen == std::vector(made.begin() + 2, made.end()));
  CHECK(must(w.dir.ask(w.admin, replacements{.limit = 3})).next == std::nullopt);
  CHECK(refused_with(w.dir.ask(w.other_admin, replacements{.after = made[4]})).reason == "replacement_unknown"); // I9
}

ON_EVERY_STORE("B6 undone, everything of both is byte for byte as it was, and nothing is left of the replacement") {
  succession w;
  w.put([&](snapshot& facts, changes& out, id_of<tenant> where) {
    out.edit(facts.find<&extension::tenant_id, &extension::number>(where, "201")).international = true;
  });
  for (const auto successor : {w.max, w.bo}) {
    const auto before = w.desks();
    w.pass(day);
    const auto id = must(w.dir.run(w.at_tenant, replace_person{w.mia, successor})).created_id<replacement>();
    CHECK(w.desks() != before);
    w.pass(7 * day - 1);
    REQUIRE(w.dir.run(w.at_tenant, undo_replacement{id}));
    CHECK((w.desks() == before));
    CHECK(must(w.dir.ask(w.admin, replacements{})).replacements.empty());
    CHECK(w.no(w.at_tenant, undo_replacement{id}).reason == "replacement_unknown");
  }
  CHECK(w.verified(w.admin).intact);
}

ON_EVERY_STORE("B6 the same package, the same add-on and somebody without anything are replaced and returned too") {
  succession w;
  REQUIRE(w.dir.run(w.admin, change_package{w.max, w.plus}));
  REQUIRE(w.dir.run(w.admin, assign_package{w.max, w.fax}));
  const auto before = w.desks();
  w.pass(1000);
  const auto id = w.replaced_by(w.max);
  CHECK(w.pool(w.plus).used == 1);
  CHECK(w.pool(w.fax).used == 1);
  REQUIRE(w.dir.run(w.admin, undo_replacement{id}));
  CHECK((w.desks() == before));
  CHECK(must(w.dir.run(w.admin, replace_person{w.bo, w.max})).changes.empty()); // nothing passed, nothing to undo
  CHECK((w.desks() == before));
}

ON_EVERY_STORE("B6 what has moved since is named, and nothing is undone in halves") {
  succession w;
  const auto id = w.replaced_by(w.max);
  const auto after = w.desks();
  const auto refused_for = [&](std::string_view what, auto change, auto back) {
    w.put(change);
    const auto held = w.desks();
    const auto no = w.no(w.admin, undo_replacement{id});
    CHECK(no.reason == "moved_since");
    CHECK_MESSAGE(no.message.find(what) != std::string::npos, no.message);
    CHECK((w.desks() == held));
    w.put(back);
    CHECK((w.desks() == after));
  };
  const auto line_to = [&](id_of<user> whom) {
    return [=](snapshot& facts, changes& out, id_of<tenant> where) {
      out.edit(facts.find<&extension::tenant_id, &extension::number>(where, "201")).user_id = whom;
    };
  };
  refused_for("extension 201", line_to(w.bo), line_to(w.max));
  const auto number_to = [&](id_of<user> whom) {
    return [=](snapshot& facts, changes& out, id_of<tenant> where) {
      out.edit(facts.find<&did::tenant_id, &did::number>(where, direct)).user_id = whom;
    };
  };
  refused_for("number +4930100", number_to(w.bo), number_to(w.max));
  const auto forwarded = [&](id_of<user> whose, std::optional<std::string> to) {
    return [=](snapshot& facts, changes& out, id_of<tenant>) {
      out.edit(facts.find<&team_member::user_id>(whose)).forwarding_number = to;
    };
  };
  refused_for("forwarding to +491701111111", forwarded(w.max, "+491709"), forwarded(w.max, "+491701111111"));
  refused_for("forwarding to +491701111111", forwarded(w.mia, "+491709"), forwarded(w.mia, std::nullopt));
  const device newer{.user_id = w.mia, .name = "desk", .tenant_id = w.tenant_id, .description = "new"};
  refused_for(
      "device \"desk\"", [&](snapshot&, changes& out, id_of<tenant>) { out.insert(newer); },
      [&](snapshot& facts, changes& out, id_of<tenant>) {
        out.erase(facts.find<&device::user_id, &device::name>(w.mia, "desk"));
      });
  REQUIRE(w.dir.run(w.admin, assign_package{w.mia, w.basic}));
  CHECK(w.undone(id).find("package \"Plus\"") != std::string::npos);
  REQUIRE(w.dir.run(w.admin, unassign_package{w.mia, {}}));
  REQUIRE(w.dir.run(w.admin, change_package{w.max, w.basic}));
  CHECK(w.undone(id).find("package \"Plus\"") != std::string::npos);
  REQUIRE(w.done(w.admin, delete_user{w.mia}));
  CHECK(w.undone(id).find("user Mia Meier") != std::string::npos);
}

ON_EVERY_STORE(
    "B6 I1 a package whose seats are used up since cannot return; one off the shelf since can, and passes as it is") {
  succession w;
  const auto id = w.replaced_by(w.max); // his Basic is free again
  for (const auto* email : {"a@acme.example", "b@acme.example", "c@acme.example"})
    REQUIRE(w.dir.run(w.admin, assign_package{w.adopt("A", "A", email), w.basic}));
  const auto before = w.desks();
  CHECK(w.no(w.admin, undo_replacement{id}).reason == "no_seat_left");
  CHECK((w.desks() == before));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 4}));
  REQUIRE(w.dir.run(w.at_tenant, withdraw_package{w.plus}));
  REQUIRE(w.dir.run(w.operator_, retire_package{w.basic}));
  CHECK(w.dir.run(w.admin, undo_replacement{id})); // nothing is assigned anew (I6): it was theirs
  CHECK(w.details(w.max).package == "Basic");
  CHECK(w.details(w.mia).package == "Plus");
  CHECK(w.dir.run(w.admin, replace_person{w.mia, w.max})); // grandfathered as they are
  CHECK(w.no(w.admin, assign_package{w.mia, w.plus}).reason == "package_not_offered");
}

ON_EVERY_STORE("B6 the window ends: nothing is undone, listed or kept after it, and a tenant may want none at all") {
  succession w;
  const auto id = w.replaced_by(w.max);
  w.pass(7 * day);
  CHECK(w.no(w.admin, undo_replacement{id}).reason == "window_over");
  CHECK(must(w.dir.ask(w.admin, replacements{})).replacements.empty());
  w.letters();
  CHECK(w.all<replacement>().empty());
  CHECK(w.all<replaced_item>().empty());
  CHECK(w.no(w.admin, undo_replacement{id}).reason == "replacement_unknown");
  REQUIRE(w.dir.run(w.admin, set_tenant_policy{.undo_days = 0}));
  CHECK_FALSE(must(w.dir.run(w.admin, replace_person{w.max, w.bo})).created_id<replacement>());
  CHECK(w.all<replaced_item>().empty());
}

TEST_CASE("B6 who cannot be replaced, or take a place, is told why") {
  succession w;
  const auto why = [&](const actor& by, id_of<user> who, id_of<user> successor) {
    return w.no(by, replace_person{who, successor}).reason;
  };
  const auto ina = w.invite("Ina", "I", "ina@acme.example");
  CHECK(why(w.admin, ina, w.bo) == "not_joined");
  CHECK(why(w.admin, w.mia, ina) == "successor_not_active");
  CHECK(why(w.admin, w.mia, w.mia) == "successor_is_the_user");
  CHECK(why(w.other_admin, w.mia, w.max) == "user_unknown"); // I9
  CHECK(why(w.admin, w.mia, must(w.dir.ask(w.other_admin, users{})).users.at(0).user_id) == "successor_unknown");
  w.number(w.bo, "+4930200");
  w.forward(w.mia, "+4930200");
  CHECK(why(w.admin, w.mia, w.bo) == "forwarding_to_oneself");
  w.forward(w.mia, std::nullopt);
  w.forward(w.max, direct); // hers, which would be his
  CHECK(why(w.admin, w.mia, w.max) == "forwarding_to_oneself");
}

TEST_CASE("I12 I8 a replacement needs user, licence and number permissions, and nobody's superior takes part") {
  succession w;
  REQUIRE(w.dir.run(w.at_tenant, revoke_role{.user_id = w.mia, .role = "tenant"}));
  REQUIRE(w.dir.run(w.at_tenant, define_role{.name = "desk", .permissions = {"user.manage"}}));
  REQUIRE(w.dir.run(w.at_tenant, grant_role{.user_id = w.bo, .role = "desk"}));
  const auto worker = must(w.dir.open_actor("bo@acme.example", w.tenant_id));
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  const auto missing = [&] { return w.no(worker, replace_person{w.mia, w.max}).message; };
  CHECK(missing().find("license.assign") != std::string::npos);
  REQUIRE(w.dir.run(w.at_tenant, change_role{.role = "desk", .permissions = {"user.manage", "license.assign"}}));
  CHECK(missing().find("number.configure") != std::string::npos);
  REQUIRE(w.dir.run(w.at_tenant,
                    change_role{.role = "desk", .permissions = {"user.manage", "license.assign", "number.configure"}}));
  CHECK(w.no(worker, replace_person{w.mia, ada}).reason == "target_exceeds_own");
  CHECK(w.no(worker, replace_person{ada, w.max}).reason == "target_exceeds_own");
  w.put([&](snapshot& facts, changes& out, id_of<tenant> where) {
    out.edit(facts.find<&extension::tenant_id, &extension::number>(where, "201")).international = true;
  });
  CHECK(missing().find("international.manage") != std::string::npos);
}

TEST_CASE("S1.4 direct numbers are among what a licence command proves untouched") {
  succession w;
  const auto rows = [&] { return must(w.dir.preview(w.admin, change_package{w.mia, w.basic})).untouched.rows; };
  const auto before = rows();
  w.number(w.mia, "+4930200");
  CHECK(rows() == before + 1);
}
