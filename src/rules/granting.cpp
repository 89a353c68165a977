#include <linecard/rules/granting.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/principal.hpp>
#include <linecard/text/email.hpp>

#include <algorithm>
#include <limits>

namespace linecard {

namespace {

/// A role of the very scope acted in.
refusal find_own_role(snapshot& facts, const ingredients& with, const std::string& name, fact<role>& into) {
  if (std::ranges::any_of(built_in_roles(), [&](const auto& r) { return r.name == name; }))
    return refuse(status::conflict, "role_built_in", "/role",
                  "\"" + name + "\" is built in; define a role of your own");
  into = facts.find<&role::scope_id, &role::name>(with.who.in.id(), name);
  if (!into)
    return refuse(status::not_found, "role_unknown", "/role", "no role \"" + name + "\" was defined in this scope");
  return std::nullopt;
}

struct gift_of_role {
  principal to{};
  id_of<role> role_id{};
  fact<grant> held{};
};

/// What grant_role and revoke_role have in common: whom, and whether the actor may touch them.
refusal find_receiver(snapshot& facts, const ingredients& with, const std::optional<id_of<user>>& user_id,
                      const std::optional<std::string>& email, gift_of_role& into) {
  if (auto no = find_principal(facts, with, user_id, email, into.to)) return no;
  return may_manage(facts, with.who, into.to.identity_id, with.now, user_id ? "/user_id" : "/email");
}

/// Where a role above and one of the scope's own have the same name, that which is held.
fact<grant> held_by_name(snapshot& facts, id_of<identity> who, any_id scope_id, const std::string& name) {
  for (const auto& g : facts.list<&grant::identity_id>(who))
    if (g->scope_id == scope_id && role_name(facts, g->role_id) == name) return g;
  return {};
}

bool keeps(const gift_of_role& g, const grant& as) { return g.to.member && keeps_tenant(as, g.to.member->state); }

} // namespace

refusal register_permission::decide(snapshot& facts, const ingredients&, changes& out) const {
  if (built_in_permission(permission) != linecard::permission::nobody || permission == permission_names[0])
    return refuse(status::conflict, "permission_built_in", "/permission", "\"" + permission + "\" is built in");
  if (facts.find<&host_permission::name>(permission)) return std::nullopt;
  std::int32_t number = first_host_permission;
  for (const auto& other : facts.list<&host_permission::number>()) number = std::max(number, other->number + 1);
  if (number >= static_cast<std::int32_t>(most_permissions))
    return refuse(status::limit, "permissions_full", "/permission", "a host can register 192 permissions");
  out.insert(host_permission{.name = permission, .number = number, .about = description});
  return std::nullopt;
}

refusal define_role::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.who.in.id();
  if (role_name_taken(facts, with.who.in, name))
    return refuse(status::conflict, "name_taken", "/name",
                  "there is a role named \"" + name + "\" already, here or above; case and accents do not count");
  role_powers powers;
  if (auto no = read_powers(facts, permissions, restricted, "", powers)) return no;
  if (auto no = may_shape(facts, with.who, powers, with.now, "/permissions")) return no;
  const auto id = with.new_id<role>();
  out.insert(role{.id = id, .scope_id = where, .name = name, .created_at = with.now});
  write_powers(out, id, permissions, restricted);
  return std::nullopt;
}

refusal change_role::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<linecard::role> found;
  if (auto no = find_own_role(facts, with, role, found)) return no;
  role_powers powers;
  if (auto no = read_powers(facts, permissions, restricted, "", powers)) return no;
  const auto before = powers_of(facts, found->id);
  if (before == powers) return std::nullopt;
  if (auto no = may_shape(facts, with.who, before, with.now, "/role")) return no;
  if (auto no = may_shape(facts, with.who, powers, with.now, "/permissions")) return no;
  for (const auto& held : facts.list<&role_permission::role_id>(found->id)) {
    const auto p = permission_named(facts, held->permission);
    if (!powers.plain.has(p) && !powers.restricted.has(p))
      out.erase(held);
    else if (held->restricted != powers.restricted.has(p))
      out.edit(held).restricted = !held->restricted;
  }
  const auto add = [&](const std::vector<std::string>& names, bool guarded) {
    for (const auto& name : names)
      if (!(before.plain | before.restricted).has(permission_named(facts, name)))
        out.insert(role_permission{.role_id = found->id, .permission = name, .restricted = guarded});
  };
  add(permissions, false);
  add(restricted, true);
  return std::nullopt;
}

refusal delete_role::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<linecard::role> found;
  if (auto no = find_own_role(facts, with, role, found)) return no;
  if (found->grants > 0)
    return refuse(status::conflict, "role_in_use", "/role",
                  "\"" + role + "\" is still granted (grants: " + std::to_string(found->grants) + "); revoke it first");
  if (auto no = may_shape(facts, with.who, powers_of(facts, found->id), with.now, "/role")) return no;
  for (const auto& held : facts.list<&role_permission::role_id>(found->id)) out.erase(held);
  out.erase(found);
  return std::nullopt;
}

