// The slow, obvious twin of rules/authorize.hpp: words in sets, loops over everything, no number and no mask. It was
// written from behaviours.md, not from the rule, and restates the built-in roles by name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace oracle {

using names = std::set<std::string>;

struct role {
  names plain{}, restricted{};
};

/// Scopes are paths: "", "c1", "c1/t1". The platform is above everything, a container above its tenants.
inline bool at_or_above(const std::string& upper, const std::string& lower) {
  return upper.empty() || upper == lower || lower.starts_with(upper + "/");
}

struct grant {
  std::string scope{}, role{};
  std::optional<std::int64_t> from{}, until{};
};
struct flag {
  std::string scope{}, name{};
};
enum class place { nowhere, user, user_not_active, delegate_pending, delegate_active, delegate_gone };
struct delegation {
  std::optional<std::int64_t> ends{}, lapses{};
  int acknowledged = 1;
};
struct person {
  bool active = true;
  std::vector<grant> grants{};
  std::vector<flag> flags{};
  std::map<std::string, place> places{};           ///< by tenant
  std::map<std::string, delegation> delegations{}; ///< by tenant
};
struct world {
  std::map<std::string, role> roles{};
  int least_acknowledged = 1;
};

inline std::map<std::string, role> built_in_roles() {
  const names everything{"container.manage",    "tenant.manage",     "package.manage",    "service.manage",
                         "offer.manage",        "seat_pool.manage",  "user.manage",       "license.view",
                         "license.assign",      "audit.view",        "identity.manage",   "owner.replace",
                         "role.manage",         "grant.manage",      "authority.view",    "permission.register",
                         "notice.publish",      "delegate.manage",   "ucp_box.manage",    "answering_service.manage",
                         "advanced_panel.view", "api_key.view",      "company.configure", "number.configure",
                         "billing.manage",      "control_panel.use", "e911.manage",       "international.manage",
                         "number.provision",    "attribute.declare", "activity.report"};
  const names administrator{"user.manage",      "license.view",      "license.assign",   "audit.view",
                            "role.manage",      "grant.manage",      "authority.view",   "notice.publish",
                            "delegate.manage",  "company.configure", "number.configure", "billing.manage",
                            "control_panel.use"};
  auto support = administrator;
  support.insert({"identity.manage", "owner.replace", "seat_pool.manage"});
  auto container = administrator;
  container.erase("user.manage"); // restricted there: S5.9
  container.insert({"tenant.manage", "service.manage", "offer.manage", "seat_pool.manage", "ucp_box.manage",
                    "answering_service.manage", "number.provision", "activity.report"});
  return {{"operator", {everything, {}}},
          {"support", {support, {"e911.manage", "international.manage"}}},
          {"container", {container, {"user.manage", "e911.manage", "international.manage"}}},
          {"container_advanced", {{"advanced_panel.view", "api_key.view"}, {}}},
          {"tenant",
           {{"license.view", "company.configure", "number.configure", "control_panel.use"},
            {"e911.manage", "international.manage"}}},
          {"administrator", {administrator, {"e911.manage", "international.manage"}}},
          {"delegate", {{"license.view", "company.configure", "number.configure", "control_panel.use"}, {}}},
          {"member", {}}};
}

inline std::string flag_for(const std::string& permission) {
  if (permission == "user.manage") return "manage_users";
  if (permission == "e911.manage") return "manage_e911";
  if (permission == "international.manage") return "manage_international";
  return "";
}

inline bool holds_flag(const person& who, const std::string& flag, const std::string& scope) {
  for (const auto& f : who.flags)
    if (f.name == flag && at_or_above(f.scope, scope)) return true;
  return false;
}

inline bool delegation_stands(const world& w, const delegation& d, std::int64_t now) {
  if (d.ends && *d.ends <= now) return false;
  if (d.lapses && *d.lapses <= now) return false;
  return d.acknowledged >= w.least_acknowledged;
}

inline bool allowed(const world& w, const person& who, const std::string& permission, const std::string& scope,
                    std::int64_t now) {
  static const names kept_from_delegates{"user.manage",     "delegate.manage", "role.manage",    "grant.manage",
                                         "identity.manage", "owner.replace",   "notice.publish", "permission.register"};
  if (!who.active) return false;
  for (const auto& g : who.grants) {
    if (!at_or_above(g.scope, scope)) continue;
    if (g.from && now < *g.from) continue;
    if (g.until && now >= *g.until) continue;
    const auto& role = w.roles.at(g.role);
    const bool by_flag = role.restricted.contains(permission) && holds_flag(who, flag_for(permission), scope);
    if (!role.plain.contains(permission) && !by_flag) continue;
    if (g.scope.find('/') == std::string::npos) return true; // from above the tenant: no membership asked
    const auto found = who.places.find(g.scope);
    const auto is = found == who.places.end() ? place::nowhere : found->second;
    if (is == place::user) return true;
    if (is == place::delegate_active && delegation_stands(w, who.delegations.at(g.scope), now) &&
        !kept_from_delegates.contains(permission))
      return true;
  }
  return false;
}

} // namespace oracle
