// A search over everything that changes authority: from a start state, whatever one actor runs, in whatever order,
// nobody ends with a right that the actor did not have at the start, and no other tenant's state changes.
#include "../kit.hpp"

#include <cstdlib>
#include <set>

using namespace kit;

namespace {

/// Two tenants; in the first an administrator (the actor's own seat may be another), a desk worker with a restricted
/// role, and a plain member.
struct stage : world {
  id_of<user> worker{}, plain{}, ada{};

  stage() {
    static_cast<void>(
        must(dir.run(at_tenant, define_role{.name = "desk",
                                            .permissions = {"license.view", "grant.manage", "role.manage"},
                                            .restricted = {"user.manage"}})));
    worker = adopt("Wim", "Worker", "wim@acme.example");
    plain = adopt("Pia", "Plain", "pia@acme.example");
    ada = must(dir.ask(admin, find_user{.email = "ada@acme.example"})).user_id;
    static_cast<void>(must(dir.run(at_tenant, grant_role{.user_id = worker, .role = "desk"})));
    static_cast<void>(must(dir.run(at_tenant, grant_role{.user_id = plain, .role = "tenant"})));
    static_cast<void>(must(dir.run(at_tenant, give_flag{.user_id = plain, .flag = flag::manage_e911})));
  }
  std::set<std::string> rights_of(id_of<user> id) {
    const auto held = must(dir.ask(at_tenant, what_can{.user_id = id})).permissions;
    return {held.begin(), held.end()};
  }
};

/// Every command that touches authority, with every argument that makes sense on the stage.
std::vector<std::function<refusal(stage&, const actor&)>> moves() {
  std::vector<std::function<refusal(stage&, const actor&)>> out;
  const auto add = [&](auto make) {
    out.push_back([make](stage& s, const actor& as) -> refusal {
      auto done = s.dir.run(as, make(s));
      return done ? refusal{} : refusal{done.error()};
    });
  };
  for (const auto whom : {&stage::worker, &stage::plain, &stage::ada}) {
    for (const std::string role : {"administrator", "desk", "tenant", "mine"}) {
      add([=](stage& s) { return grant_role{.user_id = s.*whom, .role = role}; });
      add([=](stage& s) { return revoke_role{.user_id = s.*whom, .role = role}; });
    }
    for (const auto f : every_flag) {
      add([=](stage& s) { return give_flag{.user_id = s.*whom, .flag = f}; });
      add([=](stage& s) { return take_flag{.user_id = s.*whom, .flag = f}; });
    }
    add([=](stage& s) { return suspend_user{s.*whom}; });
    add([=](stage& s) { return resume_user{s.*whom}; });
    add([=](stage& s) { return replace_owner{s.*whom}; });
  }
  for (const std::string p : {"user.manage", "license.view", "ucp_box.manage", "grant.manage"}) {
    add([=](stage&) { return define_role{.name = "mine", .permissions = {p}}; });
    add([=](stage&) { return change_role{.role = "desk", .permissions = {p, "role.manage"}}; });
    add([=](stage&) { return change_role{.role = "mine", .permissions = {p}}; });
  }
  add([](stage&) { return define_role{.name = "mine", .restricted = {"user.manage", "e911.manage"}}; });
  add([](stage&) {
    return adopt_user{.first_name = "Nu", .last_name = "New", .email = "nu@acme.example", .role = "administrator"};
  });
  return out;
}

struct search {
  std::string email;
  int depth;
  std::set<std::string> seen{};
  std::size_t tried = 0, accepted = 0;
  std::vector<std::function<refusal(stage&, const actor&)>> all = moves();

  void run() {
    std::vector<std::size_t> path;
    walk(path);
  }
  /// The stage is built anew for each path: a directory in memory cannot be copied.
  void walk(std::vector<std::size_t>& path) {
    if (static_cast<int>(path.size()) == depth) return;
    for (std::size_t m = 0; m < all.size(); ++m) {
      stage s;
      const auto as = must(s.dir.open_actor(email, s.tenant_id));
      const auto start = s.rights_of(must(s.dir.ask(s.at_tenant, find_user{.email = email})).user_id);
      std::vector<std::set<std::string>> before;
      for (const auto id : {s.worker, s.plain, s.ada}) before.push_back(s.rights_of(id));
      const auto other = s.digest(s.other_id);
      for (const auto step : path) static_cast<void>(all[step](s, as));
      ++tried;
      if (all[m](s, as)) continue;
      ++accepted;
      std::size_t n = 0;
      for (const auto id : {s.worker, s.plain, s.ada}) {
        for (const auto& held : s.rights_of(id))
          CHECK_MESSAGE((start.contains(held) || before[n].contains(held)), email << " brought about " << held
                                                                                  << " for " << to_text(id) << " in "
                                                                                  << path.size() + 1 << " steps");
        ++n;
      }
      CHECK(s.digest(s.other_id) == other);
      if (!seen.insert(s.digest(s.tenant_id)).second) continue;
      path.push_back(m);
      walk(path);
      path.pop_back();
    }
  }
};

} // namespace

TEST_CASE("I8 I9 no sequence of commands brings about a right that the actor did not hold, or touches another tenant") {
  const char* asked = std::getenv("LINECARD_SEARCH_DEPTH");
  const int depth = asked ? std::atoi(asked) : 2;
  for (const std::string email : {"wim@acme.example", "pia@acme.example", "ada@acme.example"}) {
    search one{email, depth};
    one.run();
    MESSAGE(email << ": " << one.tried << " tried, " << one.accepted << " accepted, " << one.seen.size() << " states");
    CHECK(one.tried >= one.all.size());
  }
}
