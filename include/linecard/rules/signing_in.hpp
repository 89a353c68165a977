// Signing in and out. A sign-in is a charge, then a password compared outside any transaction, then a session.
#pragma once

#include <linecard/rules/passwords.hpp>

namespace linecard {

inline constexpr std::string_view session_token = "session", pending_token = "sign_in";
inline constexpr std::int64_t session_life = 12 * an_hour;

/// Codes: so many tries with one, for one account within a day, and in a row until one is right.
inline constexpr rate tries_of_code{"code/challenge", 5, an_hour};
inline constexpr rate tries_of_account_codes{"code/account", 20, 24 * an_hour};
inline constexpr rate tries_of_codes_in_a_row{"code/in a row", 100, std::int64_t{10} * 365 * 24 * an_hour};
inline constexpr rate codes_sent{"code/sent", 10, an_hour};

/// The receipt's `token` is the session's, or, where `code_needed`, good for confirm_code only. Unknown, suspended, not
/// set up or the wrong password: "sign_in_failed", and nobody learns which. Refuses "too_many_tries". Since 0.1.
struct sign_in {
  std::string email{};
  secret_text password{};
  std::string source{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Signs in with e-mail and password: answers a session's token, or one for the code that was mailed.";
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal prepare(snapshot&, const ingredients&, preparation&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(sign_in, (), (email, password, source))

/// The second step of a sign-in, by the mailed code. It proves that somebody reads the mailbox, no more (NIST does not
/// count e-mail as a second factor). Refuses "token_invalid", "token_expired", "code_wrong", "too_many_tries".
/// Since 0.1.
struct confirm_code {
  secret_text token{};
  secret_text code{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Completes a sign-in with the mailed code: answers the session's token.";
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(confirm_code, (), (token, code))

/// Of the actor's own login, from the next sign-in on. Refuses "sign_in_needed". Since 0.1.
struct set_second_factor {
  bool second_factor{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Turns the mailed code at every sign-in of the actor's own login on or off.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_second_factor, (), (second_factor))

/// The session that the actor was opened by. Refuses "sign_in_needed". Since 0.1.
struct sign_out {
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Ends the session that this actor was opened by, at once and for good.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(sign_out, (), ())

struct session_row {
  id_of<session> session_id{};
  std::string source{};
  instant started_at{};
  instant ends_at{};
  bool current{};
};
BOOST_DESCRIBE_STRUCT(session_row, (), (session_id, source, started_at, ends_at, current))
struct sessions_answer {
  std::vector<session_row> sessions{};
};
BOOST_DESCRIBE_STRUCT(sessions_answer, (), (sessions))

/// The actor's own, the oldest first. Refuses "sign_in_needed". Since 0.1.
struct sessions {
  using answer = sessions_answer;
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Where the actor's own login is signed in, and until when.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(sessions, (), ())

/// One of the actor's own, or all of them. Refuses "sign_in_needed", "session_unknown". Since 0.1.
struct end_sessions {
  std::optional<id_of<session>> session_id{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Ends one session of the actor's own login, or all of them.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(end_sessions, (), (session_id))

} // namespace linecard
