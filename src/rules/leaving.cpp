#include <linecard/rules/leaving.hpp>

#include <linecard/rules/administrators.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/rules/seats.hpp>

namespace linecard {

void take_away(snapshot& facts, changes& out, const user& leaving) {
  for (const auto& held : facts.list<&seat::user_id>(leaving.id)) release_seat(facts, out, held);
  // By holder: the same person may have come back as another user since.
  for (const auto& given : facts.list<&grant::identity_id>(leaving.identity_id)) {
    if (given->holder_id != any_id{leaving.id}) continue;
    if (keeps_tenant(*given, leaving.state)) drop_administrator(facts, out, leaving.tenant_id, leaving.identity_id);
    count_use(facts, out, given->role_id, -1);
    out.erase(given);
  }
  for (const auto& flag : facts.list<&held_flag::identity_id>(leaving.identity_id))
    if (flag->holder_id == any_id{leaving.id}) out.erase(flag);
  for (const auto& line : facts.list<&extension::user_id>(leaving.id)) out.erase(line);
}

} // namespace linecard
