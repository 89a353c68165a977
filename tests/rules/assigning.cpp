// Packages that follow the team role (B13), and what somebody's own hand does to them.
#include <linecard/rules/assigning.hpp>

#include "rules/lines_kit.hpp"

using namespace kit;

namespace {

using enum assignment_state;

struct team : postal_world {
  team() { rule("agent", basic); }

  void rule(std::string role, id_of<package> package_id) {
    static_cast<void>(must(dir.run(admin, set_assignment_rule{std::move(role), package_id})));
  }
  id_of<user> join(const std::string& name, std::string role = "agent", std::optional<id_of<package>> own = {}) {
    return must(dir.run(admin, adopt_user{.first_name = name,
                                          .last_name = "Agent",
                                          .email = name + "@acme.example",
                                          .package_id = own,
                                          .team_role = std::move(role)}))
        .created_id<user>();
  }
  template <class C> receipt done(const C& c) { return must(carry_out(dir, admin, request_of(c))); }
  void buy(id_of<package> id, std::int32_t seats) {
    static_cast<void>(must(dir.run(at_tenant, set_seat_pool{.package_id = id, .purchased = seats})));
  }
  std::string holds(id_of<user> id) { return details(id).package; }
  bool by_rule(id_of<user> id) {
    for (const auto& held : all<seat>())
      if (held.user_id == id && held.slot == base_slot) return held.by_rule;
    return false;
  }
  std::vector<assignment_row> listed(std::optional<assignment_state> state = {}) {
    return must(dir.ask(admin, assignments{.state = state})).assignments;
  }
  /// "conflict assigned_by_hand"; empty where no rule concerns the user.
  std::string outcome(id_of<user> id) {
    for (const auto& row : listed())
      if (row.user_id == id) return std::string(word(row.state)) + (row.reason.empty() ? "" : " ") + row.reason;
    return "";
  }
};

} // namespace

ON_EVERY_STORE(
    "B13 everybody with the team role gets the package when the rule is made, and whoever joins afterwards") {
  team w;
  const auto ann = w.join("ann", "driver"), bea = w.join("bea", "driver");
  const auto made = w.done(set_assignment_rule{"driver", w.plus});
  CHECK(made.seats.at(0).used_after == 2);
  CHECK(w.holds(ann) == "Plus");
  CHECK(w.by_rule(bea));
  CHECK(w.outcome(bea) == "assigned");

  const auto invited = w.invite("Ina", "Agent", "ina@acme.example");
  CHECK(w.holds(invited) == "Unassigned"); // the team role comes with joining
  w.done(activate_user{.user_id = invited, .team_role = "agent"});
  CHECK(w.holds(invited) == "Basic");
  w.done(import_users{.csv = "email,first_name,last_name,team_role\nmax@acme.example,Max,M,agent\n"});
  CHECK(w.holds(must(w.dir.ask(w.admin, find_user{.email = "max@acme.example"})).user_id) == "Basic");
  CHECK(w.pool(w.basic).used == 2);
  CHECK(w.pool(w.basic).reserved == 0);

  const auto rows = w.listed(assigned);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].name == "ann Agent");
  CHECK(rows[0].wanted == "Plus");
  CHECK(rows[0].package == "Plus");
  CHECK(rows[0].team_role == "driver");
  CHECK(rows[0].reason.empty());
  const auto rules = must(w.dir.ask(w.admin, assignment_rules{})).rules;
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].team_role == "agent");
  CHECK(rules[1].name == "Plus");
  CHECK(must(w.dir.ask(w.other_admin, assignment_rules{})).rules.empty()); // I9
}

ON_EVERY_STORE("B13 somebody invited by letter gets the package of the default team role on accepting") {
  team w;
  w.rule("member", w.plus);
  static_cast<void>(must(w.dir.run(
      w.admin, add_user{.first_name = "Lea", .last_name = "L", .email = "lea@acme.example", .send_welcome = true})));
  static_cast<void>(must(w.dir.run(w.visitor, accept_invitation{.token = secret_text(w.token_to("lea@acme.example")),
                                                                .password = secret_text(good_password)})));
  const auto lea = must(w.dir.ask(w.admin, find_user{.email = "lea@acme.example"}));
  CHECK(lea.package == "Plus");
  CHECK(w.outcome(lea.user_id) == "assigned");
}

