// Who may do what, through C: roles, flags, delegates, deletion and the reasons why not, as JSON calls and as checks.
#include "kit.hpp"

using namespace capi;

namespace {

std::string refused(linecard_actor* as, const char* operation, const std::string& json) {
  caught why;
  linecard_text* answer = nullptr;
  CHECK(linecard_call(as, operation, nul, json.data(), json.size(), &answer, why) != LINECARD_OK);
  CHECK(answer == nullptr);
  CHECK_FALSE(why.message().empty());
  return why.reason();
}

struct person_in {
  linecard_actor* actor = nullptr;
  person_in(const house& h, const char* email, linecard_id scope_id) {
    caught why;
    ok(linecard_actor_open_email(h.directory, email, nul, scope_id, &actor, why), why);
  }
  person_in(const person_in&) = delete;
  person_in& operator=(const person_in&) = delete;
  ~person_in() { linecard_actor_free(actor); }
  [[nodiscard]] linecard_id id() const { return linecard_actor_identity(actor); }
};

bool may(const house& h, const person_in& who, const char* permission) {
  return linecard_check(h.directory, who.id(), permission, nul, h.tenant_id, nullptr) == 1;
}

bool has(const std::string& json, const std::string& part) { return json.find(part) != std::string::npos; }

std::string quoted(linecard_id id) { return "\"" + id_text(id) + "\""; }

constexpr auto pat = R"("first_name":"Pat","last_name":"P","email":"pat@partner.example")";

} // namespace

TEST_CASE("C: S5.4 S5.9 S5.11 I10 a container role manages users with its flag, and not a check longer") {
  house h;
  call(h.container, "grant_role", R"({"email":"cora@box.example","role":"container"})");
  const person_in cora(h, "cora@box.example", h.tenant_id);
  CHECK(may(h, cora, "ucp_box.manage"));
  CHECK_FALSE(may(h, cora, "user.manage"));
  call(h.container, "give_flag", R"({"email":"cora@box.example","flag":"manage_users"})");
  CHECK(may(h, cora, "user.manage"));
  call(h.container, "take_flag", R"({"email":"cora@box.example","flag":"manage_users"})");
  CHECK_FALSE(may(h, cora, "user.manage"));
  CHECK(refused(h.container, "give_flag", R"({"email":"cora@box.example"})") == "flag_missing");
}

TEST_CASE("C: S5.1 S5.8 S5.10 the tenant and container_advanced roles hold what their pages say") {
  house h;
  adopt(h.tenant, "Tina", "tina@acme.example");
  call(h.tenant, "grant_role", R"({"email":"tina@acme.example","role":"tenant"})");
  for (const auto* flag : {"manage_users", "manage_e911", "manage_international"})
    call(h.tenant, "give_flag", R"({"email":"tina@acme.example","flag":")" + std::string(flag) + "\"}");
  const person_in tina(h, "tina@acme.example", h.tenant_id);
  for (const auto* held : {"company.configure", "number.configure", "e911.manage", "international.manage"})
    CHECK_MESSAGE(may(h, tina, held), held);
  for (const auto* not_held : {"user.manage", "ucp_box.manage", "answering_service.manage", "advanced_panel.view"})
    CHECK_MESSAGE(!may(h, tina, not_held), not_held);
  call(h.container, "grant_role", R"({"email":"carl@box.example","role":"container_advanced"})");
  const person_in carl(h, "carl@box.example", h.tenant_id);
  CHECK(may(h, carl, "advanced_panel.view"));
  CHECK(may(h, carl, "api_key.view"));
  CHECK_FALSE(may(h, carl, "license.view"));
}

TEST_CASE("C: B3 I7 explain tells a person and a program what is missing, and agrees with the check") {
  house h;
  adopt(h.tenant, "Ulf", "ulf@acme.example");
  const person_in ulf(h, "ulf@acme.example", h.tenant_id);
  const std::string asked = R"({"email":"ulf@acme.example","permission":"e911.manage"})";
  CHECK(has(call(h.tenant, "explain", asked), R"("allowed":false,"reason":"no_grant")"));
  call(h.tenant, "grant_role", R"({"email":"ulf@acme.example","role":"tenant"})");
  const auto near = call(h.tenant, "explain", asked);
  CHECK(has(near, R"("reason":"flag_needed")"));
  CHECK(has(near, R"(the flag manage_e911 is missing)"));
  CHECK_FALSE(may(h, ulf, "e911.manage"));
  call(h.tenant, "give_flag", R"({"email":"ulf@acme.example","flag":"manage_e911"})");
  CHECK(has(call(h.tenant, "explain", asked), R"("allowed":true,"reason":"allowed")"));
  CHECK(may(h, ulf, "e911.manage"));
  caught why;
  CHECK(linecard_check(h.directory, ulf.id(), "user.manage", nul, h.tenant_id, why) == 0);
  CHECK(why.status() == LINECARD_E_DENIED);
  CHECK(has(why.message(), "does not hold user.manage in tenant \"Acme\""));
}

TEST_CASE("C: I8 S4.3 I13 nobody gives what they do not hold, and the owner stays until support replaces it") {
  house h;
  const auto ada_id = adopt(h.tenant, "Ada", "ada@acme.example");
  adopt(h.tenant, "Bo", "bo@acme.example");
  call(h.tenant, "grant_role", R"({"email":"ada@acme.example","role":"administrator"})");
  const person_in ada(h, "ada@acme.example", h.tenant_id);
  CHECK(refused(ada.actor, "define_role", R"({"name":"x","permissions":["ucp_box.manage"]})") == "role_exceeds_own");
  CHECK(refused(h.tenant, "delete_user", "{\"user_id\":" + quoted(ada_id) + "}") == "owner_needs_support");
  call(h.tenant, "grant_role", R"({"email":"bo@acme.example","role":"administrator"})");
  const person_in bo(h, "bo@acme.example", h.tenant_id);
  CHECK(refused(bo.actor, "suspend_user", "{\"user_id\":" + quoted(ada_id) + "}") == "owner_needs_support");
  CHECK(refused(bo.actor, "replace_owner", "{\"user_id\":" + quoted(ada_id) + "}") == "permission_denied");
}

