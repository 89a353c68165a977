#include <linecard/rules/replacing.hpp>

#include <linecard/model/package.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/handing_over.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/seats.hpp>

#include <algorithm>

namespace linecard {

namespace {

/// What passes, or returns, between the same two.
struct between {
  snapshot& facts;
  const ingredients& with;
  changes& out;
  const user& former;
  const user& successor;

  [[nodiscard]] fact<seat> seat_of(const user& who, any_id slot) {
    return facts.find<&seat::user_id, &seat::slot>(who.id, slot);
  }
  void note_packages_by_hand() {
    for (const auto* who : {&former, &successor}) note_by_hand(facts, with, out, who->id);
  }
  void move(const fact<device>& phone, const user& to, std::string name) {
    auto moved = *phone;
    out.erase(phone);
    moved.user_id = to.id;
    moved.name = std::move(name);
    out.insert(moved);
  }
};

refusal may_move(snapshot& facts, const ingredients& with, const user& former, const user& successor,
                 std::string_view path) {
  for (const auto* who : {&former, &successor})
    if (auto no = may_manage(facts, with.who, who->identity_id, with.now, path)) return no;
  return also_needs(facts, with, permission::license_assign, path);
}

struct handing : between {
  std::vector<replaced_item> noted{};

  void note(replaced_kind kind, std::string item) { noted.push_back({.kind = kind, .item = std::move(item)}); }
  void note(replaced_kind kind, const seat& held) {
    note(kind, to_text(held.package_id));
    noted.back().held_since = held.since;
    noted.back().by_rule = held.by_rule;
  }

  void numbers() {
    for (const auto& line : facts.list<&extension::user_id>(former.id)) note(replaced_kind::extension, line->number);
    for (const auto& number : facts.list<&did::user_id>(std::optional(former.id)))
      note(replaced_kind::did, number->number);
    pass_numbers(facts, out, former.id, successor.id);
  }

  void devices() {
    std::vector<std::string> taken;
    for (const auto& own : facts.list<&device::user_id>(successor.id)) taken.push_back(own->name);
    const auto phones = facts.list<&device::user_id>(former.id);
    for (const auto& phone : phones) taken.push_back(phone->name); // none is renamed to the name of the next
    for (const auto& phone : phones) {
      auto name = phone->name;
      const auto count = [&] { return std::ranges::count(taken, name); };
      if (count() > 1)
        for (int n = 2; count() > 0; ++n) name = phone->name + "-" + std::to_string(n);
      note(replaced_kind::device, phone->name);
      if (name != phone->name) noted.back().renamed = name, taken.push_back(name);
      move(phone, successor, std::move(name));
    }
  }

  void forwarding() {
    const auto from = facts.find<&team_member::user_id>(former.id),
               to = facts.find<&team_member::user_id>(successor.id);
    if (!from || !from->forwarding_number || !to) return;
    note(replaced_kind::forwarding, *from->forwarding_number);
    if (to->forwarding_number) note(replaced_kind::former_forwarding, *to->forwarding_number);
    out.edit(to).forwarding_number = from->forwarding_number;
    out.edit(from).forwarding_number.reset();
  }

  void packages() {
    for (const auto& held : facts.list<&seat::user_id>(former.id)) {
      note(replaced_kind::package, *held);
      if (const auto own = seat_of(successor, held->slot)) {
        note(replaced_kind::former_package, *own);
        release_seat(facts, out, own);
      }
      const bool base = held->slot == base_slot;
      pass_seat(out, held, successor, with.now);
      if (base) note_packages_by_hand();
    }
  }
};

error moved_since(const std::string& what) {
  return refuse(status::conflict, "moved_since", "/replacement_id",
                what + " is no longer as the replacement left it; what passed can be moved by hand");
}

struct returning : between {
  std::vector<replaced_item> items{};

