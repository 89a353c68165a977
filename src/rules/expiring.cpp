#include <linecard/rules/expiring.hpp>

#include <linecard/model/credential.hpp>
#include <linecard/model/handover.hpp>
#include <linecard/model/message.hpp>
#include <linecard/rules/erasing.hpp>
#include <linecard/rules/leaving.hpp>

#include <algorithm>

namespace linecard {

namespace {

constexpr page some{.after = {}, .limit = 100};
constexpr page few{.after = {}, .limit = 25}; // with each person go all the values beside the audit

constexpr challenge_purpose forgotten_purposes[]{challenge_purpose::password_reset, challenge_purpose::recovery,
                                                 challenge_purpose::sign_in_code,
                                                 challenge_purpose::address_confirmation};
constexpr message_state forgotten_states[]{message_state::delivered, message_state::lapsed, message_state::dead};

[[nodiscard]] bool is_over(const challenge& c, instant now) { return c.expires_at <= now; }
[[nodiscard]] bool is_over(const message& m, instant now) { return m.queued_at + message_life <= now; }
[[nodiscard]] bool is_over(const session& s, instant now) { return s.ends_at <= now; }
[[nodiscard]] bool is_over(const rate_bucket& b, instant now) { return b.ends_at <= now; }
[[nodiscard]] bool is_over(const departure& d, instant now) { return d.ends_at <= now; }
[[nodiscard]] bool is_over(const replacement& r, instant now) { return r.ends_at <= now; }

template <class Row, class Act> void each_over(const std::vector<fact<Row>>& oldest_first, instant now, Act act) {
  for (const auto& row : oldest_first) {
    if (!is_over(*row, now)) return;
    act(row);
  }
}

} // namespace

refusal forget_expired::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto erase = [&](const auto& row) { out.erase(row); };
  const auto where = with.tenant_id();
  for (const auto purpose : forgotten_purposes)
    each_over(facts.list_page<&challenge::tenant_id, &challenge::purpose>(some, where, purpose), with.now, erase);
  for (const auto state : forgotten_states)
    each_over(facts.list_page<&message::tenant_id, &message::state>(some, where, state), with.now,
              [&](const fact<message>& row) {
                if (const auto kept = facts.find<&delivery::message_id>(row->id)) out.erase(kept);
                out.erase(row);
              });
  each_over(facts.list_page<&replacement::tenant_id, &replacement::ends_at>(some, where), with.now,
            [&](const fact<replacement>& row) { end_replacement(facts, out, row); });
  each_over(facts.list_page<&departure::tenant_id, &departure::ends_at>(few, where), with.now,
            [&](const fact<departure>& row) { erase_person(facts, with, out, row); });
  if (where) return std::nullopt;
  each_over(facts.list_page<&session::ends_at>(some), with.now,
            [&](const fact<session>& row) { close_session(facts, out, row); });
  each_over(facts.list_page<&rate_bucket::ends_at>(some), with.now, erase);
  return std::nullopt;
}

std::vector<id_of<tenant>> with_something_expired(snapshot& facts, instant now) {
  std::vector<id_of<tenant>> found;
  const auto note = [&](const auto& row) {
    id_of<tenant> where; // sessions and charges have none
    if constexpr (requires { row->tenant_id; }) where = row->tenant_id;
    if (std::ranges::find(found, where) == found.end()) found.push_back(where);
  };
  for (const auto purpose : forgotten_purposes)
    each_over(facts.list_page<&challenge::purpose>(some, purpose), now, note);
  for (const auto state : forgotten_states) each_over(facts.list_page<&message::state>(some, state), now, note);
  each_over(facts.list_page<&session::ends_at>(some), now, note);
  each_over(facts.list_page<&rate_bucket::ends_at>(some), now, note);
  each_over(facts.list_page<&replacement::ends_at>(some), now, note);
  each_over(facts.list_page<&departure::ends_at>(some), now, note);
  return found;
}

} // namespace linecard
