// The whole road through the C ABI, with the token taken from where the person gets it: the letter.
#include "kit.hpp"

#include <cstring>
#include <string>
#include <vector>

using namespace capi;

namespace {

constexpr const char *chosen = "vier fuenf wort sechs", *another = "sieben acht neun zehn";

struct got_letter {
  std::string kind, address, secret;
};

/// A house whose letters arrive.
struct reached_house {
  std::vector<got_letter> letters{};
  linecard_mailer mailer = LINECARD_MAILER_INIT;
  linecard_mail mail = LINECARD_MAIL_INIT;
  house at;
  linecard_actor* visitor = nullptr;

  reached_house() : at(options()) {
    caught why;
    ok(linecard_actor_open_visitor(at.directory, &visitor, why), why);
  }
  ~reached_house() { linecard_actor_free(visitor); }
  reached_house(const reached_house&) = delete;
  reached_house& operator=(const reached_house&) = delete;

  /// The newest letter, once all that wait have arrived.
  got_letter newest() {
    caught why;
    linecard_pumped done = LINECARD_PUMPED_INIT;
    ok(linecard_pump_mail(at.directory, 100, &done, why), why);
    REQUIRE_FALSE(letters.empty());
    return letters.back();
  }
  [[nodiscard]] std::string refused(const char* operation, const std::string& json) const {
    caught why;
    linecard_text* answer = nullptr;
    CHECK(linecard_call(visitor, operation, nul, json.data(), json.size(), &answer, why) != LINECARD_OK);
    CHECK(answer == nullptr);
    return why.reason();
  }
  [[nodiscard]] static std::string with(const std::string& token, const char* password = chosen) {
    return R"({"token":")" + token + R"(","password":")" + password + "\"}";
  }
  [[nodiscard]] static std::string login(const char* email, const char* password = chosen) {
    return R"({"email":")" + std::string(email) + R"(","password":")" + password + "\"}";
  }
  linecard_id invite(const char* email = "ina@acme.example") {
    caught why;
    linecard_id id = 0;
    auto ina = person("Ina", email);
    ina.package_id = at.plus;
    ina.send_welcome = 1;
    ok(linecard_add_user(at.tenant, &ina, &id, why), why);
    return id;
  }
  std::string about(linecard_id id) { return R"({"user_id":")" + id_text(id) + "\"}"; }

private:
  linecard_options options() {
    mailer.self = this;
    mailer.send = [](void* self, const linecard_letter* l, linecard_failure*) -> std::int32_t {
      const auto* token = std::strchr(l->link, '#');
      static_cast<reached_house*>(self)->letters.push_back({l->letter, l->address, token ? token + 1 : l->code});
      return LINECARD_DONE;
    };
    mail.mailer = &mailer;
    mail.link_base = "https://pbx.example/setup#";
    mail.sender = "phones@pbx.example";
    auto options = in_memory();
    options.mail = &mail;
    return options;
  }
};

