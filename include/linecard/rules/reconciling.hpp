// What a host did to its own table behind the library's back, taken over and audited.
#pragma once

#include <linecard/rules/verb.hpp>

namespace linecard {

/// Users whose names the host changed in its own table since linecard last knew them get an audit entry, from what was
/// known to what stands, and their place in the list; users whose rows the host removed lose seats, roles and
/// extensions, and are erased. At most `limit` users a run: run it until it changes nothing. Rows that the host added
/// are not linecard's: adopt_user takes them in. Changes nothing on a store without a host's table. Since 0.1.
struct reconcile {
  std::int32_t limit{500};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Finds and audits what the host changed or removed in its own table of users; until it changes nothing.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(reconcile, (), (limit))

} // namespace linecard
