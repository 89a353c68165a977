// The licensing rules said again in plain containers: slow, obvious, sharing no line with the library. A seat's state
// is not stored here at all: a seat of an invited user is reserved, any other is used, and pools count what they hold.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace seat_model {

enum class role { member, administrator, operator_ };
enum class right { people, licences, tenant_setup, platform_setup, container_setup };
enum class place_kind { platform, container, tenant };

struct place {
  place_kind kind{};
  std::size_t tenant{};
};

struct refusal {
  std::string reason{}, path{};
  friend bool operator==(const refusal&, const refusal&) = default;
};
using answer = std::optional<refusal>; ///< nothing: accepted

struct sku {
  std::string name{};
  bool add_on{}, retired{};
  long price{};
  std::string needs{}; ///< a service, or ""
  friend bool operator==(const sku&, const sku&) = default;
};
struct pool {
  int purchased{};
  bool allow{};
  friend bool operator==(const pool&, const pool&) = default;
};
struct person {
  std::size_t tenant{};
  std::string email{};
  role is{};
  bool invited{};
  std::string extension{}, reference{};
  std::optional<std::size_t> base{};
  std::set<std::size_t> add_ons{};
  friend bool operator==(const person&, const person&) = default;
  [[nodiscard]] int seats_of(std::size_t package) const {
    return (base == package) + static_cast<int>(add_ons.count(package));
  }
};
struct tenant {
  std::set<std::size_t> offers{};
  std::set<std::string> services{};
  std::map<std::size_t, pool> pools{};
  friend bool operator==(const tenant&, const tenant&) = default;
};

/// Packages and people are named by position; one past the end is one that does not exist.
struct model {
  std::vector<sku> packages{};
  std::vector<person> people{};
  std::array<tenant, 2> tenants{};
  std::set<std::string> container_names{}, tenant_names{}, identities{};
  friend bool operator==(const model&, const model&) = default;

  [[nodiscard]] bool may(const std::string& email, const place& at, right needed) const {
    if (email == "root@example.com") return true;
    if (at.kind != place_kind::tenant) return false;
    for (const auto& p : people)
      if (p.tenant == at.tenant && p.email == email && !p.invited)
        return p.is == role::operator_ ||
               (p.is == role::administrator && (needed == right::people || needed == right::licences));
    return false;
  }
  [[nodiscard]] int taken(std::size_t t, std::size_t package, bool invited) const {
    int count = 0;
    for (const auto& p : people)
      if (p.tenant == t && p.invited == invited) count += p.seats_of(package);
    return count;
  }
  [[nodiscard]] int taken(std::size_t t, std::size_t package) const {
    return taken(t, package, true) + taken(t, package, false);
  }

  answer put(std::size_t t, person& who, std::size_t package) const {
    const refusal unknown{"package_unknown", "/package_id"};
    if (package >= packages.size()) return unknown;
    if (who.seats_of(package) > 0) return {};
    const auto& s = packages[package];
    const auto& home = tenants[t];
    if (s.retired) return refusal{"package_retired", "/package_id"};
    if (!home.offers.count(package)) return refusal{"package_not_offered", "/package_id"};
    if (!s.needs.empty() && !home.services.count(s.needs)) return refusal{"service_not_enabled", "/package_id"};
    if (!s.add_on && who.base) return refusal{"already_assigned", "/package_id"};
    const auto found = home.pools.find(package);
    if (found == home.pools.end() || (!found->second.allow && taken(t, package) >= found->second.purchased))
      return refusal{"no_seat_left", "/package_id"};
    if (s.add_on)
      who.add_ons.insert(package);
    else
      who.base = package;
    return {};
  }

  [[nodiscard]] bool lives_in(std::size_t t, std::size_t who) const {
    return who < people.size() && people[who].tenant == t;
  }
  answer assign(std::size_t t, std::size_t who, std::size_t package) {
    if (!lives_in(t, who)) return refusal{"user_unknown", "/user_id"};
    return put(t, people[who], package);
  }
  answer change(std::size_t t, std::size_t who, std::size_t package) {
    if (!lives_in(t, who)) return refusal{"user_unknown", "/user_id"};
    auto& p = people[who];
    if (!p.base) return refusal{"unassigned", "/user_id"};
    if (p.base == package) return {};
    if (package < packages.size() && packages[package].add_on) return refusal{"not_a_base_package", "/package_id"};
    const auto before = p;
    p.base.reset();
    const auto no = put(t, p, package);
    if (no) p = before;
    return no;
  }
  answer unassign(std::size_t t, std::size_t who, std::optional<std::size_t> package) {
    if (!lives_in(t, who)) return refusal{"user_unknown", "/user_id"};
    auto& p = people[who];
    if (!package || p.base == package)
      p.base.reset();
    else
      p.add_ons.erase(*package);
    return {};
  }

  answer offer(std::size_t t, std::size_t package) {
    if (package >= packages.size()) return refusal{"package_unknown", "/package_id"};
    if (tenants[t].offers.count(package)) return {};
    if (packages[package].retired) return refusal{"package_retired", "/package_id"};
    tenants[t].offers.insert(package);
    return {};
  }
  answer set_pool(std::size_t t, std::size_t package, int purchased, bool allow) {
    if (package >= packages.size()) return refusal{"package_unknown", "/package_id"};
    auto& home = tenants[t];
    if (!home.pools.count(package) && !home.offers.count(package)) return refusal{"package_not_offered", "/package_id"};
    if (!allow && purchased < taken(t, package)) return refusal{"below_use", "/purchased"};
    home.pools[package] = {purchased, allow};
    return {};
  }
  answer retire(std::size_t package) {
    if (package >= packages.size()) return refusal{"package_unknown", "/package_id"};
    packages[package].retired = true;
    return {};
  }
  answer define(const sku& s) {
    for (const auto& known : packages)
      if (known.name == s.name) return refusal{"name_taken", "/name"};
    packages.push_back(s);
    return {};
  }
  answer come_in(std::size_t t, person who, std::optional<std::size_t> package) {
    for (const auto& p : people)
      if (p.tenant == t && p.email == who.email) return refusal{"already_a_user", "/email"};
    for (const auto& p : people)
      if (p.tenant == t && !who.reference.empty() && p.reference == who.reference)
        return refusal{"external_ref_taken", "/external_ref"};
    for (const auto& p : people)
      if (p.tenant == t && !who.extension.empty() && p.extension == who.extension)
        return refusal{"extension_taken", "/extension"};
    if (who.is == role::operator_) return refusal{"role_unknown", "/role"};
    who.tenant = t;
    if (package)
      if (auto no = put(t, who, *package)) return no;
    identities.insert(who.email);
    people.push_back(std::move(who));
    return {};
  }
  answer activate(std::size_t t, std::size_t who) {
    if (!lives_in(t, who)) return refusal{"user_unknown", "/user_id"};
    if (!people[who].invited) return refusal{"not_invited", "/user_id"};
    people[who].invited = false;
    return {};
  }
};

} // namespace seat_model
