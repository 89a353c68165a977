// How an identity proves itself, what it was sent to prove that a mailbox is its own, and where it is signed in.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// No row, or no hash: the identity has no password here, and none opens it.
struct credential {
  id_of<identity> identity_id{};
  std::optional<std::string> password_hash{};
  bool second_factor{}; ///< every sign-in asks a mailed code as well
  instant changed_at{};
};
BOOST_DESCRIBE_STRUCT(credential, (), (identity_id, password_hash, second_factor, changed_at))
template <>
inline constexpr auto table<credential> = record<credential>("credentials", key<&credential::identity_id>,
                                                             secret<&credential::password_hash>, platform_chain);

enum class challenge_purpose { invitation, password_reset, sign_in_code };
BOOST_DESCRIBE_ENUM(challenge_purpose, invitation, password_reset, sign_in_code)

/// What a mailed token or code stands for; the text itself is nowhere but in the letter. Gone when it was used,
/// withdrawn or replaced by a newer one, so that nothing is good twice. Good only while the identity is at this
/// address and epoch, and before `expires_at`, which is tested at use.
struct challenge {
  id_of<challenge> id{};
  challenge_purpose purpose{};
  any_id subject_id{}; ///< invitation: the user or delegate; password_reset: the user or identity; code: the session
  id_of<identity> identity_id{};
  id_of<tenant> tenant_id{}; ///< where it has its effect; none: the platform
  std::string address{};     ///< canonical
  bytes hash{};
  std::int64_t session_epoch{};
  instant issued_at{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(challenge, (),
                      (id, purpose, subject_id, identity_id, tenant_id, address, hash, session_epoch, issued_at,
                       expires_at))
template <>
inline constexpr auto table<challenge> = record<challenge>(
    "challenges", key<&challenge::id>, unique<&challenge::hash>, unique<&challenge::subject_id, &challenge::purpose>,
    index<&challenge::tenant_id, &challenge::purpose, &challenge::issued_at>, personal<&challenge::address>,
    secret<&challenge::hash>, platform_only<&challenge::subject_id, &challenge::identity_id>,
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
  bytes hash{};
  std::int64_t session_epoch{};
  std::string source{};
  instant started_at{};
  instant ends_at{};
};
BOOST_DESCRIBE_STRUCT(session, (), (id, identity_id, state, hash, session_epoch, source, started_at, ends_at))
template <>
inline constexpr auto table<session> = record<session>("sessions", key<&session::id>, unique<&session::hash>,
                                                       index<&session::identity_id, &session::started_at>,
                                                       secret<&session::hash>, personal<&session::source>,
                                                       platform_chain);

/// How often something was tried since its window began. The key is a keyed hash: the table tells nobody who tried.
struct rate_bucket {
  bytes key{};
  instant since{};
  std::int32_t tried{};
};
BOOST_DESCRIBE_STRUCT(rate_bucket, (), (key, since, tried))
template <>
inline constexpr auto table<rate_bucket> = record<rate_bucket>("rate_buckets", key<&rate_bucket::key>, unchained,
                                                               outside_state);

} // namespace linecard
