// The backup address of the actor's own login: a mailbox that a reset can be sent to when the login's own is lost. It
// never signs in and never receives a code (S5.2, I19).
#pragma once

#include <linecard/rules/passwords.hpp>

namespace linecard {

/// Asks the present password, for a stolen session must not become a stolen login. A letter to the new address holds
/// the link that confirms it; until then an earlier one stays. Refuses "sign_in_needed", "password_not_set",
/// "mailbox_unproved" (the password was brought along: reset it by mail first), "password_wrong", "same_as_email",
/// "too_many_tries", "busy_hashing". Since 0.1.
struct set_backup_address {
  std::string email{};
  secret_text password{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about =
      "Mails a link to an address that, once confirmed, serves to recover the actor's own login and for nothing else.";
  [[nodiscard]] refusal charge(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] refusal prepare(snapshot&, const ingredients&, preparation&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_backup_address, (), (email, password))

/// In place of an earlier one; a letter to the login's own address tells of it. A reset under way is void. Refuses
/// "token_invalid", "token_expired". Since 0.1.
struct confirm_backup_address {
  secret_text token{};
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Confirms a backup address by the token of the letter that was sent there.";
  [[nodiscard]] place locate(snapshot&) const;
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(confirm_backup_address, (), (token))

/// The one confirmed, and one that still waits. None there changes nothing. Refuses "sign_in_needed". Since 0.1.
struct remove_backup_address {
  static constexpr auto needs = permission::anybody;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Removes the backup address of the actor's own login.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(remove_backup_address, (), ())

/// With what was sent there: nothing that it could complete is good any more.
void drop_backup_address(snapshot& facts, changes& out, id_of<identity> who);

} // namespace linecard
