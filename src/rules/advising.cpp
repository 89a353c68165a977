#include <linecard/rules/advising.hpp>

#include <linecard/model/line.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/money.hpp>

#include <algorithm>

namespace linecard {

namespace {

struct wish {
  const recommend_package& asked;
  id_of<tenant> where{};
  holdings::person user{}; ///< its numbers and, of its packages, the add-ons
  std::optional<id_of<package>> held{};
  std::optional<subscription> terms{};
};

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

std::string price_of(const advised_package& row) { return text::money(row.monthly_minor, row.currency) + " a month"; }

/// What the package lacks; nothing when it covers the wish.
refusal lacking(const wish& w, const package& sku, std::int64_t minutes, const std::vector<std::string>& missing) {
  if (minutes < w.asked.minutes)
    return refuse(status::conflict, "minutes_short", "",
                  sku.name + " includes " + std::to_string(minutes) + " minutes, and " +
                      std::to_string(w.asked.minutes) + " are needed");
  if (!missing.empty())
    return refuse(status::conflict, "feature_missing", "", sku.name + " does not carry " + listed(missing));
  return std::nullopt;
}

/// Why nobody could be given it now.
refusal unassignable(snapshot& facts, const wish& w, const package& sku) {
  if (w.terms && w.terms->currency != sku.currency)
    return refuse(status::conflict, "currency_differs", "",
                  sku.name + " is priced in " + sku.currency + ", and the tenant pays in " + w.terms->currency);
  if (w.held == sku.id) return std::nullopt;
  return unavailable(facts, w.where, sku.id, "");
}

advised_package weigh(snapshot& facts, const wish& w, const package& sku) {
  std::int64_t minutes = 0;
  auto missing = w.asked.needed_features;
  auto with_it = w.user;
  with_it.packages.push_back(sku.id);
  for (const auto id : with_it.packages)
    for (const auto& carried : facts.list<&package_feature::package_id>(id)) {
      if (carried->feature == minutes_included) {
        const auto gives = counted(carried->setting);
        minutes = gives > without_limit - minutes ? without_limit : minutes + gives;
      }
      if (entitles(*carried)) std::erase(missing, carried->feature);
    }
  const auto extra = charged_numbers(facts, with_it);
  advised_package row{.package_id = sku.id,
                      .name = sku.name,
                      .monthly_minor = sku.price_minor + extra * sku.number_price_minor,
                      .currency = sku.currency};
  auto why = lacking(w, sku, minutes, missing);
  row.covers = !why;
  if (!why) why = unassignable(facts, w, sku);
  if (why) {
    row.reason = why->reason, row.message = why->message;
    return row;
  }
  row.message = sku.name + " is " + price_of(row) + " by list price";
  if (w.asked.minutes != 0)
    row.message += minutes == without_limit ? "; minutes are unlimited"
                                            : "; " + std::to_string(minutes) + " minutes are included, and " +
                                                  std::to_string(w.asked.minutes) + " needed";
  if (!w.asked.needed_features.empty()) row.message += "; it carries " + listed(w.asked.needed_features);
  if (extra != 0)
    row.message += "; " + std::to_string(extra) + (extra == 1 ? " number" : " numbers") + " at " +
                   text::money(sku.number_price_minor, sku.currency) + " in the price";
  return row;
}

} // namespace

refusal recommend_package::ask(snapshot& facts, const ingredients& with, answer& into) const {
  wish w{.asked = *this, .where = with.tenant_id()};
  if (const auto terms = facts.find<&subscription::tenant_id>(w.where)) w.terms = *terms;
  if (user_id) {
    fact<user> holder;
    if (auto no = find_holder(facts, *user_id, "/user_id", holder)) return no;
    w.user.numbers = static_cast<std::int64_t>(facts.list<&did::user_id>(std::optional(*user_id)).size());
    for (const auto& held : facts.list<&seat::user_id>(*user_id))
      if (held->slot == base_slot)
        w.held = held->package_id;
      else
        w.user.packages.push_back(held->package_id);
  }
  for (const auto& sku : facts.list<&package::name>())
    if (sku->kind == package_kind::base) into.packages.push_back(weigh(facts, w, *sku));
  const auto could_be = [](const advised_package& row) { return row.reason.empty(); };
  const auto first = std::ranges::find_if(into.packages, could_be);
  if (std::ranges::any_of(first, into.packages.end(),
                          [&](const auto& row) { return could_be(row) && row.currency != first->currency; }))
    return refuse(status::conflict, "subscription_missing", "",
                  "packages in several currencies cannot be compared; set_subscription says which the tenant pays in");
  std::ranges::stable_sort(into.packages, {}, [](const auto& row) {
    return std::pair{!row.covers, row.monthly_minor};
  });
  for (auto& row : into.packages) {
    if (!row.reason.empty()) continue;
    if (into.package_id) {
      row.reason = "dearer";
      continue;
    }
    into.package_id = row.package_id;
    into.message = row.message + ": the cheapest that can be assigned here";
  }
  if (!into.package_id)
    into.message = !into.packages.empty() && into.packages.front().covers
                       ? "what covers it cannot be assigned here: " + into.packages.front().message
                       : "no package covers these minutes and features";
  return std::nullopt;
}

} // namespace linecard
