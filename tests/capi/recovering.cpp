// Back when it goes wrong, through the C ABI: the backup address, suspension, what outsiders learn and what is kept.
#include "reached.hpp"

using namespace capi;

namespace {

constexpr const char *own = "ina@acme.example", *home = "ina.home@else.example";

struct backed_house : reached_house {
  linecard_id ina = joined(own);
  linecard_actor* here = session(token_of(call(visitor, "sign_in", login(own))));

  backed_house() = default;
  backed_house(const backed_house&) = delete;
  backed_house& operator=(const backed_house&) = delete;
  ~backed_house() { linecard_actor_free(here); }

  got_letter set() {
    call(here, "set_backup_address", login(home));
    return newest();
  }
  void back_up() { call(visitor, "confirm_backup_address", R"({"token":")" + set().secret + "\"}"); }
  std::size_t pumped() { return newest(), letters.size(); }
  void ask_reset(const char* email, bool use_backup_address) const {
    call(visitor, "request_password_reset",
         R"({"email":")" + std::string(email) + R"(","use_backup_address":)" + (use_backup_address ? "true" : "false") +
             "}");
  }
};

} // namespace

TEST_CASE("C: S5.2 I19 a backup address counts once its link was opened, and then recovers the login") {
  backed_house h;
  CHECK(h.refused(h.here, "set_backup_address", h.login(home, another)) == "password_wrong");
  CHECK(h.refused(h.visitor, "set_backup_address", h.login(home)) == "sign_in_needed");
  const auto link = h.set();
  CHECK(link.kind == "address_confirmation");
  CHECK(link.address == home);
  CHECK(has(call(h.here, "own_login", "{}"),
            R"("backup_address":null,"backup_address_waiting":"ina.home@else.example")"));
  const auto before = h.letters.size();
  h.ask_reset(own, true);
  CHECK(h.pumped() == before); // not confirmed: nothing goes there

  const auto confirming = R"({"token":")" + link.secret + "\"}";
  call(h.visitor, "confirm_backup_address", confirming);
  CHECK(h.refused("confirm_backup_address", confirming) == "token_invalid");
  CHECK(h.newest().kind == "backup_address_changed");
  CHECK(h.letters.back().address == own);
  CHECK(has(call(h.here, "own_login", "{}"),
            R"("backup_address":"ina.home@else.example","backup_address_waiting":null)"));

  h.ask_reset(own, true);
  const auto letter = h.newest();
  CHECK(letter.kind == "password_reset");
  CHECK(letter.address == home);
  call(h.visitor, "complete_password_reset", h.with(letter.secret, another));
  CHECK(has(call(h.visitor, "sign_in", h.login(own, another)), "lc1_session_"));
  CHECK(h.refused("sign_in", h.login(own)) == "sign_in_failed");
}

TEST_CASE("C: S5.2 I19 a backup address never signs in, receives no code and names no login") {
  backed_house h;
  h.back_up();
  CHECK(h.refused("sign_in", h.login(home)) == "sign_in_failed");
  call(h.here, "set_second_factor", R"({"second_factor":"mailbox"})");
  CHECK(has(call(h.here, "own_login", "{}"), R"("second_factor":"mailbox")"));
  CHECK(has(call(h.visitor, "sign_in", h.login(own)), R"("second_factor":"mailbox")"));
  CHECK(h.newest().kind == "sign_in_code");
  CHECK(h.letters.back().address == own);
  const auto before = h.letters.size();
  h.ask_reset(home, true);
  h.ask_reset(home, false);
  CHECK(h.pumped() == before);
  call(h.here, "remove_backup_address", "{}");
  CHECK(h.newest().kind == "backup_address_changed");
  const auto removed = h.letters.size();
  h.ask_reset(own, true);
  CHECK(h.pumped() == removed);
}

TEST_CASE("C: I20 who is suspended everywhere signs in nowhere, and returns with the same password") {
  backed_house h;
  const auto session = token_of(call(h.visitor, "sign_in", h.login(own)));
  call(h.at.tenant, "suspend_user", h.about(h.ina));
  CHECK(h.refused("sign_in", h.login(own)) == "sign_in_failed");
  CHECK(h.session_refused(session) == "session_over");
  CHECK(h.refused(h.here, "own_login", "{}") == "sign_in_needed");
  const auto before = h.letters.size();
  h.ask_reset(own, false);
  CHECK(h.pumped() == before);
  call(h.at.tenant, "resume_user", h.about(h.ina));
  CHECK(has(call(h.visitor, "sign_in", h.login(own)), "lc1_session_"));
  CHECK(h.session_refused(session).empty());
}

