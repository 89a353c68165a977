#include <linecard/rules/leaving.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/rules/seats.hpp>

namespace linecard {

void take_away(snapshot& facts, changes& out, const user& gone) {
  for (const auto& held : facts.list<&seat::user_id>(gone.id)) release_seat(facts, out, held);
  for (const auto& given : facts.list<&grant::identity_id>(gone.identity_id)) {
    if (given->scope_id != any_id{gone.tenant_id}) continue;
    if (keeps_tenant(*given, gone.state)) {
      auto& where = out.edit(facts.find<&tenant::id>(gone.tenant_id));
      --where.administrators;
      if (where.owner_id == gone.identity_id) where.owner_id = {}; // the next administrator is the owner
    }
    count_use(facts, out, given->role_id, -1);
    out.erase(given);
  }
  for (const auto& flag : facts.list<&held_flag::identity_id>(gone.identity_id))
    if (flag->scope_id == any_id{gone.tenant_id}) out.erase(flag);
  for (const auto& line : facts.list<&extension::user_id>(gone.id)) out.erase(line);
  for (const auto& phone : facts.list<&device::user_id>(gone.id)) out.erase(phone);
  if (const auto member = facts.find<&team_member::user_id>(gone.id)) out.erase(member);
  void_invitation(facts, out, gone);
  if (const auto login = facts.find<&identity::id>(gone.identity_id)) --out.edit(login).places;
}

} // namespace linecard
