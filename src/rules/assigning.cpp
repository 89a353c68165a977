// Invariants: every joined user whose team role has a rule has an outcome of that rule, and nobody else has one; a seat
// that is marked by_rule has an outcome beside it.
#include <linecard/rules/assigning.hpp>

#include <linecard/model/line.hpp>
#include <linecard/rules/people.hpp>
#include <linecard/rules/seats.hpp>

#include <algorithm>
#include <functional>

namespace linecard {

namespace {

using seat_key = by<&seat::user_id, &seat::slot>;
using rule_key = by<&assignment_rule::tenant_id, &assignment_rule::team_role>;

bool joined(const user& who) {
  return who.state == user_state::active ||
         (who.state == user_state::suspended && who.returns_to != user_state::invited);
}

/// What stands, judged by the seat alone.
void judge(assignment& outcome, const fact<seat>& held) {
  const bool as_wanted = held && held->package_id == outcome.package_id;
  outcome.state = as_wanted ? assignment_state::assigned : assignment_state::conflict;
  outcome.reason = as_wanted ? "" : held ? "assigned_by_hand" : "unassigned_by_hand";
}

/// Asked before the seat held is given up: a refusal leaves the user what a rule gave before.
refusal give(snapshot& facts, const ingredients& with, changes& out, const user& who, const fact<seat>& held,
             id_of<package> wanted) {
  if (held) {
    if (auto no = unavailable(facts, who.tenant_id, wanted, "")) return no;
    release_seat(facts, out, held);
  } else if (who.state == user_state::suspended) {
    return refuse(status::conflict, "user_suspended", "", "who is suspended gets no seat");
  }
  if (auto no = place_seat(facts, with, out, who, wanted, "")) return no;
  out.edit(facts.find<&seat::user_id, &seat::slot>(who.id, base_slot)).by_rule = true;
  return std::nullopt;
}

enum class told { by_rule, by_name };

/// The whole of B13. A rule moves only what a rule gave; who holds nothing is given the package unless it was taken by
/// hand: an outcome that is not `failed` stands beside no seat only then.
void apply(snapshot& facts, const ingredients& with, changes& out, const user& who, const assignment_rule& rule,
           told how) {
  const auto [known, held] = facts.all(by<&assignment::user_id>(who.id), seat_key(who.id, base_slot));
  assignment outcome{.user_id = who.id,
                     .tenant_id = who.tenant_id,
                     .team_role = rule.team_role,
                     .package_id = rule.package_id,
                     .tried_at = with.now};
  const bool holds_it = held && held->package_id == rule.package_id;
  const bool may_move =
      held ? held->by_rule : how == told::by_name || !known || known->state == assignment_state::failed;
  const auto no = may_move && !holds_it ? give(facts, with, out, who, held, rule.package_id) : refusal{};
  judge(outcome, held);
  if (no) outcome.state = assignment_state::failed, outcome.reason = no->reason;
  if (known)
    out.edit(known) = outcome;
  else
    out.insert(outcome);
}

/// Everything about many users is asked for at once.
void foresee(snapshot& facts, const std::vector<id_of<user>>& whose, std::optional<id_of<package>> wanted = {}) {
  std::vector<seat_key> seats;
  for (const auto id : whose) {
    seats.emplace_back(id, base_slot);
    if (wanted) seats.emplace_back(id, any_id{*wanted});
  }
  static_cast<void>(facts.find_each(std::span<const seat_key>(seats)));
  static_cast<void>(facts.each<&assignment::user_id>(whose, std::identity{}));
}

std::vector<fact<user>> team(snapshot& facts, id_of<tenant> where, const std::string& team_role,
                             std::optional<id_of<package>> wanted = {}) {
  const auto members = facts.list<&team_member::tenant_id, &team_member::team_role>(where, team_role);
  auto found = facts.each<&user::id>(members, [](const auto& member) { return member->user_id; });
  std::erase_if(found, [](const auto& who) { return !who || !joined(*who); });
  std::vector<id_of<user>> ids;
  for (const auto& who : found) ids.push_back(who->id);
  foresee(facts, ids, wanted);
  return found;
}

fact<assignment_rule> rule_of(snapshot& facts, id_of<tenant> where, const std::string& team_role) {
  return facts.find<&assignment_rule::tenant_id, &assignment_rule::team_role>(where, team_role);
}

std::string message_of(const assignment& outcome, const std::string& wanted) {
  const auto quoted = "\"" + wanted + "\"";
  const std::string_view why = outcome.reason;
  if (why.empty()) return "The user holds " + quoted + ", as the rule says.";
  if (why == "assigned_by_hand")
    return "Somebody assigned another package by hand, and that stands; unassign it, then retry_assignments.";
  if (why == "unassigned_by_hand")
    return "Somebody took the package by hand, and that stands; retry_assignments gives it again.";
  if (why == "user_suspended") return "Who is suspended gets no seat; the rule is followed when the user is resumed.";
  if (why == "no_seat_left")
    return "No seat of " + quoted + " was left; free or buy one, then retry_failed_assignments.";
  if (why == "package_retired") return quoted + " is retired; let the rule give another package.";
  if (why == "package_not_offered") return quoted + " is no longer offered to the tenant.";
  if (why == "service_not_enabled") return quoted + " needs a service that the tenant has not enabled.";
  return quoted + " could not be given: " + outcome.reason + ".";
}

} // namespace

refusal set_assignment_rule::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  const auto known = rule_of(facts, where, team_role);
  if (known && known->package_id == package_id) return std::nullopt;
  if (auto no = unselectable(facts, where, package_id, "/package_id")) return no;
  if (const auto sku = facts.find<&package::id>(package_id); sku->kind != package_kind::base)
    return refuse(status::conflict, "not_a_base_package", "/package_id",
                  "\"" + sku->name + "\" is an add-on; a rule gives a base package");
  const assignment_rule rule{.tenant_id = where, .team_role = team_role, .package_id = package_id, .made_at = with.now};
  if (known)
    out.edit(known) = rule;
  else
    out.insert(rule);
  for (const auto& who : team(facts, where, team_role, package_id)) apply(facts, with, out, *who, rule, told::by_rule);
  return std::nullopt;
}

