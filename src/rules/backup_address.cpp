#include <linecard/rules/backup_address.hpp>

#include <linecard/rules/challenges.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/signing_in.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {

void tell_owner(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who) {
  const auto whose = facts.find<&identity::id>(who);
  post(with, out, letter::backup_address_changed, addressee_of(*whose, whose->email_as_given), nullptr, {});
}

} // namespace

refusal set_backup_address::charge(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(facts, with)) return no;
  const auto whose = facts.find<&identity::id>(with.who.identity_id);
  return charge_password(facts, with, out, whose->email, "");
}

refusal set_backup_address::prepare(snapshot& facts, const ingredients& with, preparation& work) const {
  const auto kept = facts.find<&credential::identity_id>(with.who.identity_id);
  if (!kept || !kept->password_hash)
    return refuse(status::conflict, "password_not_set", "",
                  "a backup address recovers a password, and this login has none here");
  if (!kept->mailbox_proved)
    return refuse(status::conflict, "mailbox_unproved", "",
                  "this password was brought along from another system; reset it by mail once, then come back");
  work = {.password = &password, .compare = true, .stored = *kept->password_hash};
  return std::nullopt;
}

refusal set_backup_address::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(facts, with)) return no;
  const auto whose = facts.find<&identity::id>(with.who.identity_id);
  if (auto no = password_accepted(facts, with, out, *whose, "")) return no;
  const auto key = text::email_key(email);
  if (key == whose->email)
    return refuse(status::invalid, "same_as_email", "/email", "give another mailbox than the login's own");
  if (auto no = charge_try(facts, with, out, letters_to_address, key)) return no;
  const challenge wanted{.purpose = challenge_purpose::address_confirmation,
                         .subject_id = whose->id,
                         .address = key,
                         .address_as_given = email};
  const auto link = issue(facts, with, out, wanted, *whose, address_confirmation_life);
  post(with, out, letter::address_confirmation, addressee_of(*whose, email), &link.token, link.expires_at);
  return std::nullopt;
}

place confirm_backup_address::locate(snapshot& facts) const {
  return place_of(facts, challenge_purpose::address_confirmation, token);
}

refusal confirm_backup_address::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<challenge> found;
  if (auto no = find_challenge(facts, with, challenge_purpose::address_confirmation, token, found)) return no;
  const auto who = found->identity_id;
  revoke(facts, out, challenge_purpose::recovery, who);
  if (const auto former = facts.find<&backup_address::identity_id>(who)) {
    auto& changed = out.edit(former);
    changed.address = found->address;
    changed.address_as_given = found->address_as_given;
    changed.confirmed_at = with.now;
  } else {
    out.insert(backup_address{.identity_id = who,
                              .address = found->address,
                              .address_as_given = found->address_as_given,
                              .confirmed_at = with.now});
  }
  out.erase(found);
  tell_owner(facts, with, out, who);
  return std::nullopt;
}

refusal remove_backup_address::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(facts, with)) return no;
  const bool was_confirmed{facts.find<&backup_address::identity_id>(with.who.identity_id)};
  drop_backup_address(facts, out, with.who.identity_id);
  if (was_confirmed) tell_owner(facts, with, out, with.who.identity_id);
  return std::nullopt;
}

void drop_backup_address(snapshot& facts, changes& out, id_of<identity> who) {
  revoke(facts, out, challenge_purpose::address_confirmation, who);
  revoke(facts, out, challenge_purpose::recovery, who);
  if (const auto kept = facts.find<&backup_address::identity_id>(who)) out.erase(kept);
}

} // namespace linecard
