#include <linecard/rules/delegation.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/text/email.hpp>
#include <linecard/text/language.hpp>

#include <string>

#include <algorithm>

namespace linecard {

namespace {

fact<access_notice> in_force(snapshot& facts, const scope& in) {
  fact<access_notice> own;
  if (in.tenant_id) own = facts.find<&access_notice::scope_id>(any_id{in.tenant_id});
  return own ? own : facts.find<&access_notice::scope_id>(any_id{in.platform_id});
}

refusal find_notice(snapshot& facts, const scope& in, std::string_view path, fact<access_notice>& into) {
  into = in_force(facts, in);
  return into ? refusal{}
              : refuse(status::not_found, "notice_missing", path,
                       "no access notice was published yet; publish_notice does it, for a tenant or for the platform");
}

/// Acknowledging is naming the very version in force.
refusal read_notice(snapshot& facts, const ingredients& with, std::int32_t acknowledged, fact<access_notice>& into) {
  if (auto no = find_notice(facts, with.who.in, "/notice_version", into)) return no;
  if (into->notice_version == acknowledged) return std::nullopt;
  return refuse(status::stale, "notice_stale", "/notice_version",
                "version " + std::to_string(into->notice_version) +
                    " of the access notice is in force; show that one and acknowledge it");
}

error unknown(std::string_view path) {
  return refuse(status::not_found, "delegate_unknown", path, "there is no such delegate in this tenant");
}

refusal not_lapsed(const delegate& d, instant now) {
  if (state_at(d, now) != delegate_state::lapsed) return std::nullopt;
  return refuse(status::conflict, "delegation_lapsed", "/delegate_id",
                "the delegation has lapsed; add the delegate again");
}

refusal in_future(const std::optional<instant>& at, instant now, std::string_view name) {
  if (!at || *at > now) return std::nullopt;
  return refuse(status::invalid, std::string(name) + "_invalid", "/" + std::string(name), "must lie in the future");
}

/// What the delegation makes effective, to be weighed against the actor's own.
gift gift_of(snapshot& facts, const delegate& d) {
  gift whole{d.identity_id, {}, d.ends_at};
  for (const auto& g : facts.list<&grant::identity_id>(d.identity_id)) {
    if (g->scope_id != any_id{d.tenant_id}) continue;
    const auto powers = powers_of(facts, g->role_id);
    whole.powers.plain = whole.powers.plain | powers.plain;
    whole.powers.restricted = whole.powers.restricted | powers.restricted;
  }
  return whole;
}

/// One that is there, has not lapsed, and gives nothing that the actor does not hold.
refusal find_own_to_give(snapshot& facts, const ingredients& with, id_of<delegate> id, fact<delegate>& into) {
  into = facts.find<&delegate::id>(id);
  if (!into || into->state == delegate_state::removed) return unknown("/delegate_id");
  if (auto no = not_lapsed(*into, with.now)) return no;
  return may_give(facts, with.who, gift_of(facts, *into), with.now, "/delegate_id");
}

/// Everything the identity was given at the tenant by being its delegate.
void end_access(snapshot& facts, changes& out, const delegate& d) {
  const any_id where{d.tenant_id};
  for (const auto& g : facts.list<&grant::identity_id>(d.identity_id)) {
    if (g->scope_id != where) continue;
    count_use(facts, out, g->role_id, -1);
    out.erase(g);
  }
  for (const auto& held : facts.list<&held_flag::identity_id>(d.identity_id))
    if (held->scope_id == where) out.erase(held);
  void_invitation(facts, out, d);
}

/// Of a delegation, invited with one and perhaps given more since.
std::vector<std::string> roles_of(snapshot& facts, const delegate& d) {
  std::vector<std::string> names;
  for (const auto& g : facts.list<&grant::identity_id>(d.identity_id))
    if (g->holder_id == any_id{d.id}) names.push_back(role_name(facts, g->role_id));
  std::ranges::sort(names);
  return names;
}

delegate_row row_of(snapshot& facts, const delegate& d, const fact<identity>& login, instant now) {
  const auto notice = facts.find<&access_notice::scope_id>(d.notice_scope_id);
  const auto state = state_at(d, now);
  return {.delegate_id = d.id,
          .state = state,
          .first_name = d.first_name,
          .last_name = d.last_name,
          .email = login ? login->email : "",
          .roles = roles_of(facts, d),
          .invited_at = d.invited_at,
          .review_at = d.review_at,
          .overdue = state != delegate_state::lapsed && now >= d.review_at,
          .lapses = d.lapses,
          .ends_at = d.ends_at,
          .acknowledged = notice && acknowledges(d, *notice),
          .notice_version = d.notice_version,
          .acknowledged_at = d.acknowledged_at};
}

} // namespace

refusal publish_notice::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto& in = with.who.in;
  if (level_of(in) == scope_level::container)
    return refuse(status::invalid, "wrong_scope", "", "an access notice is the platform's or a tenant's");
  // Counted on from the one in force, so that no number means two notices to whoever is about to acknowledge one.
  const auto before = in_force(facts, in);
  const auto own = facts.find<&access_notice::scope_id>(in.id());
  const auto next = before ? before->notice_version + 1 : 1;
  const access_notice published{.scope_id = in.id(),
                                .notice_version = next,
                                .least_version = renew || !own ? next : own->least_version,
                                .text = text,
                                .terms_link = terms_link,
                                .published_at = with.now};
  if (own)
    out.edit(own) = published;
  else
    out.insert(published);
  if (!renew || !in.tenant_id) return std::nullopt;
  for (const auto& d : facts.list<&delegate::tenant_id>(in.tenant_id)) // the platform's, acknowledged earlier, is void
    if (d->state != delegate_state::removed && d->notice_scope_id != in.id()) {
      auto& edited = out.edit(d);
      edited.notice_scope_id = in.id();
      edited.notice_version = 0;
    }
  return std::nullopt;
}

