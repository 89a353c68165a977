#include <linecard/rules/explaining.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/principal.hpp>

#include <algorithm>
#include <set>

namespace linecard {

namespace {

std::vector<std::string> names_of(snapshot& facts, permission_set held) {
  std::vector<std::string> names;
  for (; !held.empty(); held.remove(held.first()))
    if (auto name = permission_name(facts, held.first()); !name.empty()) names.push_back(std::move(name));
  return names;
}

role_row row_of(snapshot& facts, std::string_view name, any_id scope_id, const role_powers& powers, bool built) {
  return {.role = std::string(name),
          .built_in = built,
          .scope_id = scope_id,
          .permissions = names_of(facts, powers.plain),
          .restricted = names_of(facts, powers.restricted)};
}

grant_row row_of(snapshot& facts, const grant& g, const scope& in) {
  grant_row row{
      .role = role_name(facts, g.role_id), .starts_at = g.starts_at, .ends_at = g.ends_at, .granted_at = g.granted_at};
  if (const auto login = facts.find<&identity::id>(g.identity_id)) row.email = login->email;
  if (in.tenant_id)
    if (const auto member = facts.find<&user::member_id, &user::tenant_id>(g.identity_id, in.tenant_id))
      row.user_id = member->id;
  if (const auto id = narrow<delegate>(g.holder_id)) row.delegate_id = id;
  for (const auto& held : facts.list<&held_flag::identity_id>(g.identity_id))
    if (in.within(held->scope_id) && std::ranges::find(row.flags, held->flag) == row.flags.end())
      row.flags.push_back(held->flag);
  return row;
}

refusal known_permission(snapshot& facts, const std::string& name, permission& into) {
  into = permission_named(facts, name);
  return into != permission::nobody
             ? refusal{}
             : refuse(status::not_found, "permission_unknown", "/permission",
                      "there is no permission \"" + name + "\"; the query permissions lists them");
}

} // namespace

refusal permissions::ask(snapshot& facts, const ingredients&, answer& into) const {
  for (std::size_t n = 1; n < permission_names.size(); ++n)
    into.permissions.push_back({.permission = std::string(permission_names[n]),
                                .flag = guard_of(static_cast<permission>(n)),
                                .number = static_cast<std::int32_t>(n)});
  for (const auto& own : facts.list<&host_permission::number>())
    into.permissions.push_back({.permission = own->name, .description = own->about, .number = own->number});
  return std::nullopt;
}

refusal roles::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto& in = with.who.in;
  for (const auto& r : built_in_roles())
    if (r.at == level_of(in)) into.roles.push_back(row_of(facts, r.name, any_id{in.platform_id}, r.powers, true));
  for (const auto scope_id : in.upwards()) {
    if (!scope_id) continue;
    for (const auto& r : facts.list<&role::scope_id>(scope_id))
      into.roles.push_back(row_of(facts, r->name, r->scope_id, powers_of(facts, r->id), false));
  }
  return std::nullopt;
}

refusal grants::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.who.in.id();
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) part.after = {as_value(where), as_value(*after)};
  const auto some = facts.list_page<&grant::scope_id>(part, where);
  for (std::size_t i = 0; i < some.size() && i < static_cast<std::size_t>(limit); ++i)
    into.grants.push_back(row_of(facts, *some[i], with.who.in));
  if (some.size() == part.limit) into.next = some[some.size() - 2]->id;
  return std::nullopt;
}

refusal who_can::ask(snapshot& facts, const ingredients& with, answer& into) const {
  auto wanted = linecard::permission::nobody;
  if (auto no = known_permission(facts, permission, wanted)) return no;
  const auto& in = with.who.in;
  std::set<id_of<identity>> seen;
  for (const auto scope_id : in.upwards()) {
    if (!scope_id) continue;
    for (const auto& g : facts.list<&grant::scope_id>(scope_id)) {
      if (seen.contains(g->identity_id)) continue;
      const auto found = authority(facts, g->identity_id, in, with.now).on(wanted);
      if (!found.allowed()) continue;
      seen.insert(g->identity_id);
      if (in.tenant_id && found.by->scope_id != any_id{in.tenant_id})
        ++into.above;
      else
        into.grants.push_back(row_of(facts, *found.by, in));
    }
  }
  return std::nullopt;
}

refusal what_can::ask(snapshot& facts, const ingredients& with, answer& into) const {
  principal who;
  if (auto no = find_principal(facts, with, user_id, email, who)) return no;
  into.permissions = names_of(facts, effective(facts, who.identity_id, with.who.in, with.now));
  return std::nullopt;
}

refusal explain::ask(snapshot& facts, const ingredients& with, answer& into) const {
  principal who;
  if (auto no = find_principal(facts, with, user_id, email, who)) return no;
  auto wanted = linecard::permission::nobody;
  if (auto no = known_permission(facts, permission, wanted)) return no;
  const auto found = authority(facts, who.identity_id, with.who.in, with.now).on(wanted);
  into.allowed = found.allowed();
  into.reason = found.reason;
  into.message = sentence(facts, found, wanted, with.who.in);
  if (found.by) {
    into.role = role_name(facts, found.by->role_id);
    into.scope_id = found.by->scope_id;
  }
  if (found.reason == verdict_reason::flag_needed || found.by_flag) into.flag = guard_of(wanted);
  return std::nullopt;
}

} // namespace linecard
