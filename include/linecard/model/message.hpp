// Mail is two rows: what is to be said to whom, which stays, and what the courier still has to hand over, which is gone
// once nothing is left to do.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// Every letter there is. welcome: a setup link; joined: an existing login was let into another tenant.
enum class letter {
  welcome,
  joined,
  delegate_invitation,
  password_reset,
  reinvitation,
  password_changed,
  sign_in_code,
  address_confirmation,
  backup_address_changed
};
BOOST_DESCRIBE_ENUM(letter, welcome, joined, delegate_invitation, password_reset, reinvitation, password_changed,
                    sign_in_code, address_confirmation, backup_address_changed)

/// dead: given up, until somebody retries it; lapsed: it became useless before it could be delivered.
enum class message_state { queued, delivered, dead, lapsed };
BOOST_DESCRIBE_ENUM(message_state, queued, delivered, dead, lapsed)

/// Queued in the transaction of its cause. To a user, a delegate or a bare login; the other ids are none. A message of
/// no tenant is the platform's. Its id as text is what a mailer may recognise a second delivery by.
struct message {
  id_of<message> id{};
  id_of<tenant> tenant_id{};
  id_of<user> user_id{};
  id_of<delegate> delegate_id{};
  id_of<identity> identity_id{};
  letter kind{};
  std::string language{}; ///< BCP 47
  message_state state{};
  instant queued_at{};
  std::optional<instant> useless_after{}; ///< when what it holds has expired; not sent from then on
};
BOOST_DESCRIBE_STRUCT(message, (),
                      (id, tenant_id, user_id, delegate_id, identity_id, kind, language, state, queued_at,
                       useless_after))
template <>
inline constexpr auto
    table<message> = record<message>("messages", key<&message::id>, index<&message::user_id>,
                                     index<&message::delegate_id>, index<&message::identity_id>, index<&message::state>,
                                     index<&message::tenant_id, &message::state>, platform_only<&message::identity_id>,
                                     of_tenant<&message::tenant_id>);

/// Exists as long as there is something to deliver or to retry: with it go the address and the sealed payload. Whoever
/// takes a delivery on moves `next_attempt_at` on first, so that nobody else does meanwhile and somebody does when the
/// process dies; `attempts` tells one taking from another.
struct delivery {
  id_of<message> message_id{};
  id_of<tenant> tenant_id{};
  std::string address{};
  bytes payload{}; ///< a token or code, sealed under the host key for this message and address; empty: none
  std::int32_t attempts{};
  std::optional<instant> next_attempt_at{}; ///< none: dead
  std::string last_failure{};               ///< a slug
};
BOOST_DESCRIBE_STRUCT(delivery, (), (message_id, tenant_id, address, payload, attempts, next_attempt_at, last_failure))
template <>
inline constexpr auto table<delivery> = record<delivery>("deliveries", key<&delivery::message_id>,
                                                         index<&delivery::next_attempt_at>,
                                                         personal<&delivery::address>, secret<&delivery::payload>,
                                                         of_tenant<&delivery::tenant_id>, unchained);

} // namespace linecard
