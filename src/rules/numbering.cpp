#include <linecard/rules/numbering.hpp>

#include <linecard/rules/attributes.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/guarding.hpp>
#include <linecard/rules/handing_over.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/secrets/source.hpp>

#include <algorithm>

namespace linecard {

namespace {

/// The number after this one, of as many digits; after the last one that has them, the first.
std::string number_after(std::string number) {
  for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      break;
    }
    *digit = '0';
  }
  return number;
}

bool in_range(const number_range& range, std::string_view number) {
  return number.size() == range.first.size() && range.first <= number && number <= range.last;
}

/// The lowest number of the range from `candidate` on that nobody has. Numbers of other lengths lie between in the
/// order of texts and are passed over.
std::optional<std::string> free_from(snapshot& facts, const number_range& range, std::string candidate) {
  if (!in_range(range, candidate)) return std::nullopt;
  if (!facts.find<&extension::tenant_id, &extension::number>(range.tenant_id, candidate)) return candidate;
  page part{.after = {}, .limit = 128};
  std::string cursor = candidate;
  for (bool more = true; more && candidate != range.last;) {
    part.after = {as_value(range.tenant_id), as_value(cursor)};
    const auto taken = facts.list_page<&extension::tenant_id, &extension::number>(part, range.tenant_id);
    more = taken.size() == part.limit;
    for (const auto& other : taken) {
      if (other->number.size() != candidate.size()) continue;
      if (other->number != number_after(candidate)) return number_after(candidate);
      candidate = other->number;
      if (candidate == range.last) break;
    }
    if (more) cursor = taken.back()->number;
  }
  return candidate == range.last ? std::nullopt : std::optional(number_after(candidate));
}

error extension_unknown(std::string_view path) {
  return refuse(status::not_found, "extension_unknown", path, "there is no such extension in this tenant");
}

refusal find_did(snapshot& facts, const ingredients& with, const std::string& number, std::string_view path,
                 fact<did>& into) {
  into = facts.find<&did::tenant_id, &did::number>(with.tenant_id(), number);
  if (into) return std::nullopt;
  return refuse(status::not_found, "did_unknown", path, "there is no such number in this tenant's inventory");
}

error did_in_use(const did& held, std::string_view path) {
  const std::string_view use = held.use == did_use::direct ? "a user's direct number"
                               : held.use == did_use::main ? "a main number of the company's"
                                                           : "in other use";
  return refuse(status::conflict, "did_in_use", path, held.number + " is " + std::string(use) + "; detach it first");
}

} // namespace

refusal find_member(snapshot& facts, id_of<user> user_id, std::string_view path, fact<user>& who,
                    fact<team_member>& into) {
  if (auto no = find_holder(facts, user_id, path, who)) return no;
  into = facts.find<&team_member::user_id>(user_id);
  if (into && who->state != user_state::invited) return std::nullopt;
  return refuse(status::conflict, "not_joined", path, "the user has not joined yet, and has no line until then");
}

std::optional<std::string> next_extension(snapshot& facts, id_of<tenant> where) {
  const auto range = facts.find<&number_range::tenant_id>(where);
  return range ? range->lowest_free : std::nullopt;
}

refusal give_extension(snapshot& facts, changes& out, const user& to, const std::string& number, bool international,
                       std::string_view path) {
  if (const auto held = facts.find<&extension::tenant_id, &extension::number>(to.tenant_id, number))
    return refuse(
        status::conflict, "extension_taken", path,
        "extension " + number +
            (held->user_id == to.id ? " is the user's own already" : " belongs to another user of this tenant"));
  out.insert(extension{.tenant_id = to.tenant_id, .number = number, .user_id = to.id, .international = international});
  const auto range = facts.find<&number_range::tenant_id>(to.tenant_id);
  if (range && range->lowest_free == number) {
    auto next = free_from(facts, *range, number);
    out.edit(range).lowest_free = std::move(next);
  }
  return std::nullopt;
}

void give_next_extension(snapshot& facts, changes& out, const user& to) {
  if (!facts.list<&extension::user_id>(to.id).empty()) return;
  const auto range = facts.find<&number_range::tenant_id>(to.tenant_id);
  if (!range || !range->lowest_free) return;
  // Free, as the range says; and should it be wrong, nobody who joins goes without for it.
  if (!give_extension(facts, out, to, *range->lowest_free, false, "")) return;
  auto next = free_from(facts, *range, *range->lowest_free);
  out.edit(range).lowest_free = next;
  if (next) static_cast<void>(give_extension(facts, out, to, *next, false, ""));
}

