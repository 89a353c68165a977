#include "arrival.hpp"

#include <linecard/model/billing.hpp>
#include <linecard/rules/authorize.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace linecard {

namespace {

/// A gift and how long it counts: weighed once, however many get it.
struct weighed_gift {
  decltype(permission_set::words) effect{};
  std::optional<instant> ends_at{};
  friend auto operator<=>(const weighed_gift&, const weighed_gift&) = default;
};

} // namespace

error already_there(std::string path, const std::string& what) {
  return refuse(status::conflict, "already_there", std::move(path),
                what + " is there already, in this directory or earlier in the document");
}

error state_invalid(std::string path, std::string message) {
  return refuse(status::invalid, "state_invalid", std::move(path), std::move(message));
}

arrival::arrival(snapshot& facts, const ingredients& with, changes& out, const import_tenant& document)
    : facts_(facts),
      with_(with),
      out_(out),
      from_(document),
      where_(document.tenant.tenant_id),
      there_{with.who.in.platform_id, with.who.in.container_id, where_} {}

refusal arrival::settle() {
  if (from_.format != export_format)
    return refuse(status::invalid, "format_unknown", "/format",
                  "must be " + std::to_string(export_format) + ", as this version of linecard writes it");
  if (auto no = may_bring_all()) return no;
  if (auto no = account_is_new()) return no;
  for (const auto step : {&arrival::packages, &arrival::pools, &arrival::company, &arrival::values, &arrival::roles,
                          &arrival::gifts, &arrival::people, &arrival::delegates, &arrival::numbers, &arrival::range})
    if (auto no = (this->*step)()) return no;
  return account();
}

/// Each part is as much as its own commands.
refusal arrival::may_bring_all() {
  using enum permission;
  const auto abroad = [](const auto& who) {
    return std::ranges::any_of(who.extensions, &exported_extension::international);
  };
  const auto trusted = [](const auto& who) { return !who.grants.empty() || !who.flags.empty(); };
  const auto reported = [](const auto& who) { return who.last_active_at.has_value(); };
  const auto seated = [](const auto& who) { return !who.seats.empty(); };
  using std::ranges::any_of;
  const std::tuple<bool, permission, std::string_view> parts[]{
      {!from_.enabled_services.empty(), service_manage, "/enabled_services"},
      {!from_.offers.empty(), offer_manage, "/offers"},
      {!from_.pools.empty(), seat_pool_manage, "/pools"},
      {!from_.subscriptions.empty(), seat_pool_manage, "/subscriptions"},
      {!from_.assignment_rules.empty(), license_assign, "/assignment_rules"},
      {!from_.roles.empty(), role_manage, "/roles"},
      {!from_.access_notices.empty(), notice_publish, "/access_notices"},
      {!from_.extension_ranges.empty(), number_configure, "/extension_ranges"},
      {!from_.field_values.empty(), company_configure, "/field_values"},
      {!from_.users.empty(), user_manage, "/users"},
      {any_of(from_.users, seated), license_assign, "/users"},
      {any_of(from_.users, reported), activity_report, "/users"},
      {any_of(from_.users, trusted), grant_manage, "/users"},
      {any_of(from_.users, abroad), international_manage, "/users"},
      {!from_.delegates.empty(), delegate_manage, "/delegates"},
      {!from_.dids.empty(), number_provision, "/dids"},
      {any_of(from_.dids, &exported_did::e911), e911_manage, "/dids"}};
  for (const auto& [there, needed, path] : parts)
    if (there)
      if (auto no = also_needs(facts_, with_, needed, path)) return no;
  return std::nullopt;
}

refusal arrival::account_is_new() {
  if (facts_.find<&tenant::id>(where_)) return already_there("/tenant/tenant_id", "tenant " + to_text(where_));
  if (facts_.find<&tenant::container_id, &tenant::name>(there_.container_id, from_.tenant.name))
    return already_there("/tenant/name", "a tenant named \"" + from_.tenant.name + "\"");
  return std::nullopt;
}

/// Packages are the platform's: one that is there stays as it is, and must be what the tenant agreed to.
refusal arrival::packages() {
  for (std::size_t n = 0; n < from_.packages.size(); ++n) {
    const auto& p = from_.packages[n];
    const auto path = entry("/packages", n);
    if (!packages_.emplace(p.package_id, &p).second)
      return already_there(path + "/package_id", "package " + to_text(p.package_id));
    if (const auto sku = facts_.find<&package::id>(p.package_id)) {
      exported_package known{.package_id = sku->id};
      contents_of(facts_, known);
      const auto same = [](const auto& a, const auto& b) { return a.feature == b.feature && a.setting == b.setting; };
      if (sku->name != p.name || sku->kind != p.kind || sku->price_minor != p.price_minor ||
          sku->number_price_minor != p.number_price_minor || sku->currency != p.currency ||
          known.services != p.services || !std::ranges::equal(known.features, p.features, same))
        return refuse(status::conflict, "package_differs", path,
                      "this directory has the package \"" + sku->name +
                          "\" with another name, price or content; make the document agree with it");
      continue;
    }
    if (auto no = also_needs(facts_, with_, permission::package_manage, path)) return no;
    if (auto no = define(p, path)) return no;
  }
  return std::nullopt;
}

