#include <linecard/rules/invitations.hpp>

#include <linecard/model/organisation.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/backup_address.hpp>
#include <linecard/rules/challenges.hpp>
#include <linecard/rules/guarding.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/passwords.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {

/// How the one who holds the token shows that the identity is theirs too.
enum class proof { signed_in, own_password, new_password };

refusal proof_of(snapshot& facts, const ingredients& with, const challenge& found, bool has_password, proof& into) {
  const bool signed_in = !with.who.visitor && !with.who.system;
  if (signed_in && with.who.identity_id != found.identity_id)
    return refuse(status::denied, "token_of_another", "/token", "this invitation is for somebody else; sign out first");
  const auto kept = facts.find<&credential::identity_id>(found.identity_id);
  into = signed_in ? proof::signed_in : kept && kept->password_hash ? proof::own_password : proof::new_password;
  if (into != proof::signed_in && !has_password)
    return refuse(status::invalid, "password_missing", "/password",
                  into == proof::own_password ? "this person has a password already; give it, or sign in first"
                                              : "choose a password");
  return std::nullopt;
}

/// The password that was there, or was not, when it was compared or hashed: somebody has been faster since.
error overtaken() { return refuse(status::busy, "contended", "", "somebody else was first; try again"); }

/// The invited user or delegate, if joining is still open to them.
refusal find_invited(snapshot& facts, const ingredients& with, const challenge& found, fact<user>& member,
                     fact<delegate>& outsider) {
  if (const auto id = narrow<user>(found.subject_id)) {
    member = facts.find<&user::id>(id);
    if (member && member->state == user_state::invited) return std::nullopt;
  } else if (const auto let_in = narrow<delegate>(found.subject_id)) {
    outsider = facts.find<&delegate::id>(let_in);
    if (outsider && state_at(*outsider, with.now) == delegate_state::pending) return std::nullopt;
  }
  return token_invalid();
}

refusal find_not_joined(snapshot& facts, id_of<user> id, fact<user>& into) {
  if (auto no = find_holder(facts, id, "/user_id", into)) return no;
  if (into->state == user_state::invited) return std::nullopt;
  return refuse(status::conflict, "already_joined", "/user_id",
                "only while the user is invited; this one is " + std::string(word(into->state)));
}

void void_link(snapshot& facts, changes& out, any_id subject_id, const std::vector<fact<message>>& letters) {
  revoke(facts, out, challenge_purpose::invitation, subject_id);
  withdraw(facts, out, letters);
}

template <class Who>
void send_letter(snapshot& facts, const ingredients& with, changes& out, const Who& who, letter kind) {
  const auto whose = facts.find<&identity::id>(who.identity_id);
  const challenge wanted{.purpose = challenge_purpose::invitation, .subject_id = who.id, .tenant_id = who.tenant_id};
  const auto link = issue(facts, with, out, wanted, *whose, invitation_life);
  post(with, out, kind, addressee_of(who, whose->email_as_given), &link.token, link.expires_at);
}

/// S5.7: the password is gone before the letter is, and the backup address, which whoever held the login may have set.
refusal invite_anew(snapshot& facts, const ingredients& with, changes& out, const user& who) {
  const auto whose = facts.find<&identity::id>(who.identity_id);
  if (auto no = covers_everywhere(facts, with, *whose, "/user_id")) return no;
  set_password(facts, with, out, whose->id, std::nullopt);
  drop_backup_address(facts, out, whose->id);
  const challenge wanted{
      .purpose = challenge_purpose::password_reset, .subject_id = who.id, .tenant_id = who.tenant_id};
  const auto link = issue(facts, with, out, wanted, *whose, invitation_life);
  post(with, out, letter::reinvitation, addressee_of(who, whose->email_as_given), &link.token, link.expires_at);
  return std::nullopt;
}

} // namespace

