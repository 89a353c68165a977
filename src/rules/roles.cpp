#include <linecard/rules/roles.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/text/fold.hpp>

namespace linecard {

namespace {

using enum permission;

constexpr permission_set administrators{user_manage,      license_view,      license_assign,   audit_view,
                                        role_manage,      grant_manage,      authority_view,   notice_publish,
                                        delegate_manage,  company_configure, number_configure, billing_manage,
                                        control_panel_use};

/// The host's included, registered or not yet.
constexpr permission_set everything = [] {
  permission_set all{};
  for (std::size_t n = 1; n < most_permissions; ++n) all.add(static_cast<permission>(n));
  all.remove(anybody); // needs no role
  return all;
}();

constexpr permission_set calling_flags{e911_manage, international_manage};

constexpr built_in_role_info roles[] = {
    {.name = "operator", .at = scope_level::platform, .powers = {.plain = everything}},
    {.name = "support",
     .at = scope_level::platform,
     .powers = {.plain = administrators | permission_set{identity_manage, owner_replace, seat_pool_manage},
                .restricted = calling_flags}},
    {.name = "container",
     .at = scope_level::container,
     .powers = {.plain = (administrators - permission_set{user_manage}) |
                         permission_set{tenant_manage, service_manage, offer_manage, seat_pool_manage, ucp_box_manage,
                                        answering_service_manage, number_provision, activity_report},
                .restricted = restrictable}},
    {.name = "container_advanced",
     .at = scope_level::container,
     .powers = {.plain = {advanced_panel_view, api_key_view}}},
    {.name = "tenant",
     .at = scope_level::tenant,
     .powers = {.plain = {license_view, company_configure, number_configure, control_panel_use},
                .restricted = calling_flags}},
    {.name = "administrator",
     .at = scope_level::tenant,
     .powers = {.plain = administrators, .restricted = calling_flags}},
    {.name = "delegate",
     .at = scope_level::tenant,
     .powers = {.plain = {license_view, company_configure, number_configure, control_panel_use}}},
    {.name = "member", .at = scope_level::tenant, .powers = {}},
};

/// Adds one list of names to a set of powers.
refusal read_names(snapshot& facts, const std::vector<std::string>& names, const std::string& path, bool restricted,
                   role_powers& into) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = path + "/" + std::to_string(i);
    const auto p = permission_named(facts, names[i]);
    if (p == permission::nobody)
      return refuse(status::not_found, "permission_unknown", at,
                    "there is no permission \"" + names[i] + "\"; the query permissions lists them");
    if ((into.plain | into.restricted).has(p))
      return refuse(status::invalid, "permission_repeated", at, "\"" + names[i] + "\" stands twice");
    if (restricted && !restrictable.has(p))
      return refuse(status::invalid, "not_restrictable", at,
                    "no flag guards \"" + names[i] + "\"; user.manage, e911.manage and international.manage have one");
    (restricted ? into.restricted : into.plain).add(p);
  }
  return std::nullopt;
}

} // namespace

std::span<const built_in_role_info> built_in_roles() { return roles; }

const built_in_role_info* built_in(id_of<role> id) {
  const auto stamp = id.value & ((std::uint64_t{1} << id_stamp_bits) - 1);
  return stamp >= 1 && stamp <= std::size(roles) ? &roles[stamp - 1] : nullptr;
}

role_powers powers_of(snapshot& facts, id_of<role> id) {
  if (const auto* known = built_in(id)) return known->powers;
  role_powers powers;
  for (const auto& held : facts.list<&role_permission::role_id>(id))
    if (const auto p = permission_named(facts, held->permission); p != nobody)
      (held->restricted ? powers.restricted : powers.plain).add(p);
  return powers;
}

std::string role_name(snapshot& facts, id_of<role> id) {
  if (const auto* known = built_in(id)) return std::string(known->name);
  const auto found = facts.find<&role::id>(id);
  return found ? found->name : to_text(id);
}

refusal find_role(snapshot& facts, const scope& in, std::string_view name, std::string_view path, id_of<role>& into) {
  std::string accepted;
  const auto offer = [&](std::string_view other) { accepted += (accepted.empty() ? "" : ", ") + std::string(other); };
  for (std::size_t n = 0; n < std::size(roles); ++n)
    if (roles[n].at == level_of(in)) {
      if (roles[n].name == name) return into = role_id_of(static_cast<built_in_role>(n)), std::nullopt;
      offer(roles[n].name);
    }
  for (const auto scope_id : in.upwards()) {
    if (!scope_id) continue;
    if (const auto found = facts.find<&role::scope_id, &role::name>(scope_id, std::string(name)))
      return into = found->id, std::nullopt;
    for (const auto& other : facts.list_page<&role::scope_id>(page{.after = {}, .limit = 20}, scope_id))
      offer(other->name);
  }
  return refuse(status::not_found, "role_unknown", path,
                "there is no role \"" + std::string(name) + "\" to grant here; there are: " + accepted);
}

bool role_name_taken(snapshot& facts, const scope& in, const std::string& name) {
  const auto folded = text::fold(name);
  for (const auto& r : built_in_roles())
    if (text::fold(r.name) == folded) return true;
  for (const auto scope_id : in.upwards())
    if (scope_id)
      for (const auto& r : facts.list<&role::scope_id>(scope_id))
        if (text::fold(r->name) == folded) return true;
  return false;
}

refusal read_powers(snapshot& facts, const std::vector<std::string>& permissions,
                    const std::vector<std::string>& restricted, const std::string& path, role_powers& into) {
  if (auto no = read_names(facts, permissions, path + "/permissions", false, into)) return no;
  return read_names(facts, restricted, path + "/restricted", true, into);
}

void write_powers(changes& out, id_of<role> id, const std::vector<std::string>& permissions,
                  const std::vector<std::string>& restricted) {
  for (const auto& name : permissions) out.insert(role_permission{.role_id = id, .permission = name});
  for (const auto& name : restricted)
    out.insert(role_permission{.role_id = id, .permission = name, .restricted = true});
}

refusal may_be_delegated(snapshot& facts, const std::string& name, const role_powers& powers, std::string_view path) {
  const auto never = (powers.plain | powers.restricted) & never_delegated();
  if (never.empty()) return std::nullopt;
  return refuse(status::conflict, "role_not_for_delegates", path,
                "\"" + name + "\" holds " + permission_name(facts, never.first()) + ", which no delegation gives");
}

void count_use(snapshot& facts, changes& out, id_of<role> id, int by) {
  if (const auto found = built_in(id) ? fact<role>{} : facts.find<&role::id>(id)) out.edit(found).grants += by;
}

permission permission_named(snapshot& facts, std::string_view name) {
  if (const auto own = built_in_permission(name); own != nobody) return own;
  const auto hosts = facts.find<&host_permission::name>(std::string(name));
  return hosts ? static_cast<permission>(hosts->number) : nobody;
}

std::string permission_name(snapshot& facts, permission p) {
  if (const auto own = name_of(p); !own.empty()) return std::string(own);
  const auto hosts = facts.find<&host_permission::number>(static_cast<std::int32_t>(p));
  return hosts ? hosts->name : std::string{};
}

} // namespace linecard
