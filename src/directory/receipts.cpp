#include "receipts.hpp"

#include "price_differences.hpp"
#include "settle.hpp"

#include <linecard/hash.hpp>
#include <linecard/model/line.hpp>
#include <linecard/model/message.hpp>
#include <linecard/model/package.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/text/time.hpp>

#include <algorithm>
#include <set>

namespace linecard {

using detail::slot;

std::string shown(const field& column, const value& v) {
  switch (column.type->shape) {
  case form::id:
  case form::any_id:
    return v.number == 0 ? "" : id_text(static_cast<std::uint64_t>(v.number));
  case form::instant:
    return text::rfc3339(v.number);
  case form::blob:
    return hex(v.bytes());
  case form::boolean:
    return v.number != 0 ? "true" : "false";
  case form::integer:
    return std::to_string(v.number);
  default:
    return std::string(v.bytes());
  }
}

namespace {

/// An id of 0 is nobody's: shown as nothing, as a null is.
bool names_nothing(const field& column, const value& v) {
  return v.is_null() || (v.number == 0 && (column.type->shape == form::id || column.type->shape == form::any_id));
}

} // namespace

std::string shown_key(const slot& s, std::uint8_t without) {
  std::string out;
  const void* row = s.now ? s.now : s.before;
  for (const auto c : s.table->key) {
    const auto v = s.table->columns[c].get(row);
    if ((s.table->marks[c] & without) || names_nothing(s.table->columns[c], v)) continue;
    if (!out.empty()) out += ' ';
    out += shown(s.table->columns[c], v);
  }
  return out;
}

bool told(const slot& s, std::uint16_t column, const ingredients& with) {
  const auto marks = s.table->marks[column];
  return !(marks & not_audited_mark) && !((marks & platform_only_mark) && with.who.in.container_id);
}

namespace {

constexpr record_action action_of(slot_fate fate) {
  return fate == slot_fate::inserted ? record_action::inserted
         : fate == slot_fate::erased ? record_action::erased
                                     : record_action::updated;
}

/// A tenant's receipt does not tell whether an identity was known before (I9), so identities stay out of it.
bool in_receipt(const slot& s, const ingredients& with) {
  return s.table->audited == chain::scope || (s.table->audited == chain::platform && !with.who.in.container_id);
}

std::optional<std::string> shown_in_receipt(const slot& s, const void* row, std::uint16_t column) {
  const auto v = column_value(s, row, column);
  if (names_nothing(s.table->columns[column], v)) return std::nullopt;
  if (s.table->marks[column] & secret_mark) return "secret";
  return shown(s.table->columns[column], v);
}

changed_record record_of(const slot& s, slot_fate fate, const ingredients& with) {
  changed_record out{.record = std::string(s.table->name), .action = action_of(fate), .key = shown_key(s)};
  for (const auto c : differing_columns(s))
    if (told(s, c, with))
      out.columns.push_back(
          {std::string(s.table->columns[c].name), shown_in_receipt(s, s.before, c), shown_in_receipt(s, s.now, c)});
  return out;
}

template <class T> const T* row_as(const slot& s, const void* row) {
  return s.table == &info_of<T> && row ? static_cast<const T*>(row) : nullptr;
}

/// One typed effect for each changed slot of T.
template <class T, class Effect> void for_changed(const std::vector<const slot*>& changed, Effect effect) {
  for (const auto* s : changed)
    if (s->table == &info_of<T>) effect(row_as<T>(*s, s->before), row_as<T>(*s, s->now), fate_of(*s));
}

void note_seats(snapshot& facts, const std::vector<const slot*>& changed, receipt& into) {
  for_changed<seat_pool>(changed, [&](const seat_pool* before, const seat_pool* after, slot_fate) {
    const seat_pool none{}, &b = before ? *before : none, &a = after ? *after : none;
    const auto id = (after ? after : before)->package_id;
    const auto sku = facts.find<&package::id>(id);
    into.seats.push_back({.package_id = id,
                          .package = sku ? sku->name : "",
                          .purchased_before = b.purchased,
                          .purchased_after = a.purchased,
                          .used_before = b.used,
                          .used_after = a.used,
                          .reserved_before = b.reserved,
                          .reserved_after = a.reserved});
  });
}

id_of<user> user_of(const extension& line) { return line.user_id; }
id_of<user> user_of(const did& number) { return number.user_id.value_or(id_of<user>{}); }

/// What passes is taken from one user and given to the other.
template <class Number> void note_numbers(const std::vector<const slot*>& changed, receipt& into) {
  for_changed<Number>(changed, [&](const Number* before, const Number* after, slot_fate fate) {
    if (before && after && user_of(*before) != user_of(*after)) {
      if (user_of(*before)) into.numbers.push_back({before->number, user_of(*before), record_action::erased});
      if (user_of(*after)) into.numbers.push_back({after->number, user_of(*after), record_action::inserted});
    } else {
      const auto& number = after ? *after : *before;
      into.numbers.push_back({number.number, user_of(number), action_of(fate)});
    }
  });
}

/// The user a row that S1.4 protects belongs to, or none when the row is not of that sort.
id_of<user> protected_user(const slot& s) {
  const void* row = s.now ? s.now : s.before;
  if (const auto* u = row_as<user>(s, row)) return u->id;
  if (const auto* m = row_as<team_member>(s, row)) return m->user_id;
  if (const auto* e = row_as<extension>(s, row)) return e->user_id;
  if (const auto* d = row_as<device>(s, row)) return d->user_id;
  if (const auto* d = row_as<did>(s, row)) return d->user_id.value_or(id_of<user>{});
  return {};
}

/// Whose seat has moved, with what S1.4 protects of theirs read.
std::set<id_of<user>> holders_of(snapshot& facts, const std::vector<const slot*>& changed) {
  std::set<id_of<user>> holders;
  for_changed<seat>(changed, [&](const seat* before, const seat* after, slot_fate) {
    holders.insert((after ? after : before)->user_id);
  });
  std::erase_if(holders, [&](auto id) { // who came in with this command has nothing to be left untouched
    const auto who = facts.find<&user::id>(id);
    return !who.slot()->before;
  });
  static_cast<void>(facts.each<&team_member::user_id>(holders, [](auto id) { return id; }));
  for (const auto id : holders) {
    static_cast<void>(facts.list<&extension::user_id>(id));
    static_cast<void>(facts.list<&device::user_id>(id));
    static_cast<void>(facts.list<&did::user_id>(std::optional(id)));
  }
  return holders;
}

untouched_digest untouched(snapshot& facts, const std::set<id_of<user>>& holders) {
  std::vector<const slot*> rows;
  for (const auto& s : facts.slots())
    if ((s.before || s.now) && holders.contains(protected_user(s))) rows.push_back(&s);
  std::ranges::sort(rows, {}, [](const slot* s) { return std::pair{s->table->name, std::string_view(s->key)}; });
  const auto digest = [&](auto row_of) {
    hasher sum;
    for (const auto* s : rows)
      if (const void* row = row_of(*s)) {
        sum.add(s->table->name);
        for (const auto& column : s->table->columns) sum.add(column.get(row));
      }
    return bytes{sum.finish()};
  };
  auto before = digest([](const slot& s) { return s.before; });
  // Nothing moved: the same rows have the same digest, which need not be made twice.
  const bool moved = std::ranges::any_of(rows, [](const slot* s) { return s->before != s->now; });
  auto after = moved ? digest([](const slot& s) -> const void* { return s.now; }) : before;
  return {.rows = static_cast<std::int32_t>(rows.size()), .before = std::move(before), .after = std::move(after)};
}

} // namespace

receipt receipt_of(snapshot& facts, const ingredients& with, std::string_view command) {
  receipt out{.command = std::string(command), .at = with.now};
  std::vector<const slot*> changed;
  for (const auto& s : facts.slots())
    if (fate_of(s) != slot_fate::same && in_receipt(s, with)) changed.push_back(&s);
  for (const auto* s : changed) {
    const auto fate = fate_of(*s);
    out.changes.push_back(record_of(*s, fate, with));
    const auto& key = s->table->key;
    if (fate == slot_fate::inserted && key.size() == 1 && s->table->columns[key[0]].name == "id")
      out.created.emplace_back(static_cast<std::uint64_t>(s->table->columns[key[0]].get(s->now).number));
  }
  note_seats(facts, changed, out);
  for_changed<grant>(changed, [&](const grant* before, const grant* after, slot_fate fate) {
    const auto& g = after ? *after : *before;
    out.permissions.push_back({g.scope_id, role_name(facts, g.role_id), action_of(fate)});
  });
  note_numbers<extension>(changed, out);
  note_numbers<did>(changed, out);
  for_changed<message>(changed, [&](const message* before, const message* after, slot_fate) {
    if (!before) out.mail.push_back({after->id, std::string(word(after->kind)), after->language});
  });
  const auto holders = holders_of(facts, changed);
  out.untouched = untouched(facts, holders);
  out.price_differences = price_differences_of(facts, changed, holders);
  return out;
}

} // namespace linecard
