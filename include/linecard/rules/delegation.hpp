// Delegates: outside people let into a tenant with their own login. They are no users: no list, count or seat knows
// them. Nobody invites one without having acknowledged the access notice in force.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// When somebody should look at a delegation again, if nobody said otherwise: 90 days, in milliseconds.
inline constexpr std::int64_t review_interval = std::int64_t{90} * 24 * 60 * 60 * 1000;

/// The tenant's own notice, else the platform's, is in force; the new version follows that one's. With `renew` earlier
/// acknowledgements count no longer, and delegates have no access until theirs is made again. `terms_link` is an https
/// address, and needed. Refuses "wrong_scope" in a container. Since 0.1.
struct publish_notice {
  std::string text{};
  std::string terms_link{};
  bool renew{};
  static constexpr auto needs = permission::notice_publish;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "Publishes the access notice of the platform or of a tenant, to be acknowledged for every delegate.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(publish_notice, (), (text, terms_link, renew))

/// Pending until activated; one identity a person, found by canonical e-mail. By sending `notice_version` the actor
/// acknowledges the notice in force. A delegation that was removed or has lapsed hands nothing on to the new one.
/// Refuses "notice_missing", "notice_stale", "already_a_user", "already_a_delegate", "role_unknown",
/// "role_not_for_delegates" (it holds something that no delegation gives), "role_exceeds_own", "review_at_invalid",
/// "ends_at_invalid", "reconcile_needed" (the host removed this person as a user). Since 0.1.
struct add_delegate {
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::string language{"en"};
  std::string role{"delegate"};
  std::int32_t notice_version{not_given};
  std::optional<instant> review_at{}; ///< none: after review_interval
  bool lapses{};
  std::optional<instant> ends_at{};
  bool send_invitation{};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Invites a delegate, the access notice acknowledged: no access until activated; never a user.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(add_delegate, (),
                      (first_name, last_name, email, language, role, notice_version, review_at, lapses, ends_at,
                       send_invitation))

/// The host vouches that it has authenticated this very person. Nobody lets in more than they hold: refuses
/// "delegate_unknown", "not_pending", "delegation_lapsed", "role_exceeds_own". Since 0.1.
struct activate_delegate {
  id_of<delegate> delegate_id{};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Makes a pending delegate active once the host has authenticated the person.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(activate_delegate, (), (delegate_id))

/// At any time, whatever else the person may do, and all at once: roles, flags and mail still queued. Removed already
/// changes nothing. Refuses "delegate_unknown". Since 0.1.
struct remove_delegate {
  id_of<delegate> delegate_id{};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Removes a delegate, pending or active: every access here ends at once.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(remove_delegate, (), (delegate_id))

/// Refuses "delegate_unknown", "delegation_lapsed" (add the delegate again), "review_at_invalid", "role_exceeds_own".
/// Since 0.1.
struct review_delegate {
  id_of<delegate> delegate_id{};
  std::optional<instant> review_at{}; ///< the next one; none: after review_interval
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Notes that a delegate's access was reviewed and goes on; sets the next date.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(review_delegate, (), (delegate_id, review_at))

/// For a delegate invited under an earlier notice. Acknowledged already changes nothing. Refuses "delegate_unknown",
/// "delegation_lapsed", "notice_missing", "notice_stale", "role_exceeds_own". Since 0.1.
struct acknowledge_notice {
  id_of<delegate> delegate_id{};
  std::int32_t notice_version{not_given};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Acknowledges the access notice in force for a delegate already there.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(acknowledge_notice, (), (delegate_id, notice_version))

struct notice_answer {
  any_id scope_id{}; ///< whose notice it is
  std::int32_t notice_version{};
  std::string text{};
  std::string terms_link{};
  instant published_at{};
};
BOOST_DESCRIBE_STRUCT(notice_answer, (), (scope_id, notice_version, text, terms_link, published_at))

/// Refuses "notice_missing". Since 0.1.
struct notice_in_force {
  using answer = notice_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about =
      "The access notice to acknowledge for a delegate: the tenant's own, else the platform's.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(notice_in_force, (), ())

/// `state` is what it is now: a delegation lapses by itself.
struct delegate_row {
  id_of<delegate> delegate_id{};
  delegate_state state{};
  std::string first_name{};
  std::string last_name{};
  std::string email{};
  std::vector<std::string> roles{}; ///< held now
  instant invited_at{};
  instant review_at{};
  bool overdue{}; ///< the review date has come, and nobody reviewed
  bool lapses{};
  std::optional<instant> ends_at{};
  bool acknowledged{}; ///< the acknowledgement counts still
  std::int32_t notice_version{};
  instant acknowledged_at{};
};
BOOST_DESCRIBE_STRUCT(delegate_row, (),
                      (delegate_id, state, first_name, last_name, email, roles, invited_at, review_at, overdue, lapses,
                       ends_at, acknowledged, notice_version, acknowledged_at))

struct delegates_answer {
  std::vector<delegate_row> delegates{};
  std::optional<id_of<delegate>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(delegates_answer, (), (delegates, next))

/// Removed ones are not listed. Refuses "delegate_unknown" at /after. Since 0.1.
struct delegates {
  bool overdue{}; ///< only those
  std::optional<id_of<delegate>> after{};
  std::int32_t limit{50};
  using answer = delegates_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "The tenant's delegates, pending, active and lapsed, by date of review.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(delegates, (), (overdue, after, limit))

} // namespace linecard
