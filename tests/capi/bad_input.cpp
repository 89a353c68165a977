// What a host can get wrong in a call: each thing has its status, its reason and the path of what is to blame, and
// leaves nothing changed.
#include "kit.hpp"

#include <functional>
#include <vector>

using namespace capi;

namespace {

struct attempt {
  std::string what;
  std::int32_t status;
  std::string reason, path;
  std::function<std::int32_t(linecard_error**)> call;
};

void refused(const std::vector<attempt>& attempts) {
  caught why;
  for (const attempt& a : attempts) {
    CAPTURE(a.what);
    CHECK(a.call(why) == a.status);
    CHECK(why.status() == a.status);
    CHECK(why.reason() == a.reason);
    CHECK(why.path() == a.path);
    CHECK_FALSE(why.message().empty());
    CHECK(a.call(nullptr) == a.status); // without wanting to know why
  }
}

/// Poison: an out-parameter has to become NULL or 0.
template <class T> T* poison() { return reinterpret_cast<T*>(std::uintptr_t{8}); }

} // namespace

TEST_CASE("C: NULL in any argument that is needed is E_INVALID, argument_null, and names the argument") {
  house h;
  auto* d = h.directory;
  auto* t = h.tenant;
  linecard_text* text = poison<linecard_text>();
  linecard_list* list = poison<linecard_list>();
  linecard_actor* actor = poison<linecard_actor>();
  linecard_directory* made = poison<linecard_directory>();
  linecard_id id = 9;
  char buffer[40];
  const auto options = in_memory();
  const auto u = person("Ada", "ada@acme.example");
  const auto null = [](const char* what, const char* path, std::function<std::int32_t(linecard_error**)> call) {
    return attempt{what, LINECARD_E_INVALID, "argument_null", path, std::move(call)};
  };
  using E = linecard_error**;
  const auto before = digest(d);
  refused({
      null("describe", "/schema", [](E e) { return linecard_describe(nullptr, e); }),
      null("id_text", "/buffer", [&](E e) { return linecard_id_text(h.tenant_id, nullptr, 40, e); }),
      null("id_parse", "/text", [&](E e) { return linecard_id_parse(nullptr, nul, &id, e); }),
      null("id_parse", "/id", [&](E e) { return linecard_id_parse("x", nul, nullptr, e); }),
      null("create", "/options", [&](E e) { return linecard_create(nullptr, &text, &made, e); }),
      null("create", "/host_key", [&](E e) { return linecard_create(&options, nullptr, &made, e); }),
      null("create", "/directory", [&](E e) { return linecard_create(&options, &text, nullptr, e); }),
      null("open", "/options", [&](E e) { return linecard_open(nullptr, &made, e); }),
      null("open", "/directory", [&](E e) { return linecard_open(&options, nullptr, e); }),
      null("open", "/host_key", [&](E e) { return linecard_open(&options, &made, e); }),
      null("state_digest", "/directory", [&](E e) { return linecard_state_digest(nullptr, 0, &text, e); }),
      null("state_digest", "/digest", [&](E e) { return linecard_state_digest(d, 0, nullptr, e); }),
      null("bootstrap", "/directory",
           [&](E e) { return linecard_bootstrap_operator(nullptr, "a@b.c", nul, &actor, e); }),
      null("bootstrap", "/email", [&](E e) { return linecard_bootstrap_operator(d, nullptr, nul, &actor, e); }),
      null("bootstrap", "/actor", [&](E e) { return linecard_bootstrap_operator(d, "a@b.c", nul, nullptr, e); }),
      null("actor_open", "/directory", [&](E e) { return linecard_actor_open(nullptr, h.operator_id, 0, &actor, e); }),
      null("actor_open", "/actor", [&](E e) { return linecard_actor_open(d, h.operator_id, 0, nullptr, e); }),
      null("open_email", "/directory", [&](E e) { return linecard_actor_open_email(nullptr, "a", 1, 0, &actor, e); }),
      null("open_email", "/email", [&](E e) { return linecard_actor_open_email(d, nullptr, 1, 0, &actor, e); }),
      null("open_email", "/actor", [&](E e) { return linecard_actor_open_email(d, "a", 1, 0, nullptr, e); }),
      null("container", "/actor", [&](E e) { return linecard_create_container(nullptr, "x", 1, &id, e); }),
      null("container", "/name", [&](E e) { return linecard_create_container(h.platform, nullptr, 1, &id, e); }),
      null("container", "/container_id",
           [&](E e) { return linecard_create_container(h.platform, "x", 1, nullptr, e); }),
      null("tenant", "/actor", [&](E e) { return linecard_create_tenant(nullptr, "x", 1, &id, e); }),
      null("tenant", "/name", [&](E e) { return linecard_create_tenant(h.container, nullptr, 1, &id, e); }),
      null("tenant", "/tenant_id", [&](E e) { return linecard_create_tenant(h.container, "x", 1, nullptr, e); }),
      null("add", "/actor", [&](E e) { return linecard_add_user(nullptr, &u, &id, e); }),
      null("add", "/newcomer", [&](E e) { return linecard_add_user(t, nullptr, &id, e); }),
      null("add", "/user_id", [&](E e) { return linecard_add_user(t, &u, nullptr, e); }),
      null("adopt", "/actor", [&](E e) { return linecard_adopt_user(nullptr, &u, &id, e); }),
      null("adopt", "/newcomer", [&](E e) { return linecard_adopt_user(t, nullptr, &id, e); }),
      null("adopt", "/user_id", [&](E e) { return linecard_adopt_user(t, &u, nullptr, e); }),
      null("assign", "/actor", [&](E e) { return linecard_assign_package(nullptr, 5ull << 56, h.basic, &text, e); }),
      null("change", "/actor", [&](E e) { return linecard_change_package(nullptr, 5ull << 56, h.basic, &text, e); }),
      null("unassign", "/actor", [&](E e) { return linecard_unassign_package(nullptr, 5ull << 56, 0, &text, e); }),
      null("users", "/actor", [&](E e) { return linecard_list_users(nullptr, nullptr, 0, 0, 0, &list, e); }),
      null("users", "/list", [&](E e) { return linecard_list_users(t, nullptr, 0, 0, 0, nullptr, e); }),
      null("find", "/actor", [&](E e) { return linecard_find_user(nullptr, 5ull << 56, &list, e); }),
      null("find", "/list", [&](E e) { return linecard_find_user(t, 5ull << 56, nullptr, e); }),
      null("by email", "/actor", [&](E e) { return linecard_find_user_by_email(nullptr, "a", 1, &list, e); }),
      null("by email", "/email", [&](E e) { return linecard_find_user_by_email(t, nullptr, 1, &list, e); }),
      null("by email", "/list", [&](E e) { return linecard_find_user_by_email(t, "a", 1, nullptr, e); }),
      null("by ref", "/actor", [&](E e) { return linecard_find_user_by_external_ref(nullptr, "a", 1, &list, e); }),
      null("by ref", "/external_ref", [&](E e) { return linecard_find_user_by_external_ref(t, nullptr, 1, &list, e); }),
      null("by ref", "/list", [&](E e) { return linecard_find_user_by_external_ref(t, "a", 1, nullptr, e); }),
      null("pools", "/actor", [&](E e) { return linecard_list_seat_pools(nullptr, &list, e); }),
      null("pools", "/list", [&](E e) { return linecard_list_seat_pools(t, nullptr, e); }),
      null("packages", "/actor", [&](E e) { return linecard_list_selectable_packages(nullptr, &list, e); }),
      null("packages", "/list", [&](E e) { return linecard_list_selectable_packages(t, nullptr, e); }),
      null("call", "/actor", [&](E e) { return linecard_call(nullptr, "users", nul, "{}", nul, &text, e); }),
      null("call", "/operation", [&](E e) { return linecard_call(t, nullptr, nul, "{}", nul, &text, e); }),
      null("call", "/json", [&](E e) { return linecard_call(t, "users", nul, nullptr, nul, &text, e); }),
      null("call", "/answer", [&](E e) { return linecard_call(t, "users", nul, "{}", nul, nullptr, e); }),
      null("preview", "/actor",
           [&](E e) { return linecard_preview(nullptr, "add_user", nul, "{}", nul, &text, &text, e); }),
      null("preview", "/operation", [&](E e) { return linecard_preview(t, nullptr, 1, "{}", nul, &text, &text, e); }),
      null("preview", "/json", [&](E e) { return linecard_preview(t, "add_user", nul, nullptr, 1, &text, &text, e); }),
      null("preview", "/token",
           [&](E e) { return linecard_preview(t, "add_user", nul, "{}", nul, &text, nullptr, e); }),
      null("confirm", "/actor",
           [&](E e) { return linecard_confirm(nullptr, "add_user", nul, "{}", nul, "x", 1, &text, e); }),
      null("confirm", "/operation", [&](E e) { return linecard_confirm(t, nullptr, 1, "{}", nul, "x", 1, &text, e); }),
      null("confirm", "/json", [&](E e) { return linecard_confirm(t, "add_user", nul, nullptr, 1, "x", 1, &text, e); }),
      null("confirm", "/token",
           [&](E e) { return linecard_confirm(t, "add_user", nul, "{}", nul, nullptr, 1, &text, e); }),
      null("check", "/directory",
           [&](E e) { return linecard_check(nullptr, h.operator_id, "x", 1, 0, e) == 0 ? LINECARD_E_INVALID : 1; }),
      null("check", "/permission",
           [&](E e) { return linecard_check(d, h.operator_id, nullptr, 1, 0, e) == 0 ? LINECARD_E_INVALID : 1; }),
  });
  (void)buffer;
  CHECK(text == nullptr); // every failed call cleared what it would have set
  CHECK(list == nullptr);
  CHECK(actor == nullptr);
  CHECK(made == nullptr);
  CHECK(id == 0);
  CHECK(digest(d) == before);
}

