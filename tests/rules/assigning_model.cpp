// Assignment rules against a twin in plain containers: random joins, team roles, rules, moves by hand, departures and
// retries, and after each what everybody holds, what became of the rule, and what the pools count.
#include <linecard/rules/assigning.hpp>

#include "rules/lines_kit.hpp"
#include "sanitized.hpp"

#include <random>

using namespace kit;

namespace {

enum class standing { invited, active, suspended, deleted };

/// Packages by position: 0 and 1 are base packages.
struct twin {
  struct outcome {
    std::string role{};
    int wanted{};
    std::string became{}; ///< "assigned", "conflict assigned_by_hand"...
    friend bool operator==(const outcome&, const outcome&) = default;
  };
  struct person {
    standing is{};
    bool has_role{}, was_invited{}; ///< was_invited: before being suspended
    std::string role{};
    std::optional<int> holds{};
    bool by_rule{};
    std::optional<outcome> of_rule{};
  };
  std::vector<person> people{};
  std::map<std::string, int> rules{};
  std::array<int, 2> purchased{3, 3};
  std::array<bool, 2> offered{true, true};
  bool frees_suspended{};

  [[nodiscard]] static bool reserves(const person& p) {
    return p.is == standing::invited || (p.is == standing::suspended && p.was_invited);
  }
  /// Used, or reserved, seats of a package.
  [[nodiscard]] int taken(int package, bool reserved) const {
    int count = 0;
    for (const auto& p : people) count += p.holds == package && reserves(p) == reserved;
    return count;
  }
  [[nodiscard]] std::string why_not(int package) const {
    if (!offered[static_cast<std::size_t>(package)]) return "package_not_offered";
    const auto all = taken(package, false) + taken(package, true);
    return all < purchased[static_cast<std::size_t>(package)] ? "" : "no_seat_left";
  }

  void follow(person& p, bool named = false) {
    if (!p.has_role || p.is == standing::invited || p.is == standing::deleted || p.was_invited) return;
    const auto rule = rules.find(p.role);
    if (rule == rules.end()) {
      p.by_rule = false;
      p.of_rule.reset();
      return;
    }
    const int wanted = rule->second;
    const bool took_it_by_hand = !p.holds && p.of_rule && !p.of_rule->became.starts_with("failed");
    outcome now{p.role, wanted, "assigned"};
    if (p.holds != wanted) {
      if (p.holds && !p.by_rule)
        now.became = "conflict assigned_by_hand";
      else if (took_it_by_hand && !named)
        now.became = "conflict unassigned_by_hand";
      else if (!p.holds && p.is == standing::suspended)
        now.became = "failed user_suspended";
      else if (const auto why = why_not(wanted); !why.empty())
        now.became = "failed " + why;
      else
        p.holds = wanted, p.by_rule = true;
    }
    p.of_rule = now;
  }
  static void moved_by_hand(person& p, std::optional<int> to) {
    const bool ruled = p.by_rule;
    p.holds = to;
    p.by_rule = false;
    if (!ruled) return; // nobody looks
    p.of_rule->became = to == p.of_rule->wanted ? "assigned"
                        : to                    ? "conflict assigned_by_hand"
                                                : "conflict unassigned_by_hand";
  }
  void set_rule(const std::string& role, int package) {
    if (!offered[static_cast<std::size_t>(package)]) return;
    if (const auto known = rules.find(role); known != rules.end() && known->second == package) return;
    rules[role] = package;
    for (auto& p : people)
      if (p.role == role) follow(p);
  }
  void remove_rule(const std::string& role) {
    if (rules.erase(role) == 0) return;
    for (auto& p : people)
      if (p.role == role) follow(p);
  }
  static void leave(person& p) {
    p.is = standing::deleted;
    p.was_invited = false;
    p.holds.reset();
    p.by_rule = false;
    p.of_rule.reset();
  }
};

class play {
public:
  play(std::shared_ptr<store> on, unsigned seed) : w_(std::move(on)), chance_(seed), package_{w_.basic, w_.plus} {}

