// A house whose letters arrive: what a person does with a token taken from where the person gets it.
#pragma once

#include "kit.hpp"

#include <cstring>
#include <string>
#include <vector>

namespace capi {

inline constexpr const char *chosen = "vier fuenf wort sechs", *another = "sieben acht neun zehn";

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

  explicit reached_house(const linecard_options& base = in_memory()) : at(with_mail(base)) {
    caught why;
    ok(linecard_actor_open_visitor(at.directory, &visitor, why), why);
  }
  ~reached_house() { linecard_actor_free(visitor); }
  reached_house(const reached_house&) = delete;
  reached_house& operator=(const reached_house&) = delete;

  /// Options of a directory whose letters come here.
  linecard_options with_mail(linecard_options options) {
    mailer.self = this;
    mailer.send = [](void* self, const linecard_letter* l, linecard_failure*) -> std::int32_t {
      const auto* token = std::strchr(l->link, '#');
      static_cast<reached_house*>(self)->letters.push_back({l->letter, l->address, token ? token + 1 : l->code});
      return LINECARD_DONE;
    };
    mail.mailer = &mailer;
    mail.link_base = "https://pbx.example/setup#";
    mail.sender = "phones@pbx.example";
    options.mail = &mail;
    return options;
  }

  /// The newest letter, once all that wait have arrived.
  got_letter newest() {
    caught why;
    linecard_pumped done = LINECARD_PUMPED_INIT;
    ok(linecard_pump_mail(at.directory, 100, &done, why), why);
    REQUIRE_FALSE(letters.empty());
    return letters.back();
  }
  [[nodiscard]] std::string refused(const char* operation, const std::string& json) const {
    return refused(visitor, operation, json);
  }
  [[nodiscard]] static std::string refused(linecard_actor* as, const char* operation, const std::string& json) {
    caught why;
    linecard_text* answer = nullptr;
    CHECK(linecard_call(as, operation, nul, json.data(), json.size(), &answer, why) != LINECARD_OK);
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
  /// One who has joined, with the password `chosen`.
  linecard_id joined(const char* email = "ina@acme.example") {
    const auto id = invite(email);
    call(visitor, "accept_invitation", with(newest().secret));
    return id;
  }
  [[nodiscard]] linecard_actor* session(const std::string& token, linecard_id scope_id = 0) const {
    caught why;
    linecard_actor* made = nullptr;
    ok(linecard_actor_open_session(at.directory, token.data(), token.size(), scope_id, &made, why), why);
    return made;
  }
  /// Why a session's token opens no actor; "" when it does.
  [[nodiscard]] std::string session_refused(const std::string& token) const {
    caught why;
    linecard_actor* made = nullptr;
    linecard_actor_open_session(at.directory, token.data(), token.size(), 0, &made, why);
    linecard_actor_free(made);
    return why.reason();
  }
  std::string about(linecard_id id) { return R"({"user_id":")" + id_text(id) + "\"}"; }
};

inline std::string token_of(const std::string& answer) {
  const auto at = answer.find("\"token\":\"");
  REQUIRE(at != std::string::npos);
  return answer.substr(at + 9, answer.find('"', at + 9) - at - 9);
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace capi
