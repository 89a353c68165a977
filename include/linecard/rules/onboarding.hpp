// People come in: invited by an administrator, or adopted from the host's own records.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// A membership in state invited; a package reserves a seat; one identity a person, found by canonical e-mail.
/// A package needs license.assign too. Refuses "already_a_user", "already_a_delegate", "role_exceeds_own" and as
/// place_seat() does. Since 0.1.
struct add_user {
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::string language{"en"};
  std::string role{"member"};
  std::optional<id_of<package>> package_id{};
  bool send_welcome{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Invites a user: listed at once as invited; a package reserves a seat; a "
                                            "welcome message is queued when asked for.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(add_user, (), (first_name, last_name, email, language, role, package_id, send_welcome))

struct device_entry {
  std::string name{};
  std::string description{};
  std::optional<std::string> model{};
  std::optional<std::string> mac{};
};
BOOST_DESCRIBE_STRUCT(device_entry, (), (name, description, model, mac))

/// A user the host already has: active at once, without invitation or mail. Without `extension` the lowest free of the
/// tenant's range is given, where there is one. Refuses as add_user does,
/// "external_ref_taken", "extension_taken", "device_repeated", "mac_taken", and what a store with the host's own table
/// of users has to say (stores/mapping.hpp). Since 0.1.
struct adopt_user {
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::string language{"en"};
  std::string role{"member"};
  std::optional<id_of<package>> package_id{};
  std::optional<std::string> external_ref{};
  std::optional<std::string> extension{};
  std::optional<std::string> team_role{};
  std::optional<std::string> forwarding_number{};
  std::vector<device_entry> devices{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Takes over a user the host already has, active, with extension and external_ref, without invitation or mail.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(adopt_user, (),
                      (first_name, last_name, email, language, role, package_id, external_ref, extension, team_role,
                       forwarding_number, devices))

/// The host vouches that the person accepted (it authenticated them itself). A reserved seat becomes a used one,
/// never a second (I4); the team member comes into being (S2.5). Refuses "user_unknown", "not_invited",
/// "role_exceeds_own". Since 0.1.
struct activate_user {
  id_of<user> user_id{};
  std::optional<std::string> team_role{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Makes an invited user active once the host has authenticated the person.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(activate_user, (), (user_id, team_role))

inline constexpr std::string_view default_team_role = "member";

} // namespace linecard
