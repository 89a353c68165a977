#include <linecard/rules/leaving.hpp>

#include <linecard/model/billing.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/attributes.hpp>
#include <linecard/rules/backup_address.hpp>
#include <linecard/rules/challenges.hpp>
#include <linecard/rules/erasing.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/rules/seats.hpp>

#include <algorithm>

namespace linecard {

void take_away(snapshot& facts, const ingredients& with, changes& out, const user& leaving) {
  for (const auto& held : facts.list<&seat::user_id>(leaving.id)) release_seat(facts, out, held);
  end_assignment(facts, out, leaving.id);
  // By holder: the same person may have come back as another user since.
  for (const auto& given : facts.list<&grant::identity_id>(leaving.identity_id)) {
    if (given->holder_id != any_id{leaving.id}) continue;
    if (keeps_tenant(*given, leaving.state)) drop_administrator(facts, out, leaving.tenant_id, leaving.identity_id);
    count_use(facts, out, given->role_id, -1);
    out.erase(given);
  }
  for (const auto& flag : facts.list<&held_flag::identity_id>(leaving.identity_id))
    if (flag->holder_id == any_id{leaving.id}) out.erase(flag);
  for (const auto& line : facts.list<&extension::user_id>(leaving.id)) free_extension(facts, out, line);
  void_invitation(facts, out, leaving);
  revoke(facts, out, challenge_purpose::password_reset, leaving.id);
  if (leaving.state != user_state::deleted) leave_place(facts, with, out, leaving.identity_id);
}

void clear_away(snapshot& facts, const ingredients& with, changes& out, const user& gone) {
  take_away(facts, with, out, gone);
  for (const auto& phone : facts.list<&device::user_id>(gone.id)) out.erase(phone);
  if (const auto member = facts.find<&team_member::user_id>(gone.id)) out.erase(member);
  for (const auto& number : facts.list<&did::user_id>(std::optional(gone.id))) release_number(facts, out, number);
  if (const auto seen = facts.find<&activity::user_id>(gone.id)) out.erase(seen);
  drop_attributes(facts, out, gone.id);
  if (const auto left = facts.find<&departure::user_id>(gone.id)) end_departure(facts, out, left);
  erase_values(facts, out, gone.id, {}); // nobody could ask for it later: the row is gone
}

void release_number(snapshot& facts, changes& out, const fact<did>& number) {
  drop_attributes(facts, out, *number, said_of::user);
  auto& free = out.edit(number);
  free.use = did_use::unassigned;
  free.user_id.reset();
  free.label.clear();
  free.e911 = false;
}

bool holds_a_grant(snapshot& facts, id_of<identity> who, instant now) {
  return std::ranges::any_of(facts.list<&grant::identity_id>(who),
                             [&](const auto& given) { return !given->ends_at || now < *given->ends_at; });
}

void leave_place(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who) {
  const auto login = facts.find<&identity::id>(who);
  if (!login) return;
  --out.edit(login).places;
  if (login->places == 0 && !holds_a_grant(facts, who, with.now)) strip_login(facts, out, who);
}

void enter_place(snapshot& facts, changes& out, const fact<identity>& who) {
  ++out.edit(who).places;
  drop_unproved(facts, out, who->id);
}

void drop_unproved(snapshot& facts, changes& out, id_of<identity> who) {
  const auto kept = facts.find<&credential::identity_id>(who);
  if (kept && kept->password_hash && !kept->mailbox_proved) strip_login(facts, out, who);
}

void strip_login(snapshot& facts, changes& out, id_of<identity> who) {
  if (const auto kept = facts.find<&credential::identity_id>(who)) out.erase(kept);
  revoke(facts, out, challenge_purpose::password_reset, who);
  drop_backup_address(facts, out, who);
  end_everything(facts, out, who); // a tenant does not see the links that the person asked for: the epoch voids them
}

void close_session(snapshot& facts, changes& out, const fact<session>& open) {
  revoke(facts, out, challenge_purpose::sign_in_code, open->id);
  if (const auto used = facts.find<&session_use::session_id>(open->id)) out.erase(used);
  out.erase(open);
}

void close_sessions(snapshot& facts, changes& out, id_of<identity> who) {
  for (const auto& open : facts.list<&session::identity_id>(who)) close_session(facts, out, open);
}

} // namespace linecard
