// What is over is forgotten by whoever pumps: only where there is something, so that an idle pump writes nothing; in
// short transactions, and not for ever.
#include "state.hpp"

#include <linecard/rules/expiring.hpp>

namespace linecard {

refusal directory::state::forget() {
  for (int rounds = 0; rounds < 20; ++rounds) {
    std::vector<scope> scopes;
    if (auto no = with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
          for (const auto id : with_something_expired(facts, parts.clock->now())) {
            scopes.emplace_back();
            if (auto unknown = resolve(facts, any_id{id}, scopes.back())) return unknown;
          }
          return std::nullopt;
        }))
      return no;
    if (scopes.empty()) break;
    for (const auto& in : scopes)
      if (auto no = note(in, request_of(forget_expired{}), parts.clock->now())) return no;
  }
  return std::nullopt;
}

} // namespace linecard
