// What a tenant wants when people leave for a while or for good.
#pragma once

#include <linecard/model/organisation.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// What is left out stays as it is. What was promised before holds: who is deleted, or replaced, already keeps the
/// window of that day. Since 0.1.
struct set_tenant_policy {
  std::optional<linecard::suspended_seats> suspended_seats{};
  std::optional<std::int32_t> restore_days{};
  std::optional<std::int32_t> undo_days{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Sets what becomes of suspended users' seats, and how long deletions and replacements can be taken back.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_tenant_policy, (), (suspended_seats, restore_days, undo_days))

struct tenant_policy_answer {
  linecard::suspended_seats suspended_seats{};
  std::int32_t restore_days{};
  std::int32_t undo_days{};
};
BOOST_DESCRIBE_STRUCT(tenant_policy_answer, (), (suspended_seats, restore_days, undo_days))

/// Since 0.1.
struct tenant_policy_in_force {
  using answer = tenant_policy_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "What becomes of suspended users' seats here, and how long deletions and replacements can be taken back.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(tenant_policy_in_force, (), ())

/// The tenant's, or what holds where it never said.
[[nodiscard]] tenant_policy policy_of(snapshot& facts, id_of<tenant> where);

/// In milliseconds.
inline constexpr std::int64_t one_day = std::int64_t{24} * 60 * 60 * 1000;

} // namespace linecard
