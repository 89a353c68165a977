#include <linecard/rules/signing_in.hpp>

#include <linecard/rules/challenges.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/standing.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {

/// The identity and what its password is compared with; false when nothing opens it.
bool find_login(snapshot& facts, const std::string& email, instant now, fact<identity>& whose, fact<credential>& kept) {
  whose = facts.find<&identity::email>(text::email_key(email));
  if (!whose || whose->state != identity_state::active || !has_a_place(facts, whose->id, now)) return false;
  kept = facts.find<&credential::identity_id>(whose->id);
  return kept && kept->password_hash;
}

/// Names what a code is for, so that it is good for nothing else.
std::string context_of(id_of<session> waiting) { return "sign_in_code/" + to_text(waiting); }

const session& open(const ingredients& with, changes& out, const identity& whose, const std::string& source,
                    std::optional<second_factor> still_asked, std::int64_t life) {
  auto drawn = with.secrets->token(still_asked ? pending_token : session_token);
  const auto& opened = out.insert(session{.id = with.new_id<session>(),
                                          .identity_id = whose.id,
                                          .state = still_asked ? session_state::pending : session_state::live,
                                          .hash = std::move(drawn.hash),
                                          .session_epoch = whose.session_epoch,
                                          .source = source,
                                          .started_at = with.now,
                                          .ends_at = with.now + life});
  with.secrets->hand_over(std::move(drawn.secret), still_asked);
  return opened;
}

/// A letter with a code for this one sign-in.
refusal ask_code(snapshot& facts, const ingredients& with, changes& out, const identity& whose,
                 const std::string& source) {
  if (auto no = charge_try(facts, with, out, codes_sent, to_text(whose.id))) return no;
  const auto& waiting = open(with, out, whose, source, second_factor::mailbox, sign_in_code_life);
  const auto drawn = with.secrets->code(context_of(waiting.id));
  out.insert(challenge{.id = with.new_id<challenge>(),
                       .purpose = challenge_purpose::sign_in_code,
                       .subject_id = waiting.id,
                       .identity_id = whose.id,
                       .address = whose.email,
                       .hash = drawn.hash,
                       .session_epoch = whose.session_epoch,
                       .issued_at = with.now,
                       .expires_at = waiting.ends_at});
  post(with, out, letter::sign_in_code, addressee_of(whose, whose.email_as_given), &drawn.secret, waiting.ends_at);
  return std::nullopt;
}

/// The sign-in that waits for its code.
refusal find_waiting(snapshot& facts, const ingredients& with, const secret_text& token, fact<session>& into) {
  const auto hash = token_hash(pending_token, token);
  into = hash ? facts.find<&session::hash>(*hash) : fact<session>{};
  const auto whose = into ? facts.find<&identity::id>(into->identity_id) : fact<identity>{};
  if (!into || into->state != session_state::pending || !whose || whose->state != identity_state::active ||
      whose->session_epoch != into->session_epoch || !has_a_place(facts, whose->id, with.now))
    return refuse(status::invalid, "token_invalid", "/token", "no sign-in waits for a code under this token");
  if (with.now >= into->ends_at)
    return refuse(status::stale, "token_expired", "/token", "this took too long; sign in again");
  return std::nullopt;
}

} // namespace

refusal sign_in::charge(snapshot& facts, const ingredients& with, changes& out) const {
  return charge_password(facts, with, out, text::email_key(email), source);
}

refusal sign_in::prepare(snapshot& facts, const ingredients& with, preparation& work) const {
  fact<identity> whose;
  fact<credential> kept;
  work.password = &password;
  work.compare = true;
  if (find_login(facts, email, with.now, whose, kept)) work.stored = *kept->password_hash;
  return std::nullopt;
}

refusal sign_in::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<identity> whose;
  fact<credential> kept;
  if (!find_login(facts, email, with.now, whose, kept) || password_accepted(facts, with, out, *whose, source))
    return refuse(status::denied, "sign_in_failed", "", "e-mail or password are wrong, or this login is not open");
  switch (kept->second_factor) {
  case second_factor::none:
    open(with, out, *whose, source, std::nullopt, with.sessions.absolute);
    return std::nullopt;
  case second_factor::mailbox:
    return ask_code(facts, with, out, *whose, source);
  }
  return refuse(status::internal, "second_factor_unknown", "", "a second factor of a later version of linecard");
}

refusal confirm_code::charge(snapshot& facts, const ingredients& with, changes& out) const {
  fact<session> waiting;
  if (auto no = find_waiting(facts, with, token, waiting)) return no;
  if (auto no = charge_try(facts, with, out, tries_of_code, to_text(waiting->id))) return no;
  if (auto no = charge_try(facts, with, out, tries_of_account_codes, to_text(waiting->identity_id))) return no;
  return charge_try(facts, with, out, tries_of_codes_in_a_row, to_text(waiting->identity_id));
}