refusal add_delegate::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  fact<access_notice> notice;
  if (auto no = read_notice(facts, with, notice_version, notice)) return no;
  const auto key = text::email_key(email);
  const auto known = facts.find<&identity::email>(key);
  fact<delegate> former;
  if (known) {
    if (facts.find<&user::member_id, &user::tenant_id>(known->id, where))
      return refuse(status::conflict, "already_a_user", "/email", "\"" + key + "\" is a user of this tenant");
    former = facts.find<&delegate::identity_id, &delegate::tenant_id>(known->id, where);
    const auto was = former ? state_at(*former, with.now) : delegate_state::removed;
    if (was == delegate_state::pending || was == delegate_state::active)
      return refuse(status::conflict, "already_a_delegate", "/email",
                    "\"" + key + "\" is a delegate of this tenant already");
  }
  if (auto no = in_future(review_at, with.now, "review_at")) return no;
  if (auto no = in_future(ends_at, with.now, "ends_at")) return no;
  id_of<linecard::role> role_id;
  if (auto no = find_role(facts, with.who.in, role, "/role", role_id)) return no;
  const auto powers = powers_of(facts, role_id);
  if (auto no = may_be_delegated(facts, role, powers, "/role")) return no;
  if (known)
    for (const auto& g : facts.list<&grant::identity_id>(known->id))
      if (const auto user_id = narrow<user>(g->holder_id); g->scope_id == any_id{where} && user_id)
        if (!facts.find<&user::id>(user_id))
          return refuse(status::conflict, "reconcile_needed", "/email",
                        "the host removed this person as a user of this tenant; run reconcile first");
  // Flags of a former delegation end with it, so the gift is weighed as to somebody new.
  if (former) end_access(facts, out, *former);
  const gift given{known ? known->id : id_of<identity>{}, powers, ends_at};
  if (auto no = may_give(facts, with.who, given, with.now, "/role")) return no;

  const bool counted = former && former->state != delegate_state::removed;
  if (former) out.erase(former);              // the audit keeps it; its id is never used again (I20)
  const auto fresh = with.new_id<identity>(); // drawn either way, so that ids tell nothing (I9)
  const auto& invited = out.insert(delegate{.id = with.new_id<delegate>(),
                                            .tenant_id = where,
                                            .identity_id = known ? known->id : fresh,
                                            .state = delegate_state::pending,
                                            .first_name = first_name,
                                            .last_name = last_name,
                                            .language = text::language_key(language),
                                            .invited_at = with.now,
                                            .review_at = review_at.value_or(with.now + review_interval),
                                            .lapses = lapses,
                                            .ends_at = ends_at,
                                            .notice_version = notice_version,
                                            .notice_scope_id = notice->scope_id,
                                            .acknowledged_at = with.now,
                                            .acknowledged_by_id = with.who.identity_id});
  if (known && !counted)
    enter_place(facts, out, known);
  else if (!known)
    out.insert(identity{.id = invited.identity_id,
                        .email = key,
                        .email_as_given = email,
                        .language = invited.language,
                        .places = 1,
                        .created_at = with.now});
  out.insert(grant{.id = with.new_id<grant>(),
                   .identity_id = invited.identity_id,
                   .holder_id = invited.id,
                   .scope_id = where,
                   .role_id = role_id,
                   .granted_at = with.now});
  count_use(facts, out, role_id, +1);
  if (send_invitation) send_letter_of(facts, with, out, invited);
  return std::nullopt;
}

