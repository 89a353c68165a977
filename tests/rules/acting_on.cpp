// The buttons beside a user or delegate: said to be there exactly when the command would be accepted.
#include <linecard/rules/acting_on.hpp>

#include "rules/office.hpp"

#include <linecard/rules/commands.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace kit;

namespace {

using rows = std::map<std::string, action_row>;

rows by_name(const available_actions_answer& from) {
  rows out;
  for (const auto& row : from.actions) out.emplace(row.action, row);
  return out;
}

/// People in every state, and delegates too.
struct crew : office {
  std::vector<id_of<user>> people{};
  std::vector<id_of<delegate>> partners{};
  std::vector<actor> actors{};

  crew() {
    const auto ulf = adopt("Ulf", "User", "ulf@acme.example"), sam = adopt("Sam", "S", "sam@acme.example"),
               bo = must(dir.run(admin, adopt_user{.first_name = "Bo",
                                                   .last_name = "B",
                                                   .email = "bo@acme.example",
                                                   .role = "administrator",
                                                   .package_id = basic}))
                        .created_id<user>();
    static_cast<void>(must(dir.run(admin, suspend_user{sam})));
    static_cast<void>(must(dir.run(at_tenant, give_flag{.user_id = bo, .flag = flag::manage_e911})));
    static_cast<void>(must(dir.run(at_tenant, grant_role{.user_id = ulf, .role = "tenant"})));
    static_cast<void>(must(dir.run(at_tenant, add_dids{{"+14165550101", "+14165550102", "+14165550103"}})));
    static_cast<void>(must(dir.run(at_tenant, change_extension{ulf, "201"})));
    static_cast<void>(must(dir.run(at_tenant, attach_did{"+14165550102", ulf})));
    static_cast<void>(must(dir.run(at_tenant, set_e911{"+14165550102", turned::on})));
    static_cast<void>(must(dir.run(at_tenant, attach_did{"+14165550103", sam})));
    static_cast<void>(must(dir.run(
        operator_,
        declare_attribute{.owner = attribute_owner::user, .name = "cost-centre", .type = attribute_type::integer})));
    static_cast<void>(must(
        dir.run(operator_,
                declare_attribute{.owner = attribute_owner::did, .name = "trunk", .type = attribute_type::boolean})));
    static_cast<void>(must(dir.run(admin, set_device{.user_id = ulf, .name = "desk"})));
    const auto zoe = adopt("Zoe", "Z", "zoe@acme.example"); // deleted
    static_cast<void>(must(deleted(dir, admin, delete_user{zoe})));
    people = {ulf,
              sam,
              bo,
              invite("Ina", "I", "ina@acme.example"),
              must(dir.ask(admin, find_user{.email = "ada@acme.example"})).user_id,
              zoe};
    partners = {let_in(invitation()), invited(invitation("nia@partner.example"))};
    publish(operator_, "Other words.", true);
    clock->at = clock->at + 60'000; // or a review now would be the one made at the invitation
    actors = {at_tenant, admin, must(dir.open_actor("ulf@acme.example", tenant_id))};
  }
};

/// What a command may be asked for beside its target, as a person would try it out.
std::vector<std::string> further(crew& w, std::string_view action) {
  std::vector<std::string> out;
  const auto each = [&](std::string_view member, const std::vector<std::string>& values) {
    for (const auto& v : values) out.push_back(",\"" + std::string(member) + "\":" + v);
  };
  const std::vector<std::string> packages{"\"" + to_text(w.basic) + "\"", "\"" + to_text(w.plus) + "\"",
                                          "\"" + to_text(w.fax) + "\""};
  if (action == "unassign_package") out.emplace_back();
  if (action.ends_with("_package")) each("package_id", packages);
  if (action.ends_with("_role")) each("role", {R"("administrator")", R"("tenant")", R"("delegate")", R"("licensing")"});
  if (action.ends_with("_flag")) each("flag", {R"("manage_users")", R"("manage_e911")", R"("manage_international")"});
  if (action == "correct_address") each("email", {R"("right@acme.example")"});
  if (action == "adopt_password")
    each("password_hash", {R"("$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae")"});
  if (action == "change_extension") each("extension", {R"("299")"});
  if (action == "attach_did") each("direct_number", {R"("+14165550101")"});
  if (action == "edit_user") each("last_name", {R"("Changed")"});
  if (action == "set_user_attributes") each("entries", {R"([{"name":"cost-centre","content":"0"}])"});
  if (action == "set_device" || action == "remove_device") each("name", {R"("desk")", R"("other")"});
  if (action == "get_number") each("order_key", {R"("form-1")"});
  if (action == "delete_user") {
    out = {"", R"(,"release_numbers":true)"};
    for (const auto id : w.people) out.push_back(R"(,"numbers_to":")" + to_text(id) + "\"");
  }
  if (action == "replace_person")
    for (const auto id : w.people) out.push_back(R"(,"successor_id":")" + to_text(id) + "\"");
  if (action.starts_with("set_e911") || action == "set_international") each("switched", {R"("on")", R"("off")"});
  if (action == "detach_did") out = {"", R"(,"release_numbers":true)"};
  if (action == "set_did_attributes") each("entries", {R"([{"name":"trunk","content":"true"}])"});
  if (action == "acknowledge_notice") each("notice_version", {std::to_string(w.version(w.admin))});
  if (out.empty()) out.emplace_back();
  return out;
}

