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
          .e911 = row.e911,
          .label = row.label};
}

/// `own`: a direct number of the holder's; they come in any order.
void note_number(line_holder& holder, const std::string& own, bool e911) {
  const auto lower = [&](std::optional<std::string>& least) {
    if (!least || own < *least) least = own;
  };
  lower(holder.caller_id);
  if (e911) lower(holder.e911_caller_id);
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
    if (d->use == did_use::direct) note_number(out, d->number, d->e911);
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

namespace {

struct all_lines {
  std::vector<line_holder> people{}; ///< ascending
  std::vector<line_number> numbers{};
  std::size_t extensions{}, refs{};
};

template <class T, class Of> void order(std::vector<T>& rows, Of of) {
  if (!std::ranges::is_sorted(rows, {}, of)) std::ranges::stable_sort(rows, {}, of);
}

/// `rows` is (member that tells the tenant, columns..., taker): all rows of a table, or those of some tenants. Those of
/// one user are taken from each table side by side.
template <class Rows> all_lines gather(transaction& in, feature_numbers& features, const Rows& rows) {
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
  rows.template each<seat, &seat::tenant_id, &seat::user_id, &seat::package_id, &seat::state>([&](const seat& row) {
    if (row.state == seat_state::used) seats.push_back({row.user_id, row.package_id});
  });
  order(seats, &entitled_user::user_id);
  struct forwarded_user {
    id_of<user> user_id{};
    std::string number{};
  };
  std::vector<forwarded_user> forwarded;
  rows.template each<team_member, &team_member::tenant_id, &team_member::user_id, &team_member::forwarding_number>(
      [&](const team_member& row) {
        if (row.forwarding_number) forwarded.push_back({row.user_id, *row.forwarding_number});
      });
  order(forwarded, &forwarded_user::user_id);
  std::vector<extension> extensions;
  rows.template each<extension, &extension::tenant_id, &extension::number, &extension::user_id,
                     &extension::international>([&](const extension& row) { extensions.push_back(row); });
  order(extensions, &extension::user_id);

  all_lines out;
  rows.template each<did, &did::tenant_id, &did::number, &did::use, &did::user_id, &did::label, &did::e911>(
      [&](const did& row) { out.numbers.push_back(line_number_of(row)); });
  struct own_number {
    id_of<user> user_id{};
    std::size_t at{};
  };
  std::vector<own_number> direct;
  for (std::size_t n = 0; n < out.numbers.size(); ++n)
    if (out.numbers[n].use == did_use::direct && out.numbers[n].user_id) direct.push_back({out.numbers[n].user_id, n});
  order(direct, &own_number::user_id);

  rows.template each<user, &user::tenant_id, &user::id, &user::state, &user::external_ref>([&](const user& row) {
    auto& one = out.people.emplace_back();
    one.id = row.id, one.tenant_id = row.tenant_id, one.active = row.state == user_state::active;
    one.external_ref = row.external_ref;
    if (one.external_ref) ++out.refs;
  });
  order(out.people, &line_holder::id);
  out.extensions = extensions.size();
  std::size_t seat_at = 0, forwarded_at = 0, extension_at = 0, direct_at = 0;
  for (auto& one : out.people) {
    for (const auto& s : part_of(seats, seat_at, one.id, &entitled_user::user_id))
      if (const auto has = carried.find(s.package_id.value); has != carried.end()) one.entitlements |= has->second;
    for (const auto& f : part_of(forwarded, forwarded_at, one.id, &forwarded_user::user_id)) one.forwarding = f.number;
    for (const auto& e : part_of(extensions, extension_at, one.id, &extension::user_id))
      one.extensions.push_back({e.number, e.international});
    std::ranges::sort(one.extensions, {}, &line_extension::number);
    for (const auto& d : part_of(direct, direct_at, one.id, &own_number::user_id))
      note_number(one, out.numbers[d.at].number, out.numbers[d.at].e911);
  }
  return out;
}

void put(const all_lines& lines, lines_view& into) {
  into.reserve(lines.people.size(), lines.numbers.size(), lines.extensions, lines.refs);
  for (const auto& one : lines.people) into.put(one);
  for (const auto& n : lines.numbers) into.put(n);
}

struct whole_tables {
  transaction& in;
  template <class T, auto Of, auto... C, class Take> void each(Take take) const {
    each_row<T, Of, C...>(in, std::move(take));
  }
};

struct rows_of_tenants {
  transaction& in;
  std::span<const id_of<tenant>> tenants{};
  template <class T, auto Of, auto... C, class Take> void each(Take take) const {
    each_row_of<T, Of, Of, C...>(in, tenants, std::move(take));
  }
};

} // namespace

void load_lines(transaction& in, feature_numbers& features, lines_view& into) {
  put(gather(in, features, whole_tables{in}), into);
}

void reload_lines(transaction& in, std::vector<id_of<tenant>> tenants, const line_shard_set& shards,
                  feature_numbers& features, lines_view& into) {
  std::ranges::sort(tenants);
  tenants.erase(std::unique(tenants.begin(), tenants.end()), tenants.end());
  const auto lines = gather(in, features, rows_of_tenants{in, tenants});
  put(lines, into);
  into.forget_others(lines.people, lines.numbers, [&](id_of<tenant> where) {
    return shards[static_cast<std::size_t>(shard_of(where))] || std::ranges::binary_search(tenants, where);
  });
}

} // namespace linecard
