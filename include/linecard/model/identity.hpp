// A login, one for each person and directory, whatever the number of tenants that person belongs to.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

enum class identity_state { active, suspended, deleted };
BOOST_DESCRIBE_ENUM(identity_state, active, suspended, deleted)

/// `email` is the canonical key (text/email.hpp); `email_as_given` keeps the form mail is sent to.
/// A deleted one has no address: `email` is its id's text, which nobody can be found by. `session_epoch` rises whenever
/// every earlier actor, session and token must end. `places` counts the tenants that know it, as user or delegate: a
/// tenant cannot see the others, and must not touch what is theirs too.
struct identity {
  id_of<identity> id{};
  std::string email{};
  std::string email_as_given{};
  std::string language{};
  identity_state state{};
  std::int64_t session_epoch{};
  std::int32_t places{};
  std::int32_t restorable{}; ///< users it was, deleted, who may come back
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(identity, (),
                      (id, email, email_as_given, language, state, session_epoch, places, restorable, created_at))
template <>
inline constexpr auto table<identity> = record<identity>("identities", key<&identity::id>, unique<&identity::email>,
                                                         personal<&identity::email, &identity::email_as_given>,
                                                         platform_chain, decides<&identity::id, &identity::state>,
                                                         about_person<&identity::id>);

} // namespace linecard
