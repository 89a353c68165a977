// Letters: how a rule posts one.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/message.hpp>
#include <linecard/model/user.hpp>
#include <linecard/secrets/secret.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Whom a letter is for. The address is the one that the rule decided on: it is never looked up again, so that a token
/// bound to one address does not go to another.
struct addressee {
  id_of<tenant> tenant_id{}; ///< none: the platform's letter
  id_of<user> user_id{};
  id_of<delegate> delegate_id{};
  id_of<identity> identity_id{};
  std::string address{};
  std::string language{}; ///< BCP 47
};
[[nodiscard]] addressee addressee_of(const user& who, std::string_view address);
[[nodiscard]] addressee addressee_of(const delegate& who, std::string_view address);
[[nodiscard]] addressee addressee_of(const identity& who, std::string_view address);

/// Queues a letter in the transaction of its cause (I28). The token or code, if any, is sealed at once, for this
/// message and address only. From `useless_after` on it is not sent.
void post(const ingredients& with, changes& out, letter kind, const addressee& to, const secret_text* token,
          std::optional<instant> useless_after);

/// Takes back whatever of these has not been delivered, with its payload.
void withdraw(snapshot& facts, changes& out, const std::vector<fact<message>>& letters);

/// What the payload is sealed for: nobody can move it to another row, or send it elsewhere by changing the address.
[[nodiscard]] std::string sealed_for(id_of<message> id, std::string_view address);

} // namespace linecard
