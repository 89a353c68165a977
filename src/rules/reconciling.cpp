#include <linecard/rules/reconciling.hpp>

#include <linecard/model/organisation.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/fold.hpp>

namespace linecard {

namespace {

/// Everything of a user's whose row is gone. That this may be the tenant's last administrator is no reason to refuse:
/// since the row went, nobody has had that right (I11), and an operator can name another.
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
}

} // namespace

refusal reconcile::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto moved = facts.drifted<&user::tenant_id>(static_cast<std::uint32_t>(limit), with.tenant_id());
  const auto now = facts.each<&user::id>(moved, [](const auto& was) { return was.row->id; });
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const auto& who = now[i];
    out.take_over(who, moved[i]);
    if (!who)
      take_away(facts, out, *moved[i].row);
    else if (auto key = text::sort_name(who->first_name, who->last_name); key != who->sort_name)
      out.edit(who).sort_name = std::move(key);
  }
  return std::nullopt;
}

} // namespace linecard
