// Authority that ends and returns: users suspended and resumed, identities deleted too, an owner replaced.
#pragma once

#include <linecard/model/user.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Every right the user has by this tenant ends at once; extension and grants stay for the return, and so do seats,
/// unless the tenant's policy frees them. Suspended already changes nothing. Refuses "user_unknown",
/// "target_exceeds_own", "last_administrator", "owner_needs_support", "own_user" (nobody locks themselves out). Since
/// 0.1.
struct suspend_user {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Suspends a user of the tenant: what they may do here ends at once.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(suspend_user, (), (user_id))

/// Nobody returns to more than the actor holds. Where the policy has freed the seats, the user returns Unassigned.
/// Refuses "user_unknown", "not_suspended", "role_exceeds_own". Since 0.1.
struct resume_user {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Lets a suspended user of the tenant return, with the roles kept.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(resume_user, (), (user_id))

/// Everywhere at once, every actor opened before included. Suspended already changes nothing. Refuses
/// "identity_unknown", "target_exceeds_own", "own_identity", "last_operator". Since 0.1.
struct suspend_identity {
  std::string email{};
  static constexpr auto needs = permission::identity_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Suspends a login: every right of the person ends at once, everywhere.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(suspend_identity, (), (email))

/// Refuses "identity_unknown", "not_suspended", "role_exceeds_own". Since 0.1.
struct resume_identity {
  std::string email{};
  static constexpr auto needs = permission::identity_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Lets a suspended login return, with the grants it has kept.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(resume_identity, (), (email))

/// For good: grants and flags at containers and the platform, password, sessions and links go with it; the address is
/// free for somebody new, who gets another id and inherits nothing (I20). Tenants delete their users and remove their
/// delegates first. Refuses "identity_unknown", "target_exceeds_own", "identity_in_use", "own_identity",
/// "last_operator". Since 0.1.
struct delete_identity {
  std::string email{};
  static constexpr auto needs = permission::identity_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Deletes a login that is nobody's user or delegate any more.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(delete_identity, (), (email))

/// For the operator's support only (S4.3). The former owner stays an administrator, and can be revoked from now on.
/// Refuses "user_unknown", "not_an_administrator" (active, user and login, without an end date). Since 0.1.
struct replace_owner {
  id_of<user> user_id{};
  static constexpr auto needs = permission::owner_replace;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Makes another administrator of the tenant the account's owner.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(replace_owner, (), (user_id))

/// Somewhere to go after signing in: active as a user or delegate of a tenant, or granted something at a container or
/// the platform. A login that is suspended or awaited everywhere opens nothing. Facts are the platform's.
[[nodiscard]] bool has_a_place(snapshot& facts, id_of<identity> who, instant now);

} // namespace linecard
