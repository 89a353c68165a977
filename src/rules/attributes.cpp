#include <linecard/rules/attributes.hpp>

#include <linecard/model/line.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/fold.hpp>
#include <linecard/text/time.hpp>

#include <algorithm>
#include <charconv>

namespace linecard {

namespace {

bool is_integer(std::string_view s) {
  std::int64_t n = 0;
  const auto [end, flaw] = std::from_chars(s.data(), s.data() + s.size(), n);
  return flaw == std::errc{} && end == s.data() + s.size() && std::to_string(n) == s;
}

/// Nothing when `content` is written as the type wants it; else what would be accepted.
std::string_view flaw_of(attribute_type type, const std::string& content) {
  switch (type) {
  case attribute_type::integer:
    return is_integer(content) ? "" : "must be a whole number of 64 bits such as 42";
  case attribute_type::boolean:
    return content == "true" || content == "false" ? "" : "must be true or false";
  case attribute_type::date:
    return content.size() == 10 && text::parse_rfc3339(content + "T00:00:00Z") ? ""
                                                                               : "must be a date such as 2026-11-22";
  case attribute_type::text:
    break;
  }
  return "";
}

/// What an attribute stands on.
struct holder {
  id_of<tenant> tenant_id{};
  attribute_owner owner{};
  std::string subject{};
  std::optional<id_of<user>> user_id{};
};

holder holder_of(const user& who) { return {who.tenant_id, attribute_owner::user, to_text(who.id), who.id}; }

refusal set_entries(snapshot& facts, changes& out, const holder& on, const std::vector<attribute_entry>& entries) {
  for (std::size_t n = 0; n < entries.size(); ++n) {
    const auto& [name, content] = entries[n];
    const auto path = "/entries/" + std::to_string(n);
    if (std::ranges::count(entries, name, &attribute_entry::name) > 1)
      return refuse(status::invalid, "name_repeated", path + "/name", "\"" + name + "\" is given twice; give it once");
    if (auto no = acceptable_value(facts, on.owner, name, content, path)) return no;
    const auto held = facts.find<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::subject,
                                 &attribute_value::name>(on.tenant_id, on.owner, on.subject, name);
    if (!content) {
      if (held) out.erase(held);
    } else if (held) {
      auto& said = out.edit(held);
      said.content = *content;
      said.user_id = on.user_id;
    } else {
      out.insert(attribute_value{.tenant_id = on.tenant_id,
                                 .owner = on.owner,
                                 .subject = on.subject,
                                 .name = name,
                                 .content = *content,
                                 .user_id = on.user_id});
    }
  }
  return std::nullopt;
}

holder holder_of(const did& number) { return {number.tenant_id, attribute_owner::did, number.number, number.user_id}; }

std::vector<attribute_entry> entries_of(snapshot& facts, const holder& on) {
  std::vector<attribute_entry> out;
  for (const auto& v : facts.list<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::subject>(
           on.tenant_id, on.owner, on.subject))
    out.push_back({v->name, v->content});
  return out;
}

refusal find_number(snapshot& facts, id_of<tenant> where, const std::string& number, fact<did>& into) {
  into = facts.find<&did::tenant_id, &did::number>(where, number);
  if (into) return std::nullopt;
  return refuse(status::not_found, "did_unknown", "/direct_number",
                "there is no such number in this tenant's inventory");
}

} // namespace

refusal acceptable_value(snapshot& facts, attribute_owner owner, const std::string& name,
                         const std::optional<std::string>& content, const std::string& path) {
  const auto declared = facts.find<&attribute::owner, &attribute::name>(owner, name);
  if (!declared)
    return refuse(status::not_found, "attribute_unknown", path + "/name",
                  "\"" + name + "\" is not declared for a " + std::string(word(owner)));
  const auto flaw = content ? flaw_of(declared->type, *content) : std::string_view{};
  if (flaw.empty()) return std::nullopt;
  return refuse(status::invalid, "content_invalid", path + "/content", "content " + std::string(flaw));
}

refusal declare_attribute::decide(snapshot& facts, const ingredients&, changes& out) const {
  if (searched && owner != attribute_owner::user)
    return refuse(status::invalid, "search_of_users", "/searched", "only users are searched; declare it unsearched");
  const attribute wanted{.owner = owner, .name = name, .type = type, .searched = searched, .about = description};
  const auto known = facts.find<&attribute::owner, &attribute::name>(owner, name);
  if (!known) {
    out.insert(wanted);
    return std::nullopt;
  }
  if (known->type != type)
    return refuse(status::conflict, "type_fixed", "/type",
                  "it is declared as " + std::string(word(known->type)) + "; values of that type may exist");
  out.edit(known) = wanted;
  return std::nullopt;
}

refusal set_user_attributes::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (auto no = may_manage(facts, with.who, who->identity_id, with.now, "/user_id")) return no;
  return set_entries(facts, out, holder_of(*who), entries);
}

refusal set_did_attributes::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<did> number;
  if (auto no = find_number(facts, with.tenant_id(), direct_number, number)) return no;
  return set_entries(facts, out, holder_of(*number), entries);
}

refusal set_tenant_attributes::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return set_entries(facts, out, {with.tenant_id(), attribute_owner::tenant, "", {}}, entries);
}

refusal attributes::ask(snapshot& facts, const ingredients&, answer& into) const {
  for (const auto& a : facts.list<&attribute::owner>())
    into.attributes.push_back({a->owner, a->name, a->type, a->searched, a->about});
  return std::nullopt;
}

refusal attribute_values::ask(snapshot& facts, const ingredients& with, answer& into) const {
  if (user_id && direct_number)
    return refuse(status::invalid, "one_key_needed", "", "give user_id, or direct_number, or neither for the tenant");
  holder on{with.tenant_id(), attribute_owner::tenant, "", {}};
  if (user_id) {
    fact<user> who;
    if (auto no = find_holder(facts, *user_id, "/user_id", who)) return no;
    on = holder_of(*who);
  } else if (direct_number) {
    fact<did> number;
    if (auto no = find_number(facts, with.tenant_id(), *direct_number, number)) return no;
    on = holder_of(*number);
  }
  into.entries = entries_of(facts, on);
  return std::nullopt;
}

std::vector<attribute_entry> attributes_of(snapshot& facts, const user& who) {
  return entries_of(facts, holder_of(who));
}

std::vector<id_of<user>> users_with_attribute(snapshot& facts, id_of<tenant> where, std::string_view folded) {
  std::vector<id_of<user>> found;
  for (const auto& a : facts.list<&attribute::owner>(attribute_owner::user)) {
    if (!a->searched) continue;
    for (const auto& v : facts.list<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::name>(
             where, attribute_owner::user, a->name))
      if (text::fold(v->content).find(folded) != std::string::npos) found.push_back(v->user_id.value_or(id_of<user>{}));
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void drop_attributes(snapshot& facts, changes& out, const did& number, said_of which) {
  for (const auto& v : facts.list<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::subject>(
           number.tenant_id, attribute_owner::did, number.number))
    if (which == said_of::all || v->user_id) out.erase(v);
}

void drop_attributes(snapshot& facts, changes& out, id_of<user> about) {
  for (const auto& v : facts.list<&attribute_value::user_id>(std::optional(about))) out.erase(v);
}

} // namespace linecard