TEST_CASE("C: NULL handles are nothing to free and nothing to read") {
  linecard_close(nullptr);
  linecard_actor_free(nullptr);
  linecard_text_free(nullptr);
  linecard_list_free(nullptr);
  linecard_error_free(nullptr);
  CHECK(linecard_platform_id(nullptr) == 0);
  CHECK(linecard_actor_identity(nullptr) == 0);
  CHECK(linecard_actor_scope(nullptr) == 0);
  CHECK(std::string(linecard_text_data(nullptr)).empty());
  CHECK(linecard_text_length(nullptr) == 0);
  CHECK(linecard_list_count(nullptr) == 0);
  CHECK(linecard_list_column_count(nullptr) == 0);
  CHECK(linecard_list_column_name(nullptr, 0) == nullptr);
  CHECK(linecard_list_text(nullptr, 0, "name", nullptr) == nullptr);
  CHECK(linecard_list_next(nullptr) == 0);
  CHECK(linecard_error_status(nullptr) == LINECARD_OK);
  CHECK(std::string(linecard_error_reason(nullptr)).empty());
  CHECK(linecard_sink_row(nullptr, 0, 1, nullptr, 0) == 0);
  CHECK(linecard_fail(nullptr, LINECARD_E_BUSY, "x", "y") == LINECARD_E_BUSY);
}

