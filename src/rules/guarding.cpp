#include <linecard/rules/guarding.hpp>

#include <linecard/rules/seats.hpp>

#include <algorithm>
#include <utility>

namespace linecard {

std::vector<stranding_row> strandings_of(snapshot& facts, const did& number) {
  std::vector<stranding_row> found;
  const auto whose = number.user_id.value_or(id_of<user>{});
  if (whose) found.push_back({stranding_kind::did, number.number, whose});
  if (number.e911) found.push_back({stranding_kind::e911, number.number, whose});
  for (const auto& other : facts.list<&team_member::tenant_id, &team_member::forwarding_number>(
           number.tenant_id, std::optional(number.number)))
    if (other->user_id != whose) found.push_back({stranding_kind::forwarding, number.number, other->user_id});
  return found;
}

std::vector<stranding_row> strandings_of(snapshot& facts, const user& who) {
  std::vector<stranding_row> found;
  for (const auto& number : facts.list<&did::user_id>(std::optional(who.id)))
    for (auto& one : strandings_of(facts, *number)) found.push_back(std::move(one));
  return found;
}

refusal would_strand(const std::vector<stranding_row>& found, std::string_view path, std::string_view remedy) {
  if (found.empty()) return std::nullopt;
  std::string all;
  for (auto row = found.begin(); row != found.end();) {
    const auto end =
        std::find_if(row, found.end(), [&](const auto& r) { return r.direct_number != row->direct_number; });
    const auto has = [&](stranding_kind kind) { return std::ranges::count(row, end, kind, &stranding_row::kind); };
    if (!all.empty()) all += "; ";
    all += row->direct_number;
    std::string_view joint = " ";
    const auto add = [&](std::string_view what) { all += std::exchange(joint, ", "), all += what; };
    if (has(stranding_kind::did)) add("is a direct number");
    if (has(stranding_kind::e911)) add("has E911 switched on");
    if (const auto others = has(stranding_kind::forwarding))
      add("gets the forwarded calls of " + std::to_string(others) + (others == 1 ? " user" : " users"));
    row = end;
  }
  return refuse(status::conflict, "would_strand", path, all + ": " + std::string(remedy) + "; strandings lists them");
}

refusal strandings::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (user_id.has_value() == direct_number.has_value())
    return refuse(status::invalid, "one_key_needed", "", "give exactly one of user_id and direct_number");
  if (user_id) {
    fact<user> who;
    if (auto no = find_holder(facts, *user_id, "/user_id", who)) return no;
    into.strandings = strandings_of(facts, *who);
    return std::nullopt;
  }
  const auto known = facts.find<&did::tenant_id, &did::number>(with.tenant_id(), *direct_number);
  if (!known)
    return refuse(status::not_found, "did_unknown", "/direct_number",
                  "there is no such number in this tenant's inventory");
  into.strandings = strandings_of(facts, *known);
  return std::nullopt;
}

} // namespace linecard