refusal arrival::define(const exported_package& p, const std::string& path) {
  // The very checks of a new package, which may also be one that is retired.
  const define_package as{.name = p.name,
                          .kind = p.kind,
                          .price_minor = p.price_minor,
                          .currency = p.currency,
                          .features = p.features,
                          .services = p.services,
                          .number_price_minor = p.number_price_minor};
  if (auto no = place_package(facts_, out_, p.package_id, as, p.created_at)) {
    no->path = path + no->path;
    return no;
  }
  auto& made = out_.edit(facts_.find<&package::id>(p.package_id));
  made.state = p.state;
  return std::nullopt;
}

refusal arrival::known_package(id_of<package> id, const std::string& path) const {
  if (packages_.contains(id)) return std::nullopt;
  return refuse(status::invalid, "package_unknown", path + "/package_id",
                "the document does not say what package this is; put it into packages");
}

refusal arrival::pools() {
  std::map<id_of<package>, std::pair<std::int32_t, std::int32_t>> held;
  for (const auto& who : from_.users)
    for (const auto& s : who.seats) ++(joins_later(who) ? held[s.package_id].second : held[s.package_id].first);
  for (std::size_t n = 0; n < from_.pools.size(); ++n) {
    const auto& p = from_.pools[n];
    const auto path = entry("/pools", n);
    if (auto no = known_package(p.package_id, path)) return no;
    if (facts_.find<&seat_pool::tenant_id, &seat_pool::package_id>(where_, p.package_id))
      return already_there(path + "/package_id", "a pool of " + to_text(p.package_id));
    const auto& currency = packages_.at(p.package_id)->currency;
    if (!from_.subscriptions.empty() && from_.subscriptions.front().currency != currency)
      return refuse(status::conflict, "currency_differs", path + "/package_id",
                    "this package is priced in " + currency + ", and the tenant pays in " +
                        from_.subscriptions.front().currency);
    const auto [used, reserved] = held[p.package_id];
    const auto& pool = out_.insert(seat_pool{.tenant_id = where_,
                                             .package_id = p.package_id,
                                             .purchased = p.purchased,
                                             .used = used,
                                             .reserved = reserved,
                                             .overage = p.overage,
                                             .included = p.included,
                                             .purchase_limit = p.purchase_limit,
                                             .charging = p.charging,
                                             .grace_seats = p.grace_seats,
                                             .grace_percent = p.grace_percent});
    if (room_of(pool).value_or(0) < 0)
      return refuse(status::conflict, "below_use", path + "/purchased",
                    std::to_string(used + reserved) + " users of the document hold this package");
  }
  return std::nullopt;
}

refusal arrival::company() {
  for (std::size_t n = 0; n < from_.enabled_services.size(); ++n) {
    const auto& s = from_.enabled_services[n];
    if (facts_.find<&service::tenant_id, &service::name>(where_, s.service))
      return already_there(entry("/enabled_services", n) + "/service", "\"" + s.service + "\"");
    out_.insert(service{.tenant_id = where_, .name = s.service, .enabled_at = s.enabled_at});
  }
  for (std::size_t n = 0; n < from_.offers.size(); ++n) {
    const auto& o = from_.offers[n];
    const auto path = entry("/offers", n);
    if (auto no = known_package(o.package_id, path)) return no;
    if (facts_.find<&offer::tenant_id, &offer::package_id>(where_, o.package_id))
      return already_there(path + "/package_id", "an offer of " + to_text(o.package_id));
    out_.insert(offer{.tenant_id = where_, .package_id = o.package_id, .offered_at = o.offered_at});
  }
  for (std::size_t n = 0; n < from_.assignment_rules.size(); ++n) {
    const auto& r = from_.assignment_rules[n];
    const auto path = entry("/assignment_rules", n);
    if (auto no = known_package(r.package_id, path)) return no;
    if (packages_.at(r.package_id)->kind != package_kind::base)
      return refuse(status::invalid, "not_a_base_package", path + "/package_id", "a rule gives a base package");
    if (facts_.find<&assignment_rule::tenant_id, &assignment_rule::team_role>(where_, r.team_role))
      return already_there(path + "/team_role", "a rule for \"" + r.team_role + "\"");
    out_.insert(assignment_rule{
        .tenant_id = where_, .team_role = r.team_role, .package_id = r.package_id, .made_at = r.made_at});
  }
  const auto& policy = from_.tenant_policy;
  out_.insert(tenant_policy{.tenant_id = where_,
                            .suspended_seats = policy.suspended_seats,
                            .restore_days = policy.restore_days,
                            .undo_days = policy.undo_days});
  for (const auto& s : from_.subscriptions)
    out_.insert(subscription{.tenant_id = where_,
                             .currency = s.currency,
                             .statement_day = s.statement_day,
                             .time_zone = s.time_zone,
                             .number_price_minor = s.number_price_minor,
                             .agreed_at = s.agreed_at});
  for (const auto& n : from_.access_notices) {
    if (n.least_version > n.notice_version)
      return state_invalid("/access_notices/0/least_version", "must not be later than notice_version");
    out_.insert(access_notice{.scope_id = where_,
                              .notice_version = n.notice_version,
                              .least_version = n.least_version,
                              .text = n.text,
                              .terms_link = n.terms_link,
                              .published_at = n.published_at});
  }
  return std::nullopt;
}