TEST_CASE("C: an id of another kind is E_WRONG_KIND and names the argument; a missing one is E_INVALID") {
  house h;
  const auto ada = adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_list* list = nullptr;
  linecard_actor* actor = nullptr;
  linecard_text* text = nullptr;
  linecard_id id = 0;
  auto u = person("Ben", "ben@acme.example");
  u.package_id = ada;
  const auto kind = [](const char* what, const char* path, std::function<std::int32_t(linecard_error**)> call) {
    return attempt{what, LINECARD_E_WRONG_KIND, "wrong_kind", path, std::move(call)};
  };
  using E = linecard_error**;
  const auto before = digest(h.directory);
  refused({
      kind("assign", "/user_id", [&](E e) { return linecard_assign_package(h.tenant, h.basic, h.basic, nullptr, e); }),
      kind("assign", "/package_id", [&](E e) { return linecard_assign_package(h.tenant, ada, ada, nullptr, e); }),
      kind("change", "/package_id", [&](E e) { return linecard_change_package(h.tenant, ada, 12, nullptr, e); }),
      kind("unassign", "/package_id", [&](E e) { return linecard_unassign_package(h.tenant, ada, ada, nullptr, e); }),
      kind("find", "/user_id", [&](E e) { return linecard_find_user(h.tenant, UINT64_MAX, &list, e); }),
      kind("users", "/after", [&](E e) { return linecard_list_users(h.tenant, nullptr, 0, h.basic, 0, &list, e); }),
      kind("adopt", "/package_id", [&](E e) { return linecard_adopt_user(h.tenant, &u, &id, e); }),
      kind("open", "/identity_id", [&](E e) { return linecard_actor_open(h.directory, ada, 0, &actor, e); }),
      kind("open", "/scope_id", [&](E e) { return linecard_actor_open(h.directory, h.operator_id, ada, &actor, e); }),
      kind("digest", "/scope_id", [&](E e) { return linecard_state_digest(h.directory, ada, &text, e); }),
      {"JSON", LINECARD_E_WRONG_KIND, "wrong_kind", "/user_id",
       [&](E e) {
         const auto json = R"({"user_id":")" + id_text(h.basic) + R"("})";
         return linecard_call(h.tenant, "find_user", nul, json.data(), json.size(), &text, e);
       }},
      {"assign", LINECARD_E_INVALID, "user_id_missing", "/user_id",
       [&](E e) { return linecard_assign_package(h.tenant, 0, h.basic, nullptr, e); }},
      {"assign", LINECARD_E_INVALID, "package_id_missing", "/package_id",
       [&](E e) { return linecard_assign_package(h.tenant, ada, 0, nullptr, e); }},
  });
  CHECK(digest(h.directory) == before);
}

