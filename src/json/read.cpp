#include <linecard/json.hpp>

#include <linecard/model/vocabulary.hpp>
#include <linecard/text/time.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

namespace linecard {

namespace {

namespace bj = boost::json;

/// A key as one step of a JSON pointer (RFC 6901). What could be no field's name is not repeated, so that the path is
/// the object's: it may be a secret in the wrong place.
std::string step(std::string_view key) {
  constexpr std::size_t longest = 32;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  const bool is_name =
      !key.empty() && key.size() <= longest && is_letter(key.front()) && std::ranges::all_of(key, fits);
  return is_name ? "/" + std::string(key) : std::string{};
}

/// How a message begins: "mobile" or "entries/0/content", as validation says it.
std::string named(const std::string& path) { return path.empty() ? "the request" : path.substr(1); }

refusal wrong_type(const std::string& path, std::string_view wanted) {
  return refuse(status::invalid, "wrong_type", path, named(path) + " must be " + std::string(wanted));
}

std::string_view wanted(const type_info& type) {
  switch (type.shape) {
  case form::boolean:
    return "true or false";
  case form::integer:
    return "an integer, or a string of its digits";
  case form::instant:
    return "an RFC 3339 time such as \"2026-11-21T20:31:00Z\"";
  case form::blob:
    return "a string of hexadecimal digits";
  case form::list:
    return "an array";
  case form::object:
    return "an object";
  default:
    return "a string";
  }
}

refusal read_id(std::string_view text, const type_info& type, std::int64_t& into, const std::string& path) {
  const auto raw = parse_id(text);
  const auto expected = "must be an id that begins with \"" + std::string(type.tag.prefix) + "_\"";
  if (!raw)
    return refuse(status::invalid, "wrong_type", path,
                  named(path) + " " + (type.shape == form::id ? expected : "must be an id"));
  if (type.shape == form::id && id_kind(*raw) != type.tag.number)
    return refuse(status::wrong_kind, "wrong_kind", path,
                  named(path) + " " + expected + ", not with \"" + std::string(tag_numbered(id_kind(*raw)).prefix) +
                      "_\"");
  into = static_cast<std::int64_t>(*raw);
  return std::nullopt;
}

bool read_integer(const bj::value& from, std::int64_t& into) {
  if (from.is_int64()) return into = from.get_int64(), true;
  if (!from.is_string()) return false;
  const auto& s = from.get_string();
  const auto end = s.data() + s.size();
  const auto [at, flaw] = std::from_chars(s.data(), end, into);
  return flaw == std::errc{} && at == end && !s.empty();
}

bool read_hex(std::string_view digits, std::string& into) {
  if (digits.size() % 2 != 0) return false;
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
    if (high < 0 || low < 0) return false;
    into += static_cast<char>(high << 4 | low);
  }
  return true;
}

/// `set` is the field's or the list element's own.
refusal read_scalar(const bj::value& from, const type_info& type, bool (*set)(void*, const value&), void* into,
                    const std::string& path) {
  const auto bad = [&] { return wrong_type(path, wanted(type)); };
  std::int64_t number = 0;
  if (type.shape == form::boolean) {
    if (!from.is_bool()) return bad();
    return set(into, integer_value(from.get_bool() ? 1 : 0)) ? refusal{} : bad();
  }
  if (type.shape == form::integer) {
    if (!read_integer(from, number)) return bad();
    if (set(into, integer_value(number))) return std::nullopt;
    return refuse(status::invalid, "wrong_type", path,
                  named(path) + " must be an integer from " + std::to_string(type.least) + " to " +
                      std::to_string(type.most));
  }
  if (!from.is_string()) return bad();
  const std::string_view s{from.get_string().data(), from.get_string().size()};
  if (type.shape == form::id || type.shape == form::any_id) {
    if (auto no = read_id(s, type, number, path)) return no;
    return set(into, integer_value(number)) ? refusal{} : bad();
  }
  if (type.shape == form::instant) {
    const auto at = text::parse_rfc3339(s);
    return at && set(into, integer_value(*at)) ? refusal{} : bad();
  }
  if (type.shape == form::blob) {
    std::string raw;
    return read_hex(s, raw) && set(into, blob_value(raw)) ? refusal{} : bad();
  }
  if (set(into, text_value(s))) return std::nullopt;
  std::string choices;
  for (const auto& w : type.words) choices += (choices.empty() ? "" : ", ") + std::string(w);
  return refuse(status::invalid, "word_unknown", path, named(path) + " must be one of " + choices);
}

refusal read(const bj::value& from, const type_info& type, void* into, const std::string& path);

refusal read_object(const bj::value& from, const type_info& type, void* into, const std::string& path) {
  if (!from.is_object()) return wrong_type(path, wanted(type));
  for (const auto& [key, item] : from.get_object()) {
    const std::string_view name{key.data(), key.size()};
    const field* found = nullptr;
    for (const auto& f : type.members)
      if (f.name == name) found = &f;
    if (!found) {
      std::string known;
      for (const auto& f : type.members) known += (known.empty() ? "" : ", ") + std::string(f.name);
      return refuse(status::invalid, "field_unknown", path + step(name),
                    "there is no such field; known: " + (known.empty() ? "none" : known));
    }
    const auto at = path + "/" + std::string(name);
    if (item.is_null() && can_be_cleared(type.members, name)) // where null might be taken to empty it
      return refuse(status::invalid, std::string(name) + "_missing", at,
                    named(at) + " is null; list \"" + std::string(name) + "\" in clear to empty it");
    if (item.is_null() && found->nullable) {
      static_cast<void>(found->set(into, null_value()));
      continue;
    }
    if (auto no = found->set ? read_scalar(item, *found->type, found->set, into, at)
                             : read(item, *found->type, found->in_mutable(into), at))
      return no;
  }
  return std::nullopt;
}

refusal read(const bj::value& from, const type_info& type, void* into, const std::string& path) {
  if (type.shape == form::object) return read_object(from, type, into, path);
  if (type.shape != form::list) return read_scalar(from, type, type.set, into, path);
  if (!from.is_array()) return wrong_type(path, wanted(type));
  std::size_t i = 0;
  for (const auto& item : from.get_array())
    if (auto no = read(item, *type.element, type.grow(into), path + "/" + std::to_string(i++))) return no;
  return std::nullopt;
}

/// Boost.JSON keeps the last of equal keys silently; a request that says two things must be refused. So the text is
/// walked once for its keys alone.
struct key_watcher {
  constexpr static std::size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX, max_key_size = SIZE_MAX,
                               max_string_size = SIZE_MAX;
  using code = boost::system::error_code;
  std::vector<std::set<std::string, std::less<>>> open{}; // one for each object around the present place
  std::string key{}, repeated{};
  bool on_document_begin(code&) { return true; }
  bool on_document_end(code&) { return true; }
  bool on_object_begin(code&) { return open.emplace_back(), true; }
  bool on_object_end(std::size_t, code&) { return open.pop_back(), true; }
  bool on_array_begin(code&) { return true; }
  bool on_array_end(std::size_t, code&) { return true; }
  bool on_key_part(bj::string_view part, std::size_t, code&) { return key.append(part.data(), part.size()), true; }
  bool on_key(bj::string_view last, std::size_t, code&) {
    key.append(last.data(), last.size());
    if (!open.back().insert(key).second) repeated = key;
    key.clear();
    return true;
  }
  bool on_string_part(bj::string_view, std::size_t, code&) { return true; }
  bool on_string(bj::string_view, std::size_t, code&) { return true; }
  bool on_number_part(bj::string_view, code&) { return true; }
  bool on_int64(std::int64_t, bj::string_view, code&) { return true; }
  bool on_uint64(std::uint64_t, bj::string_view, code&) { return true; }
  bool on_double(double, bj::string_view, code&) { return true; }
  bool on_bool(bool, code&) { return true; }
  bool on_null(code&) { return true; }
  bool on_comment_part(bj::string_view, code&) { return true; }
  bool on_comment(bj::string_view, code&) { return true; }
};

/// A request may hold a password: nothing of it stays behind in memory given back.
struct wiping_memory final : bj::memory_resource {
  // Of the default alignment always: Boost.JSON names another one when it gives a string back than when it asked.
  void* do_allocate(std::size_t size, std::size_t) override { return ::operator new(size); }
  void do_deallocate(void* at, std::size_t size, std::size_t) override {
    wipe_bytes(at, size);
    ::operator delete(at);
  }
  bool do_is_equal(const bj::memory_resource& other) const noexcept override { return this == &other; }
};

refusal malformed(std::string message) { return refuse(status::invalid, "json_malformed", "", std::move(message)); }

} // namespace

refusal read_json(std::string_view text, const type_info& type, void* object) {
  boost::system::error_code flaw;
  bj::parse_options strict;
  strict.max_depth = 32;
  wiping_memory memory;
  const auto parsed = bj::parse({text.data(), text.size()}, flaw, &memory, strict);
  if (flaw) return malformed("the request is not JSON: " + flaw.message());
  bj::basic_parser<key_watcher> watching(strict);
  watching.write_some(false, text.data(), text.size(), flaw);
  if (const auto& name = watching.handler().repeated; !name.empty())
    return refuse(status::invalid, "field_repeated", step(name), "this field stands twice in one object; give it once");
  return read(parsed, type, object, "");
}

} // namespace linecard
