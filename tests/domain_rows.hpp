// The rows of a directory read straight from its store, and what must hold between them after every command, counted
// anew each time and sharing no line with the rules.
#pragma once

#include "directory/tools.hpp"
#include "kit.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace domain {

using namespace kit;

struct rows {
  std::map<id_of<tenant>, tenant> tenants{};
  std::map<id_of<identity>, identity> logins{};
  std::map<id_of<user>, user> users{};
  std::map<id_of<user>, team_member> members{};
  std::map<id_of<user>, departure> departures{};
  std::vector<delegate> delegates{};
  std::vector<grant> grants{};
  std::vector<held_flag> flags{};
  std::vector<seat_pool> pools{};
  std::vector<seat> seats{};
  std::vector<extension> extensions{};
  std::map<id_of<tenant>, number_range> ranges{};
  std::map<id_of<tenant>, subscription> terms{};
  std::vector<did> dids{};
  std::map<std::string, did_claim> claims{};
  std::vector<device> devices{};
  std::vector<errand> errands{};
  std::map<id_of<replacement>, replacement> replacements{};
  std::vector<replaced_item> items{};
  std::set<std::pair<attribute_owner, std::string>> declared{};
  std::vector<attribute_value> values{};
  std::vector<audit_value> audited{}; ///< those not erased
  std::map<std::pair<id_of<tenant>, std::string>, assignment_rule> rules{};
  std::map<id_of<user>, assignment> outcomes{};
  std::map<id_of<user>, activity> activities{};

  /// Reading the audit as well takes its time.
  explicit rows(store& in, bool with_audit = false) {
    keyed(in, tenants, &tenant::id);
    keyed(in, logins, &identity::id);
    keyed(in, users, &user::id);
    keyed(in, members, &team_member::user_id);
    keyed(in, departures, &departure::user_id);
    keyed(in, ranges, &number_range::tenant_id);
    keyed(in, terms, &subscription::tenant_id);
    keyed(in, claims, &did_claim::number);
    keyed(in, replacements, &replacement::id);
    keyed(in, outcomes, &assignment::user_id);
    keyed(in, activities, &activity::user_id);
    all(in, delegates), all(in, grants), all(in, flags), all(in, pools), all(in, seats), all(in, extensions);
    all(in, dids), all(in, devices), all(in, errands), all(in, items), all(in, values);
    if (with_audit)
      hard::each<audit_value>(in, [&](const audit_value& v) {
        if (v.salt || v.personal_value) audited.push_back(v);
      });
    hard::each<assignment_rule>(in, [&](const assignment_rule& r) { rules.insert({{r.tenant_id, r.team_role}, r}); });
    hard::each<attribute>(in, [&](const attribute& a) { declared.emplace(a.owner, a.name); });
  }

  [[nodiscard]] const user* living(id_of<user> id) const {
    const auto it = users.find(id);
    return it != users.end() && it->second.state != user_state::deleted ? &it->second : nullptr;
  }
  [[nodiscard]] bool has_line(id_of<user> id) const { return living(id) && members.contains(id); }

private:
  template <class K, class T> static void keyed(store& in, std::map<K, T>& into, K T::*key) {
    hard::each<T>(in, [&](const T& row) { into.emplace(row.*key, row); });
  }
  template <class T> static void all(store& in, std::vector<T>& into) {
    hard::each<T>(in, [&](const T& row) { into.push_back(row); });
  }
};

/// In minor units a month.
struct price {
  std::int64_t seat{}, number{}, numbers{}; ///< numbers: included
};
using price_table = std::map<id_of<package>, price>;

/// What the tenant's next statement is, seat by seat and number by number.
inline std::int64_t owed(const rows& r, id_of<tenant> where, const price_table& prices) {
  std::int64_t sum = 0;
  for (const auto& pool : r.pools) {
    if (pool.tenant_id != where) continue;
    std::int64_t charged = 0;
    const auto held = std::ranges::count_if(
        r.seats, [&](const seat& s) { return s.tenant_id == where && s.package_id == pool.package_id; });
    for (std::int64_t n = 1; n <= std::max<std::int64_t>(held, pool.purchased); ++n) {
      const bool is_bought = n <= pool.purchased, is_held = n <= held;
      if (is_bought ? is_held || pool.charging == seat_charging::purchased : pool.overage == overage_policy::allow)
        ++charged;
    }
    if (charged > pool.included) sum += (charged - pool.included) * prices.at(pool.package_id).seat;
  }
  std::map<id_of<user>, std::int64_t> left; // numbers that cost nothing
  for (const auto& s : r.seats) left[s.user_id] += prices.at(s.package_id).numbers;
  for (const auto& number : r.dids) {
    if (number.tenant_id != where) continue;
    const auto base = std::ranges::find_if(
        r.seats, [&](const seat& s) { return number.user_id == s.user_id && s.slot == base_slot; });
    if (number.user_id && left[*number.user_id]-- > 0) continue;
    sum += base == r.seats.end() ? r.terms.at(where).number_price_minor : prices.at(base->package_id).number;
  }
  return sum;
}

