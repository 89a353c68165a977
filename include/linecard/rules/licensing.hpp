// Licence assignment: which package a user holds. These commands change seats and seat pools and nothing else (S1.4).
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Refuses "user_unknown", "already_assigned" and as unselectable() and place_seat() do (rules/seats.hpp). Since 0.1.
struct assign_package {
  id_of<user> user_id{};
  id_of<package> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Gives an Unassigned user a base package, or any user an add-on. Holding it already changes nothing.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(assign_package, (), (user_id, package_id))

/// Refuses "unassigned" when there is no base package to change, else as assign_package. Since 0.1.
struct change_package {
  id_of<user> user_id{};
  id_of<package> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Moves a user from the present base package to another, in one step.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(change_package, (), (user_id, package_id))

/// Without package_id the base package. Not holding it changes nothing. Refuses "user_unknown". Since 0.1.
struct unassign_package {
  id_of<user> user_id{};
  std::optional<id_of<package>> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Takes a package from a user, setting the user back to Unassigned; the seat is free again.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(unassign_package, (), (user_id, package_id))

/// All or none; the path of a refusal names which ("/user_ids/3"). Since 0.1.
struct assign_packages {
  std::vector<id_of<user>> user_ids{};
  id_of<package> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Gives many Unassigned users a package, all of them or none.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(assign_packages, (), (user_ids, package_id))

/// All or none. Since 0.1.
struct change_packages {
  std::vector<id_of<user>> user_ids{};
  id_of<package> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Moves many users to another base package, all of them or none.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(change_packages, (), (user_ids, package_id))

/// All or none. Since 0.1.
struct unassign_packages {
  std::vector<id_of<user>> user_ids{};
  std::optional<id_of<package>> package_id{};
  static constexpr auto needs = permission::license_assign;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes a package from many users, all of them or none.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  void foresee(const ingredients&, expectations&) const;
};
BOOST_DESCRIBE_STRUCT(unassign_packages, (), (user_ids, package_id))

/// `reason` is empty when the package can be assigned, else a slug of unselectable() or "no_seat_left".
struct selectable_package {
  id_of<package> package_id{};
  std::string name{};
  package_kind kind{};
  std::int64_t price_minor{};
  std::string currency{};
  bool selectable{};
  std::string reason{};
  std::string message{};
};
BOOST_DESCRIBE_STRUCT(selectable_package, (),
                      (package_id, name, kind, price_minor, currency, selectable, reason, message))

struct selectable_packages_answer {
  std::vector<selectable_package> packages{};
};
BOOST_DESCRIBE_STRUCT(selectable_packages_answer, (), (packages))

struct selectable_packages {
  using answer = selectable_packages_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Every package by name, and for each that cannot be assigned here the reason.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(selectable_packages, (), ())

/// `free` is purchased - used - reserved, below zero when more are held; `room` is how many more can be held, absent
/// where any number can. The rest is as set_seat_pool said (rules/packaging.hpp).
struct seat_pool_row {
  id_of<package> package_id{};
  std::string name{};
  std::int32_t purchased{};
  std::int32_t used{};
  std::int32_t reserved{};
  std::int32_t free{};
  overage_policy overage{};
  std::optional<std::int64_t> room{};
  std::int32_t included{};
  std::int32_t purchase_limit{};
  seat_charging charging{seat_charging::held};
  std::int32_t grace_seats{};
  std::int32_t grace_percent{};
};
BOOST_DESCRIBE_STRUCT(seat_pool_row, (),
                      (package_id, name, purchased, used, reserved, free, overage, room, included, purchase_limit,
                       charging, grace_seats, grace_percent))

struct seat_pools_answer {
  std::vector<seat_pool_row> pools{};
};
BOOST_DESCRIBE_STRUCT(seat_pools_answer, (), (pools))

struct seat_pools {
  using answer = seat_pools_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "What the tenant purchased of each package, and how much of it is used or reserved.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(seat_pools, (), ())

/// `reason`: "assigned", "never_assigned", "taken" with when and by which command, or "unknown" when the tenant's
/// 10,000 newest audit entries do not tell. Refuses "user_unknown".
struct why_unassigned_answer {
  bool assigned{};
  std::string reason{};
  std::string message{};
  std::optional<instant> taken_at{};
  std::optional<std::string> command{};
  std::int32_t selectable{}; ///< packages that could be assigned now
};
BOOST_DESCRIBE_STRUCT(why_unassigned_answer, (), (assigned, reason, message, taken_at, command, selectable))

struct why_unassigned {
  id_of<user> user_id{};
  using answer = why_unassigned_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Why a user is shown as Unassigned.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(why_unassigned, (), (user_id))

struct why_role_unchanged_answer {
  std::string package{};
  std::optional<std::string> team_role{};
  std::string reason{};
  std::string message{};
};
BOOST_DESCRIBE_STRUCT(why_role_unchanged_answer, (), (package, team_role, reason, message))

/// Refuses "user_unknown".
struct why_role_unchanged {
  id_of<user> user_id{};
  using answer = why_role_unchanged_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Why a user's team role did not move with the package.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(why_role_unchanged, (), (user_id))

/// `setting` is the feature's value through the user's used seats; a reserved seat entitles to nothing yet, nor does
/// "no", "0" or "false".
struct entitled_answer {
  bool entitled{};
  std::optional<std::string> setting{};
  std::optional<id_of<package>> package_id{};
};
BOOST_DESCRIBE_STRUCT(entitled_answer, (), (entitled, setting, package_id))

/// Refuses "user_unknown".
struct entitled {
  id_of<user> user_id{};
  std::string feature{};
  using answer = entitled_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Whether a user's packages carry a feature, with what value, from which package.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(entitled, (), (user_id, feature))

} // namespace linecard