refusal remove_assignment_rule::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto known = rule_of(facts, with.tenant_id(), team_role);
  if (!known)
    return refuse(status::not_found, "rule_unknown", "/team_role",
                  "there is no assignment rule for the team role \"" + team_role + "\"");
  out.erase(known);
  for (const auto& who : team(facts, with.tenant_id(), team_role)) follow_rule(facts, with, out, *who, team_role);
  return std::nullopt;
}

refusal retry_assignments::decide(snapshot& facts, const ingredients& with, changes& out) const {
  static_cast<void>(facts.each<&user::id>(user_ids, std::identity{}));
  const auto members = facts.each<&team_member::user_id>(user_ids, std::identity{});
  foresee(facts, user_ids);
  for (std::size_t i = 0; i < user_ids.size(); ++i) {
    fact<user> who;
    if (auto no = find_holder(facts, user_ids[i], "/user_ids/" + std::to_string(i), who)) return no;
    if (!joined(*who) || !members[i]) continue;
    if (const auto rule = rule_of(facts, who->tenant_id, members[i]->team_role))
      apply(facts, with, out, *who, *rule, told::by_name);
  }
  return std::nullopt;
}

refusal retry_failed_assignments::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  auto failed = facts.list<&assignment::tenant_id, &assignment::state>(where, assignment_state::failed);
  std::ranges::sort(failed, {}, [](const auto& one) { return std::pair{one->tried_at, one->user_id}; });
  failed.resize(std::min(failed.size(), static_cast<std::size_t>(limit)));
  const auto users = facts.each<&user::id>(failed, [](const auto& one) { return one->user_id; });
  for (std::size_t i = 0; i < failed.size(); ++i)
    if (const auto rule = rule_of(facts, where, failed[i]->team_role))
      apply(facts, with, out, *users[i], *rule, told::by_rule);
  return std::nullopt;
}

