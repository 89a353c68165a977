// Who may do what, where, and why. The whole decision:
//
//   An identity may do P in scope S when it is active and holds a grant
//     at S or at a scope above S,
//     within its time,
//     whose role has P plainly, or restricted while the identity holds P's flag at S or above,
//     and, where the grant is at a tenant, it is an active user there, or its delegation there is active,
//       acknowledged and within its time; a delegation never lets anybody manage people or authority.
//
// Nothing else allows anything.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/rules/roles.hpp>

#include <vector>

namespace linecard {

/// Why a permission is held or not. Of several grants that miss, the nearest miss is told: the later word.
enum class verdict_reason {
  identity_unknown,
  identity_suspended,
  no_grant,
  role_lacks_it,
  no_longer_valid,
  not_yet_valid,
  user_inactive,
  delegation_pending,
  delegation_lapsed,
  delegation_unacknowledged,
  delegation_excludes_it,
  flag_needed,
  allowed,
};
BOOST_DESCRIBE_ENUM(verdict_reason, identity_unknown, identity_suspended, no_grant, role_lacks_it, no_longer_valid,
                    not_yet_valid, user_inactive, delegation_pending, delegation_lapsed, delegation_unacknowledged,
                    delegation_excludes_it, flag_needed, allowed)

/// The grant that allows, or that comes nearest; none when there is none at all.
struct verdict {
  verdict_reason reason{};
  fact<grant> by{};
  bool by_flag{};   ///< it is held restricted there, and the flag with it
  bool delegated{}; ///< that grant counts by a delegation: what is done is done on behalf of the tenant
  [[nodiscard]] bool allowed() const { return reason == verdict_reason::allowed; }
};

/// What one identity may do in one scope at one instant: read once, asked often.
class authority {
public:
  authority(snapshot& facts, id_of<identity> who, const scope& in, instant at);

  [[nodiscard]] verdict on(permission needed);
  [[nodiscard]] permission_set effective();
  [[nodiscard]] const fact<identity>& who() const { return who_; }

private:
  struct weighed {
    fact<grant> granted{};
    role_powers powers{};
    verdict_reason flaw = verdict_reason::allowed; ///< why the grant counts for nothing, if it does
  };
  [[nodiscard]] std::vector<weighed>& grants();
  [[nodiscard]] verdict_reason flaw_of(const grant& g);
  [[nodiscard]] verdict_reason membership();
  [[nodiscard]] verdict_reason read_membership();
  [[nodiscard]] bool delegated(const grant& g) const;
  [[nodiscard]] bool unlocked(permission restricted);
  [[nodiscard]] verdict_reason weigh(const weighed& g, permission needed);

  snapshot& facts_;
  id_of<identity> id_;
  scope in_;
  instant at_;
  fact<identity> who_;
  bool by_delegation_{};
  std::optional<verdict_reason> membership_{};
  std::optional<permission_set> unlocked_{};
  std::optional<std::vector<weighed>> grants_{};
};

/// Everything the identity may do in the scope at the instant; empty when it may do nothing.
[[nodiscard]] permission_set effective(snapshot& facts, id_of<identity> who, const scope& in, instant at);

/// What `authorize` will ask.
void foresee_authority(const acting& who, expectations& expected);

/// What allows it. Refuses `denied`: "actor_expired" when the identity's epoch has moved, "session_over" when its
/// sign-in has ended, "permission_denied" naming what is needed and the nearest miss.
[[nodiscard]] result<verdict> authorize(snapshot& facts, const acting& who, permission needed, instant now);

/// For a command that does, when asked to, what another permission is for: refuses "permission_denied" at `path`.
[[nodiscard]] refusal also_needs(snapshot& facts, const ingredients& with, permission needed, std::string_view path);

/// The refusal that names the permission, the scope it is missing in, and why.
[[nodiscard]] error permission_denied(snapshot& facts, const scope& in, permission needed, const verdict& why);

/// Powers that an identity (none: a new one) is about to get in the scope acted in.
struct gift {
  id_of<identity> to{};
  role_powers powers{};
  std::optional<instant> ends_at{};
};
/// Nobody gives what they do not hold, nor for longer: refuses `denied` "role_exceeds_own" unless the actor holds, now
/// and at the gift's last instant (`ends_at` none: for ever), all that it makes effective. A restricted permission is
/// among that when the receiver holds its flag already; giving the flag afterwards is a gift of its own.
[[nodiscard]] refusal may_give(snapshot& facts, const acting& who, const gift& given, instant now,
                               std::string_view path);

/// Nobody makes a role that they could not give to somebody who held every flag: a role outlives its first holder.
/// Refuses as may_give does.
[[nodiscard]] refusal may_shape(snapshot& facts, const acting& who, const role_powers& powers, instant now,
                                std::string_view path);

/// All that somebody's grants there, above and below would give if each counted that has not ended yet: what a
/// suspended, invited or pending person comes back to. Those of other tenants do not concern a tenant (I9).
[[nodiscard]] permission_set dormant(snapshot& facts, id_of<identity> who, const scope& in, instant now);

/// Whoever lets somebody in or back gives them all that is dormant: refuses as may_give does.
[[nodiscard]] refusal may_return(snapshot& facts, const ingredients& with, id_of<identity> who, std::string_view path);

/// Nobody manages an identity with more authority than their own, dormant authority included: refuses `denied`
/// "target_exceeds_own".
[[nodiscard]] refusal may_manage(snapshot& facts, const acting& who, id_of<identity> target, instant now,
                                 std::string_view path);

/// Neither oneself, nor anybody with more authority: refuses "own_user" with the verb ("deletes"), and as may_manage.
[[nodiscard]] refusal may_end(snapshot& facts, const ingredients& with, const user& who, std::string_view verb);

/// A sentence for a person.
[[nodiscard]] std::string sentence(snapshot& facts, const verdict& v, permission p, const scope& in);

} // namespace linecard
