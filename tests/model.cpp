// Random sequences of commands, run by the library and by the plain model beside it. After every command the two agree
// on the answer, on who holds what, and on what did not move.
#include <linecard/directory.hpp>

#include "directory/tools.hpp"
#include "kit.hpp"
#include "seat_model.hpp"
#include "stores/host_table.hpp"

#include <linecard/json.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>

using namespace kit;

namespace {

using seat_model::answer, seat_model::model, seat_model::place, seat_model::place_kind, seat_model::right;

/// What is drawn; everything else follows from the state it meets, so that a shorter sequence still makes sense.
struct step {
  int verb{}, who{}, where{}, user{}, other{}, package{}, number{}, way{};
};
[[maybe_unused]] void showValue(const step& s, std::ostream& os) {
  os << "{" << s.verb << "," << s.who << "," << s.where << "," << s.user << "," << s.other << "," << s.package << ","
     << s.number << "," << s.way << "}";
}

constexpr std::size_t nobody = 1'000'000; ///< the position of a user or package that does not exist
const std::vector<std::string> services{"video", "fax-line"};

/// A command for both sides.
struct planned {
  std::shared_ptr<void> object{};
  request what{};
  right needed{};
  place_kind acts_in{};
  answer flaw{}; ///< of the request alone
  std::function<answer(model&)> act{};
};

template <class C> planned plan(C c, right needed, place_kind acts_in, answer flaw, std::function<answer(model&)> act) {
  auto object = std::make_shared<C>(std::move(c));
  const auto what = request_of(*object);
  return {std::move(object), what, needed, acts_in, std::move(flaw), std::move(act)};
}

/// The first of several flaws: the library reads a request in the order of its description.
answer first_of(std::initializer_list<std::pair<bool, seat_model::refusal>> flaws) {
  for (const auto& [is_so, no] : flaws)
    if (is_so) return no;
  return {};
}

using tally = std::map<std::string, int>; ///< answers met, by reason

class duel {
public:
  duel(std::shared_ptr<store> on, tally& met)
      : met_(met), inner_(std::move(on)), w_(std::make_unique<hard::lent_store>(inner_), 2) {
    tenants_[0] = w_.tenant_id, tenants_[1] = w_.other_id;
    package_ids_ = {w_.basic, w_.plus, w_.fax};
    m_.packages = {{.name = "Basic", .price = 1000},
                   {.name = "Plus", .price = 2000},
                   {.name = "Fax", .add_on = true, .price = 300}};
    for (const auto& sku : package_ids_) {
      static_cast<void>(must(w_.dir.run(w_.other_tenant, offer_package{sku})));
      static_cast<void>(must(w_.dir.run(w_.other_tenant, set_seat_pool{sku, 2})));
    }
    for (auto& t : m_.tenants)
      for (std::size_t p = 0; p < 3; ++p) t.offers.insert(p), t.pools[p] = {2, false};
    m_.container_names = {"pbx-1"}, m_.tenant_names = {"Acme", "Other"};
    m_.identities = {"root@example.com", "ada@acme.example", "otto@other.example"};
    m_.people = {{.tenant = 0, .email = "ada@acme.example", .is = seat_model::role::administrator},
                 {.tenant = 1, .email = "otto@other.example", .is = seat_model::role::administrator}};
    user_ids_ = {must(w_.dir.ask(w_.admin, find_user{.email = "ada@acme.example"})).user_id,
                 must(w_.dir.ask(w_.other_admin, find_user{.email = "otto@other.example"})).user_id};
    for (std::size_t n = 0; n < 6; ++n) { // three people each, one of them in both
      const std::string email = "p" + std::to_string(n - n / 3) + "@x.example";
      const auto& by = n < 3 ? w_.admin : w_.other_admin;
      const adopt_user who{.first_name = "Pat", .last_name = "Early", .email = email};
      user_ids_.push_back(must(w_.dir.run(by, who)).created_id<user>());
      m_.people.push_back({.tenant = n / 3, .email = email});
      m_.identities.insert(email);
    }
    for (const auto& s : scopes()) entries_[s] = must(w_.dir.ask(root_at(s), verify_audit{})).entries;
    prints_ = hard::fingerprints(*inner_, tenants_);
  }