struct tried {
  bool accepted{};
  std::set<std::string> reasons{};
};
/// Commands about an extension or a direct number, and no user: tried with those that the user holds.
const std::map<std::string_view, std::string_view> by_number{{"release_extension", "extension"},
                                                             {"set_international", "extension"},
                                                             {"detach_did", "direct_number"},
                                                             {"set_e911", "direct_number"},
                                                             {"set_did_attributes", "direct_number"}};

/// What the command is about: the target itself, or each number the user holds; one that nobody holds where none is.
std::vector<std::string> targets(crew& w, std::string_view action, const std::string& target) {
  const auto it = by_number.find(action);
  if (it == by_number.end()) return {target};
  std::vector<std::string> held;
  if (target.find(to_text(w.people[0])) != std::string::npos)
    held = {it->second == "extension" ? "201" : "+14165550102"};
  if (target.find(to_text(w.people[1])) != std::string::npos && it->second != "extension") held = {"+14165550103"};
  if (held.empty()) held = {it->second == "extension" ? "99999" : "+14165559999"};
  for (auto& number : held) number = "\"" + std::string(it->second) + "\":\"" + number + "\"";
  return held;
}

tried try_out(crew& w, const actor& as, const verb& v, const std::string& target) {
  tried out;
  std::vector<std::string> bodies;
  for (const auto& one : targets(w, v.name, target))
    for (const auto& more : further(w, v.name)) bodies.push_back("{" + one + more + "}");
  for (const auto& body : bodies) {
    const auto room = std::make_unique<std::max_align_t[]>(v.request_object.size / sizeof(std::max_align_t) + 1);
    v.request_object.make(room.get());
    REQUIRE_FALSE(read_json(body, *v.request, room.get()));
    const auto seen = w.dir.perform(as, {&v, room.get()}, run_mode::preview);
    // Of a login itself a tenant's receipt tells nothing (I9): no changes to be seen there.
    out.accepted = out.accepted || (seen && (!seen->changes.empty() || v.name == "adopt_password"));
    out.reasons.insert(seen ? "nothing_to_change" : seen.error().reason);
    v.request_object.destroy(room.get());
  }
  if (out.reasons.contains("extension_unknown") || out.reasons.contains("did_unknown")) out.reasons = {"nothing_held"};
  return out;
}

} // namespace

