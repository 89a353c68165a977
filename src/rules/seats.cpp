#include <linecard/rules/seats.hpp>

#include <linecard/model/line.hpp>
#include <linecard/model/organisation.hpp>

namespace linecard {

namespace {

refusal selectable(snapshot& facts, id_of<tenant> where, const fact<package>& sku, const fact<offer>& offered,
                   std::string_view path) {
  if (!sku) return refuse(status::not_found, "package_unknown", path, "there is no such package");
  if (sku->state == package_state::retired)
    return refuse(status::conflict, "package_retired", path,
                  "\"" + sku->name + "\" is retired; choose another package");
  if (!offered)
    return refuse(status::conflict, "package_not_offered", path, "\"" + sku->name + "\" is not offered to this tenant");
  for (const auto& needed : facts.list<&package_service::package_id>(sku->id))
    if (!facts.find<&service::tenant_id, &service::name>(where, needed->service))
      return refuse(status::conflict, "service_not_enabled", path,
                    "\"" + sku->name + "\" needs the service \"" + needed->service +
                        "\", which this tenant has not enabled");
  return std::nullopt;
}

refusal full(const fact<seat_pool>& pool, const std::string& name, std::string_view path) {
  if (pool && room_of(*pool).value_or(1) > 0) return std::nullopt;
  return refuse(status::limit, "no_seat_left", path,
                "no seat of \"" + name + "\" is left: " + std::to_string(pool ? pool->purchased : 0) + " purchased, " +
                    std::to_string(pool ? pool->used : 0) + " used, " + std::to_string(pool ? pool->reserved : 0) +
                    " reserved");
}

std::int32_t& counter(seat_pool& pool, seat_state state) {
  return state == seat_state::used ? pool.used : pool.reserved;
}

refusal take_seat(snapshot& facts, const ingredients& with, changes& out, const user& holder, id_of<package> package_id,
                  std::string_view path, bool anew) {
  const auto where = holder.tenant_id;
  const auto [sku, offered, pool, base, add_on] =
      facts.all(by<&package::id>(package_id), by<&offer::tenant_id, &offer::package_id>(where, package_id),
                by<&seat_pool::tenant_id, &seat_pool::package_id>(where, package_id),
                by<&seat::user_id, &seat::slot>(holder.id, base_slot),
                by<&seat::user_id, &seat::slot>(holder.id, any_id{package_id}));
  if ((base && base->package_id == package_id) || add_on) return std::nullopt;
  if (anew)
    if (auto no = selectable(facts, where, sku, offered, path)) return no;
  const bool is_base = sku && sku->kind == package_kind::base;
  if (is_base && base)
    return refuse(status::conflict, "already_assigned", path,
                  "the user already holds a base package; change_package moves a user to another");
  if (auto no = full(pool, sku ? sku->name : to_text(package_id), path)) return no;
  const bool joins_later = holder.state == user_state::invited || holder.returns_to == user_state::invited;
  const auto state = joins_later ? seat_state::reserved : seat_state::used;
  ++counter(out.edit(pool), state);
  out.insert(seat{.user_id = holder.id,
                  .slot = is_base ? base_slot : any_id{package_id},
                  .tenant_id = where,
                  .package_id = package_id,
                  .state = state,
                  .since = with.now});
  return std::nullopt;
}

} // namespace

refusal unselectable(snapshot& facts, id_of<tenant> where, id_of<package> package_id, std::string_view path) {
  const auto [sku, offered] =
      facts.all(by<&package::id>(package_id), by<&offer::tenant_id, &offer::package_id>(where, package_id));
  return selectable(facts, where, sku, offered, path);
}

refusal unavailable(snapshot& facts, id_of<tenant> where, id_of<package> package_id, std::string_view path) {
  const auto [sku, offered, pool] =
      facts.all(by<&package::id>(package_id), by<&offer::tenant_id, &offer::package_id>(where, package_id),
                by<&seat_pool::tenant_id, &seat_pool::package_id>(where, package_id));
  if (auto no = selectable(facts, where, sku, offered, path)) return no;
  return full(pool, sku->name, path);
}

std::string package_name(snapshot& facts, id_of<package> id) {
  const auto sku = facts.find<&package::id>(id);
  return sku ? sku->name : to_text(id);
}

void foresee_seat(expectations& expected, id_of<tenant> where, id_of<user> user_id,
                  std::optional<id_of<package>> package_id) {
  expected.one<&user::id>(user_id);
  expected.one<&seat::user_id, &seat::slot>(user_id, base_slot);
  expected.list<&seat::user_id>(user_id);
  expected.one<&team_member::user_id>(user_id);
  expected.list<&extension::user_id>(user_id);
  expected.list<&device::user_id>(user_id);
  expected.list<&did::user_id>(std::optional(user_id));
  if (!package_id) return;
  expected.one<&package::id>(*package_id);
  expected.one<&offer::tenant_id, &offer::package_id>(where, *package_id);
  expected.one<&seat_pool::tenant_id, &seat_pool::package_id>(where, *package_id);
  expected.one<&seat::user_id, &seat::slot>(user_id, any_id{*package_id});
  expected.list<&package_service::package_id>(*package_id);
}

refusal place_seat(snapshot& facts, const ingredients& with, changes& out, const user& holder,
                   id_of<package> package_id, std::string_view path) {
  return take_seat(facts, with, out, holder, package_id, path, true);
}

refusal return_seat(snapshot& facts, const ingredients& with, changes& out, const user& holder,
                    id_of<package> package_id, std::string_view path) {
  return take_seat(facts, with, out, holder, package_id, path, false);
}

void pass_seat(changes& out, const fact<seat>& held, const user& to, instant since) {
  auto passed = *held;
  out.erase(held);
  passed.user_id = to.id;
  passed.since = since;
  passed.by_rule = false;
  out.insert(passed);
}

void release_seat(snapshot& facts, changes& out, const fact<seat>& held) {
  // The package is what the receipt will ask for.
  const auto [pool, sku] =
      facts.all(by<&seat_pool::tenant_id, &seat_pool::package_id>(held->tenant_id, held->package_id),
                by<&package::id>(held->package_id));
  static_cast<void>(sku);
  --counter(out.edit(pool), held->state);
  out.erase(held);
}

void convert_reservation(snapshot& facts, changes& out, const fact<seat>& reserved) {
  auto& pool =
      out.edit(facts.find<&seat_pool::tenant_id, &seat_pool::package_id>(reserved->tenant_id, reserved->package_id));
  --pool.reserved;
  ++pool.used;
  out.edit(reserved).state = seat_state::used;
}

refusal find_holder(snapshot& facts, id_of<user> user_id, std::string_view path, fact<user>& into) {
  into = facts.find<&user::id>(user_id);
  if (into && into->state != user_state::deleted) return std::nullopt;
  return refuse(status::not_found, "user_unknown", path, "there is no such user in this tenant");
}

} // namespace linecard