refusal arrival::roles() {
  std::map<std::string_view, std::int32_t> uses;
  for (const auto& who : from_.users)
    for (const auto& g : who.grants) ++uses[g.role];
  for (const auto& who : from_.delegates)
    for (const auto& g : who.grants) ++uses[g.role];
  for (std::size_t n = 0; n < from_.roles.size(); ++n) {
    const auto& r = from_.roles[n];
    const auto path = entry("/roles", n);
    if (built_in(r.role_id) || facts_.find<&role::id>(r.role_id))
      return already_there(path + "/role_id", "role " + to_text(r.role_id));
    if (role_name_taken(facts_, there_, r.name))
      return already_there(path + "/name", "a role named \"" + r.name + "\"");
    role_powers powers;
    if (auto no = read_powers(facts_, r.permissions, r.restricted, path, powers)) return no;
    if (auto no = may_shape(facts_, with_.who, powers, with_.now, path + "/permissions")) return no;
    out_.insert(
        role{.id = r.role_id, .scope_id = where_, .name = r.name, .grants = uses[r.name], .created_at = r.created_at});
    write_powers(out_, r.role_id, r.permissions, r.restricted);
  }
  return std::nullopt;
}

refusal arrival::values() { return say(from_.field_values, attribute_owner::tenant, "", "", {}); }

refusal arrival::find_granted(const std::string& name, const std::string& path) {
  if (roles_.contains(name)) return std::nullopt;
  named_role found;
  if (auto no = find_role(facts_, there_, name, path, found.id)) return no;
  found.powers = powers_of(facts_, found.id);
  roles_.emplace(name, found);
  return std::nullopt;
}

/// All of them before any grant is made: the actor gives nothing on the strength of the document.
refusal arrival::gifts() {
  std::set<weighed_gift> weighed;
  const auto weigh = [&](const auto& grants, const auto& flags, bool delegated, const std::string& path) -> refusal {
    permission_set unlocked;
    for (std::size_t n = 0; n < flags.size(); ++n) {
      unlocked.add(guarded_by(flags[n].flag));
      if (auto no = may_hand_on(flags[n].flag, entry(path + "/flags", n) + "/flag")) return no;
    }
    for (std::size_t n = 0; n < grants.size(); ++n) {
      const auto& g = grants[n];
      const auto at = entry(path + "/grants", n) + "/role";
      if (auto no = find_granted(g.role, at)) return no;
      const auto& powers = roles_.at(g.role).powers;
      if (delegated)
        if (auto no = may_be_delegated(facts_, g.role, powers, at)) return no;
      const auto effect = powers.plain | (powers.restricted & unlocked);
      if (!weighed.insert({effect.words, g.ends_at}).second) continue;
      const gift given{.powers = {.plain = effect}, .ends_at = g.ends_at};
      if (auto no = may_give(facts_, with_.who, given, with_.now, at)) return no;
    }
    return std::nullopt;
  };
  for (std::size_t n = 0; n < from_.users.size(); ++n)
    if (auto no = weigh(from_.users[n].grants, from_.users[n].flags, false, entry("/users", n))) return no;
  for (std::size_t n = 0; n < from_.delegates.size(); ++n)
    if (auto no = weigh(from_.delegates[n].grants, from_.delegates[n].flags, true, entry("/delegates", n))) return no;
  return std::nullopt;
}

refusal arrival::may_hand_on(flag given, const std::string& path) {
  const auto holds = [&](const auto& h) { return h->flag == given && with_.who.in.within(h->scope_id); };
  if (!with_.who.system && std::ranges::none_of(facts_.list<&held_flag::identity_id>(with_.who.identity_id), holds))
    return refuse(status::denied, "flag_not_held", path,
                  "only who holds " + std::string(word(given)) + " here may give it");
  return may_give(facts_, with_.who, {.powers = {.plain = {guarded_by(given)}}}, with_.now, path);
}

refusal import_tenant::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return arrival(facts, with, out, *this).settle();
}

} // namespace linecard
