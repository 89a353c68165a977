#include <linecard/rules/departing.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/handover.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/erasing.hpp>
#include <linecard/rules/guarding.hpp>
#include <linecard/rules/handing_over.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/seats.hpp>

#include <algorithm>

namespace linecard {

namespace {

/// A deleted user, who may have come back as somebody else since.
refusal find_deleted(snapshot& facts, id_of<user> id, fact<user>& into) {
  into = facts.find<&user::id>(id);
  if (!into) return refuse(status::not_found, "user_unknown", "/user_id", "there is no such user in this tenant");
  if (into->state == user_state::deleted) return std::nullopt;
  return refuse(status::conflict, "not_deleted", "/user_id",
                "only a deleted user; this one is " + std::string(word(into->state)));
}

refusal release_numbers_of(snapshot& facts, const ingredients& with, changes& out, const user& who) {
  const auto numbers = facts.list<&did::user_id>(std::optional(who.id));
  if (numbers.empty()) return std::nullopt;
  constexpr std::string_view path = "/release_numbers";
  if (auto no = also_needs(facts, with, permission::number_configure, path)) return no;
  if (std::ranges::any_of(numbers, [](const auto& number) { return number->e911; }))
    if (auto no = also_needs(facts, with, permission::e911_manage, path)) return no;
  for (const auto& number : numbers) release_number(facts, out, number);
  return std::nullopt;
}

/// What rings the user is told to ring somebody else, or nobody.
refusal settle_numbers(snapshot& facts, const ingredients& with, changes& out, const user& who,
                       const delete_user& wanted) {
  if (wanted.release_numbers) return release_numbers_of(facts, with, out, who);
  if (!wanted.numbers_to)
    return would_strand(strandings_of(facts, who), "/user_id",
                        "say who gets the numbers (numbers_to), or that they are released (release_numbers)");
  fact<user> successor;
  if (auto no = find_successor(facts, *wanted.numbers_to, who.id, "/numbers_to", successor)) return no;
  if (auto no = may_move_numbers(facts, with, who.id, "/numbers_to")) return no;
  pass_numbers(facts, out, who.id, successor->id);
  return rings_elsewhere(facts, *successor, "/numbers_to");
}

/// The host's asset adapter is asked once this has committed.
refusal ask_for_assets(snapshot& facts, const ingredients& with, changes& out, const user& who, id_of<user> to) {
  if (!with.has_keeper)
    return refuse(status::invalid, "asset_keeper_missing", "/assets_to",
                  "this directory was opened without an asset keeper, who would hand messages over");
  fact<user> successor;
  if (auto no = find_successor(facts, to, who.id, "/assets_to", successor)) return no;
  out.insert(errand{.id = with.new_id<errand>(),
                    .tenant_id = who.tenant_id,
                    .kind = errand_kind::hand_over_assets,
                    .errand_key = to_text(who.id),
                    .user_id = who.id,
                    .to_user_id = successor->id,
                    .external_ref = who.external_ref,
                    .next_attempt_at = with.now,
                    .asked_at = with.now});
  return std::nullopt;
}

/// No live credential stays with who may come back.
void silence(snapshot& facts, changes& out, const user& who) {
  const auto member = facts.find<&team_member::user_id>(who.id);
  if (!member || (!member->forwarding_number && !member->voicemail_pin)) return;
  auto& silent = out.edit(member);
  silent.forwarding_number.reset();
  silent.voicemail_pin.reset();
}

} // namespace

refusal delete_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (auto no = may_end(facts, with, *who, "deletes")) return no;
  // Who is suspended was taken off the count then.
  if (who->state != user_state::suspended && administrator_grant(facts, *who))
    if (auto no = keeps_another(facts, with, who->identity_id, "/user_id")) return no;
  if (numbers_to && release_numbers)
    return refuse(status::invalid, "release_or_hand_over", "/release_numbers",
                  "numbers are released or given to somebody, not both");
  if (auto no = settle_numbers(facts, with, out, *who, *this)) return no;
  if (assets_to)
    if (auto no = ask_for_assets(facts, with, out, *who, *assets_to)) return no;