TEST_CASE("C: bad texts are E_INVALID and name the field: no UTF-8, a NUL inside, empty, over-long, no address") {
  house h;
  linecard_id id = 0;
  linecard_list* list = nullptr;
  const std::string long_name(101, 'n');
  const auto adopting = [&](auto change) {
    return [&, change](linecard_error** e) {
      auto u = person("Ada", "ada@acme.example");
      change(u);
      return linecard_adopt_user(h.tenant, &u, &id, e);
    };
  };
  const auto bad = [](const char* what, const char* reason, const char* path,
                      std::function<std::int32_t(linecard_error**)> call) {
    return attempt{what, LINECARD_E_INVALID, reason, path, std::move(call)};
  };
  using E = linecard_error**;
  using U = linecard_new_user;
  const auto before = digest(h.directory);
  refused({
      bad("UTF-8", "name_invalid", "/name",
          [&](E e) { return linecard_create_tenant(h.container, "\xff", 1, &id, e); }),
      bad("NUL", "name_invalid", "/name", [&](E e) { return linecard_create_tenant(h.container, "a\0b", 3, &id, e); }),
      bad("empty", "name_missing", "/name", [&](E e) { return linecard_create_tenant(h.container, "", 0, &id, e); }),
      bad("long", "name_invalid", "/name",
          [&](E e) { return linecard_create_tenant(h.container, long_name.c_str(), nul, &id, e); }),
      bad("no length", "name_invalid", "/name",
          [&](E e) { return linecard_create_tenant(h.container, "x", SIZE_MAX - 1, &id, e); }),
      bad("surrogate", "first_name_invalid", "/first_name", adopting([](U& u) { u.first_name = "\xed\xa0\x80"; })),
      bad("control", "last_name_invalid", "/last_name", adopting([](U& u) { u.last_name = "A\nB"; })),
      bad("none", "last_name_missing", "/last_name", adopting([](U& u) { u.last_name = nullptr; })),
      bad("none", "email_missing", "/email", adopting([](U& u) { u.email = ""; })),
      bad("address", "email_invalid", "/email", adopting([](U& u) { u.email = "ada at acme"; })),
      bad("language", "language_invalid", "/language", adopting([](U& u) { u.language = "english!"; })),
      {"role", LINECARD_E_NOT_FOUND, "role_unknown", "/role", adopting([](U& u) { u.role = "king"; })},
      bad("extension", "extension_invalid", "/extension", adopting([](U& u) { u.extension = "2a"; })),
      bad("E.164", "forwarding_number_invalid", "/forwarding_number",
          adopting([](U& u) { u.forwarding_number = "0123"; })),
      bad("welcome", "field_not_taken", "/send_welcome", adopting([](U& u) { u.send_welcome = 1; })),
      bad("extension when inviting", "field_not_taken", "/extension",
          [&](E e) {
            auto u = person("Ada", "ada@acme.example");
            u.extension = "201";
            return linecard_add_user(h.tenant, &u, &id, e);
          }),
      bad("neither yes nor no", "send_welcome_invalid", "/send_welcome",
          [&](E e) {
            auto u = person("Ada", "ada@acme.example");
            u.send_welcome = 2;
            return linecard_add_user(h.tenant, &u, &id, e);
          }),
      bad("search", "search_invalid", "/search",
          [&](E e) { return linecard_list_users(h.tenant, "\x80", 1, 0, 0, &list, e); }),
      bad("limit", "limit_invalid", "/limit",
          [&](E e) { return linecard_list_users(h.tenant, nullptr, 0, 0, 501, &list, e); }),
      bad("limit", "limit_invalid", "/limit",
          [&](E e) { return linecard_list_users(h.tenant, nullptr, 0, 0, -1, &list, e); }),
  });
  CHECK(digest(h.directory) == before);
}

