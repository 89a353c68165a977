#include <linecard/model/vocabulary.hpp>

#include <linecard/text/utf8.hpp>

#include <algorithm>
#include <string>

namespace linecard {

namespace {

/// The message begins with where the flaw is, "mobile" or "direct_numbers/3", so that of many entries one is named.
refusal flawed(std::string_view name, std::string_view path, std::string_view slug, std::string message) {
  return refuse(status::invalid, std::string(name) + std::string(slug), path,
                std::string(path.substr(1)) + " " + std::move(message));
}

refusal check_text(const term& t, std::string_view s, std::string_view path) {
  const auto too_long = [&] {
    return flawed(t.name, path, "_invalid",
                  "must be UTF-8 text of at most " + std::to_string(t.longest) + " characters");
  };
  if (s.empty())
    return flawed(t.name, path, "_missing",
                  "is missing or empty; give text of at most " + std::to_string(t.longest) + " characters");
  // The size first: nothing below walks a text that is far too long.
  if (s.size() > std::size_t{t.longest} * 4 || !text::valid_utf8(s)) return too_long();
  if (const auto no = t.flaw ? t.flaw(s) : std::string_view{}; !no.empty())
    return flawed(t.name, path, "_invalid", std::string(no));
  return text::code_points(s) > t.longest ? too_long() : refusal{};
}

refusal check_integer(const term& t, std::int64_t n, std::string_view path) {
  if (n == not_given) return flawed(t.name, path, "_missing", "is missing; give a number");
  if (t.least == t.most || (n >= t.least && n <= t.most)) return std::nullopt;
  return flawed(t.name, path, "_invalid",
                t.most == INT64_MAX ? "must be at least " + std::to_string(t.least)
                                    : "must be from " + std::to_string(t.least) + " to " + std::to_string(t.most));
}

/// Search may be empty, and so may what nobody must give: descriptions, and sources of tries; everything else given
/// must hold something.
bool may_be_empty(std::string_view name) { return name == "search" || name == "description" || name == "source"; }

bool must_hold_something(std::string_view list) {
  return list == "user_ids" || list == "direct_numbers" || list == "activities";
}

std::string choices_of(const type_info& type) {
  std::string choices;
  for (const auto& w : type.words)
    choices += (choices.empty() ? "" : &w == &type.words.back() ? " or " : ", ") + std::string(w);
  return choices;
}

refusal check_scalar(const term& t, const type_info& type, const value& v, std::string_view path) {
  if (v.is_null()) return std::nullopt;
  switch (type.shape) {
  case form::text:
    return v.number == 0 && may_be_empty(t.name) ? refusal{} : check_text(t, v.bytes(), path);
  case form::integer:
    return check_integer(t, v.number, path);
  case form::id:
    return v.number != 0 ? refusal{}
                         : flawed(t.name, path, "_missing",
                                  "is missing; give an id that begins with \"" + std::string(type.tag.prefix) + "_\"");
  case form::word:
    return v.number != 0 ? refusal{} : flawed(t.name, path, "_missing", "is missing; give " + choices_of(type));
  default:
    return std::nullopt;
  }
}

/// What was given, never in a message.
refusal check_secret(const term& t, const field& f, const void* member, std::string_view path) {
  const secret_text* given = f.nullable ? nullptr : static_cast<const secret_text*>(member);
  if (f.nullable)
    if (const auto& maybe = *static_cast<const std::optional<secret_text>*>(member)) given = &*maybe;
  return given ? check_text(t, given->reveal(), path) : refusal{};
}

bool given_empty(const field& f, const void* object) {
  if (f.type->shape == form::text) {
    const auto v = f.get(object);
    return !v.is_null() && v.bytes().empty();
  }
  if (f.type->shape != form::secret || !f.nullable) return false;
  const auto& maybe = *static_cast<const std::optional<secret_text>*>(f.in(object));
  return maybe && maybe->reveal().empty();
}

refusal check_list(const term& t, const field& f, const void* list, const std::string& path) {
  const auto& element = *f.type->element;
  const auto size = f.type->count(list);
  const std::size_t longest = most_entries(t, *f.type);
  if (longest != 0 && size > longest)
    return flawed(t.name, path, "_invalid", "must have at most " + std::to_string(longest) + " entries");
  if (size == 0 && must_hold_something(t.name))
    return flawed(t.name, path, "_missing", "is missing; give at least one");
  for (std::size_t i = 0; i < size; ++i) {
    const void* item = f.type->at(list, i);
    const auto at = path + "/" + std::to_string(i);
    if (auto no = element.shape == form::object ? validate(element.members, item, at)
                                                : check_scalar(t, element, element.get(item), at))
      return no;
  }
  return std::nullopt;
}

} // namespace

bool can_be_cleared(std::span<const field> members, std::string_view name) {
  return std::ranges::any_of(members, [&](const field& f) {
    return f.name == "clear" && f.type->shape == form::list &&
           std::ranges::find(f.type->element->words, name) != f.type->element->words.end();
  });
}

const term* term_named(std::string_view name) {
  const auto terms = vocabulary();
  const auto it = std::ranges::lower_bound(terms, name, {}, &term::name);
  return it != terms.end() && it->name == name ? &*it : nullptr;
}

std::uint32_t most_entries(const term& said, const type_info& list) {
  return list.element->shape == form::text ? 200 : said.longest; // of a text list, `longest` limits each text
}

refusal validate(std::span<const field> members, const void* object, std::string_view path) {
  for (const auto& f : members) {
    const auto* t = term_named(f.name);
    const auto at = std::string(path) + "/" + std::string(f.name);
    if (!t) return refuse(status::internal, "vocabulary_gap", at, std::string(f.name) + " is not in the vocabulary");
    const void* member = f.in(object);
    refusal no;
    if (given_empty(f, object) && can_be_cleared(members, f.name))
      no = flawed(f.name, at, "_missing", "is empty; list \"" + std::string(f.name) + "\" in clear to empty it");
    else if (f.type->shape == form::list)
      no = check_list(*t, f, member, at);
    else if (f.type->shape == form::object)
      no = validate(f.type->members, member, at);
    else if (f.type->shape == form::secret)
      no = check_secret(*t, f, member, at);
    else
      no = check_scalar(*t, *f.type, f.get(object), at);
    if (no) return no;
  }
  return std::nullopt;
}

} // namespace linecard
