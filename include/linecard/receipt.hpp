// What a command changed, derived from the before/after pairs alone: no command writes its own.
#pragma once

#include <linecard/describe.hpp>
#include <linecard/model/credential.hpp>

#include <string>
#include <vector>

namespace linecard {

/// Values as text, the way the table shows them; secrets as "secret", nothing as nothing.
struct changed_column {
  std::string column{};
  std::optional<std::string> before{};
  std::optional<std::string> after{};
};
BOOST_DESCRIBE_STRUCT(changed_column, (), (column, before, after))

enum class record_action { inserted, updated, erased };
BOOST_DESCRIBE_ENUM(record_action, inserted, updated, erased)

struct changed_record {
  std::string record{}; ///< the table's plural name
  record_action action{};
  std::string key{}; ///< key columns as text, joined by " "
  std::vector<changed_column> columns{};
};
BOOST_DESCRIBE_STRUCT(changed_record, (), (record, action, key, columns))

struct seat_effect {
  id_of<linecard::package> package_id{};
  std::string package{};
  std::int32_t purchased_before{}, purchased_after{};
  std::int32_t used_before{}, used_after{};
  std::int32_t reserved_before{}, reserved_after{};
};
BOOST_DESCRIBE_STRUCT(seat_effect, (),
                      (package_id, package, purchased_before, purchased_after, used_before, used_after, reserved_before,
                       reserved_after))

/// What the next statement is more (or, below zero, less) by, in minor units; one for each currency.
struct price_difference {
  std::string currency{};
  std::int64_t minor{};
  std::string amount{}; ///< for a person: "-17.94 USD"
};
BOOST_DESCRIBE_STRUCT(price_difference, (), (currency, minor, amount))

/// A role given or taken.
struct permission_effect {
  any_id scope_id{};
  std::string role{};
  record_action action{};
};
BOOST_DESCRIBE_STRUCT(permission_effect, (), (scope_id, role, action))

struct queued_mail {
  id_of<message> message_id{};
  std::string letter{};
  std::string language{};
};
BOOST_DESCRIBE_STRUCT(queued_mail, (), (message_id, letter, language))

/// A number or extension given to a user (inserted), taken from one (erased: it may still be in the inventory), or kept
/// and changed (updated).
struct number_effect {
  std::string number{};
  id_of<user> user_id{};
  record_action action{};
};
BOOST_DESCRIBE_STRUCT(number_effect, (), (number, user_id, action))

/// S1.4's proof: BLAKE2b-256 over the rows a licence does not own (user, team member, extensions, devices) of every
/// user whose seat moved, before and after; equal whenever nothing else moved.
struct untouched_digest {
  std::int32_t rows{};
  bytes before{};
  bytes after{};
};
BOOST_DESCRIBE_STRUCT(untouched_digest, (), (rows, before, after))

/// Since 0.1. Rows of the platform's chain (identities) are left out of a tenant's receipt: whether a person was
/// known before is not the tenant's business (I9). Of a command that anybody may run, but for edit_own_line, the
/// receipt says that it was done and no more: no changes, no audit_seq.
struct receipt {
  std::string command{};
  instant at{};
  std::vector<any_id> created{}; ///< ids of inserted records, in order
  std::vector<changed_record> changes{};
  std::vector<seat_effect> seats{};
  std::vector<price_difference> price_differences{};
  std::vector<permission_effect> permissions{};
  std::vector<number_effect> numbers{};
  std::vector<queued_mail> mail{};
  untouched_digest untouched{};
  std::optional<std::int64_t> audit_seq{}; ///< of the acting scope's chain; none for a preview, or if nothing changed
  /// Of a preview: pass it to confirm within 15 minutes. Of a sign-in: the session's, for its caller alone.
  std::optional<std::string> token{};
  std::optional<linecard::second_factor> second_factor{}; ///< of a sign-in: still asked; until then the token is good
                                                          ///< for confirm_code only

  /// The first created id of this kind, or none.
  template <class Noun> [[nodiscard]] id_of<Noun> created_id() const {
    for (const auto id : created)
      if (const auto found = narrow<Noun>(id)) return found;
    return {};
  }
};
BOOST_DESCRIBE_STRUCT(receipt, (),
                      (command, at, created, changes, seats, price_differences, permissions, numbers, mail, untouched,
                       audit_seq, token, second_factor))

} // namespace linecard
