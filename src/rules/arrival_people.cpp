#include "activity_report.hpp"
#include "arrival.hpp"

#include <linecard/model/billing.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/text/email.hpp>
#include <linecard/text/fold.hpp>
#include <linecard/text/language.hpp>
#include <linecard/text/mac.hpp>

#include <algorithm>

namespace linecard {

namespace {

user_state state_of(member_state s) {
  return s == member_state::invited     ? user_state::invited
         : s == member_state::suspended ? user_state::suspended
                                        : user_state::active;
}

} // namespace

refusal arrival::login(const exported_login& who, const std::string& path) {
  const auto key = text::email_key(who.email);
  if (facts_.find<&identity::id>(who.identity_id))
    return already_there(path + "/login/identity_id", "identity " + to_text(who.identity_id));
  if (facts_.find<&identity::email>(key)) return already_there(path + "/login/email", "\"" + key + "\"");
  out_.insert(identity{.id = who.identity_id,
                       .email = key,
                       .email_as_given = who.email,
                       .language = text::language_key(who.language),
                       .state = who.state == login_state::active ? identity_state::active : identity_state::suspended,
                       .places = 1,
                       .created_at = with_.now});
  return std::nullopt;
}

refusal arrival::authority(const exported_login& login, any_id holder, const std::vector<exported_grant>& grants,
                           const std::vector<exported_flag>& flags, const std::string& path) {
  const auto whose = login.identity_id;
  for (std::size_t n = 0; n < grants.size(); ++n) {
    const auto& g = grants[n];
    const auto at = entry(path + "/grants", n);
    const auto role_id = roles_.at(g.role).id;
    if (facts_.find<&grant::id>(g.grant_id)) return already_there(at + "/grant_id", "grant " + to_text(g.grant_id));
    if (facts_.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(whose, any_id{where_}, role_id))
      return already_there(at + "/role", "a grant of \"" + g.role + "\"");
    out_.insert(grant{.id = g.grant_id,
                      .identity_id = whose,
                      .holder_id = holder,
                      .scope_id = where_,
                      .role_id = role_id,
                      .starts_at = g.starts_at,
                      .ends_at = g.ends_at,
                      .granted_at = g.granted_at});
  }
  for (std::size_t n = 0; n < flags.size(); ++n) {
    const auto& f = flags[n];
    const auto at = entry(path + "/flags", n);
    if (facts_.find<&held_flag::id>(f.flag_id)) return already_there(at + "/flag_id", "flag " + to_text(f.flag_id));
    if (facts_.find<&held_flag::identity_id, &held_flag::scope_id, &held_flag::flag>(whose, any_id{where_}, f.flag))
      return already_there(at + "/flag", std::string(word(f.flag)));
    out_.insert(held_flag{.id = f.flag_id,
                          .identity_id = whose,
                          .holder_id = holder,
                          .scope_id = where_,
                          .flag = f.flag,
                          .given_at = f.given_at});
  }
  return std::nullopt;
}

refusal arrival::people() {
  for (std::size_t n = 0; n < from_.users.size(); ++n)
    if (auto no = person(from_.users[n], entry("/users", n))) return no;
  return std::nullopt;
}

refusal arrival::standing(const exported_user& who, const std::string& path) const {
  const bool suspended = who.state == member_state::suspended;
  if (suspended != who.returns_to.has_value() || who.returns_to == member_state::suspended)
    return state_invalid(path + "/returns_to", "must be invited or active where the user is suspended, else left out");
  if (who.team_members.empty() && !joins_later(who))
    return refuse(status::invalid, "not_joined", path + "/team_members", "a user who has joined has a team member");
  if (who.team_members.empty() && !who.devices.empty())
    return refuse(status::invalid, "not_joined", path + "/devices", "a user without a team member has no devices");
  return std::nullopt;
}

refusal arrival::person(const exported_user& who, const std::string& path) {
  if (auto no = standing(who, path)) return no;
  if (facts_.find<&user::id>(who.user_id) || !users_.emplace(who.user_id, &who).second)
    return already_there(path + "/user_id", "user " + to_text(who.user_id));
  if (auto no = login(who.login, path)) return no;
  if (who.external_ref && facts_.find<&user::tenant_id, &user::external_ref>(where_, who.external_ref))
    return already_there(path + "/external_ref", "\"" + *who.external_ref + "\"");
  out_.insert(user{.id = who.user_id,
                   .tenant_id = where_,
                   .identity_id = who.login.identity_id,
                   .member_id = who.login.identity_id,
                   .state = state_of(who.state),
                   .first_name = who.first_name,
                   .last_name = who.last_name,
                   .sort_name = text::sort_name(who.first_name, who.last_name),
                   .language = text::language_key(who.language),
                   .external_ref = who.external_ref,
                   .returns_to = who.returns_to ? std::optional(state_of(*who.returns_to)) : std::nullopt,
                   .created_at = who.created_at});
  if (who.last_active_at) {
    if (auto no = acceptable_activity(*who.last_active_at, with_.now, path + "/last_active_at")) return no;
    out_.insert(activity{.user_id = who.user_id, .tenant_id = where_, .last_active_at = *who.last_active_at});
  }
  if (auto no = authority(who.login, who.user_id, who.grants, who.flags, path)) return no;
  if (auto no = seats(who, path)) return no;
  if (auto no = outcome(who, path)) return no;
  if (auto no = line(who, path)) return no;
  return say(who.field_values, attribute_owner::user, to_text(who.user_id), path, who.user_id);
}

refusal arrival::seats(const exported_user& who, const std::string& path) {
  for (std::size_t n = 0; n < who.seats.size(); ++n) {
    const auto& s = who.seats[n];
    const auto at = entry(path + "/seats", n);
    if (auto no = known_package(s.package_id, at)) return no;
    if (!facts_.find<&seat_pool::tenant_id, &seat_pool::package_id>(where_, s.package_id))
      return refuse(status::invalid, "pool_missing", at + "/package_id", "the document has no pool of this package");
    const bool is_base = packages_.at(s.package_id)->kind == package_kind::base;
    const auto slot = is_base ? base_slot : any_id{s.package_id};
    if (facts_.find<&seat::user_id, &seat::slot>(who.user_id, slot))
      return refuse(status::invalid, "already_assigned", at + "/package_id",
                    "a user holds one base package at most, and an add-on once");
    out_.insert(seat{.user_id = who.user_id,
                     .slot = slot,
                     .tenant_id = where_,
                     .package_id = s.package_id,
                     .state = joins_later(who) ? seat_state::reserved : seat_state::used,
                     .since = s.held_since,
                     .by_rule = s.by_rule});
  }
  return std::nullopt;
}

/// A rule concerns whoever has joined and has its team role: then there is an outcome, and only then a seat by rule.
refusal arrival::outcome(const exported_user& who, const std::string& path) {
  const auto rule = joins_later(who) || who.team_members.empty()
                        ? fact<assignment_rule>{}
                        : facts_.find<&assignment_rule::tenant_id, &assignment_rule::team_role>(
                              where_, who.team_members.front().team_role);
  if (static_cast<bool>(rule) == who.assignments.empty())
    return state_invalid(path + "/assignments",
                         "must say what became of the rule where one concerns the user, else be empty");
  const bool gave = rule && who.assignments.front().state != assignment_state::conflict;
  for (std::size_t n = 0; n < who.seats.size(); ++n)
    if (who.seats[n].by_rule && !(gave && packages_.at(who.seats[n].package_id)->kind == package_kind::base))
      return state_invalid(entry(path + "/seats", n) + "/by_rule", "must be off: no rule gave this package");
  for (const auto& a : who.assignments) {
    if (a.team_role != rule->team_role || a.package_id != rule->package_id)
      return state_invalid(path + "/assignments/0", "must be of the rule for the user's team role");
    out_.insert(assignment{.user_id = who.user_id,
                           .tenant_id = where_,
                           .team_role = a.team_role,
                           .package_id = a.package_id,
                           .state = a.state,
                           .reason = a.reason.value_or(""),
                           .tried_at = a.tried_at});
  }
  return std::nullopt;
}

refusal arrival::line(const exported_user& who, const std::string& path) {
  for (const auto& m : who.team_members) {
    if (m.bridge_id && facts_.find<&team_member::bridge_id>(m.bridge_id))
      return already_there(path + "/team_members/0/bridge_id", "bridge " + *m.bridge_id);
    out_.insert(team_member{.user_id = who.user_id,
                            .tenant_id = where_,
                            .team_role = m.team_role,
                            .forwarding_number = m.forwarding_number,
                            .mobile = m.mobile,
                            .time_zone = m.time_zone,
                            .bridge_id = m.bridge_id});
  }
  for (std::size_t n = 0; n < who.extensions.size(); ++n) {
    const auto& e = who.extensions[n];
    if (facts_.find<&extension::tenant_id, &extension::number>(where_, e.extension))
      return already_there(entry(path + "/extensions", n) + "/extension", "extension " + e.extension);
    out_.insert(extension{
        .tenant_id = where_, .number = e.extension, .user_id = who.user_id, .international = e.international});
  }
  for (std::size_t n = 0; n < who.devices.size(); ++n) {
    const auto& d = who.devices[n];
    const auto at = entry(path + "/devices", n);
    const auto mac = d.mac ? std::optional(text::mac_key(*d.mac)) : std::nullopt;
    if (facts_.find<&device::user_id, &device::name>(who.user_id, d.name))
      return already_there(at + "/name", "\"" + d.name + "\"");
    if (mac && facts_.find<&device::tenant_id, &device::mac>(where_, mac))
      return already_there(at + "/mac", "a device with this address");
    out_.insert(device{.user_id = who.user_id,
                       .name = d.name,
                       .tenant_id = where_,
                       .description = d.description,
                       .model = d.model,
                       .mac = mac});
  }
  return std::nullopt;
}

refusal arrival::delegates() {
  for (std::size_t n = 0; n < from_.delegates.size(); ++n) {
    const auto& d = from_.delegates[n];
    const auto path = entry("/delegates", n);
    if (facts_.find<&delegate::id>(d.delegate_id))
      return already_there(path + "/delegate_id", "delegate " + to_text(d.delegate_id));
    if (auto no = login(d.login, path)) return no;
    out_.insert(delegate{.id = d.delegate_id,
                         .tenant_id = where_,
                         .identity_id = d.login.identity_id,
                         .state = d.state == access_state::active ? delegate_state::active : delegate_state::pending,
                         .first_name = d.first_name,
                         .last_name = d.last_name,
                         .language = text::language_key(d.language),
                         .invited_at = d.invited_at,
                         .review_at = d.review_at,
                         .lapses = d.lapses,
                         .ends_at = d.ends_at});
    if (auto no = authority(d.login, d.delegate_id, d.grants, d.flags, path)) return no;
  }
  return std::nullopt;
}

refusal arrival::numbers() {
  for (std::size_t n = 0; n < from_.dids.size(); ++n)
    if (auto no = number(from_.dids[n], entry("/dids", n))) return no;
  return std::nullopt;
}

refusal arrival::number(const exported_did& d, const std::string& path) {
  if (facts_.find<&did_claim::number>(d.direct_number)) return already_there(path + "/direct_number", d.direct_number);
  if ((d.use == did_use::direct) != d.user_id.has_value())
    return state_invalid(path + "/user_id", "must be given exactly where the use is direct");
  if (d.e911 && d.use == did_use::unassigned)
    return state_invalid(path + "/e911", "must be off: nobody calls from an unassigned number");
  if (d.order_key && facts_.find<&did::tenant_id, &did::order_key>(where_, d.order_key))
    return already_there(path + "/order_key", "\"" + *d.order_key + "\"");
  if (d.user_id) {
    const auto whose = users_.find(*d.user_id);
    if (whose == users_.end())
      return refuse(status::invalid, "user_unknown", path + "/user_id", "must be one of the document's users");
    const auto& members = whose->second->team_members;
    if (members.empty())
      return refuse(status::invalid, "not_joined", path + "/user_id", "must be a user who has a team member");
    if (members.front().forwarding_number == d.direct_number)
      return refuse(status::invalid, "forwarding_to_oneself", path + "/user_id",
                    "this user's calls are forwarded to the very number");
  }
  out_.insert(did_claim{.number = d.direct_number, .tenant_id = where_});
  out_.insert(did{.tenant_id = where_,
                  .number = d.direct_number,
                  .use = d.use,
                  .user_id = d.user_id,
                  .label = d.label.value_or(""),
                  .e911 = d.e911,
                  .order_key = d.order_key,
                  .added_at = d.added_at});
  return say(d.field_values, attribute_owner::did, d.direct_number, path, d.user_id);
}

/// After the extensions: the lowest that none of them is.
refusal arrival::range() {
  for (const auto& r : from_.extension_ranges) {
    number_range wanted{.tenant_id = where_, .first = r.first, .last = r.last};
    if (auto no = fill_range(facts_, wanted, "/extension_ranges/0")) return no;
    out_.insert(wanted);
  }
  return std::nullopt;
}

/// Last, with what the rest comes to.
refusal arrival::account() {
  tenant made{.id = where_,
              .container_id = there_.container_id,
              .name = from_.tenant.name,
              .created_at = from_.tenant.created_at};
  for (const auto& who : from_.users)
    for (const auto& g : who.grants) {
      const grant given{
          .scope_id = where_, .role_id = roles_.at(g.role).id, .starts_at = g.starts_at, .ends_at = g.ends_at};
      if (!keeps_tenant(given, state_of(who.state))) continue;
      ++made.administrators;
      if (from_.tenant.owner_user_id == who.user_id) made.owner_id = who.login.identity_id;
    }
  if (from_.tenant.owner_user_id && !made.owner_id)
    return refuse(status::invalid, "owner_invalid", "/tenant/owner_user_id",
                  "must be an active or invited administrator without limits of time");
  out_.insert(made);
  return std::nullopt;
}

} // namespace linecard