  [[nodiscard]] const replaced_item* only(replaced_kind kind) const {
    const auto it = std::ranges::find(items, kind, &replaced_item::kind);
    return it == items.end() ? nullptr : &*it;
  }
  template <class Act> refusal each(replaced_kind kind, Act act) {
    for (const auto& item : items)
      if (item.kind == kind)
        if (refusal no = act(item)) return no;
    return std::nullopt;
  }
  [[nodiscard]] static id_of<package> package_of(const replaced_item& item) {
    return id_from_text<package>(item.item).value_or(id_of<package>{});
  }
  [[nodiscard]] any_id slot_of(id_of<package> id) {
    const auto sku = facts.find<&package::id>(id);
    return sku && sku->kind == package_kind::base ? base_slot : any_id{id};
  }

  void settle_package(const replaced_item& item, const user& who) {
    const auto held = seat_of(who, slot_of(package_of(item)));
    auto& back = out.edit(held);
    if (item.held_since) back.since = *item.held_since;
    const auto outcome = facts.find<&assignment::user_id>(who.id);
    back.by_rule = item.by_rule && outcome && outcome->package_id == back.package_id; // the rule stands
    if (back.slot == base_slot) note_packages_by_hand();
  }

  [[nodiscard]] refusal numbers() {
    if (auto no = each(replaced_kind::extension, [&](const replaced_item& item) -> refusal {
          const auto line = facts.find<&extension::tenant_id, &extension::number>(former.tenant_id, item.item);
          if (!line || line->user_id != successor.id) return moved_since("extension " + item.item);
          out.edit(line).user_id = former.id;
          return std::nullopt;
        }))
      return no;
    return each(replaced_kind::did, [&](const replaced_item& item) -> refusal {
      const auto number = facts.find<&did::tenant_id, &did::number>(former.tenant_id, item.item);
      if (!number || number->user_id != successor.id) return moved_since("number " + item.item);
      out.edit(number).user_id = former.id;
      return std::nullopt;
    });
  }

  [[nodiscard]] refusal devices() {
    const auto own = facts.list<&device::user_id>(former.id);
    std::vector<std::pair<fact<device>, std::string>> back;
    if (auto no = each(replaced_kind::device, [&](const replaced_item& item) -> refusal {
          const auto phone =
              facts.find<&device::user_id, &device::name>(successor.id, item.renamed.value_or(item.item));
          const auto taken = [&](const auto& other) { return other->name == item.item; };
          if (!phone || std::ranges::any_of(own, taken)) return moved_since("device \"" + item.item + "\"");
          back.emplace_back(phone, item.item);
          return std::nullopt;
        }))
      return no;
    for (auto& [phone, name] : back) move(phone, former, std::move(name));
    return std::nullopt;
  }

  [[nodiscard]] refusal forwarding() {
    const auto* passed = only(replaced_kind::forwarding);
    if (!passed) return std::nullopt;
    const auto from = facts.find<&team_member::user_id>(former.id),
               to = facts.find<&team_member::user_id>(successor.id);
    if (!from || from->forwarding_number || !to || to->forwarding_number != passed->item)
      return moved_since("forwarding to " + passed->item);
    out.edit(from).forwarding_number = passed->item;
    auto& kept = out.edit(to).forwarding_number;
    kept.reset();
    if (const auto* own = only(replaced_kind::former_forwarding)) kept = own->item;
    return std::nullopt;
  }

