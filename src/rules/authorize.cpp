#include <linecard/rules/authorize.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/model/user.hpp>

namespace linecard {

namespace {

permission_set effective_of(snapshot& facts, const fact<identity>& who, id_of<identity> id, const scope& in) {
  permission_set held{};
  if (!who || who->state != identity_state::active) return held;
  for (const auto& granted : facts.list<&grant::identity_id>(id)) {
    if (!in.within(granted->scope_id)) continue;
    if (granted->scope_id == any_id{in.tenant_id}) {
      const auto member = facts.find<&user::tenant_id, &user::identity_id>(in.tenant_id, id);
      if (!member || member->state != user_state::active) continue;
    }
    held = held | permissions_of(granted->role);
  }
  return held;
}

} // namespace

permission_set effective(snapshot& facts, id_of<identity> who, const scope& in) {
  return effective_of(facts, facts.find<&identity::id>(who), who, in);
}

void foresee_authority(const acting& who, expectations& expected) {
  if (who.system) return;
  expected.one<&identity::id>(who.identity_id);
  expected.list<&grant::identity_id>(who.identity_id);
  if (who.in.tenant_id) expected.one<&user::tenant_id, &user::identity_id>(who.in.tenant_id, who.identity_id);
}

refusal authorize(snapshot& facts, const acting& who, permission needed) {
  if (who.system) return std::nullopt;
  const auto actor = facts.find<&identity::id>(who.identity_id);
  if (actor && actor->session_epoch != who.session_epoch)
    return refuse(status::denied, "actor_expired", "",
                  "this actor was opened before its sign-ins were ended; open it again");
  if (effective_of(facts, actor, who.identity_id, who.in).has(needed)) return std::nullopt;
  return permission_missing(who, needed);
}

error permission_missing(const acting& who, permission needed) {
  return refuse(status::denied, "permission_missing", "",
                "the actor does not hold " + std::string(name_of(needed)) + " in " + to_text(who.in.id()));
}

refusal may_give(snapshot& facts, const acting& who, built_in_role role, std::string_view path) {
  if (who.system || effective(facts, who.identity_id, who.in).covers(permissions_of(role))) return std::nullopt;
  return refuse(status::denied, "role_exceeds_own", path,
                "the role " + std::string(word(role)) + " holds permissions that the actor does not hold here");
}

} // namespace linecard
