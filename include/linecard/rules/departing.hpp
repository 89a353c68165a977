// Users who leave for good: deleted, restored within a window, and erased after it.
#pragma once

#include <linecard/model/user.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Runs by confirm only (S4.17). Seats and the extension are free again, grants and flags are gone, links sent are
/// void, forwarding and voicemail PIN are cleared, and the user is in no list; names, devices and the rest stay until
/// the tenant's window is over, and can be restored so long (B9). A login that no other tenant knows, and that holds
/// nothing above, loses its password and its sessions too. Whoever is added anew under the same e-mail is another user
/// and inherits nothing (I20).
///
/// A user with direct numbers goes only when it is said what becomes of them (B7): `numbers_to` gives them, and the
/// extension, to an active user, E911 as it is; `release_numbers` makes them unassigned and switches E911 off. Either
/// needs number.configure too, moving an extension that dials abroad international.manage, switching E911 off
/// e911.manage. `assets_to`: the host's asset adapter is told to hand over voice, text and fax messages to that active
/// user, right after the commit; when it cannot yet, that stands in `errands` until it does. Refuses "user_unknown",
/// "target_exceeds_own", "last_administrator", "owner_needs_support", "own_user", "would_strand" with the list,
/// "asset_keeper_missing", "release_or_hand_over" (both were asked for), "successor_unknown", "successor_not_active",
/// "successor_is_the_user", "forwarding_to_oneself" (as replace_person does). Since 0.1.
struct delete_user {
  id_of<user> user_id{};
  std::optional<id_of<user>> numbers_to{};
  bool release_numbers{};
  std::optional<id_of<user>> assets_to{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr bool confirmed = true;
  static constexpr std::string_view about =
      "Deletes a user of the tenant: seats, extension, roles and flags end with it; it can be restored for a while.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] std::optional<errand_name> follow_up() const {
    return assets_to ? std::optional(errand_name{errand_kind::hand_over_assets, to_text(user_id)}) : std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(delete_user, (), (user_id, numbers_to, release_numbers, assets_to))

/// The same user again, as invited: whoever comes back proves the mailbox anew, or the host vouches (activate_user).
/// Team role, time zone, mobile and devices are as they were; external_ref too, unless somebody else has got it. No
/// password, session, role, flag, seat or number is given back (B9). Refuses "user_unknown", "not_deleted",
/// "window_over", "address_gone" (the login was deleted), "already_a_user" (somebody new has the e-mail),
/// "already_a_delegate", "role_exceeds_own". Since 0.1.
struct restore_user {
  id_of<user> user_id{};
  bool send_welcome{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Restores a deleted user as invited, without any password, role, seat or number; within the tenant's window.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(restore_user, (), (user_id, send_welcome))

/// Runs by confirm only. Does at once what the end of the window does, which pump_mail and pump_errands do
/// (rules/erasing.hpp); afterwards the user is unknown. Refuses "user_unknown", "not_deleted". Since 0.1.
struct erase_user {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr bool confirmed = true;
  static constexpr std::string_view about =
      "Erases a deleted user's personal data now, from beside the audit too; nobody can restore the user afterwards.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(erase_user, (), (user_id))

struct deleted_user_row {
  id_of<user> user_id{};
  std::string name{};
  std::string email{}; ///< empty: the login was deleted
  instant deleted_at{};
  instant ends_at{};
};
BOOST_DESCRIBE_STRUCT(deleted_user_row, (), (user_id, name, email, deleted_at, ends_at))

struct deleted_users_answer {
  std::vector<deleted_user_row> users{};
  std::optional<id_of<user>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(deleted_users_answer, (), (users, next))

/// Refuses "user_unknown" at /after. Since 0.1.
struct deleted_users {
  std::optional<id_of<user>> after{};
  std::int32_t limit{50};
  using answer = deleted_users_answer;
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Deleted users who can be restored, and until when; the most urgent first.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(deleted_users, (), (after, limit))

} // namespace linecard