  [[nodiscard]] refusal packages() {
    if (auto no = each(replaced_kind::package, [&](const replaced_item& item) -> refusal {
          const auto id = package_of(item);
          const auto passed = seat_of(successor, slot_of(id));
          if (!passed || passed->package_id != id || seat_of(former, slot_of(id))) {
            const auto sku = facts.find<&package::id>(id);
            return moved_since("package \"" + (sku ? sku->name : item.item) + "\"");
          }
          pass_seat(out, passed, former, passed->since);
          settle_package(item, former);
          return std::nullopt;
        }))
      return no;
    return each(replaced_kind::former_package, [&](const replaced_item& item) -> refusal {
      if (auto no = return_seat(facts, with, out, successor, package_of(item), "/replacement_id")) return no;
      settle_package(item, successor);
      return std::nullopt;
    });
  }
};

} // namespace

refusal replace_person::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who, successor;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state == user_state::invited || who->returns_to == user_state::invited)
    return refuse(status::conflict, "not_joined", "/user_id",
                  "who has not joined has nothing to hand over; correct the address or cancel the invitation");
  if (auto no = find_successor(facts, successor_id, user_id, "/successor_id", successor)) return no;
  if (auto no = may_move(facts, with, *who, *successor, "/user_id")) return no;
  if (auto no = may_move_numbers(facts, with, user_id, "/user_id")) return no;

  handing both{{facts, with, out, *who, *successor}};
  both.numbers();
  both.devices();
  both.forwarding();
  if (auto no = rings_elsewhere(facts, *successor, "/successor_id")) return no;
  both.packages();
  const auto days = policy_of(facts, who->tenant_id).undo_days;
  if (both.noted.empty() || days == 0) return std::nullopt; // nothing to take back, or never
  const auto& done = out.insert(replacement{.id = with.new_id<replacement>(),
                                            .tenant_id = who->tenant_id,
                                            .user_id = user_id,
                                            .successor_id = successor_id,
                                            .replaced_at = with.now,
                                            .ends_at = with.now + days * one_day});
  for (auto& item : both.noted) {
    item.replacement_id = done.id;
    item.tenant_id = done.tenant_id;
    out.insert(item);
  }
  return std::nullopt;
}

refusal undo_replacement::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto done = facts.find<&replacement::id>(replacement_id);
  if (!done)
    return refuse(status::not_found, "replacement_unknown", "/replacement_id",
                  "there is no such replacement in this tenant, or it is past undoing");
  if (with.now >= done->ends_at)
    return refuse(status::conflict, "window_over", "/replacement_id",
                  "the time in which it could be undone is over; replace the other way round");
  const auto who = facts.find<&user::id>(done->user_id), successor = facts.find<&user::id>(done->successor_id);
  for (const auto& one : {who, successor})
    if (!one || one->state == user_state::deleted || one->state == user_state::invited)
      return moved_since(one ? "user " + one->first_name + " " + one->last_name : "one of the two users");
  if (auto no = may_move(facts, with, *who, *successor, "/replacement_id")) return no;
  if (auto no = may_move_numbers(facts, with, successor->id, "/replacement_id")) return no;

  returning both{{facts, with, out, *who, *successor}};
  for (const auto& item : facts.list<&replaced_item::replacement_id>(replacement_id)) {
    both.items.push_back(*item);
    out.erase(item);
  }
  if (auto no = both.numbers()) return no;
  if (auto no = both.devices()) return no;
  if (auto no = both.forwarding()) return no;
  for (const auto& one : {who, successor})
    if (auto no = rings_elsewhere(facts, *one, "/replacement_id")) return no;
  if (auto no = both.packages()) return no;
  out.erase(done);
  return std::nullopt;
}

refusal replacements::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  // From the first that is not over: with this end, and the least id there is.
  page part{.after = {as_value(where), as_value(instant{with.now.milliseconds + 1}), integer_value(0)},
            .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) {
    const auto last = facts.find<&replacement::id>(*after);
    if (!last)
      return refuse(status::not_found, "replacement_unknown", "/after", "it was undone, or is over; begin again");
    if (last->ends_at > with.now) part.after = {as_value(where), as_value(last->ends_at), as_value(last->id)};
  }
  auto found = facts.list_page<&replacement::tenant_id, &replacement::ends_at>(part, where);
  if (found.size() == part.limit) { // one row more than asked for shows that there is a next page
    found.pop_back();
    into.next = found.back()->id;
  }
  for (const auto& done : found) {
    auto& row = into.replacements.emplace_back(replacement_row{.replacement_id = done->id,
                                                               .user_id = done->user_id,
                                                               .successor_id = done->successor_id,
                                                               .replaced_at = done->replaced_at,
                                                               .ends_at = done->ends_at});
    for (const auto& item : facts.list<&replaced_item::replacement_id>(done->id))
      row.items.push_back({.kind = item->kind, .item = item->item, .renamed = item->renamed});
  }
  return std::nullopt;
}

} // namespace linecard
