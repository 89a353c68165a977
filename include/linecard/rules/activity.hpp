// Who uses what is paid for (B12): the host says when each user was last active, linecard which seats lie idle.
#pragma once

#include <linecard/model/billing.hpp>
#include <linecard/model/package.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

struct activity_entry {
  id_of<user> user_id{};
  instant last_active_at{};
};
BOOST_DESCRIBE_STRUCT(activity_entry, (), (user_id, last_active_at))

/// All or none. The newest instant of a user stands, whichever report brings it. Refuses "user_unknown",
/// "last_active_at_missing" and "last_active_at_invalid" (more than five minutes ahead of this directory's clock), each
/// with the entry's path ("/activities/3/user_id"). No audit entry is made. Since 0.1.
struct note_activity {
  std::vector<activity_entry> activities{};
  static constexpr auto needs = permission::activity_report;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Notes when users were last active, as the host knows it; older than what is known changes nothing.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(note_activity, (), (activities))

/// `last_active_at` is absent where nothing was ever reported: then the seat is idle since it was taken.
struct idle_seat_row {
  id_of<user> user_id{};
  std::string name{};
  id_of<linecard::package> package_id{};
  std::string package{};
  package_kind kind{};
  seat_state state{};
  std::optional<instant> last_active_at{};
  instant idle_since{};
  std::int64_t saves_minor{};
  std::string currency{};
};
BOOST_DESCRIBE_STRUCT(idle_seat_row, (),
                      (user_id, name, package_id, package, kind, state, last_active_at, idle_since, saves_minor,
                       currency))

struct idle_seats_answer {
  std::vector<idle_seat_row> idle_seats{};
  std::optional<std::string> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(idle_seats_answer, (), (idle_seats, next))

/// Seats of packages that have a price, longest idle first; exactly one of `idle_days` and `idle_since`
/// ("one_key_needed"), both included: idle since then or longer. `saves_minor` is what reclaiming the seat takes off
/// the month once all rows above it are reclaimed too, so that rows add up: nothing once a pool is down to its included
/// seats. Where all purchased seats are charged it presumes that the pool is lowered by one. The price of numbers is
/// not in it. Refuses "seat_unknown" (`after` is idle no longer; begin again), "package_unknown". Since 0.1.
struct idle_seats {
  std::optional<std::int32_t> idle_days{};
  std::optional<instant> idle_since{};
  std::optional<id_of<package>> package_id{};
  std::optional<std::string> after{};
  std::int32_t limit{100};
  using answer = idle_seats_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Who holds a paid seat and has not been active for so long, and what reclaiming each seat saves.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(idle_seats, (), (idle_days, idle_since, package_id, after, limit))

} // namespace linecard