void void_invitation(snapshot& facts, changes& out, const user& who) {
  void_link(facts, out, who.id, facts.list<&message::user_id>(who.id));
}
void void_invitation(snapshot& facts, changes& out, const delegate& who) {
  void_link(facts, out, who.id, facts.list<&message::delegate_id>(who.id));
}

void send_letter_of(snapshot& facts, const ingredients& with, changes& out, const user& who) {
  send_letter(facts, with, out, who, letter::welcome);
}
void send_letter_of(snapshot& facts, const ingredients& with, changes& out, const delegate& who) {
  send_letter(facts, with, out, who, letter::delegate_invitation);
}

place accept_invitation::locate(snapshot& facts) const { return place_of(facts, challenge_purpose::invitation, token); }

refusal accept_invitation::charge(snapshot& facts, const ingredients& with, changes& out) const {
  fact<challenge> found;
  proof how{};
  if (auto no = find_challenge(facts, with, challenge_purpose::invitation, token, found)) return no;
  if (auto no = proof_of(facts, with, *found, password.has_value(), how)) return no;
  return how == proof::own_password ? charge_password(facts, with, out, found->address, "") : std::nullopt;
}

refusal accept_invitation::prepare(snapshot& facts, const ingredients& with, preparation& work) const {
  fact<challenge> found;
  proof how{};
  if (auto no = find_challenge(facts, with, challenge_purpose::invitation, token, found)) return no;
  if (auto no = proof_of(facts, with, *found, password.has_value(), how)) return no;
  if (how == proof::signed_in) return std::nullopt;
  work.password = &*password;
  if (how == proof::own_password) {
    work.compare = true;
    work.stored = *facts.find<&credential::identity_id>(found->identity_id)->password_hash;
    return std::nullopt;
  }
  return acceptable_password(facts, with, *facts.find<&identity::id>(found->identity_id), *password);
}

refusal accept_invitation::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<challenge> found;
  fact<user> member;
  fact<delegate> outsider;
  proof how{};
  if (auto no = find_challenge(facts, with, challenge_purpose::invitation, token, found)) return no;
  if (auto no = proof_of(facts, with, *found, password.has_value(), how)) return no;
  if (auto no = find_invited(facts, with, *found, member, outsider)) return no;
  const bool compared = !with.done->stored.empty();
  if (how != proof::signed_in && compared != (how == proof::own_password)) return overtaken();
  if (how == proof::own_password)
    if (auto no = password_accepted(facts, with, out, *facts.find<&identity::id>(found->identity_id), "")) return no;
  if (how == proof::new_password) set_password(facts, with, out, found->identity_id, with.done->hash, mailbox::proved);
  if (member) {
    join(facts, with, out, member, std::nullopt);
  } else {
    out.edit(outsider).state = delegate_state::active;
    void_invitation(facts, out, *outsider);
  }
  return std::nullopt;
}

refusal send_invitation::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state == user_state::suspended)
    return refuse(status::conflict, "user_suspended", "/user_id", "resume the user first");
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  if (who->state == user_state::active) return invite_anew(facts, with, out, *who);
  void_invitation(facts, out, *who);
  send_letter_of(facts, with, out, *who);
  return std::nullopt;
}

refusal send_delegate_invitation::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto who = facts.find<&delegate::id>(delegate_id);
  if (!who || who->state == delegate_state::removed)
    return refuse(status::not_found, "delegate_unknown", "/delegate_id", "there is no such delegate in this tenant");
  if (state_at(*who, with.now) != delegate_state::pending)
    return refuse(status::conflict, "not_pending", "/delegate_id",
                  "only a pending delegate is sent an invitation; an active one resets the password");
  void_invitation(facts, out, *who);
  send_letter_of(facts, with, out, *who);
  return std::nullopt;
}

