#include <linecard/rules/challenges.hpp>

#include <linecard/model/user.hpp>
#include <linecard/rules/standing.hpp>

namespace linecard {

namespace {

fact<challenge> look_up(snapshot& facts, challenge_purpose purpose, const secret_text& token) {
  const auto hash = token_hash(word(purpose), token);
  return hash ? facts.find<&challenge::hash>(*hash) : fact<challenge>{};
}

/// What is for a user ends with the user's rights; an invitation of one suspended is good again on return.
bool subject_stands(snapshot& facts, const challenge& found, instant now) {
  if (const auto id = narrow<user>(found.subject_id)) {
    const auto who = facts.find<&user::id>(id);
    return who && (who->state == user_state::invited || who->state == user_state::active);
  }
  const bool resets =
      found.purpose == challenge_purpose::password_reset || found.purpose == challenge_purpose::recovery;
  return !resets || has_a_place(facts, found.identity_id, now);
}

/// The mailbox that the token went to is still one that it may go to.
bool reaches(snapshot& facts, const challenge& found, const identity& whose) {
  if (found.purpose == challenge_purpose::address_confirmation) return true;
  if (found.purpose != challenge_purpose::recovery) return found.address == whose.email;
  const auto backup = facts.find<&backup_address::identity_id>(whose.id);
  return backup && backup->address == found.address;
}

/// Nothing of the login was ended since. An invitation to who has a password asks for that as well, so that a person's
/// own reset does not end what other tenants have sent.
bool is_young(snapshot& facts, const challenge& found, const identity& whose) {
  if (whose.session_epoch == found.session_epoch) return true;
  if (found.purpose != challenge_purpose::invitation) return false;
  const auto kept = facts.find<&credential::identity_id>(whose.id);
  return kept && kept->password_hash;
}

/// Tells nothing that whoever has the letter does not know.
error wrong_purpose(challenge_purpose wanted, challenge_purpose given) {
  return refuse(status::invalid, "token_invalid", "/token",
                "this is an lc1_" + std::string(word(given)) + "_... token, where lc1_" + std::string(word(wanted)) +
                    "_... is wanted");
}

} // namespace

issued_challenge issue(snapshot& facts, const ingredients& with, changes& out, const challenge& wanted,
                       const identity& whose, std::int64_t life) {
  auto drawn = with.secrets->token(word(wanted.purpose));
  const bool own = wanted.address.empty();
  revoke(facts, out, wanted.purpose, wanted.subject_id);
  out.insert(challenge{.id = with.new_id<challenge>(),
                       .purpose = wanted.purpose,
                       .subject_id = wanted.subject_id,
                       .identity_id = whose.id,
                       .tenant_id = wanted.tenant_id,
                       .address = own ? whose.email : wanted.address,
                       .address_as_given = own ? whose.email_as_given : wanted.address_as_given,
                       .hash = std::move(drawn.hash),
                       .session_epoch = whose.session_epoch,
                       .issued_at = with.now,
                       .expires_at = with.now + life});
  return {std::move(drawn.secret), with.now + life};
}

void revoke(snapshot& facts, changes& out, challenge_purpose purpose, any_id subject_id) {
  if (const auto older = facts.find<&challenge::subject_id, &challenge::purpose>(subject_id, purpose)) out.erase(older);
}

std::optional<challenge_purpose> purpose_of(const secret_text& token) {
  constexpr auto first = detail::first_of<challenge_purpose>();
  for (std::size_t n = 0; n < detail::words_of<challenge_purpose>.size(); ++n)
    if (const auto each = static_cast<challenge_purpose>(first + n); token_hash(word(each), token)) return each;
  return std::nullopt;
}

error token_invalid() {
  return refuse(status::invalid, "token_invalid", "/token",
                "this link is not good, or no longer: it may have been used, or a newer one sent");
}

refusal find_challenge(snapshot& facts, const ingredients& with, challenge_purpose purpose, const secret_text& token,
                       fact<challenge>& into) {
  into = look_up(facts, purpose, token);
  if (!into || into->purpose != purpose) {
    const auto given = purpose_of(token);
    return given && *given != purpose ? wrong_purpose(purpose, *given) : token_invalid();
  }
  const auto whose = facts.find<&identity::id>(into->identity_id);
  if (!whose || whose->state != identity_state::active || !is_young(facts, *into, *whose) ||
      !reaches(facts, *into, *whose) || !subject_stands(facts, *into, with.now))
    return token_invalid();
  if (with.now >= into->expires_at)
    return refuse(status::stale, "token_expired", "/token", "this link has expired; ask for a new one");
  return std::nullopt;
}

place place_of(snapshot& facts, challenge_purpose purpose, const secret_text& token) {
  const auto found = look_up(facts, purpose, token);
  if (!found) return {};
  return {.scope_id = found->tenant_id, .identity_id = found->identity_id};
}

} // namespace linecard