  void take(const step& s) {
    constexpr place_kind natural[]{place_kind::platform, place_kind::container, place_kind::tenant};
    place at{place_kind::tenant, static_cast<std::size_t>(s.where % 2)};
    if (s.verb >= 20) at.kind = natural[s.verb == 22 ? 1 : 0];
    if (s.way == 0 && s.number < 4) at.kind = natural[s.where % 3]; // now and then in the wrong place
    const auto by = actor_email(s, at);
    std::vector<planned> commands{make(s, at)};
    if (s.way == 1 || s.way == 2) { // several in one transaction
      auto next = s;
      for (int n = 0; n < s.way; ++n) {
        next = {.verb = (next.verb * 5 + 3) % 20,
                .who = s.who,
                .where = s.where,
                .user = next.other,
                .other = next.user,
                .package = (next.package + 1) % 32,
                .number = next.number,
                .way = s.way};
        commands.push_back(make(next, at));
      }
    }
    run(s, at, by, commands);
  }

  /// What costs too much after every command.
  void finish() {
    for (const auto& s : scopes()) {
      const auto audit = must(w_.dir.ask(root_at(s), verify_audit{}));
      RC_ASSERT(audit.intact);
      RC_ASSERT(audit.entries == entries_[s]);
    }
    for (std::size_t t = 0; t < 2; ++t)
      RC_ASSERT(hard::replayed_ledger(w_.dir, root_at(tenants_[t])) == hard::stored_ledger(*inner_, tenants_[t]));
    hard::each<tenant>(*inner_, [&](const tenant& row) {
      const auto at = std::ranges::find(tenants_, row.id);
      const auto is_one = [&](const auto& p) {
        return p.is == seat_model::role::administrator && at != tenants_.end() && tenants_[p.tenant] == row.id;
      };
      RC_ASSERT(row.administrators == std::ranges::count_if(m_.people, is_one));
    });
    for (std::size_t i = 0; i < m_.people.size(); ++i) {
      const auto& p = m_.people[i];
      const auto found = must(w_.dir.ask(root_at(tenants_[p.tenant]), find_user{.user_id = user_ids_[i]}));
      RC_ASSERT(found.email == p.email);
      RC_ASSERT((found.state == user_state::invited) == p.invited);
      RC_ASSERT(found.team_role.has_value() != p.invited); // S2.5
      RC_ASSERT(found.administrator == (p.is == seat_model::role::administrator));
      RC_ASSERT(found.package_id == (p.base ? std::optional(package_ids_[*p.base]) : std::nullopt));
      RC_ASSERT(found.add_ons.size() == p.add_ons.size());
      RC_ASSERT(found.extensions == (p.extension.empty() ? std::vector<std::string>{} : std::vector{p.extension}));
    }
  }

private:
  [[nodiscard]] std::vector<any_id> scopes() const {
    return {w_.dir.platform_id(), w_.container_id, tenants_[0], tenants_[1]};
  }
  actor root_at(any_id scope_id) { return must(w_.dir.open_actor(w_.operator_.identity_id(), scope_id)); }
  [[nodiscard]] any_id scope_of(const place& at) const {
    if (at.kind == place_kind::tenant) return tenants_[at.tenant];
    return at.kind == place_kind::container ? any_id{w_.container_id} : any_id{w_.dir.platform_id()};
  }
  [[nodiscard]] std::string actor_email(const step& s, const place& at) const {
    if (s.who < 4 || (s.who < 7 && s.verb >= 15)) return "root@example.com";
    if (s.who < 8) return at.tenant == 0 ? "ada@acme.example" : "otto@other.example";
    return m_.people[static_cast<std::size_t>(s.user + s.who) % m_.people.size()].email;
  }

