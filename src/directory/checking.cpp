// May somebody do something? From the view, or with the reason from the store.
#include "state.hpp"

#include <linecard/model/schema.hpp>
#include <linecard/rules/authorize.hpp>

#include <algorithm>

namespace linecard {

void directory::state::start_views() {
  // What a host changes in a table of its own stands in no log: then only the store knows.
  const auto told = [&](watched table_info::*by) {
    return parts.views && std::ranges::none_of(schema, [&](const auto* table) {
             return (table->*by).subject_column >= 0 && parts.store->shares(*table);
           });
  };
  if (told(&table_info::decides))
    authority = std::make_unique<authority_feed>(*parts.store, *parts.clock, platform_id, parts.max_staleness);
  if (told(&table_info::rings))
    lines = std::make_unique<line_feed>(*parts.store, features, parts.max_staleness, parts.last_known_lines);
}

refusal directory::require(id_of<identity> who, permission needed, any_id scope_id) {
  return guarded([&] {
    return inside_->with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      scope where;
      if (auto flaw = inside_->resolve(facts, scope_id, where)) return flaw;
      const auto found = authority(facts, who, where, inside_->parts.clock->now()).on(needed);
      return found.allowed() ? refusal{} : permission_denied(facts, where, needed, found);
    });
  });
}

bool directory::check(id_of<identity> who, permission needed, any_id scope_id) {
  if (auto* view = inside_->authority.get()) return view->check({who, needed, scope_id});
  return !require(who, needed, scope_id);
}

refusal directory::check_many(std::span<const access_question> asked, std::span<std::uint8_t> into) {
  refusal why;
  if (into.size() != asked.size())
    why = refuse(status::invalid, "answers_invalid", "/into", "there must be room for one answer to each question");
  else if (auto* view = inside_->authority.get())
    why = view->check_many(asked, into.data());
  else
    for (std::size_t n = 0; n < asked.size() && !why; ++n) {
      why = require(asked[n].who, asked[n].needed, asked[n].scope_id);
      into[n] = why ? 0 : 1;
      if (why && (why->reason == "permission_denied" || why->reason == "scope_unknown" || why->reason == "wrong_scope"))
        why.reset();
    }
  if (why) std::ranges::fill(into, std::uint8_t{0});
  return why;
}

std::vector<bool> directory::check_many(std::span<const access_question> asked) {
  std::vector<std::uint8_t> answers(asked.size());
  if (check_many(asked, answers)) return std::vector<bool>(asked.size());
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
      return found != permission::nobody
                 ? refusal{}
                 : refuse(status::invalid, "permission_unknown", "/permission",
                          "there is no permission \"" + std::string(name) + "\"; the query permissions lists them");
    });
  });
  if (no) return *std::move(no);
  return found;
}

} // namespace linecard
