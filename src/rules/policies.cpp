#include <linecard/rules/policies.hpp>

namespace linecard {

tenant_policy policy_of(snapshot& facts, id_of<tenant> where) {
  const auto said = facts.find<&tenant_policy::tenant_id>(where);
  return said ? *said : tenant_policy{.tenant_id = where};
}

refusal set_tenant_policy::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto in_force = policy_of(facts, with.tenant_id());
  auto wanted = in_force;
  if (suspended_seats) wanted.suspended_seats = *suspended_seats;
  if (restore_days) wanted.restore_days = *restore_days;
  if (undo_days) wanted.undo_days = *undo_days;
  if (const auto said = facts.find<&tenant_policy::tenant_id>(with.tenant_id()))
    out.edit(said) = wanted;
  else if (wanted.suspended_seats != in_force.suspended_seats || wanted.restore_days != in_force.restore_days ||
           wanted.undo_days != in_force.undo_days)
    out.insert(wanted);
  return std::nullopt;
}

refusal tenant_policy_in_force::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto in_force = policy_of(facts, with.tenant_id());
  into = {in_force.suspended_seats, in_force.restore_days, in_force.undo_days};
  return std::nullopt;
}

} // namespace linecard
