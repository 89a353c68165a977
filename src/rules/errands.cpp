#include <linecard/rules/errands.hpp>

#include <linecard/rules/authorize.hpp>
#include <linecard/rules/handing_over.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/roles.hpp>

namespace linecard {

namespace {

error under_way(std::string_view path) {
  return refuse(status::busy, "errand_under_way", path, "somebody else is asking right now; try again in a while");
}

/// What the provider gave goes into the inventory, and to whom it was ordered for if that is still possible.
refusal take_in(snapshot& facts, const ingredients& with, changes& out, const errand& order,
                const std::string& number) {
  const auto held = facts.find<&did::tenant_id, &did::number>(order.tenant_id, number);
  // Somebody may have written it into the inventory by hand meanwhile; what came by another order is that one's.
  const bool this_one =
      held && !held->order_key && (held->use == did_use::unassigned || held->user_id == order.user_id);
  if (held ? !this_one : static_cast<bool>(facts.find<&did_claim::number>(number)))
    return refuse(status::conflict, "did_taken", "/direct_number",
                  "the provider gave " + number + ", which is in use or came by another order");
  did got{.tenant_id = order.tenant_id, .number = number, .use = did_use::unassigned, .added_at = with.now};
  if (held) got = *held;
  if (!order.errand_key.empty()) got.order_key = order.errand_key;
  const auto whose = facts.find<&user::id>(order.user_id);
  const auto member = facts.find<&team_member::user_id>(order.user_id);
  const bool joined = whose && whose->state != user_state::deleted && whose->state != user_state::invited;
  if (joined && member && member->forwarding_number != number) got.use = did_use::direct, got.user_id = order.user_id;
  if (held) {
    out.edit(held) = std::move(got);
  } else {
    out.insert(did_claim{.number = number, .tenant_id = order.tenant_id});
    out.insert(got);
  }
  return std::nullopt;
}

/// Of who was erased meanwhile the audit is not told anew.
void end_errand(snapshot& facts, changes& out, const fact<errand>& open) {
  if (open->external_ref && !facts.find<&user::id>(open->user_id)) out.forget(open->user_id);
  out.erase(open);
}

permission demand_of(errand_kind kind) {
  return kind == errand_kind::order_number ? permission::number_configure : permission::user_manage;
}

refusal find_errand(snapshot& facts, const ingredients& with, id_of<errand> id, fact<errand>& into) {
  into = facts.find<&errand::id>(id);
  if (!into) return refuse(status::not_found, "errand_unknown", "/errand_id", "there is no such errand in this tenant");
  if (auto no = also_needs(facts, with, demand_of(into->kind), "/errand_id")) return no;
  return into->taken_at(with.now) ? refusal(under_way("/errand_id")) : std::nullopt;
}

/// Whose messages they are has left, and what they were allowed with them: who was above them then nobody knows. So it
/// takes all that an administrator may.
refusal may_redirect(snapshot& facts, const ingredients& with, std::string_view path) {
  const auto administrators = powers_of(facts, role_id_of(built_in_role::administrator));
  const auto own = effective(facts, with.who.identity_id, with.who.in, with.now);
  if (with.who.system || own.covers(administrators.plain)) return std::nullopt;
  return refuse(status::denied, "target_exceeds_own", path,
                "whose messages these are may have held more than you do; an administrator can decide it");
}

} // namespace

refusal get_number::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (!with.has_provider)
    return refuse(status::invalid, "provider_missing", "", "this directory was opened without a number provider");
  const auto where = with.tenant_id();
  const auto other = [&](const std::string& why) {
    return refuse(status::conflict, "order_key_taken", "/order_key",
                  why + "; take another order_key for another number");
  };
  if (const auto got = facts.find<&did::tenant_id, &did::order_key>(where, std::optional(order_key))) {
    if (got->user_id == user_id) return std::nullopt; // it is there
    return other(got->number + " came under this order_key, and is not this user's, or no longer");
  }
  if (user_id) {
    fact<user> who;
    fact<team_member> member;
    if (auto no = find_member(facts, *user_id, "/user_id", who, member)) return no;
  }
  const errand wanted{.id = with.new_id<errand>(),
                      .tenant_id = where,
                      .kind = errand_kind::order_number,
                      .errand_key = order_key,
                      .user_id = user_id.value_or(id_of<user>{}),
                      .prefix = prefix.value_or(""),
                      .next_attempt_at = with.now,
                      .asked_at = with.now};
  const auto open = facts.find<&errand::tenant_id, &errand::kind, &errand::errand_key>(where, wanted.kind, order_key);
  if (!open) {
    const page most{.after = {}, .limit = most_open_orders};
    const auto orders = facts.list_page<&errand::tenant_id, &errand::kind>(most, where, wanted.kind);
    if (orders.size() == most_open_orders)
      return refuse(status::limit, "too_many_orders", "",
                    std::to_string(most_open_orders) + " orders of this tenant are open; retry or cancel one first");
    out.insert(wanted);
    return std::nullopt;
  }
  if (open->user_id != wanted.user_id || open->prefix != wanted.prefix)
    return other("an order with another user or prefix stands under this order_key");
  if (open->taken_at(with.now)) return under_way("/order_key");
  if (!open->next_attempt_at) { // given up: whoever asks again means it
    auto& again = out.edit(open);
    again.attempts = 0;
    again.next_attempt_at = with.now;
  }
  return std::nullopt;
}

