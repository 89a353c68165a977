// Letters: how a rule posts one, what the courier notes about it, and what administrators see and do.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/message.hpp>
#include <linecard/model/user.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/verb.hpp>
#include <linecard/secrets/secret.hpp>

namespace linecard {

/// Whom a letter is for. The address is the one that the rule decided on: it is never looked up again, so that a token
/// bound to one address does not go to another.
struct addressee {
  id_of<tenant> tenant_id{}; ///< none: the platform's letter
  id_of<user> user_id{};
  id_of<delegate> delegate_id{};
  id_of<identity> identity_id{};
  std::string address{};
  std::string language{}; ///< BCP 47
};
[[nodiscard]] addressee addressee_of(const user& who, std::string_view address);
[[nodiscard]] addressee addressee_of(const delegate& who, std::string_view address);
[[nodiscard]] addressee addressee_of(const identity& who, std::string_view address);

/// Queues a letter in the transaction of its cause (I28). The token or code, if any, is sealed at once, for this
/// message and address only. From `useless_after` on it is not sent.
void post(const ingredients& with, changes& out, letter kind, const addressee& to, const secret_text* token,
          std::optional<instant> useless_after);

/// Takes back whatever of these has not been delivered, with its payload.
void withdraw(snapshot& facts, changes& out, const std::vector<fact<message>>& letters);

/// What the payload is sealed for: nobody can move it to another row, or send it elsewhere by changing the address.
[[nodiscard]] std::string sealed_for(id_of<message> id, std::string_view address);

/// A taken delivery is nobody else's for so long; then it is due again, for its courier may have died.
inline constexpr std::int64_t delivery_lease = std::int64_t{10} * 60 * 1000;
/// Failed attempts that make a dead letter: with the pauses between them about a day and a half.
inline constexpr std::int32_t most_attempts = 16;
/// Milliseconds to wait after failed attempt `n`, from 1: a minute, doubling up to four hours.
[[nodiscard]] std::int64_t pause_after_attempt(std::int32_t n);

/// The courier's first step, before the mailer is called. Refuses "not_due": somebody else has it, or had. Since 0.1.
struct take_delivery {
  id_of<message> message_id{};
  std::int32_t attempt{not_given}; ///< the one about to begin
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Takes a due delivery for a while; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(take_delivery, (), (message_id, attempt))

/// The courier's last step. `state` is what the attempt made of the letter: delivered, dead, lapsed, or queued to try
/// again, which makes it dead after most_attempts. Nothing happens when it was withdrawn meanwhile, or when a later
/// attempt is under way and this one failed. Since 0.1.
struct note_delivery {
  id_of<message> message_id{};
  std::int32_t attempt{not_given};
  message_state state{};
  std::optional<std::string> reason{}; ///< why it failed
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Notes what became of an attempt to deliver; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(note_delivery, (), (message_id, attempt, state, reason))

/// A dead letter is due at once, with all its attempts again. Refuses "message_unknown", "not_dead", "message_lapsed"
/// (what it holds has expired: invite or reset anew). Since 0.1.
struct retry_message {
  id_of<message> message_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Queues a dead letter again, to the address it was written for.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(retry_message, (), (message_id))

/// `email` and what follows are there as long as there is something to deliver or retry.
struct message_row {
  id_of<message> message_id{};
  linecard::letter letter{};
  std::string language{};
  message_state state{};
  std::optional<id_of<user>> user_id{};
  std::optional<id_of<delegate>> delegate_id{};
  instant queued_at{};
  std::optional<instant> useless_after{};
  std::optional<std::string> email{};
  std::optional<std::int32_t> attempts{};
  std::optional<instant> next_attempt_at{};
  std::optional<std::string> reason{}; ///< of the last failure
};
BOOST_DESCRIBE_STRUCT(message_row, (),
                      (message_id, letter, language, state, user_id, delegate_id, queued_at, useless_after, email,
                       attempts, next_attempt_at, reason))
struct messages_answer {
  std::vector<message_row> messages{};
  std::optional<id_of<message>> next{};
};
BOOST_DESCRIBE_STRUCT(messages_answer, (), (messages, next))

/// On the platform those of every tenant, and its own. Refuses "message_unknown" (`after`). Since 0.1.
struct messages {
  message_state state{message_state::dead};
  std::int32_t limit{50};
  std::optional<id_of<message>> after{};
  using answer = messages_answer;
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Letters in one state, newest first, dead ones unless asked otherwise; never what they hold.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(messages, (), (state, limit, after))

} // namespace linecard
