// A search over everything that changes authority: from a start state, whatever one actor runs, in whatever order,
// nobody ends with a right that neither they nor the actor had at the start, and no other tenant's state changes.
// LINECARD_SEARCH_DEPTH says how many commands follow each other (default 3; 5 is the claim).
#include "rules/office.hpp"
#include "views/moving_world.hpp"

#include <linecard/model/schema.hpp>

#include <cstdlib>
#include <deque>
#include <map>
#include <set>

using namespace kit;

namespace {

int depth_asked() {
  const char* asked = std::getenv("LINECARD_SEARCH_DEPTH");
  return asked != nullptr ? std::atoi(asked) : 3;
}

/// Every row of a store, values and all.
struct everything final : row_sink {
  struct kept_row {
    const table_info* table{};
    std::vector<value> values{};
  };
  std::vector<kept_row> rows{};
  std::deque<std::string> bytes{};
  const table_info* reading{};

  explicit everything(store& from) {
    auto in = must(from.begin(access::read));
    for (const auto* table : schema) {
      reading = table;
      const scan_request all[]{{.table = table}};
      REQUIRE_FALSE(in->scan(all, *this));
    }
  }
  bool row(std::size_t, std::int64_t, std::span<const value> columns) override {
    auto& kept = rows.emplace_back(kept_row{reading, {columns.begin(), columns.end()}});
    for (auto& v : kept.values)
      if (v.data != nullptr) v.data = bytes.emplace_back(v.bytes()).data();
    return true;
  }
  [[nodiscard]] std::unique_ptr<store> store_of_these() const {
    auto made = memory_store();
    REQUIRE_FALSE(made->prepare(schema));
    std::deque<std::vector<value>> keys;
    std::vector<change> changes;
    for (const auto& r : rows) {
      auto& key = keys.emplace_back();
      for (const auto c : r.table->key) key.push_back(r.values[c]);
      changes.push_back({.what = change::action::insert, .table = r.table, .key = key, .values = r.values});
    }
    auto out = must(made->begin(access::write));
    std::size_t conflicting = 0;
    REQUIRE_FALSE(out->apply(changes, conflicting));
    REQUIRE_FALSE(out->commit());
    return made;
  }
};

/// All that decides, without ids and times: two states that say the same are one.
struct fingerprint_answer {
  std::string text{};
};
BOOST_DESCRIBE_STRUCT(fingerprint_answer, (), (text))

struct fingerprint {
  using answer = fingerprint_answer;
  static constexpr auto needs = permission::authority_view;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "All that decides, as one text.";
  [[nodiscard]] refusal ask(snapshot& facts, const ingredients&, answer& into) const {
    std::set<std::string> lines;
    const auto email = [&](id_of<identity> id) { return facts.find<&identity::id>(id)->email; };
    for (const auto& i : facts.list<&identity::id>()) lines.insert(i->email + " " + std::string(word(i->state)));
    for (const auto& u : facts.list<&user::id>())
      lines.insert(email(u->identity_id) + " in " + to_text(u->tenant_id) + " " + std::string(word(u->state)));
    for (const auto& d : facts.list<&delegate::id>())
      lines.insert(email(d->identity_id) + " to " + to_text(d->tenant_id) + " " + std::string(word(d->state)));
    for (const auto& g : facts.list<&grant::id>())
      lines.insert(email(g->identity_id) + " at " + to_text(g->scope_id) + " " + role_name(facts, g->role_id) +
                   (g->ends_at ? " ends" : ""));
    for (const auto& f : facts.list<&held_flag::id>())
      lines.insert(email(f->identity_id) + " at " + to_text(f->scope_id) + " " + std::string(word(f->flag)));
    for (const auto& p : facts.list<&role_permission::role_id>())
      lines.insert(role_name(facts, p->role_id) + " " + p->permission + (p->restricted ? " restricted" : ""));
    for (const auto& t : facts.list<&tenant::id>())
      lines.insert(to_text(t->id) + " of " + (t->owner_id ? email(t->owner_id) : "nobody"));
    for (const auto& line : lines) into.text += line + "\n";
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(fingerprint, (), ())

constexpr std::string_view wim = "wim@acme.example", pia = "pia@acme.example", ada = "ada@acme.example",
                           conny = "conny@box.example", carl = "carl@box.example", sue = "sue@support.example",
                           sam = "sam@box.example", ina = "ina@acme.example", ida = "ida@example.com";

/// In the first tenant an administrator, a desk worker whose role is partly restricted, a plain member with a flag, and
/// a delegate, and an administrator who is invited only; above them somebody suspended, somebody who manages
/// identities, two with the container role, one of whom holds its flag, and somebody of the support.
struct stage : office {
  std::shared_ptr<moving::lent_store::shared> shared;
  std::int32_t notice{};

  explicit stage(std::shared_ptr<moving::lent_store::shared> on = lent())
      : office(std::make_unique<moving::lent_store>(on)), shared(std::move(on)) {
    static_cast<void>(must(dir.run(
        at_tenant, define_role{.name = "desk",
                               .permissions = {"license.view", "grant.manage", "role.manage", "delegate.manage"},
                               .restricted = {"user.manage"}})));
    const auto worker = adopt("Wim", "Worker", std::string(wim)), plain = adopt("Pia", "Plain", std::string(pia));
    static_cast<void>(must(dir.run(at_tenant, grant_role{.user_id = worker, .role = "desk"})));
    static_cast<void>(must(dir.run(at_tenant, give_flag{.user_id = worker, .flag = flag::manage_users})));
    static_cast<void>(must(dir.run(at_tenant, grant_role{.user_id = plain, .role = "tenant"})));
    static_cast<void>(must(dir.run(at_tenant, give_flag{.user_id = plain, .flag = flag::manage_e911})));
    const auto in_container = must(dir.open_actor(operator_.identity_id(), container_id));
    for (const auto who : {conny, carl})
      static_cast<void>(must(dir.run(in_container, grant_role{.email = std::string(who), .role = "container"})));
    static_cast<void>(must(dir.run(in_container, give_flag{.email = std::string(carl), .flag = flag::manage_users})));
    static_cast<void>(must(dir.run(operator_, grant_role{.email = std::string(sue), .role = "support"})));
    let_in(invitation(pat, "licensing"));
    static_cast<void>(must(dir.run(in_container, grant_role{.email = std::string(sam), .role = "container"})));
    static_cast<void>(must(dir.run(operator_, suspend_identity{std::string(sam)})));
    static_cast<void>(must(dir.run(
        admin, add_user{.first_name = "Ina", .last_name = "I", .email = std::string(ina), .role = "administrator"})));
    static_cast<void>(must(dir.run(operator_, define_role{.name = "people", .permissions = {"identity.manage"}})));
    static_cast<void>(must(dir.run(operator_, grant_role{.email = std::string(ida), .role = "people"})));
    notice = version(admin);
  }
  static std::shared_ptr<moving::lent_store::shared> lent() {
    auto made = std::make_shared<moving::lent_store::shared>();
    made->inner = memory_store();
    return made;
  }
};

/// A command with its arguments, made anew for each state since ids differ.
struct move {
  std::string what{};
  std::function<result<receipt>(directory&, const actor&, run_mode)> run{};
};

template <class C> move as_is(std::string what, C c) {
  return {std::move(what), [c](directory& in, const actor& as, run_mode mode) {
            return mode == run_mode::run ? carry_out(in, as, request_of(c)) : in.perform(as, request_of(c), mode);
          }};
}

/// Everything somebody may try in the scope of `as`; users and delegates by e-mail, as they are in that state.
std::vector<move> moves(directory& in, const actor& at_tenant, std::int32_t notice) {
  std::vector<move> out;
  const auto add = [&](std::string what, auto c) { out.push_back(as_is(std::move(what), std::move(c))); };
  for (const auto email : {wim, pia, ada}) {
    const std::string who(email);
    for (const std::string role : {"administrator", "desk", "tenant", "mine"}) {
      add("grant " + role + " to " + who, grant_role{.email = who, .role = role});
      add("revoke " + role + " of " + who, revoke_role{.email = who, .role = role});
    }
    for (const auto f : every_flag) add("give a flag to " + who, give_flag{.email = who, .flag = f});
    add("take a flag of " + who, take_flag{.email = who, .flag = flag::manage_users});
    if (const auto found = in.ask(at_tenant, find_user{.email = who})) {
      add("suspend " + who, suspend_user{found->user_id});
      add("resume " + who, resume_user{found->user_id});
      add("delete " + who, delete_user{found->user_id});
      add("make owner " + who, replace_owner{found->user_id});
      for (const auto other : {wim, pia})
        if (const auto successor = in.ask(at_tenant, find_user{.email = std::string(other)}))
          add("replace " + who, replace_person{found->user_id, successor->user_id});
    } else {
      add("let in again " + who, adopt_user{.first_name = "A", .last_name = "B", .email = who, .role = "desk"});
      add("let in as a delegate " + who,
          add_delegate{.first_name = "A", .last_name = "B", .email = who, .role = "desk", .notice_version = notice});
    }
  }
  for (const auto email : {wim, ada, conny, sam, sue}) {
    const std::string who(email);
    add("suspend the login " + who, suspend_identity{who});
    add("resume the login " + who, resume_identity{who});
    add("delete the login " + who, delete_identity{who});
  }
  if (const auto found = in.ask(at_tenant, find_user{.email = std::string(ina)})) {
    add("activate", activate_user{found->user_id, {}});
    add("delete the invited one", delete_user{found->user_id});
  }
  for (const auto& row : must(in.ask(at_tenant, deleted_users{})).users) {
    add("restore " + row.email, restore_user{row.user_id});
    add("erase " + row.email, erase_user{row.user_id});
  }
  for (const auto& row : must(in.ask(at_tenant, users{})).users)
    if (row.state == user_state::invited && row.email != ina)
      add("activate " + row.email, activate_user{row.user_id, {}});
  for (const auto& row : must(in.ask(at_tenant, delegates{})).delegates) {
    add("let in a delegate", activate_delegate{row.delegate_id});
    add("remove a delegate", remove_delegate{row.delegate_id});
    add("grant desk to a delegate", grant_role{.email = row.email, .role = "desk"});
    add("give a delegate a flag", give_flag{.email = row.email, .flag = flag::manage_users});
  }
  for (const std::string p : {"user.manage", "license.view", "ucp_box.manage"}) {
    add("define mine with " + p, define_role{.name = "mine", .permissions = {p}});
    add("change desk to " + p, change_role{.role = "desk", .permissions = {p, "role.manage"}});
    add("change mine to " + p, change_role{.role = "mine", .permissions = {p, "license.view"}});
  }
  add("define mine restricted", define_role{.name = "mine", .restricted = {"user.manage", "e911.manage"}});
  add("let in an administrator",
      adopt_user{.first_name = "Nu", .last_name = "New", .email = "nu@acme.example", .role = "administrator"});
  return out;
}

using rights = std::map<std::pair<std::string, any_id>, permission_set>;

/// One actor's whole reach from the stage.
struct search {
  stage& from;
  std::string email;
  any_id where; ///< the scope acted in
  std::size_t tried = 0, accepted = 0;
  std::set<std::string> seen{};
  rights at_start{};
  std::string other_at_start{};

  struct node {
    std::shared_ptr<everything> rows{};
    std::string path{};
    int depth{};
  };
  struct opened {
    directory dir;
    actor operator_, at_tenant;
  };
  opened open(std::unique_ptr<store> on) const {
    auto dir = must(directory::open(
        {.store = std::move(on), .clock = from.clock, .random = from.random, .views = false}, from.key));
    auto root = must(dir.open_actor("root@example.com"));
    auto in_tenant = must(dir.open_actor("root@example.com", from.tenant_id));
    return {std::move(dir), root, in_tenant};
  }
  rights rights_in(directory& dir) const {
    rights out;
    for (const auto who : {wim, pia, ada, conny, carl, sue, pat, ina, ida, std::string_view("nu@acme.example")})
      if (const auto known = dir.open_actor(who))
        for (const auto in : {any_id{from.tenant_id}, any_id{from.other_id}, any_id{from.container_id}, any_id{}})
          out[{std::string(who), in}] = dir.effective(known->identity_id(), in);
    return out;
  }
  /// What the actor may do in a scope at the start, and so may come about there or below.
  permission_set own(any_id in) { return at_start[{email, in}]; }

  void hold(const node& at, opened& now) {
    for (const auto& one : rights_in(now.dir)) {
      const auto& [who, in] = one.first;
      const auto beyond = one.second - at_start[one.first] - own(in);
      if (!beyond.empty())
        FAIL_CHECK(email << " brought about " << name_of(beyond.first()) << " for " << who << " in " << to_text(in)
                         << ":" << at.path);
    }
    CHECK_MESSAGE(must(now.dir.state_digest(from.other_id)) == other_at_start, email << ":" << at.path);
  }
  std::string told(opened& in) const {
    fingerprint_answer into;
    const fingerprint asked;
    REQUIRE_FALSE(in.dir.answer(in.operator_, verb_of_query<fingerprint>, &asked, &into));
    return into.text;
  }

  void run(int depth) {
    std::deque<node> open_nodes{{std::make_shared<everything>(*from.shared->inner), "", 0}};
    {
      auto now = open(open_nodes.front().rows->store_of_these());
      at_start = rights_in(now.dir);
      other_at_start = must(now.dir.state_digest(from.other_id));
      seen.insert(told(now));
    }
    for (; !open_nodes.empty(); open_nodes.pop_front()) {
      const auto at = open_nodes.front();
      auto now = open(at.rows->store_of_these());
      const auto as = now.dir.open_actor(email, where);
      if (!as) continue; // deleted meanwhile
      for (const auto& m : moves(now.dir, now.at_tenant, from.notice)) {
        ++tried;
        const auto foreseen = m.run(now.dir, *as, run_mode::preview);
        if (!foreseen || foreseen->changes.empty()) continue;
        ++accepted;
        auto on = at.rows->store_of_these();
        auto lent = std::make_shared<moving::lent_store::shared>();
        lent->inner = std::move(on);
        auto next = open(std::make_unique<moving::lent_store>(lent));
        static_cast<void>(must(m.run(next.dir, must(next.dir.open_actor(email, where)), run_mode::run)));
        if (!seen.insert(told(next)).second) continue;
        node then{nullptr, at.path + " " + m.what + ",", at.depth + 1};
        hold(then, next);
        if (then.depth == depth) continue;
        then.rows = std::make_shared<everything>(*lent->inner);
        open_nodes.push_back(std::move(then));
      }
    }
  }
};

} // namespace

TEST_CASE("I8 I9 no sequence of commands brings about a right that the actor did not hold, or touches another tenant") {
  stage from;
  std::size_t states = 0;
  for (const auto email : {wim, pia, ada, pat, conny, carl, sue, ida})
    for (const auto where : {any_id{from.tenant_id}, any_id{from.container_id}, any_id{}}) {
      search one{from, std::string(email), where};
      one.run(depth_asked());
      MESSAGE(email << " in " << to_text(where) << ": " << one.tried << " tried, " << one.accepted << " accepted, "
                    << one.seen.size() << " states");
      states += one.seen.size();
    }
  CHECK(states > 100);
}