refusal take_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = facts.find<&errand::id>(errand_id);
  if (!open || !open->next_attempt_at || open->taken_at(with.now) || open->attempts != attempt - 1)
    return refuse(status::conflict, "not_due", "/errand_id", "somebody else is at it, or was faster");
  if (open->kind == errand_kind::hand_over_assets) {
    const auto to = facts.find<&user::id>(open->to_user_id.value_or(id_of<user>{}));
    if (!to || to->state == user_state::deleted)
      return refuse(status::conflict, "successor_gone", "/errand_id", "the successor has left, too");
  }
  auto& taken = out.edit(open);
  taken.under_way = true;
  taken.attempts = attempt;
  taken.next_attempt_at = with.now + errand_lease;
  return std::nullopt;
}

refusal settle_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = facts.find<&errand::id>(errand_id);
  if (!open && done && direct_number && !facts.find<&did_claim::number>(*direct_number))
    return take_in(facts, with, out, {.tenant_id = with.tenant_id()}, *direct_number);
  // Done is done, whoever has taken it since: what was asked is the same.
  if (!open || (!done && open->attempts != attempt))
    return refuse(status::conflict, "not_due", "/errand_id", "somebody faster has settled it");
  if (done) {
    if (open->kind == errand_kind::order_number)
      if (auto no = take_in(facts, with, out, *open, direct_number.value_or(""))) return no;
    end_errand(facts, out, open);
    return std::nullopt;
  }
  if (!again && open->kind == errand_kind::order_number) { // nothing was bought, and its caller is told
    end_errand(facts, out, open);
    return std::nullopt;
  }
  auto& failed = out.edit(open);
  failed.under_way = false;
  failed.last_failure = reason.value_or("");
  if (again && attempt < most_errand_attempts)
    failed.next_attempt_at = with.now + pause_after_attempt(attempt);
  else
    failed.next_attempt_at.reset();
  return std::nullopt;
}

refusal retry_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<errand> open;
  if (auto no = find_errand(facts, with, errand_id, open)) return no;
  if (to_user_id) {
    if (open->kind != errand_kind::hand_over_assets)
      return refuse(status::invalid, "no_handover", "/to_user_id", "an order has no successor; leave it out");
    if (auto no = may_redirect(facts, with, "/to_user_id")) return no;
    fact<user> successor;
    if (auto no = find_successor(facts, *to_user_id, open->user_id, "/to_user_id", successor)) return no;
    out.edit(open).to_user_id = to_user_id;
  }
  if (open->next_attempt_at && *open->next_attempt_at <= with.now) return std::nullopt;
  auto& again = out.edit(open);
  again.attempts = 0;
  again.next_attempt_at = with.now;
  return std::nullopt;
}

refusal cancel_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<errand> open;
  if (auto no = find_errand(facts, with, errand_id, open)) return no;
  if (open->kind == errand_kind::hand_over_assets)
    if (auto no = may_redirect(facts, with, "/errand_id")) return no;
  end_errand(facts, out, open);
  return std::nullopt;
}

refusal errands::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto held = effective(facts, with.who.identity_id, with.who.in, with.now);
  const auto shown = [&](errand_kind kind) { return with.who.system || held.has(demand_of(kind)); };
  const bool orders = shown(errand_kind::order_number), handovers = shown(errand_kind::hand_over_assets);
  if (!orders && !handovers) return std::nullopt;
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) {
    const auto last = facts.find<&errand::id>(*after);
    if (!last || !shown(last->kind))
      return refuse(status::not_found, "errand_unknown", "/after", "it is done by now; begin again");
    part.after = {as_value(last->tenant_id), as_value(last->kind), as_value(last->errand_key), as_value(last->id)};
  }
  const auto where = with.tenant_id();
  auto found = orders && handovers
                   ? facts.list_page<&errand::tenant_id>(part, where)
                   : facts.list_page<&errand::tenant_id, &errand::kind>(
                         part, where, orders ? errand_kind::order_number : errand_kind::hand_over_assets);
  if (found.size() == part.limit) { // one row more than asked for shows that there is a next page
    found.pop_back();
    into.next = found.back()->id;
  }
  for (const auto& e : found) {
    auto& row = into.errands.emplace_back();
    row.errand_id = e->id, row.kind = e->kind, row.attempts = e->attempts;
    row.next_attempt_at = e->next_attempt_at, row.asked_at = e->asked_at, row.to_user_id = e->to_user_id;
    if (e->kind == errand_kind::order_number) row.order_key = e->errand_key;
    if (e->user_id) row.user_id = e->user_id;
    if (!e->last_failure.empty()) row.reason = e->last_failure;
  }
  return std::nullopt;
}

} // namespace linecard
