// The main job through the typed calls, and everything through JSON.
#include "kit.hpp"

using namespace capi;

namespace {

std::string cell(const linecard_list* list, std::size_t row, const char* column) {
  const char* text = linecard_list_text(list, row, column, nullptr);
  return text ? text : "(none)";
}

linecard_list* users(linecard_actor* as, const char* search = nullptr, linecard_id after = 0, std::int32_t limit = 0) {
  caught why;
  linecard_list* list = nullptr;
  ok(linecard_list_users(as, search, nul, after, limit, &list, why), why);
  return list;
}

} // namespace

TEST_CASE("C: B14 an adopted user is found by id, e-mail and external_ref, with extension and forwarding") {
  house h;
  caught why;
  auto u = person("Zo\xc3\xab", "Zoe@Acme.example");
  u.external_ref = "crm 7";
  u.extension = "201";
  u.team_role = "agent";
  u.forwarding_number = "+33123456789";
  u.package_id = h.basic;
  u.language = "fr-CA";
  linecard_id id = 0;
  ok(linecard_adopt_user(h.tenant, &u, &id, why), why);
  CHECK(linecard_id_kind(id) == LINECARD_KIND_USER);
  linecard_list *by_id = nullptr, *by_email = nullptr, *by_ref = nullptr;
  ok(linecard_find_user(h.tenant, id, &by_id, why), why);
  ok(linecard_find_user_by_email(h.tenant, "zoe@acme.example", nul, &by_email, why), why);
  ok(linecard_find_user_by_external_ref(h.tenant, "crm 7 and more", 5, &by_ref, why), why);
  for (auto* list : {by_id, by_email, by_ref}) {
    REQUIRE(linecard_list_count(list) == 1);
    CHECK(linecard_list_id(list, 0, "user_id") == id);
    CHECK(cell(list, 0, "user_id") == id_text(id));
    CHECK(cell(list, 0, "first_name") == "Zo\xc3\xab");
    CHECK(cell(list, 0, "state") == "active");
    CHECK(cell(list, 0, "language") == "fr-CA");
    CHECK(cell(list, 0, "administrator") == "false");
    CHECK(cell(list, 0, "external_ref") == "crm 7");
    CHECK(cell(list, 0, "extensions") == "[\"201\"]");
    CHECK(cell(list, 0, "team_role") == "agent");
    CHECK(cell(list, 0, "forwarding_number") == "+33123456789");
    CHECK(cell(list, 0, "package") == "Basic");
    CHECK(linecard_list_id(list, 0, "package_id") == h.basic);
    CHECK(linecard_list_integer(list, 0, "created_at") > 0);
    CHECK(linecard_list_next(list) == 0);
    linecard_list_free(list);
  }
}

TEST_CASE("C: S1.2 a user without base package is shown as Unassigned, and S2.3 an invited one is listed at once") {
  house h;
  caught why;
  const auto u = person("Ida", "ida@acme.example");
  linecard_id id = 0;
  ok(linecard_add_user(h.tenant, &u, &id, why), why);
  linecard_list* list = users(h.tenant);
  REQUIRE(linecard_list_count(list) == 1);
  CHECK(cell(list, 0, "package") == "Unassigned");
  CHECK(linecard_list_text(list, 0, "package_id", nullptr) == nullptr);
  CHECK(linecard_list_id(list, 0, "package_id") == 0);
  CHECK(cell(list, 0, "state") == "invited");
  CHECK(cell(list, 0, "initials") == "IA");
  linecard_list_free(list);
}

