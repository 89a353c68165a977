#include <linecard/rules/signing_in.hpp>

#include "secrets/base64url.hpp"

#include <linecard/rules/challenges.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {

/// The identity and what its password is compared with; false when nothing opens it.
bool find_login(snapshot& facts, const std::string& email, fact<identity>& whose, fact<credential>& kept) {
  whose = facts.find<&identity::email>(text::email_key(email));
  if (!whose || whose->state != identity_state::active) return false;
  kept = facts.find<&credential::identity_id>(whose->id);
  return kept && kept->password_hash;
}

/// Names what a code is for, so that it is good for nothing else.
std::string context_of(id_of<session> waiting) { return "sign_in_code/" + to_text(waiting); }

const session& open(const ingredients& with, changes& out, const identity& whose, const std::string& source,
                    session_state state, std::int64_t life) {
  auto drawn = with.secrets->token(state == session_state::live ? session_token : pending_token);
  const auto& opened = out.insert(session{.id = with.new_id<session>(),
                                          .identity_id = whose.id,
                                          .state = state,
                                          .hash = std::move(drawn.hash),
                                          .session_epoch = whose.session_epoch,
                                          .source = source,
                                          .started_at = with.now,
                                          .ends_at = with.now + life});
  with.secrets->hand_over(std::move(drawn.secret), state == session_state::pending);
  return opened;
}

/// A letter with a code for this one sign-in.
refusal ask_code(snapshot& facts, const ingredients& with, changes& out, const identity& whose,
                 const std::string& source) {
  if (auto no = charge_try(facts, with, out, codes_sent, to_text(whose.id))) return no;
  const auto& waiting = open(with, out, whose, source, session_state::pending, sign_in_code_life);
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

refusal signed_in(const ingredients& with) {
  if (!with.who.visitor && with.who.identity_id) return std::nullopt;
  return refuse(status::denied, "sign_in_needed", "", "this is about one's own login: sign in first");
}

/// The sign-in that waits for its code.
refusal find_waiting(snapshot& facts, const ingredients& with, const secret_text& token, fact<session>& into) {
  const auto hash = token_hash(pending_token, token);
  into = hash ? facts.find<&session::hash>(*hash) : fact<session>{};
  const auto whose = into ? facts.find<&identity::id>(into->identity_id) : fact<identity>{};
  if (!into || into->state != session_state::pending || !whose || whose->state != identity_state::active ||
      whose->session_epoch != into->session_epoch)
    return refuse(status::invalid, "token_invalid", "/token", "no sign-in waits for a code under this token");
  if (with.now >= into->ends_at)
    return refuse(status::stale, "token_expired", "/token", "this took too long; sign in again");
  return std::nullopt;
}

} // namespace

refusal sign_in::charge(snapshot& facts, const ingredients& with, changes& out) const {
  return charge_password(facts, with, out, text::email_key(email), source);
}

refusal sign_in::prepare(snapshot& facts, const ingredients&, preparation& work) const {
  fact<identity> whose;
  fact<credential> kept;
  work.password = &password;
  work.compare = true;
  if (find_login(facts, email, whose, kept)) work.stored = *kept->password_hash;
  return std::nullopt;
}

refusal sign_in::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<identity> whose;
  fact<credential> kept;
  if (!find_login(facts, email, whose, kept) || !password_matches(with, kept))
    return refuse(status::denied, "sign_in_failed", "", "e-mail or password are wrong, or this login is not open");
  const auto key = text::email_key(email);
  forget_tries(facts, with, out, tries_of_account_and_source, key + '\0' + source);
  forget_tries(facts, with, out, tries_of_account, key);
  if (!with.done->hash.empty()) out.edit(kept).password_hash = with.done->hash;
  if (kept->second_factor) return ask_code(facts, with, out, *whose, source);
  open(with, out, *whose, source, session_state::live, session_life);
  return std::nullopt;
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
  forget_tries(facts, with, out, tries_of_codes_in_a_row, to_text(waiting->identity_id));
  auto drawn = with.secrets->token(session_token); // another one: what was good for the code is good for nothing more
  auto& opened = out.edit(waiting);
  opened.state = session_state::live;
  opened.hash = std::move(drawn.hash);
  opened.ends_at = with.now + session_life;
  with.secrets->hand_over(std::move(drawn.secret), false);
  return std::nullopt;
}

refusal set_second_factor::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(with)) return no;
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
  out.erase(open);
  return std::nullopt;
}

refusal sessions::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (auto no = signed_in(with)) return no;
  for (const auto& open : facts.list<&session::identity_id>(with.who.identity_id))
    if (open->state == session_state::live && with.now < open->ends_at)
      into.sessions.push_back({.session_id = open->id,
                               .source = open->source,
                               .started_at = open->started_at,
                               .ends_at = open->ends_at,
                               .current = open->id == with.who.session_id});
  return std::nullopt;
}

refusal end_sessions::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (auto no = signed_in(with)) return no;
  bool found = false;
  for (const auto& open : facts.list<&session::identity_id>(with.who.identity_id)) {
    if (session_id && open->id != *session_id) continue;
    out.erase(open);
    found = true;
  }
  if (session_id && !found)
    return refuse(status::not_found, "session_unknown", "/session_id", "this login has no such session");
  return std::nullopt;
}

} // namespace linecard
