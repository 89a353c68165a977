// What rings at whose desk: the team member (a user's telephone side), extensions, devices and direct numbers.
#pragma once

#include <linecard/model/user.hpp>

namespace linecard {

/// Exists from acceptance on. `team_role` is the PBX's word ("agent", "supervisor"), unrelated to package and grant.
/// Calls ring at one number elsewhere at most, beside the devices (S4.15), always with screening: who answers there
/// presses a key first, so that no call ends in a private mailbox. Whoever dials it does so at the tenant's cost:
/// abroad as the user's own calls are, by `international`. `bridge_id` is ten digits, unique in the directory.
struct team_member {
  id_of<user> user_id{};
  id_of<tenant> tenant_id{};
  std::string team_role{};
  std::optional<std::string> forwarding_number{}; ///< E.164
  std::optional<std::string> mobile{};            ///< E.164
  std::optional<std::string> time_zone{};         ///< IANA name
  std::optional<bytes> voicemail_pin{};           ///< sealed under the host key (rules/editing.hpp)
  std::optional<std::string> bridge_id{};
};
BOOST_DESCRIBE_STRUCT(team_member, (),
                      (user_id, tenant_id, team_role, forwarding_number, mobile, time_zone, voicemail_pin, bridge_id))
template <>
inline constexpr auto table<team_member> = record<team_member>(
    "team_members", key<&team_member::user_id>, unique<&team_member::bridge_id>,
    index<&team_member::tenant_id, &team_member::forwarding_number>,
    index<&team_member::tenant_id, &team_member::team_role>,
    personal<&team_member::forwarding_number, &team_member::mobile>, secret<&team_member::voicemail_pin>,
    of_tenant<&team_member::tenant_id>, rings<&team_member::user_id, &team_member::forwarding_number>,
    about_person<&team_member::user_id>);

/// An internal number; unique by tenant, never a caller id. International dialling is off unless switched on.
struct extension {
  id_of<tenant> tenant_id{};
  std::string number{};
  id_of<user> user_id{};
  bool international{};
};
BOOST_DESCRIBE_STRUCT(extension, (), (tenant_id, number, user_id, international))
template <>
inline constexpr auto table<extension> = record<extension>("extensions", key<&extension::tenant_id, &extension::number>,
                                                           index<&extension::user_id>, of_tenant<&extension::tenant_id>,
                                                           rings<&extension::user_id>);

/// The extensions that are given automatically: `first` to `last`, of as many digits each. `lowest_free` is what is
/// given next, none when all are taken; every extension given or freed edits it where that moves it, so that two who
/// are given one at once do not get the same.
struct number_range {
  id_of<tenant> tenant_id{};
  std::string first{};
  std::string last{};
  std::optional<std::string> lowest_free{};
};
BOOST_DESCRIBE_STRUCT(number_range, (), (tenant_id, first, last, lowest_free))
template <>
inline constexpr auto table<number_range> = record<number_range>("number_ranges", key<&number_range::tenant_id>,
                                                                 of_tenant<&number_range::tenant_id>);

/// A telephone or soft client. `name` is the host's id of it, unique for the user; `mac` is 12 hexadecimal digits in
/// lower case, unique in the tenant. linecard keeps `description` and never reads it. People give telephones their own
/// names, so all of it is personal.
struct device {
  id_of<user> user_id{};
  std::string name{};
  id_of<tenant> tenant_id{};
  std::string description{};
  std::optional<std::string> model{};
  std::optional<std::string> mac{};
};
BOOST_DESCRIBE_STRUCT(device, (), (user_id, name, tenant_id, description, model, mac))
template <>
inline constexpr auto
    table<device> = record<device>("devices", key<&device::user_id, &device::name>,
                                   unique<&device::tenant_id, &device::mac>,
                                   personal<&device::name, &device::description, &device::model, &device::mac>,
                                   of_tenant<&device::tenant_id>, about_person<&device::user_id>);

/// main: the company's number; other: a queue, a fax, what `label` says. Both keep a number out of the picker.
enum class did_use { unassigned = 1, direct, main, other };
BOOST_DESCRIBE_ENUM(did_use, unassigned, direct, main, other)

/// A direct number (E.164) in a tenant's inventory. `user_id` exactly when the use is direct. `e911`: emergency calls
/// from it are switched on. `order_key`: it was got from the provider under this key.
struct did {
  id_of<tenant> tenant_id{};
  std::string number{};
  did_use use{};
  std::optional<id_of<user>> user_id{};
  std::string label{};
  bool e911{};
  std::optional<std::string> order_key{};
  instant added_at{};
};
BOOST_DESCRIBE_STRUCT(did, (), (tenant_id, number, use, user_id, label, e911, order_key, added_at))
template <>
inline constexpr auto table<did> = record<did>("dids", key<&did::tenant_id, &did::number>,
                                               unique<&did::tenant_id, &did::order_key>,
                                               index<&did::tenant_id, &did::use, &did::number>, index<&did::user_id>,
                                               of_tenant<&did::tenant_id>,
                                               rings<&did::number, &did::use, &did::user_id, &did::e911, &did::label>);

/// Whose inventory a number is in: one tenant's at most. Of no tenant, so that a rule sees that it is taken elsewhere.
struct did_claim {
  std::string number{};
  id_of<tenant> tenant_id{};
};
BOOST_DESCRIBE_STRUCT(did_claim, (), (number, tenant_id))
template <>
inline constexpr auto table<did_claim> = record<did_claim>("did_claims", key<&did_claim::number>, unchained);

/// How often lines have changed: one row for each of `line_shards` parts of the tenants (tenant_id % line_shards),
/// edited by every transaction that changes any, so that a reader who finds it as it was has missed none of them,
/// whatever order they committed in, while tenants seldom wait for one another.
struct line_epoch {
  std::int64_t shard{};
  std::int64_t seq{}; ///< of the newest line_change
};
BOOST_DESCRIBE_STRUCT(line_epoch, (), (shard, seq))
template <>
inline constexpr auto table<line_epoch> = record<line_epoch>("line_epochs", key<&line_epoch::shard>, unchained,
                                                             outside_state);
inline constexpr std::int64_t line_shards = 64;

/// Which line changed: a ring of the newest ones of the shard, change `seq` at place seq % line_changes_kept. The
/// subject is a user's id as text, a direct number, or a tenant's id: any line of the tenant; empty: of the shard.
struct line_change {
  std::int64_t shard{};
  std::int64_t place{};
  std::int64_t seq{};
  std::string subject{};
};
BOOST_DESCRIBE_STRUCT(line_change, (), (shard, place, seq, subject))
template <>
inline constexpr auto table<line_change> = record<line_change>("line_changes",
                                                               key<&line_change::shard, &line_change::place>, unchained,
                                                               outside_state);
inline constexpr std::int64_t line_changes_kept = 512;

} // namespace linecard