refusal assignment_rules::ask(snapshot& facts, const ingredients& with, answer& into) const {
  for (const auto& rule : facts.list<&assignment_rule::tenant_id>(with.tenant_id()))
    into.rules.push_back({.team_role = rule->team_role,
                          .package_id = rule->package_id,
                          .name = package_name(facts, rule->package_id),
                          .made_at = rule->made_at});
  return std::nullopt;
}

refusal assignments::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) {
    const auto last = facts.find<&assignment::user_id>(*after);
    if (!last)
      return refuse(status::not_found, "user_unknown", "/after", "no rule concerns this user any more; begin again");
    part.after = {as_value(where), as_value(state.value_or(last->state)), as_value(*after), as_value(*after)};
  }
  auto found = state ? facts.list_page<&assignment::tenant_id, &assignment::state>(part, where, *state)
                     : facts.list_page<&assignment::tenant_id>(part, where);
  if (found.size() == part.limit) { // one row more than asked for shows that there is a next page
    found.pop_back();
    into.next = found.back()->user_id;
  }
  const auto whose = [](const auto& one) { return one->user_id; };
  const auto users = facts.each<&user::id>(found, whose);
  std::vector<seat_key> keys;
  for (const auto& one : found) keys.emplace_back(one->user_id, base_slot);
  const auto seats = facts.find_each(std::span<const seat_key>(keys));
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto outcome = *found[i];
    // A seat given or taken by hand speaks for itself, whatever the last try came to.
    if (outcome.state != assignment_state::failed || (seats[i] && !seats[i]->by_rule)) judge(outcome, seats[i]);
    const auto wanted = package_name(facts, outcome.package_id);
    into.assignments.push_back(
        {.user_id = outcome.user_id,
         .name = users[i]->first_name + " " + users[i]->last_name,
         .team_role = outcome.team_role,
         .package_id = outcome.package_id,
         .wanted = wanted,
         .package = seats[i] ? package_name(facts, seats[i]->package_id) : std::string(unassigned),
         .state = outcome.state,
         .reason = outcome.reason,
         .message = message_of(outcome, wanted),
         .tried_at = outcome.tried_at});
  }
  return std::nullopt;
}

void follow_rule(snapshot& facts, const ingredients& with, changes& out, const user& who,
                 const std::string& team_role) {
  if (!joined(who)) return;
  const auto [rule, known] = facts.all(rule_key(who.tenant_id, team_role), by<&assignment::user_id>(who.id));
  if (rule) return apply(facts, with, out, who, *rule, told::by_rule);
  if (!known) return;
  out.erase(known);
  if (const auto held = facts.find<&seat::user_id, &seat::slot>(who.id, base_slot); held && held->by_rule)
    out.edit(held).by_rule = false; // the user's own from now on
}

void note_by_hand(snapshot& facts, const ingredients& with, changes& out, id_of<user> whose) {
  const auto known = facts.find<&assignment::user_id>(whose);
  if (!known) return;
  auto& outcome = out.edit(known);
  judge(outcome, facts.find<&seat::user_id, &seat::slot>(whose, base_slot));
  outcome.tried_at = with.now;
}

void note_suspended(snapshot& facts, const ingredients& with, changes& out, id_of<user> whose) {
  const auto known = facts.find<&assignment::user_id>(whose);
  if (!known || !facts.find<&seat::user_id, &seat::slot>(whose, base_slot)) return;
  auto& outcome = out.edit(known);
  outcome.state = assignment_state::failed;
  outcome.reason = "user_suspended";
  outcome.tried_at = with.now;
}

void end_assignment(snapshot& facts, changes& out, id_of<user> whose) {
  if (const auto known = facts.find<&assignment::user_id>(whose)) out.erase(known);
}

} // namespace linecard