  // Positions drawn: mostly someone of the tenant, now and then a foreigner, nobody, or no id at all.
  static constexpr int no_user = 63, no_package = 31;
  [[nodiscard]] std::size_t pick_user(int n, const place& at) const {
    if (n >= no_user - 1) return nobody;
    std::vector<std::size_t> ours;
    for (std::size_t i = 0; i < m_.people.size(); ++i)
      if (n >= 56 || m_.people[i].tenant == at.tenant) ours.push_back(i);
    return ours[static_cast<std::size_t>(n) % ours.size()];
  }
  [[nodiscard]] std::size_t pick_package(int n) const {
    return n >= no_package - 1 ? nobody : static_cast<std::size_t>(n) % m_.packages.size();
  }
  [[nodiscard]] id_of<user> user_id(int n, std::size_t position) const {
    if (n == no_user) return {};
    return position == nobody ? id_of<user>{make_id(tag_of<user>, 12345)} : user_ids_[position];
  }
  [[nodiscard]] id_of<package> package_id(int n, std::size_t position) const {
    if (n == no_package) return {};
    return position == nobody ? id_of<package>{make_id(tag_of<package>, 12345)} : package_ids_[position];
  }

  planned make(const step& s, const place& at) const {
    const auto t = at.tenant;
    const auto who = pick_user(s.user, at), other = pick_user(s.other, at), sku = pick_package(s.package);
    const auto who_id = user_id(s.user, who), other_id = user_id(s.other, other);
    const auto sku_id = package_id(s.package, sku);
    const seat_model::refusal user_missing{"user_id_missing", "/user_id"},
        package_missing{"package_id_missing", "/package_id"};
    const bool no_who = s.user == no_user, no_sku = s.package == no_package;
    const auto one_flaw = first_of({{no_who, user_missing}, {no_sku, package_missing}});
    const auto many_flaw = first_of({{no_who, {"user_ids_missing", "/user_ids/0"}},
                                     {s.other == no_user, {"user_ids_missing", "/user_ids/1"}},
                                     {no_sku, package_missing}});
    const auto both = [=](model& m, auto one) -> answer {
      const auto before = m;
      std::size_t i = 0;
      for (const auto each : {who, other}) {
        if (auto no = one(m, each)) {
          // What is about the package alone is told of the package, the rest of the user it happened at.
          if (no->path != "/package_id" || no->reason == "no_seat_left" || no->reason == "already_assigned")
            no->path = "/user_ids/" + std::to_string(i);
          m = before;
          return no;
        }
        ++i;
      }
      return {};
    };
    const auto in_tenant = place_kind::tenant;
    switch (s.verb) {
    case 0:
    case 1:
    case 2:
      return plan(assign_package{who_id, sku_id}, right::licences, in_tenant, one_flaw,
                  [=](model& m) { return m.assign(t, who, sku); });
    case 3:
    case 4:
      return plan(change_package{who_id, sku_id}, right::licences, in_tenant, one_flaw,
                  [=](model& m) { return m.change(t, who, sku); });
    case 5:
      return plan(unassign_package{who_id, {}}, right::licences, in_tenant, first_of({{no_who, user_missing}}),
                  [=](model& m) { return m.unassign(t, who, {}); });
    case 6:
      return plan(unassign_package{who_id, sku_id}, right::licences, in_tenant, one_flaw,
                  [=](model& m) { return m.unassign(t, who, sku); });
    case 7:
      return plan(assign_packages{{who_id, other_id}, sku_id}, right::licences, in_tenant, many_flaw,
                  [=](model& m) { return both(m, [&](model& x, std::size_t u) { return x.assign(t, u, sku); }); });
    case 8:
      return plan(change_packages{{who_id, other_id}, sku_id}, right::licences, in_tenant, many_flaw,
                  [=](model& m) { return both(m, [&](model& x, std::size_t u) { return x.change(t, u, sku); }); });
    case 9:
      return plan(unassign_packages{{who_id, other_id}, sku_id}, right::licences, in_tenant, many_flaw,
                  [=](model& m) { return both(m, [&](model& x, std::size_t u) { return x.unassign(t, u, sku); }); });
    case 10:
    case 11:
    case 12:
      return newcomer(s, t, sku, sku_id);
    case 13:
    case 14:
      return plan(activate_user{who_id, {}}, right::people, in_tenant, first_of({{no_who, user_missing}}),
                  [=](model& m) { return m.activate(t, who); });
    case 15:
    case 16: {
      const bool allow = s.number % 5 == 4;
      const int purchased = s.number == 15 ? -1 : s.number / 3;
      return plan(set_seat_pool{sku_id, purchased, allow ? overage_policy::allow : overage_policy::block},
                  right::tenant_setup, in_tenant,
                  first_of({{no_sku, package_missing}, {purchased < 0, {"purchased_invalid", "/purchased"}}}),
                  [=](model& m) { return m.set_pool(t, sku, purchased, allow); });
    }
    case 17:
      return plan(offer_package{sku_id}, right::tenant_setup, in_tenant, first_of({{no_sku, package_missing}}),
                  [=](model& m) { return m.offer(t, sku); });
    case 18:
      return plan(withdraw_package{sku_id}, right::tenant_setup, in_tenant, first_of({{no_sku, package_missing}}),
                  [=](model& m) { return m.tenants[t].offers.erase(sku), answer{}; });
    case 19: {
      const auto& name = services[static_cast<std::size_t>(s.number) % 2];
      if (s.number % 3 == 0)
        return plan(disable_service{name}, right::tenant_setup, in_tenant, {},
                    [=](model& m) { return m.tenants[t].services.erase(name), answer{}; });
      return plan(enable_service{name}, right::tenant_setup, in_tenant, {},
                  [=](model& m) { return m.tenants[t].services.insert(name), answer{}; });
    }
    case 20: {
      if (s.number < 3)
        return plan(retire_package{sku_id}, right::platform_setup, place_kind::platform,
                    first_of({{no_sku, package_missing}}), [=](model& m) { return m.retire(sku); });
      const auto name = "container " + std::to_string(s.number % 4);
      return plan(create_container{name}, right::platform_setup, place_kind::platform, {}, [=](model& m) -> answer {
        if (!m.container_names.insert(name).second) return seat_model::refusal{"name_taken", "/name"};
        return {};
      });
    }
    case 21: {
      const seat_model::sku made{.name = "Pack " + std::to_string(s.number),
                                 .add_on = s.package % 3 == 2,
                                 .price = s.number * 100L,
                                 .needs = s.user % 2 == 0 ? services[static_cast<std::size_t>(s.other) % 2] : ""};
      return plan(define_package{.name = made.name,
                                 .kind = made.add_on ? package_kind::add_on : package_kind::base,
                                 .price_minor = made.price,
                                 .currency = "EUR",
                                 .services = made.needs.empty() ? std::vector<std::string>{} : std::vector{made.needs}},
                  right::platform_setup, place_kind::platform, {}, [=](model& m) { return m.define(made); });
    }
    default: {
      const auto name = s.number == 15 ? std::string{} : "tenant " + std::to_string(s.number);
      return plan(create_tenant{name}, right::container_setup, place_kind::container,
                  first_of({{name.empty(), {"name_missing", "/name"}}}), [=](model& m) -> answer {
                    if (!m.tenant_names.insert(name).second) return seat_model::refusal{"name_taken", "/name"};
                    return {};
                  });
    }
    }
  }