TEST_CASE("C: bad JSON is E_INVALID and names the field; an unknown operation is E_NOT_FOUND") {
  house h;
  linecard_text *text = nullptr, *token = nullptr;
  const auto before = digest(h.directory);
  const auto calling = [&](const char* operation, std::string json) {
    return [&, operation, json](linecard_error** e) {
      return linecard_call(h.tenant, operation, nul, json.data(), json.size(), &text, e);
    };
  };
  using E = linecard_error**;
  refused({
      {"operation", LINECARD_E_NOT_FOUND, "operation_unknown", "/operation", calling("make_coffee", "{}")},
      {"malformed", LINECARD_E_INVALID, "json_malformed", "", calling("users", "{")},
      {"no object", LINECARD_E_INVALID, "wrong_type", "", calling("users", "[]")},
      {"unknown", LINECARD_E_INVALID, "field_unknown", "/serach", calling("users", R"({"serach":"x"})")},
      {"twice", LINECARD_E_INVALID, "field_repeated", "/limit", calling("users", R"({"limit":1,"limit":2})")},
      {"type", LINECARD_E_INVALID, "wrong_type", "/limit", calling("users", R"({"limit":"many"})")},
      {"word", LINECARD_E_INVALID, "word_unknown", "/policy", calling("import_users", R"({"csv":"","policy":"some"})")},
      {"preview of a query", LINECARD_E_INVALID, "not_a_command", "/operation",
       [&](E e) { return linecard_preview(h.tenant, "users", nul, "{}", nul, &text, &token, e); }},
      {"token", LINECARD_E_INVALID, "token_invalid", "/token",
       [&](E e) {
         return linecard_confirm(h.tenant, "enable_service", nul, R"({"service":"video"})", nul, "x", 1, &text, e);
       }},
  });
  CHECK(digest(h.directory) == before);
}

TEST_CASE("C: I9 another tenant's user is answered exactly like one that never was") {
  house h;
  const auto other_id = h.add_tenant("Other");
  linecard_actor* other = h.open(other_id);
  const auto foreign = adopt(other, "Eve", "eve@other.example");
  const linecard_id absent = foreign ^ 0x5500; // the same kind, nobody's
  const auto before = digest(h.directory);
  struct answered {
    std::int32_t status;
    std::string reason, path, message;
    bool operator==(const answered&) const = default;
  };
  const auto answers = [&](linecard_id id) {
    std::vector<answered> out;
    caught why;
    linecard_list* list = nullptr;
    linecard_text* text = nullptr;
    const auto note = [&](std::int32_t status) {
      CHECK(status == LINECARD_E_NOT_FOUND);
      out.push_back({status, why.reason(), why.path(), why.message()});
    };
    note(linecard_find_user(h.tenant, id, &list, why));
    note(linecard_assign_package(h.tenant, id, h.basic, nullptr, why));
    note(linecard_change_package(h.tenant, id, h.basic, nullptr, why));
    note(linecard_unassign_package(h.tenant, id, 0, nullptr, why));
    note(linecard_list_users(h.tenant, nullptr, 0, id, 0, &list, why));
    const auto json = R"({"user_id":")" + id_text(id) + R"("})";
    note(linecard_call(h.tenant, "why_unassigned", nul, json.data(), json.size(), &text, why));
    return out;
  };
  CHECK(answers(foreign) == answers(absent));
  CHECK(digest(h.directory) == before);
  linecard_actor_free(other);
}
