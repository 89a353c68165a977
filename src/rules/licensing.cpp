#include <linecard/rules/licensing.hpp>

#include <linecard/model/audit.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/people.hpp>
#include <linecard/rules/seats.hpp>

#include <string>

namespace linecard {

namespace {

refusal assign(snapshot& facts, const ingredients& with, changes& out, id_of<user> user_id, id_of<package> package_id,
               std::string_view user_path) {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, user_path, holder)) return no;
  return place_seat(facts, with, out, *holder, package_id, "/package_id");
}

refusal change(snapshot& facts, const ingredients& with, changes& out, id_of<user> user_id, id_of<package> package_id,
               std::string_view user_path) {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, user_path, holder)) return no;
  const auto [held, sku] = facts.all(by<&seat::user_id, &seat::slot>(user_id, base_slot), by<&package::id>(package_id));
  if (!held)
    return refuse(status::conflict, "unassigned", user_path,
                  "the user holds no base package; assign_package gives one");
  if (held->package_id == package_id) return std::nullopt;
  if (sku && sku->kind == package_kind::add_on)
    return refuse(status::conflict, "not_a_base_package", "/package_id",
                  "\"" + sku->name + "\" is an add-on; assign_package adds it beside the base package");
  const bool by_rule = held->by_rule;
  release_seat(facts, out, held);
  if (auto no = place_seat(facts, with, out, *holder, package_id, "/package_id")) return no;
  if (by_rule) note_by_hand(facts, with, out, user_id);
  return std::nullopt;
}

refusal unassign(snapshot& facts, const ingredients& with, changes& out, id_of<user> user_id,
                 std::optional<id_of<package>> package_id, std::string_view user_path) {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, user_path, holder)) return no;
  auto held = facts.find<&seat::user_id, &seat::slot>(user_id, base_slot);
  if (package_id && !(held && held->package_id == *package_id))
    held = facts.find<&seat::user_id, &seat::slot>(user_id, any_id{*package_id});
  if (!held) return std::nullopt;
  const bool by_rule = held->by_rule;
  release_seat(facts, out, held);
  if (by_rule) note_by_hand(facts, with, out, user_id);
  return std::nullopt;
}

/// Asks for everybody at once, then moves one by one; the refusal's path says who.
template <class Move> refusal each_user(snapshot& facts, const std::vector<id_of<user>>& user_ids, Move move) {
  const auto self = [](auto id) { return id; };
  static_cast<void>(facts.each<&user::id>(user_ids, self));
  std::vector<by<&seat::user_id, &seat::slot>> seats;
  for (const auto id : user_ids) seats.emplace_back(id, base_slot);
  static_cast<void>(facts.find_each(std::span<const by<&seat::user_id, &seat::slot>>(seats)));
  for (std::size_t i = 0; i < user_ids.size(); ++i)
    if (auto no = move(user_ids[i], "/user_ids/" + std::to_string(i))) {
      // A pool that runs out is about this user: the index tells how many fitted.
      if (no->reason == "no_seat_left" || no->reason == "already_assigned") no->path = "/user_ids/" + std::to_string(i);
      return no;
    }
  return std::nullopt;
}

} // namespace

refusal assign_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return assign(facts, with, out, user_id, package_id, "/user_id");
}
refusal change_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return change(facts, with, out, user_id, package_id, "/user_id");
}
refusal unassign_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return unassign(facts, with, out, user_id, package_id, "/user_id");
}

refusal assign_packages::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return each_user(facts, user_ids,
                   [&](auto id, const auto& path) { return assign(facts, with, out, id, package_id, path); });
}
refusal change_packages::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return each_user(facts, user_ids,
                   [&](auto id, const auto& path) { return change(facts, with, out, id, package_id, path); });
}
refusal unassign_packages::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return each_user(facts, user_ids,
                   [&](auto id, const auto& path) { return unassign(facts, with, out, id, package_id, path); });
}

void assign_package::foresee(const ingredients& with, expectations& expected) const {
  foresee_seat(expected, with.tenant_id(), user_id, package_id);
}
void change_package::foresee(const ingredients& with, expectations& expected) const {
  foresee_seat(expected, with.tenant_id(), user_id, package_id);
}
void unassign_package::foresee(const ingredients& with, expectations& expected) const {
  foresee_seat(expected, with.tenant_id(), user_id, package_id);
}
void assign_packages::foresee(const ingredients& with, expectations& expected) const {
  for (const auto id : user_ids) foresee_seat(expected, with.tenant_id(), id, package_id);
}
void change_packages::foresee(const ingredients& with, expectations& expected) const {
  for (const auto id : user_ids) foresee_seat(expected, with.tenant_id(), id, package_id);
}
void unassign_packages::foresee(const ingredients& with, expectations& expected) const {
  for (const auto id : user_ids) foresee_seat(expected, with.tenant_id(), id, package_id);
}

