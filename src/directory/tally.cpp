#include "tally.hpp"

#include <algorithm>

namespace linecard {

namespace {

/// Enough for every reason of the library several times over; a host's store may make up reasons without end.
constexpr std::size_t most_reasons = 128, longest_reason = 64;
constexpr std::string_view other = "other";
constexpr std::array<std::string_view, 3> call_names{"begin", "scan", "commit"};

bool is_slug(std::string_view s) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !s.empty() && s.size() <= longest_reason && std::all_of(s.begin(), s.end(), fits);
}

} // namespace

tally::command_slot& tally::slot_of(const verb& command) noexcept {
  const auto known = verbs().first(commands_.size() - 1); // commands come first
  const auto at = std::find(known.begin(), known.end(), &command) - known.begin();
  return commands_[static_cast<std::size_t>(at)];
}

void tally::refused(const verb& command, const error& why) noexcept {
  add(slot_of(command).refused);
  const std::scoped_lock hold(mutex_);
  auto at = reasons_.find(why.reason);
  if (at == reasons_.end() && is_slug(why.reason) && why.reason != other && reasons_.size() < most_reasons) try {
      at = reasons_.emplace(why.reason, 0).first;
    } catch (const std::bad_alloc&) { // then it is another of the others
    }
  ++(at != reasons_.end() ? at->second : other_reasons_);
}

directory_counters tally::read() const {
  directory_counters out;
  const auto known = verbs().first(commands_.size() - 1);
  for (std::size_t i = 0; i < commands_.size(); ++i)
    if (const auto done = commands_[i].done.load(), refused = commands_[i].refused.load(); done || refused)
      out.commands.push_back({std::string(i < known.size() ? known[i]->name : other), done, refused});
  std::ranges::sort(out.commands, {}, &command_count::command);
  {
    const std::scoped_lock hold(mutex_);
    for (const auto& [reason, count] : reasons_) out.refusals.push_back({reason, count});
    if (other_reasons_ != 0) out.refusals.push_back({std::string(other), other_reasons_});
  }
  out.reruns = reruns_.load();
  out.contended = contended_.load();
  for (std::size_t i = 0; i < store_.size(); ++i)
    out.store.push_back({std::string(call_names[i]), store_[i].count.load(), store_[i].nanoseconds.load() / 1000});
  out.after_commit_failures = after_commit_failures_.load();
  out.log_failures = log_failures_.load();
  return out;
}

} // namespace linecard