refusal confirm_code::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<session> waiting;
  if (auto no = find_waiting(facts, with, token, waiting)) return no;
  const auto asked =
      facts.find<&challenge::subject_id, &challenge::purpose>(any_id{waiting->id}, challenge_purpose::sign_in_code);
  if (!asked || !same_bytes(asked->hash.data, with.secrets->code_hash(context_of(waiting->id), code).data))
    return refuse(status::denied, "code_wrong", "/code", "this is not the code of the letter for this sign-in");
  out.erase(asked);
  out.edit(facts.find<&credential::identity_id>(waiting->identity_id)).mailbox_proved = true;
  forget_tries(facts, with, out, tries_of_codes_in_a_row, to_text(waiting->identity_id));
  auto drawn = with.secrets->token(session_token); // another one: what was good for the code is good for nothing more
  auto& opened = out.edit(waiting);
  opened.state = session_state::live;
  opened.second_factor = second_factor::mailbox;
  opened.hash = std::move(drawn.hash);
  opened.ends_at = with.now + with.sessions.absolute;
  with.secrets->hand_over(std::move(drawn.secret), std::nullopt);
  return std::nullopt;
}

refusal set_second_factor::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(facts, with)) return no;
  const auto kept = facts.find<&credential::identity_id>(with.who.identity_id);
  if (!kept)
    out.insert(credential{.identity_id = with.who.identity_id, .second_factor = second_factor, .changed_at = with.now});
  else if (kept->second_factor != second_factor)
    out.edit(kept).second_factor = second_factor;
  return std::nullopt;
}

refusal sign_out::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto open = with.who.visitor ? fact<session>{} : facts.find<&session::id>(with.who.session_id);
  if (!open)
    return refuse(status::denied, "sign_in_needed", "", "this actor was not opened by a session: there is none to end");
  close_session(facts, out, open);
  return std::nullopt;
}

refusal sessions::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (auto no = signed_in(facts, with)) return no;
  for (const auto& open : facts.list<&session::identity_id>(with.who.identity_id))
    if (is_open(facts, *open, with.sessions, with.now))
      into.sessions.push_back({.session_id = open->id,
                               .source = open->source,
                               .started_at = open->started_at,
                               .used_at = last_used(facts, *open),
                               .ends_at = open->ends_at,
                               .second_factor = open->second_factor,
                               .current = open->id == with.who.session_id});
  return std::nullopt;
}

refusal end_sessions::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(facts, with)) return no;
  bool found = false;
  for (const auto& open : facts.list<&session::identity_id>(with.who.identity_id)) {
    if (session_id && open->id != *session_id) continue;
    close_session(facts, out, open);
    found = true;
  }
  if (session_id && !found)
    return refuse(status::not_found, "session_unknown", "/session_id", "this login has no such session");
  return std::nullopt;
}

refusal own_login::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (auto no = signed_in(facts, with)) return no;
  const auto who = with.who.identity_id;
  into.email = facts.find<&identity::id>(who)->email_as_given;
  if (const auto kept = facts.find<&credential::identity_id>(who)) {
    into.password_set = kept->password_hash.has_value();
    into.second_factor = kept->second_factor;
  }
  if (const auto backup = facts.find<&backup_address::identity_id>(who)) into.backup_address = backup->address_as_given;
  const auto waiting =
      facts.find<&challenge::subject_id, &challenge::purpose>(any_id{who}, challenge_purpose::address_confirmation);
  if (waiting && with.now < waiting->expires_at) into.backup_address_waiting = waiting->address_as_given;
  return std::nullopt;
}

refusal note_session_use::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (!facts.find<&session::id>(session_id)) return std::nullopt;
  if (const auto used = facts.find<&session_use::session_id>(session_id))
    out.edit(used).used_at = with.now;
  else
    out.insert(session_use{.session_id = session_id, .used_at = with.now});
  return std::nullopt;
}

instant last_used(snapshot& facts, const session& open) {
  const auto used = facts.find<&session_use::session_id>(open.id);
  return used ? used->used_at : open.started_at;
}

bool is_open(snapshot& facts, const session& open, const session_lives& lives, instant now) {
  const auto whose = facts.find<&identity::id>(open.identity_id);
  return open.state == session_state::live && now < open.ends_at && now < last_used(facts, open) + lives.idle &&
         whose && whose->state == identity_state::active && whose->session_epoch == open.session_epoch &&
         has_a_place(facts, whose->id, now);
}

refusal signed_in(snapshot& facts, const ingredients& with) {
  if (!with.who.visitor && with.who.identity_id && has_a_place(facts, with.who.identity_id, with.now))
    return std::nullopt;
  return refuse(status::denied, "sign_in_needed", "", "this is about one's own login: sign in first");
}

} // namespace linecard
