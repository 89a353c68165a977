#include <linecard/rules/subscribing.hpp>

#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/packaging.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/calendar.hpp>
#include <linecard/text/money.hpp>

#include <algorithm>

namespace linecard {

namespace {

refusal missing(std::string_view member, std::string_view wanted) {
  return refuse(status::invalid, std::string(member) + "_missing", "/" + std::string(member),
                "the tenant has no subscription yet: say " + std::string(wanted));
}

refusal no_subscription() {
  return refuse(status::not_found, "subscription_missing", "",
                "nothing was agreed with this tenant yet; set_subscription says its currency and statement day");
}

} // namespace

refusal set_subscription::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  const auto known = facts.find<&subscription::tenant_id>(where);
  if (!known) {
    if (!currency) return missing("currency", "what it pays in, an ISO 4217 code such as EUR");
    if (!statement_day) return missing("statement_day", "the day of the month of its statement, 1 to 28");
    if (!time_zone) return missing("time_zone", "whose midnight begins that day, an IANA name such as Europe/Berlin");
  }
  auto agreed = known ? *known : subscription{.tenant_id = where, .agreed_at = with.now};
  if (currency) agreed.currency = *currency;
  if (statement_day) agreed.statement_day = *statement_day;
  if (time_zone) agreed.time_zone = *time_zone;
  if (number_price_minor) agreed.number_price_minor = *number_price_minor;
  const auto pools = facts.list<&seat_pool::tenant_id>(where);
  for (const auto& sku : facts.each<&package::id>(pools, [](const auto& pool) { return pool->package_id; }))
    if (sku->currency != agreed.currency)
      return refuse(status::conflict, "currency_differs", "/currency",
                    "\"" + sku->name + "\", of which the tenant has a pool, is priced in " + sku->currency);
  if (known)
    out.edit(known) = agreed;
  else
    out.insert(agreed);
  return std::nullopt;
}

refusal buy_seats::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto where = with.tenant_id();
  if (auto no = unselectable(facts, where, package_id, "/package_id")) return no;
  const auto [pool, sku] =
      facts.all(by<&seat_pool::tenant_id, &seat_pool::package_id>(where, package_id), by<&package::id>(package_id));
  const std::int64_t purchased = pool ? pool->purchased : 0, limit = pool ? pool->purchase_limit : 0;
  if (expected_purchased)
    if (auto no = purchased_differs(*expected_purchased, purchased, *sku)) return no;
  if (purchased + seats > limit)
    return refuse(status::limit, "purchase_limit", "/seats",
                  std::string("at most ") + std::to_string(std::max<std::int64_t>(0, limit - purchased)) +
                      " more of \"" + sku->name +
                      "\" can be bought here; the operator or container may raise the limit");
  out.edit(pool).purchased += seats;
  return std::nullopt;
}

refusal statement_preview::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto all = everything_held(facts, with.tenant_id());
  if (!all.terms) return no_subscription();
  const auto& terms = *all.terms;
  const auto month = text::next_billing_month(with.now.milliseconds, terms.statement_day, terms.time_zone);
  if (!month)
    return refuse(status::conflict, "time_zone_unavailable", "",
                  "this machine has no rules for the time zone " + terms.time_zone + "; install its time-zone data");
  into.currency = terms.currency;
  into.statement_at = {month->begins_at};
  into.period_first = month->first;
  into.period_last = month->last;
  into.lines = lines_of(facts, all);
  into.total_minor = totals_of(into.lines)[terms.currency];
  into.total = text::money(into.total_minor, into.currency);
  into.message = into.total + " for " + into.period_first + " to " + into.period_last;
  return std::nullopt;
}

refusal subscription_in_force::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto known = facts.find<&subscription::tenant_id>(with.tenant_id());
  if (!known) return no_subscription();
  into = {.currency = known->currency,
          .statement_day = known->statement_day,
          .time_zone = known->time_zone,
          .number_price_minor = known->number_price_minor,
          .agreed_at = known->agreed_at};
  return std::nullopt;
}

} // namespace linecard
