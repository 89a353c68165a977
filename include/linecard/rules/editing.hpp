// What is known about a user and the user's line, changed field by field: what is left out stays as it is.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Fields that may hold nothing.
enum class clearable { external_ref = 1, time_zone, mobile, voicemail_pin, forwarding_number };
BOOST_DESCRIBE_ENUM(clearable, external_ref, time_zone, mobile, voicemail_pin, forwarding_number)

/// With `expected_version`, find_user's, it is refused when a field that this command changes, or the user's state, has
/// changed since; extensions, numbers, devices and packages have commands of their own. The
/// e-mail address of who has not joined is changed by correct_address, and of nobody else. Calls are forwarded with
/// screening always (model/line.hpp). Who has not joined has names, language and external_ref only. Refuses
/// "user_unknown", "version_moved", "not_joined", "external_ref_taken", "mapped_reference" (it names the user's row in
/// the host's own table), "cleared_and_given", "target_exceeds_own",
/// "forwarding_to_oneself" (a direct number of the user's own), "pin_guessable" (one digit over and over, a run like
/// 1234, or the user's extension). Since 0.1.
struct edit_user {
  id_of<user> user_id{};
  std::optional<std::string> first_name{};
  std::optional<std::string> last_name{};
  std::optional<std::string> language{};
  std::optional<std::string> external_ref{};
  std::optional<std::string> team_role{};
  std::optional<std::string> time_zone{};
  std::optional<std::string> mobile{};
  std::optional<std::string> forwarding_number{};
  std::optional<secret_text> voicemail_pin{};
  std::vector<clearable> clear{};
  std::optional<std::int64_t> expected_version{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Changes what is known about a user and the user's line: the fields given, and those to be cleared.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(edit_user, (),
                      (user_id, first_name, last_name, language, external_ref, team_role, time_zone, mobile,
                       forwarding_number, voicemail_pin, clear, expected_version))

/// For everybody, signed in or vouched for by the host, in the tenant the actor acts in (S4.15); the query own_line
/// shows what it changes, with the version. Refuses "not_a_user" (no active user of the tenant), "version_moved",
/// "cleared_and_given", "clear_invalid" (the host's own external_ref), "forwarding_to_oneself", "pin_guessable".
/// Since 0.1.
struct edit_own_line {
  std::optional<std::string> time_zone{};
  std::optional<std::string> mobile{};
  std::optional<std::string> forwarding_number{};
  std::optional<secret_text> voicemail_pin{};
  std::vector<clearable> clear{};
  std::optional<std::int64_t> expected_version{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr bool own = true;
  static constexpr std::string_view about = "Changes the actor's own line: forwarding, mobile, time zone, PIN.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(edit_own_line, (), (time_zone, mobile, forwarding_number, voicemail_pin, clear, expected_version))

/// What of a device may hold nothing and is not said by an empty text.
enum class device_clearable { model = 1, mac };
BOOST_DESCRIBE_ENUM(device_clearable, model, mac)

/// A new device, or one of that name as it is from now on; what is left out of a new one is empty, of a known one
/// stays, unless it is listed in `clear`. Refuses "user_unknown", "not_joined", "target_exceeds_own",
/// "cleared_and_given", "mac_taken" (another device of the tenant's), "device_limit" (50 a user). Since 0.1.
struct set_device {
  id_of<user> user_id{};
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::string> model{};
  std::optional<std::string> mac{};
  std::vector<device_clearable> clear{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Gives a user a telephone or client, or changes what is known about it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_device, (), (user_id, name, description, model, mac, clear))

/// Refuses "user_unknown", "target_exceeds_own", "device_unknown". Since 0.1.
struct remove_device {
  id_of<user> user_id{};
  std::string name{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes a telephone or client from a user.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(remove_device, (), (user_id, name))

/// For the voicemail system: done when `dialled` is the user's voicemail PIN, which is told to nobody. Anything may
/// have been dialled. Five tries within 15 minutes, in previews too, until one is right or a PIN is given anew. The
/// voicemail system's actor needs as much authority as whoever it asks about. Refuses "voicemail_pin_wrong" (denied),
/// "too_many_tries" (limit, with the time to wait), "user_unknown", "not_joined", "user_not_active",
/// "target_exceeds_own", "voicemail_pin_not_set", "voicemail_pin_sealed" (under a host key that this directory was not
/// given). Since 0.1.
struct check_voicemail_pin {
  id_of<user> user_id{};
  secret_text dialled{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Whether this is the user's voicemail PIN; wrong tries are counted.";
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(check_voicemail_pin, (), (user_id, dialled))

/// Rises with every change to the rows of user and team member.
[[nodiscard]] std::int64_t version_of(const fact<user>& who, const fact<team_member>& member);

/// The actor's own place at this tenant. Refuses "not_a_user" unless the actor is an active user of it.
[[nodiscard]] refusal find_oneself(snapshot& facts, const ingredients& with, fact<user>& who,
                                   fact<team_member>& member);

/// Refuses "mac_taken" at `path` when another device of the tenant has it; a deleted user's gives it up, so that a
/// telephone can be given on. `mac` as mac_key gives it.
[[nodiscard]] refusal take_mac(snapshot& facts, changes& out, id_of<tenant> where,
                               const std::optional<std::string>& mac, const device* own, std::string_view path);

/// PINs sealed under an older host key are sealed under the present one, of 500 team members after this one. The
/// directory's own. What another process seals under the older key afterwards is lost with that key: open them all with
/// the new one first.
struct reseal_pins {
  std::optional<id_of<user>> after{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Seals voicemail PINs under a new host key; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] std::vector<fact<team_member>> members(snapshot&) const;
};
BOOST_DESCRIBE_STRUCT(reseal_pins, (), (after))

} // namespace linecard