ON_EVERY_STORE(
    "B13 manual assignment wins: another package stays, the same one counts as assigned and is not touched") {
  team w;
  const auto ann = w.join("ann", "driver", w.plus), bea = w.join("bea", "driver", w.basic);
  const auto joined = w.join("cea", "agent", w.plus);
  const auto before = w.all<seat>();
  w.rule("driver", w.basic);
  CHECK(w.outcome(ann) == "conflict assigned_by_hand");
  CHECK(w.outcome(bea) == "assigned");
  CHECK(w.outcome(joined) == "conflict assigned_by_hand");
  CHECK_FALSE(w.by_rule(bea));
  CHECK(w.all<seat>().size() == before.size());
  for (const auto id : {ann, joined}) CHECK(w.holds(id) == "Plus");
  w.rule("driver", w.plus); // now it is the other way round
  CHECK(w.outcome(ann) == "assigned");
  CHECK(w.outcome(bea) == "conflict assigned_by_hand");
  CHECK(w.holds(bea) == "Basic");
  const auto conflicts = w.listed(conflict);
  REQUIRE(conflicts.size() == 2);
  CHECK(conflicts[0].package == "Basic");
  CHECK(conflicts[0].wanted == "Plus");
  CHECK(conflicts[0].message.find("by hand") != std::string::npos);
}

ON_EVERY_STORE("B13 a package that cannot be given fails no command: the failure is listed, and can be retried") {
  team w;
  w.buy(w.basic, 1);
  const auto ann = w.join("ann"), bea = w.join("bea"), cea = w.join("cea");
  CHECK(w.outcome(ann) == "assigned");
  CHECK(w.outcome(bea) == "failed no_seat_left");
  CHECK(w.holds(cea) == "Unassigned");
  w.pass(1000);
  w.done(retry_failed_assignments{.limit = 1}); // in vain, and the next time it is Cea's turn
  w.buy(w.basic, 2);
  w.pass(1000);
  w.done(retry_failed_assignments{.limit = 1});
  CHECK(w.outcome(bea) == "failed no_seat_left");
  CHECK(w.outcome(cea) == "assigned");
  CHECK(w.pool(w.basic).used == 2);

  static_cast<void>(must(w.dir.run(w.operator_, retire_package{w.basic})));
  w.buy(w.basic, 5);
  w.done(retry_assignments{{bea}});
  CHECK(w.outcome(bea) == "failed package_retired");
  REQUIRE(w.listed(failed).size() == 1);
  CHECK(w.listed(failed)[0].message.find("is retired") != std::string::npos);
  CHECK(w.by_rule(cea)); // who holds it keeps it
  w.rule("agent", w.plus);
  for (const auto id : {ann, bea, cea}) CHECK(w.holds(id) == "Plus");
  CHECK(w.pool(w.basic).used == 0);
}

ON_EVERY_STORE("B13 a seat that a rule gave stays where the next package cannot be given: nothing is lost silently") {
  team w;
  w.buy(w.plus, 0);
  const auto ann = w.join("ann");
  w.rule("agent", w.plus);
  CHECK(w.holds(ann) == "Basic");
  CHECK(w.by_rule(ann));
  CHECK(w.outcome(ann) == "failed no_seat_left");
  w.buy(w.plus, 1);
  w.done(retry_failed_assignments{});
  CHECK(w.holds(ann) == "Plus");
  CHECK(w.outcome(ann) == "assigned");
  CHECK(w.pool(w.basic).used == 0);
}

ON_EVERY_STORE("B13 what a rule gave and somebody changed or took by hand is left alone until that user is named") {
  team w;
  const auto ann = w.join("ann"), bea = w.join("bea"), cea = w.join("cea");
  w.done(unassign_package{.user_id = ann});
  w.done(change_package{bea, w.plus});
  w.done(unassign_packages{{cea}, w.basic});
  w.done(assign_package{cea, w.basic}); // the rule's own package, by hand
  CHECK(w.outcome(ann) == "conflict unassigned_by_hand");
  CHECK(w.outcome(bea) == "conflict assigned_by_hand");
  CHECK_FALSE(w.by_rule(bea));
  w.done(retry_failed_assignments{});
  w.rule("agent", w.plus);
  w.rule("agent", w.basic);
  w.rule("lead", w.plus);
  w.done(edit_user{.user_id = ann, .team_role = "lead"});
  CHECK(w.holds(ann) == "Unassigned");
  CHECK(w.holds(bea) == "Plus");

  w.done(edit_user{.user_id = ann, .team_role = "agent"});
  w.done(retry_assignments{{ann, bea, cea}});
  CHECK(w.holds(ann) == "Basic");
  CHECK(w.by_rule(ann));
  CHECK(w.outcome(bea) == "conflict assigned_by_hand"); // still held
  CHECK(w.outcome(cea) == "assigned");
  w.done(unassign_package{.user_id = bea});
  w.done(retry_failed_assignments{});
  CHECK(w.holds(bea) == "Unassigned");
  w.done(retry_assignments{{bea}});
  CHECK(w.holds(bea) == "Basic");
}

