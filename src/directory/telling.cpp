// What the host is told: lines for its log, and the receipts of what was committed.
#include "state.hpp"

#include <algorithm>

namespace linecard {

namespace {

/// Whoever runs the host has to do something about it.
bool is_failure(const error& why) {
  switch (why.code) {
  case status::store:
  case status::callback:
  case status::internal:
  case status::no_memory:
    return true;
  default:
    return false;
  }
}

log_field text(std::string_view name, std::string_view content) { return {name, text_value(content)}; }

} // namespace

void directory::state::log(log_level level, std::string_view event, std::string_view message,
                           std::span<const log_field> fields) {
  if (!logs(level)) return;
  const log_event what{.level = level, .event = event, .message = message, .fields = fields};
  if (!returns([&] { parts.log->write(what); })) counts.log_failed();
}

void directory::state::log_about(log_level level, std::string_view event, std::string_view message,
                                 std::string_view operation, const acting& who, std::initializer_list<log_field> more) {
  if (!logs(level)) return;
  const auto made = returns([&] {
    const std::string scope_id = to_text(who.in.id()), actor_id = to_text(any_id{who.identity_id});
    std::vector<log_field> fields{text("operation", operation), text("scope_id", scope_id)};
    fields.insert(fields.end(), more);
    if (parts.log_personal && who.identity_id) fields.push_back(text("actor_id", actor_id));
    log(level, event, message, fields);
  });
  if (!made) counts.log_failed();
}

void directory::state::log_refused(std::string_view operation, const acting& who, const error& why) {
  const bool failed = is_failure(why), denied = why.code == status::denied;
  const auto level = failed ? log_level::error : denied ? log_level::warning : log_level::info;
  const auto event = failed ? "store_failed" : denied ? "denied" : "refused";
  // A store's words hold no values of rows; those of rules and of what was thrown may.
  const bool told = parts.log_personal || why.code == status::store || why.code == status::callback;
  log_about(level, event,
            told     ? std::string_view(why.message)
            : failed ? "The call failed."
                     : "The call was refused.",
            operation, who, {text("reason", why.reason), text("path", why.path)});
}

void directory::state::settle_in(std::string_view event, std::string_view message) {
  // What stands must not be refused any more: create has committed, and only its answer has the host key. A poll will
  // say what the store says.
  static_cast<void>(returns([&] {
    if (const auto stands = here()) polled = stands->everybody, polled_own = stands->own;
  }));
  const std::string id = to_text(platform_id);
  const log_field fields[]{text("platform_id", id)};
  log(log_level::info, event, message, fields);
}

void directory::state::tell_committed(const acting& who, const receipt& what) {
  if (!parts.after_commit) return;
  if (returns([&] { parts.after_commit({who.identity_id, who.in, what}); })) return;
  counts.after_commit_failed();
  log_about(log_level::error, "after_commit_failed", "The host's after_commit threw; the commit stands.", what.command,
            who);
}

} // namespace linecard
