#include <linecard/rules/administrators.hpp>

#include <linecard/model/organisation.hpp>
#include <linecard/rules/authorize.hpp>

namespace linecard {

bool keeps_tenant(const grant& g, user_state member) {
  return g.role_id == role_id_of(built_in_role::administrator) && narrow<tenant>(g.scope_id) && !g.starts_at &&
         !g.ends_at && (member == user_state::active || member == user_state::invited);
}

void add_administrator(snapshot& facts, changes& out, id_of<tenant> where, id_of<identity> who) {
  auto& changed = out.edit(facts.find<&tenant::id>(where));
  ++changed.administrators;
  if (!changed.owner_id) changed.owner_id = who;
}

refusal can_lose_administrator(snapshot& facts, id_of<tenant> where, id_of<identity> who, std::string_view path) {
  const auto found = facts.find<&tenant::id>(where);
  if (found->owner_id == who)
    return refuse(status::conflict, "owner_needs_support", path,
                  "this is the account's owner; the operator's support replaces an owner (replace_owner)");
  if (found->administrators <= 1)
    return refuse(status::conflict, "last_administrator", path,
                  "this is the tenant's last administrator; make another one first");
  return std::nullopt;
}

refusal remove_administrator(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                             std::string_view path) {
  if (auto no = can_lose_administrator(facts, with.tenant_id(), who, path)) return no;
  --out.edit(facts.find<&tenant::id>(with.tenant_id())).administrators;
  return std::nullopt;
}

} // namespace linecard
