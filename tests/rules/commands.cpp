#include <linecard/rules/commands.hpp>

#include "rules/samples.hpp"

#include <linecard/model/vocabulary.hpp>

#include <regex>

using namespace kit;
using namespace samples;

namespace {

std::string round_trip(const verb& v, std::string_view json) {
  erased object(v.request_object);
  const auto no = read_json(json, *v.request, object.room);
  REQUIRE_MESSAGE(!no, v.name << ": " << (no ? no->message : ""));
  std::string out;
  append_json(out, *v.request, object.room);
  return out;
}

void check_documented(const type_info& type) {
  if (type.shape == form::list) return check_documented(*type.element);
  if (type.shape != form::object) return;
  for (const auto& f : type.members) {
    const auto* said = term_named(f.name);
    CHECK_MESSAGE((said && !said->meaning.empty()), f.name << " is not in the vocabulary");
    check_documented(*f.type);
  }
}

/// Tries are no state, and activity would drown the chain.
bool in_no_chain(const verb& v) { return v.name == "check_voicemail_pin" || v.name == "note_activity"; }

void check_limited(const type_info& type) {
  const auto* inner = &type;
  if (inner->shape == form::list) inner = inner->element;
  if (inner->shape != form::object) return;
  for (const auto& f : inner->members) {
    const auto* said = term_named(f.name);
    const auto* of = f.type->shape == form::list ? f.type->element : f.type;
    if (said && (of->shape == form::text || of->shape == form::secret))
      CHECK_MESSAGE(said->longest > 0, f.name << " comes in without a limit");
    if (said && of->shape == form::integer)
      CHECK_MESSAGE(said->least != said->most, f.name << " comes in without a range");
    check_limited(*f.type);
  }
}

} // namespace

TEST_CASE(
    "every operation is described: one sentence, documented members, limits on what comes in, a place in the schema") {
  const auto described_text = describe_operations();
  for (const auto* v : verbs()) {
    CAPTURE(v->name);
    CHECK(v->about.size() > 20);
    CHECK(v->about.ends_with('.'));
    check_documented(*v->request);
    check_limited(*v->request);
    if (v->answer) check_documented(*v->answer);
    CHECK(described_text.find("\"" + std::string(v->name) + "\":{\"kind\":") != std::string::npos);
    CHECK(verb_named(v->name) == v);
  }
  check_documented(type_of<receipt>);
  CHECK(samples::all().size() == verbs().size());
}

TEST_CASE("every request survives JSON and back, and refuses an unknown and a repeated field") {
  for_every_verb([](world& w, const verb& v, whom, erased& object) {
    static_cast<void>(w);
    std::string json;
    append_json(json, *v.request, object.room);
    CHECK(round_trip(v, json) == json);
    erased fresh(v.request_object);
    const auto unknown = read_json(R"({"no_such_field":1})", *v.request, fresh.room);
    REQUIRE(unknown);
    CHECK(unknown->reason == "field_unknown");
    CHECK(unknown->path == "/no_such_field");
    if (v.request->members.empty()) return;
    const auto name = "\"" + std::string(v.request->members.front().name) + "\":null";
    const auto twice = read_json("{" + name + "," + name + "}", *v.request, fresh.room);
    REQUIRE(twice);
    CHECK(twice->code == status::invalid);
  });
}

ON_EVERY_STORE("every operation refuses an actor without the permission, and the refusal changes no byte of state") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    if (v.needs == permission::anybody) return;
    w.adopt("Mia", "Member", "mia@acme.example");
    const any_id where = by == whom::tenant || by == whom::admin ? any_id{w.tenant_id}
                         : by == whom::container                 ? any_id{w.container_id}
                                                                 : any_id{};
    for (const auto* email : {"mia@acme.example", "otto@other.example"}) {
      const auto as = must(w.dir.open_actor(email, where));
      const auto before = w.digest();
      const auto no = attempt(w, as, v, object.room);
      REQUIRE(no);
      CHECK(no->code == status::denied);
      CHECK(no->reason == "permission_denied");
      CHECK(w.digest() == before);
    }
  });
}

ON_EVERY_STORE("I23 every refused privileged command is recorded, in a table of its own") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    if (!v.is_command() || v.needs == permission::anybody || (by != whom::tenant && by != whom::admin)) return;
    const auto as = must(w.dir.open_actor("otto@other.example", w.tenant_id));
    REQUIRE_FALSE(w.dir.perform(as, {&v, object.room}, run_mode::run));
    const auto noted = must(w.dir.ask(w.admin, denials{})).denials;
    REQUIRE(noted.size() == 1);
    CHECK(noted.front().command == v.name);
    CHECK(noted.front().identity_id == as.identity_id());
  });
}

ON_EVERY_STORE("every operation refuses an actor opened in another kind of scope") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    if (v.acts_in == scope_level::any) return;
    const auto elsewhere = by == whom::tenant || by == whom::admin ? w.operator_ : w.at_tenant;
    const auto no = attempt(w, elsewhere, v, object.room);
    REQUIRE(no);
    CHECK(no->reason == "wrong_scope");
  });
}