ON_EVERY_STORE("S4.13 S1.8 an action is available exactly when its command is accepted and changes something") {
  crew w;
  std::set<std::string> ever, all;
  const auto hold_to_it = [&](const actor& as, const available_actions& asked, const std::string& target) {
    const auto before = w.digest();
    const auto answer = must(w.dir.ask(as, asked));
    CHECK(w.digest() == before);
    for (const auto& row : answer.actions) {
      CAPTURE(row.action);
      all.insert(row.action);
      if (row.available) ever.insert(row.action);
      CHECK(row.available == !row.reason);
      CHECK(row.available == !row.message);
      const auto* v = verb_named(row.action);
      REQUIRE(v);
      const auto seen = try_out(w, as, *v, target);
      CHECK(row.available == seen.accepted);
      if (row.reason) CHECK_MESSAGE(seen.reasons.contains(*row.reason), *row.reason);
    }
  };
  for (const auto& as : w.actors) {
    for (const auto id : w.people) hold_to_it(as, {.user_id = id}, R"("user_id":")" + to_text(id) + "\"");
    for (const auto id : w.partners) hold_to_it(as, {.delegate_id = id}, R"("delegate_id":")" + to_text(id) + "\"");
  }
  for (const auto& one : by_number) CHECK_MESSAGE(all.contains(std::string(one.first)), one.first);
  // Every action is somebody's: a command that asks for more than its target needs its choices told.
  for (const auto& action : all) CHECK_MESSAGE(ever.contains(action), action);
  for (const auto* v : verbs()) {
    const bool about = v->is_command() && !v->charge && v->acts_in != scope_level::platform &&
                       std::ranges::any_of(v->request->members, [](const auto& m) {
                         return m.name == "user_id" || m.name == "delegate_id";
                       });
    if (by_number.contains(v->name)) continue;
    CHECK_MESSAGE(all.contains(std::string(v->name)) == about, v->name);
  }
}

TEST_CASE("S4.13 the actions differ by who acts and on whom, each missing one with its reason") {
  crew w;
  const auto on = [&](const actor& as, std::size_t whom) {
    return by_name(must(w.dir.ask(as, available_actions{.user_id = w.people[whom]})));
  };
  auto active = on(w.admin, 0);
  CHECK(active["suspend_user"].available);
  CHECK(active["resume_user"].reason == "not_suspended");
  CHECK(active["activate_user"].reason == "not_invited");
  CHECK(active["assign_package"].available);
  CHECK(active["change_package"].reason == "unassigned");
  CHECK(active["replace_owner"].reason == "permission_denied");
  auto suspended = on(w.admin, 1);
  CHECK(suspended["resume_user"].available);
  CHECK(suspended["suspend_user"].reason == "nothing_to_change");
  auto invited = on(w.admin, 3);
  CHECK(invited["activate_user"].available);
  auto oneself = on(w.admin, 4);
  CHECK(oneself["suspend_user"].reason == "own_user");
  CHECK(oneself["delete_user"].reason == "own_user");
  auto gone = on(w.admin, 5);
  CHECK(gone["restore_user"].available);
  CHECK(gone["erase_user"].available);
  CHECK(gone["suspend_user"].reason == "user_unknown");
  CHECK(active["restore_user"].reason == "not_deleted");
  auto powerless = on(w.actors[2], 2);
  for (const auto& row : powerless) // but configures numbers, as the tenant role does
    if (verb_named(row.first)->needs != permission::number_configure)
      CHECK_MESSAGE(row.second.reason == "permission_denied", row.first);
  CHECK(active["delete_user"].available); // emergency calls from the number are on: it goes to somebody else
  CHECK(active["set_international"].reason == "permission_denied");
  CHECK(active["release_extension"].available);
  CHECK(on(w.admin, 3)["detach_did"].reason == "nothing_held");
  auto support = on(w.at_tenant, 2);
  CHECK(support["replace_owner"].available);
  CHECK(support["suspend_user"].available);
  auto partner = by_name(must(w.dir.ask(w.admin, available_actions{.delegate_id = w.partners[1]})));
  CHECK(partner["activate_delegate"].available);
  CHECK(partner["acknowledge_notice"].available);
}

TEST_CASE("I9 available actions know nobody of another tenant") {
  crew w;
  CHECK(refused_with(w.dir.ask(w.other_admin, available_actions{.user_id = w.people[0]})).reason == "user_unknown");
  CHECK(refused_with(w.dir.ask(w.other_admin, available_actions{.delegate_id = w.partners[0]})).reason ==
        "delegate_unknown");
  CHECK(refused_with(w.dir.ask(w.admin, available_actions{})).reason == "one_key_needed");
}
