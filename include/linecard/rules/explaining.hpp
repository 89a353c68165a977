// Answers to "who may do what here, and why": the questions behind every grey button and every refused call. All are
// about the scope acted in, and come from the very code that decides.
#pragma once

#include <linecard/rules/authorize.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

struct permission_row {
  std::string permission{};
  std::string description{};            ///< a host's; empty for the library's own
  std::optional<linecard::flag> flag{}; ///< what a role may hold restricted needs this one
  std::int32_t number{};
};
BOOST_DESCRIBE_STRUCT(permission_row, (), (permission, description, flag, number))

struct permissions_answer {
  std::vector<permission_row> permissions{};
};
BOOST_DESCRIBE_STRUCT(permissions_answer, (), (permissions))

/// Since 0.1.
struct permissions {
  using answer = permissions_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Every permission there is: the library's and the host's.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(permissions, (), ())

struct role_row {
  std::string role{};
  bool built_in{};
  any_id scope_id{}; ///< where it was defined; the platform for a built-in one
  std::vector<std::string> permissions{};
  std::vector<std::string> restricted{};
};
BOOST_DESCRIBE_STRUCT(role_row, (), (role, built_in, scope_id, permissions, restricted))

struct roles_answer {
  std::vector<role_row> roles{};
};
BOOST_DESCRIBE_STRUCT(roles_answer, (), (roles))

/// Since 0.1.
struct roles {
  using answer = roles_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "The roles that can be granted in the scope acted in, and what they hold.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(roles, (), ())

/// `user_id` in a tenant, for its users; `delegate_id` for its delegates.
struct grant_row {
  std::optional<id_of<user>> user_id{};
  std::optional<id_of<delegate>> delegate_id{};
  std::string email{};
  std::string role{};
  std::optional<instant> starts_at{};
  std::optional<instant> ends_at{};
  instant granted_at{};
  std::vector<linecard::flag> flags{}; ///< held here or above
};
BOOST_DESCRIBE_STRUCT(grant_row, (), (user_id, delegate_id, email, role, starts_at, ends_at, granted_at, flags))

struct grants_answer {
  std::vector<grant_row> grants{};
  std::optional<id_of<grant>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(grants_answer, (), (grants, next))

/// `after` of another scope lists from that id on. Since 0.1.
struct grants {
  std::optional<id_of<grant>> after{};
  std::int32_t limit{50};
  using answer = grants_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "The grants at the scope acted in, not those above it.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(grants, (), (after, limit))

/// In a tenant, who holds it from above is counted and not named.
struct who_can_answer {
  std::vector<grant_row> grants{};
  std::int32_t above{};
};
BOOST_DESCRIBE_STRUCT(who_can_answer, (), (grants, above))

/// Refuses "permission_unknown". Since 0.1.
struct who_can {
  std::string permission{};
  using answer = who_can_answer;
  static constexpr auto needs = linecard::permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Everybody who holds a permission in the scope acted in, and by which grant.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(who_can, (), (permission))

struct what_can_answer {
  std::vector<std::string> permissions{};
};
BOOST_DESCRIBE_STRUCT(what_can_answer, (), (permissions))

/// Refuses "user_unknown", "identity_unknown". Since 0.1.
struct what_can {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  using answer = what_can_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Everything that somebody may do in the scope acted in, now.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(what_can, (), (user_id, email))

/// Of several grants that miss, the nearest one is named.
struct explain_answer {
  bool allowed{};
  verdict_reason reason{};
  std::string message{};
  std::optional<std::string> role{};
  std::optional<any_id> scope_id{};     ///< of the grant
  std::optional<linecard::flag> flag{}; ///< the one that is missing, or that it depends on
};
BOOST_DESCRIBE_STRUCT(explain_answer, (), (allowed, reason, message, role, scope_id, flag))

/// Refuses "user_unknown", "identity_unknown", "permission_unknown". Since 0.1.
struct explain {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  std::string permission{};
  using answer = explain_answer;
  static constexpr auto needs = linecard::permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Why somebody may or may not do something here: the grant that allows it, or the nearest miss.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(explain, (), (user_id, email, permission))

} // namespace linecard
