#include <linecard/rules/handing_over.hpp>

#include <linecard/rules/authorize.hpp>

#include <algorithm>

namespace linecard {

refusal find_successor(snapshot& facts, id_of<user> id, id_of<user> of, std::string_view path, fact<user>& into) {
  into = facts.find<&user::id>(id);
  if (!into || into->state == user_state::deleted)
    return refuse(status::not_found, "successor_unknown", path, "there is no such user in this tenant");
  if (id == of)
    return refuse(status::conflict, "successor_is_the_user", path, "what somebody has cannot pass to the same person");
  if (into->state != user_state::active)
    return refuse(status::conflict, "successor_not_active", path,
                  "only an active user can take it over; this one is " + std::string(word(into->state)));
  return std::nullopt;
}

refusal may_move_numbers(snapshot& facts, const ingredients& with, id_of<user> of, std::string_view path) {
  if (auto no = also_needs(facts, with, permission::number_configure, path)) return no;
  if (std::ranges::any_of(facts.list<&extension::user_id>(of), [](const auto& line) { return line->international; }))
    return also_needs(facts, with, permission::international_manage, path);
  return std::nullopt;
}

void pass_numbers(snapshot& facts, changes& out, id_of<user> from, id_of<user> to) {
  for (const auto& line : facts.list<&extension::user_id>(from)) out.edit(line).user_id = to;
  for (const auto& number : facts.list<&did::user_id>(std::optional(from))) out.edit(number).user_id = to;
}

refusal rings_elsewhere(snapshot& facts, const user& successor, std::string_view path) {
  const auto member = facts.find<&team_member::user_id>(successor.id);
  if (!member || !member->forwarding_number) return std::nullopt;
  const auto own = facts.find<&did::tenant_id, &did::number>(successor.tenant_id, *member->forwarding_number);
  if (!own || own->user_id != successor.id) return std::nullopt;
  return refuse(status::conflict, "forwarding_to_oneself", path,
                "calls are forwarded to " + own->number + ", which would be the user's own; clear that first");
}

} // namespace linecard
