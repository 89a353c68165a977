#include <linecard/rules/authorize.hpp>

#include <linecard/model/credential.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/model/user.hpp>
#include <linecard/text/time.hpp>

#include <algorithm>
#include <limits>

namespace linecard {

using enum verdict_reason;

authority::authority(snapshot& facts, id_of<identity> who, const scope& in, instant at)
    : facts_(facts), id_(who), in_(in), at_(at), who_(facts.find<&identity::id>(who)) {}

std::vector<authority::weighed>& authority::grants() {
  if (grants_) return *grants_;
  grants_.emplace();
  if (who_ && who_->state == identity_state::active)
    for (const auto& g : facts_.list<&grant::identity_id>(id_))
      if (in_.within(g->scope_id)) grants_->push_back({g, powers_of(facts_, g->role_id), flaw_of(*g)});
  return *grants_;
}

verdict_reason authority::flaw_of(const grant& g) {
  if (g.ends_at && at_ >= *g.ends_at) return no_longer_valid;
  if (g.starts_at && at_ < *g.starts_at) return not_yet_valid;
  return g.scope_id == any_id{in_.tenant_id} ? membership() : allowed;
}

verdict_reason authority::membership() {
  if (!membership_) membership_ = read_membership();
  return *membership_;
}

verdict_reason authority::read_membership() {
  if (const auto member = facts_.find<&user::member_id, &user::tenant_id>(id_, in_.tenant_id))
    return member->state == user_state::active ? allowed : user_inactive;
  const auto let_in = facts_.find<&delegate::identity_id, &delegate::tenant_id>(id_, in_.tenant_id);
  if (!let_in) return user_inactive;
  by_delegation_ = true;
  if (let_in->state == delegate_state::pending) return delegation_pending;
  if (state_at(*let_in, at_) != delegate_state::active) return delegation_lapsed;
  const auto notice = facts_.find<&access_notice::scope_id>(let_in->notice_scope_id);
  return notice && acknowledges(*let_in, *notice) ? allowed : delegation_unacknowledged;
}

bool authority::delegated(const grant& g) const { return by_delegation_ && g.scope_id == any_id{in_.tenant_id}; }

bool authority::unlocked(permission restricted) {
  if (!unlocked_) {
    unlocked_.emplace();
    for (const auto& held : facts_.list<&held_flag::identity_id>(id_))
      if (in_.within(held->scope_id)) unlocked_->add(guarded_by(held->flag));
  }
  return unlocked_->has(restricted);
}

verdict_reason authority::weigh(const weighed& g, permission needed) {
  const bool plain = g.powers.plain.has(needed);
  if (!plain && !g.powers.restricted.has(needed)) return role_lacks_it;
  if (g.flaw != allowed) return g.flaw;
  if (delegated(*g.granted) && never_delegated().has(needed)) return delegation_excludes_it;
  return plain || unlocked(needed) ? allowed : flag_needed;
}

verdict authority::on(permission needed) {
  if (!who_ || who_->state == identity_state::deleted) return {identity_unknown};
  if (who_->state != identity_state::active) return {identity_suspended};
  verdict nearest{no_grant};
  for (const auto& g : grants())
    if (const auto found = weigh(g, needed); found > nearest.reason)
      nearest = {found, g.granted, found == allowed && !g.powers.plain.has(needed), delegated(*g.granted)};
  return nearest;
}

permission_set authority::effective() {
  permission_set held;
  for (const auto& g : grants())
    for (auto open = (g.powers.plain | g.powers.restricted) - held; !open.empty(); open.remove(open.first()))
      if (weigh(g, open.first()) == allowed) held.add(open.first());
  return held;
}

permission_set effective(snapshot& facts, id_of<identity> who, const scope& in, instant at) {
  return authority(facts, who, in, at).effective();
}

void foresee_authority(const acting& who, expectations& expected) {
  if (who.system || who.visitor) return;
  expected.one<&identity::id>(who.identity_id);
  expected.list<&grant::identity_id>(who.identity_id);
  if (who.in.tenant_id) expected.one<&user::member_id, &user::tenant_id>(who.identity_id, who.in.tenant_id);
  if (who.session_id) expected.one<&session::id>(who.session_id);
}

result<verdict> authorize(snapshot& facts, const acting& who, permission needed, instant now) {
  if (who.system) return verdict{allowed};
  if (needed == permission::nobody)
    return refuse(status::denied, "permission_denied", "", "only the directory itself does this");
  if (who.visitor) {
    if (needed == permission::anybody) return verdict{allowed};
    return refuse(status::denied, "permission_denied", "", "a visitor holds nothing: sign in first");
  }
  authority held(facts, who.identity_id, who.in, now);
  if (held.who() && held.who()->session_epoch != who.session_epoch)
    return refuse(status::denied, "actor_expired", "",
                  "this actor was opened before its sign-ins were ended; open it again");
  if (who.session_id) {
    const auto signed_in = facts.find<&session::id>(who.session_id);
    if (!signed_in || signed_in->state != session_state::live || now >= signed_in->ends_at)
      return refuse(status::denied, "session_over", "", "this sign-in has ended; sign in again");
  }
  if (needed == permission::anybody && held.who() && held.who()->state == identity_state::active)
    return verdict{allowed};
  const auto found = held.on(needed);
  if (!found.allowed()) return permission_denied(facts, who.in, needed, found);
  return found;
}

refusal also_needs(snapshot& facts, const ingredients& with, permission needed, std::string_view path) {
  if (with.who.system) return std::nullopt;
  const auto found = authority(facts, with.who.identity_id, with.who.in, with.now).on(needed);
  if (found.allowed()) return std::nullopt;
  auto no = permission_denied(facts, with.who.in, needed, found);
  no.path = path;
  return no;
}

error permission_denied(snapshot& facts, const scope& in, permission needed, const verdict& why) {
  return refuse(status::denied, "permission_denied", "", sentence(facts, why, needed, in));
}

namespace {

/// As a person would say it; the id where the scope is not to be seen from here.
std::string scope_name(snapshot& facts, any_id id) {
  if (const auto where = narrow<tenant>(id))
    if (const auto found = facts.find<&tenant::id>(where)) return "tenant \"" + found->name + "\"";
  if (const auto where = narrow<container>(id))
    if (const auto found = facts.find<&container::id>(where)) return "container \"" + found->name + "\"";
  return narrow<platform>(id) ? "the platform" : to_text(id);
}

} // namespace

std::string sentence(snapshot& facts, const verdict& v, permission p, const scope& in) {
  const auto what = permission_name(facts, p);
  const auto where = scope_name(facts, in.id());
  const auto role =
      v.by ? "role \"" + role_name(facts, v.by->role_id) + "\" at " + scope_name(facts, v.by->scope_id) : std::string{};
  const auto until = [&](const std::optional<instant>& at) {
    return at ? text::rfc3339(at->milliseconds) : std::string{};
  };
  const auto flag = [&] {
    const auto guard = guard_of(p);
    return guard ? std::string(word(*guard)) : std::string{};
  };
  std::string why;
  switch (v.reason) {
  case identity_unknown:
    why = "there is no such identity";
    break;
  case identity_suspended:
    why = "the identity is suspended";
    break;
  case no_grant:
    why = "it holds no grant there or above";
    break;
  case role_lacks_it:
    why = role + " does not have it";
    break;
  case no_longer_valid:
    why = "the grant of " + role + " ended at " + until(v.by->ends_at);
    break;
  case not_yet_valid:
    why = "the grant of " + role + " begins at " + until(v.by->starts_at);
    break;
  case user_inactive:
    why = role + " counts only while its user there is active";
    break;
  case delegation_pending:
    why = "the delegation for " + role + " is still pending";
    break;
  case delegation_lapsed:
    why = "the delegation for " + role + " has lapsed";
    break;
  case delegation_unacknowledged:
    why = "the access notice for the delegation has a newer version that was not acknowledged";
    break;
  case delegation_excludes_it:
    why = "no delegation gives it";
    break;
  case flag_needed:
    why = role + " has it restricted, and the flag " + flag() + " is missing";
    break;
  case allowed:
    return "holds " + what + " in " + where + " by the " + role + (v.by_flag ? " with the flag " + flag() : "");
  }
  return "does not hold " + what + " in " + where + ": " + why;
}

refusal may_give(snapshot& facts, const acting& who, const gift& given, instant now, std::string_view path) {
  if (who.system) return std::nullopt;
  constexpr instant for_ever{std::numeric_limits<std::int64_t>::max()};
  auto wanted = given.powers.plain;
  for (const auto& held : facts.list<&held_flag::identity_id>(given.to)) {
    const auto p = guarded_by(held->flag);
    // Good here, or possibly in a scope below; a tenant has none, and learns nothing of flags held elsewhere (I9).
    const bool counts = !who.in.tenant_id || who.in.within(held->scope_id);
    if (counts && given.powers.restricted.has(p)) wanted.add(p);
  }
  // The actor's own authority is least where one of its grants has just ended.
  const auto last = given.ends_at ? *given.ends_at + -1 : for_ever;
  std::vector<instant> moments{now, last};
  for (const auto& own : facts.list<&grant::identity_id>(who.identity_id))
    if (own->ends_at && *own->ends_at > now && *own->ends_at < last) moments.push_back(*own->ends_at);
  for (const auto at : moments) {
    const auto lacking = wanted - effective(facts, who.identity_id, who.in, at);
    if (!lacking.empty())
      return refuse(status::denied, "role_exceeds_own", path,
                    "it would give " + permission_name(facts, lacking.first()) +
                        ", which the actor does not hold here" + (at == now ? "" : " for as long"));
  }
  return std::nullopt;
}

refusal may_shape(snapshot& facts, const acting& who, const role_powers& powers, instant now, std::string_view path) {
  return may_give(facts, who, {.powers = {.plain = powers.plain | powers.restricted}}, now, path);
}

permission_set dormant(snapshot& facts, id_of<identity> who, const scope& in, instant now) {
  const auto reached = [&](any_id scope_id) {
    if (in.within(scope_id)) return true;
    if (in.tenant_id) return false;
    if (!in.container_id) return true; // everything is below the platform
    const auto below = narrow<tenant>(scope_id) ? facts.find<&tenant::id>(narrow<tenant>(scope_id)) : fact<tenant>{};
    return below && below->container_id == in.container_id;
  };
  permission_set held, unlocked;
  for (const auto& flag : facts.list<&held_flag::identity_id>(who))
    if (reached(flag->scope_id)) unlocked.add(guarded_by(flag->flag));
  for (const auto& g : facts.list<&grant::identity_id>(who)) {
    if (!reached(g->scope_id) || (g->ends_at && now >= *g->ends_at)) continue;
    const auto powers = powers_of(facts, g->role_id);
    held = held | powers.plain | (powers.restricted & unlocked);
  }
  return held;
}

refusal may_return(snapshot& facts, const ingredients& with, id_of<identity> who, std::string_view path) {
  return may_give(facts, with.who, {who, {.plain = dormant(facts, who, with.who.in, with.now)}, {}}, with.now, path);
}

refusal may_manage(snapshot& facts, const acting& who, id_of<identity> target, instant now, std::string_view path) {
  if (who.system || who.identity_id == target) return std::nullopt;
  const auto beyond = dormant(facts, target, who.in, now) - effective(facts, who.identity_id, who.in, now);
  if (beyond.empty()) return std::nullopt;
  return refuse(status::denied, "target_exceeds_own", path,
                "that person has been given " + permission_name(facts, beyond.first()) +
                    ", which the actor does not hold here");
}

refusal may_end(snapshot& facts, const ingredients& with, const user& who, std::string_view verb) {
  if (who.identity_id == with.who.identity_id)
    return refuse(status::conflict, "own_user", "/user_id",
                  "nobody " + std::string(verb) + " themselves; another administrator can");
  return may_manage(facts, with.who, who.identity_id, with.now, "/user_id");
}

} // namespace linecard