  planned newcomer(const step& s, std::size_t t, std::size_t sku, id_of<package> sku_id) const {
    constexpr const char* roles[]{"member", "administrator", "operator"};
    const auto role = static_cast<std::size_t>(s.number >= 14 ? s.number - 13 : 0);
    const bool packaged = s.other % 2 == 0, bad_email = s.user == 60, nameless = s.user == 61,
               bad_extension = s.user == 59;
    const seat_model::person who{.tenant = t,
                                 .email = bad_email ? "p@q" : "p" + std::to_string(s.user % 12) + "@x.example",
                                 .is = static_cast<seat_model::role>(role),
                                 .invited = s.verb != 12,
                                 .extension = s.verb != 12 || s.other % 3 ? ""
                                              : bad_extension             ? "1x"
                                                                          : "10" + std::to_string(s.number),
                                 .reference = s.verb != 12 || s.other % 5 ? "" : "ref " + std::to_string(s.number)};
    auto spelt = who.email; // one identity, however it is spelt
    if (s.number % 2) spelt[0] = 'P', spelt.replace(spelt.size() - 2, 1, "L");
    const auto package_given = packaged ? std::optional(sku_id) : std::nullopt;
    const answer flaw = first_of({{nameless, {"first_name_missing", "/first_name"}},
                                  {bad_email, {"email_invalid", "/email"}},
                                  {packaged && s.package == no_package, {"package_id_missing", "/package_id"}},
                                  {who.extension == "1x", {"extension_invalid", "/extension"}}});
    const std::string first = nameless ? "" : "Pat";
    const auto act = [=](model& m) { return m.come_in(t, who, packaged ? std::optional(sku) : std::nullopt); };
    if (who.invited)
      return plan(add_user{.first_name = first,
                           .last_name = "Random",
                           .email = spelt,
                           .role = roles[role],
                           .package_id = package_given,
                           .send_welcome = s.number % 2 == 0},
                  right::people, place_kind::tenant, flaw, act);
    return plan(adopt_user{.first_name = first,
                           .last_name = "Random",
                           .email = spelt,
                           .role = roles[role],
                           .package_id = package_given,
                           .external_ref = who.reference.empty() ? std::nullopt : std::optional(who.reference),
                           .extension = who.extension.empty() ? std::nullopt : std::optional(who.extension)},
                right::people, place_kind::tenant, flaw, act);
  }

