// A password reset, or brought along from another system. Whatever sets one ends every session, opened actor and reset
// that is older; open invitations stay good, and ask for it.
#pragma once

#include <linecard/model/credential.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/limits.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

inline constexpr std::int64_t an_hour = std::int64_t{60} * 60 * 1000;

/// Tries with a password, by account and source, by account, and by source: a host that names no source has the first
/// two only, and outsiders can keep its hashing busy.
inline constexpr rate tries_of_account_and_source{"password/account and source", 10, an_hour / 4};
inline constexpr rate tries_of_account{"password/account", 100, 24 * an_hour};
inline constexpr rate tries_of_source{"password/source", 300, an_hour / 4};
/// Letters that outsiders can cause, by address and by source.
inline constexpr rate letters_to_address{"letter/address", 3, an_hour};
inline constexpr rate letters_to_backup{"letter/backup", 3, an_hour};
inline constexpr rate letters_of_source{"letter/source", 30, an_hour};

/// By an administrator, for a user who has joined: a letter to the user's own address. Nothing ends before the reset is
/// completed (S4.16). Refuses "user_unknown", "not_joined", "user_suspended". Since 0.1.
struct start_password_reset {
  id_of<user> user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Mails a joined user a link to choose a new password; the old one works until that is done.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(start_password_reset, (), (user_id))

/// By the person, or whoever knows the address: known or unknown, the answer and all that is written are the same
/// (I22). The letter goes to the login's own address, or to its confirmed backup address (S5.2). `source` is the host's
/// word for where the request came from. Refuses "too_many_tries". Since 0.1.
struct request_password_reset {
  std::string email{};
  bool use_backup_address{};
  std::string source{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Asks for a letter to choose a new password; the answer does not tell whether the address is known.";
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(request_password_reset, (), (email, use_backup_address, source))

/// What pump_mail makes of it: a letter, or nothing. Since 0.1.
struct answer_reset_request {
  id_of<reset_request> reset_request_id{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Posts the letter that somebody asked for; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(answer_reset_request, (), (reset_request_id))

/// Whoever reads the login's own mailbox starts anew: codes and passwords that others tried in vain count no longer.
/// Refuses "token_invalid", "token_expired", "password_breached", "busy_hashing", and as weakness() does. Since 0.1.
struct complete_password_reset {
  secret_text token{};
  secret_text password{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Sets a new password by the token of a letter: the old one, every session and every older token end.";
  [[nodiscard]] place locate(snapshot&) const;
  [[nodiscard]] refusal prepare(snapshot&, const ingredients&, preparation&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(complete_password_reset, (), (token, password))

/// A hash that another system made, good for one sign-in and then made anew (B14): for a user of this tenant whom no
/// other place knows, and who has no password. It is the tenant's word, not the person's: as soon as another place
/// relies on the login, it ends, unless the person has proved the mailbox by then. Refuses "user_unknown",
/// "not_joined", "hash_unsupported", "password_set_already", "known_elsewhere", "target_exceeds_own". Since 0.1.
struct adopt_password {
  id_of<user> user_id{};
  secret_text password_hash{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Takes over a user's password as a bcrypt, SHA-512-crypt or PBKDF2 hash, made anew at the first sign-in.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(adopt_password, (), (user_id, password_hash))

/// Refuses as weakness() does: the words of context are the person's names, address and tenant.
[[nodiscard]] refusal acceptable_password(snapshot& facts, const ingredients& with, const identity& whose,
                                          const secret_text& password);

enum class mailbox { unproved, proved };
/// The identity's password from now on; none: no password opens it. Whatever is older ends.
void set_password(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who,
                  std::optional<std::string> hash, mailbox shown = mailbox::unproved);

/// Every session, every token and every opened actor of the identity ends.
void end_everything(snapshot& facts, changes& out, id_of<identity> who);

/// One more try with this account's password. `source` may be empty.
[[nodiscard]] refusal charge_password(snapshot& facts, const ingredients& with, changes& out, std::string_view email,
                                      std::string_view source);

/// The one password gate after the charge: what was compared matched, and is still what is stored. Then its tries are
/// forgotten, and it is stored anew where it was made too cheaply. Refuses "password_wrong".
[[nodiscard]] refusal password_accepted(snapshot& facts, const ingredients& with, changes& out, const identity& whose,
                                        std::string_view source);

/// Only who has authority over every place that knows the person may end or set a password: refuses "known_elsewhere",
/// "target_exceeds_own".
[[nodiscard]] refusal covers_everywhere(snapshot& facts, const ingredients& with, const identity& whose,
                                        std::string_view path);

} // namespace linecard
