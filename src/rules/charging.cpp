#include <linecard/rules/charging.hpp>

#include <linecard/model/line.hpp>
#include <linecard/text/money.hpp>

#include <algorithm>
#include <charconv>

namespace linecard {

namespace {

/// What packages cost and give, each looked up once.
class price_list {
public:
  explicit price_list(snapshot& facts) : facts_(facts) {}

  struct entry {
    const package* sku{};
    std::int64_t numbers{}; ///< included
  };
  const entry& of(id_of<package> id) {
    const auto [at, added] = known_.try_emplace(id);
    if (!added) return at->second;
    const auto [sku, carried] =
        facts_.all(by<&package::id>(id),
                   by<&package_feature::package_id, &package_feature::feature>(id, std::string(numbers_included)));
    at->second = {&*sku, carried ? counted(carried->setting) : 0};
    return at->second;
  }

private:
  snapshot& facts_;
  std::map<id_of<package>, entry> known_{};
};

/// What "Basic seats" says is counted and priced.
statement_line priced(statement_line line, std::int64_t tolerated = 0) {
  line.minor = line.quantity * line.price_minor;
  line.text += " (" + std::to_string(line.held) + " held";
  if (line.unused != 0) line.text += ", " + std::to_string(line.unused) + " unused";
  if (tolerated > 0) line.text += ", " + std::to_string(tolerated) + " tolerated";
  if (line.included != 0) line.text += ", " + std::to_string(line.included) + " included";
  line.text += ')';
  line.price = text::money(line.price_minor, line.currency);
  line.amount = text::money(line.minor, line.currency);
  return line;
}

std::int64_t held_seats(const seat_pool& pool) { return std::int64_t{pool.used} + pool.reserved; }

/// Those that cost something unless they are included.
std::int64_t counted_seats(const seat_pool& pool) {
  const std::int64_t held = held_seats(pool), purchased = pool.purchased;
  const auto bought = pool.charging == seat_charging::purchased ? purchased : std::min(held, purchased);
  return bought + (pool.overage == overage_policy::allow ? std::max<std::int64_t>(0, held - purchased) : 0);
}

statement_line seats_line(const seat_pool& pool, const package& sku) {
  const auto held = held_seats(pool);
  const auto tolerated = pool.overage == overage_policy::grace ? held - pool.purchased : 0;
  return priced({.kind = line_kind::seats,
                 .package_id = sku.id,
                 .text = sku.name + " seats",
                 .purchased = pool.purchased,
                 .held = held,
                 .unused = std::max<std::int64_t>(0, pool.purchased - held),
                 .included = std::min<std::int64_t>(pool.included, counted_seats(pool)),
                 .quantity = charged_seats(pool),
                 .price_minor = sku.price_minor,
                 .currency = sku.currency},
                tolerated);
}

/// Numbers beyond those that the person's packages include.
std::int64_t charged_numbers(price_list& prices, const holdings::person& who) {
  std::int64_t included = 0;
  for (const auto id : who.packages) {
    const auto gives = prices.of(id).numbers;
    included = gives > without_limit - included ? without_limit : included + gives;
  }
  return std::max<std::int64_t>(0, who.numbers - included);
}

} // namespace

bool is_a_count(std::string_view setting) {
  constexpr std::size_t most_digits = 9;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return setting == "unlimited" ||
         (!setting.empty() && setting.size() <= most_digits && std::ranges::all_of(setting, digit));
}

std::int64_t counted(std::string_view setting) {
  if (setting == "unlimited") return without_limit;
  std::int64_t out = 0;
  if (is_a_count(setting)) std::from_chars(setting.data(), setting.data() + setting.size(), out);
  return out;
}

std::int64_t charged_seats(const seat_pool& pool) {
  return std::max<std::int64_t>(0, counted_seats(pool) - pool.included);
}

std::int64_t charged_numbers(snapshot& facts, const holdings::person& who) {
  price_list prices(facts);
  return charged_numbers(prices, who);
}

void holdings::add(const seat& held) {
  const auto who = people.find(held.user_id);
  if (who == people.end()) return;
  who->second.packages.push_back(held.package_id);
  if (held.slot == base_slot) who->second.base = held.package_id;
}

std::vector<statement_line> lines_of(snapshot& facts, const holdings& all) {
  price_list prices(facts);
  std::vector<statement_line> out;
  for (const auto& pool : all.pools)
    if (pool.purchased != 0 || pool.used != 0 || pool.reserved != 0)
      out.push_back(seats_line(pool, *prices.of(pool.package_id).sku));

  std::map<std::optional<id_of<package>>, statement_line> numbers;
  const auto line_for = [&](const std::optional<id_of<package>>& base) -> statement_line& {
    const auto [at, added] = numbers.try_emplace(base);
    auto& line = at->second;
    if (!added) return line;
    line.kind = line_kind::numbers;
    line.package_id = base;
    if (base) {
      const auto& sku = *prices.of(*base).sku;
      line.text = "Numbers of " + sku.name + " holders", line.currency = sku.currency;
      line.price_minor = sku.number_price_minor;
    } else {
      line.text = "Other numbers";
      if (all.terms) line.currency = all.terms->currency, line.price_minor = all.terms->number_price_minor;
    }
    return line;
  };
  for (const auto& [id, who] : all.people) {
    if (who.numbers == 0) continue;
    const auto charged = charged_numbers(prices, who);
    auto& line = line_for(who.base);
    line.held += who.numbers, line.quantity += charged, line.included += who.numbers - charged;
  }
  if (all.other_numbers != 0) {
    auto& line = line_for(std::nullopt);
    line.held += all.other_numbers, line.quantity += all.other_numbers;
  }
  for (auto& [base, line] : numbers) out.push_back(priced(std::move(line)));

  const auto rank = [&](const statement_line& line) {
    const auto* sku = line.package_id ? prices.of(*line.package_id).sku : nullptr;
    return std::tuple{line.kind, sku ? sku->kind == package_kind::add_on : true, sku == nullptr, sku ? sku->name : ""};
  };
  std::ranges::stable_sort(out, {}, rank);
  return out;
}

std::map<std::string, std::int64_t> totals_of(const std::vector<statement_line>& lines) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& line : lines)
    if (!line.currency.empty() && __builtin_add_overflow(sums[line.currency], line.minor, &sums[line.currency]))
      throw refused(refuse(status::limit, "amount_too_large", "", "the sum is more than can be counted"));
  return sums;
}

holdings everything_held(snapshot& facts, id_of<tenant> where) {
  holdings all;
  if (const auto terms = facts.find<&subscription::tenant_id>(where)) all.terms = *terms;
  for (const auto& pool : facts.list<&seat_pool::tenant_id>(where)) all.pools.push_back(*pool);
  for (const auto& number : facts.list<&did::tenant_id>(where))
    if (number->user_id)
      ++all.people[*number->user_id].numbers;
    else
      ++all.other_numbers;
  if (!all.people.empty())
    for (const auto& held : facts.list<&seat::tenant_id>(where)) all.add(*held);
  return all;
}

} // namespace linecard
