#include "authority_feed.hpp"

#include "authority_loading.hpp"
#include "authority_log.hpp"
#include "state.hpp"

#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/roles.hpp>

#include <algorithm>
#include <set>

namespace linecard {

template <class Ask> refusal authority_feed::ask_slowly(id_of<identity> who, bool& allowed, Ask ask) {
  return guarded([&]() -> refusal {
    const std::scoped_lock hold(mutex_);
    if (!fresh()) catch_up();
    const auto now = clock_.now();
    auto found = ask(&now);
    if (found == answer::expired) {
      auto begun = store_.begin(access::read);
      if (!begun) return std::move(begun).error();
      snapshot facts(**begun, scope{});
      facts.stop_tracing();
      put(facts, who, now);
      found = ask(&now);
    }
    allowed = found == answer::yes;
    return std::nullopt;
  });
}

refusal authority_feed::check_slowly(const access_question& q, bool& allowed) {
  const auto ask = [&](const instant* now) { return view_.check(q.who, q.needed, q.scope_id, now); };
  // Whose rights depend on the time needs the clock, and mostly nothing else.
  bool told = false;
  auto failed = guarded([&]() -> refusal {
    if (!fresh() || view_.check(q.who, q.needed, q.scope_id) != answer::timed) return std::nullopt;
    const auto now = clock_.now();
    const auto found = ask(&now);
    told = found == answer::yes || found == answer::no;
    allowed = found == answer::yes;
    return std::nullopt;
  });
  return failed || told ? failed : ask_slowly(q.who, allowed, ask);
}

refusal authority_feed::check_many(std::span<const access_question> asked, std::uint8_t* into) {
  constexpr std::size_t together = 16; // as many as the processor fetches at once, and then some
  for (std::size_t begin = 0; begin < asked.size(); begin += together) {
    const auto some = asked.subspan(begin, std::min(together, asked.size() - begin));
    if (some.size() > 1)
      for (const auto& q : some) view_.prefetch(q.who);
    const bool current = fresh();
    for (const auto& q : some) {
      const auto found = current ? view_.check(q.who, q.needed, q.scope_id) : answer::busy;
      bool allowed = found == answer::yes;
      if (found > answer::yes)
        if (auto no = check_slowly(q, allowed)) return no;
      *into++ = allowed ? 1 : 0;
    }
  }
  return std::nullopt;
}

permission_set authority_feed::effective(id_of<identity> who, any_id scope_id) {
  permission_set held;
  if (fresh() && view_.effective(who, scope_id, nullptr, held) <= answer::yes) return held;
  bool known = false;
  const auto failed =
      ask_slowly(who, known, [&](const instant* now) { return view_.effective(who, scope_id, now, held); });
  return !failed && known ? held : permission_set{};
}

void authority_feed::renew() {
  static_cast<void>(guarded([&]() -> refusal {
    const std::scoped_lock hold(mutex_);
    if (ready()) catch_up();
    return std::nullopt;
  }));
}

void authority_feed::bring_up(transaction& in, snapshot& facts) {
  const auto news = authority_changes_since(facts, root_, seq_);
  if (news.subjects && ready())
    follow(facts, *news.subjects);
  else
    rebuild(in, facts);
  seq_ = news.last;
}

void authority_feed::rebuild(transaction& in, snapshot& facts) {
  start_anew();
  const authority_view::closure closed(view_);
  view_.clear();
  load_authority(in, facts, clock_.now(), view_);
}

void authority_feed::put(snapshot& facts, id_of<identity> who, instant now) { view_.put(facts_about(facts, who), now); }

/// Scopes first: what is granted in a new one finds it there.
void authority_feed::follow(snapshot& facts, const std::vector<any_id>& subjects) {
  std::set<id_of<identity>> concerned;
  const auto holders_at = [&](any_id scope_id, id_of<role> role_id) {
    for (const auto& g : facts.list<&grant::scope_id>(scope_id))
      if (g->role_id == role_id) concerned.insert(g->identity_id);
  };
  for (const auto id : subjects) {
    if (const auto inside = narrow<container>(id)) view_.place(inside);
    if (const auto who = narrow<identity>(id)) concerned.insert(who);
  }
  for (const auto id : subjects) {
    if (const auto inside = narrow<tenant>(id)) {
      if (const auto found = facts.find<&tenant::id>(inside)) view_.place(inside, found->container_id);
      for (const auto& d : facts.list<&delegate::tenant_id>(inside)) concerned.insert(d->identity_id);
    }
    if (narrow<platform>(id))
      for (const auto& d : facts.list<&delegate::id>())
        if (d->notice_scope_id == id) concerned.insert(d->identity_id);
    if (const auto changed = narrow<role>(id))
      if (const auto found = facts.find<&role::id>(changed)) {
        holders_at(found->scope_id, changed);
        if (const auto inside = narrow<container>(found->scope_id))
          for (const auto& below : facts.list<&tenant::container_id>(inside)) holders_at(any_id{below->id}, changed);
        if (narrow<platform>(found->scope_id))
          for (const auto& g : facts.list<&grant::id>())
            if (g->role_id == changed) concerned.insert(g->identity_id);
      }
  }
  const auto now = clock_.now();
  for (const auto who : concerned) put(facts, who, now);
}

} // namespace linecard
