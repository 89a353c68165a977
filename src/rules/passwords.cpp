#include <linecard/rules/passwords.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/backup_address.hpp>
#include <linecard/rules/challenges.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/rules/signing_in.hpp>
#include <linecard/rules/standing.hpp>
#include <linecard/secrets/password.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {

/// The whole, and its parts between characters that are neither letters nor digits.
void add_words(std::vector<std::string>& to, std::string_view s) {
  to.emplace_back(s);
  const auto joins = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
  };
  std::string part;
  for (const char c : s) {
    if (joins(c)) {
      part += c;
    } else if (!part.empty()) {
      to.push_back(std::exchange(part, {}));
    }
  }
  to.push_back(std::move(part));
}

/// Of the two letters whose tokens reset a password, the one that this can be of.
challenge_purpose reset_of(const secret_text& token) {
  using enum challenge_purpose;
  return purpose_of(token) == recovery ? recovery : password_reset;
}

std::string account_and_source(std::string_view email, std::string_view source) {
  return std::string(email) + '\0' + std::string(source);
}

} // namespace

refusal acceptable_password(snapshot& facts, const ingredients& with, const identity& whose,
                            const secret_text& password) {
  std::vector<std::string> context;
  add_words(context, whose.email);
  if (const auto where = with.tenant_id()) {
    if (const auto found = facts.find<&tenant::id>(where)) add_words(context, found->name);
    if (const auto who = facts.find<&user::member_id, &user::tenant_id>(whose.id, where))
      add_words(context, who->first_name), add_words(context, who->last_name);
    if (const auto who = facts.find<&delegate::identity_id, &delegate::tenant_id>(whose.id, where))
      add_words(context, who->first_name), add_words(context, who->last_name);
  }
  return weakness(normalised(password), context, "/password");
}

void set_password(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                  std::optional<std::string> hash, mailbox shown) {
  const bool proved = shown == mailbox::proved;
  if (const auto kept = facts.find<&credential::identity_id>(who)) {
    auto& edited = out.edit(kept);
    edited.password_hash = std::move(hash);
    edited.mailbox_proved = proved;
    edited.changed_at = with.now;
  } else {
    out.insert(credential{
        .identity_id = who, .password_hash = std::move(hash), .mailbox_proved = proved, .changed_at = with.now});
  }
  end_everything(facts, out, who);
}

void end_everything(snapshot& facts, changes& out, id_of<identity> who) {
  ++out.edit(facts.find<&identity::id>(who)).session_epoch;
  close_sessions(facts, out, who);
}

refusal charge_password(snapshot& facts, const ingredients& with, changes& out, std::string_view email,
                        std::string_view source) {
  if (auto no = charge_try(facts, with, out, tries_of_account_and_source, account_and_source(email, source))) return no;
  if (auto no = charge_try(facts, with, out, tries_of_account, email)) return no;
  return source.empty() ? std::nullopt : charge_try(facts, with, out, tries_of_source, source);
}

refusal password_accepted(snapshot& facts, const ingredients& with, changes& out, const identity& whose,
                          std::string_view source) {
  const auto kept = facts.find<&credential::identity_id>(whose.id);
  if (!with.done->matches || !kept || !kept->password_hash || *kept->password_hash != with.done->stored)
    return refuse(status::denied, "password_wrong", "/password", "this is not the password of this login");
  forget_tries(facts, with, out, tries_of_account_and_source, account_and_source(whose.email, source));
  forget_tries(facts, with, out, tries_of_account, whose.email);
  if (!with.done->hash.empty()) out.edit(kept).password_hash = with.done->hash;
  return std::nullopt;
}

refusal covers_everywhere(snapshot& facts, const ingredients& with, const identity& whose, std::string_view path) {
  const auto& actor = with.who;
  if (actor.system) return std::nullopt;
  const scope everywhere{.platform_id = actor.in.platform_id};
  if (auto no = may_manage(facts, actor, whose.id, with.now, path)) return no;
  if (effective(facts, actor.identity_id, everywhere, with.now).has(permission::user_manage)) return std::nullopt;
  bool elsewhere = whose.places > 1;
  for (const auto& given : facts.list<&grant::identity_id>(whose.id))
    elsewhere = elsewhere || given->scope_id != actor.in.id();
  if (!elsewhere) return std::nullopt;
  return refuse(status::denied, "known_elsewhere", path,
                "this login belongs to more than this tenant; start a password reset, which the person completes");
}

