// People over time through the C ABI: suspended, deleted, restored, erased and replaced, as JSON calls.
#include "reached.hpp"

#include <sqlite3.h>

using namespace capi;

namespace {

std::string quoted(linecard_id id) { return '"' + id_text(id) + '"'; }

/// A company on a file, so that a number can be put where no command of this part puts one.
struct company {
  scratch where;
  std::string path = where.file("people.db");
  reached_house h{on(path)};
  linecard_id mia = 0, max = 0;

  company() {
    mia = somebody("Mia", "mia@acme.example", "201", "+491701111111");
    max = somebody("Max", "max@acme.example", "202", nullptr);
    call(h.at.tenant, "assign_package", R"({"user_id":)" + quoted(mia) + R"(,"package_id":)" + quoted(h.at.plus) + "}");
  }
  static linecard_options on(const std::string& path) {
    linecard_options o = LINECARD_OPTIONS_INIT;
    o.sqlite_path = path.c_str();
    return o;
  }
  linecard_id somebody(const char* name, const char* email, const char* extension, const char* forwarding) const {
    caught why;
    linecard_id id = 0;
    auto u = person(name, email);
    u.extension = extension;
    u.forwarding_number = forwarding;
    ok(linecard_adopt_user(h.at.tenant, &u, &id, why), why);
    return id;
  }
  void number(linecard_id whose, const char* e164) const {
    sqlite3* file = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &file) == SQLITE_OK);
    const auto sql = "INSERT INTO dids (tenant_id, number, use, user_id, e911) VALUES (" +
                     std::to_string(h.at.tenant_id) + ", '" + e164 + "', 'direct', " + std::to_string(whose) + ", 1)";
    REQUIRE(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(file);
  }
  [[nodiscard]] std::string run(const char* operation, const std::string& json) const {
    return call(h.at.tenant, operation, json);
  }
  [[nodiscard]] std::string refused(const char* operation, const std::string& json) const {
    return reached_house::refused(h.at.tenant, operation, json);
  }
  [[nodiscard]] static std::string about(linecard_id id, const std::string& rest = "") {
    return R"({"user_id":)" + quoted(id) + rest + "}";
  }
};

} // namespace

TEST_CASE("C: S4.17 a deletion runs by confirm only, and the schema says so") {
  const company c;
  CHECK(c.refused("delete_user", company::about(c.mia)) == "confirmation_needed");
  CHECK(has(confirmed(c.h.at.tenant, "delete_user", company::about(c.mia)), R"("command":"delete_user")"));
  CHECK(c.refused("find_user", company::about(c.mia)) == "user_unknown");
  linecard_text* described = nullptr;
  caught why;
  ok(linecard_describe(&described, why), why);
  CHECK(has(text_of(described), R"("acts_in":"tenant","confirmed":true)"));
}

TEST_CASE("C: B9 I20 a deleted user is restored as invited, and after the window nothing personal is left") {
  company c;
  confirmed(c.h.at.tenant, "delete_user", company::about(c.mia));
  CHECK(has(c.run("deleted_users", "{}"), "\"name\":\"Mia Adler\",\"email\":\"mia@acme.example\""));
  call(c.h.at.tenant, "restore_user", company::about(c.mia, ",\"send_welcome\":true"));
  const auto back = c.run("find_user", company::about(c.mia));
  CHECK(has(back, R"("state":"invited")"));
  CHECK(has(back, R"("package":"Unassigned")"));
  CHECK(has(back, R"("extensions":[])"));
  call(c.h.visitor, "accept_invitation", c.h.with(c.h.newest().secret));
  CHECK(has(call(c.h.visitor, "sign_in", c.h.login("mia@acme.example")), "lc1_session_"));
  CHECK(c.refused("restore_user", company::about(c.mia)) == "not_deleted");

  confirmed(c.h.at.tenant, "delete_user", company::about(c.mia));
  CHECK(c.refused("erase_user", company::about(c.mia)) == "confirmation_needed");
  confirmed(c.h.at.tenant, "erase_user", company::about(c.mia));
  CHECK(c.refused("restore_user", company::about(c.mia)) == "user_unknown");
  for (auto* as : {c.h.at.tenant, c.h.at.platform}) {
    const auto proof = call(as, "verify_audit", "{}");
    CHECK(has(proof, R"("intact":true)"));
    CHECK(has(proof, "personal values erased"));
    const auto audit = call(as, "audit", R"({"limit":500})");
    for (const auto* trace : {"Mia", "mia@acme", "+4917011"}) CHECK_FALSE(has(audit, trace));
  }
}

TEST_CASE("C: B7 a direct number stands in the way of a deletion, until it is said what becomes of it") {
  const company c;
  c.number(c.mia, "+4930100");
  CHECK(c.refused("delete_user", company::about(c.mia)) == "would_strand");
  const auto list = c.run("strandings", company::about(c.mia));
  CHECK(has(list, R"({"kind":"did","direct_number":"+4930100","user_id":)" + quoted(c.mia)));
  CHECK(has(list, R"({"kind":"e911","direct_number":"+4930100")"));
  const auto done = confirmed(c.h.at.tenant, "delete_user", company::about(c.mia, ",\"numbers_to\":" + quoted(c.max)));
  CHECK(has(done, R"({"number":"+4930100","user_id":)" + quoted(c.mia) + R"(,"action":"erased"})"));
  CHECK(has(done, R"({"number":"+4930100","user_id":)" + quoted(c.max) + R"(,"action":"inserted"})"));
  CHECK(has(c.run("find_user", company::about(c.max)), R"("extensions":["201","202"])"));
}

TEST_CASE("C: B6 a person is replaced in one command, and it is undone") {
  const company c;
  c.number(c.mia, "+4930100");
  const auto both = [&] { // but for the versions, which only rise
    const auto known = [&](linecard_id id) {
      auto json = c.run("find_user", company::about(id));
      return json.erase(json.find("\"version\""));
    };
    return known(c.mia) + known(c.max);
  };
  const auto before = both();
  const auto done = c.run("replace_person", company::about(c.mia, ",\"successor_id\":" + quoted(c.max)));
  const auto at = done.find("replacement_");
  REQUIRE(at != std::string::npos);
  const auto undo = R"({"replacement_id":")" + done.substr(at, done.find('"', at) - at) + "\"}";
  const auto successor = c.run("find_user", company::about(c.max));
  CHECK(has(successor, R"("package":"Plus")"));
  CHECK(has(successor, R"("extensions":["201","202"])"));
  CHECK(has(successor, R"("forwarding_number":"+491701111111")"));
  CHECK(has(c.run("replacements", "{}"), R"({"kind":"did","item":"+4930100","renamed":null})"));
  call(c.h.at.tenant, "undo_replacement", undo);
  CHECK(both() == before);
  CHECK(c.refused("undo_replacement", undo) == "replacement_unknown");
}

TEST_CASE("C: S4.17 I2 the tenant's policy frees the seats of the suspended") {
  const company c;
  CHECK(has(c.run("tenant_policy_in_force", "{}"), R"({"suspended_seats":"keep","restore_days":30,"undo_days":7})"));
  call(c.h.at.tenant, "set_tenant_policy", R"({"suspended_seats":"free"})");
  call(c.h.at.tenant, "suspend_user", company::about(c.mia));
  call(c.h.at.tenant, "resume_user", company::about(c.mia));
  CHECK(has(c.run("find_user", company::about(c.mia)), R"("package":"Unassigned")"));
  CHECK(c.refused("set_tenant_policy", R"({"restore_days":366})") == "restore_days_invalid");
}
