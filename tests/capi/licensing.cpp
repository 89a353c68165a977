// What the pages about licences and invitations promise, met by a host in C.
#include "kit.hpp"

#include <array>
#include <thread>
#include <vector>

using namespace capi;

namespace {

std::string quoted(linecard_id id) { return '"' + id_text(id) + '"'; }

std::string about(linecard_id user, linecard_id package = 0) {
  return R"({"user_id":)" + quoted(user) + (package == 0 ? "" : R"(,"package_id":)" + quoted(package)) + "}";
}

bool says(const std::string& json, const std::string& part) { return json.find(part) != std::string::npos; }

std::string defined(const house& h, const char* name, const char* more = "") {
  const auto made =
      call(h.platform, "define_package", R"({"name":")" + std::string(name) + R"(","currency":"EUR")" + more + "}");
  const auto at = made.find("package_");
  REQUIRE(at != std::string::npos);
  return made.substr(at, made.find('"', at) - at);
}

} // namespace

TEST_CASE("C: S1.1 who administers nothing lists no users and changes no licence") {
  const house h;
  caught why;
  const auto ada = adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_actor* member = nullptr;
  ok(linecard_actor_open_email(h.directory, "ada@acme.example", nul, h.tenant_id, &member, why), why);
  const auto before = digest(h.directory);
  linecard_list* list = nullptr;
  CHECK(linecard_list_users(member, nullptr, 0, 0, 0, &list, why) == LINECARD_E_DENIED);
  CHECK(why.reason() == "permission_denied");
  CHECK(list == nullptr);
  CHECK(linecard_assign_package(member, ada, h.basic, nullptr, why) == LINECARD_E_DENIED);
  CHECK(says(why.message(), "license.assign"));
  CHECK(linecard_unassign_package(member, ada, 0, nullptr, why) == LINECARD_E_DENIED);
  CHECK(digest(h.directory) == before);
  linecard_actor_free(member);
}

TEST_CASE("C: S1.5 S1.10 no package moves the team role, and the library says why it did not and why none is held") {
  const house h;
  caught why;
  auto u = person("Ada", "ada@acme.example");
  u.team_role = "agent";
  linecard_id ada = 0;
  ok(linecard_adopt_user(h.tenant, &u, &ada, why), why);
  CHECK(says(call(h.tenant, "why_unassigned", about(ada)), R"("reason":"never_assigned")"));
  ok(linecard_assign_package(h.tenant, ada, h.plus, nullptr, why), why);
  CHECK(says(call(h.tenant, "find_user", about(ada)), R"("team_role":"agent")"));
  CHECK(says(call(h.tenant, "why_role_unchanged", about(ada)), R"("reason":"separate_fields")"));
  ok(linecard_unassign_package(h.tenant, ada, 0, nullptr, why), why);
  const auto taken = call(h.tenant, "why_unassigned", about(ada));
  CHECK(says(taken, R"("reason":"taken")"));
  CHECK(says(taken, R"("command":"unassign_package")"));
}

TEST_CASE("C: S1.6 I6 a package unknown, not offered, retired or without its service is refused by which it is") {
  const house h;
  caught why;
  const auto ada = adopt(h.tenant, "Ada", "ada@acme.example");
  const std::string retired = defined(h, "Old"), unoffered = defined(h, "Secret"),
                    video = defined(h, "Video", R"(,"services":["video"])");
  for (const auto& package : {retired, video}) {
    call(h.tenant, "offer_package", R"({"package_id":")" + package + "\"}");
    call(h.tenant, "set_seat_pool", R"({"package_id":")" + package + R"(","purchased":1})");
  }
  call(h.platform, "retire_package", R"({"package_id":")" + retired + "\"}");
  const auto assigned = [&](const std::string& package) {
    linecard_id id = 0;
    ok(linecard_id_parse(package.data(), package.size(), &id, why), why);
    return linecard_assign_package(h.tenant, ada, id, nullptr, why);
  };
  const auto before = digest(h.directory);
  const std::pair<std::string, std::string> refused[]{{"package_000000000001", "package_unknown"},
                                                      {unoffered, "package_not_offered"},
                                                      {retired, "package_retired"},
                                                      {video, "service_not_enabled"}};
  for (const auto& what : refused) {
    CHECK(assigned(what.first) != LINECARD_OK);
    CHECK(why.reason() == what.second);
  }
  CHECK(digest(h.directory) == before);
  call(h.tenant, "enable_service", R"({"service":"video"})");
  CHECK(assigned(video) == LINECARD_OK);
}

TEST_CASE("C: S2.1 an e-mail is one login, whatever its case, and a user of each tenant at most once") {
  const house h;
  caught why;
  adopt(h.tenant, "Ada", "ada@acme.example");
  const auto again = person("Ada", "ADA@Acme.example");
  linecard_id id = 0;
  CHECK(linecard_add_user(h.tenant, &again, &id, why) == LINECARD_E_CONFLICT);
  CHECK(why.reason() == "already_a_user");
  CHECK(why.path() == "/email");
  const auto other = h.add_tenant("Bolt");
  auto* elsewhere = h.open(other);
  adopt(elsewhere, "Ada", "Ada@acme.example");
  std::array<linecard_actor*, 2> ada{};
  ok(linecard_actor_open_email(h.directory, "ada@acme.example", nul, h.tenant_id, &ada[0], why), why);
  ok(linecard_actor_open_email(h.directory, "ada@acme.example", nul, other, &ada[1], why), why);
  CHECK(linecard_actor_identity(ada[0]) == linecard_actor_identity(ada[1]));
  for (auto* actor : {ada[0], ada[1], elsewhere}) linecard_actor_free(actor);
}

