#include <linecard/rules/authorize.hpp>

#include <linecard/model/credential.hpp>
#include <linecard/model/identity.hpp>
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
  if (const auto member = facts_.find<&user::tenant_id, &user::identity_id>(in_.tenant_id, id_))
    return member->state == user_state::active ? allowed : user_inactive;
  const auto let_in = facts_.find<&delegate::tenant_id, &delegate::identity_id>(in_.tenant_id, id_);
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
  return plain || unlocked(needed) ? allowed : flag_missing;
}

verdict authority::on(permission needed) {
  if (!who_) return {identity_unknown};
  if (who_->state != identity_state::active) return {identity_suspended};
  verdict nearest{no_grant};
  for (const auto& g : grants())
    if (const auto found = weigh(g, needed); found > nearest.reason)
      nearest = {found, g.granted, delegated(*g.granted)};
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
  if (who.session_id) expected.one<&session::id>(who.session_id);
  if (who.in.tenant_id) expected.one<&user::tenant_id, &user::identity_id>(who.in.tenant_id, who.identity_id);
}

result<verdict> authorize(snapshot& facts, const acting& who, permission needed, instant now) {
  if (who.system) return verdict{allowed};
  if (who.visitor) {
    if (needed == permission::anybody) return verdict{allowed};
    return refuse(status::denied, "permission_missing", "", "a visitor holds nothing: sign in first");
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
  if (!found.allowed()) return permission_missing(facts, who.in, needed, found);
  return found;
}

error permission_missing(snapshot& facts, const scope& in, permission needed, const verdict& why) {
  return refuse(status::denied, "permission_missing", "", sentence(facts, why, needed, in));
}

std::string sentence(snapshot& facts, const verdict& v, permission p, const scope& in) {
  const auto what = permission_name(facts, p);
  const auto role = v.by ? "role " + role_name(facts, v.by->role_id) + " at " + to_text(v.by->scope_id) : std::string{};
  const auto until = [&](const std::optional<instant>& at) {
    return at ? text::rfc3339(at->milliseconds) : std::string{};
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
  case flag_missing:
    for (const auto f : every_flag)
      if (guarded_by(f) == p) why = role + " has it restricted, and the flag " + std::string(word(f)) + " is missing";
    break;
  case allowed:
    return "holds " + what + " in " + to_text(in.id()) + " by the " + role;
  }
  return "does not hold " + what + " in " + to_text(in.id()) + ": " + why;
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
  for (const auto at : {now, given.ends_at ? *given.ends_at + -1 : for_ever}) {
    const auto lacking = wanted - effective(facts, who.identity_id, who.in, at);
    if (!lacking.empty())
      return refuse(status::denied, "role_exceeds_own", path,
                    "it would give " + permission_name(facts, lacking.first()) +
                        ", which the actor does not hold here" + (at == now ? "" : " for as long"));
  }
  return std::nullopt;
}

refusal may_manage(snapshot& facts, const acting& who, id_of<identity> target, instant now, std::string_view path) {
  if (who.system || who.identity_id == target) return std::nullopt;
  const auto beyond = effective(facts, target, who.in, now) - effective(facts, who.identity_id, who.in, now);
  if (beyond.empty()) return std::nullopt;
  return refuse(status::denied, "target_exceeds_own", path,
                "that person holds " + permission_name(facts, beyond.first()) + " here, which the actor does not");
}

} // namespace linecard