  silence(facts, out, *who);
  take_away(facts, with, out, *who);
  const auto days = policy_of(facts, who->tenant_id).restore_days;
  out.insert(departure{.user_id = who->id,
                       .tenant_id = who->tenant_id,
                       .identity_id = who->identity_id,
                       .deleted_at = with.now,
                       .ends_at = with.now + days * one_day,
                       .external_ref = who->external_ref});
  ++out.edit(facts.find<&identity::id>(who->identity_id)).restorable;
  auto& edited = out.edit(who);
  edited.state = user_state::deleted;
  edited.member_id.reset();
  edited.external_ref.reset();
  edited.returns_to.reset();
  if (days == 0) erase_person(facts, with, out, facts.find<&departure::user_id>(who->id));
  return std::nullopt;
}

refusal restore_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_deleted(facts, user_id, who)) return no;
  const auto left = facts.find<&departure::user_id>(user_id);
  if (!left || with.now >= left->ends_at)
    return refuse(status::conflict, "window_over", "/user_id",
                  "the time in which this user could be restored is over; add the person anew");
  const auto login = facts.find<&identity::id>(who->identity_id);
  if (!login || login->state == identity_state::deleted)
    return refuse(status::conflict, "address_gone", "/user_id",
                  "the person's login was deleted meanwhile; add the person anew");
  if (facts.find<&user::member_id, &user::tenant_id>(login->id, who->tenant_id))
    return refuse(status::conflict, "already_a_user", "/user_id",
                  "\"" + login->email + "\" is a user of this tenant again already");
  if (const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(login->id, who->tenant_id);
      let_in && let_in->state != delegate_state::removed)
    return refuse(status::conflict, "already_a_delegate", "/user_id",
                  "\"" + login->email + "\" is a delegate of this tenant; remove the delegate first");
  if (auto no = may_return(facts, with, login->id, "/user_id")) return no;

  // Whoever is back keeps their messages.
  if (const auto handover = facts.find<&errand::tenant_id, &errand::kind, &errand::errand_key>(
          who->tenant_id, errand_kind::hand_over_assets, to_text(who->id))) {
    if (handover->taken_at(with.now))
      return refuse(status::busy, "errand_under_way", "/user_id",
                    "the user's messages are being handed over right now; try again in a while");
    out.erase(handover);
  }

  const auto reference = left->external_ref;
  const bool taken = reference && facts.find<&user::tenant_id, &user::external_ref>(who->tenant_id, reference);
  end_departure(facts, out, left);
  enter_place(facts, out, login);
  auto& edited = out.edit(who);
  edited.state = user_state::invited;
  edited.member_id = login->id;
  if (!taken) edited.external_ref = reference;
  if (send_welcome) send_letter_of(facts, with, out, *who);
  return std::nullopt;
}

refusal erase_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_deleted(facts, user_id, who)) return no;
  if (const auto left = facts.find<&departure::user_id>(user_id)) erase_person(facts, with, out, left);
  return std::nullopt;
}

refusal deleted_users::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  const auto wanted = static_cast<std::size_t>(limit);
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  fact<departure> last;
  if (after) {
    last = facts.find<&departure::user_id>(*after);
    if (!last) return refuse(status::not_found, "user_unknown", "/after", "there is no such deleted user here");
  }
  while (into.users.size() <= wanted) {
    if (last) part.after = {as_value(where), as_value(last->ends_at), as_value(last->user_id)};
    const auto some = facts.list_page<&departure::tenant_id, &departure::ends_at>(part, where);
    for (const auto& left : some) {
      if (with.now >= left->ends_at || into.users.size() > wanted) continue; // over, and soon forgotten
      const auto who = facts.find<&user::id>(left->user_id);
      if (!who) continue;
      const auto login = facts.find<&identity::id>(who->identity_id);
      const bool stands = login && login->state != identity_state::deleted;
      into.users.push_back({.user_id = who->id,
                            .name = who->first_name + " " + who->last_name,
                            .email = stands ? login->email : "",
                            .deleted_at = left->deleted_at,
                            .ends_at = left->ends_at});
    }
    if (some.size() < part.limit) break;
    last = some.back();
  }
  if (into.users.size() > wanted) { // one row more than asked for shows that there is a next page
    into.users.pop_back();
    into.next = into.users.back().user_id;
  }
  return std::nullopt;
}

} // namespace linecard