  void step() {
    w_.pass(1000);
    act();
    agree();
  }

private:
  unsigned below(unsigned n) { return static_cast<unsigned>(chance_() % n); }
  std::string role() { return std::array{"agent", "lead", "cook"}[below(3)]; }
  std::optional<int> maybe() { return below(3) ? std::nullopt : std::optional(static_cast<int>(below(2))); }
  id_of<package> sku(int which) { return package_[static_cast<std::size_t>(which)]; }
  template <class C> bool run(const C& c, bool at_tenant = false) {
    return carry_out(w_.dir, at_tenant ? w_.at_tenant : w_.admin, request_of(c)).has_value();
  }

  void come_in(standing as) {
    const auto wanted = maybe();
    const auto given = wanted ? std::optional(sku(*wanted)) : std::nullopt;
    const auto email = "p" + std::to_string(ids_.size()) + "@acme.example";
    twin::person who{.is = as, .role = as == standing::active ? role() : ""};
    const auto done =
        as == standing::active
            ? w_.dir.run(
                  w_.admin,
                  adopt_user{
                      .first_name = "A", .last_name = "B", .email = email, .package_id = given, .team_role = who.role})
            : w_.dir.run(w_.admin, add_user{.first_name = "A", .last_name = "B", .email = email, .package_id = given});
    const bool fits = !wanted || twin_.why_not(*wanted).empty();
    REQUIRE(done.has_value() == fits);
    if (!fits) return;
    who.holds = wanted;
    who.has_role = as == standing::active;
    twin_.follow(twin_.people.emplace_back(who));
    ids_.push_back(done->created_id<user>());
  }

