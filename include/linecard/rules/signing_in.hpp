// Signing in and out. A sign-in is a charge, then a password compared outside any transaction, then a session.
#pragma once

#include <linecard/rules/passwords.hpp>

namespace linecard {

inline constexpr std::string_view session_token = "session", pending_token = "sign_in";
/// A session's use is noted this often, in milliseconds.
inline constexpr std::int64_t session_use_step = 60'000;

/// Codes: so many tries with one, for one account within a day, and in a row until one is right.
inline constexpr rate tries_of_code{"code/challenge", 5, an_hour};
inline constexpr rate tries_of_account_codes{"code/account", 20, 24 * an_hour};
inline constexpr rate tries_of_codes_in_a_row{"code/in a row", 100, std::int64_t{10} * 365 * 24 * an_hour};
inline constexpr rate codes_sent{"code/sent", 10, an_hour};

/// The receipt's `token` is the session's, or, where it names a `second_factor`, good for confirm_code only. Unknown,
/// suspended, not set up, nowhere let in or the wrong password: "sign_in_failed", and nobody learns which. Refuses
/// "too_many_tries", "busy_hashing". Since 0.1.
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
  linecard::second_factor second_factor{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Sets what every sign-in of the actor's own login asks beside the password: nothing, or a mailed code.";
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
  instant used_at{}; ///< to the minute
  instant ends_at{}; ///< unless it is not used before then
  linecard::second_factor second_factor{linecard::second_factor::none};
  bool current{};
};
BOOST_DESCRIBE_STRUCT(session_row, (), (session_id, source, started_at, used_at, ends_at, second_factor, current))
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

struct own_login_answer {
  std::string email{};
  bool password_set{};
  linecard::second_factor second_factor{linecard::second_factor::none};
  std::optional<std::string> backup_address{};         ///< confirmed
  std::optional<std::string> backup_address_waiting{}; ///< sent a link, not confirmed
};
BOOST_DESCRIBE_STRUCT(own_login_answer, (),
                      (email, password_set, second_factor, backup_address, backup_address_waiting))

/// What the actor's own login is opened by. Refuses "sign_in_needed". Since 0.1.
struct own_login {
  using answer = own_login_answer;
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "What the actor's own login is opened by, and how it is recovered.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(own_login, (), ())

/// One of the actor's own, or all of them. Refuses "sign_in_needed", "session_unknown". Since 0.1.
struct end_sessions {
  std::optional<id_of<session>> session_id{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Ends one session of the actor's own login, or all of them.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(end_sessions, (), (session_id))

/// Written by open_session, once a minute at most. Since 0.1.
struct note_session_use {
  id_of<session> session_id{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Notes that a session was used; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(note_session_use, (), (session_id))

/// When it was used last; its start when never since.
[[nodiscard]] instant last_used(snapshot& facts, const session& open);
/// Live, within both lives, of a login that stands and has somewhere to go. Facts are the platform's.
[[nodiscard]] bool is_open(snapshot& facts, const session& open, const session_lives& lives, instant now);

/// The actor is a person who has somewhere to go: refuses "sign_in_needed". Facts are the platform's.
[[nodiscard]] refusal signed_in(snapshot& facts, const ingredients& with);

} // namespace linecard
