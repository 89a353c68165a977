#include <linecard/schema_text.hpp>

#include <linecard/json.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/receipt.hpp>
#include <linecard/rules/commands.hpp>
#include <linecard/version.hpp>

#include <memory>

namespace linecard {

namespace {

struct writer {
  std::string out{};
  bool fresh = true;

  void key(std::string_view name) {
    if (!fresh) out += ',';
    fresh = false;
    append_json_text(out, name);
    out += ':';
  }
  void text(std::string_view name, std::string_view content) { key(name), append_json_text(out, content); }
  void number(std::string_view name, std::int64_t n) { key(name), out += std::to_string(n); }
  void open(std::string_view name, char bracket = '{') { key(name), begin(bracket); }
  void begin(char bracket = '{') { out += bracket, fresh = true; }
  void close(char bracket = '}') { out += bracket, fresh = false; }
  void item() { out += fresh ? "" : ",", fresh = false; }
};

void describe(writer& w, const type_info& type, const term* said, bool nullable, bool of_request);

void describe_object(writer& w, const type_info& type, bool of_request) {
  w.text("type", "object");
  w.open("properties");
  for (const auto& f : type.members) {
    const auto* said = term_named(f.name);
    w.open(f.name);
    if (said) w.text("description", of_request || said->in_answers.empty() ? said->meaning : said->in_answers);
    const bool may_be_null = f.nullable && !(of_request && can_be_cleared(type.members, f.name));
    describe(w, *f.type, said, may_be_null, of_request);
    w.close();
  }
  w.close();
  w.key("additionalProperties"), w.out += "false";
}

void describe_type(writer& w, std::string_view name, bool nullable) {
  if (!nullable) return w.text("type", name);
  w.open("type", '[');
  w.item(), append_json_text(w.out, name);
  w.item(), append_json_text(w.out, "null");
  w.close(']');
}

void describe(writer& w, const type_info& type, const term* said, bool nullable, bool of_request) {
  switch (type.shape) {
  case form::object:
    return describe_object(w, type, of_request);
  case form::list:
    w.text("type", "array");
    if (of_request && said && said->longest) w.number("maxItems", most_entries(*said, type));
    w.open("items");
    describe(w, *type.element, said, false, of_request);
    return w.close();
  case form::boolean:
    return describe_type(w, "boolean", nullable);
  case form::integer:
    if (type.most > INT32_MAX) {
      describe_type(w, "string", nullable);
      w.text("format", "int64");
    } else {
      describe_type(w, "integer", nullable);
    }
    if (of_request && said && said->least != said->most)
      w.number("minimum", said->least), w.number("maximum", said->most);
    return;
  case form::word:
    describe_type(w, "string", nullable);
    w.open("enum", '[');
    for (const auto& word : type.words) w.item(), append_json_text(w.out, word);
    if (nullable) w.item(), w.out += "null";
    return w.close(']');
  case form::id:
    describe_type(w, "string", nullable || !of_request);
    w.text("format", "id");
    return w.text("pattern", "^" + std::string(type.tag.prefix) + "_[0-9a-hjkmnp-tv-z]{12}$");
  case form::any_id:
    describe_type(w, "string", true);
    return w.text("format", "id");
  case form::instant:
    describe_type(w, "string", nullable);
    return w.text("format", "date-time");
  case form::blob:
    describe_type(w, "string", nullable);
    return w.text("format", "hex");
  case form::secret:
  case form::text:
    describe_type(w, "string", nullable);
    if (type.shape == form::secret) w.key("writeOnly"), w.out += "true";
    if (!of_request || !said) return;
    if (said->longest) w.number("maxLength", said->longest);
    if (!said->pattern.empty()) w.text("pattern", said->pattern);
  }
}

/// Members whose default-made value is refused must be given.
void describe_required(writer& w, const verb& operation, void* fresh) {
  w.open("required", '[');
  for (const auto& f : operation.request->members)
    if (validate({&f, 1}, fresh)) w.item(), append_json_text(w.out, f.name);
  w.close(']');
}

void describe_operation(writer& w, const verb& operation) {
  w.open(operation.name);
  w.text("kind", operation.is_command() ? "command" : "query");
  w.text("about", operation.about);
  w.text("needs", name_of(operation.needs));
  w.text("acts_in", word(operation.acts_in));
  if (operation.confirmed) w.key("confirmed"), w.out += "true";
  w.open("request");
  describe(w, *operation.request, nullptr, false, true);
  std::string room(operation.request_object.size + operation.request_object.align, '\0');
  void* at = room.data();
  std::size_t space = room.size();
  at = std::align(operation.request_object.align, operation.request_object.size, at, space);
  operation.request_object.make(at);
  describe_required(w, operation, at);
  operation.request_object.destroy(at);
  w.close();
  w.open("answer");
  describe(w, operation.is_command() ? type_of<receipt> : *operation.answer, nullptr, false, false);
  w.close();
  w.close();
}

} // namespace

std::string describe_operations() {
  writer w;
  w.begin();
  w.text("$schema", "https://json-schema.org/draft/2020-12/schema");
  w.text("linecard", version);
  w.open("permissions", '[');
  for (const auto& name : permission_names) w.item(), append_json_text(w.out, name);
  w.close(']');
  w.open("operations");
  for (const auto* operation : verbs()) describe_operation(w, *operation);
  w.close();
  w.close();
  return std::move(w.out);
}

} // namespace linecard
