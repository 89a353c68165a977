// The audit chain: one entry for each committed command and scope, hash-chained, personal values as salted
// commitments whose value and salt stand beside the chain and can be erased without breaking it.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// The chain's end for one scope; its version orders the scope's commands.
struct audit_head {
  any_id scope_id{};
  std::int64_t seq{};
  bytes hash{};
};
BOOST_DESCRIBE_STRUCT(audit_head, (), (scope_id, seq, hash))
template <>
inline constexpr auto table<audit_head> = record<audit_head>("audit_heads", key<&audit_head::scope_id>, unchained);

/// `details` is the JSON text of the changes as stored; `hash` = BLAKE2b-256 of the previous hash and every other
/// column of this row (audit_hash in hash.hpp). `acting_in_id` is the scope the actor acted in, also in
/// the platform's entry about an identity. `on_behalf_of_id` is the tenant for which a delegate acted.
struct audit_entry {
  any_id scope_id{};
  std::int64_t seq{}; ///< 1, 2, 3... without a gap
  instant at{};
  id_of<identity> actor_id{}; ///< none: the system
  any_id acting_in_id{};
  any_id on_behalf_of_id{}; ///< none: the actor's own authority allowed it
  std::string command{};
  std::string details{};
  bytes hash{};
};
BOOST_DESCRIBE_STRUCT(audit_entry, (),
                      (scope_id, seq, at, actor_id, acting_in_id, on_behalf_of_id, command, details, hash))
template <>
inline constexpr auto table<audit_entry> = record<audit_entry>("audit_entries",
                                                               key<&audit_entry::scope_id, &audit_entry::seq>,
                                                               unchained);

/// A personal value that entry (scope_id, seq) commits to; erased by clearing `salt` and `personal_value`.
struct audit_value {
  any_id scope_id{};
  std::int64_t seq{};
  std::int32_t position{}; ///< order of commitments within details, from 0
  std::optional<bytes> salt{};
  std::optional<std::string> personal_value{};
  any_id subject_id{}; ///< the user or identity it is about; none: nobody in particular
};
BOOST_DESCRIBE_STRUCT(audit_value, (), (scope_id, seq, position, salt, personal_value, subject_id))
template <>
inline constexpr auto table<audit_value> =
    record<audit_value>("audit_values", key<&audit_value::scope_id, &audit_value::seq, &audit_value::position>,
                        index<&audit_value::subject_id>, personal<&audit_value::personal_value>, unchained);

} // namespace linecard
