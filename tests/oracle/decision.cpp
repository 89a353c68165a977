// The decision against its twin: every small case, then a million random ones with changes in between.
#include "decision.hpp"

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/model/user.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/stores/memory.hpp>

#include <doctest/doctest.h>

#include <cstdlib>

using namespace linecard;

namespace {

constexpr instant now{1'790'000'000'000};
const std::vector<std::string> scopes{"", "c1", "c2", "c1/t1", "c1/t2", "c2/t3", "c2/t4"};
constexpr id_of<identity> who{make_id(tag_of<identity>, 7)};

any_id id_of_scope(const std::string& path) {
  if (path.empty()) return id_of<platform>{make_id(tag_of<platform>, 1)};
  const auto number = static_cast<std::uint64_t>(path.back() - '0');
  if (path.size() == 2) return id_of<container>{make_id(tag_of<container>, number)};
  return id_of<tenant>{make_id(tag_of<tenant>, number)};
}

scope scope_of(const std::string& path) {
  scope s{.platform_id = narrow<platform>(id_of_scope(""))};
  if (!path.empty()) s.container_id = narrow<container>(id_of_scope(path.substr(0, 2)));
  if (path.size() > 2) s.tenant_id = narrow<tenant>(id_of_scope(path));
  return s;
}

/// Rows for one person as the oracle describes them, in a store of their own.
struct rows {
  std::unique_ptr<store> kept = memory_store();
  std::map<std::string, id_of<role>> roles{};
  std::uint64_t next = 100;

  explicit rows(const oracle::world& w, const oracle::person& p) {
    REQUIRE_FALSE(kept->prepare(schema).has_value());
    writing = *kept->begin(access::write);
    for (std::size_t n = 0; n < built_in_roles().size(); ++n)
      roles[std::string(built_in_roles()[n].name)] = role_id_of(static_cast<built_in_role>(n));
    for (const auto& [name, held] : w.roles) {
      if (roles.contains(name)) continue;
      const id_of<role> id{make_id(tag_of<role>, ++next)};
      roles[name] = id;
      insert(role{.id = id, .scope_id = id_of_scope("c1"), .name = name});
      for (const auto& p1 : held.plain) insert(role_permission{id, p1, false});
      for (const auto& p1 : held.restricted) insert(role_permission{id, p1, true});
    }
    insert(access_notice{.scope_id = id_of_scope(""), .notice_version = 9, .least_version = w.least_acknowledged});
    write(p);
    REQUIRE_FALSE(writing->commit().has_value());
    writing.reset();
  }

  void write(const oracle::person& p) {
    insert(identity{
        .id = who, .email = "p@example.com", .state = p.active ? identity_state::active : identity_state::suspended});
    for (const auto& g : p.grants)
      insert(grant{.id = {make_id(tag_of<grant>, ++next)},
                   .identity_id = who,
                   .scope_id = id_of_scope(g.scope),
                   .role_id = roles.at(g.role),
                   .starts_at = at(g.from),
                   .ends_at = at(g.until)});
    for (const auto& f : p.flags)
      for (const auto candidate : every_flag)
        if (word(candidate) == f.name)
          insert(held_flag{.id = {make_id(tag_of<held_flag>, ++next)},
                           .identity_id = who,
                           .scope_id = id_of_scope(f.scope),
                           .flag = candidate});
    for (const auto& [tenant_path, is] : p.places) place(p, tenant_path, is);
  }

  void place(const oracle::person& p, const std::string& tenant_path, oracle::place is) {
    using enum oracle::place;
    const auto where = narrow<tenant>(id_of_scope(tenant_path));
    if (is == nowhere) return;
    if (is == user || is == user_not_active) {
      insert(linecard::user{.id = {make_id(tag_of<linecard::user>, ++next)},
                            .tenant_id = where,
                            .identity_id = who,
                            .member_id = who,
                            .state = is == user ? user_state::active : user_state::suspended});
      return;
    }
    const auto& d = p.delegations.at(tenant_path);
    insert(delegate{.id = {make_id(tag_of<delegate>, ++next)},
                    .tenant_id = where,
                    .identity_id = who,
                    .state = is == delegate_pending  ? delegate_state::pending
                             : is == delegate_active ? delegate_state::active
                                                     : delegate_state::lapsed,
                    .review_at = d.lapses ? instant{*d.lapses} : now,
                    .lapses = d.lapses.has_value(),
                    .ends_at = at(d.ends),
                    .notice_version = d.acknowledged,
                    .notice_scope_id = id_of_scope("")});
  }