refusal correct_address::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_not_joined(facts, user_id, who)) return no;
  const auto key = text::email_key(email);
  const auto was = facts.find<&identity::id>(who->identity_id);
  const auto known = facts.find<&identity::email>(key);
  if (was->email == key) return std::nullopt;
  const auto where = with.tenant_id();
  if (known && facts.find<&user::member_id, &user::tenant_id>(known->id, where))
    return refuse(status::conflict, "already_a_user", "/email", "\"" + key + "\" is a user of this tenant already");
  if (known)
    if (const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(known->id, where);
        let_in && let_in->state != delegate_state::removed)
      return refuse(status::conflict, "already_a_delegate", "/email", "\"" + key + "\" is a delegate of this tenant");

  const auto fresh = with.new_id<identity>(); // drawn either way, so that ids tell nothing (I9)
  const auto now = known ? known->id : fresh;
  std::vector<fact<grant>> roles;
  for (const auto& given : facts.list<&grant::identity_id>(was->id))
    if (given->holder_id == any_id{who->id}) roles.push_back(given);
  for (const auto& given : roles) { // a corrected address is a gift to somebody else
    const gift what{known ? known->id : id_of<identity>{}, powers_of(facts, given->role_id), given->ends_at};
    if (auto no = may_give(facts, with.who, what, with.now, "/user_id")) return no;
    if (!keeps_tenant(*given, who->state) || facts.find<&tenant::id>(where)->owner_id != was->id) continue;
    if (also_needs(facts, with, permission::owner_replace, "/user_id"))
      return refuse(status::conflict, "owner_needs_support", "/user_id",
                    "this is the account's owner; the operator's support replaces an owner (replace_owner)");
  }

  void_invitation(facts, out, *who);
  if (const auto account = facts.find<&tenant::id>(where); account->owner_id == was->id)
    out.edit(account).owner_id = now;
  for (const auto& given : roles) {
    auto moved = *given;
    out.erase(given);
    moved.id = with.new_id<grant>();
    moved.identity_id = now;
    out.insert(moved);
  }
  for (const auto& held : facts.list<&held_flag::identity_id>(was->id))
    if (held->holder_id == any_id{who->id}) out.erase(held); // second keys are given to a person
  leave_place(facts, with, out, was->id);
  if (known)
    enter_place(facts, out, known);
  else
    out.insert(identity{.id = now,
                        .email = key,
                        .email_as_given = email,
                        .language = who->language,
                        .places = 1,
                        .created_at = with.now});
  auto& corrected = out.edit(who);
  corrected.identity_id = now;
  corrected.member_id = now;
  return std::nullopt;
}

refusal cancel_invitation::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_not_joined(facts, user_id, who)) return no;
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  for (const auto& given : facts.list<&grant::identity_id>(who->identity_id))
    if (given->holder_id == any_id{who->id} && keeps_tenant(*given, who->state))
      if (auto no = keeps_another(facts, with, who->identity_id, "/user_id")) return no;
  if (auto no = would_strand(strandings_of(facts, *who), "/user_id", "give the numbers to somebody else first"))
    return no;
  clear_away(facts, with, out, *who);
  out.erase(who);
  return std::nullopt;
}

refusal invitations::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const page part{.after = {}, .limit = static_cast<std::uint32_t>(limit)};
  for (const auto& sent : facts.list_page<&challenge::tenant_id, &challenge::purpose>(part, with.tenant_id(),
                                                                                      challenge_purpose::invitation)) {
    invitation_row row{.email = sent->address,
                       .sent_at = sent->issued_at,
                       .expires_at = sent->expires_at,
                       .expired = with.now >= sent->expires_at};
    if (const auto id = narrow<user>(sent->subject_id)) {
      row.user_id = id;
      if (const auto who = facts.find<&user::id>(id)) row.name = who->first_name + " " + who->last_name;
    } else if (const auto let_in = narrow<delegate>(sent->subject_id)) {
      row.delegate_id = let_in;
      if (const auto who = facts.find<&delegate::id>(let_in)) row.name = who->first_name + " " + who->last_name;
    }
    into.invitations.push_back(std::move(row));
  }
  return std::nullopt;
}

} // namespace linecard