void free_extension(snapshot& facts, changes& out, const fact<extension>& held) {
  const auto number = held->number;
  const auto range = facts.find<&number_range::tenant_id>(held->tenant_id);
  out.erase(held);
  if (range && in_range(*range, number) && (!range->lowest_free || number < *range->lowest_free))
    out.edit(range).lowest_free = number;
}

refusal fill_range(snapshot& facts, number_range& wanted, const std::string& path) {
  if (wanted.first.size() != wanted.last.size() || wanted.last < wanted.first)
    return refuse(status::invalid, "range_invalid", path + "/last",
                  "must have as many digits as first and not come before it, such as 2000 to 2999");
  wanted.lowest_free = free_from(facts, wanted, wanted.first);
  return std::nullopt;
}

std::string new_bridge_id(const ingredients& with) {
  // Whoever knows a user's id, or another bridge, does not know this one. Should two meet, the unique index makes the
  // rule run again with other stamps.
  constexpr std::uint64_t all = 9'000'000'000, least = 1'000'000'000;
  return std::to_string(least + with.secrets->scatter(with.ids->stamp()) % all);
}

refusal set_extension_range::decide(snapshot& facts, const ingredients& with, changes& out) const {
  number_range wanted{.tenant_id = with.tenant_id(), .first = first, .last = last};
  if (auto no = fill_range(facts, wanted, "")) return no;
  if (const auto range = facts.find<&number_range::tenant_id>(wanted.tenant_id))
    out.edit(range) = wanted;
  else
    out.insert(wanted);
  return std::nullopt;
}

refusal change_extension::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_member(facts, user_id, "/user_id", who, member)) return no;
  const auto held = facts.list<&linecard::extension::user_id>(user_id);
  auto present = held.begin();
  if (former) {
    present = std::ranges::find(held, *former, [](const auto& e) { return e->number; });
    if (present == held.end())
      return refuse(status::not_found, "extension_unknown", "/former", "the user has no such extension");
  } else if (held.size() > 1) {
    return refuse(status::invalid, "former_needed", "/former",
                  "the user has several extensions; say which one is to be another");
  }
  if (extension && present != held.end() && (*present)->number == *extension) return std::nullopt;
  const bool international = present != held.end() && (*present)->international;
  auto number = extension;
  if (!number) number = next_extension(facts, with.tenant_id());
  if (!number)
    return refuse(status::limit, "no_extension_free", "/extension",
                  std::string(facts.find<&number_range::tenant_id>(with.tenant_id())
                                  ? "every extension of the tenant's range is taken; widen it"
                                  : "the tenant has no range of extensions yet; set one") +
                      " (set_extension_range) or name an extension");
  if (auto no = give_extension(facts, out, *who, *number, international, "/extension")) return no;
  if (present != held.end()) free_extension(facts, out, *present);
  return std::nullopt;
}

refusal release_extension::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto held =
      facts.find<&linecard::extension::tenant_id, &linecard::extension::number>(with.tenant_id(), extension);
  if (!held) return extension_unknown("/extension");
  free_extension(facts, out, held);
  return std::nullopt;
}

refusal set_international::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto held =
      facts.find<&linecard::extension::tenant_id, &linecard::extension::number>(with.tenant_id(), extension);
  if (!held) return extension_unknown("/extension");
  const bool wanted = switched == turned::on;
  if (held->international != wanted) out.edit(held).international = wanted;
  return std::nullopt;
}

refusal add_dids::decide(snapshot& facts, const ingredients& with, changes& out) const {
  for (std::size_t n = 0; n < direct_numbers.size(); ++n) {
    const auto& number = direct_numbers[n];
    if (facts.find<&did::tenant_id, &did::number>(with.tenant_id(), number)) continue;
    if (facts.find<&did_claim::number>(number))
      return refuse(status::conflict, "did_taken", "/direct_numbers/" + std::to_string(n),
                    number + " cannot be added; ask the operator whose it is");
    out.insert(did_claim{.number = number, .tenant_id = with.tenant_id()});
    out.insert(did{.tenant_id = with.tenant_id(), .number = number, .use = did_use::unassigned, .added_at = with.now});
  }
  return std::nullopt;
}