TEST_CASE("C: I22 a request for a known and for an unknown address are answered alike, and so are sign-ins") {
  static std::int64_t now;
  now = 1'700'000'000'000;
  linecard_clock clock = LINECARD_CLOCK_INIT;
  clock.now = [](void*, std::int64_t* at) { return *at = now, LINECARD_DONE; };
  auto options = in_memory();
  options.clock = &clock;
  reached_house h(options);
  h.joined();
  const auto asked = [&](const char* email) {
    return call(h.visitor, "request_password_reset", R"({"email":")" + std::string(email) + "\"}");
  };
  CHECK(asked(own) == asked("nobody@acme.example"));
  const auto told = [&](const char* email) {
    caught why;
    const auto json = h.login(email, another);
    linecard_text* answer = nullptr;
    CHECK(linecard_call(h.visitor, "sign_in", nul, json.data(), json.size(), &answer, why) == LINECARD_E_DENIED);
    return why.reason() + why.path() + why.message();
  };
  CHECK(told(own) == told("nobody@acme.example"));
}

TEST_CASE("C: S5.3 a person's sessions say when they were used last and what they were opened by") {
  backed_house h;
  call(h.here, "set_second_factor", R"({"second_factor":"mailbox"})");
  const auto asked = call(h.visitor, "sign_in", h.login(own));
  const auto done =
      call(h.visitor, "confirm_code", R"({"token":")" + token_of(asked) + R"(","code":")" + h.newest().secret + "\"}");
  CHECK(has(done, R"("second_factor":null)"));
  const auto listed = call(h.here, "sessions", "{}");
  const auto first = listed.find(R"("second_factor":"none")"), second = listed.find(R"("second_factor":"mailbox")");
  REQUIRE(first != std::string::npos);
  REQUIRE(second != std::string::npos);
  CHECK(first < second); // the oldest first
  CHECK(listed.find(R"("used_at":")") < first);
  call(h.here, "set_second_factor", R"({"second_factor":"none"})");
  CHECK(has(call(h.visitor, "sign_in", h.login(own)), R"("second_factor":null)"));
  CHECK(h.refused(h.here, "set_second_factor", R"({"second_factor":"carrier pigeon"})") == "word_unknown");
}

TEST_CASE("C: I21 no token, code or password is in a receipt, a listing, an error or the audit") {
  backed_house h;
  std::vector<std::string> secrets{chosen, another, h.set().secret};
  std::string told = call(h.visitor, "confirm_backup_address", R"({"token":")" + secrets.back() + "\"}");
  told += call(h.at.tenant, "start_password_reset", h.about(h.ina));
  secrets.push_back(h.newest().secret);
  caught why;
  const auto weak = h.with(secrets.back(), "aaaaaaaaaaaaaaaaaaaa");
  linecard_text* nothing = nullptr;
  CHECK(linecard_call(h.visitor, "complete_password_reset", nul, weak.data(), weak.size(), &nothing, why) ==
        LINECARD_E_INVALID);
  CHECK(why.reason().rfind("password_", 0) == 0);
  told += why.reason() + why.path() + why.message();
  told += call(h.visitor, "complete_password_reset", h.with(secrets.back(), another));
  told += call(h.at.tenant, "audit", R"({"limit":500})") + call(h.at.platform, "audit", R"({"limit":500})");
  told += call(h.at.tenant, "messages", R"({"state":"delivered"})") + call(h.at.tenant, "find_user", h.about(h.ina));
  told += call(h.at.tenant, "invitations", "{}");
  for (const auto& secret : secrets) {
    REQUIRE(secret.size() > 5);
    CHECK_FALSE(has(told, secret));
  }
}

TEST_CASE("C: I23 each command of the road leaves one audit entry, a refused one none, and a denial its own record") {
  reached_house h;
  const auto chain = [&] { return call(h.at.tenant, "verify_audit", "{}"); };
  const auto id = h.invite();
  const auto link = h.newest().secret;
  const auto audit = [&] { return call(h.at.tenant, "audit", R"({"limit":500})"); };
  const auto count = [&](const std::string& command) {
    const auto all = audit();
    const auto member = R"("command":")" + command + "\"";
    int n = 0;
    for (auto at = all.find(member); at != std::string::npos; at = all.find(member, at + 1)) ++n;
    return n;
  };
  const auto before = chain();
  CHECK(h.refused("accept_invitation", h.with(link, "short")) == "password_too_short");
  CHECK(chain() == before);
  CHECK(count("accept_invitation") == 0);
  call(h.visitor, "accept_invitation", h.with(link));
  CHECK(count("accept_invitation") == 1);
  CHECK(chain() != before);
  CHECK(has(chain(), R"("intact":true)"));
  auto* ina = h.session(token_of(call(h.visitor, "sign_in", h.login(own))), h.at.tenant_id);
  const auto settled = audit();
  CHECK(h.refused(ina, "suspend_user", h.about(id)) == "permission_denied");
  CHECK(audit() == settled);
  CHECK(has(call(h.at.tenant, "denials", "{}"), R"("command":"suspend_user")"));
  linecard_actor_free(ina);
}
