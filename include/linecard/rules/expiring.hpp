// What is over and of no more use is forgotten. Nothing waits for this: every life is tested at use.
#pragma once

#include <linecard/rules/verb.hpp>

#include <vector>

namespace linecard {

/// Letters that are done with are kept so long, in milliseconds: 90 days.
inline constexpr std::int64_t message_life = std::int64_t{90} * 24 * 60 * 60 * 1000;

/// On the platform sessions, codes, links, charges and letters that are over, in a tenant its links, its letters,
/// replacements that cannot be undone any more, and the personal data of users who cannot be restored; some at a time.
/// Expired invitations stay, and are listed. Since 0.1.
struct forget_expired {
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Erases what is over and of no more use; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(forget_expired, (), ())

/// The platform (none) and tenants that have something to forget. Facts are the platform's.
[[nodiscard]] std::vector<id_of<tenant>> with_something_expired(snapshot& facts, instant now);

} // namespace linecard
