// The decision of rules/authorize.hpp, worked out for every scope at once in which a principal's answer can differ.
#include <linecard/views/authority.hpp>

#include <algorithm>

namespace linecard {

membership membership_of(const user& member) {
  return {.tenant_id = member.tenant_id, .counts = member.state == user_state::active};
}

membership membership_of(const delegate& let_in, const access_notice* notice) {
  const bool acknowledged = notice != nullptr && let_in.notice_version >= notice->least_version;
  auto ends_at = let_in.ends_at;
  if (let_in.lapses) ends_at = std::min(ends_at.value_or(let_in.review_at), let_in.review_at);
  return {.tenant_id = let_in.tenant_id,
          .counts = let_in.state == delegate_state::active && acknowledged,
          .delegated = true,
          .ends_at = ends_at};
}

namespace {

/// The instants around `now` between which no start and no end lies.
struct window {
  std::int64_t now;
  std::int64_t from = authority_view::always.milliseconds, until = authority_view::never.milliseconds;

  /// True when the instant has come.
  bool reached(instant boundary) {
    const auto at = boundary.milliseconds;
    if (at <= now)
      from = std::max(from, at);
    else
      until = std::min(until, at);
    return at <= now;
  }
};

} // namespace

void authority_view::compile(const principal_facts& facts, instant now, compiled& into) const {
  struct counted {
    std::uint32_t scope{};
    permission_set plain{}, restricted{};
  };
  into.held.clear();
  window open{now.milliseconds};
  std::vector<counted> powers;
  std::vector<located> scopes;
  const auto note = [&](const located& where) {
    if (std::ranges::none_of(scopes, [&](const auto& s) { return s.own == where.own; })) scopes.push_back(where);
  };
  for (const auto& role : facts.roles) {
    const auto where = locate(role.scope_id);
    if (!facts.active || where.own == 0) continue;
    const bool ended = role.ends_at && open.reached(*role.ends_at);
    const bool begun = !role.starts_at || open.reached(*role.starts_at);
    auto plain = role.powers.plain, restricted = role.powers.restricted;
    bool counts = begun && !ended;
    if (const auto in = narrow<tenant>(role.scope_id)) {
      const auto place = std::ranges::find(facts.memberships, in, &membership::tenant_id);
      if (place == facts.memberships.end() || !place->counts) continue;
      if (place->ends_at && open.reached(*place->ends_at)) counts = false;
      if (place->delegated) plain = plain - never_delegated(), restricted = restricted - never_delegated();
    }
    if (!counts) continue;
    powers.push_back({where.own, plain, restricted});
    note(where);
  }
  into.from = open.from;
  into.until = open.until;
  if (powers.empty()) return;

  for (const auto& held : facts.flags)
    if (const auto where = locate(held.scope_id); where.own != 0) note(where);
  std::ranges::sort(scopes, {}, &located::depth); // from the platform downwards, as readers expect them
  for (const auto& where : scopes) {
    permission_set unlocked, all;
    for (const auto& held : facts.flags)
      if (const auto at = locate(held.scope_id).own; at != 0 && where.within(at)) unlocked.add(guarded_by(held.flag));
    for (const auto& p : powers)
      if (where.within(p.scope)) all = all | p.plain | (p.restricted & unlocked);
    if (!all.empty()) into.held.emplace_back(where.own, all);
  }
}

} // namespace linecard
