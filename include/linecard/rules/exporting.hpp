// A tenant as one JSON document, and a tenant made from one: in another directory, or in this one after the worst.
//
// The document says only what was decided. What follows from that is not in it, so that nobody can write it wrongly:
// pools count the seats given, the tenant its administrators, a range offers the lowest extension free, a login counts
// its places. What is a user's stands within the user, so that nothing can be another tenant's.
#pragma once

#include <linecard/model/assignment.hpp>
#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/onboarding.hpp>
#include <linecard/rules/packaging.hpp>

namespace linecard {

/// What a document never holds, whatever the tenant has: nobody can sign in with it, no link in a mailbox works by it,
/// and whoever vouched for a delegate under another directory's notice has not done so under this one's.
enum class left_out {
  credentials = 1,
  backup_addresses,
  voicemail_pins,
  sessions,
  links,
  letters,
  errands,
  audit,
  denials,
  acknowledgements,
  deleted_users,
  removed_delegates,
  replacements,
};
BOOST_DESCRIBE_ENUM(left_out, credentials, backup_addresses, voicemail_pins, sessions, links, letters, errands, audit,
                    denials, acknowledgements, deleted_users, removed_delegates, replacements)

/// `owner_user_id` is one of the administrators, none where nobody is the owner.
struct exported_tenant {
  id_of<linecard::tenant> tenant_id{};
  std::string name{};
  std::optional<id_of<user>> owner_user_id{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(exported_tenant, (), (tenant_id, name, owner_user_id, created_at))

struct exported_service {
  std::string service{};
  instant enabled_at{};
};
BOOST_DESCRIBE_STRUCT(exported_service, (), (service, enabled_at))

struct exported_package {
  id_of<package> package_id{};
  std::string name{};
  package_kind kind{};
  package_state state{};
  std::int64_t price_minor{};
  std::int64_t number_price_minor{};
  std::string currency{};
  instant created_at{};
  std::vector<feature_setting> features{};
  std::vector<std::string> services{};
};
BOOST_DESCRIBE_STRUCT(exported_package, (),
                      (package_id, name, kind, state, price_minor, number_price_minor, currency, created_at, features,
                       services))

struct exported_offer {
  id_of<package> package_id{};
  instant offered_at{};
};
BOOST_DESCRIBE_STRUCT(exported_offer, (), (package_id, offered_at))

struct exported_pool {
  id_of<package> package_id{};
  std::int32_t purchased{not_given};
  overage_policy overage{};
  std::int32_t included{};
  std::int32_t purchase_limit{};
  seat_charging charging{};
  std::int32_t grace_seats{};
  std::int32_t grace_percent{};
};
BOOST_DESCRIBE_STRUCT(exported_pool, (),
                      (package_id, purchased, overage, included, purchase_limit, charging, grace_seats, grace_percent))

/// Of the tenant's own making; those made above it are granted by name, and must be there.
struct exported_role {
  id_of<linecard::role> role_id{};
  std::string name{};
  std::vector<std::string> permissions{};
  std::vector<std::string> restricted{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(exported_role, (), (role_id, name, permissions, restricted, created_at))

/// The tenant's own access notice; the platform's stays where it is.
struct exported_notice {
  std::int32_t notice_version{not_given};
  std::int32_t least_version{not_given};
  std::string text{};
  std::string terms_link{};
  instant published_at{};
};
BOOST_DESCRIBE_STRUCT(exported_notice, (), (notice_version, least_version, text, terms_link, published_at))

struct exported_policy {
  linecard::suspended_seats suspended_seats{};
  std::int32_t restore_days{not_given};
  std::int32_t undo_days{not_given};
};
BOOST_DESCRIBE_STRUCT(exported_policy, (), (suspended_seats, restore_days, undo_days))

struct exported_subscription {
  std::string currency{};
  std::int32_t statement_day{not_given};
  std::string time_zone{};
  std::int64_t number_price_minor{};
  instant agreed_at{};
};
BOOST_DESCRIBE_STRUCT(exported_subscription, (), (currency, statement_day, time_zone, number_price_minor, agreed_at))

struct exported_range {
  std::string first{};
  std::string last{};
};
BOOST_DESCRIBE_STRUCT(exported_range, (), (first, last))

struct exported_rule {
  std::string team_role{};
  id_of<package> package_id{};
  instant made_at{};
};
BOOST_DESCRIBE_STRUCT(exported_rule, (), (team_role, package_id, made_at))

/// A field of the host's own. `of_user`: it was said of a number as a user's, and goes when the number does.
struct exported_value {
  std::string name{};
  std::string content{};
};
BOOST_DESCRIBE_STRUCT(exported_value, (), (name, content))
struct exported_number_value {
  std::string name{};
  std::string content{};
  bool of_user{};
};
BOOST_DESCRIBE_STRUCT(exported_number_value, (), (name, content, of_user))

/// What a tenant may know of an identity. It has no credential where it comes to.
enum class login_state { active = 1, suspended };
BOOST_DESCRIBE_ENUM(login_state, active, suspended)
struct exported_login {
  id_of<identity> identity_id{};
  std::string email{};
  std::string language{};
  login_state state{};
};
BOOST_DESCRIBE_STRUCT(exported_login, (), (identity_id, email, language, state))

struct exported_grant {
  id_of<grant> grant_id{};
  std::string role{};
  std::optional<instant> starts_at{};
  std::optional<instant> ends_at{};
  instant granted_at{};
};
BOOST_DESCRIBE_STRUCT(exported_grant, (), (grant_id, role, starts_at, ends_at, granted_at))

struct exported_flag {
  id_of<held_flag> flag_id{};
  linecard::flag flag{};
  instant given_at{};
};
BOOST_DESCRIBE_STRUCT(exported_flag, (), (flag_id, flag, given_at))

/// Used or reserved as the user has joined or not; the base seat or an add-on as the package is.
struct exported_seat {
  id_of<package> package_id{};
  instant held_since{};
  bool by_rule{};
};
BOOST_DESCRIBE_STRUCT(exported_seat, (), (package_id, held_since, by_rule))

struct exported_member {
  std::string team_role{};
  std::optional<std::string> forwarding_number{};
  std::optional<std::string> mobile{};
  std::optional<std::string> time_zone{};
  std::optional<std::string> bridge_id{};
};
BOOST_DESCRIBE_STRUCT(exported_member, (), (team_role, forwarding_number, mobile, time_zone, bridge_id))

struct exported_extension {
  std::string extension{};
  bool international{};
};
BOOST_DESCRIBE_STRUCT(exported_extension, (), (extension, international))

struct exported_assignment {
  std::string team_role{};
  id_of<package> package_id{};
  assignment_state state{};
  std::optional<std::string> reason{};
  instant tried_at{};
};
BOOST_DESCRIBE_STRUCT(exported_assignment, (), (team_role, package_id, state, reason, tried_at))

/// `returns_to` exactly when suspended. One team member once the user has joined, one assignment where a rule was
/// tried.
enum class member_state { invited = 1, active, suspended };
BOOST_DESCRIBE_ENUM(member_state, invited, active, suspended)
struct exported_user {
  id_of<user> user_id{};
  exported_login login{};
  member_state state{};
  std::optional<member_state> returns_to{};
  std::string first_name{};
  std::string last_name{};
  std::string language{};
  std::optional<std::string> external_ref{};
  std::optional<instant> last_active_at{};
  instant created_at{};
  std::vector<exported_grant> grants{};
  std::vector<exported_flag> flags{};
  std::vector<exported_seat> seats{};
  std::vector<exported_member> team_members{};
  std::vector<exported_extension> extensions{};
  std::vector<device_entry> devices{};
  std::vector<exported_assignment> assignments{};
  std::vector<exported_value> field_values{};
};
BOOST_DESCRIBE_STRUCT(exported_user, (),
                      (user_id, login, state, returns_to, first_name, last_name, language, external_ref, last_active_at,
                       created_at, grants, flags, seats, team_members, extensions, devices, assignments, field_values))

/// Without the acknowledgement: no access until the notice in force is acknowledged where it comes to.
enum class access_state { pending = 1, active };
BOOST_DESCRIBE_ENUM(access_state, pending, active)
struct exported_delegate {
  id_of<delegate> delegate_id{};
  exported_login login{};
  access_state state{};
  std::string first_name{};
  std::string last_name{};
  std::string language{};
  instant invited_at{};
  instant review_at{};
  bool lapses{};
  std::optional<instant> ends_at{};
  std::vector<exported_grant> grants{};
  std::vector<exported_flag> flags{};
};
BOOST_DESCRIBE_STRUCT(exported_delegate, (),
                      (delegate_id, login, state, first_name, last_name, language, invited_at, review_at, lapses,
                       ends_at, grants, flags))

/// `user_id`, one of the users, exactly when the use is direct.
struct exported_did {
  std::string direct_number{};
  did_use use{};
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> label{};
  bool e911{};
  std::optional<std::string> order_key{};
  instant added_at{};
  std::vector<exported_number_value> field_values{};
};
BOOST_DESCRIBE_STRUCT(exported_did, (), (direct_number, use, user_id, label, e911, order_key, added_at, field_values))

/// What export_tenant answers, as it stands: a document is the command that imports it. Ids stay what they were. What
/// `left_out` names is not there; nobody signs in until invited anew or sent a reset.
///
/// A document is trusted with nothing. Each part needs what its own command needs, in the container (user.manage for
/// users, number.provision for numbers, package.manage for packages that the directory does not have...), and no role
/// or flag comes in that the actor could not give. A package that is there must be as the document says, but for having
/// been retired. Refused with the path of the row, and nothing changed: "format_unknown", "permission_denied",
/// "role_exceeds_own", "flag_not_held", "role_unknown", "role_not_for_delegates", "already_there" (an id, an address, a
/// number or a name that the directory has, or that stands twice), "package_unknown", "package_differs",
/// "currency_differs", "pool_missing", "below_use", "not_a_base_package", "already_assigned", "state_invalid",
/// "user_unknown", "not_joined", "name_taken" (another package of that name: packages are known by id),
/// "last_active_at_invalid", "range_invalid", "attribute_unknown", "content_invalid", "forwarding_to_oneself",
/// "owner_invalid". Ids of another container's users and tenants are not seen: then it is refused as busy "contended".
/// The tenant's own audit chain begins anew; the import stands in the container's. Since 0.1.
struct import_tenant {
  std::int32_t format{not_given};
  std::vector<linecard::left_out> left_out{};
  exported_tenant tenant{};
  exported_policy tenant_policy{};
  std::vector<exported_subscription> subscriptions{}; ///< one at most
  std::vector<exported_service> enabled_services{};
  std::vector<exported_package> packages{};
  std::vector<exported_offer> offers{};
  std::vector<exported_pool> pools{};
  std::vector<exported_rule> assignment_rules{};
  std::vector<exported_role> roles{};
  std::vector<exported_notice> access_notices{};  ///< one at most
  std::vector<exported_range> extension_ranges{}; ///< one at most
  std::vector<exported_value> field_values{};
  std::vector<exported_user> users{};
  std::vector<exported_delegate> delegates{};
  std::vector<exported_did> dids{};
  static constexpr auto needs = permission::tenant_manage;
  static constexpr auto acts_in = scope_level::container;
  static constexpr std::string_view about =
      "Makes a tenant from what export_tenant answered, with its ids; nobody can sign in until invited or reset.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(import_tenant, (),
                      (format, left_out, tenant, tenant_policy, subscriptions, enabled_services, packages, offers,
                       pools, assignment_rules, roles, access_notices, extension_ranges, field_values, users, delegates,
                       dids))

/// The same tenant gives the same bytes, in whatever directory it is. Since 0.1.
struct export_tenant {
  using answer = import_tenant;
  static constexpr auto needs = permission::tenant_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "The whole tenant as a document that import_tenant accepts, without secrets; left_out says without what.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(export_tenant, (), ())

inline constexpr std::int32_t export_format = 1;

/// Reads the features of the package and the services it needs.
void contents_of(snapshot& facts, exported_package& sku);

} // namespace linecard
