// What the actor could do to one user or delegate now: the buttons beside a row, and why some of them are grey.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// `action` is a command's name. `reason` and `message` are those of its refusal; "nothing_to_change" where it would be
/// accepted and do nothing.
struct action_row {
  std::string action{};
  bool available{};
  std::optional<std::string> reason{};
  std::optional<std::string> message{};
};
BOOST_DESCRIBE_STRUCT(action_row, (), (action, available, reason, message))

struct available_actions_answer {
  std::vector<action_row> actions{};
};
BOOST_DESCRIBE_STRUCT(available_actions_answer, (), (actions))

/// Every command about a user, deleted ones included, or about a delegate, whether the actor may run it or not; those
/// about an extension or a direct number too, with the user's own ("nothing_held" where there is none). What only
/// compares (check_voicemail_pin) is no action. Each is found out by its own rule: available is what would be accepted
/// now with one choice at least of what else it asks for (package, role, flag, successor); where none would be, the
/// reason is that of the first choice that is refused. Refuses "user_unknown", "delegate_unknown", "one_key_needed".
/// Since 0.1.
struct available_actions {
  std::optional<id_of<user>> user_id{};
  std::optional<id_of<delegate>> delegate_id{};
  using answer = available_actions_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "What the actor could do to a user or delegate now, with a reason for each action that is missing.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(available_actions, (), (user_id, delegate_id))

} // namespace linecard
