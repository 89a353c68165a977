// From "add user" to joined: the letter with a token, and what can happen to it on the way. Users and delegates take
// the same road.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Whoever was invited and was not set up before chooses a password; whoever has one gives that, or is signed in: no
/// tenant's invitation ever touches it. A reserved seat becomes a used one (I4); the team member comes into being
/// (S2.5); a pending delegation becomes active (S3.5). Refuses "token_invalid", "token_expired", "token_of_another"
/// (signed in as somebody else), "password_missing", "password_wrong", "too_many_tries", busy "contended" (somebody was
/// faster: try again), "password_breached", "busy_hashing", and as weakness() does. Since 0.1.
struct accept_invitation {
  secret_text token{};
  std::optional<secret_text> password{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Accepts an invitation by the token of its letter: a new person chooses a password, a known one gives theirs.";
  [[nodiscard]] place locate(snapshot&) const;
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal prepare(snapshot&, const ingredients&, preparation&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(accept_invitation, (), (token, password))

/// To who has not joined: a new letter, which makes the link of an older one void (S4.18). To who is set up already:
/// the password stops working at once, with every session, before the letter leaves (S5.7); only where the actor's
/// authority covers every place that knows the person. Refuses "user_unknown", "user_suspended",
/// "target_exceeds_own", "known_elsewhere". Since 0.1.
struct send_invitation {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Sends an invitation (again): the older link is void; a password that was set up stops working at once.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(send_invitation, (), (user_id))

/// To a pending delegate, as to a user. Refuses "delegate_unknown", "not_pending". Since 0.1.
struct send_delegate_invitation {
  id_of<delegate> delegate_id{};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Sends a pending delegate the invitation (again): the older link is void.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(send_delegate_invitation, (), (delegate_id))

/// While the user has not joined (S4.14): the person invited is now the one at this address; the link sent to the old
/// one is void (S4.18). Refuses "user_unknown", "already_joined", "already_a_user", "already_a_delegate",
/// "role_exceeds_own", "owner_needs_support" (unless who corrects may replace owners). Since 0.1.
struct correct_address {
  id_of<user> user_id{};
  std::string email{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Corrects the e-mail address of a user who has not joined; the link sent to the old one is void.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(correct_address, (), (user_id, email))

/// The user, who has not joined, is gone with seat, roles, letters and link. Refuses "user_unknown", "already_joined",
/// "target_exceeds_own", "owner_needs_support", "last_administrator", "would_strand". Since 0.1.
struct cancel_invitation {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Withdraws the invitation of a user who has not joined: link, reserved seat and roles are gone.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(cancel_invitation, (), (user_id))

struct invitation_row {
  std::optional<id_of<user>> user_id{};
  std::optional<id_of<delegate>> delegate_id{};
  std::string name{};
  std::string email{};
  instant sent_at{};
  instant expires_at{};
  bool expired{};
};
BOOST_DESCRIBE_STRUCT(invitation_row, (), (user_id, delegate_id, name, email, sent_at, expires_at, expired))

struct invitations_answer {
  std::vector<invitation_row> invitations{};
};
BOOST_DESCRIBE_STRUCT(invitations_answer, (), (invitations))

/// Those whose letter was sent and who have not joined, oldest first. Since 0.1.
struct invitations {
  std::int32_t limit{50};
  using answer = invitations_answer;
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Invitations that were sent and not accepted, users' and delegates', the oldest first, with when they expire.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(invitations, (), (limit))

/// Makes the link and queues the letter; for add_user and add_delegate too.
void send_letter_of(snapshot& facts, const ingredients& with, changes& out, const user& who);
void send_letter_of(snapshot& facts, const ingredients& with, changes& out, const delegate& who);

/// Its link, if any, is void, and what was not delivered of its letters is taken back.
void void_invitation(snapshot& facts, changes& out, const user& who);
void void_invitation(snapshot& facts, changes& out, const delegate& who);

/// What joining does to a user, whoever vouches for it; the invitation's link is void afterwards.
void join(snapshot& facts, const ingredients& with, changes& out, const fact<user>& who,
          const std::optional<std::string>& team_role);

} // namespace linecard