ON_EVERY_STORE("B13 S1.5 a new team role moves the seat that a rule gave, and no package ever moves the team role") {
  team w;
  w.rule("lead", w.plus);
  const auto ann = w.join("ann"), bea = w.join("bea", "agent", w.basic);
  w.done(edit_user{.user_id = ann, .team_role = "lead"});
  CHECK(w.holds(ann) == "Plus");
  CHECK(w.by_rule(ann));
  w.done(edit_user{.user_id = bea, .team_role = "lead"});
  CHECK(w.holds(bea) == "Basic");
  CHECK(w.outcome(bea) == "conflict assigned_by_hand");
  w.done(change_package{ann, w.basic});
  CHECK(w.details(ann).team_role == "lead");

  w.done(edit_user{.user_id = bea, .team_role = "janitor"}); // no rule: the seat is the user's own
  w.done(retry_assignments{{ann}});
  w.done(edit_user{.user_id = ann, .team_role = "janitor"});
  for (const auto id : {ann, bea}) {
    CHECK(w.holds(id) == "Basic");
    CHECK(w.outcome(id).empty());
    CHECK_FALSE(w.by_rule(id));
  }
}

ON_EVERY_STORE(
    "S1.5 S1.4 without a rule a team role leaves the package alone, and with one a package leaves all else alone") {
  team w;
  const auto ann = w.join("ann", "janitor", w.plus), bea = w.join("bea");
  const auto seats = w.all<seat>();
  w.done(edit_user{.user_id = ann, .team_role = "cook"});
  for (const auto& receipt : {w.done(change_package{bea, w.plus}), w.done(unassign_package{.user_id = bea})}) {
    CHECK(receipt.untouched.before == receipt.untouched.after);
    for (const auto& change : receipt.changes)
      CHECK((change.record == "seats" || change.record == "seat_pools" || change.record == "assignments"));
  }
  CHECK(w.holds(ann) == "Plus");
  CHECK(must(w.dir.ask(w.admin, why_role_unchanged{ann})).reason == "separate_fields");
}

ON_EVERY_STORE("B13 a rule that is removed takes no seat away, and what became of it is forgotten") {
  team w;
  w.buy(w.basic, 1);
  const auto ann = w.join("ann"), bea = w.join("bea");
  w.done(remove_assignment_rule{"agent"});
  CHECK(w.holds(ann) == "Basic");
  CHECK_FALSE(w.by_rule(ann));
  CHECK(w.listed().empty());
  CHECK(must(w.dir.ask(w.admin, assignment_rules{})).rules.empty());
  w.rule("agent", w.plus);
  CHECK(w.outcome(ann) == "conflict assigned_by_hand");
  CHECK(w.holds(bea) == "Plus");
}

ON_EVERY_STORE("B13 B9 who is deleted has no outcome, and who is restored gets the package on joining again") {
  team w;
  const auto ann = w.join("ann");
  w.done(delete_user{.user_id = ann});
  CHECK(w.listed().empty());
  CHECK(w.pool(w.basic).used == 0);
  w.rule("agent", w.plus);
  w.done(restore_user{.user_id = ann});
  CHECK(w.listed().empty());
  CHECK(w.pool(w.plus).reserved == 0);
  w.done(activate_user{.user_id = ann});
  CHECK(w.holds(ann) == "Plus");
  CHECK(w.outcome(ann) == "assigned");
}

ON_EVERY_STORE("B13 S4.17 who is suspended loses the seat where the policy frees it, and gets it again on return") {
  team w;
  const auto ann = w.join("ann"), bea = w.join("bea"), cea = w.join("cea", "driver");
  w.done(suspend_user{ann}); // keeps it
  w.done(set_tenant_policy{.suspended_seats = suspended_seats::free});
  w.done(suspend_user{bea});
  w.done(suspend_user{cea});
  CHECK(w.outcome(ann) == "assigned");
  CHECK(w.outcome(bea) == "failed user_suspended");
  w.rule("agent", w.plus);
  w.rule("driver", w.plus);
  w.done(retry_assignments{{bea, cea}});
  CHECK(w.holds(ann) == "Plus");
  CHECK(w.holds(bea) == "Unassigned");
  CHECK(w.outcome(cea) == "failed user_suspended");
  for (const auto id : {ann, bea, cea}) w.done(resume_user{id});
  for (const auto id : {ann, bea, cea}) CHECK(w.holds(id) == "Plus");
  for (const auto id : {ann, bea, cea}) CHECK(w.outcome(id) == "assigned");
}

