#include <linecard/rules/standing.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/line.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/erasing.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/passwords.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/email.hpp>

#include <algorithm>

namespace linecard {

namespace {

refusal find_login(snapshot& facts, const std::string& email, fact<identity>& into) {
  into = facts.find<&identity::email>(text::email_key(email));
  return into ? refusal{}
              : refuse(status::not_found, "identity_unknown", "/email", "there is no identity with this e-mail");
}

refusal leaves_an_operator(snapshot& facts, const ingredients& with, id_of<identity> who) {
  const auto held = facts.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(
      who, any_id{with.who.in.platform_id}, role_id_of(built_in_role::operator_));
  return held && keeps_platform(*held) ? keeps_an_operator(facts, with, who, "/email") : refusal{};
}

refusal not_suspended(std::string_view path) {
  return refuse(status::conflict, "not_suspended", path, "only who is suspended can be resumed");
}

} // namespace

refusal suspend_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state == user_state::suspended) return std::nullopt;
  if (auto no = may_end(facts, with, *who, "suspends")) return no;
  if (administrator_grant(facts, *who))
    if (auto no = remove_administrator(facts, with, out, who->identity_id, "/user_id")) return no;
  if (policy_of(facts, who->tenant_id).suspended_seats == suspended_seats::free) {
    note_suspended(facts, with, out, who->id);
    for (const auto& held : facts.list<&seat::user_id>(who->id)) release_seat(facts, out, held);
  }
  auto& edited = out.edit(who);
  edited.returns_to = edited.state;
  edited.state = user_state::suspended;
  return std::nullopt;
}

refusal resume_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state != user_state::suspended) return not_suspended("/user_id");
  if (auto no = may_return(facts, with, who->identity_id, "/user_id")) return no;
  if (administrator_grant(facts, *who)) add_administrator(facts, out, with.tenant_id(), who->identity_id);
  auto& edited = out.edit(who);
  edited.state = edited.returns_to.value_or(user_state::active);
  edited.returns_to.reset();
  if (const auto member = facts.find<&team_member::user_id>(who->id))
    follow_rule(facts, with, out, *who, member->team_role);
  return std::nullopt;
}

refusal suspend_identity::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<identity> who;
  if (auto no = find_login(facts, email, who)) return no;
  if (who->state == identity_state::suspended) return std::nullopt;
  if (who->id == with.who.identity_id)
    return refuse(status::conflict, "own_identity", "/email", "nobody suspends themselves; somebody else can");
  if (auto no = may_manage(facts, with.who, who->id, with.now, "/email")) return no;
  if (auto no = leaves_an_operator(facts, with, who->id)) return no;
  end_everything(facts, out, who->id);
  out.edit(who).state = identity_state::suspended;
  return std::nullopt;
}

refusal resume_identity::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<identity> who;
  if (auto no = find_login(facts, email, who)) return no;
  if (who->state != identity_state::suspended) return not_suspended("/email");
  if (auto no = may_return(facts, with, who->id, "/email")) return no;
  out.edit(who).state = identity_state::active;
  return std::nullopt;
}

refusal delete_identity::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<identity> who;
  if (auto no = find_login(facts, email, who)) return no;
  if (who->id == with.who.identity_id)
    return refuse(status::conflict, "own_identity", "/email", "nobody deletes themselves; somebody else can");
  if (auto no = may_manage(facts, with.who, who->id, with.now, "/email")) return no;
  if (auto no = leaves_an_operator(facts, with, who->id)) return no;
  const auto users = facts.list<&user::member_id>(std::optional(who->id));
  const auto delegations = std::ranges::count_if(facts.list<&delegate::identity_id>(who->id),
                                                 [](const auto& d) { return d->state != delegate_state::removed; });
  if (!users.empty() || delegations != 0)
    return refuse(status::conflict, "identity_in_use", "/email",
                  "still somebody's (user in tenants: " + std::to_string(users.size()) + ", delegate in tenants: " +
                      std::to_string(delegations) + "); delete the user and remove the delegate there first");
  for (const auto& g : facts.list<&grant::identity_id>(who->id)) {
    count_use(facts, out, g->role_id, -1);
    out.erase(g);
  }
  for (const auto& flag : facts.list<&held_flag::identity_id>(who->id)) out.erase(flag);
  end_login(facts, out, who);
  return std::nullopt;
}

bool has_a_place(snapshot& facts, id_of<identity> who, instant now) {
  const auto users = facts.list<&user::member_id>(std::optional(who));
  const auto delegations = facts.list<&delegate::identity_id>(who);
  const auto grants = facts.list<&grant::identity_id>(who);
  return std::ranges::any_of(users, [](const auto& u) { return u->state == user_state::active; }) ||
         std::ranges::any_of(delegations, [&](const auto& d) { return state_at(*d, now) == delegate_state::active; }) ||
         std::ranges::any_of(grants, [&](const auto& g) {
           return !narrow<tenant>(g->scope_id) && (!g->starts_at || *g->starts_at <= now) &&
                  (!g->ends_at || now < *g->ends_at);
         });
}

refusal replace_owner::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  const auto login = facts.find<&identity::id>(who->identity_id);
  if (who->state != user_state::active || login->state != identity_state::active || !administrator_grant(facts, *who))
    return refuse(status::conflict, "not_an_administrator", "/user_id",
                  "the owner must be an active administrator of the tenant, without an end date; grant that first");
  const auto where = facts.find<&tenant::id>(with.tenant_id());
  if (where->owner_id != who->identity_id) out.edit(where).owner_id = who->identity_id;
  return std::nullopt;
}

} // namespace linecard