ON_EVERY_STORE("B2 S1.7 every command's preview changes no byte, and its committed receipt is the same") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    const auto* as = actor_for(w, by);
    if (!v.is_command() || !as) return;
    const auto before = w.digest();
    auto seen = must(w.dir.perform(*as, {&v, object.room}, run_mode::preview));
    CHECK(w.digest() == before);
    REQUIRE(seen.token);
    CHECK_FALSE(seen.audit_seq);
    // Of a login itself a tenant's receipt tells nothing (I9).
    const bool told = (v.needs != permission::anybody || v.own) && !in_no_chain(v);
    CHECK(seen.changes.empty() == (!told || v.name == "adopt_password"));
    w.clock->at = w.clock->at + 60'000;
    auto done = must(w.dir.perform(*as, {&v, object.room}, run_mode::confirm, *seen.token));
    CHECK((w.digest() != before) == (v.name != "check_voicemail_pin"));
    CHECK(done.audit_seq.has_value() == told);
    if (v.needs == permission::anybody) done.token.reset(); // a sign-in's: it was drawn when it was done
    done.audit_seq.reset();
    seen.token.reset();
    if (v.follow_up) return; // its receipt is that of what the host's system brought
    CHECK(to_json(done) == to_json(seen));
  });
}

ON_EVERY_STORE("B8 I23 every committed command leaves one audit entry in its scope, and the chain verifies") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    const auto* as = actor_for(w, by);
    if (!v.is_command() || !as || v.needs == permission::anybody) return; // who is nobody cannot ask
    if (in_no_chain(v)) return;
    const auto before = must(w.dir.ask(*as, verify_audit{}));
    const auto done = must(carry_out(w.dir, *as, {&v, object.room}));
    const auto after = must(w.dir.ask(*as, verify_audit{}));
    CHECK(after.intact);
    CHECK(done.audit_seq == after.entries);
    const auto asks = v.follow_up && v.follow_up(object.room);
    CHECK(after.entries == before.entries + (asks ? 3 : 1)); // an errand is taken and settled, too
    const auto newest = must(w.dir.ask(*as, audit{.limit = 3})).entries;
    REQUIRE(newest.size() == 3);
    const auto& own = newest.at(asks ? 2 : 0);
    CHECK(own.command == v.name);
    CHECK(own.actor_id == as->identity_id());
  });
}

ON_EVERY_STORE("every query answers without changing a byte") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    if (v.is_command()) return;
    const auto before = w.digest();
    const auto no = attempt(w, *actor_for(w, by), v, object.room);
    CHECK_MESSAGE(!no, v.name << ": " << (no ? no->message : ""));
    CHECK(w.digest() == before);
  });
}

TEST_CASE("every text that comes in is refused when it is not UTF-8, holds a NUL or is over-long, the path naming it") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    const auto* as = actor_for(w, by);
    if (!as) return;
    std::string json;
    append_json(json, *v.request, object.room);
    for (const auto& f : v.request->members) {
      if (f.type->shape != form::text && f.type->shape != form::secret) continue;
      const auto* said = term_named(f.name);
      for (const auto& bad :
           {std::string("a\xFF"), std::string("a\0b", 3), std::string(std::size_t{said->longest} + 1, 'a')}) {
        erased broken(v.request_object);
        REQUIRE_FALSE(read_json(json, *v.request, broken.room));
        REQUIRE(f.set(broken.room, text_value(bad)));
        const auto before = w.digest();
        const auto no = attempt(w, *as, v, broken.room);
        REQUIRE_MESSAGE(no, v.name << "/" << f.name);
        CHECK(no->code == status::invalid);
        CHECK(no->path == "/" + std::string(f.name));
        CHECK(no->reason == std::string(f.name) + "_invalid");
        CHECK(w.digest() == before);
      }
    }
  });
}

TEST_CASE("whatever a field accepts matches the pattern that the schema tells, and shapes are told before lengths") {
  const char* texts[] = {"20",
                         "20000000",
                         "200000000",
                         "2",
                         "20x",
                         "+14165550100",
                         "+1416",
                         "+1",
                         "+0",
                         "4165550100",
                         "1234",
                         "12a4",
                         "123456789",
                         "",
                         "+141655501001234567",
                         "00:1a:2b:3c:4d:5e",
                         "001A2B3C4D5E",
                         "001a.2b3c.4d5e",
                         "00-1a",
                         "+49",
                         "+491711234567"};
  int patterned = 0;
  for (const auto& t : vocabulary()) {
    if (t.pattern.empty()) continue;
    CAPTURE(t.name);
    ++patterned;
    const std::regex told{std::string(t.pattern)};
    int accepted = 0;
    for (const std::string text : texts) {
      if (text.empty() || !t.flaw(text).empty() || text.size() > t.longest) continue;
      ++accepted;
      CHECK_MESSAGE(std::regex_match(text, told), text);
    }
    CHECK(accepted > 0);
    CHECK_FALSE(std::regex_match("anything", told));
    CHECK(describe_operations().find("\"pattern\":\"") != std::string::npos);
  }
  CHECK(patterned > 10);
  change_extension asked{.user_id = id_of<user>{make_id(tag_of<user>, 1)}, .extension = "2000000000"};
  CHECK(validate(fields_of<change_extension>, &asked)->message == "extension must be 2 to 8 digits");
  add_dids several{{"+14165550101", "4165550102"}};
  const auto no = validate(fields_of<add_dids>, &several);
  REQUIRE(no);
  CHECK(no->message.starts_with("direct_numbers/1 must be \"+\""));
}

TEST_CASE("a word that stands for two things is told as the one it is, in a request and in an answer") {
  const auto text = describe_operations();
  const auto of = [&](std::string_view operation) {
    const auto at = text.find("\"" + std::string(operation) + "\":{\"kind\"");
    return text.substr(at, text.find("},\"required\"", at) - at);
  };
  CHECK(of("audit").find("Entries with smaller numbers only.") != std::string::npos);
  CHECK(of("audit").find("The value before.") == std::string::npos);
  CHECK(text.find("\"before\":{\"description\":\"The value before.\"") != std::string::npos);
  CHECK(text.find("\"permissions\":{\"description\":\"Permissions; in a receipt, the roles given or taken.\"") !=
        std::string::npos);
}
