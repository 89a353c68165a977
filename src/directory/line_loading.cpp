#include "line_loading.hpp"

#include "each_row.hpp"

#include <linecard/model/package.hpp>
#include <linecard/model/user.hpp>

#include <algorithm>
#include <unordered_map>

namespace linecard {

namespace {

line_number line_number_of(const did& row) {
  return {.number = row.number,
          .tenant_id = row.tenant_id,
          .use = row.use,
          .user_id = row.user_id.value_or(id_of<user>{}),
          .e911 = row.e911};
}

line line_through(snapshot& facts, const fact<user>& who, feature_numbers& features) {
  const auto holder = who ? holder_of_line(facts, who->id, features) : std::nullopt;
  return holder ? line_of(*holder) : line{};
}

} // namespace

std::optional<line_holder> holder_of_line(snapshot& facts, id_of<user> who, feature_numbers& features) {
  const auto [person, member] = facts.all(by<&user::id>(who), by<&team_member::user_id>(who));
  if (!person) return std::nullopt;
  line_holder out{.id = who,
                  .tenant_id = person->tenant_id,
                  .active = person->state == user_state::active,
                  .external_ref = person->external_ref};
  if (member) out.forwarding = member->forwarding_number;
  for (const auto& e : facts.list<&extension::user_id>(who)) out.extensions.push_back({e->number, e->international});
  std::ranges::sort(out.extensions, {}, &line_extension::number);
  for (const auto& d : facts.list<&did::user_id>(std::optional(who)))
    if (d->use == did_use::direct && d->e911) out.e911 = true;
  for (const auto& held : facts.list<&seat::user_id>(who)) {
    if (held->state != seat_state::used) continue;
    for (const auto& carried : facts.list<&package_feature::package_id>(held->package_id))
      if (entitles(*carried)) out.entitlements.add(features.number_of(carried->feature));
  }
  return out;
}

std::optional<line_number> number_of_line(snapshot& facts, std::string_view e164) {
  const std::string number(e164);
  const auto claim = facts.find<&did_claim::number>(number);
  const auto found = claim ? facts.find<&did::tenant_id, &did::number>(claim->tenant_id, number) : fact<did>{};
  return found ? std::optional(line_number_of(*found)) : std::nullopt;
}

line line_by_number(snapshot& facts, std::string_view e164, feature_numbers& features) {
  const auto number = number_of_line(facts, e164);
  if (!number) return {};
  const auto holder = number->user_id ? holder_of_line(facts, number->user_id, features) : std::nullopt;
  return line_of(*number, holder ? &*holder : nullptr);
}

line line_by_extension(snapshot& facts, id_of<tenant> where, std::string_view number, feature_numbers& features) {
  const auto found = facts.find<&extension::tenant_id, &extension::number>(where, std::string(number));
  const auto holder = found ? holder_of_line(facts, found->user_id, features) : std::nullopt;
  const line_extension asked{std::string(number), found && found->international};
  return holder ? line_of(*holder, &asked) : line{};
}

line line_by_user(snapshot& facts, id_of<user> who, feature_numbers& features) {
  return line_through(facts, facts.find<&user::id>(who), features);
}

line line_by_external_ref(snapshot& facts, id_of<tenant> where, std::string_view ref, feature_numbers& features) {
  const auto who = facts.find<&user::tenant_id, &user::external_ref>(where, std::optional(std::string(ref)));
  return line_through(facts, who, features);
}

/// Rows come in the order of their keys, so those of one user are taken from each table side by side.
void load_lines(transaction& in, feature_numbers& features, lines_view& into) {
  std::unordered_map<std::uint64_t, feature_set> carried;
  each_row<package_feature, &package_feature::package_id, &package_feature::feature, &package_feature::setting>(
      in, [&](const package_feature& row) {
        if (entitles(row)) carried[row.package_id.value].add(features.number_of(row.feature));
      });

  struct entitled_user {
    id_of<user> user_id{};
    id_of<package> package_id{};
  };
  std::vector<entitled_user> seats;
  each_row<seat, &seat::user_id, &seat::package_id, &seat::state>(in, [&](const seat& row) {
    if (row.state == seat_state::used) seats.push_back({row.user_id, row.package_id});
  });
  struct forwarded_user {
    id_of<user> user_id{};
    std::string number{};
  };
  std::vector<forwarded_user> forwarded;
  each_row<team_member, &team_member::user_id, &team_member::forwarding_number>(in, [&](const team_member& row) {
    if (row.forwarding_number) forwarded.push_back({row.user_id, *row.forwarding_number});
  });
  std::vector<extension> extensions;
  each_row<extension, &extension::tenant_id, &extension::number, &extension::user_id, &extension::international>(
      in, [&](const extension& row) { extensions.push_back(row); });
  std::ranges::stable_sort(extensions, {}, &extension::user_id);
  std::vector<line_number> numbers;
  each_row<did, &did::tenant_id, &did::number, &did::use, &did::user_id, &did::e911>(
      in, [&](const did& row) { numbers.push_back(line_number_of(row)); });
  std::vector<id_of<user>> e911;
  for (const auto& n : numbers)
    if (n.e911 && n.use == did_use::direct && n.user_id) e911.push_back(n.user_id);
  std::ranges::sort(e911);

  std::vector<line_holder> people;
  std::size_t seat_at = 0, forwarded_at = 0, extension_at = 0, e911_at = 0, refs = 0;
  each_row<user, &user::id, &user::tenant_id, &user::state, &user::external_ref>(in, [&](const user& row) {
    auto& one = people.emplace_back();
    one.id = row.id, one.tenant_id = row.tenant_id, one.active = row.state == user_state::active;
    one.external_ref = row.external_ref;
    if (one.external_ref) ++refs;
    for (const auto& s : part_of(seats, seat_at, row.id, [](const auto& s) { return s.user_id; }))
      if (const auto has = carried.find(s.package_id.value); has != carried.end()) one.entitlements |= has->second;
    for (const auto& f : part_of(forwarded, forwarded_at, row.id, [](const auto& f) { return f.user_id; }))
      one.forwarding = f.number;
    for (const auto& e : part_of(extensions, extension_at, row.id, [](const auto& e) { return e.user_id; }))
      one.extensions.push_back({e.number, e.international});
    one.e911 = !part_of(e911, e911_at, row.id, [](auto id) { return id; }).empty();
  });

  into.reserve(people.size(), numbers.size(), extensions.size(), refs);
  for (const auto& one : people) into.put(one);
  for (const auto& n : numbers) into.put(n);
}

} // namespace linecard
