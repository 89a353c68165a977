#include <linecard/rules/errands.hpp>

#include <linecard/rules/mailing.hpp>
#include <linecard/rules/numbering.hpp>

namespace linecard {

namespace {

error number_named(const did& got) {
  return refuse(status::conflict, "already_ordered", "/order_key",
                got.number + " was got under this order_key; take another one for another number");
}

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
  got.order_key = order.errand_key;
  const auto whose = facts.find<&user::id>(order.user_id);
  const auto member = facts.find<&team_member::user_id>(order.user_id);
  if (whose && whose->state != user_state::deleted && member && member->forwarding_number != number)
    got.use = did_use::direct, got.user_id = order.user_id;
  if (held) {
    out.edit(held) = std::move(got);
  } else {
    out.insert(did_claim{.number = number, .tenant_id = order.tenant_id});
    out.insert(got);
  }
  return std::nullopt;
}

} // namespace

refusal get_number::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (!with.has_provider)
    return refuse(status::invalid, "provider_missing", "", "this directory was opened without a number provider");
  const auto where = with.tenant_id();
  if (const auto got = facts.find<&did::tenant_id, &did::order_key>(where, std::optional(order_key)))
    return number_named(*got);
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
    out.insert(wanted);
    return std::nullopt;
  }
  if (open->user_id != wanted.user_id || open->prefix != wanted.prefix)
    return refuse(status::conflict, "order_key_taken", "/order_key",
                  "this order_key stands for an order with another user or prefix");
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
  auto& taken = out.edit(open);
  taken.under_way = true;
  taken.attempts = attempt;
  taken.next_attempt_at = with.now + errand_lease;
  return std::nullopt;
}

refusal settle_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = facts.find<&errand::id>(errand_id);
  // Done is done, whoever has taken it since: what was asked is the same.
  if (!open || (!done && open->attempts != attempt))
    return refuse(status::conflict, "not_due", "/errand_id", "somebody faster has settled it");
  if (done) {
    if (open->kind == errand_kind::order_number)
      if (auto no = take_in(facts, with, out, *open, direct_number.value_or(""))) return no;
    out.erase(open);
    return std::nullopt;
  }
  if (!again && open->kind == errand_kind::order_number) { // nothing was bought, and its caller is told
    out.erase(open);
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
  const auto open = facts.find<&errand::id>(errand_id);
  if (!open) return refuse(status::not_found, "errand_unknown", "/errand_id", "there is no such errand in this tenant");
  if (open->taken_at(with.now)) return under_way("/errand_id");
  if (open->next_attempt_at && *open->next_attempt_at <= with.now) return std::nullopt;
  auto& again = out.edit(open);
  again.attempts = 0;
  again.next_attempt_at = with.now;
  return std::nullopt;
}

refusal errands::ask(snapshot& facts, const ingredients& with, answer& into) const {
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) {
    const auto last = facts.find<&errand::id>(*after);
    if (!last) return refuse(status::not_found, "errand_unknown", "/after", "it is done by now; begin again");
    part.after = {as_value(last->tenant_id), as_value(last->kind), as_value(last->errand_key), as_value(last->id)};
  }
  auto found = facts.list_page<&errand::tenant_id>(part, with.tenant_id());
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