TEST_CASE("C: B1 a package is assigned, changed and unassigned, each with its receipt") {
  house h;
  caught why;
  const auto id = adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_text* receipt = nullptr;
  ok(linecard_assign_package(h.tenant, id, h.basic, &receipt, why), why);
  CHECK(text_of(receipt).find(R"("command":"assign_package")") != std::string::npos);
  ok(linecard_change_package(h.tenant, id, h.plus, &receipt, why), why);
  CHECK(text_of(receipt).find(R"("used_before":1,"used_after":0)") != std::string::npos);
  ok(linecard_unassign_package(h.tenant, id, 0, &receipt, why), why);
  CHECK(text_of(receipt).find(R"("command":"unassign_package")") != std::string::npos);
  ok(linecard_assign_package(h.tenant, id, h.basic, nullptr, why), why);
  ok(linecard_unassign_package(h.tenant, id, h.basic, nullptr, why), why);
  CHECK_FALSE(why.set());
}

TEST_CASE("C: S1.4 assigning or changing a package alters only the seat: what find_user shows of the line stays") {
  house h;
  caught why;
  linecard_id ulf = 0;
  auto u = person("Ulf", "ulf@acme.example");
  u.extension = "201";
  u.forwarding_number = "+491711234567";
  ok(linecard_adopt_user(h.tenant, &u, &ulf, why), why);
  const auto who = R"({"user_id":")" + id_text(ulf) + '"';
  call(h.tenant, "set_device", who + R"(,"name":"desk","model":"T46"})");
  call(h.tenant, "edit_user", who + R"(,"team_role":"agent","time_zone":"Europe/Berlin"})");
  call(h.tenant, "add_dids", R"({"direct_numbers":["+14165550101"]})");
  call(h.tenant, "attach_did", who + R"(,"direct_number":"+14165550101"})");
  /// The user in full without what the package says, and everything that has a number.
  const auto rest = [&] {
    auto shown = call(h.tenant, "find_user", who + "}");
    const auto from = shown.find(R"("package":)"), to = shown.find(R"("team_role":)");
    REQUIRE(from < to);
    return shown.erase(from, to - from) + call(h.tenant, "dids", "{}") + call(h.tenant, "extensions", "{}");
  };
  const auto before = rest();
  CHECK(before.find("T46") != std::string::npos);
  for (const auto& [operation, package] : {std::pair{"assign_package", h.basic}, {"change_package", h.plus}}) {
    const auto done = call(h.tenant, operation, who + R"(,"package_id":")" + id_text(package) + "\"}");
    CHECK(rest() == before);
    const auto digest_at = [&](std::string_view name) {
      const auto at = done.find(name, done.find(R"("untouched":)"));
      return done.substr(at + name.size(), 64);
    };
    CHECK(digest_at(R"("before":")") == digest_at(R"("after":")"));
    CHECK(done.find(R"("rows":5)") != std::string::npos); // user, team member, extension, device, number
  }
}

TEST_CASE("C: S1.11 a full pool refuses with LINECARD_E_LIMIT and changes nothing") {
  house h(in_memory(), 1);
  caught why;
  const auto ada = adopt(h.tenant, "Ada", "ada@acme.example"), ben = adopt(h.tenant, "Ben", "ben@acme.example");
  ok(linecard_assign_package(h.tenant, ada, h.basic, nullptr, why), why);
  const auto before = digest(h.directory);
  linecard_text* receipt = nullptr;
  CHECK(linecard_assign_package(h.tenant, ben, h.basic, &receipt, why) == LINECARD_E_LIMIT);
  CHECK(receipt == nullptr);
  CHECK(why.status() == LINECARD_E_LIMIT);
  CHECK(why.reason() == "no_seat_left");
  CHECK(digest(h.directory) == before);
  linecard_list* pools = nullptr;
  ok(linecard_list_seat_pools(h.tenant, &pools, why), why);
  REQUIRE(linecard_list_count(pools) == 2);
  CHECK(cell(pools, 0, "name") == "Basic");
  CHECK(linecard_list_integer(pools, 0, "used") == 1);
  CHECK(linecard_list_integer(pools, 0, "free") == 0);
  CHECK(cell(pools, 0, "overage") == "block");
  linecard_list_free(pools);
}