std::string token_of(const std::string& answer) {
  const auto at = answer.find("\"token\":\"");
  REQUIRE(at != std::string::npos);
  return answer.substr(at + 9, answer.find('"', at + 9) - at - 9);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("C: S1.8 S2.4 S2.5 I14 I28 the link of a welcome letter sets the password once, and its person signs in") {
  reached_house h;
  const auto id = h.invite();
  CHECK(h.letters.empty());
  const auto letter = h.newest();
  CHECK(letter.kind == "welcome");
  CHECK(letter.address == "ina@acme.example");
  CHECK(h.refused("sign_in", h.login("ina@acme.example")) == "sign_in_failed");
  CHECK(has(call(h.at.tenant, "seat_pools", "{}"), R"("reserved":1)"));
  CHECK(h.refused("accept_invitation", h.with(letter.secret, "short")) == "password_too_short");
  call(h.visitor, "accept_invitation", h.with(letter.secret));
  CHECK(h.refused("accept_invitation", h.with(letter.secret)) == "token_invalid");
  const auto joined = call(h.at.tenant, "find_user", h.about(id));
  CHECK(has(joined, R"("state":"active")"));
  CHECK(has(joined, R"("team_role":)"));
  CHECK_FALSE(has(call(h.at.tenant, "seat_pools", "{}"), R"("reserved":1)"));

  const auto session = token_of(call(h.visitor, "sign_in", h.login("ina@acme.example")));
  linecard_actor* ina = nullptr;
  caught why;
  ok(linecard_actor_open_session(h.at.directory, session.data(), session.size(), h.at.tenant_id, &ina, why), why);
  call(ina, "sign_out", "{}");
  linecard_actor_free(ina);
}

TEST_CASE("C: S4.16 I16 a reset's link replaces the password, and ends the session and the older link") {
  reached_house h;
  const auto id = h.invite();
  call(h.visitor, "accept_invitation", h.with(h.newest().secret));
  const auto session = token_of(call(h.visitor, "sign_in", h.login("ina@acme.example")));
  call(h.visitor, "request_password_reset", R"({"email":"ina@acme.example"})");
  const auto older = h.newest();
  CHECK(older.kind == "password_reset");
  call(h.at.tenant, "start_password_reset", h.about(id));
  const auto newer = h.newest();
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example")), "token")); // nothing has ended yet
  call(h.visitor, "complete_password_reset", h.with(newer.secret, another));
  CHECK(h.newest().kind == "password_changed");
  CHECK(h.letters.back().secret.empty());
  CHECK(h.refused("complete_password_reset", h.with(older.secret)) == "token_invalid");
  CHECK(h.refused("sign_in", h.login("ina@acme.example")) == "sign_in_failed");
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example", another)), "token"));
  linecard_actor* ina = nullptr;
  caught why;
  CHECK(linecard_actor_open_session(h.at.directory, session.data(), session.size(), 0, &ina, why) == LINECARD_E_DENIED);
}

TEST_CASE("C: S5.7 I17 an invitation to who is set up ends the password before the letter leaves") {
  reached_house h;
  const auto id = h.invite();
  call(h.visitor, "accept_invitation", h.with(h.newest().secret));
  const auto before = h.letters.size();
  call(h.at.tenant, "send_invitation", h.about(id));
  CHECK(h.letters.size() == before);
  CHECK(h.refused("sign_in", h.login("ina@acme.example")) == "sign_in_failed");
  const auto letter = h.newest();
  CHECK(letter.kind == "reinvitation");
  call(h.visitor, "complete_password_reset", h.with(letter.secret, another));
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example", another)), "token"));
}

TEST_CASE("C: S3.5 a delegate's letter makes the delegation active; I20 one removed has no link left") {
  reached_house h;
  call(h.at.platform, "publish_notice", R"({"text":"Seen by all.","terms_link":"https://example.com/terms"})");
  const auto let_in = [&](const char* email) {
    return call(h.at.tenant, "add_delegate",
                R"({"first_name":"Pat","last_name":"P","email":")" + std::string(email) +
                    R"(","notice_version":1,"send_invitation":true})");
  };
  let_in("pat@partner.example");
  const auto letter = h.newest();
  CHECK(letter.kind == "delegate_invitation");
  CHECK(has(call(h.at.tenant, "delegates", "{}"), R"("state":"pending")"));
  call(h.visitor, "accept_invitation", h.with(letter.secret));
  CHECK(has(call(h.at.tenant, "delegates", "{}"), R"("state":"active")"));
  CHECK(has(call(h.visitor, "sign_in", h.login("pat@partner.example")), "token"));

  const auto added = let_in("nia@partner.example");
  const auto link = h.newest().secret;
  const auto created = added.find("\"created\":");
  const auto at = added.find("delegate_", created);
  REQUIRE(at != std::string::npos);
  const auto id = added.substr(at, added.find('"', at) - at);
  call(h.at.tenant, "remove_delegate", R"({"delegate_id":")" + id + "\"}");
  CHECK(h.refused("accept_invitation", h.with(link)) == "token_invalid");
}

TEST_CASE("C: S5.3 the code of a letter completes a sign-in that asked for it, and no other") {
  reached_house h;
  h.invite();
  call(h.visitor, "accept_invitation", h.with(h.newest().secret));
  const auto session = token_of(call(h.visitor, "sign_in", h.login("ina@acme.example")));
  linecard_actor* ina = nullptr;
  caught why;
  ok(linecard_actor_open_session(h.at.directory, session.data(), session.size(), 0, &ina, why), why);
  call(ina, "set_second_factor", R"({"second_factor":"mailbox"})");
  linecard_actor_free(ina);
  const auto asked = call(h.visitor, "sign_in", h.login("ina@acme.example"));
  CHECK(has(asked, R"("second_factor":"mailbox")"));
  const auto letter = h.newest();
  CHECK(letter.kind == "sign_in_code");
  CHECK(letter.secret.size() == 6);
  const auto answer = [&](const std::string& code) {
    return R"({"token":")" + token_of(asked) + R"(","code":")" + code + "\"}";
  };
  CHECK(h.refused("confirm_code", answer(letter.secret == "123456" ? "654321" : "123456")) == "code_wrong");
  CHECK(has(call(h.visitor, "confirm_code", answer(letter.secret)), "lc1_session_"));
}
