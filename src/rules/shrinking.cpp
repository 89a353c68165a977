#include <linecard/rules/shrinking.hpp>

#include <linecard/model/billing.hpp>
#include <linecard/model/line.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/time.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace linecard {

namespace {

struct pool_named {
  fact<package> sku{};
  fact<seat_pool> pool{};
};

refusal find_pool(snapshot& facts, id_of<tenant> where, id_of<package> package_id, pool_named& into) {
  std::tie(into.sku, into.pool) =
      facts.all(by<&package::id>(package_id), by<&seat_pool::tenant_id, &seat_pool::package_id>(where, package_id));
  if (!into.sku) return refuse(status::not_found, "package_unknown", "/package_id", "there is no such package");
  if (into.pool) return std::nullopt;
  return refuse(status::conflict, "pool_missing", "/package_id",
                "this tenant has no seats of \"" + into.sku->name + "\"; set_seat_pool purchases some");
}

/// How many must go if so many were purchased.
std::int64_t overhang(const seat_pool& pool, std::int32_t purchased) {
  auto smaller = pool;
  smaller.purchased = purchased;
  return std::max<std::int64_t>(0, -room_of(smaller).value_or(0));
}

struct holder {
  fact<seat> held{};
  fact<user> who{};
  std::optional<instant> last_active_at{};
  shrink_reason reason{};

  /// The greater, the less the seat is missed.
  [[nodiscard]] std::tuple<std::int64_t, std::int64_t, id_of<user>> order() const {
    const auto idle_since = last_active_at.value_or(held->since).milliseconds;
    const auto first = reason == shrink_reason::invited ? -who->created_at.milliseconds : idle_since;
    return {static_cast<std::int64_t>(reason), first, who->id};
  }
};

shrink_reason reason_for(const user& who, const std::set<id_of<identity>>& administrators, id_of<identity> owner) {
  if (who.identity_id == owner) return shrink_reason::owner;
  if (who.state == user_state::suspended) return shrink_reason::suspended;
  if (administrators.contains(who.identity_id)) return shrink_reason::administrator;
  return who.state == user_state::invited ? shrink_reason::invited : shrink_reason::idle;
}

std::vector<holder> holders(snapshot& facts, const seat_pool& pool) {
  const auto where = pool.tenant_id;
  std::set<id_of<identity>> administrators;
  for (const auto& g : facts.list<&grant::scope_id>(any_id{where}))
    if (keeps_tenant(*g, user_state::active)) administrators.insert(g->identity_id);
  std::map<id_of<user>, instant> active;
  for (const auto& a : facts.list<&activity::tenant_id>(where)) active.emplace(a->user_id, a->last_active_at);
  const auto owner = facts.find<&tenant::id>(where)->owner_id;

  const auto seats = facts.list<&seat::tenant_id, &seat::package_id>(where, pool.package_id);
  const auto people = facts.each<&user::id>(seats, [](const auto& s) { return s->user_id; });
  std::vector<holder> found;
  for (std::size_t n = 0; n < seats.size(); ++n) {
    auto& one = found.emplace_back(holder{.held = seats[n], .who = people[n]});
    if (const auto it = active.find(one.who->id); it != active.end()) one.last_active_at = it->second;
    one.reason = reason_for(*one.who, administrators, owner);
  }
  std::ranges::sort(found, {}, &holder::order);
  return found;
}

std::string date_of(instant at) { return text::rfc3339(at.milliseconds).substr(0, 10); }

std::string message_for(const holder& h) {
  const auto idle = h.last_active_at ? "last active on " + date_of(*h.last_active_at)
                                     : "no activity reported, has the seat since " + date_of(h.held->since);
  switch (h.reason) {
  case shrink_reason::invited:
    return "Invited on " + date_of(h.who->created_at) + " and not joined yet.";
  case shrink_reason::suspended:
    return "Suspended; " + idle + ".";
  case shrink_reason::administrator:
    return "An administrator; " + idle + ".";
  case shrink_reason::owner:
    return "The account's owner; " + idle + ".";
  case shrink_reason::idle:
    break;
  }
  return (h.last_active_at ? "Last active on " + date_of(*h.last_active_at)
                           : "No activity reported, has the seat since " + date_of(h.held->since)) +
         ".";
}

std::set<std::string> features_of(snapshot& facts, id_of<package> id) {
  std::set<std::string> given;
  for (const auto& carried : facts.list<&package_feature::package_id>(id))
    if (entitles(*carried)) given.insert(carried->feature);
  return given;
}

std::vector<std::string> lost_with(snapshot& facts, const seat& held) {
  auto lost = features_of(facts, held.package_id);
  for (const auto& other : facts.list<&seat::user_id>(held.user_id))
    if (other->package_id != held.package_id)
      for (const auto& kept : features_of(facts, other->package_id)) lost.erase(kept);
  return {lost.begin(), lost.end()};
}

} // namespace