  [[nodiscard]] permission_set effective_in(const std::string& path, instant when = now) const {
    auto begun = kept->begin(access::read);
    REQUIRE(begun.has_value());
    snapshot facts(**begun, scope_of(path));
    facts.stop_tracing();
    return effective(facts, who, scope_of(path), when);
  }

private:
  static std::optional<instant> at(std::optional<std::int64_t> ms) {
    return ms ? std::optional(instant{*ms}) : std::nullopt;
  }
  template <class T> void insert(const T& row) {
    std::vector<value> values, key;
    for (const auto& column : fields_of<T>) values.push_back(column.get(&row));
    for (const auto c : info_of<T>.key) key.push_back(values[c]);
    const change one[]{{.what = change::action::insert, .table = &info_of<T>, .key = key, .values = values}};
    std::size_t conflicting = 0;
    REQUIRE_FALSE(writing->apply(one, conflicting).has_value());
  }
  std::unique_ptr<transaction> writing{};
};

/// The difference in words, or "".
std::string difference(const oracle::world& w, const oracle::person& p, const rows& r, const std::string& path,
                       instant when = now) {
  const auto held = r.effective_in(path, when);
  std::string out;
  for (std::size_t n = 1; n < permission_names.size(); ++n) {
    const std::string name(permission_names[n]);
    const bool ours = held.has(static_cast<permission>(n));
    if (ours != oracle::allowed(w, p, name, path, when.milliseconds))
      out += name + " in \"" + path + "\": " + (ours ? "allowed" : "denied") + "; ";
  }
  return out;
}

oracle::world usual() {
  oracle::world w{.roles = oracle::built_in_roles()};
  w.roles["desk"] = {{"license.view", "license.assign"}, {"user.manage"}};
  return w;
}

/// Every (role, scope) that can be granted.
std::vector<oracle::grant> all_grants() {
  std::vector<oracle::grant> out;
  for (const auto& path : scopes)
    for (const auto& r : built_in_roles())
      if (r.at == level_of(scope_of(path))) out.push_back({path, std::string(r.name)});
  out.push_back({"c1", "desk"});
  out.push_back({"c1/t1", "desk"});
  return out;
}

struct dice {
  std::uint64_t state;
  std::size_t below(std::size_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % n;
  }
};

} // namespace

TEST_CASE(
    "I7 S5.1 S5.8 S5.9 S5.10 at most two grants, every flag set, seven scopes, all permissions: as the oracle says") {
  const auto w = usual();
  const auto grants = all_grants();
  std::size_t compared = 0;
  for (std::size_t first = 0; first <= grants.size(); ++first)
    for (std::size_t second = first; second <= grants.size(); ++second) {
      if (second == first && first != grants.size()) continue;
      for (unsigned flags = 0; flags < 16; ++flags) {
        oracle::person p;
        for (const auto n : {first, second})
          if (n < grants.size()) p.grants.push_back(grants[n]);
        // At the platform, where every scope is below, and at each scope in turn.
        const auto& flagged = flags < 8 ? scopes[0] : scopes[(first + second) % scopes.size()];
        for (unsigned f = 0; f < 3; ++f)
          if (flags >> f & 1u) p.flags.push_back({flagged, std::string(word(every_flag[f]))});
        for (const auto& path : scopes)
          if (path.size() > 2) p.places[path] = oracle::place::user;
        const rows r(w, p);
        for (const auto& path : scopes) {
          const auto flaw = difference(w, p, r, path);
          REQUIRE_MESSAGE(flaw == "", flaw << " with " << p.grants.size() << " grants, flags " << flags << " at \""
                                           << flagged << "\"");
          compared += permission_names.size() - 1;
        }
      }
    }
  CHECK(compared > 500'000);
}

TEST_CASE("I7 I11 I20 a million random checks with times, states, delegations and revocations agree with the oracle") {
  auto w = usual();
  const auto grants = all_grants();
  const char* asked = std::getenv("LINECARD_CHECKS");
  const std::size_t wanted = asked ? std::strtoull(asked, nullptr, 10) : 1'000'000;
  dice d{2026};
  std::size_t compared = 0, allowed = 0;
  while (compared < wanted) {
    oracle::person p;
    p.active = d.below(10) != 0;
    w.least_acknowledged = 1 + static_cast<int>(d.below(3));
    const auto moment = [&]() -> std::optional<std::int64_t> {
      if (d.below(3) != 0) return std::nullopt;
      return now.milliseconds + static_cast<std::int64_t>(d.below(5)) - 2;
    };
    for (const auto& path : scopes) {
      if (path.size() <= 2) continue;
      p.places[path] = static_cast<oracle::place>(d.below(6));
      p.delegations[path] = {moment(), moment(), 1 + static_cast<int>(d.below(3))};
    }
    for (std::size_t n = d.below(5); n > 0; --n) {
      auto g = grants[d.below(grants.size())];
      bool there = false;
      for (const auto& other : p.grants) there = there || (other.scope == g.scope && other.role == g.role);
      if (there) continue;
      g.from = moment(), g.until = moment();
      p.grants.push_back(g);
    }
    for (unsigned n = 0; n < 3; ++n)
      if (d.below(2)) p.flags.push_back({scopes[d.below(scopes.size())], std::string(word(every_flag[n]))});

    for (bool more = true; more;) {
      const rows r(w, p);
      for (const auto& path : scopes)
        for (const std::int64_t shift : {-1, 0, 1}) {
          const auto when = now + shift;
          const auto flaw = difference(w, p, r, path, when);
          REQUIRE_MESSAGE(flaw == "", flaw);
          compared += permission_names.size() - 1;
          allowed += oracle::allowed(w, p, "license.view", path, when.milliseconds) ? 1u : 0u;
        }
      more = !p.grants.empty(); // the last grant revoked, and looked at again
      if (more) p.grants.pop_back();
    }
  }
  CHECK(allowed > wanted / 1'000);
}