/// Everything that is wrong, in words; empty when nothing is.
class inspector {
public:
  explicit inspector(const rows& r) : r_(r) {}

  std::vector<std::string> found() {
    seats(), rules(), people(), administrators(), extensions(), numbers(), belongings(), memories();
    return std::move(wrong_);
  }

private:
  void hold(bool right, const std::string& sentence) {
    if (!right) wrong_.push_back(sentence);
  }

  void seats() { // I1-I4
    for (const auto& pool : r_.pools) {
      const auto held = [&](seat_state state) {
        return std::ranges::count_if(r_.seats, [&](const seat& s) {
          return s.tenant_id == pool.tenant_id && s.package_id == pool.package_id && s.state == state;
        });
      };
      hold(pool.used == held(seat_state::used), "a pool counts as used what is not");
      hold(pool.reserved == held(seat_state::reserved), "a pool counts as reserved what is not");
      hold(pool.overage != overage_policy::block || pool.used + pool.reserved <= pool.purchased, "oversold");
      hold(pool.overage != overage_policy::grace ||
               pool.used + pool.reserved <=
                   pool.purchased + pool.grace_seats + pool.purchased * pool.grace_percent / 100,
           "more than tolerated");
    }
    for (const auto& s : r_.seats) {
      const auto* holder = r_.living(s.user_id);
      hold(holder && holder->tenant_id == s.tenant_id, "a seat of nobody in the tenant");
      if (!holder) continue;
      const bool waits = holder->state == user_state::invited || holder->returns_to == user_state::invited;
      hold((s.state == seat_state::reserved) == waits, "a seat reserved by who has joined, or used by who has not");
    }
  }

  /// The rule that concerns a user: of the team role, once the user has joined.
  [[nodiscard]] const assignment_rule* rule_for(id_of<user> id) const {
    const auto* who = r_.living(id);
    const auto member = r_.members.find(id);
    if (!who || who->state == user_state::invited || who->returns_to == user_state::invited) return nullptr;
    if (member == r_.members.end()) return nullptr;
    const auto it = r_.rules.find({who->tenant_id, member->second.team_role});
    return it == r_.rules.end() ? nullptr : &it->second;
  }
  void rules() { // B13
    for (const auto& [id, outcome] : r_.outcomes) {
      const auto* rule = rule_for(id);
      hold(rule && rule->team_role == outcome.team_role && rule->package_id == outcome.package_id,
           "an outcome of no rule that concerns the user");
    }
    for (const auto& [id, u] : r_.users)
      hold(!rule_for(id) || r_.outcomes.contains(id), "a rule without an outcome for somebody it concerns");
    for (const auto& s : r_.seats)
      if (s.by_rule) {
        const auto outcome = r_.outcomes.find(s.user_id);
        hold(s.slot == base_slot && outcome != r_.outcomes.end(), "a seat given by a rule that is none");
        if (outcome == r_.outcomes.end()) continue;
        hold(outcome->second.state != assignment_state::conflict, "a seat given by a rule against somebody's hand");
      }
    for (const auto& [id, seen] : r_.activities) hold(r_.users.contains(id), "activity of somebody erased");
  }

  void people() {
    std::map<id_of<identity>, int> places, restorable;
    for (const auto& [id, u] : r_.users) {
      const bool gone = u.state == user_state::deleted;
      hold(u.member_id.has_value() != gone, "a deleted user is a member, or another is none");
      hold(u.returns_to.has_value() == (u.state == user_state::suspended), "only the suspended return to a state");
      if (!gone) ++places[u.identity_id];
      const auto* login = r_.logins.contains(u.identity_id) ? &r_.logins.at(u.identity_id) : nullptr;
      hold(login != nullptr, "a user of no login");
      if (u.state == user_state::active) hold(r_.members.contains(id), "an active user without telephone side");
      // Somebody deleted stays exactly as long as there is a way back.
      hold(!gone || r_.departures.contains(id), "somebody deleted for good is still known");
    }
    for (const auto& d : r_.delegates)
      if (d.state != delegate_state::removed) ++places[d.identity_id];
    for (const auto& [id, gone] : r_.departures) {
      const auto it = r_.users.find(id);
      hold(it != r_.users.end() && it->second.state == user_state::deleted, "a departure of who is there");
      if (it != r_.users.end()) ++restorable[it->second.identity_id];
    }
    for (const auto& [id, login] : r_.logins) {
      hold(login.places == places[id], "a login counts places where it has none");
      hold(login.restorable == restorable[id], "a login counts users who cannot come back");
    }
    for (const auto& g : r_.grants)
      if (const auto holder = narrow<user>(g.holder_id)) hold(r_.living(holder), "a grant outlived its user");
    for (const auto& f : r_.flags)
      if (const auto holder = narrow<user>(f.holder_id)) hold(r_.living(holder), "a flag outlived its user");
  }

