#include <linecard/rules/activity.hpp>

#include "activity_report.hpp"

#include <linecard/rules/charging.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/seats.hpp>

#include <algorithm>
#include <map>

namespace linecard {

namespace {

constexpr std::int64_t clocks_apart = std::int64_t{5} * 60 * 1000; // the host's may be a little ahead

/// A seat that has a price and has been idle for long enough.
struct idle_seat {
  fact<seat> held{};
  fact<package> sku{};
  fact<activity> seen{};
  instant since{};
  std::int64_t saves_minor{};

  [[nodiscard]] auto order() const { return std::tuple{since, held->user_id, held->package_id}; }
  [[nodiscard]] std::string mark() const { return to_text(held->user_id) + " " + to_text(held->package_id); }
};

std::vector<idle_seat> idle_ones(snapshot& facts, id_of<tenant> where, std::optional<id_of<package>> only,
                                 instant then) {
  std::vector<idle_seat> found;
  // Read whole, in one go each, so that the price of a page does not grow with the number of its users.
  std::map<id_of<user>, fact<activity>> seen;
  for (const auto& one : facts.list<&activity::tenant_id>(where)) seen.emplace(one->user_id, one);
  const auto seats =
      only ? facts.list<&seat::tenant_id, &seat::package_id>(where, *only) : facts.list<&seat::tenant_id>(where);
  for (const auto& held : seats) {
    const auto sku = facts.find<&package::id>(held->package_id);
    if (!sku || sku->price_minor == 0) continue;
    const auto known = seen.find(held->user_id);
    const auto last = known == seen.end() ? fact<activity>{} : known->second;
    const auto since = last ? last->last_active_at : held->since;
    if (since <= then) found.push_back({.held = held, .sku = sku, .seen = last, .since = since});
  }
  std::ranges::sort(found, {}, &idle_seat::order);
  return found;
}

/// What the pool is charged less once this seat is given back.
std::int64_t reclaim(seat_pool& pool, seat_state state) {
  const auto before = charged_seats(pool);
  --(state == seat_state::used ? pool.used : pool.reserved);
  if (pool.charging == seat_charging::purchased && pool.purchased > 0) --pool.purchased;
  return before - charged_seats(pool);
}

void tell_savings(snapshot& facts, id_of<tenant> where, std::vector<idle_seat>& in_order) {
  std::map<id_of<package>, seat_pool> pools;
  for (const auto& pool : facts.list<&seat_pool::tenant_id>(where)) pools.emplace(pool->package_id, *pool);
  for (auto& one : in_order)
    one.saves_minor = one.sku->price_minor * reclaim(pools.at(one.held->package_id), one.held->state);
}

} // namespace

refusal acceptable_activity(instant last_active_at, instant now, const std::string& path) {
  if (last_active_at == instant{})
    return refuse(status::invalid, "last_active_at_missing", path,
                  "last_active_at is missing; say when the user was last active");
  if (last_active_at <= now + clocks_apart) return std::nullopt;
  return refuse(status::invalid, "last_active_at_invalid", path, "last_active_at must not lie ahead of now");
}

refusal note_activity::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto whose = [](const activity_entry& entry) { return entry.user_id; };
  static_cast<void>(facts.each<&user::id>(activities, whose));
  const auto known = facts.each<&activity::user_id>(activities, whose);
  for (std::size_t i = 0; i < activities.size(); ++i) {
    const auto& entry = activities[i];
    const auto path = "/activities/" + std::to_string(i);
    fact<user> who;
    if (auto no = find_holder(facts, entry.user_id, path + "/user_id", who)) return no;
    if (auto no = acceptable_activity(entry.last_active_at, with.now, path + "/last_active_at")) return no;
    if (!known[i])
      out.insert(activity{.user_id = who->id, .tenant_id = who->tenant_id, .last_active_at = entry.last_active_at});
    else if (known[i]->last_active_at < entry.last_active_at)
      out.edit(known[i]).last_active_at = entry.last_active_at;
  }
  return std::nullopt;
}

refusal idle_seats::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (idle_days.has_value() == idle_since.has_value())
    return refuse(status::invalid, "one_key_needed", "", "give exactly one of idle_days and idle_since");
  if (package_id && !facts.find<&package::id>(*package_id))
    return refuse(status::not_found, "package_unknown", "/package_id", "there is no such package");
  const auto then = idle_since ? *idle_since : with.now + -(*idle_days * one_day);
  auto found = idle_ones(facts, with.tenant_id(), package_id, then);
  tell_savings(facts, with.tenant_id(), found);

  auto from = found.begin();
  if (after) {
    from = std::ranges::find(found, *after, &idle_seat::mark);
    if (from == found.end())
      return refuse(status::not_found, "seat_unknown", "/after", "the seat is idle no longer; begin again");
    ++from;
  }
  const auto until = std::min(found.end() - from, static_cast<std::ptrdiff_t>(limit)) + from;
  if (until != found.end() && until != from) into.next = (until - 1)->mark();
  const auto users = facts.each<&user::id>(std::vector(from, until), [](const auto& one) { return one.held->user_id; });
  for (auto it = from; it != until; ++it) {
    const auto& who = *users[static_cast<std::size_t>(it - from)];
    into.idle_seats.push_back({.user_id = who.id,
                               .name = who.first_name + " " + who.last_name,
                               .package_id = it->sku->id,
                               .package = it->sku->name,
                               .kind = it->sku->kind,
                               .state = it->held->state,
                               .last_active_at = it->seen ? std::optional(it->seen->last_active_at) : std::nullopt,
                               .idle_since = it->since,
                               .saves_minor = it->saves_minor,
                               .currency = it->sku->currency});
  }
  return std::nullopt;
}

} // namespace linecard
