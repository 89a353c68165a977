#include <linecard/rules/errands.hpp>

#include <linecard/rules/mailing.hpp>
#include <linecard/rules/numbering.hpp>

namespace linecard {

namespace {

error number_named(const did& got) {
  return refuse(status::conflict, "already_ordered", "/order_key",
                got.number + " was got under this order_key; take another one for another number");
}

} // namespace

refusal get_number::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  if (const auto got = facts.find<&did::tenant_id, &did::order_key>(where, std::optional(order_key)))
    return number_named(*got);
  const auto whose = user_id.value_or(id_of<user>{});
  if (user_id) {
    fact<user> who;
    fact<team_member> member;
    if (auto no = find_member(facts, *user_id, "/user_id", who, member)) return no;
  }
  if (const auto open = facts.find<&errand::tenant_id, &errand::kind, &errand::errand_key>(
          where, errand_kind::order_number, order_key)) {
    if (open->user_id != whose || open->prefix != prefix.value_or(""))
      return refuse(status::conflict, "order_key_taken", "/order_key",
                    "this order_key stands for an order with another user or prefix");
    if (!open->next_attempt_at) { // given up: whoever asks again means it
      auto& again = out.edit(open);
      again.attempts = 0;
      again.next_attempt_at = with.now;
    }
    return std::nullopt;
  }
  out.insert(errand{.id = with.new_id<errand>(),
                    .tenant_id = where,
                    .kind = errand_kind::order_number,
                    .errand_key = order_key,
                    .user_id = whose,
                    .prefix = prefix.value_or(""),
                    .next_attempt_at = with.now,
                    .asked_at = with.now});
  return std::nullopt;
}

refusal take_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto due = facts.find<&errand::id>(errand_id);
  if (!due || !due->next_attempt_at || due->attempts != attempt - 1)
    return refuse(status::conflict, "not_due", "/errand_id", "somebody else is at it, or has done it");
  auto& taken = out.edit(due);
  taken.attempts = attempt;
  taken.next_attempt_at = with.now + errand_lease;
  return std::nullopt;
}

refusal settle_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = facts.find<&errand::id>(errand_id);
  if (!open || open->attempts != attempt) return std::nullopt; // settled by somebody faster
  if (!done) {
    if (!again) {
      out.erase(open);
      return std::nullopt;
    }
    auto& failed = out.edit(open);
    failed.last_failure = reason.value_or("");
    if (attempt < most_errand_attempts)
      failed.next_attempt_at = with.now + pause_after_attempt(attempt);
    else
      failed.next_attempt_at.reset();
    return std::nullopt;
  }
  if (open->kind == errand_kind::order_number) {
    const auto where = open->tenant_id;
    const auto whose = facts.find<&user::id>(open->user_id);
    const bool attached =
        whose && whose->state != user_state::deleted && facts.find<&team_member::user_id>(open->user_id);
    // A number of the tenant's own that nobody has is as good as a new one.
    auto held = facts.find<&did::tenant_id, &did::number>(where, direct_number.value_or(""));
    if ((held && held->use != did_use::unassigned) || (!held && facts.find<&did_claim::number>(*direct_number)))
      return refuse(status::conflict, "did_taken", "/direct_number",
                    "the provider gave " + *direct_number + ", which is in use already");
    if (!held) out.insert(did_claim{.number = *direct_number, .tenant_id = where});
    did got{.tenant_id = where, .number = *direct_number, .use = did_use::unassigned, .added_at = with.now};
    got.order_key = open->errand_key;
    if (attached) got.use = did_use::direct, got.user_id = open->user_id;
    if (held)
      out.edit(held) = got;
    else
      out.insert(got);
  }
  out.erase(open);
  return std::nullopt;
}

refusal retry_errand::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = facts.find<&errand::id>(errand_id);
  if (!open) return refuse(status::not_found, "errand_unknown", "/errand_id", "there is no such errand in this tenant");
  if (open->next_attempt_at && *open->next_attempt_at <= with.now) return std::nullopt;
  auto& again = out.edit(open);
  again.attempts = 0;
  again.next_attempt_at = with.now;
  return std::nullopt;
}

refusal errands::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const page part{.after = {}, .limit = static_cast<std::uint32_t>(limit)};
  for (const auto& e : facts.list_page<&errand::tenant_id>(part, with.tenant_id())) {
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