ON_EVERY_STORE("B13 B6 a seat passed on is by hand, and a replacement undone gives back what the rule had given") {
  team w;
  w.rule("lead", w.plus);
  const auto ann = w.join("ann"), bea = w.join("bea", "lead");
  const auto done = w.done(replace_person{.user_id = ann, .successor_id = bea});
  CHECK(w.holds(bea) == "Basic");
  CHECK(w.outcome(ann) == "conflict unassigned_by_hand");
  CHECK(w.outcome(bea) == "conflict assigned_by_hand");
  CHECK_FALSE(w.by_rule(bea));
  w.done(undo_replacement{done.created_id<replacement>()});
  for (const auto id : {ann, bea}) {
    CHECK(w.by_rule(id));
    CHECK(w.outcome(id) == "assigned");
  }
  CHECK(w.holds(ann) == "Basic");
  CHECK(w.holds(bea) == "Plus");
}

ON_EVERY_STORE("B13 B6 an add-on that passes, and returns, says nothing about the rule") {
  team w;
  static_cast<void>(must(w.dir.run(w.at_tenant, offer_package{w.fax})));
  w.buy(w.basic, 1);
  const auto ann = w.join("ann"), bea = w.join("bea"), cea = w.join("cea");
  w.done(unassign_package{.user_id = ann});
  w.done(assign_package{cea, w.fax});
  w.done(assign_package{ann, w.basic});
  const auto before = w.listed();
  const auto done = w.done(replace_person{.user_id = cea, .successor_id = bea});
  w.done(undo_replacement{done.created_id<replacement>()});
  const auto after = w.listed();
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) CHECK(after[i].reason == before[i].reason);
  CHECK(w.outcome(bea) == "failed no_seat_left");
}

TEST_CASE("B13 rules are refused with the reason: an add-on, an unknown or retired package, no such rule or user") {
  team w;
  const auto no = [&](const auto& c) { return refused_with(w.dir.run(w.admin, c)); };
  CHECK(no(set_assignment_rule{"agent", w.fax}).reason == "not_a_base_package");
  CHECK(no(set_assignment_rule{"agent", {make_id(tag_of<package>, 7)}}).reason == "package_unknown");
  CHECK(no(set_assignment_rule{"", w.plus}).reason == "team_role_missing");
  static_cast<void>(must(w.dir.run(w.operator_, retire_package{w.plus})));
  CHECK(no(set_assignment_rule{"agent", w.plus}).reason == "package_retired");
  CHECK(no(remove_assignment_rule{"driver"}).path == "/team_role");
  CHECK(no(retry_assignments{}).reason == "user_ids_missing");
  const auto ann = w.join("ann");
  CHECK(no(retry_assignments{{ann, {make_id(tag_of<user>, 7)}}}).path == "/user_ids/1");
  CHECK(refused_with(w.dir.run(w.other_admin, retry_assignments{{ann}})).reason == "user_unknown"); // I9
  CHECK(refused_with(w.dir.run(w.other_admin, remove_assignment_rule{"agent"})).reason == "rule_unknown");
}

TEST_CASE("B13 I4 the same rule again, and a retry of who has nothing to retry, change nothing") {
  team w;
  const auto ann = w.join("ann"), bea = w.join("bea", "driver"), ina = w.invite("Ina", "I", "ina@acme.example");
  const auto before = w.digest();
  w.done(set_assignment_rule{"agent", w.basic});
  w.done(retry_failed_assignments{});
  w.done(retry_assignments{{bea, ina}});
  w.done(edit_user{.user_id = ann, .team_role = "agent"});
  CHECK(w.digest() == before);
}

ON_EVERY_STORE("B13 B2 a preview of a rule tells every seat that it would move") {
  team w;
  w.join("ann", "driver"), w.join("bea", "driver");
  const set_assignment_rule rule{"driver", w.plus};
  const auto seen = must(w.dir.preview(w.admin, rule));
  CHECK(seen.seats.at(0).used_after == 2);
  CHECK(w.listed().empty());
  auto done = must(w.dir.confirm(w.admin, rule, *seen.token));
  CHECK(done.seats.at(0).used_after == 2);
  CHECK(w.listed(assigned).size() == 2);
}

ON_EVERY_STORE("B13 outcomes are listed page by page, of one state or of all") {
  team w;
  w.buy(w.basic, 2);
  std::vector<id_of<user>> team;
  for (const auto* name : {"ann", "bea", "cea", "dea", "eva"}) team.push_back(w.join(name));
  const auto pages = [&](std::optional<assignment_state> state) {
    std::vector<id_of<user>> seen;
    std::optional<id_of<user>> after;
    do {
      const auto page = must(w.dir.ask(w.admin, assignments{.state = state, .after = after, .limit = 2}));
      for (const auto& row : page.assignments) seen.push_back(row.user_id);
      after = page.next;
    } while (after);
    return seen;
  };
  CHECK(pages({}) == team);
  CHECK(pages(failed) == std::vector(team.begin() + 2, team.end()));
  CHECK(pages(conflict).empty());
  CHECK(refused_with(w.dir.ask(w.other_admin, assignments{.after = team[0]})).path == "/after"); // I9
}