TEST_CASE("C: S1.3 users come in pages sorted by name, and a search ignores case and accents") {
  house h;
  for (const char* name : {"Cleo", "Ada", "Dora", "Ben", "\xc3\x89mile"})
    adopt(h.tenant, name, (std::string(name[0] < 0 ? "Emile" : name) + "@acme.example").c_str());
  std::string seen;
  linecard_id after = 0;
  int pages = 0;
  do {
    linecard_list* page = users(h.tenant, nullptr, after, 2);
    for (std::size_t i = 0; i < linecard_list_count(page); ++i) seen += cell(page, i, "initials");
    after = linecard_list_next(page);
    linecard_list_free(page);
    REQUIRE(++pages < 9);
  } while (after != 0);
  CHECK(seen == "AABACADA\xc3\x89"
                "A");
  linecard_list* found = users(h.tenant, "EMILE");
  REQUIRE(linecard_list_count(found) == 1);
  CHECK(cell(found, 0, "email") == "emile@acme.example");
  linecard_list_free(found);
}

TEST_CASE("C: a list answers questions about what is not there with nothing") {
  house h;
  adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_list* list = users(h.tenant);
  std::size_t length = 9;
  CHECK(linecard_list_text(list, 1, "name", &length) == nullptr);
  CHECK(length == 0);
  CHECK(linecard_list_text(list, 0, "nothing", nullptr) == nullptr);
  CHECK(linecard_list_text(list, 0, nullptr, nullptr) == nullptr);
  CHECK(linecard_list_id(list, 0, "name") == 0);
  CHECK(linecard_list_integer(list, 0, "user_id") == 0);
  CHECK(linecard_list_column_count(list) == 9);
  CHECK(linecard_list_column_name(list, 1) == std::string("name"));
  CHECK(linecard_list_column_name(list, 9) == nullptr);
  CHECK(std::string(linecard_list_text(list, 0, "name", &length)).size() == length);
  linecard_list_free(list);
}

TEST_CASE("C: a list outlives actor and directory") {
  linecard_list* list = nullptr;
  {
    house h;
    adopt(h.tenant, "Ada", "ada@acme.example");
    list = users(h.tenant);
  }
  CHECK(cell(list, 0, "email") == "ada@acme.example");
  linecard_list_free(list);
}

TEST_CASE("C: B2 S1.7 a preview changes no byte and its token makes confirm do just that, I30 with the same ids") {
  house h;
  caught why;
  const std::string json = R"({"first_name":"Ada","last_name":"Adler","email":"ada@acme.example"})";
  const auto before = digest(h.directory);
  linecard_text *shown = nullptr, *token = nullptr, *done = nullptr;
  ok(linecard_preview(h.tenant, "add_user", nul, json.data(), json.size(), &shown, &token, why), why);
  CHECK(digest(h.directory) == before);
  const auto first = text_of(shown), key = text_of(token);
  ok(linecard_confirm(h.tenant, "add_user", nul, json.data(), json.size(), key.data(), key.size(), &done, why), why);
  const auto second = text_of(done);
  CHECK(first.substr(0, first.find("\"audit_seq\"")) == second.substr(0, second.find("\"audit_seq\"")));
  CHECK(digest(h.directory) != before);
  CHECK(linecard_confirm(h.tenant, "add_user", nul, json.data(), json.size(), key.data(), key.size(), nullptr, why) <
        0);
}

