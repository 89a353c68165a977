// A pool made smaller than its use: who would lose a seat, a list that somebody edits, and the list as one command.
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Why somebody stands where they do in the plan: it begins with those who would miss the seat least. idle: by the time
/// since their last activity, or, where none was ever reported, since they got the seat.
enum class shrink_reason { invited = 1, suspended, idle, administrator, owner };
BOOST_DESCRIBE_ENUM(shrink_reason, invited, suspended, idle, administrator, owner)

/// `features_lost` are those that no other package of the user's gives; `numbers_repriced` how many direct numbers stay
/// the user's and are priced as an Unassigned user's.
struct shrink_row {
  id_of<user> user_id{};
  std::string name{};
  user_state state{};
  shrink_reason reason{};
  std::string message{};
  std::optional<instant> last_active_at{};
  std::vector<std::string> features_lost{};
  std::int32_t numbers_repriced{};
};
BOOST_DESCRIBE_STRUCT(shrink_row, (),
                      (user_id, name, state, reason, message, last_active_at, features_lost, numbers_repriced))

/// `lost_at` is when the seats would be lost: at once, when shrink_pool runs.
struct shrink_plan_answer {
  std::string package{};
  std::int32_t purchased_before{};
  std::int32_t purchased_after{};
  std::int32_t held{}; ///< used and reserved now
  instant lost_at{};
  std::vector<shrink_row> losses{};
};
BOOST_DESCRIBE_STRUCT(shrink_plan_answer, (), (package, purchased_before, purchased_after, held, lost_at, losses))

/// As many as must go under the pool's own overage policy, and no more: invited users, the newest first; suspended
/// ones; then who has been idle longest; administrators, then the owner, last of all. Empty when nobody needs to go.
/// Refuses "package_unknown", "pool_missing". Since 0.1.
struct shrink_plan {
  id_of<linecard::package> package_id{};
  std::int32_t purchased{not_given};
  using answer = shrink_plan_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Who would lose a seat of a package, and what with it, if so many seats were purchased; shrink_pool does it.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(shrink_plan, (), (package_id, purchased))

/// Exactly these users lose the package and the pool is set, in one transaction; whose package it is in the plan does
/// not matter. Needs license.assign too. Refuses "package_unknown", "pool_missing", "user_unknown", "user_repeated",
/// "not_a_holder" at the entry, "not_smaller" (more seats than now: set_seat_pool), and "below_use", saying how many
/// more must go. Since 0.1.
struct shrink_pool {
  id_of<linecard::package> package_id{};
  std::int32_t purchased{not_given};
  std::vector<id_of<user>> from_user_ids{};
  static constexpr auto needs = permission::seat_pool_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Lowers a pool and takes the package from exactly these users: shrink_plan's list, as somebody edited it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(shrink_pool, (), (package_id, purchased, from_user_ids))

} // namespace linecard
