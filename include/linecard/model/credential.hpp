// How an identity proves itself, what it was sent to prove that a mailbox is its own, and where it is signed in.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// What a sign-in asks beside the password. mailbox: a mailed code, which proves that somebody reads the mailbox.
enum class second_factor { none = 1, mailbox };
BOOST_DESCRIBE_ENUM(second_factor, none, mailbox)

/// No row, or no hash: the identity has no password here, and none opens it. A password brought along from another
/// system is the word of the tenant that brought it: until the person proves the mailbox, by a letter's link or code,
/// it ends as soon as somebody else relies on the login.
struct credential {
  id_of<identity> identity_id{};
  std::optional<std::string> password_hash{};
  linecard::second_factor second_factor{linecard::second_factor::none};
  bool mailbox_proved{};
  instant changed_at{};
};
BOOST_DESCRIBE_STRUCT(credential, (), (identity_id, password_hash, second_factor, mailbox_proved, changed_at))
template <>
inline constexpr auto table<credential> = record<credential>("credentials", key<&credential::identity_id>,
                                                             secret<&credential::password_hash>, platform_chain);

/// Where a person who lost the mailbox of the login is sent a reset: nothing else goes there, and nobody signs in with
/// it. There is a row only once the link sent there was opened.
struct backup_address {
  id_of<identity> identity_id{};
  std::string address{}; ///< canonical
  std::string address_as_given{};
  instant confirmed_at{};
};
BOOST_DESCRIBE_STRUCT(backup_address, (), (identity_id, address, address_as_given, confirmed_at))
template <>
inline constexpr auto table<backup_address> =
    record<backup_address>("backup_addresses", key<&backup_address::identity_id>,
                           personal<&backup_address::address, &backup_address::address_as_given>,
                           about_person<&backup_address::identity_id>, platform_chain);

/// recovery: a reset sent to the backup address.
enum class challenge_purpose { invitation, password_reset, recovery, sign_in_code, address_confirmation };
BOOST_DESCRIBE_ENUM(challenge_purpose, invitation, password_reset, recovery, sign_in_code, address_confirmation)

/// What a mailed token or code stands for; the text itself is nowhere but in the letter. Gone when it was used,
/// withdrawn or replaced by a newer one, so that nothing is good twice. Good only while the identity is at this
/// address and epoch, and before `expires_at`, which is tested at use; but an invitation to somebody who has a password
/// outlives the epoch, for it asks for that as well. An address_confirmation's address is the backup address to be.
struct challenge {
  id_of<challenge> id{};
  challenge_purpose purpose{};
  any_id subject_id{}; ///< invitation: the user or delegate; reset: the user or identity; code: the session; else the
                       ///< identity
  id_of<identity> identity_id{};
  id_of<tenant> tenant_id{}; ///< where it has its effect; none: the platform
  std::string address{};     ///< canonical
  std::string address_as_given{};
  bytes hash{};
  std::int64_t session_epoch{};
  instant issued_at{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(challenge, (),
                      (id, purpose, subject_id, identity_id, tenant_id, address, address_as_given, hash, session_epoch,
                       issued_at, expires_at))
template <>
inline constexpr auto table<challenge> = record<challenge>(
    "challenges", key<&challenge::id>, unique<&challenge::hash>, unique<&challenge::subject_id, &challenge::purpose>,
    index<&challenge::tenant_id, &challenge::purpose, &challenge::expires_at>,
    index<&challenge::purpose, &challenge::expires_at>, personal<&challenge::address, &challenge::address_as_given>,
    secret<&challenge::hash>, about_person<&challenge::identity_id>,
    platform_only<&challenge::subject_id, &challenge::identity_id, &challenge::address_as_given,
                  &challenge::session_epoch>,
    of_tenant<&challenge::tenant_id>);

/// pending: the password was right, and a code is still asked for.
enum class session_state { pending, live };
BOOST_DESCRIBE_ENUM(session_state, pending, live)

/// A sign-in that lasts. Gone when it was ended; over at `ends_at`, or when the identity's epoch has moved. `source` is
/// the host's word for where it came from.
struct session {
  id_of<session> id{};
  id_of<identity> identity_id{};
  session_state state{};
  linecard::second_factor second_factor{linecard::second_factor::none}; ///< shown beside the password, once live
  bytes hash{};
  std::int64_t session_epoch{};
  std::string source{};
  instant started_at{};
  instant ends_at{};
};
BOOST_DESCRIBE_STRUCT(session, (),
                      (id, identity_id, state, second_factor, hash, session_epoch, source, started_at, ends_at))
template <>
inline constexpr auto table<session> = record<session>("sessions", key<&session::id>, unique<&session::hash>,
                                                       index<&session::identity_id, &session::started_at>,
                                                       index<&session::ends_at>, secret<&session::hash>,
                                                       personal<&session::source>, about_person<&session::identity_id>,
                                                       platform_chain);

/// When a session's actor was last opened, to the minute; none: never. Not worth an audit entry.
struct session_use {
  id_of<session> session_id{};
  instant used_at{};
};
BOOST_DESCRIBE_STRUCT(session_use, (), (session_id, used_at))
template <>
inline constexpr auto table<session_use> = record<session_use>("session_uses", key<&session_use::session_id>, unchained,
                                                               outside_state);

/// Somebody at this address asked for a reset. Known or not, the request leaves this row and no more: whether a letter
/// follows is found out when mail is pumped.
struct reset_request {
  id_of<reset_request> id{};
  std::string address{}; ///< canonical; of the login, also where the letter goes to the backup address
  bool use_backup_address{};
  instant requested_at{};
};
BOOST_DESCRIBE_STRUCT(reset_request, (), (id, address, use_backup_address, requested_at))
template <>
inline constexpr auto table<reset_request> = record<reset_request>("reset_requests", key<&reset_request::id>,
                                                                   personal<&reset_request::address>, unchained);

/// How often something was tried in a window that ends. The key is a keyed hash: the table tells nobody who tried.
struct rate_bucket {
  bytes key{};
  instant ends_at{};
  std::int32_t tried{};
};
BOOST_DESCRIBE_STRUCT(rate_bucket, (), (key, ends_at, tried))
template <>
inline constexpr auto table<rate_bucket> = record<rate_bucket>("rate_buckets", key<&rate_bucket::key>,
                                                               index<&rate_bucket::ends_at>, unchained, outside_state);

} // namespace linecard