refusal grant_role::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (!with.tenant_id() && email && !facts.find<&identity::email>(text::email_key(*email)))
    out.insert(identity{.id = with.new_id<identity>(),
                        .email = text::email_key(*email),
                        .email_as_given = *email,
                        .language = "en",
                        .created_at = with.now});
  gift_of_role g;
  if (auto no = find_receiver(facts, with, user_id, email, g)) return no;
  if (auto no = find_role(facts, with.who.in, role, "/role", g.role_id)) return no;
  g.held =
      facts.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(g.to.identity_id, with.who.in.id(), g.role_id);
  if (ends_at && *ends_at <= std::max(with.now, starts_at.value_or(with.now)))
    return refuse(status::invalid, "ends_at_invalid", "/ends_at", "must lie in the future and after starts_at");
  const gift given{g.to.identity_id, powers_of(facts, g.role_id), ends_at};
  if (narrow<delegate>(g.to.holder_id))
    if (auto no = may_be_delegated(facts, role, given.powers, "/role")) return no;
  if (auto no = may_give(facts, with.who, given, with.now, "/role")) return no;

  const grant wanted{.id = g.held ? g.held->id : with.new_id<grant>(),
                     .identity_id = g.to.identity_id,
                     .holder_id = g.to.holder_id,
                     .scope_id = with.who.in.id(),
                     .role_id = g.role_id,
                     .starts_at = starts_at,
                     .ends_at = ends_at,
                     .granted_at = g.held ? g.held->granted_at : with.now};
  const bool kept = g.held && keeps(g, *g.held), keeping = keeps(g, wanted);
  if (kept && !keeping)
    if (auto no = remove_administrator(facts, with, out, g.to.identity_id, "/role")) return no;
  if (g.held && keeps_platform(*g.held) && !keeps_platform(wanted))
    if (auto no = keeps_an_operator(facts, with, g.to.identity_id, "/role")) return no;
  if (keeping && !kept) add_administrator(facts, out, with.tenant_id(), g.to.identity_id);
  if (!g.held) {
    if (!with.tenant_id()) drop_unproved(facts, out, g.to.identity_id);
    out.insert(wanted);
    count_use(facts, out, g.role_id, +1);
  } else if (g.held->starts_at != starts_at || g.held->ends_at != ends_at) {
    auto& edited = out.edit(g.held);
    edited.starts_at = starts_at;
    edited.ends_at = ends_at;
  }
  return std::nullopt;
}

refusal revoke_role::decide(snapshot& facts, const ingredients& with, changes& out) const {
  gift_of_role g;
  if (auto no = find_receiver(facts, with, user_id, email, g)) return no;
  g.held = held_by_name(facts, g.to.identity_id, with.who.in.id(), role);
  if (!g.held) return find_role(facts, with.who.in, role, "/role", g.role_id);
  if (keeps(g, *g.held))
    if (auto no = remove_administrator(facts, with, out, g.to.identity_id, "/role")) return no;
  if (keeps_platform(*g.held))
    if (auto no = keeps_an_operator(facts, with, g.to.identity_id, "/role")) return no;
  count_use(facts, out, g.held->role_id, -1);
  out.erase(g.held);
  return std::nullopt;
}

refusal give_flag::decide(snapshot& facts, const ingredients& with, changes& out) const {
  principal to;
  if (auto no = find_principal(facts, with, user_id, email, to)) return no;
  const std::string_view path = user_id ? "/user_id" : "/email";
  if (auto no = may_manage(facts, with.who, to.identity_id, with.now, path)) return no;
  if (!with.who.system) {
    const auto own = facts.list<&held_flag::identity_id>(with.who.identity_id);
    if (std::ranges::none_of(own, [&](const auto& h) { return h->flag == flag && with.who.in.within(h->scope_id); }))
      return refuse(status::denied, "flag_not_held", "/flag",
                    "only who holds " + std::string(word(flag)) + " here may give it");
  }
  const gift given{to.identity_id, {.plain = {guarded_by(flag)}}, {}};
  if (auto no = may_give(facts, with.who, given, with.now, "/flag")) return no;
  if (!facts.find<&held_flag::identity_id, &held_flag::scope_id, &held_flag::flag>(to.identity_id, with.who.in.id(),
                                                                                   flag))
    out.insert(held_flag{.id = with.new_id<held_flag>(),
                         .identity_id = to.identity_id,
                         .holder_id = to.holder_id,
                         .scope_id = with.who.in.id(),
                         .flag = flag,
                         .given_at = with.now});
  return std::nullopt;
}

refusal take_flag::decide(snapshot& facts, const ingredients& with, changes& out) const {
  principal from;
  if (auto no = find_principal(facts, with, user_id, email, from)) return no;
  if (auto no = may_manage(facts, with.who, from.identity_id, with.now, user_id ? "/user_id" : "/email")) return no;
  if (const auto held = facts.find<&held_flag::identity_id, &held_flag::scope_id, &held_flag::flag>(
          from.identity_id, with.who.in.id(), flag))
    out.erase(held);
  return std::nullopt;
}

} // namespace linecard
