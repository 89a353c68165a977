// Refused attempts at something privileged, in a table of their own: outside the audit chain and the state digest,
// since a refused command changes no state.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

struct denial {
  id_of<denial> id{};
  any_id scope_id{};
  id_of<identity> identity_id{};
  std::string command{};
  std::string reason{};
  instant at{};
};
BOOST_DESCRIBE_STRUCT(denial, (), (id, scope_id, identity_id, command, reason, at))
template <>
inline constexpr auto table<denial> = record<denial>("denials", key<&denial::id>, index<&denial::scope_id, &denial::id>,
                                                     unchained, outside_state);

} // namespace linecard