  /// The model's answer to all of them, and the model before and after each.
  answer expect(const place& at, const std::string& by, const std::vector<planned>& commands,
                std::vector<model>& after) {
    const auto located = [&](seat_model::refusal no, std::size_t i) {
      if (commands.size() > 1) no.path = "/" + std::to_string(i) + no.path;
      return no;
    };
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (commands[i].acts_in != at.kind) return located({"wrong_scope", ""}, i);
      if (commands[i].flaw) return located(*commands[i].flaw, i);
    }
    after = {m_};
    for (std::size_t i = 0; i < commands.size(); ++i) {
      auto next = after.back();
      if (!next.may(by, at, commands[i].needed)) return located({"permission_denied", ""}, i);
      if (auto no = commands[i].act(next)) return located(*no, i);
      after.push_back(std::move(next));
    }
    return {};
  }

  void run(const step& s, const place& at, const std::string& by, const std::vector<planned>& commands) {
    const auto as = must(w_.dir.open_actor(by, scope_of(at)));
    std::vector<model> states;
    const auto expected = expect(at, by, commands, states);
    ++met_[expected ? expected->reason : "accepted"];

    std::optional<receipt> promised;
    std::vector<request> requests;
    for (const auto& c : commands) requests.push_back(c.what);
    result<std::vector<receipt>> got = std::vector<receipt>{};
    const auto one = [&](run_mode mode, std::string_view token) {
      auto r = w_.dir.perform(as, requests[0], mode, token);
      if (!r) return got = r.error(), void();
      got = std::vector{*std::move(r)};
    };
    if (s.way == 3 && commands.size() == 1) { // previewed first
      one(run_mode::preview, {});
      RC_ASSERT(hard::fingerprints(*inner_, tenants_) == prints_);
      if (got) {
        promised = got->front();
        one(run_mode::confirm, *promised->token);
      }
    } else if (commands.size() > 1) {
      got = w_.dir.run_all(as, requests);
    } else {
      one(run_mode::run, {});
    }

    const auto prints = hard::fingerprints(*inner_, tenants_);
    if (expected) {
      RC_ASSERT_FALSE(got.has_value());
      RC_ASSERT(got.error().reason == expected->reason);
      RC_ASSERT(got.error().path == expected->path);
      RC_ASSERT(prints == prints_);
      return;
    }
    if (!got) RC_LOG() << "refused: " << got.error().reason << " at " << got.error().path << "\n";
    RC_ASSERT(got.has_value());
    RC_ASSERT(got->size() == commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) check(at, commands[i], states[i], states[i + 1], (*got)[i]);
    if (promised) {
      promised->token.reset();
      promised->audit_seq = got->front().audit_seq;
      RC_ASSERT(to_json(*promised) == to_json(got->front()));
    }
    m_ = std::move(states.back());
    for (std::size_t t = 0; t < 2; ++t) {
      if (at.kind != place_kind::tenant || t != at.tenant) RC_ASSERT(prints[t + 1] == prints_[t + 1]); // I9
      const auto stored = hard::stored_ledger(*inner_, tenants_[t]);
      RC_ASSERT(hard::flaw_of(stored) == "");
      RC_ASSERT(stored == modelled_ledger(t));
    }
    prints_ = prints;
  }

