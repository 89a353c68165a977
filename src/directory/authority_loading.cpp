#include "authority_loading.hpp"

#include "each_row.hpp"

#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/roles.hpp>

#include <algorithm>
#include <unordered_map>

namespace linecard {

namespace {

struct placed {
  id_of<identity> who{};
  membership in{};
};

std::unordered_map<std::uint64_t, role_powers> every_role(snapshot& facts) {
  std::unordered_map<std::uint64_t, role_powers> roles;
  for (const auto& r : facts.list<&role::id>()) roles.emplace(r->id.value, powers_of(facts, r->id));
  return roles;
}

} // namespace

principal_facts facts_about(snapshot& facts, id_of<identity> who) {
  principal_facts out{.id = who};
  const auto login = facts.find<&identity::id>(who);
  out.active = login && login->state == identity_state::active;
  if (!out.active) return out;
  for (const auto& held : facts.list<&held_flag::identity_id>(who)) out.flags.push_back(*held);
  for (const auto& g : facts.list<&grant::identity_id>(who)) {
    out.roles.push_back({g->scope_id, powers_of(facts, g->role_id), g->starts_at, g->ends_at});
    const auto in = narrow<tenant>(g->scope_id);
    if (!in || std::ranges::find(out.memberships, in, &membership::tenant_id) != out.memberships.end()) continue;
    if (const auto member = facts.find<&user::member_id, &user::tenant_id>(who, in)) {
      out.memberships.push_back(membership_of(*member));
    } else if (const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(who, in)) {
      const auto notice = facts.find<&access_notice::scope_id>(let_in->notice_scope_id);
      out.memberships.push_back(membership_of(*let_in, notice ? &*notice : nullptr));
    }
  }
  return out;
}

void load_authority(transaction& in, snapshot& facts, instant now, authority_view& into) {
  each_row<container, &container::id>(in, [&](const container& row) { into.place(row.id); });
  each_row<tenant, &tenant::id, &tenant::container_id>(
      in, [&](const tenant& row) { into.place(row.id, row.container_id); });
  const auto defined = every_role(facts);
  const auto powers = [&](id_of<role> id) {
    if (const auto* known = built_in(id)) return known->powers;
    const auto found = defined.find(id.value);
    return found == defined.end() ? role_powers{} : found->second;
  };

  std::vector<grant> grants;
  each_row<grant, &grant::identity_id, &grant::scope_id, &grant::role_id, &grant::starts_at, &grant::ends_at>(
      in, [&](const grant& row) { grants.push_back(row); });
  std::ranges::sort(grants, {}, &grant::identity_id);
  std::vector<held_flag> flags;
  each_row<held_flag, &held_flag::identity_id, &held_flag::scope_id, &held_flag::flag>(
      in, [&](const held_flag& row) { flags.push_back(row); });
  std::ranges::sort(flags, {}, &held_flag::identity_id);

  std::vector<placed> places;
  each_row<user, &user::tenant_id, &user::member_id, &user::state>(in, [&](const user& row) {
    if (row.member_id) places.push_back({*row.member_id, membership_of(row)});
  });
  for (const auto& let_in : facts.list<&delegate::id>()) {
    const auto notice = facts.find<&access_notice::scope_id>(let_in->notice_scope_id);
    places.push_back({let_in->identity_id, membership_of(*let_in, notice ? &*notice : nullptr)});
  }
  // A user of the tenant is no delegate of it, whatever else stands there: users come first.
  std::ranges::sort(places, {}, [](const placed& p) { return std::pair(p.who, p.in.delegated); });

  std::vector<id_of<identity>> active; // in ascending order, as the key is
  each_row<identity, &identity::id, &identity::state>(in, [&](const identity& row) {
    if (row.state == identity_state::active) active.push_back(row.id);
  });

  std::size_t principals = 0;
  for (std::size_t n = 0; n < grants.size(); ++n)
    if (n == 0 || grants[n].identity_id != grants[n - 1].identity_id) ++principals;
  into.reserve(principals);
  principal_facts one;
  std::size_t grant_at = 0, flag_at = 0, place_at = 0, active_at = 0;
  while (grant_at < grants.size()) {
    one.id = grants[grant_at].identity_id;
    one.roles.clear(), one.flags.clear(), one.memberships.clear();
    one.active = !part_of(active, active_at, one.id, [](auto id) { return id; }).empty();
    for (const auto& g : part_of(grants, grant_at, one.id, [](const auto& g) { return g.identity_id; }))
      one.roles.push_back({g.scope_id, powers(g.role_id), g.starts_at, g.ends_at});
    for (const auto& f : part_of(flags, flag_at, one.id, [](const auto& f) { return f.identity_id; }))
      one.flags.push_back(f);
    for (const auto& p : part_of(places, place_at, one.id, [](const auto& p) { return p.who; }))
      one.memberships.push_back(p.in);
    into.put(one, now);
  }
}

} // namespace linecard