TEST_CASE("C: S3.1 S3.2 S3.3 S3.4 a delegate comes in under an acknowledged notice, and is no user") {
  house h;
  const auto invitation = [](int version) {
    return "{" + std::string(pat) + ",\"notice_version\":" + std::to_string(version) + "}";
  };
  CHECK(refused(h.tenant, "add_delegate", invitation(1)) == "notice_missing");
  call(h.platform, "publish_notice", R"({"text":"Delegates see everything.","terms_link":"https://example.com/t"})");
  CHECK(refused(h.tenant, "add_delegate", invitation(2)) == "notice_stale");
  CHECK(refused(h.tenant, "add_delegate", R"({"first_name":"Pat","email":"p@p.example","notice_version":1})") ==
        "last_name_missing");
  const auto before = call(h.tenant, "users", "{}") + call(h.tenant, "seat_pools", "{}");
  call(h.tenant, "add_delegate", invitation(1));
  CHECK(call(h.tenant, "users", "{}") + call(h.tenant, "seat_pools", "{}") == before);
  CHECK(has(call(h.tenant, "delegates", "{}"), R"("state":"pending")"));
}

TEST_CASE("C: S3.6 S3.7 S3.8 S3.9 I11 I20 a delegate may do nothing before, acts on behalf, is reviewed, and is gone") {
  house h;
  call(h.platform, "publish_notice", R"({"text":"Delegates see everything.","terms_link":"https://example.com/t"})");
  const auto receipt = call(h.tenant, "add_delegate", "{" + std::string(pat) + ",\"notice_version\":1}");
  const auto at = receipt.find("delegate_");
  REQUIRE(at != std::string::npos);
  const auto json = R"({"delegate_id":")" + receipt.substr(at, receipt.find('"', at) - at) + "\"}";
  const person_in partner(h, "pat@partner.example", h.tenant_id);
  CHECK_FALSE(may(h, partner, "license.view"));
  call(h.tenant, "activate_delegate", json);
  CHECK(may(h, partner, "license.view"));
  CHECK_FALSE(may(h, partner, "user.manage"));
  call(h.tenant, "review_delegate", json);
  CHECK_FALSE(has(call(h.tenant, "delegates", R"({"overdue":true})"), "delegate_id"));
  CHECK(has(call(h.tenant, "delegates", "{}"), R"("overdue":false)"));
  call(h.tenant, "define_role", R"({"name":"sales","permissions":["license.assign"]})");
  call(h.tenant, "grant_role", R"({"email":"pat@partner.example","role":"sales"})");
  const auto user_id = adopt(h.tenant, "Ulf", "ulf@acme.example");
  call(partner.actor, "assign_package", "{\"user_id\":" + quoted(user_id) + ",\"package_id\":" + quoted(h.basic) + "}");
  CHECK(has(call(h.tenant, "audit", R"({"limit":1})"), "\"on_behalf_of_id\":" + quoted(h.tenant_id)));
  call(h.tenant, "remove_delegate", json);
  CHECK_FALSE(may(h, partner, "license.view"));
  CHECK(refused(partner.actor, "unassign_package", "{\"user_id\":" + quoted(user_id) + "}") == "actor_expired");
}

TEST_CASE("C: S4.13 I20 I12 actions are named with reasons, and a deleted user is gone with everything held") {
  house h;
  const auto user_id = adopt(h.tenant, "Ulf", "ulf@acme.example");
  const auto json = "{\"user_id\":" + quoted(user_id) + "}";
  CHECK(has(call(h.tenant, "available_actions", json), R"({"action":"suspend_user","available":true)"));
  CHECK(has(call(h.tenant, "available_actions", json),
            R"({"action":"resume_user","available":false,"reason":"not_suspended")"));
  adopt(h.tenant, "Wim", "wim@acme.example");
  call(h.tenant, "define_role", R"({"name":"desk","permissions":["license.view"],"restricted":["user.manage"]})");
  call(h.tenant, "grant_role", R"({"email":"wim@acme.example","role":"desk"})");
  const person_in wim(h, "wim@acme.example", h.tenant_id), ulf(h, "ulf@acme.example", h.tenant_id);
  for (const auto* operation : {"suspend_user", "resume_user", "delete_user", "activate_user"})
    CHECK(refused(wim.actor, operation, json) == "permission_denied");
  call(h.tenant, "give_flag", R"({"email":"wim@acme.example","flag":"manage_users"})");
  call(h.tenant, "grant_role", "{\"user_id\":" + quoted(user_id) + ",\"role\":\"delegate\"}");
  CHECK(may(h, ulf, "license.view"));
  CHECK(refused(wim.actor, "delete_user", json) == "target_exceeds_own"); // Wim configures no numbers
  confirmed(h.tenant, "delete_user", json);
  CHECK_FALSE(may(h, ulf, "license.view"));
  CHECK(refused(h.tenant, "find_user", json) == "user_unknown");
  CHECK(adopt(h.tenant, "Ulf", "ulf@acme.example") != user_id);
  CHECK_FALSE(may(h, ulf, "license.view"));
}
