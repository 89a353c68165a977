#include <linecard/rules/administrators.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/authorize.hpp>

namespace linecard {

bool keeps_tenant(const grant& g, user_state member) {
  return g.role_id == role_id_of(built_in_role::administrator) && narrow<tenant>(g.scope_id) && !g.starts_at &&
         !g.ends_at && (member == user_state::active || member == user_state::invited);
}

fact<grant> administrator_grant(snapshot& facts, const user& who) {
  const auto found = facts.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(
      who.identity_id, any_id{who.tenant_id}, role_id_of(built_in_role::administrator));
  return found && keeps_tenant(*found, user_state::active) ? found : fact<grant>{};
}

void add_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who) {
  auto& changed = out.edit(facts.find<&tenant::id>(where));
  ++changed.administrators;
  if (!changed.owner_id) changed.owner_id = who;
}

void drop_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who) {
  auto& changed = out.edit(facts.find<&tenant::id>(where));
  --changed.administrators;
  if (changed.owner_id == who) changed.owner_id = {}; // the next administrator is the owner
}

refusal keeps_another(snapshot& facts, const ingredients& with, id_of<identity> who, std::string_view path) {
  const auto where = facts.find<&tenant::id>(with.tenant_id());
  if (where->owner_id == who)
    return refuse(status::conflict, "owner_needs_support", path,
                  "this is the account's owner; the operator's support replaces an owner (replace_owner)");
  if (where->administrators <= 1)
    return refuse(status::conflict, "last_administrator", path,
                  "this is the tenant's last administrator; make another one first");
  return std::nullopt;
}

refusal remove_administrator(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                             std::string_view path) {
  if (auto no = keeps_another(facts, with, who, path)) return no;
  drop_administrator(facts, out, with.tenant_id(), who);
  return std::nullopt;
}

bool keeps_platform(const grant& g) {
  return g.role_id == role_id_of(built_in_role::operator_) && narrow<platform>(g.scope_id) && !g.starts_at &&
         !g.ends_at;
}

refusal keeps_an_operator(snapshot& facts, const ingredients& with, id_of<identity> who, std::string_view path) {
  for (const auto& g : facts.list<&grant::scope_id>(any_id{with.who.in.platform_id}))
    if (g->identity_id != who && keeps_platform(*g))
      if (const auto other = facts.find<&identity::id>(g->identity_id); other && other->state == identity_state::active)
        return std::nullopt;
  return refuse(status::conflict, "last_operator", path,
                "this is the platform's last operator without an end date; make another one first");
}

} // namespace linecard
