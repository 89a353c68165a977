// One person takes another's place (B6), and gives it back within a window.
#pragma once

#include <linecard/model/handover.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Extensions, direct numbers, devices (renamed where the successor has one of that name), forwarding and packages pass
/// to the successor; what the successor had instead, a forwarding or a package in the same place, is noted and returns
/// with undo_replacement. The user stays, without line and Unassigned. Roles stay with their people, and so does what
/// only concerns them (mobile, time zone, PIN, bridge). Needs license.assign and number.configure too, and
/// international.manage where an extension dials abroad. Refuses "user_unknown", "not_joined", "successor_unknown",
/// "successor_not_active", "successor_is_the_user", "target_exceeds_own", "forwarding_to_oneself" (the successor's
/// calls would be forwarded to the successor's own number) and as place_seat() does. Since 0.1.
struct replace_person {
  id_of<user> user_id{};
  id_of<user> successor_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Hands a user's extension, numbers, devices, forwarding and packages to a successor; undone within a window.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(replace_person, (), (user_id, successor_id))

/// Everything is with both as it was. Needs what replace_person does. Refuses "replacement_unknown", "window_over",
/// "moved_since" naming what is no longer where it was put, "target_exceeds_own", "no_seat_left" (a package that the
/// successor had is used up since). What was theirs returns also where it is retired or no longer offered: nothing is
/// assigned anew. Since 0.1.
struct undo_replacement {
  id_of<replacement> replacement_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Takes a replacement back: what passed returns, and the successor has again what was there before.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(undo_replacement, (), (replacement_id))

struct replaced_row {
  replaced_kind kind{};
  std::string item{}; ///< the number, the device's name or the package's id
  std::optional<std::string> renamed{};
};
BOOST_DESCRIBE_STRUCT(replaced_row, (), (kind, item, renamed))

struct replacement_row {
  id_of<replacement> replacement_id{};
  id_of<user> user_id{};
  id_of<user> successor_id{};
  instant replaced_at{};
  instant ends_at{};
  std::vector<replaced_row> items{};
};
BOOST_DESCRIBE_STRUCT(replacement_row, (), (replacement_id, user_id, successor_id, replaced_at, ends_at, items))

struct replacements_answer {
  std::vector<replacement_row> replacements{};
  std::optional<id_of<replacement>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(replacements_answer, (), (replacements, next))

/// Refuses "replacement_unknown" at /after (it was undone, or is over: begin again). Since 0.1.
struct replacements {
  std::optional<id_of<replacement>> after{};
  std::int32_t limit{50};
  using answer = replacements_answer;
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Replacements that can still be undone, with what passed; the most urgent first.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(replacements, (), (after, limit))

} // namespace linecard
