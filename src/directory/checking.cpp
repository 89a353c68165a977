// May somebody do something? From the view, or with the reason from the store.
#include "state.hpp"

#include <linecard/rules/authorize.hpp>

#include <algorithm>

namespace linecard {

void directory::state::start_views() {
  if (parts.views)
    authority = std::make_unique<authority_feed>(*parts.store, *parts.clock, platform_id, parts.max_staleness);
}

refusal directory::require(id_of<identity> who, permission needed, any_id scope_id) {
  return guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      scope where;
      if (auto flaw = inside_->resolve(facts, scope_id, where)) return flaw;
      const auto found = authority(facts, who, where, inside_->parts.clock->now()).on(needed);
      return found.allowed() ? refusal{} : permission_missing(facts, where, needed, found);
    });
  });
}

bool directory::check(id_of<identity> who, permission needed, any_id scope_id) {
  if (auto* view = inside_->authority.get()) return view->check({who, needed, scope_id});
  return !require(who, needed, scope_id);
}

void directory::check_many(std::span<const access_question> asked, std::span<std::uint8_t> into) {
  std::ranges::fill(into, std::uint8_t{0});
  if (into.size() != asked.size()) return;
  if (auto* view = inside_->authority.get()) return view->check_many(asked, into.data());
  std::ranges::transform(asked, into.begin(), [&](const access_question& q) {
    return static_cast<std::uint8_t>(check(q.who, q.needed, q.scope_id) ? 1 : 0);
  });
}

std::vector<bool> directory::check_many(std::span<const access_question> asked) {
  std::vector<std::uint8_t> answers(asked.size());
  check_many(asked, answers);
  return {answers.begin(), answers.end()};
}

permission_set directory::effective(id_of<identity> who, any_id scope_id) {
  if (auto* view = inside_->authority.get()) return view->effective(who, scope_id);
  permission_set held;
  const auto failed = guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      scope where;
      if (auto flaw = inside_->resolve(facts, scope_id, where)) return flaw;
      held = linecard::effective(facts, who, where, inside_->parts.clock->now());
      return std::nullopt;
    });
  });
  return failed ? permission_set{} : held;
}

result<permission> directory::find_permission(std::string_view name) {
  auto found = permission::nobody;
  auto no = guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      found = permission_named(facts, name);
      return std::nullopt;
    });
  });
  if (no) return *std::move(no);
  return found;
}

} // namespace linecard
