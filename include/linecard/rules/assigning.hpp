// Packages that follow the team role, where a tenant says so (B13). Package and team role stay separate fields (S1.5):
// a rule gives a seat, never a team role; and what somebody has assigned by hand wins until that person is named again.
// Whoever sets a rule needs license.assign; whoever changes a team role afterwards moves the package by it, without.
#pragma once

#include <linecard/model/assignment.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Applies at once to every team member with that role, in the order in which they became users, and from then on to
/// whoever joins, returns or changes to that role. A seat that a rule gave moves to the package; who holds another
/// package by hand keeps it (conflict), and so does who cannot be given this one (failed). The same again changes
/// nothing. Refuses "not_a_base_package" and as unselectable() does (rules/seats.hpp). Since 0.1.
struct set_assignment_rule {
  std::string team_role{};
  id_of<package> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Gives every team member with a team role a base package, now and whenever somebody gets that role.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_assignment_rule, (), (team_role, package_id))

/// Everybody keeps the seat, as if it had been assigned by hand. Refuses "rule_unknown". Since 0.1.
struct remove_assignment_rule {
  std::string team_role{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Ends the assignment rule of a team role; everybody keeps the package, and what became of the rule is forgotten.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(remove_assignment_rule, (), (team_role))

/// Also for whom somebody unassigned by hand, or gave another package that is gone since; what is still held by hand
/// stays. Nobody's package is refused: `assignments` tells what became of it. Who is under no rule is left alone.
/// Refuses "user_unknown" (path "/user_ids/3"). Since 0.1.
struct retry_assignments {
  std::vector<id_of<user>> user_ids{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Tries the assignment rules anew for these users, whatever became of them.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(retry_assignments, (), (user_ids))

/// Those whose last try is longest ago first, `limit` at most; `assignments` lists what is still failed. Since 0.1.
struct retry_failed_assignments {
  std::int32_t limit{500};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Tries the assignment rules anew for users who could not be given their package.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(retry_failed_assignments, (), (limit))

struct assignment_rule_row {
  std::string team_role{};
  id_of<package> package_id{};
  std::string name{}; ///< of the package
  instant made_at{};
};
BOOST_DESCRIBE_STRUCT(assignment_rule_row, (), (team_role, package_id, name, made_at))

struct assignment_rules_answer {
  std::vector<assignment_rule_row> rules{};
};
BOOST_DESCRIBE_STRUCT(assignment_rules_answer, (), (rules))

/// Since 0.1.
struct assignment_rules {
  using answer = assignment_rules_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Which base package each team role of the tenant gets by rule.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(assignment_rules, (), ())

/// `package_id` and `wanted` are the rule's package, `package` what the user holds now. `reason` is empty where nothing
/// stood in the way, else "assigned_by_hand" or "unassigned_by_hand" (conflict), "user_suspended", "no_seat_left" or
/// one of unselectable() (failed). What somebody has done by hand since `tried_at` is told as it is.
struct assignment_row {
  id_of<user> user_id{};
  std::string name{};
  std::string team_role{};
  id_of<linecard::package> package_id{};
  std::string wanted{};
  std::string package{};
  assignment_state state{};
  std::string reason{};
  std::string message{};
  instant tried_at{};
};
BOOST_DESCRIBE_STRUCT(assignment_row, (),
                      (user_id, name, team_role, package_id, wanted, package, state, reason, message, tried_at))

struct assignments_answer {
  std::vector<assignment_row> assignments{};
  std::optional<id_of<user>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(assignments_answer, (), (assignments, next))

/// By state, and of each state in the order in which they became users; `state` is what the last try came to. Refuses
/// "user_unknown" (`after`). Since 0.1.
struct assignments {
  std::optional<assignment_state> state{};
  std::optional<id_of<user>> after{};
  std::int32_t limit{100};
  using answer = assignments_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "What became of the assignment rules, user by user: assigned, in conflict with what somebody did, or failed.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(assignments, (), (state, after, limit))

/// The user is a team member with this role from now on, or again. Never refuses: what stood in the way is kept as the
/// outcome. Who has not joined is left alone.
void follow_rule(snapshot& facts, const ingredients& with, changes& out, const user& who, const std::string& team_role);

/// Somebody has moved by hand the seat that a rule had given: the outcome says so, if there is one.
void note_by_hand(snapshot& facts, const ingredients& with, changes& out, id_of<user> whose);

/// Before the seats of somebody suspended are freed: a base package held, by rule or by hand, gives way to the rule's
/// on return.
void note_suspended(snapshot& facts, const ingredients& with, changes& out, id_of<user> whose);

/// No rule is followed any more; the seats are not touched.
void end_assignment(snapshot& facts, changes& out, id_of<user> whose);

} // namespace linecard