  /// The receipt says what the model did, no more and no less.
  void check(const place& at, const planned& c, const model& before, const model& after, const receipt& r) {
    const bool changed = !(before == after);
    RC_ASSERT(r.command == c.what.operation->name);
    RC_ASSERT(r.changes.empty() == !changed);
    RC_ASSERT(r.audit_seq.has_value() == changed);
    if (changed) RC_ASSERT(*r.audit_seq == ++entries_[scope_of(at)]);
    // A login that is new, or known to one place more, changes on the platform.
    if (at.kind != place_kind::platform &&
        (after.identities != before.identities || after.people.size() != before.people.size()))
      ++entries_[any_id{w_.dir.platform_id()}];
    // S1.4: only joining, which is about the person as well, moves more than the licence.
    RC_ASSERT(r.untouched.before == r.untouched.after || r.command == "activate_user");
    if (after.people.size() > before.people.size()) user_ids_.push_back(r.created_id<user>());
    if (after.packages.size() > before.packages.size()) package_ids_.push_back(r.created_id<package>());
    if (at.kind != place_kind::tenant) return;

    const auto t = at.tenant;
    std::size_t effects = 0;
    std::int64_t price = 0;
    for (std::size_t p = 0; p < after.packages.size(); ++p) {
      const auto was = before.tenants[t].pools.find(p), is = after.tenants[t].pools.find(p);
      if (is == after.tenants[t].pools.end()) continue;
      const bool made = was == before.tenants[t].pools.end();
      price += (after.taken(t, p) - before.taken(t, p)) * after.packages[p].price;
      if (!made && was->second == is->second && before.taken(t, p, true) == after.taken(t, p, true) &&
          before.taken(t, p, false) == after.taken(t, p, false))
        continue;
      ++effects;
      const auto told = std::ranges::find(r.seats, package_ids_[p], &seat_effect::package_id);
      RC_ASSERT(told != r.seats.end());
      RC_ASSERT(told->purchased_before == (made ? 0 : was->second.purchased));
      RC_ASSERT(told->purchased_after == is->second.purchased);
      RC_ASSERT(told->used_before == before.taken(t, p, false));
      RC_ASSERT(told->used_after == after.taken(t, p, false));
      RC_ASSERT(told->reserved_before == before.taken(t, p, true));
      RC_ASSERT(told->reserved_after == after.taken(t, p, true));
    }
    RC_ASSERT(r.seats.size() == effects);
    std::int64_t told = 0;
    for (const auto& difference : r.price_differences) told += difference.minor;
    RC_ASSERT(told == price);
  }

  [[nodiscard]] hard::ledger modelled_ledger(std::size_t t) const {
    hard::ledger out;
    for (const auto& [p, pool] : m_.tenants[t].pools)
      out.pools[to_text(tenants_[t]) + " " + to_text(package_ids_[p])] = {
          pool.purchased, m_.taken(t, p, false), m_.taken(t, p, true), pool.allow ? "allow" : "block"};
    for (std::size_t i = 0; i < m_.people.size(); ++i) {
      const auto& p = m_.people[i];
      if (p.tenant != t) continue;
      const std::string state = p.invited ? "reserved" : "used", user_text = to_text(user_ids_[i]);
      if (p.base) out.seats[user_text] = {to_text(package_ids_[*p.base]), state};
      for (const auto add_on : p.add_ons)
        out.seats[user_text + " " + to_text(package_ids_[add_on])] = {to_text(package_ids_[add_on]), state};
    }
    return out;
  }

