#include <linecard/rules/commands.hpp>

#include <array>

namespace linecard {

namespace {

template <class... C, class... Q> constexpr auto gather(verb_list<C...>, verb_list<Q...>) {
  return std::array<const verb*, sizeof...(C) + sizeof...(Q)>{&verb_of_command<C>..., &verb_of_query<Q>...};
}
constexpr auto all_verbs = gather(all_commands{}, all_queries{});

} // namespace

std::span<const verb* const> verbs() { return all_verbs; }

const verb* verb_named(std::string_view name) {
  for (const auto* v : all_verbs)
    if (v->name == name) return v;
  return nullptr;
}

} // namespace linecard