refusal selectable_packages::ask(snapshot& facts, const ingredients& with, answer& into) const {
  for (const auto& sku : facts.list<&package::name>()) {
    auto& row = into.packages.emplace_back(selectable_package{.package_id = sku->id,
                                                              .name = sku->name,
                                                              .kind = sku->kind,
                                                              .price_minor = sku->price_minor,
                                                              .currency = sku->currency});
    const auto why = unavailable(facts, with.tenant_id(), sku->id, "");
    row.selectable = !why;
    if (why) row.reason = why->reason, row.message = why->message;
  }
  return std::nullopt;
}

refusal seat_pools::ask(snapshot& facts, const ingredients& with, answer& into) const {
  for (const auto& pool : facts.list<&seat_pool::tenant_id>(with.tenant_id()))
    into.pools.push_back({.package_id = pool->package_id,
                          .name = package_name(facts, pool->package_id),
                          .purchased = pool->purchased,
                          .used = pool->used,
                          .reserved = pool->reserved,
                          .free = pool->purchased - pool->used - pool->reserved,
                          .overage = pool->overage,
                          .room = room_of(*pool),
                          .included = pool->included,
                          .purchase_limit = pool->purchase_limit,
                          .charging = pool->charging,
                          .grace_seats = pool->grace_seats,
                          .grace_percent = pool->grace_percent});
  return std::nullopt;
}

refusal why_unassigned::ask(snapshot& facts, const ingredients& with, answer& into) const {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, "/user_id", holder)) return no;
  if (const auto held = facts.find<&seat::user_id, &seat::slot>(user_id, base_slot)) {
    into.assigned = true;
    into.reason = "assigned";
    into.message = "The user holds \"" + package_name(facts, held->package_id) + "\".";
    return std::nullopt;
  }
  selectable_packages::answer choices;
  if (auto no = selectable_packages{}.ask(facts, with, choices)) return no;
  for (const auto& choice : choices.packages) into.selectable += choice.selectable && choice.kind == package_kind::base;

  const std::string seat_key = R"("record":"seats","action":"erased","key":")" + to_text(user_id) + "\"";
  page newest{.after = {}, .limit = 500, .descending = true};
  const auto scope_id = any_id{with.tenant_id()};
  int pages = 0;
  for (; pages < 20; ++pages) {
    const auto entries = facts.list_page<&audit_entry::scope_id>(newest, scope_id);
    for (const auto& entry : entries)
      if (entry->details.find(seat_key) != std::string::npos) {
        into.reason = "taken";
        into.taken_at = entry->at;
        into.command = entry->command;
        into.message =
            "The package was taken by " + entry->command + " (audit entry " + std::to_string(entry->seq) + ").";
        return std::nullopt;
      }
    if (entries.size() < newest.limit) break;
    newest.after = {as_value(scope_id), as_value(entries.back()->seq)};
  }
  if (pages == 20) {
    into.reason = "unknown";
    into.message = "The newest 10,000 audit entries tell of no package taken from this user; older ones were not read.";
    return std::nullopt;
  }
  into.reason = "never_assigned";
  into.message =
      "No package has been assigned to this user; " + std::to_string(into.selectable) + " could be assigned now.";
  return std::nullopt;
}

refusal why_role_unchanged::ask(snapshot& facts, const ingredients&, answer& into) const {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, "/user_id", holder)) return no;
  const auto [held, member] =
      facts.all(by<&seat::user_id, &seat::slot>(user_id, base_slot), by<&team_member::user_id>(user_id));
  into.package = held ? package_name(facts, held->package_id) : std::string(unassigned);
  if (member) into.team_role = member->team_role;
  into.reason = member ? "separate_fields" : "no_team_member";
  into.message =
      member ? "The package and the team role are separate: assigning or changing a package never moves the team role."
             : "The user has not accepted the invitation yet, so there is no team member whose role could change.";
  return std::nullopt;
}

refusal entitled::ask(snapshot& facts, const ingredients&, answer& into) const {
  fact<user> holder;
  if (auto no = find_holder(facts, user_id, "/user_id", holder)) return no;
  for (const auto& held : facts.list<&seat::user_id>(user_id)) {
    if (held->state != seat_state::used) continue;
    const auto carried = facts.find<&package_feature::package_id, &package_feature::feature>(held->package_id, feature);
    if (!carried) continue;
    const bool given = entitles(*carried);
    if (given || !into.package_id) { // what another package refuses takes nothing away
      into.setting = carried->setting;
      into.package_id = held->package_id;
    }
    if (!given) continue;
    into.entitled = holder->state == user_state::active;
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace linecard
