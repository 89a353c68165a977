// Authority given and taken: roles defined, granted and revoked, flags, and the permissions a host adds. Every gift
// and every target is checked against the actor's own authority inside the committing transaction.
#pragma once

#include <linecard/rules/verb.hpp>

namespace linecard {

/// Registered already changes nothing, so a host may register at every start. The name keeps its number for ever.
/// Refuses "permission_built_in", "permissions_full" (192 at most). Since 0.1.
struct register_permission {
  std::string permission{};
  std::string description{};
  static constexpr auto needs = linecard::permission::permission_register;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Adds a permission of the host's own, for roles to hold and for checks to decide.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(register_permission, (), (permission, description))

/// For the scope acted in and those below it. Refuses "name_taken" (built-in names and those above count too,
/// case and accents do not), "permission_unknown", "permission_repeated", "not_restrictable" (no flag guards it),
/// "role_exceeds_own". Since 0.1.
struct define_role {
  std::string name{};
  std::vector<std::string> permissions{};
  std::vector<std::string> restricted{};
  static constexpr auto needs = permission::role_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Defines a role of the scope acted in: permissions it has plainly, and those that need a flag as well.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(define_role, (), (name, permissions, restricted))

/// Replaces what the role holds, for everybody who has it, at once. Refuses as define_role does, "role_unknown" and
/// "role_built_in"; both what it held and what it will hold must be the actor's own. Since 0.1.
struct change_role {
  std::string role{};
  std::vector<std::string> permissions{};
  std::vector<std::string> restricted{};
  static constexpr auto needs = permission::role_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Changes what a role of the scope acted in holds.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(change_role, (), (role, permissions, restricted))

/// Refuses "role_unknown", "role_built_in", "role_in_use", "role_exceeds_own". Since 0.1.
struct delete_role {
  std::string role{};
  static constexpr auto needs = permission::role_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Deletes a role of the scope acted in that nobody holds.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(delete_role, (), (role))

/// In a tenant to one of its users or delegates, elsewhere to the identity of an e-mail, made when there is none. Times
/// are tested at use: from `starts_at` on, before `ends_at`. Granted already takes the new times. Refuses
/// "user_unknown", "role_unknown", "ends_at_invalid", "role_exceeds_own", "target_exceeds_own",
/// "role_not_for_delegates", "last_administrator", "owner_needs_support", "last_operator". Since 0.1.
struct grant_role {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  std::string role{};
  std::optional<instant> starts_at{};
  std::optional<instant> ends_at{};
  static constexpr auto needs = permission::grant_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Gives a role at the scope acted in, within the actor's own authority.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(grant_role, (), (user_id, email, role, starts_at, ends_at))

/// Not granted changes nothing. Refuses "user_unknown", "identity_unknown", "role_unknown", "target_exceeds_own",
/// "last_administrator", "owner_needs_support" (the tenant's owner stays an administrator), "last_operator".
/// Since 0.1.
struct revoke_role {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  std::string role{};
  static constexpr auto needs = permission::grant_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Takes a role at the scope acted in away; it ends at once.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(revoke_role, (), (user_id, email, role))

/// The second key to what a role holds restricted, good at the scope acted in and below. Only who holds the flag
/// there, and what it unlocks, may give it: refuses "flag_not_held", "role_exceeds_own", "target_exceeds_own",
/// "user_unknown", "identity_unknown". Held already changes nothing. Since 0.1.
struct give_flag {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  linecard::flag flag{};
  static constexpr auto needs = permission::grant_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Gives a flag at the scope acted in: the second key to what is restricted.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(give_flag, (), (user_id, email, flag))

/// Not held changes nothing. Refuses "target_exceeds_own", "user_unknown", "identity_unknown". Since 0.1.
struct take_flag {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  linecard::flag flag{};
  static constexpr auto needs = permission::grant_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Takes a flag at the scope acted in away; it ends at once.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(take_flag, (), (user_id, email, flag))

} // namespace linecard
