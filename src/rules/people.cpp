#include <linecard/rules/people.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/rules/attributes.hpp>
#include <linecard/rules/editing.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/email.hpp>
#include <linecard/text/fold.hpp>

#include <algorithm>
#include <map>

namespace linecard {

namespace {

constexpr std::uint32_t stretch = 256; // users read at a time: few enough to waste little on a narrow search

/// Of any time: the list marks whom the role was given, also who holds it from tomorrow on.
fact<grant> administrator_mark(snapshot& facts, const user& who) {
  return facts.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(who.identity_id, any_id{who.tenant_id},
                                                                            role_id_of(built_in_role::administrator));
}

user_row row_of(snapshot& facts, const user& who, const identity& login, const fact<seat>& held, bool administrator) {
  user_row row{.user_id = who.id,
               .name = who.first_name + " " + who.last_name,
               .initials = text::initials(who.first_name, who.last_name),
               .email = login.email,
               .package = std::string(unassigned),
               .state = who.state,
               .administrator = administrator,
               .external_ref = who.external_ref};
  if (held) {
    const auto sku = facts.find<&package::id>(held->package_id);
    row.package = sku ? sku->name : to_text(held->package_id);
    row.package_id = held->package_id;
  }
  return row;
}

/// What a row must hold: `folded` in a name or the address, or be among those found by a field of the host's.
struct wanted_users {
  std::string folded{};
  std::vector<id_of<user>> by_attribute{};

  [[nodiscard]] bool has(const user& who, const identity& login) const {
    if (folded.empty()) return true;
    const auto name = text::fold(who.first_name + " " + who.last_name);
    return name.find(folded) != std::string::npos || text::fold(login.email).find(folded) != std::string::npos ||
           std::ranges::binary_search(by_attribute, who.id);
  }
};

/// The users' rows of one stretch, every kind of row asked for at once.
void append_rows(snapshot& facts, const std::vector<fact<user>>& some, const wanted_users& wanted, std::size_t limit,
                 users_answer& into) {
  const auto logins = facts.each<&identity::id>(some, [](const auto& u) { return u->identity_id; });
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < some.size() && into.users.size() + chosen.size() < limit; ++i)
    if (some[i]->state != user_state::deleted && logins[i] && wanted.has(*some[i], *logins[i])) chosen.push_back(i);

  using seat_key = by<&seat::user_id, &seat::slot>;
  using role_key = by<&grant::identity_id, &grant::scope_id, &grant::role_id>;
  std::vector<seat_key> seats;
  std::vector<role_key> roles;
  for (const auto i : chosen) {
    seats.emplace_back(some[i]->id, base_slot);
    roles.emplace_back(some[i]->identity_id, any_id{some[i]->tenant_id}, role_id_of(built_in_role::administrator));
  }
  const auto held = facts.find_each(std::span<const seat_key>(seats));
  const auto granted = facts.find_each(std::span<const role_key>(roles));
  for (std::size_t n = 0; n < chosen.size(); ++n)
    into.users.push_back(row_of(facts, *some[chosen[n]], *logins[chosen[n]], held[n], static_cast<bool>(granted[n])));
}

std::vector<device_entry> devices_of(snapshot& facts, id_of<user> whose) {
  std::vector<device_entry> out;
  for (const auto& phone : facts.list<&device::user_id>(whose))
    out.push_back({phone->name, phone->description, phone->model, phone->mac});
  return out;
}

} // namespace

refusal users::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  wanted_users sought{.folded = text::fold(search.value_or("")), .by_attribute = {}};
  if (!sought.folded.empty()) sought.by_attribute = users_with_attribute(facts, where, sought.folded);
  const auto wanted = static_cast<std::size_t>(limit);
  page part{.after = {}, .limit = sought.folded.empty() ? static_cast<std::uint32_t>(limit) + 1 : stretch};
  fact<user> last;
  if (after) {
    if (auto no = find_holder(facts, *after, "/after", last)) return no;
  }
  while (into.users.size() <= wanted) {
    if (last) part.after = {as_value(where), as_value(last->sort_name), as_value(last->id)};
    const auto some = facts.list_page<&user::tenant_id, &user::sort_name>(part, where);
    append_rows(facts, some, sought, wanted + 1, into);
    if (some.size() < part.limit) break;
    last = some.back();
  }
  if (into.users.size() > wanted) { // one row more than asked for shows that there is a next page
    into.users.pop_back();
    into.next = into.users.back().user_id;
  }
  for (const auto& pool : facts.list<&seat_pool::tenant_id>(where)) {
    const auto free = pool->purchased - pool->used - pool->reserved;
    if (free <= 0) continue;
    const auto sku = facts.find<&package::id>(pool->package_id);
    into.unused.push_back({.package_id = pool->package_id, .name = sku ? sku->name : "", .free = free});
  }
  return std::nullopt;
}

