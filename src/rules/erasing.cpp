#include <linecard/rules/erasing.hpp>

#include <linecard/model/attribute.hpp>
#include <linecard/model/audit.hpp>
#include <linecard/model/authority.hpp>
#include <linecard/model/billing.hpp>
#include <linecard/model/delegate.hpp>
#include <linecard/model/handover.hpp>
#include <linecard/model/line.hpp>
#include <linecard/rules/attributes.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/mailing.hpp>

#include <algorithm>

namespace linecard {

namespace {

/// Does the tenant know the login by another user or delegate still?
bool known_here(snapshot& facts, const departure& gone, const identity& login) {
  if (facts.find<&user::member_id, &user::tenant_id>(login.id, gone.tenant_id)) return true;
  const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(login.id, gone.tenant_id);
  if (let_in && let_in->state != delegate_state::removed) return true;
  return login.restorable != 0 &&
         std::ranges::any_of(facts.list<&departure::tenant_id>(gone.tenant_id), [&](const auto& other) {
           return other->user_id != gone.user_id && other->identity_id == login.id;
         });
}

} // namespace

void erase_values(snapshot& facts, changes& out, any_id person, any_id chain) {
  for (const auto& value : facts.list<&audit_value::subject_id>(person)) {
    if ((chain && value->scope_id != chain) || !(value->salt || value->personal_value)) continue;
    auto& gone = out.edit(value);
    gone.salt.reset();
    gone.personal_value.reset();
  }
  out.forget(person, chain);
}

void end_departure(snapshot& facts, changes& out, const fact<departure>& left) {
  const auto whose = left->identity_id;
  out.erase(left);
  if (const auto login = facts.find<&identity::id>(whose)) --out.edit(login).restorable;
}

void end_replacement(snapshot& facts, changes& out, const fact<replacement>& done) {
  for (const auto& item : facts.list<&replaced_item::replacement_id>(done->id)) out.erase(item);
  out.erase(done);
}

void end_login(snapshot& facts, changes& out, const fact<identity>& who) {
  withdraw(facts, out, facts.list<&message::identity_id>(who->id));
  strip_login(facts, out, who->id);
  auto& edited = out.edit(who);
  edited.state = identity_state::deleted;
  edited.email = to_text(who->id); // no address, so nobody is found by it
  edited.email_as_given.clear();
}

void erase_person(snapshot& facts, const ingredients& with, changes& out, const fact<departure>& left) {
  const auto gone = *left;
  end_departure(facts, out, left);
  if (const auto member = facts.find<&team_member::user_id>(gone.user_id)) out.erase(member);
  for (const auto& phone : facts.list<&device::user_id>(gone.user_id)) out.erase(phone);
  if (const auto seen = facts.find<&activity::user_id>(gone.user_id)) out.erase(seen);
  drop_attributes(facts, out, gone.user_id);
  for (const auto& done : facts.list<&replacement::tenant_id>(gone.tenant_id)) // their items hold numbers forwarded to
    if (done->user_id == gone.user_id || done->successor_id == gone.user_id) end_replacement(facts, out, done);
  if (const auto who = facts.find<&user::id>(gone.user_id)) out.erase(who); // where it is the host's, that stays
  erase_values(facts, out, gone.user_id, {});

  const auto login = facts.find<&identity::id>(gone.identity_id);
  if (!login) return;
  const bool nobodys = login->places == 0 && login->restorable == 0 && login->state != identity_state::deleted &&
                       !holds_a_grant(facts, login->id, with.now) &&
                       facts.list<&held_flag::identity_id>(login->id).empty();
  if (nobodys) end_login(facts, out, login);
  if (nobodys || login->state == identity_state::deleted)
    erase_values(facts, out, login->id, {});
  else if (!known_here(facts, gone, *login)) // where its letters went is told beside this tenant's chain, too
    erase_values(facts, out, login->id, with.who.in.id());
}

} // namespace linecard
