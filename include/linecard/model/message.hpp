// Mail is a row: the letter's name and the ids it speaks of, queued in the transaction of its cause.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

enum class letter { welcome, delegate_invitation };
BOOST_DESCRIBE_ENUM(letter, welcome, delegate_invitation)
enum class message_state { queued };
BOOST_DESCRIBE_ENUM(message_state, queued)

/// To a user or to a delegate; the other id is none.
struct message {
  id_of<message> id{};
  id_of<tenant> tenant_id{};
  id_of<user> user_id{};
  id_of<delegate> delegate_id{};
  letter kind{};
  std::string language{}; ///< BCP 47
  message_state state{};
  instant queued_at{};
};
BOOST_DESCRIBE_STRUCT(message, (), (id, tenant_id, user_id, delegate_id, kind, language, state, queued_at))
template <>
inline constexpr auto table<message> = record<message>("messages", key<&message::id>, index<&message::user_id>,
                                                       index<&message::delegate_id>,
                                                       index<&message::state, &message::id>,
                                                       of_tenant<&message::tenant_id>);

} // namespace linecard
