#include <linecard/rules/packaging.hpp>

#include <linecard/model/billing.hpp>
#include <linecard/model/call.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/charging.hpp>

#include <set>
#include <string>

namespace linecard {

namespace {
refusal unknown_package() {
  return refuse(status::not_found, "package_unknown", "/package_id", "there is no such package");
}
} // namespace

refusal purchased_differs(std::int64_t expected, std::int64_t purchased, const package& sku) {
  if (expected == purchased) return std::nullopt;
  return refuse(status::stale, "purchased_differs", "/expected_purchased",
                std::to_string(purchased) + " seats of \"" + sku.name + "\" are purchased");
}

refusal define_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return place_package(facts, out, with.new_id<package>(), *this, with.now);
}

refusal place_package(snapshot& facts, changes& out, id_of<package> id, const define_package& wanted, instant now) {
  const auto& [name, kind, price_minor, currency, features, services, number_price_minor] = wanted;
  if (facts.find<&package::name>(name))
    return refuse(status::conflict, "name_taken", "/name", "a package named \"" + name + "\" exists already");
  std::set<std::string> known;
  for (const auto& carried : facts.list<&package_feature::package_id>()) known.insert(carried->feature);
  for (const auto& carried : features) known.insert(carried.feature);
  if (known.size() >= most_features)
    return refuse(status::limit, "too_many_features", "/features",
                  "all packages together carry at most " + std::to_string(most_features - 1) + " different features");
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (facts.find<&package_feature::package_id, &package_feature::feature>(id, features[i].feature))
      return refuse(status::invalid, "feature_repeated", "/features/" + std::to_string(i) + "/feature",
                    "\"" + features[i].feature + "\" stands twice; a package has each feature once");
    const bool is_count = features[i].feature == numbers_included || features[i].feature == minutes_included;
    if (is_count && !is_a_count(features[i].setting))
      return refuse(status::invalid, "setting_invalid", "/features/" + std::to_string(i) + "/setting",
                    features[i].feature + " is a count: digits, or \"unlimited\"");
    out.insert(package_feature{.package_id = id, .feature = features[i].feature, .setting = features[i].setting});
  }
  for (std::size_t i = 0; i < services.size(); ++i) {
    if (facts.find<&package_service::package_id, &package_service::service>(id, services[i]))
      return refuse(status::invalid, "service_repeated", "/services/" + std::to_string(i),
                    "\"" + services[i] + "\" stands twice");
    out.insert(package_service{.package_id = id, .service = services[i]});
  }
  out.insert(package{.id = id,
                     .name = name,
                     .kind = kind,
                     .price_minor = price_minor,
                     .currency = currency,
                     .created_at = now,
                     .number_price_minor = number_price_minor});
  return std::nullopt;
}

refusal retire_package::decide(snapshot& facts, const ingredients&, changes& out) const {
  const auto sku = facts.find<&package::id>(package_id);
  if (!sku) return unknown_package();
  if (sku->state != package_state::retired) out.edit(sku).state = package_state::retired;
  return std::nullopt;
}

refusal offer_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto [sku, offered] =
      facts.all(by<&package::id>(package_id), by<&offer::tenant_id, &offer::package_id>(with.tenant_id(), package_id));
  if (!sku) return unknown_package();
  if (offered) return std::nullopt;
  if (sku->state == package_state::retired)
    return refuse(status::conflict, "package_retired", "/package_id",
                  "\"" + sku->name + "\" is retired and cannot be offered");
  out.insert(offer{.tenant_id = with.tenant_id(), .package_id = package_id, .offered_at = with.now});
  return std::nullopt;
}

refusal withdraw_package::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (const auto offered = facts.find<&offer::tenant_id, &offer::package_id>(with.tenant_id(), package_id))
    out.erase(offered);
  return std::nullopt;
}

refusal set_seat_pool::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  const auto [sku, offered, pool] =
      facts.all(by<&package::id>(package_id), by<&offer::tenant_id, &offer::package_id>(where, package_id),
                by<&seat_pool::tenant_id, &seat_pool::package_id>(where, package_id));
  if (!sku) return unknown_package();
  auto set = pool ? *pool : seat_pool{.tenant_id = where, .package_id = package_id};
  if (expected_purchased)
    if (auto no = purchased_differs(*expected_purchased, set.purchased, *sku)) return no;
  if (!purchased && !pool)
    return refuse(status::invalid, "purchased_missing", "/purchased",
                  "there is no pool of \"" + sku->name + "\" yet: say how many seats the tenant purchased");
  if (purchased) set.purchased = *purchased;
  if (overage) set.overage = *overage;
  if (included) set.included = *included;
  if (purchase_limit) set.purchase_limit = *purchase_limit;
  if (charging) set.charging = *charging;
  if (grace_seats) set.grace_seats = *grace_seats;
  if (grace_percent) set.grace_percent = *grace_percent;
  if (pool) {
    if (room_of(set).value_or(0) < 0)
      return refuse(status::conflict, "below_use", "/purchased",
                    std::to_string(pool->used + pool->reserved) + " seats of \"" + sku->name +
                        "\" are used or reserved; shrink_plan says who would lose one, shrink_pool does it");
    out.edit(pool) = set;
    return std::nullopt;
  }
  if (!offered)
    return refuse(status::conflict, "package_not_offered", "/package_id",
                  "\"" + sku->name + "\" is not offered to this tenant");
  if (const auto terms = facts.find<&subscription::tenant_id>(where); terms && terms->currency != sku->currency)
    return refuse(status::conflict, "currency_differs", "/package_id",
                  "\"" + sku->name + "\" is priced in " + sku->currency + ", and the tenant pays in " +
                      terms->currency);
  out.insert(set);
  return std::nullopt;
}

} // namespace linecard
