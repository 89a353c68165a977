#include "price_differences.hpp"

#include <linecard/model/line.hpp>
#include <linecard/rules/charging.hpp>
#include <linecard/text/money.hpp>

#include <algorithm>
#include <set>

namespace linecard {

using detail::slot;

namespace {

template <class T> bool is_of(const slot& s) { return s.table == &info_of<T>; }
template <class T> const T* row_as(const void* row) { return static_cast<const T*>(row); }

bool same_prices(const subscription& a, const subscription& b) {
  return a.currency == b.currency && a.number_price_minor == b.number_price_minor;
}

/// Whose charges are compared: all of a tenant's where its terms have changed.
struct affected {
  std::set<const slot*> pools{}, numbers{};
  std::set<id_of<user>> people{};
  id_of<tenant> where{};
  bool terms = false;

  void note(const slot& s) { note(s, s.before), note(s, s.now); }
  void note(const slot& s, const void* row) {
    if (!row) return;
    if (is_of<seat_pool>(s)) {
      pools.insert(&s);
    } else if (is_of<seat>(s)) {
      people.insert(row_as<seat>(row)->user_id);
      where = row_as<seat>(row)->tenant_id;
    } else if (is_of<did>(s)) {
      const auto* number = row_as<did>(row);
      numbers.insert(&s);
      where = number->tenant_id;
      if (number->user_id) people.insert(*number->user_id);
    } else if (is_of<subscription>(s)) {
      terms = !s.before || !s.now || !same_prices(*row_as<subscription>(s.before), *row_as<subscription>(s.now));
      where = row_as<subscription>(row)->tenant_id;
    }
  }
  [[nodiscard]] bool none() const { return pools.empty() && numbers.empty() && people.empty() && !terms; }
};

/// The rows a charge is counted from, where they are not known yet. Who came in with this command has nothing stored.
void read_what_counts(snapshot& facts, affected& which, const std::set<id_of<user>>& listed) {
  if (which.terms) {
    for (const auto& number : facts.list<&did::tenant_id>(which.where)) {
      which.numbers.insert(number.slot());
      if (number->user_id) which.people.insert(*number->user_id);
    }
  } else {
    for (const auto who : which.people)
      if (!listed.contains(who) && facts.find<&user::id>(who).slot()->before)
        static_cast<void>(facts.list<&did::user_id>(std::optional(who)));
  }
  std::set<id_of<user>> with_numbers;
  for (const auto& s : facts.slots())
    for (const void* row : {s.before, static_cast<const void*>(s.now)})
      if (row && is_of<did>(s) && row_as<did>(row)->user_id) with_numbers.insert(*row_as<did>(row)->user_id);
  std::erase_if(which.people, [&](auto who) { return !with_numbers.contains(who); });
  constexpr std::size_t a_few = 16; // each list of an edited table looks through all of its edits
  if (which.people.size() > a_few)
    static_cast<void>(facts.list<&seat::tenant_id>(which.where));
  else
    for (const auto who : which.people)
      if (facts.find<&user::id>(who).slot()->before) static_cast<void>(facts.list<&seat::user_id>(who));
}

template <class Row> holdings held(snapshot& facts, const affected& which, Row row_of) {
  holdings all;
  for (const auto& s : facts.slots()) {
    const void* row = row_of(s);
    if (!row) continue;
    if (is_of<seat_pool>(s) && which.pools.contains(&s)) all.pools.push_back(*row_as<seat_pool>(row));
    if (!is_of<did>(s)) continue;
    const auto& whose = row_as<did>(row)->user_id;
    if (whose && which.people.contains(*whose))
      ++all.people[*whose].numbers;
    else if (!whose && which.numbers.contains(&s))
      ++all.other_numbers;
  }
  for (const auto& s : facts.slots())
    if (const void* row = row_of(s); row && is_of<seat>(s)) all.add(*row_as<seat>(row));
  return all;
}

bool needs_terms(const holdings& all) {
  return all.other_numbers != 0 || std::ranges::any_of(all.people, [](const auto& who) { return !who.second.base; });
}

} // namespace

std::vector<price_difference> price_differences_of(snapshot& facts, const std::vector<const slot*>& changed,
                                                   const std::set<id_of<user>>& listed) {
  affected which;
  for (const auto* s : changed) which.note(*s);
  if (which.none()) return {};
  read_what_counts(facts, which, listed);
  auto before = held(facts, which, [](const slot& s) -> const void* { return s.before; });
  auto after = held(facts, which, [](const slot& s) -> const void* { return s.now; });
  if (needs_terms(before) || needs_terms(after)) {
    const auto terms = facts.find<&subscription::tenant_id>(which.where);
    if (const void* row = terms.slot()->before) before.terms = *row_as<subscription>(row);
    if (terms) after.terms = *terms;
  }
  auto difference = totals_of(lines_of(facts, after));
  for (const auto& [currency, minor] : totals_of(lines_of(facts, before))) difference[currency] -= minor;
  std::vector<price_difference> out;
  for (const auto& [currency, minor] : difference)
    if (minor != 0) out.push_back({currency, minor, text::money(minor, currency)});
  return out;
}

} // namespace linecard
