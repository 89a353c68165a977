// The workload of permission checks, made row by row from one seed, and the naive oracle of its answers: maps and loops
// over the rows themselves, sharing no line with the library's decision.
#pragma once

#include "bulk.hpp"

#include <linecard/directory.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/ports/store.hpp>
#include <linecard/rules/roles.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace bench {

using namespace linecard;

struct authority_world {
  struct person {
    bool active = true;
    std::vector<grant> grants{};
    std::vector<held_flag> flags{};
    std::map<id_of<tenant>, user_state> users{};
    std::map<id_of<tenant>, delegate> delegations{};
  };
  id_of<platform> root{make_id(tag_of<platform>, 1)};
  instant now{1'790'000'000'000};
  std::map<id_of<tenant>, id_of<container>> container_of{};
  std::vector<id_of<container>> containers{};
  std::vector<id_of<tenant>> tenants{};
  std::map<id_of<role>, role_powers> roles{};
  std::vector<permission> permissions{};
  std::map<id_of<identity>, person> people{};
  std::vector<id_of<identity>> ids{};
  std::size_t users{}, grants{};
  std::mt19937_64 chance{2026};

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(chance() % n); }
  template <class Noun> id_of<Noun> fresh() { return {make_id(tag_of<Noun>, stamp_ += 1 + below(4))}; }

  /// `scale` 1: 50 containers, 2,000 tenants, 100,000 users; 10: ten times as many of each.
  authority_world(std::size_t scale, bulk& out) : users(100'000 * scale) {
    for (std::size_t n = 1; n < permission_names.size(); ++n) permissions.push_back(static_cast<permission>(n));
    std::vector<std::string> names(permission_names.begin() + 1, permission_names.end());
    for (int n = 0; permissions.size() < 40; ++n) {
      const host_permission own{.name = "host.right_" + std::to_string(n), .number = first_host_permission + n};
      out.add(own);
      permissions.push_back(static_cast<permission>(own.number));
      names.push_back(own.name);
    }
    for (const auto& r : built_in_roles())
      roles[role_id_of(static_cast<built_in_role>(&r - built_in_roles().data()))] = r.powers;
    for (std::size_t c = 0; c < 50 * scale; ++c) {
      containers.push_back(fresh<container>());
      out.add(container{.id = containers.back(), .name = "pbx-" + std::to_string(c), .created_at = now});
      for (int t = 0; t < 40; ++t) {
        tenants.push_back(fresh<tenant>());
        container_of[tenants.back()] = containers.back();
        out.add(tenant{.id = tenants.back(),
                       .container_id = containers.back(),
                       .name = "tenant " + std::to_string(t),
                       .administrators = 1,
                       .created_at = now});
      }
    }
    std::vector<std::vector<id_of<role>>> custom(containers.size());
    for (std::size_t n = 0; n < 200; ++n) {
      const auto c = n % containers.size();
      const role defined{.id = fresh<role>(),
                         .scope_id = any_id{containers[c]},
                         .name = "role " + std::to_string(n),
                         .grants = 1,
                         .created_at = now};
      out.add(defined);
      custom[c].push_back(defined.id);
      std::set<std::size_t> held;
      for (const auto wanted = 5 + below(16); held.size() < wanted;) held.insert(below(permissions.size()));
      auto& powers = roles[defined.id];
      for (const auto p : held) {
        const bool restricted = restrictable.has(permissions[p]);
        (restricted ? powers.restricted : powers.plain).add(permissions[p]);
        out.add(role_permission{.role_id = defined.id, .permission = names[p], .restricted = restricted});
      }
    }
    for (std::size_t n = 0; n < users; ++n) {
      const auto where = tenants[n % tenants.size()];
      const auto who = newcomer(out, n);
      const bool active = below(50) != 0;
      out.add(user{.id = fresh<user>(),
                   .tenant_id = where,
                   .identity_id = who,
                   .member_id = who,
                   .state = active ? user_state::active : user_state::suspended,
                   .first_name = "First " + std::to_string(n),
                   .last_name = "Last " + std::to_string(n),
                   .sort_name = "last " + std::to_string(n),
                   .language = "en",
                   .created_at = now});
      people[who].users[where] = active ? user_state::active : user_state::suspended;
      const auto& offered = custom[(n % tenants.size()) / 40];
      std::vector<id_of<role>> some(offered);
      if (some.empty()) some = {role_id_of(built_in_role::tenant), role_id_of(built_in_role::delegate)};
      give(out, who, any_id{where}, some[below(some.size())]);
      if (below(5) == 0) give(out, who, any_id{where}, role_id_of(built_in_role::tenant));
      if (n < tenants.size()) give(out, who, any_id{where}, role_id_of(built_in_role::administrator));
      if (below(10) == 0) hold(out, who, any_id{where});
    }
    for (std::size_t n = 0; n < 300 * scale; ++n) {
      const auto who = newcomer(out, users + n);
      give(out, who, any_id{containers[n % containers.size()]}, role_id_of(built_in_role::container));
      if (n % 2 == 0) hold(out, who, any_id{containers[n % containers.size()]});
    }
    out.add(access_notice{.scope_id = any_id{root}, .notice_version = 2, .least_version = 2, .published_at = now});
    for (std::size_t n = 0; n < 500 * scale; ++n) {
      const auto who = newcomer(out, users + 300 * scale + n);
      for (std::size_t t = 0; t <= below(3); ++t) {
        const auto where = tenants[below(tenants.size())];
        if (people[who].delegations.contains(where)) continue;
        delegate d{.id = fresh<delegate>(), .tenant_id = where, .identity_id = who, .state = delegate_state::active};
        const auto kind = below(10);
        d.state = kind == 0 ? delegate_state::pending : kind == 1 ? delegate_state::removed : delegate_state::active;
        d.review_at = now + (kind == 2 ? -1000 : 86'400'000);
        d.lapses = kind == 2;
        d.notice_version = kind == 3 ? 1 : 2;
        d.notice_scope_id = any_id{root};
        out.add(d);
        people[who].delegations[where] = d;
        give(out, who, any_id{where}, role_id_of(built_in_role::administrator));
      }
    }
    out.flush();
  }

  [[nodiscard]] bool allowed(id_of<identity> who, permission needed, any_id in) const {
    const auto found = people.find(who);
    if (found == people.end() || !found->second.active) return false;
    const auto& p = found->second;
    std::set<any_id> here{in, any_id{root}};
    if (const auto t = narrow<tenant>(in)) here.insert(any_id{container_of.at(t)});
    for (const auto& g : p.grants) {
      if (!here.contains(g.scope_id)) continue;
      if (const auto t = narrow<tenant>(g.scope_id)) {
        const auto member = p.users.find(t);
        const auto let_in = p.delegations.find(t);
        if (member != p.users.end()) {
          if (member->second != user_state::active) continue;
        } else {
          if (let_in == p.delegations.end()) continue;
          const auto& d = let_in->second;
          if (d.state != delegate_state::active || d.notice_version < 2 || (d.lapses && now >= d.review_at)) continue;
          const auto word = name_of(needed);
          const std::set<std::string_view> never{"user.manage",    "delegate.manage",    "role.manage",
                                                 "grant.manage",   "identity.manage",    "owner.replace",
                                                 "notice.publish", "permission.register"};
          if (never.contains(word)) continue;
        }
      }
      const auto& powers = roles.at(g.role_id);
      if (powers.plain.has(needed)) return true;
      if (!powers.restricted.has(needed)) continue;
      for (const auto& f : p.flags)
        if (here.contains(f.scope_id) && guarded_by(f.flag) == needed) return true;
    }
    return false;
  }

  /// About half of them allowed.
  std::vector<access_question> questions(std::size_t count) {
    std::vector<access_question> out;
    std::size_t wanted[2]{count / 2, count - count / 2};
    while (out.size() < count) {
      const auto who = ids[below(ids.size())];
      const auto& p = people.at(who);
      auto in = p.grants.empty() ? any_id{tenants[below(tenants.size())]} : p.grants[below(p.grants.size())].scope_id;
      const auto where = below(10);
      if (const auto c = narrow<container>(in); c && where < 8) { // a container's administrator works in its tenants
        const auto nth = std::find(containers.begin(), containers.end(), c) - containers.begin();
        in = any_id{tenants[static_cast<std::size_t>(nth) * 40 + below(40)]};
      }
      if (where == 9) in = any_id{tenants[below(tenants.size())]};
      const access_question q{who, permissions[below(permissions.size())], in};
      auto& left = wanted[allowed(q.who, q.needed, q.scope_id) ? 1 : 0];
      if (left == 0) continue;
      --left;
      out.push_back(q);
    }
    return out;
  }