refusal start_password_reset::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state == user_state::suspended)
    return refuse(status::conflict, "user_suspended", "/user_id", "resume the user first");
  if (who->state != user_state::active)
    return refuse(status::conflict, "not_joined", "/user_id",
                  "who has not joined is sent the invitation again (send_invitation)");
  const auto whose = facts.find<&identity::id>(who->identity_id);
  const challenge wanted{
      .purpose = challenge_purpose::password_reset, .subject_id = who->id, .tenant_id = who->tenant_id};
  const auto link = issue(facts, with, out, wanted, *whose, password_reset_life);
  post(with, out, letter::password_reset, addressee_of(*who, whose->email_as_given), &link.token, link.expires_at);
  return std::nullopt;
}

refusal request_password_reset::charge(snapshot& facts, const ingredients& with, changes& out) const {
  const auto& letters = use_backup_address ? letters_to_backup : letters_to_address;
  if (auto no = charge_try(facts, with, out, letters, text::email_key(email))) return no;
  return source.empty() ? std::nullopt : charge_try(facts, with, out, letters_of_source, source);
}

refusal request_password_reset::decide(snapshot&, const ingredients& with, changes& out) const {
  out.insert(reset_request{.id = with.new_id<reset_request>(),
                           .address = text::email_key(email),
                           .use_backup_address = use_backup_address,
                           .requested_at = with.now});
  return std::nullopt;
}

refusal answer_reset_request::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto found = facts.find<&reset_request::id>(reset_request_id);
  if (!found) return std::nullopt; // another pump was first
  const auto asked = *found;
  out.erase(found);
  if (with.now >= asked.requested_at + password_reset_life) return std::nullopt; // nobody waits for it any more
  const auto whose = facts.find<&identity::email>(asked.address);
  if (!whose || whose->state != identity_state::active || !has_a_place(facts, whose->id, with.now)) return std::nullopt;
  challenge wanted{.purpose = challenge_purpose::password_reset, .subject_id = whose->id};
  if (asked.use_backup_address) {
    const auto backup = facts.find<&backup_address::identity_id>(whose->id);
    if (!backup) return std::nullopt;
    wanted.purpose = challenge_purpose::recovery;
    wanted.address = backup->address, wanted.address_as_given = backup->address_as_given;
  }
  const auto link = issue(facts, with, out, wanted, *whose, password_reset_life);
  const auto& mailbox = wanted.address.empty() ? whose->email_as_given : wanted.address_as_given;
  post(with, out, letter::password_reset, addressee_of(*whose, mailbox), &link.token, link.expires_at);
  return std::nullopt;
}

place complete_password_reset::locate(snapshot& facts) const { return place_of(facts, reset_of(token), token); }

refusal complete_password_reset::prepare(snapshot& facts, const ingredients& with, preparation& work) const {
  fact<challenge> found;
  if (auto no = find_challenge(facts, with, reset_of(token), token, found)) return no;
  work.password = &password;
  return acceptable_password(facts, with, *facts.find<&identity::id>(found->identity_id), password);
}

refusal complete_password_reset::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<challenge> found;
  if (auto no = find_challenge(facts, with, reset_of(token), token, found)) return no;
  const auto whose = facts.find<&identity::id>(found->identity_id);
  set_password(facts, with, out, whose->id, with.done->hash, mailbox::proved);
  if (found->purpose == challenge_purpose::password_reset) {
    forget_tries(facts, with, out, tries_of_account, whose->email);
    forget_tries(facts, with, out, tries_of_account_codes, to_text(whose->id));
    forget_tries(facts, with, out, tries_of_codes_in_a_row, to_text(whose->id));
  }
  out.erase(found);
  post(with, out, letter::password_changed, addressee_of(*whose, whose->email_as_given), nullptr, {});
  return std::nullopt;
}

refusal adopt_password::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state != user_state::active)
    return refuse(status::conflict, "not_joined", "/user_id", "who has not joined chooses a password when accepting");
  if (!is_legacy_hash(password_hash.reveal()))
    return refuse(status::invalid, "hash_unsupported", "/password_hash",
                  "give a bcrypt, SHA-512-crypt or PBKDF2-SHA256 hash of usual cost, as the other system stored it");
  const auto whose = facts.find<&identity::id>(who->identity_id);
  if (auto no = covers_everywhere(facts, with, *whose, "/user_id")) return no;
  if (facts.find<&credential::identity_id>(whose->id))
    return refuse(status::conflict, "password_set_already", "/user_id", "this person has, or had, a password here");
  set_password(facts, with, out, whose->id, std::string(password_hash.reveal()));
  return std::nullopt;
}

} // namespace linecard
