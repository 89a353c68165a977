// Whom a command about authority means. In a tenant that is a user or delegate of it, elsewhere any identity.
#pragma once

#include <linecard/model/user.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

struct principal {
  id_of<identity> identity_id{};
  any_id holder_id{};  ///< the user or delegate in a tenant, elsewhere the identity
  fact<user> member{}; ///< in a tenant; false for a delegate
};

/// By `user_id` (in a tenant) or `email`, exactly one of them: refuses "one_key_needed". Whoever has no place in the
/// tenant acted in is `not_found` "user_unknown" there, known elsewhere or not (I9); on a platform or in a container
/// an unknown e-mail is "identity_unknown".
[[nodiscard]] refusal find_principal(snapshot& facts, const ingredients& with,
                                     const std::optional<id_of<user>>& user_id, const std::optional<std::string>& email,
                                     principal& into);

} // namespace linecard