TEST_CASE(
    "C: S2.2 S2.6 adding takes names, e-mail, language, role, package and welcome mail; role and package are two") {
  const house h;
  const auto made = call(h.tenant, "add_user",
                         R"({"first_name":"Ada","last_name":"Byron","email":"ada@acme.example","language":"fr-CA",)"
                         R"("role":"administrator","package_id":)" +
                             quoted(h.plus) + R"(,"send_welcome":true})");
  CHECK(says(made, R"("letter":"welcome")"));
  CHECK(says(made, R"("role":"administrator")"));
  const auto found = call(h.tenant, "find_user", R"({"email":"ada@acme.example"})");
  for (const char* part : {R"("last_name":"Byron")", R"("language":"fr-CA")", R"("administrator":true)",
                           R"("package":"Plus")", R"("state":"invited")"})
    CHECK_MESSAGE(says(found, part), found);
  call(h.tenant, "add_user",
       R"({"first_name":"Ben","last_name":"Okafor","email":"ben@acme.example","role":"administrator"})");
  const auto silent = call(h.tenant, "find_user", R"({"email":"ben@acme.example"})");
  CHECK(says(silent, R"("administrator":true)"));
  CHECK(says(silent, R"("package":"Unassigned")"));
}

TEST_CASE("C: B4 S1.11 threads with an actor each take every seat there is, and not one more") {
  const house h(in_memory(), 7);
  constexpr std::size_t workers = 3, each = 5;
  std::array<linecard_id, workers * each> people{};
  for (std::size_t n = 0; n < people.size(); ++n)
    people[n] = adopt(h.tenant, "Ada", ("ada" + std::to_string(n) + "@acme.example").c_str());
  std::atomic<int> given{0}, full{0};
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < workers; ++n)
    threads.emplace_back([&, n] {
      linecard_actor* own = nullptr;
      if (linecard_actor_open(h.directory, h.operator_id, h.tenant_id, &own, nullptr) != LINECARD_OK) return;
      for (std::size_t i = n * each; i < (n + 1) * each; ++i) {
        std::int32_t status = LINECARD_E_BUSY;
        while (status == LINECARD_E_BUSY) status = linecard_assign_package(own, people[i], h.basic, nullptr, nullptr);
        given += status == LINECARD_OK ? 1 : 0;
        full += status == LINECARD_E_LIMIT ? 1 : 0;
      }
      linecard_actor_free(own);
    });
  for (auto& t : threads) t.join();
  CHECK(given == 7);
  CHECK(full == 8);
}

TEST_CASE("C: B8 one entry for each committed command, with what it was before and after, in a chain that verifies") {
  const house h;
  caught why;
  const auto ada = adopt(h.tenant, "Ada", "ada@acme.example");
  ok(linecard_assign_package(h.tenant, ada, h.basic, nullptr, why), why);
  ok(linecard_assign_package(h.tenant, ada, h.basic, nullptr, why), why); // held already: nothing to record
  CHECK(linecard_assign_package(h.tenant, ada, h.plus, nullptr, why) == LINECARD_E_CONFLICT);
  const auto entries = call(h.tenant, "audit", R"({"limit":2})");
  const auto first = entries.find(R"("command":"assign_package")");
  REQUIRE(first != std::string::npos);
  CHECK(entries.find(R"("command":"assign_package")", first + 1) == std::string::npos);
  CHECK(says(entries, R"("command":"adopt_user")"));
  CHECK(says(entries, R"(\"used\":[0,1])"));
  CHECK(says(entries, id_text(h.operator_id)));
  CHECK(says(call(h.tenant, "verify_audit", "{}"), R"("intact":true)"));
}

TEST_CASE("C: B10 an import is judged row by row first, then runs all or nothing, or the good rows") {
  const house h;
  caught why;
  const std::string csv = R"("csv":"email,first_name,last_name,package\nada@acme.example,Ada,Byron,Basic\n)"
                          R"(no address,Ben,Okafor,\n")";
  const auto before = digest(h.directory);
  const auto verdicts = call(h.tenant, "check_import", "{" + csv + "}");
  CHECK(says(verdicts, R"("accepted":1,"refused":1)"));
  CHECK(says(verdicts, R"("column":"email")"));
  linecard_text* receipt = nullptr;
  const auto all = "{" + csv + R"(,"policy":"all_or_nothing"})";
  CHECK(linecard_call(h.tenant, "import_users", nul, all.data(), all.size(), &receipt, why) != LINECARD_OK);
  CHECK(why.reason() == "row_refused");
  CHECK(digest(h.directory) == before);
  call(h.tenant, "import_users", "{" + csv + R"(,"policy":"good_rows"})");
  CHECK(says(call(h.tenant, "find_user", R"({"email":"ada@acme.example"})"), R"("package":"Basic")"));
}