  void act() {
    if (ids_.size() < 4 || (ids_.size() < 14 && below(8) == 0))
      return come_in(below(3) ? standing::active : standing::invited);
    const auto n = below(static_cast<unsigned>(ids_.size()));
    auto& who = twin_.people[n];
    const auto id = ids_[n];
    const bool there = who.is != standing::deleted;
    const auto package = static_cast<int>(below(2));
    switch (below(14)) {
    case 0: {
      const auto to = role();
      twin_.set_rule(to, package);
      run(set_assignment_rule{to, sku(package)});
      break;
    }
    case 1: {
      const auto of = role();
      if (below(3)) break;
      twin_.remove_rule(of);
      run(remove_assignment_rule{of});
      break;
    }
    case 2: {
      const auto to = role();
      if (run(edit_user{.user_id = id, .team_role = to}) && who.role != to) {
        who.role = to;
        twin_.follow(who);
      }
      break;
    }
    case 3: {
      const auto to = below(2) ? std::optional(role()) : std::nullopt;
      if (!run(activate_user{.user_id = id, .team_role = to})) break;
      REQUIRE(who.is == standing::invited);
      who.is = standing::active;
      who.role = to ? *to : who.has_role ? who.role : "member";
      who.has_role = true;
      twin_.follow(who);
      break;
    }
    case 4:
      if (there && !who.holds && twin_.why_not(package).empty()) who.holds = package;
      run(assign_package{id, sku(package)});
      break;
    case 5:
      if (there && who.holds && who.holds != package && twin_.why_not(package).empty())
        twin::moved_by_hand(who, package);
      run(change_package{id, sku(package)});
      break;
    case 6:
      if (there && who.holds) twin::moved_by_hand(who, std::nullopt);
      run(unassign_packages{{id}, std::nullopt});
      break;
    case 7:
      if (run(delete_user{.user_id = id})) twin::leave(who);
      break;
    case 8:
      if (run(restore_user{.user_id = id})) who.is = standing::invited;
      break;
    case 9:
      if (!there || who.is == standing::suspended || !run(suspend_user{id})) break;
      who.was_invited = who.is == standing::invited;
      who.is = standing::suspended;
      if (!twin_.frees_suspended) break;
      if (who.of_rule && who.holds) who.of_rule->became = "failed user_suspended";
      who.holds.reset();
      who.by_rule = false;
      break;
    case 10:
      if (!run(resume_user{id})) break;
      who.is = who.was_invited ? standing::invited : standing::active;
      who.was_invited = false;
      twin_.follow(who);
      break;
    case 11:
      if (run(retry_assignments{{id}})) twin_.follow(who, true);
      break;
    case 12: {
      for (auto& p : oldest_failed()) twin_.follow(*p);
      run(retry_failed_assignments{});
      break;
    }
    default:
      circumstances(package);
    }
  }
  void circumstances(int package) {
    const auto at = static_cast<std::size_t>(package);
    switch (below(3)) {
    case 0: {
      const auto purchased = static_cast<int>(below(7));
      if (run(set_seat_pool{.package_id = sku(package), .purchased = purchased}, true)) twin_.purchased[at] = purchased;
      break;
    }
    case 1:
      twin_.offered[at] = !twin_.offered[at];
      if (twin_.offered[at])
        run(offer_package{sku(package)}, true);
      else
        run(withdraw_package{sku(package)}, true);
      break;
    default:
      twin_.frees_suspended = !twin_.frees_suspended;
      run(set_tenant_policy{.suspended_seats = twin_.frees_suspended ? suspended_seats::free : suspended_seats::keep});
    }
  }
  /// In the order of their last try, as the library tells it: seats may not do for all.
  std::vector<twin::person*> oldest_failed() {
    auto rows = must(w_.dir.ask(w_.admin, assignments{.state = assignment_state::failed})).assignments;
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair{row.tried_at, row.user_id}; });
    std::vector<twin::person*> found;
    for (const auto& row : rows)
      found.push_back(&twin_.people[static_cast<std::size_t>(std::ranges::find(ids_, row.user_id) - ids_.begin())]);
    return found;
  }

  void agree() {
    std::map<id_of<user>, seat> seats;
    for (const auto& held : w_.all<seat>()) seats.emplace(held.user_id, held);
    std::map<id_of<user>, assignment> outcomes;
    for (const auto& outcome : w_.all<assignment>()) outcomes.emplace(outcome.user_id, outcome);
    std::size_t ruled = 0;
    for (std::size_t n = 0; n < ids_.size(); ++n) {
      const auto& who = twin_.people[n];
      const auto held = seats.find(ids_[n]);
      CAPTURE(n);
      REQUIRE((held != seats.end()) == who.holds.has_value());
      if (who.holds) {
        CHECK(held->second.package_id == sku(*who.holds));
        CHECK(held->second.by_rule == who.by_rule);
        CHECK((held->second.state == seat_state::reserved) == twin::reserves(who));
      }
      const auto outcome = outcomes.find(ids_[n]);
      REQUIRE((outcome != outcomes.end()) == who.of_rule.has_value());
      if (!who.of_rule) continue;
      ++ruled;
      const auto& row = outcome->second;
      const auto became = std::string(word(row.state)) + (row.reason.empty() ? "" : " ") + row.reason;
      CHECK(twin::outcome{row.team_role, row.package_id == w_.plus, became} == *who.of_rule);
    }
    CHECK(outcomes.size() == ruled);
    CHECK(seats.size() == static_cast<std::size_t>(twin_.taken(0, false) + twin_.taken(0, true) +
                                                   twin_.taken(1, false) + twin_.taken(1, true)));
    for (const int which : {0, 1}) { // I2
      const auto pool = w_.pool(sku(which));
      CHECK(pool.used == twin_.taken(which, false));
      CHECK(pool.reserved == twin_.taken(which, true));
    }
  }

  postal_world w_;
  std::mt19937_64 chance_;
  std::array<id_of<package>, 2> package_;
  twin twin_{};
  std::vector<id_of<user>> ids_{};
};

constexpr int games = LINECARD_SANITIZED ? 8 : 40, steps = 250;

} // namespace

TEST_CASE("B13 I2 S1.5 whatever comes, everybody holds what rules and hands say, as a slow twin has it") {
  for (int seed = 1; seed <= games; ++seed) {
    CAPTURE(seed);
    play game(std::shared_ptr<store>(memory_store()), static_cast<unsigned>(seed));
    for (int n = 0; n < steps; ++n) {
      CAPTURE(n);
      game.step();
    }
  }
}
TEST_CASE("on SQLite: B13 I2 S1.5 whatever comes, everybody holds what rules and hands say, as a slow twin has it") {
  play game(std::shared_ptr<store>(fresh_store(store_kind::sqlite)), 77);
  for (int n = 0; n < steps; ++n) game.step();
}
