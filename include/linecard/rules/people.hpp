// Who is there: the licensing page of a tenant and one user in full.
#pragma once

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/attributes.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/onboarding.hpp>
#include <linecard/rules/packaging.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// The word shown for a user without base package (S1.2).
inline constexpr std::string_view unassigned = "Unassigned";

/// A row of the User Management page. It holds no numbers (S1.9).
struct user_row {
  id_of<user> user_id{};
  std::string name{};
  std::string initials{};
  std::string email{};
  std::string package{}; ///< the package's name or "Unassigned"
  std::optional<id_of<linecard::package>> package_id{};
  user_state state{};
  bool administrator{};
  std::optional<std::string> external_ref{};
};
BOOST_DESCRIBE_STRUCT(user_row, (),
                      (user_id, name, initials, email, package, package_id, state, administrator, external_ref))

/// Seats purchased and neither used nor reserved (S4.2).
struct unused_seats {
  id_of<package> package_id{};
  std::string name{};
  std::int32_t free{};
};
BOOST_DESCRIBE_STRUCT(unused_seats, (), (package_id, name, free))

struct users_answer {
  std::vector<user_row> users{};
  std::vector<unused_seats> unused{};
  std::optional<id_of<user>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(users_answer, (), (users, unused, next))

/// Refuses "user_unknown" at /after. Deleted users are not listed. Since 0.1.
struct users {
  std::optional<std::string> search{};
  std::optional<id_of<user>> after{};
  std::int32_t limit{50};
  using answer = users_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Users by last name, then first name; search matches any part of names or e-mail, ignoring case and accents.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(users, (), (search, after, limit))

struct user_details {
  id_of<user> user_id{};
  user_state state{};
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::string language{};
  bool administrator{};
  std::optional<std::string> external_ref{};
  std::string package{};
  std::optional<id_of<linecard::package>> package_id{};
  std::vector<id_of<linecard::package>> add_ons{};
  std::optional<std::string> team_role{};
  std::optional<std::string> time_zone{};
  std::optional<std::string> mobile{};
  std::optional<std::string> forwarding_number{};
  std::optional<std::string> bridge_id{};
  bool voicemail_pin_set{};
  std::vector<std::string> extensions{};
  std::vector<std::string> direct_numbers{};
  std::vector<device_entry> devices{};
  std::vector<feature_setting> features{};
  std::vector<attribute_entry> attributes{};
  instant created_at{};
  std::int64_t version{}; ///< for edit_user's expected_version
};
BOOST_DESCRIBE_STRUCT(user_details, (),
                      (user_id, state, first_name, last_name, email, language, administrator, external_ref, package,
                       package_id, add_ons, team_role, time_zone, mobile, forwarding_number, bridge_id,
                       voicemail_pin_set, extensions, direct_numbers, devices, features, attributes, created_at,
                       version))

/// Takes exactly one of the five ("one_key_needed"); whoever calls the help desk says an extension. Refuses
/// "user_unknown". Since 0.1.
struct find_user {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> email{};
  std::optional<std::string> external_ref{};
  std::optional<std::string> extension{};
  std::optional<std::string> direct_number{};
  using answer = user_details;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "One user in full, by id, e-mail, the host's own external_ref, "
                                            "extension or direct number.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(find_user, (), (user_id, email, external_ref, extension, direct_number))

/// What everybody may know about themselves. The PIN is told to nobody.
struct own_line_answer {
  id_of<user> user_id{};
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::string language{};
  std::optional<std::string> time_zone{};
  std::optional<std::string> mobile{};
  std::optional<std::string> forwarding_number{};
  bool screening{}; ///< whenever calls are forwarded (model/line.hpp)
  bool voicemail_pin_set{};
  std::optional<std::string> bridge_id{};
  std::vector<extension_row> extensions{};
  std::vector<did_row> dids{};
  std::vector<device_entry> devices{};
  std::int64_t version{}; ///< for edit_own_line's expected_version
};
BOOST_DESCRIBE_STRUCT(own_line_answer, (),
                      (user_id, first_name, last_name, email, language, time_zone, mobile, forwarding_number, screening,
                       voicemail_pin_set, bridge_id, extensions, dids, devices, version))

/// For everybody, as edit_own_line (S4.15). Refuses "not_a_user" (no active user of the tenant). Since 0.1.
struct own_line {
  using answer = own_line_answer;
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "The actor's own line: numbers and their switches, forwarding, devices, and what edit_own_line changes.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(own_line, (), ())

} // namespace linecard
