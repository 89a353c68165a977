// Signing in through the C API: a visitor, a session, a limit that says how long it lasts.
#include "kit.hpp"

using namespace capi;

namespace {

constexpr const char* brought_along = R"("pbkdf2_sha256$1000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=")";

std::string member_of(const std::string& json, const std::string& name) {
  const auto at = json.find("\"" + name + "\":\"");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return json.substr(from, json.find('"', from) - from);
}

struct known_house : house {
  linecard_actor* visitor = nullptr;
  known_house() {
    caught why;
    linecard_id id = 0;
    const auto ina = person("Ina", "ina@acme.example");
    ok(linecard_adopt_user(tenant, &ina, &id, why), why);
    call(tenant, "adopt_password", R"({"user_id":")" + id_text(id) + R"(","password_hash":)" + brought_along + "}");
    ok(linecard_actor_open_visitor(directory, &visitor, why), why);
  }
  ~known_house() { linecard_actor_free(visitor); }

  std::int32_t sign_in(const std::string& password, linecard_text** answer, caught& why) const {
    const auto json = R"({"email":"ina@acme.example","password":")" + password + "\"}";
    return linecard_call(visitor, "sign_in", nul, json.data(), json.size(), answer, why);
  }
};

} // namespace

TEST_CASE("C: B14 a password brought along signs in, and the session's token opens its actor until it is signed out") {
  known_house h;
  caught why;
  linecard_text* answer = nullptr;
  ok(h.sign_in("Tr0ub4dor&3 und mehr", &answer, why), why);
  const auto token = member_of(text_of(answer), "token");
  CHECK(token.rfind("lc1_session_", 0) == 0);
  linecard_actor* signed_in = nullptr;
  ok(linecard_actor_open_session(h.directory, token.data(), token.size(), linecard_actor_scope(h.tenant), &signed_in,
                                 why),
     why);
  CHECK(linecard_id_kind(linecard_actor_identity(signed_in)) == LINECARD_KIND_IDENTITY);
  CHECK(linecard_actor_scope(signed_in) == linecard_actor_scope(h.tenant));
  call(signed_in, "sign_out", "{}");
  linecard_actor_free(signed_in);
  CHECK(linecard_actor_open_session(h.directory, token.data(), token.size(), 0, &signed_in, why) == LINECARD_E_DENIED);
  CHECK(why.reason() == "token_invalid");
  CHECK(signed_in == nullptr);
}

TEST_CASE("C: I18 a limit of tries says how long it lasts, other errors say 0") {
  known_house h;
  caught why;
  linecard_text* answer = nullptr;
  for (int i = 0; i < 10; ++i) {
    CHECK(h.sign_in("nothing like the password", &answer, why) == LINECARD_E_DENIED);
    CHECK(why.reason() == "sign_in_failed");
  }
  linecard_error* limit = nullptr;
  const std::string json = R"({"email":"ina@acme.example","password":"Tr0ub4dor&3 und mehr"})";
  CHECK(linecard_call(h.visitor, "sign_in", nul, json.data(), json.size(), &answer, &limit) == LINECARD_E_LIMIT);
  CHECK(linecard_error_retry_after_ms(limit) > 0);
  CHECK(linecard_error_retry_after_ms(limit) <= 15 * 60 * 1000);
  CHECK(linecard_error_retry_after_ms(nullptr) == 0);
  linecard_error_free(limit);
}

TEST_CASE("C: a visitor holds nothing, and a missing argument is named") {
  known_house h;
  caught why;
  linecard_id made = 0;
  CHECK(linecard_create_container(h.visitor, "mine", nul, &made, why) == LINECARD_E_DENIED);
  CHECK(why.reason() == "permission_denied");
  CHECK(linecard_actor_identity(h.visitor) == 0);
  CHECK(linecard_actor_open_visitor(h.directory, nullptr, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/actor");
  linecard_actor* as = nullptr;
  CHECK(linecard_actor_open_session(h.directory, nullptr, 0, 0, &as, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/token");
}