refusal remove_dids::decide(snapshot& facts, const ingredients& with, changes& out) const {
  for (std::size_t n = 0; n < direct_numbers.size(); ++n) {
    const auto path = "/direct_numbers/" + std::to_string(n);
    fact<did> held;
    if (auto no = find_did(facts, with, direct_numbers[n], path, held)) return no;
    if (held->use != did_use::unassigned) return did_in_use(*held, path);
    if (auto no = would_strand(strandings_of(facts, *held), path, "have that forwarding cleared first")) return no;
    drop_attributes(facts, out, *held, said_of::all);
    const auto claim = facts.find<&did_claim::number>(direct_numbers[n]);
    out.erase(claim);
    out.erase(held);
  }
  return std::nullopt;
}

refusal attach_did::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<did> held;
  if (auto no = find_did(facts, with, direct_number, "/direct_number", held)) return no;
  fact<user> who;
  fact<team_member> member;
  if (auto no = find_member(facts, user_id, "/user_id", who, member)) return no;
  if (held->user_id == user_id) return std::nullopt;
  if (held->use != did_use::unassigned) return did_in_use(*held, "/direct_number");
  auto& given = out.edit(held);
  given.use = did_use::direct;
  given.user_id = user_id;
  return rings_elsewhere(facts, *who, "/user_id");
}

refusal use_did::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (use != did_use::main && use != did_use::other)
    return refuse(status::invalid, "use_invalid", "/use",
                  "must be main or other; attach_did and detach_did are for the rest");
  fact<did> held;
  if (auto no = find_did(facts, with, direct_number, "/direct_number", held)) return no;
  if (held->use != did_use::unassigned && held->use != use) return did_in_use(*held, "/direct_number");
  auto& used = out.edit(held);
  used.use = use;
  if (label) used.label = *label;
  return std::nullopt;
}

refusal detach_did::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<did> held;
  if (auto no = find_did(facts, with, direct_number, "/direct_number", held)) return no;
  if (held->use == did_use::unassigned) return std::nullopt;
  auto hanging = strandings_of(facts, *held);
  std::erase_if(hanging, [](const auto& row) { return row.kind == stranding_kind::did; }); // that it goes is wanted
  if (!release_numbers)
    if (auto no = would_strand(hanging, "/release_numbers", "give release_numbers to detach it all the same"))
      return no;
  if (held->e911)
    if (auto no = also_needs(facts, with, permission::e911_manage, "/release_numbers")) return no;
  release_number(facts, out, held);
  return std::nullopt;
}

refusal set_e911::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<did> held;
  if (auto no = find_did(facts, with, direct_number, "/direct_number", held)) return no;
  const bool wanted = switched == turned::on;
  if (wanted && held->use == did_use::unassigned)
    return refuse(status::conflict, "did_unassigned", "/direct_number",
                  "nobody calls from an unassigned number; attach it first");
  if (held->e911 != wanted) out.edit(held).e911 = wanted;
  return std::nullopt;
}

refusal dids::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after && use) // the index, then the key
    part.after = {as_value(where), as_value(*use), as_value(*after), as_value(where), as_value(*after)};
  if (after && !use) part.after = {as_value(where), as_value(*after)};
  auto found = use ? facts.list_page<&did::tenant_id, &did::use>(part, where, *use)
                   : facts.list_page<&did::tenant_id>(part, where);
  if (found.size() == part.limit) { // one row more than asked for shows that there is a next page
    found.pop_back();
    into.next = found.back()->number;
  }
  for (const auto& held : found)
    into.dids.push_back({held->number, held->use, held->user_id, held->label, held->e911, held->added_at});
  return std::nullopt;
}

refusal extensions::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto where = with.tenant_id();
  if (const auto range = facts.find<&number_range::tenant_id>(where)) {
    into.first = range->first, into.last = range->last;
    into.lowest_free = range->lowest_free;
  }
  page part{.after = {}, .limit = static_cast<std::uint32_t>(limit) + 1};
  if (after) part.after = {as_value(where), as_value(*after)};
  auto found = facts.list_page<&extension::tenant_id>(part, where);
  if (found.size() == part.limit) {
    found.pop_back();
    into.next = found.back()->number;
  }
  for (const auto& held : found) into.extensions.push_back({held->number, held->user_id, held->international});
  return std::nullopt;
}

} // namespace linecard