  tally& met_;
  std::shared_ptr<store> inner_;
  world w_;
  model m_{};
  std::array<id_of<tenant>, 2> tenants_{};
  std::vector<id_of<user>> user_ids_{};
  std::vector<id_of<package>> package_ids_{};
  std::map<any_id, std::int64_t> entries_{};
  std::vector<std::uint64_t> prints_{};
};

rc::Gen<std::vector<step>> steps(int longest) {
  const auto below = [](int n) { return rc::gen::inRange(0, n); };
  const auto one = rc::gen::build<step>(rc::gen::set(&step::verb, below(23)), rc::gen::set(&step::who, below(10)),
                                        rc::gen::set(&step::where, below(6)), rc::gen::set(&step::user, below(64)),
                                        rc::gen::set(&step::other, below(64)), rc::gen::set(&step::package, below(32)),
                                        rc::gen::set(&step::number, below(16)), rc::gen::set(&step::way, below(14)));
  // Sizes apart: short sequences shall meet every command as well.
  return rc::gen::resize(longest, rc::gen::container<std::vector<step>>(rc::gen::resize(rc::kNominalSize, one)));
}

/// How many commands; LINECARD_MODEL_COMMANDS asks for more of them, for a night's run.
int commands_wanted() {
  const char* more = std::getenv("LINECARD_MODEL_COMMANDS");
  return std::max(more ? std::atoi(more) : 0, 26'000);
}

/// Several sequences a case rather than several calls of rc::check, which would draw the same cases again.
template <class Open> void play(int wanted, int longest, Open open) {
  constexpr int cases = 100; // rapidcheck's own number
  const int sequences =
      std::max(1, (wanted * 2 + cases * longest - 1) / (cases * longest)); // they are half as long on average
  tally met;
  const bool held = rc::check([&] {
    for (int n = 0; n < sequences; ++n) {
      const auto sequence = *steps(longest);
      duel d(open(), met);
      for (const auto& one : sequence) d.take(one);
      d.finish();
    }
  });
  CHECK(held);
  MESSAGE(wanted << " commands wanted: " << met.size() - 1 << " reasons to refuse met, " << met["accepted"]
                 << " accepted");
  std::string told;
  for (const auto& [reason, count] : met) told += "\n  " + reason + " " + std::to_string(count);
  INFO(told);
  CHECK(met["accepted"] > wanted / 4); // the sequences neither stand still nor pass by a rule
  CHECK(met.size() >= 20);
}

} // namespace

TEST_CASE("I1 I2 I3 I4 I6 I9 I23 S1.6 S1.11 whatever commands come, the directory in memory does what the model does") {
  play(commands_wanted(), 200, [] { return std::shared_ptr<store>(memory_store()); });
}

TEST_CASE("I1 I2 I3 I4 I6 I9 I23 S1.6 S1.11 whatever commands come, the directory on SQLite does what the model does") {
  const contract::folder f;
  int files = 0;
  play(commands_wanted() / 10, 60, [&] {
    const auto path = f.file(std::to_string(++files % 8) + ".db");
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    return std::shared_ptr<store>(contract::open({.path = path, .readers = 1, .synchronous_full = false}));
  });
}

TEST_CASE("B16 I1 I2 I3 I4 I6 I9 I23 S1.6 S1.11 whatever commands come, users in a host's table are as the model's") {
  auto mapping = contract::staff_mapping;
  mapping.reference.clear(); // the model knows of no table to refer to
  std::unique_ptr<contract::host_file> host;
  play(commands_wanted() / 20, 60, [&] {
    host = std::make_unique<contract::host_file>();
    return std::shared_ptr<store>(
        contract::open({.path = host->path, .readers = 1, .synchronous_full = false, .mapped = {mapping}}));
  });
}