refusal find_user::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (user_id.has_value() + email.has_value() + external_ref.has_value() + extension.has_value() +
          direct_number.has_value() !=
      1)
    return refuse(status::invalid, "one_key_needed", "",
                  "give exactly one of user_id, email, external_ref, extension and direct_number");
  const auto where = with.tenant_id();
  fact<user> who;
  fact<identity> login;
  if (user_id) who = facts.find<&user::id>(*user_id);
  if (external_ref) who = facts.find<&user::tenant_id, &user::external_ref>(where, external_ref);
  if (email && (login = facts.find<&identity::email>(text::email_key(*email))))
    who = facts.find<&user::member_id, &user::tenant_id>(login->id, where);
  if (extension)
    if (const auto held = facts.find<&linecard::extension::tenant_id, &linecard::extension::number>(where, *extension))
      who = facts.find<&user::id>(held->user_id);
  if (direct_number)
    if (const auto held = facts.find<&did::tenant_id, &did::number>(where, *direct_number); held && held->user_id)
      who = facts.find<&user::id>(*held->user_id);
  if (!who || who->state == user_state::deleted)
    return refuse(status::not_found, "user_unknown",
                  user_id        ? "/user_id"
                  : email        ? "/email"
                  : external_ref ? "/external_ref"
                  : extension    ? "/extension"
                                 : "/direct_number",
                  "there is no such user in this tenant");

  login = facts.find<&identity::id>(who->identity_id);
  into.user_id = who->id;
  into.state = who->state;
  into.first_name = who->first_name;
  into.last_name = who->last_name;
  into.email = login ? login->email : "";
  into.language = who->language;
  into.administrator = static_cast<bool>(administrator_mark(facts, *who));
  into.external_ref = who->external_ref;
  into.created_at = who->created_at;
  into.package = unassigned;
  std::map<std::string, std::string> features;
  for (const auto& held : facts.list<&seat::user_id>(who->id)) {
    if (held->slot == base_slot) {
      const auto sku = facts.find<&package::id>(held->package_id);
      into.package = sku ? sku->name : to_text(held->package_id);
      into.package_id = held->package_id;
    } else {
      into.add_ons.push_back(held->package_id);
    }
    if (held->state == seat_state::used)
      for (const auto& carried : facts.list<&package_feature::package_id>(held->package_id))
        features.emplace(carried->feature, carried->setting);
  }
  for (const auto& [feature, setting] : features) into.features.push_back({feature, setting});
  const auto member = facts.find<&team_member::user_id>(who->id);
  into.version = version_of(who, member);
  if (member) {
    into.team_role = member->team_role;
    into.time_zone = member->time_zone;
    into.mobile = member->mobile;
    into.forwarding_number = member->forwarding_number;
    into.bridge_id = member->bridge_id;
    into.voicemail_pin_set = member->voicemail_pin.has_value();
  }
  for (const auto& own : facts.list<&did::user_id>(std::optional(who->id))) into.direct_numbers.push_back(own->number);
  for (const auto& line : facts.list<&linecard::extension::user_id>(who->id)) into.extensions.push_back(line->number);
  into.devices = devices_of(facts, who->id);
  into.attributes = attributes_of(facts, *who);
  return std::nullopt;
}

refusal own_line::ask(snapshot& facts, const ingredients& with, answer& into) const {
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_oneself(facts, with, who, member)) return no;
  into.user_id = who->id;
  into.first_name = who->first_name;
  into.last_name = who->last_name;
  into.email = facts.find<&identity::id>(who->identity_id)->email;
  into.language = who->language;
  into.time_zone = member->time_zone;
  into.mobile = member->mobile;
  into.forwarding_number = member->forwarding_number;
  into.screening = member->forwarding_number.has_value();
  into.voicemail_pin_set = member->voicemail_pin.has_value();
  into.bridge_id = member->bridge_id;
  for (const auto& e : facts.list<&linecard::extension::user_id>(who->id))
    into.extensions.push_back({e->number, e->user_id, e->international});
  for (const auto& d : facts.list<&did::user_id>(std::optional(who->id)))
    into.dids.push_back({d->number, d->use, d->user_id, d->label, d->e911, d->added_at});
  into.devices = devices_of(facts, who->id);
  into.version = version_of(who, member);
  return std::nullopt;
}

} // namespace linecard