refusal activate_delegate::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<delegate> who;
  if (auto no = find_own_to_give(facts, with, delegate_id, who)) return no;
  if (who->state != delegate_state::pending)
    return refuse(status::conflict, "not_pending", "/delegate_id",
                  "only a pending delegate can be activated; this one is " + std::string(word(who->state)));
  out.edit(who).state = delegate_state::active;
  void_invitation(facts, out, *who);
  return std::nullopt;
}

refusal remove_delegate::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto who = facts.find<&delegate::id>(delegate_id);
  if (!who) return unknown("/delegate_id");
  if (who->state == delegate_state::removed) return std::nullopt;
  end_access(facts, out, *who);
  leave_place(facts, with, out, who->identity_id);
  out.edit(who).state = delegate_state::removed;
  return std::nullopt;
}

refusal review_delegate::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<delegate> who;
  if (auto no = find_own_to_give(facts, with, delegate_id, who)) return no;
  if (auto no = in_future(review_at, with.now, "review_at")) return no;
  out.edit(who).review_at = review_at.value_or(with.now + review_interval);
  return std::nullopt;
}

refusal acknowledge_notice::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<delegate> who;
  if (auto no = find_own_to_give(facts, with, delegate_id, who)) return no;
  fact<access_notice> notice;
  if (auto no = read_notice(facts, with, notice_version, notice)) return no;
  if (who->notice_scope_id == notice->scope_id && who->notice_version == notice_version) return std::nullopt;
  auto& edited = out.edit(who);
  edited.notice_version = notice_version;
  edited.notice_scope_id = notice->scope_id;
  edited.acknowledged_at = with.now;
  edited.acknowledged_by_id = with.who.identity_id;
  return std::nullopt;
}

refusal notice_in_force::ask(snapshot& facts, const ingredients& with, answer& into) const {
  fact<access_notice> found;
  if (auto no = find_notice(facts, with.who.in, "", found)) return no;
  into = {.scope_id = found->scope_id,
          .notice_version = found->notice_version,
          .text = found->text,
          .terms_link = found->terms_link,
          .published_at = found->published_at};
  return std::nullopt;
}

refusal delegates::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  const auto wanted = static_cast<std::size_t>(limit);
  fact<delegate> last;
  if (after && !(last = facts.find<&delegate::id>(*after))) return unknown("/after");
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  for (bool more = true; more && into.delegates.size() <= wanted;) {
    if (last) part.after = {as_value(where), as_value(last->review_at), as_value(last->id)};
    const auto some = facts.list_page<&delegate::tenant_id, &delegate::review_at>(part, where);
    const auto logins = facts.each<&identity::id>(some, [](const auto& d) { return d->identity_id; });
    more = some.size() == part.limit;
    for (std::size_t i = 0; i < some.size() && into.delegates.size() <= wanted; ++i) {
      last = some[i];
      if (overdue && last->review_at > with.now) return std::nullopt; // by date of review: none further on
      if (last->state == delegate_state::removed) continue;
      auto row = row_of(facts, *last, logins[i], with.now);
      if (!overdue || row.overdue) into.delegates.push_back(std::move(row));
    }
  }
  if (into.delegates.size() > wanted) { // one row more than asked for shows that there is a next page
    into.delegates.pop_back();
    into.next = into.delegates.back().delegate_id;
  }
  return std::nullopt;
}

} // namespace linecard
