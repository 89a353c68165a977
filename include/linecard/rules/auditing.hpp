// The audit chain read and verified: newest first for people, oldest first as a change feed, whole for a checker.
#pragma once

#include <linecard/model/audit.hpp>
#include <linecard/rules/verb.hpp>

#include <string>
#include <string_view>

namespace linecard {

/// BLAKE2b-256 of the previous entry's hash (empty for the first) and every other column as stored.
[[nodiscard]] std::string entry_hash(std::string_view previous, const audit_entry& entry);
/// BLAKE2b-256 of salt and value: what the chain holds in place of a personal value.
[[nodiscard]] std::string commitment(std::string_view salt, std::string_view personal_value);

/// A personal value that `details` commits to; `text` is absent once erased.
struct audit_personal {
  std::int32_t position{};
  std::optional<bytes> salt{};
  std::optional<std::string> text{};
};
BOOST_DESCRIBE_STRUCT(audit_personal, (), (position, salt, text))

/// `details` is the stored JSON text, byte for byte: [{"record", "action", "key", "columns": {name: [before, after]}}].
struct audit_row {
  std::int64_t seq{};
  instant at{};
  std::optional<id_of<identity>> actor_id{};
  any_id acting_in_id{};
  std::optional<any_id> on_behalf_of_id{}; ///< the tenant, when a delegate acted for it
  std::string command{};
  std::string details{};
  bytes hash{};
  std::vector<audit_personal> personal{};
};
BOOST_DESCRIBE_STRUCT(audit_row, (),
                      (seq, at, actor_id, acting_in_id, on_behalf_of_id, command, details, hash, personal))

struct audit_answer {
  any_id scope_id{};
  std::vector<audit_row> entries{};
  std::optional<std::int64_t> next{}; ///< pass as `before` or `since` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(audit_answer, (), (scope_id, entries, next))

/// The directory runs it as system when it refuses a command for want of permission. Since 0.1.
struct record_denial {
  id_of<identity> identity_id{};
  std::string command{};
  std::string reason{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Notes a refused attempt at something privileged; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(record_denial, (), (identity_id, command, reason))

struct denial_row {
  instant at{};
  id_of<identity> identity_id{};
  std::string command{};
  std::string reason{};
};
BOOST_DESCRIBE_STRUCT(denial_row, (), (at, identity_id, command, reason))

struct denials_answer {
  std::vector<denial_row> denials{};
};
BOOST_DESCRIBE_STRUCT(denials_answer, (), (denials))

/// Since 0.1.
struct denials {
  std::int32_t limit{50};
  using answer = denials_answer;
  static constexpr auto needs = permission::audit_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Refused attempts at something privileged in the scope acted in, newest first.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(denials, (), (limit))

/// Since 0.1.
struct audit {
  std::optional<std::int64_t> before{};
  std::int32_t limit{50};
  using answer = audit_answer;
  static constexpr auto needs = permission::audit_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "The audit entries of the scope acted in, newest first.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(audit, (), (before, limit))

/// Ordered by the chain, so that no commit is ever missed. Since 0.1.
struct changes_since {
  std::int64_t since{};
  std::int32_t limit{50};
  using answer = audit_answer;
  static constexpr auto needs = permission::audit_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "The change feed: entries after a sequence number, oldest first.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(changes_since, (), (since, limit))

/// `broken_at` is the first entry that does not fit; `head_hash` is what a host may anchor elsewhere: without an
/// anchor a chain cut short together with its head looks whole.
struct verify_audit_answer {
  bool intact{};
  std::int64_t entries{};
  std::int64_t erased{}; ///< personal values no longer present; the chain verifies without them
  std::optional<std::int64_t> broken_at{};
  std::string message{};
  bytes head_hash{};
};
BOOST_DESCRIBE_STRUCT(verify_audit_answer, (), (intact, entries, erased, broken_at, message, head_hash))

/// Since 0.1.
struct verify_audit {
  using answer = verify_audit_answer;
  static constexpr auto needs = permission::audit_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Recomputes the audit chain of the scope acted in from its first entry to its head.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(verify_audit, (), ())

} // namespace linecard