refusal shrink_plan::ask(snapshot& facts, const ingredients& with, answer& into) const {
  pool_named found;
  if (auto no = find_pool(facts, with.tenant_id(), package_id, found)) return no;
  const auto& pool = *found.pool;
  into = {.package = found.sku->name,
          .purchased_before = pool.purchased,
          .purchased_after = purchased,
          .held = pool.used + pool.reserved,
          .lost_at = with.now};
  const auto needed = static_cast<std::size_t>(overhang(pool, purchased));
  if (needed == 0) return std::nullopt;
  auto losing = holders(facts, pool);
  losing.resize(std::min(losing.size(), needed));
  for (const auto& h : losing) {
    auto& row = into.losses.emplace_back(shrink_row{.user_id = h.who->id,
                                                    .name = h.who->first_name + " " + h.who->last_name,
                                                    .state = h.who->state,
                                                    .reason = h.reason,
                                                    .message = message_for(h),
                                                    .last_active_at = h.last_active_at,
                                                    .features_lost = lost_with(facts, *h.held)});
    if (found.sku->kind == package_kind::base)
      row.numbers_repriced = static_cast<std::int32_t>(facts.list<&did::user_id>(std::optional(h.who->id)).size());
  }
  return std::nullopt;
}

refusal shrink_pool::decide(snapshot& facts, const ingredients& with, changes& out) const {
  pool_named found;
  if (auto no = find_pool(facts, with.tenant_id(), package_id, found)) return no;
  const auto& sku = *found.sku;
  if (purchased > found.pool->purchased)
    return refuse(status::conflict, "not_smaller", "/purchased",
                  "must be at most the " + std::to_string(found.pool->purchased) +
                      " seats purchased now; set_seat_pool purchases more");
  if (!from_user_ids.empty())
    if (auto no = also_needs(facts, with, permission::license_assign, "/from_user_ids")) return no;
  const auto slot = sku.kind == package_kind::base ? base_slot : any_id{package_id};
  std::set<id_of<user>> gone;
  for (std::size_t n = 0; n < from_user_ids.size(); ++n) {
    const auto id = from_user_ids[n];
    const auto path = "/from_user_ids/" + std::to_string(n);
    if (!gone.insert(id).second)
      return refuse(status::invalid, "user_repeated", path, "this user stands twice; list each once");
    fact<user> who;
    if (auto no = find_holder(facts, id, path, who)) return no;
    const auto held = facts.find<&seat::user_id, &seat::slot>(id, slot);
    if (!held || held->package_id != package_id)
      return refuse(status::conflict, "not_a_holder", path, "this user has no seat of \"" + sku.name + "\"");
    const bool by_rule = held->by_rule;
    release_seat(facts, out, held);
    if (by_rule) note_by_hand(facts, with, out, id);
  }
  if (const auto more = overhang(*found.pool, purchased); more > 0)
    return refuse(status::conflict, "below_use", "/from_user_ids",
                  std::to_string(more) + " more " + (more == 1 ? "user" : "users") + " must lose \"" + sku.name +
                      "\" to leave " + std::to_string(purchased) + " seats; shrink_plan says who could");
  if (found.pool->purchased != purchased) out.edit(found.pool).purchased = purchased;
  return std::nullopt;
}

void shrink_pool::foresee(const ingredients& with, expectations& expected) const {
  for (const auto id : from_user_ids) foresee_seat(expected, with.tenant_id(), id, package_id);
}

} // namespace linecard
