#include <linecard/rules/mailing.hpp>

#include <linecard/secrets/source.hpp>
#include <linecard/text/email.hpp>

#include <algorithm>

namespace linecard {

namespace {

error unknown() {
  return refuse(status::not_found, "message_unknown", "/message_id", "there is no such message in this scope");
}

template <class T> std::optional<T> unless_none(T id) { return id ? std::optional(id) : std::nullopt; }

message_row row_of(const message& m, const fact<delivery>& pending) {
  message_row row{.message_id = m.id,
                  .letter = m.kind,
                  .language = m.language,
                  .state = m.state,
                  .user_id = unless_none(m.user_id),
                  .delegate_id = unless_none(m.delegate_id),
                  .queued_at = m.queued_at,
                  .useless_after = m.useless_after};
  if (!pending) return row;
  row.email = text::email_key(pending->address);
  row.attempts = pending->attempts;
  row.next_attempt_at = pending->next_attempt_at;
  if (!pending->last_failure.empty()) row.reason = pending->last_failure;
  return row;
}

} // namespace

addressee addressee_of(const user& who, std::string_view address) {
  return {.tenant_id = who.tenant_id,
          .user_id = who.id,
          .identity_id = who.identity_id,
          .address = std::string(address),
          .language = who.language};
}

addressee addressee_of(const delegate& who, std::string_view address) {
  return {.tenant_id = who.tenant_id,
          .delegate_id = who.id,
          .identity_id = who.identity_id,
          .address = std::string(address),
          .language = who.language};
}

addressee addressee_of(const identity& who, std::string_view address) {
  return {.identity_id = who.id, .address = std::string(address), .language = who.language};
}

void post(const ingredients& with, changes& out, letter kind, const addressee& to, const secret_text* token,
          std::optional<instant> useless_after) {
  const auto& queued = out.insert(message{.id = with.new_id<message>(),
                                          .tenant_id = to.tenant_id,
                                          .user_id = to.user_id,
                                          .delegate_id = to.delegate_id,
                                          .identity_id = to.identity_id,
                                          .kind = kind,
                                          .language = to.language,
                                          .queued_at = with.now,
                                          .useless_after = useless_after});
  out.insert(
      delivery{.message_id = queued.id,
               .tenant_id = to.tenant_id,
               .address = to.address,
               .payload = token ? with.secrets->seal(sealed_for(queued.id, to.address), token->reveal()) : bytes{},
               .next_attempt_at = with.now});
}

std::string sealed_for(id_of<message> id, std::string_view address) {
  return "deliveries.payload " + to_text(id) + " " + std::string(address);
}

std::int64_t pause_after_attempt(std::int32_t n) {
  constexpr std::int64_t minute = 60'000, longest = 4 * 60 * minute;
  return std::min(longest, minute << std::clamp(n - 1, 0, 16));
}

void withdraw(snapshot& facts, changes& out, const std::vector<fact<message>>& letters) {
  for (const auto& letter : letters) {
    if (letter->state != message_state::queued && letter->state != message_state::dead) continue;
    if (const auto pending = facts.find<&delivery::message_id>(letter->id)) out.erase(pending);
    out.erase(letter);
  }
}

refusal take_delivery::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto due = facts.find<&delivery::message_id>(message_id);
  if (!due || !due->next_attempt_at || *due->next_attempt_at > with.now || due->attempts != attempt - 1)
    return refuse(status::conflict, "not_due", "/message_id", "somebody else is delivering it, or has");
  auto& taken = out.edit(due);
  taken.attempts = attempt;
  taken.next_attempt_at = with.now + delivery_lease;
  return std::nullopt;
}

refusal note_delivery::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto letter = facts.find<&message::id>(message_id);
  const auto pending = facts.find<&delivery::message_id>(message_id);
  if (!letter || !pending) return std::nullopt;
  if (state == message_state::delivered || state == message_state::lapsed) {
    out.edit(letter).state = state;
    out.erase(pending);
    return std::nullopt;
  }
  if (pending->attempts != attempt || !pending->next_attempt_at) return std::nullopt;
  auto& failed = out.edit(pending);
  failed.last_failure = reason.value_or("");
  if (state == message_state::queued && attempt < most_attempts) {
    failed.next_attempt_at = with.now + pause_after_attempt(attempt);
  } else {
    failed.next_attempt_at.reset();
    out.edit(letter).state = message_state::dead;
  }
  return std::nullopt;
}

refusal retry_message::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto letter = facts.find<&message::id>(message_id);
  if (!letter) return unknown();
  const auto pending = facts.find<&delivery::message_id>(message_id);
  if (letter->state != message_state::dead || !pending)
    return refuse(status::conflict, "not_dead", "/message_id",
                  "only a dead letter can be retried; this one is " + std::string(word(letter->state)));
  if (letter->useless_after && with.now >= *letter->useless_after)
    return refuse(status::conflict, "message_lapsed", "/message_id",
                  "what this letter holds has expired; start again what it was written for");
  out.edit(letter).state = message_state::queued;
  auto& again = out.edit(pending);
  again.attempts = 0;
  again.next_attempt_at = with.now;
  return std::nullopt;
}

refusal messages::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto wanted = static_cast<std::size_t>(limit);
  const auto where = with.tenant_id();
  if (after && !facts.find<&message::id>(*after))
    return refuse(status::not_found, "message_unknown", "/after", "there is no such message in this scope");
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1, .descending = true};
  if (after && where) part.after = {as_value(where), as_value(state), as_value(*after)};
  if (after && !where) part.after = {as_value(state), as_value(*after)};
  auto found = where ? facts.list_page<&message::tenant_id, &message::state>(part, where, state)
                     : facts.list_page<&message::state>(part, state);
  if (found.size() > wanted) { // one row more than asked for shows that there is a next page
    found.pop_back();
    into.next = found.back()->id;
  }
  const auto pending = facts.each<&delivery::message_id>(found, [](const auto& m) { return m->id; });
  for (std::size_t i = 0; i < found.size(); ++i) into.messages.push_back(row_of(*found[i], pending[i]));
  return std::nullopt;
}

} // namespace linecard