TEST_CASE("C: linecard_check answers 1 when allowed, 0 otherwise, and tells denied from failed") {
  house h;
  caught why;
  CHECK(linecard_check(h.directory, h.operator_id, "license.assign", nul, h.tenant_id, why) == 1);
  CHECK_FALSE(why.set());
  CHECK(linecard_check(h.directory, h.operator_id, "container.manage", nul, 0, why) == 1);
  adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_actor* ada = nullptr;
  ok(linecard_actor_open_email(h.directory, "ada@acme.example", nul, h.tenant_id, &ada, why), why);
  CHECK(linecard_actor_scope(ada) == h.tenant_id);
  CHECK(linecard_check(h.directory, linecard_actor_identity(ada), "license.assign", nul, h.tenant_id, why) == 0);
  CHECK(why.status() == LINECARD_E_DENIED);
  CHECK(linecard_check(h.directory, h.operator_id, "no.such", nul, h.tenant_id, why) == 0);
  CHECK(why.reason() == "permission_unknown");
  CHECK(linecard_check(h.directory, h.tenant_id, "license.assign", nul, h.tenant_id, why) == 0);
  CHECK(why.status() == LINECARD_E_WRONG_KIND);
  CHECK(linecard_check(nullptr, h.operator_id, "license.assign", nul, h.tenant_id, why) == 0);
  CHECK(why.status() == LINECARD_E_INVALID);
  linecard_actor_free(ada);
}

TEST_CASE("C: the schema names every permission check understands and every operation call runs") {
  caught why;
  linecard_text* schema = nullptr;
  ok(linecard_describe(&schema, why), why);
  const auto text = text_of(schema);
  for (const char* word : {"\"assign_package\"", "\"find_user\"", "\"license.assign\"", "\"request\"", "\"answer\""})
    CHECK(text.find(word) != std::string::npos);
}

TEST_CASE("C: ids have one text each and say their kind") {
  house h;
  caught why;
  linecard_id back = 0;
  const auto text = id_text(h.tenant_id);
  CHECK(text.substr(0, 7) == "tenant_");
  ok(linecard_id_parse((text + "rest").data(), text.size(), &back, why), why);
  CHECK(back == h.tenant_id);
  CHECK(linecard_id_kind(back) == LINECARD_KIND_TENANT);
  CHECK(linecard_id_kind(0) == 0);
  CHECK(linecard_id_kind(UINT64_MAX) == 0);
  CHECK(linecard_id_parse("tenant_", nul, &back, why) == LINECARD_E_INVALID);
  CHECK(back == 0);
  char small[8] = "unused";
  CHECK(linecard_id_text(h.tenant_id, small, sizeof small, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "buffer_too_small");
  CHECK(small[0] == '\0');
  CHECK(linecard_id_text(0, small, sizeof small, why) == LINECARD_E_INVALID);
  CHECK(linecard_id_text(12, small, sizeof small, why) == LINECARD_E_INVALID);
}

TEST_CASE("C: a closed directory refuses its actors, and the same host key opens it again") {
  const scratch room;
  const std::string path = room.file("reopen.db");
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str();
  caught why;
  std::string key, before;
  {
    house h(options);
    adopt(h.tenant, "Ada", "ada@acme.example");
    key = h.host_key;
    before = digest(h.directory);
    linecard_close(std::exchange(h.directory, nullptr));
    linecard_list* list = nullptr;
    CHECK(linecard_list_users(h.tenant, nullptr, 0, 0, 0, &list, why) == LINECARD_E_INVALID);
    CHECK(why.reason() == "directory_closed");
  }
  linecard_directory* again = nullptr;
  std::string wrong = key;
  wrong.back() = wrong.back() == 'A' ? 'E' : 'A';
  options.host_key = wrong.c_str();
  CHECK(linecard_open(&options, &again, why) < 0);
  CHECK(again == nullptr);
  options.host_key = nullptr;
  CHECK(linecard_open(&options, &again, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/host_key");
  options.host_key = key.c_str();
  ok(linecard_open(&options, &again, why), why);
  CHECK(digest(again) == before);
  linecard_text* second = nullptr;
  linecard_directory* twice = nullptr;
  options.host_key = nullptr;
  CHECK(linecard_create(&options, &second, &twice, why) == LINECARD_E_CONFLICT);
  CHECK(why.reason() == "already_created");
  linecard_close(again);
}