  void administrators() { // I13
    std::map<id_of<tenant>, int> count;
    for (const auto& g : r_.grants) {
      const auto* holder = r_.living(narrow<user>(g.holder_id));
      if (holder && any_id{holder->tenant_id} == g.scope_id && !g.starts_at && !g.ends_at &&
          g.role_id == role_id_of(built_in_role::administrator) && holder->state != user_state::suspended)
        ++count[holder->tenant_id];
    }
    for (const auto& [id, t] : r_.tenants) {
      hold(t.administrators == count[id], "a tenant counts administrators it has not");
      hold(count[id] > 0, "a tenant without administrator");
    }
  }

  void extensions() { // I25: unique by key
    std::map<id_of<tenant>, std::set<std::string>> taken;
    for (const auto& e : r_.extensions) {
      const auto* holder = r_.living(e.user_id);
      hold(holder && holder->tenant_id == e.tenant_id, "an extension of nobody in the tenant");
      taken[e.tenant_id].insert(e.number);
    }
    for (const auto& [id, range] : r_.ranges) {
      std::optional<std::string> lowest;
      for (auto n = std::stoi(range.last); n >= std::stoi(range.first); --n)
        if (!taken[id].contains(std::to_string(n))) lowest = std::to_string(n);
      hold(range.lowest_free == lowest, "a range offers what is taken, or not the lowest");
    }
  }

  void numbers() { // I25, B7
    std::set<std::pair<id_of<tenant>, std::string>> orders;
    for (const auto& d : r_.dids) {
      const auto claim = r_.claims.find(d.number);
      hold(claim != r_.claims.end() && claim->second.tenant_id == d.tenant_id,
           "a number in an inventory that is not its");
      hold(d.user_id.has_value() == (d.use == did_use::direct), "a direct number of nobody, or another's");
      hold(!d.e911 || d.use != did_use::unassigned, "emergency calls from a number that nobody has");
      if (d.order_key) orders.emplace(d.tenant_id, *d.order_key);
      if (!d.user_id) continue;
      const auto* holder = r_.living(*d.user_id);
      hold(holder && holder->tenant_id == d.tenant_id, "a direct number of nobody in the tenant");
      const auto member = r_.members.find(*d.user_id);
      hold(member == r_.members.end() || member->second.forwarding_number != d.number, "calls go round in a circle");
    }
    hold(r_.claims.size() == r_.dids.size(), "a number claimed by a tenant that has it not");
    for (const auto& e : r_.errands)
      if (e.kind == errand_kind::order_number)
        hold(!orders.contains({e.tenant_id, e.errand_key}), "a number is asked for that has come");
      else
        hold(!r_.living(e.user_id), "messages of who is there are to be handed over");
  }

  void memories() { // I21: what is known of the erased, beside the chain
    for (const auto& v : r_.audited)
      if (const auto whose = narrow<user>(v.subject_id))
        hold(r_.users.contains(whose), "the audit still knows what is personal to somebody erased");
      else if (const auto login = narrow<identity>(v.subject_id); login && r_.logins.contains(login))
        hold(r_.logins.at(login).state != identity_state::deleted, "the audit still knows a deleted login's address");
  }

  void belongings() {
    std::set<std::pair<id_of<tenant>, std::string>> macs;
    for (const auto& d : r_.devices) {
      hold(r_.members.contains(d.user_id), "a device of nobody");
      if (d.mac) hold(macs.emplace(d.tenant_id, *d.mac).second, "one hardware address twice in a tenant");
    }
    for (const auto& [id, m] : r_.members) hold(r_.users.contains(id), "a telephone side of nobody");
    for (const auto& item : r_.items) hold(r_.replacements.contains(item.replacement_id), "replaced by nobody");
    for (const auto& v : r_.values) {
      hold(r_.declared.contains({v.owner, v.name}), "a field that nobody declared");
      if (v.user_id) hold(r_.users.contains(*v.user_id), "a field about somebody erased");
      hold(v.user_id || v.owner != attribute_owner::user, "a user's field about nobody");
      if (v.owner == attribute_owner::did && v.user_id)
        hold(std::ranges::any_of(r_.dids, [&](const did& d) { return d.number == v.subject && d.user_id; }),
             "what was said of a number as a user's outlived that");
      if (v.owner == attribute_owner::did) hold(r_.claims.contains(v.subject), "a field of a number that is gone");
    }
  }

  const rows& r_;
  std::vector<std::string> wrong_{};
};

} // namespace domain
