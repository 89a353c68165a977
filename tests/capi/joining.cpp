// The whole road through the C ABI, with the token taken from where the person gets it: the letter.
#include "reached.hpp"

using namespace capi;

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

TEST_CASE("C: S4.14 S4.18 I15 a wrong address is corrected while invited: the old link is void, the new one joins") {
  reached_house h;
  const auto id = h.invite("imogen@acme.example");
  const auto wrong = h.newest().secret;
  call(h.at.tenant, "correct_address", R"({"user_id":")" + id_text(id) + R"(","email":"ina@acme.example"})");
  call(h.at.tenant, "send_invitation", h.about(id));
  call(h.at.tenant, "send_invitation", h.about(id)); // takes the one before back
  const auto letter = h.newest();
  CHECK(letter.address == "ina@acme.example");
  CHECK(h.letters.size() == 2);
  CHECK(h.refused("accept_invitation", h.with(wrong)) == "token_invalid");
  auto flipped = letter.secret;
  flipped.back() = flipped.back() == 'A' ? 'B' : 'A';
  for (const auto& no : {flipped, letter.secret + "A", letter.secret.substr(1), std::string("x")})
    CHECK(h.refused("accept_invitation", h.with(no)) == "token_invalid");
  CHECK(h.refused("complete_password_reset", h.with(letter.secret)) == "token_invalid"); // of another purpose
  call(h.visitor, "accept_invitation", h.with(letter.secret));
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example")), "lc1_session_"));
  CHECK(h.refused(h.at.tenant, "correct_address",
                  R"({"user_id":")" + id_text(id) + R"(","email":"late@acme.example"})") == "already_joined");
}

TEST_CASE("C: S2.4 S5.6 whom no setup letter was sent cannot sign in, and nothing is queued") {
  reached_house h;
  caught why;
  linecard_id id = 0;
  const auto quiet = person("Ina", "ina@acme.example");
  ok(linecard_add_user(h.at.tenant, &quiet, &id, why), why);
  linecard_pumped done = LINECARD_PUMPED_INIT;
  ok(linecard_pump_mail(h.at.directory, 100, &done, why), why);
  CHECK(done.delivered == 0);
  CHECK(h.refused("sign_in", h.login("ina@acme.example")) == "sign_in_failed");
  call(h.visitor, "request_password_reset", R"({"email":"ina@acme.example"})");
  ok(linecard_pump_mail(h.at.directory, 100, &done, why), why);
  CHECK(h.letters.empty()); // a reset is no way in for who never joined
  call(h.at.tenant, "send_invitation", h.about(id));
  call(h.visitor, "accept_invitation", h.with(h.newest().secret));
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example")), "lc1_session_"));
}