private:
  id_of<identity> newcomer(bulk& out, std::size_t n) {
    const auto who = fresh<identity>();
    auto& p = people[who];
    p.active = below(200) != 0;
    ids.push_back(who);
    const auto email = "user" + std::to_string(n) + "@example.com";
    out.add(identity{.id = who,
                     .email = email,
                     .email_as_given = email,
                     .language = "en",
                     .state = p.active ? identity_state::active : identity_state::suspended,
                     .created_at = now});
    return who;
  }
  void give(bulk& out, id_of<identity> who, any_id in, id_of<role> what) {
    const grant g{.id = fresh<grant>(), .identity_id = who, .scope_id = in, .role_id = what, .granted_at = now};
    for (const auto& other : people[who].grants)
      if (other.scope_id == in && other.role_id == what) return;
    out.add(g);
    people[who].grants.push_back(g);
    ++grants;
  }
  void hold(bulk& out, id_of<identity> who, any_id in) {
    const held_flag f{
        .id = fresh<held_flag>(), .identity_id = who, .scope_id = in, .flag = every_flag[below(3)], .given_at = now};
    out.add(f);
    people[who].flags.push_back(f);
  }
  std::uint64_t stamp_ = std::uint64_t{1'780'000'000'000} << 14;
};

} // namespace bench
