// The authority view under several threads. Run under ThreadSanitizer as well: nothing here waits for a time, and
// assertions are made on one thread, when the others have ended. LINECARD_INTERLEAVINGS says how many checks are to
// fall between commands (default 20,000; 1,000,000 is the claim).
#include <linecard/views/authority.hpp>

#include "stores/sqlite_kit.hpp"
#include "views/late_answers.hpp"
#include "views/moving_world.hpp"

#include <algorithm>
#include <thread>

using namespace moving;

TEST_CASE("I10 threads: no check begun after a revocation has returned allows it any more") {
  const contract::folder folder;
  bool on_disk = false;
  SUBCASE("in memory") {}
  SUBCASE("on SQLite") { on_disk = true; }
  moving_world m(20,
                 on_disk ? contract::open({.path = folder.file("a.db"), .synchronous_full = false}) : memory_store());
  const auto who = m.people[0];
  late_answers told;
  std::atomic<int> failed{0};
  told.run(
      interleavings(), static_cast<std::uint64_t>(interleavings()) / 200,
      [&](bool give) {
        const bool done = give ? m.run(1, grant_role{.email = m.emails[0], .role = "container"})
                               : m.run(1, revoke_role{.email = m.emails[0], .role = "container"});
        if (!done) ++failed;
      },
      [&](int t) {
        directory& in = t == 1 ? m.w.dir : m.follower;
        if (t != 3) return in.check(who, permission::tenant_manage, m.scopes[3]);
        const access_question q[]{{who, permission::user_manage, m.scopes[4]},
                                  {who, permission::tenant_manage, m.scopes[3]}};
        std::uint8_t answers[2]{};
        static_cast<void>(in.check_many(q, answers));
        return answers[1] == 1;
      });
  CHECK(failed == 0);
  CHECK(told.late == 0);
  CHECK(told.allowed > 0);
  MESSAGE(told.asked.load() << " checks, " << told.allowed.load() << " allowed, between " << told.revoked.load()
                            << " grants and revocations");
}

TEST_CASE("I10 threads: the bare view is never late either, with as many revocations as there are checks") {
  authority_view view(id_of<platform>{make_id(tag_of<platform>, 1)});
  const id_of<container> box{make_id(tag_of<container>, 1)};
  view.place(box);
  principal_facts holder{.id = {make_id(tag_of<identity>, 1)}, .active = true};
  auto revoked = holder;
  holder.roles.push_back({box, {.plain = {permission::tenant_manage}}, {}, {}});
  late_answers told;
  told.run(
      interleavings(), static_cast<std::uint64_t>(interleavings()),
      [&](bool give) { view.put(give ? holder : revoked, {}); },
      [&](int) { return view.check(holder.id, permission::tenant_manage, box) == authority_view::answer::yes; });
  CHECK(told.late == 0);
  CHECK(told.allowed > 0);
}

TEST_CASE("I10 threads: readers of the bare view see each principal whole, while others come, go and grow") {
  constexpr id_of<platform> root{make_id(tag_of<platform>, 1)};
  authority_view view(root);
  const id_of<container> box{make_id(tag_of<container>, 1)};
  std::vector<any_id> scopes{any_id{box}};
  view.place(box);
  for (std::uint64_t n = 1; n <= 8; ++n) {
    view.place(id_of<tenant>{make_id(tag_of<tenant>, n)}, box);
    scopes.emplace_back(id_of<tenant>{make_id(tag_of<tenant>, n)});
  }
  // In every state the principal holds exactly one of two permissions, in every scope it holds anything in.
  const auto state = [&](std::uint64_t person, std::size_t wide, bool second) {
    principal_facts f{.id = {make_id(tag_of<identity>, person)}, .active = true};
    for (std::size_t n = 1; n <= wide; ++n) {
      const auto in = narrow<tenant>(scopes[n]);
      f.roles.push_back({scopes[n], {.plain = {second ? permission::audit_view : permission::user_manage}}, {}, {}});
      f.memberships.push_back({.tenant_id = in, .counts = true});
    }
    return f;
  };
  view.put(state(1, 1, false), {});
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> asked{0}, torn{0}, busy{0};
  std::vector<std::thread> running;
  for (int t = 1; t < threads; ++t)
    running.emplace_back([&] {
      while (!over.load(std::memory_order_acquire)) {
        permission_set held;
        const auto found = view.effective({make_id(tag_of<identity>, 1)}, scopes[1], nullptr, held);
        asked.fetch_add(1, std::memory_order_relaxed);
        if (found == authority_view::answer::busy)
          busy.fetch_add(1, std::memory_order_relaxed);
        else if (held.has(permission::audit_view) == held.has(permission::user_manage))
          torn.fetch_add(1, std::memory_order_relaxed);
      }
    });
  std::mt19937_64 chance(1);
  for (std::uint64_t n = 0; asked.load(std::memory_order_relaxed) < interleavings(); ++n) {
    view.put(state(1, 1 + chance() % 8, n % 2 == 0), {});
    view.put(state(2 + n % 3000, chance() % 6, n % 2 == 0), {}); // the table grows, blocks change hands
  }
  over.store(true, std::memory_order_release);
  for (auto& one : running) one.join();
  CHECK(torn == 0);
  CHECK(busy < asked);
}
