// What the host's own systems are asked: a row in the transaction of its cause, and done by the directory right after
// the commit, on the caller's thread; what fails is asked again when errands are pumped.
#pragma once

#include <linecard/model/handover.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// One order of the host's number provider, in one step with attaching what it returns to the user (S4.8); without
/// user_id, or when the user is deleted meanwhile, it lies in the inventory. `order_key` is the caller's word for this
/// order: running it again after any failure, in any process, asks the provider under the same order, so that nothing
/// is bought twice, and once the number is there answers with it, as long as it is that user's (or, for nobody,
/// unassigned). `prefix` is a wish: what the provider gives is taken. The receipt is that of the number's arrival: see
/// its `numbers`. Refuses "provider_missing", "user_unknown", "not_joined", "order_key_taken" (it stands for another
/// user or prefix), "too_many_orders" (10 of the tenant's are open), "not_in_a_batch". `limit` with the provider's
/// reason when it refused: nothing is left of the order. `busy` when the order stands, and running this again or
/// pumping errands goes on with it: with the provider's reason, "number_invalid" (it gave what is no number),
/// "did_taken" (it gave one that is in use or another order's), or "errand_under_way" (somebody else is asking right
/// now). Since 0.1.
struct get_number {
  std::string order_key{};
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> prefix{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Gets a new direct number from the host's provider and gives it to a user, in one step.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
  [[nodiscard]] errand_name follow_up() const { return {errand_kind::order_number, order_key, true}; }
};
BOOST_DESCRIBE_STRUCT(get_number, (), (order_key, user_id, prefix))

/// Orders that a tenant may have open: each costs money once it is done, and a provider that is down does none.
inline constexpr std::uint32_t most_open_orders = 10;
/// A taken errand is nobody else's for so long.
inline constexpr std::int64_t errand_lease = std::int64_t{10} * 60 * 1000; ///< milliseconds
/// Failed attempts after which an errand is given up: with the pauses between them sixteen hours.
inline constexpr std::int32_t most_errand_attempts = 12;

/// The directory's own. Refuses "not_due" (somebody else is at it, or was faster), "successor_gone".
struct take_errand {
  id_of<errand> errand_id{};
  std::int32_t attempt{not_given};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Takes an errand on; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(take_errand, (), (errand_id, attempt))

/// The directory's own. Done: a number is in the inventory, and its user's where that user still has a line. A refused
/// order is gone; what failed for now is due again, or given up after 12 attempts, and stands as a refused handover
/// does until somebody retries or cancels it. A number that comes when its order is gone, because somebody else was
/// told no, lies in the inventory: it is bought. Refuses "not_due" (somebody faster has settled it), "did_taken".
struct settle_errand {
  id_of<errand> errand_id{};
  std::int32_t attempt{not_given};
  bool done{};
  bool again{}; ///< not done: to be asked again
  std::optional<std::string> direct_number{};
  std::optional<std::string> reason{};
  static constexpr auto needs = permission::nobody;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Notes what became of an errand; the directory's own command.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(settle_errand, (), (errand_id, attempt, done, again, direct_number, reason))

/// Makes it due at once, with all its attempts again; whoever pumps errands next asks the host's system. A handover may
/// be given another successor, by who may do all that an administrator may. Of orders it needs number.configure, of
/// handovers user.manage. Refuses "errand_unknown", "errand_under_way", "no_handover" (`to_user_id` is for handovers),
/// and for `to_user_id` what delete_user refuses for `assets_to`. Since 0.1.
struct retry_errand {
  id_of<errand> errand_id{};
  std::optional<id_of<user>> to_user_id{};
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Makes an errand that failed or was given up due again, for the next pump_errands.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(retry_errand, (), (errand_id, to_user_id))

/// The host's system is not asked again. Whether it has done it already nobody here knows: a provider that failed may
/// have bought the number all the same, and knows it by the errand's id. Needs what retry_errand needs, for handovers
/// with another successor. Refuses "errand_unknown", "errand_under_way". Since 0.1.
struct cancel_errand {
  id_of<errand> errand_id{};
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Withdraws an errand: the host's system is not asked again.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(cancel_errand, (), (errand_id))

struct errand_row {
  id_of<errand> errand_id{};
  errand_kind kind{};
  std::optional<std::string> order_key{};
  std::optional<id_of<user>> user_id{};
  std::optional<id_of<user>> to_user_id{};
  std::int32_t attempts{};
  std::optional<instant> next_attempt_at{}; ///< none: given up
  std::optional<std::string> reason{};      ///< of the last failure
  instant asked_at{};
};
BOOST_DESCRIBE_STRUCT(errand_row, (),
                      (errand_id, kind, order_key, user_id, to_user_id, attempts, next_attempt_at, reason, asked_at))
struct errands_answer {
  std::vector<errand_row> errands{};
  std::optional<id_of<errand>> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(errands_answer, (), (errands, next))

/// Orders for whoever may configure numbers, handovers for whoever may manage users. Refuses "errand_unknown" at /after
/// (it is done by now: begin again). Since 0.1.
struct errands {
  std::optional<id_of<errand>> after{};
  std::int32_t limit{50};
  using answer = errands_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "What the host's own systems are still to be asked, and what was given up.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(errands, (), (after, limit))

} // namespace linecard
