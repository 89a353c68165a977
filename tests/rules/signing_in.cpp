// Signing in: a charge, a password, perhaps a code, a session.
#include <linecard/rules/signing_in.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>

using namespace kit;

ON_EVERY_STORE("a session's token opens its actor, in a scope, until it is over") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto token = secret_text(w.session_of("ina@acme.example"));
  CHECK(token.reveal().starts_with("lc1_session_"));
  const auto as = must(w.dir.open_session(token, w.tenant_id));
  CHECK(as.identity_id() == must(w.dir.open_actor("ina@acme.example")).identity_id());
  CHECK(as.in().tenant_id == w.tenant_id);
  CHECK(refused_with(w.dir.open_session(secret_text("lc1_session_x"))).reason == "token_invalid");
  w.pass(session_lives{}.absolute);
  CHECK(refused_with(w.dir.open_session(token)).reason == "session_over");
  CHECK(refused_with(w.dir.ask(as, grants{})).reason == "session_over");
}

TEST_CASE("I18 tries are charged before anything is compared, and the right password does not help past the limit") {
  postal_world w;
  w.joined("ina@acme.example");
  for (int i = 0; i < tries_of_account_and_source.most; ++i)
    CHECK(refused_with(w.try_sign_in("ina@acme.example", other_password, "192.0.2.1")).reason == "sign_in_failed");
  const auto calls = w.passwords->calls();
  const auto no = refused_with(w.try_sign_in("ina@acme.example", good_password, "192.0.2.1"));
  CHECK(no.reason == "too_many_tries");
  CHECK(no.retry_after_ms > 0);
  CHECK(w.passwords->calls() == calls);
  CHECK(w.try_sign_in("ina@acme.example", good_password, "198.51.100.7")); // another source is not locked out
  CHECK(refused_with(w.try_sign_in("nobody@acme.example", good_password, "192.0.2.1")).reason == "sign_in_failed");
  w.pass(no.retry_after_ms);
  CHECK(w.try_sign_in("ina@acme.example", good_password, "192.0.2.1"));
}

TEST_CASE("I18 a preview is charged too: it is no second way to guess") {
  postal_world w;
  w.joined("ina@acme.example");
  const sign_in guess{.email = "ina@acme.example", .password = secret_text(other_password)};
  for (int i = 0; i < tries_of_account_and_source.most; ++i)
    CHECK(refused_with(w.dir.preview(w.visitor, guess)).reason == "sign_in_failed");
  CHECK(refused_with(w.dir.preview(w.visitor, guess)).reason == "too_many_tries");
}

TEST_CASE("an invitation is no second way to guess a password") {
  postal_world w;
  w.joined("ina@acme.example");
  static_cast<void>(must(w.dir.run(
      w.other_admin,
      add_user{.first_name = "Ina", .last_name = "Twice", .email = "ina@acme.example", .send_welcome = true})));
  const auto token = w.token_to("ina@acme.example");
  for (int i = 0; i < tries_of_account_and_source.most; ++i)
    CHECK(w.refusal_to_accept(token, other_password) == "password_wrong");
  CHECK(w.refusal_to_accept(token) == "too_many_tries");
}

namespace {

struct coded_world : postal_world {
  coded_world() {
    joined("ina@acme.example");
    static_cast<void>(
        must(dir.run(must(dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox})));
  }
  receipt ask() { return must(try_sign_in("ina@acme.example", good_password)); }
  result<receipt> answer(const std::string& token, const std::string& code) {
    return dir.run(visitor, confirm_code{.token = secret_text(token), .code = secret_text(code)});
  }
  std::string code() { return token_to("ina@acme.example"); }
  static std::string other_than(const std::string& code) { return code == "123456" ? "654321" : "123456"; }
};

} // namespace

ON_EVERY_STORE("S5.3 with a second factor every sign-in mails six digits, good minutes, for that sign-in alone") {
  coded_world w;
  const auto first = w.ask();
  CHECK(first.second_factor == second_factor::mailbox);
  CHECK(w.letters().back().letter == "sign_in_code");
  const auto first_code = w.code();
  CHECK(first_code.size() == 6);
  CHECK(refused_with(w.dir.open_session(secret_text(*first.token))).reason == "token_invalid");
  const auto second = w.ask();
  const auto second_code = w.code();
  if (first_code != second_code) CHECK(refused_with(w.answer(*second.token, first_code)).reason == "code_wrong");
  const auto done = must(w.answer(*second.token, second_code));
  CHECK_FALSE(done.second_factor);
  CHECK(w.dir.open_session(secret_text(*done.token)));
  CHECK(refused_with(w.answer(*second.token, second_code)).reason == "token_invalid"); // once
  CHECK(refused_with(w.answer(*done.token, second_code)).reason == "token_invalid");
  w.pass(sign_in_code_life);
  CHECK(refused_with(w.answer(*first.token, first_code)).reason == "token_expired");
}

TEST_CASE("I18 five tries a code, charged before comparing; the right one afterwards is too late") {
  coded_world w;
  const auto waiting = w.ask();
  const auto code = w.code();
  for (int i = 0; i < tries_of_code.most; ++i)
    CHECK(refused_with(w.answer(*waiting.token, w.other_than(code))).reason == "code_wrong");
  CHECK(refused_with(w.answer(*waiting.token, code)).reason == "too_many_tries");
}

TEST_CASE("an outsider without the password cannot lock the second factor") {
  coded_world w;
  const auto waiting = w.ask();
  for (int i = 0; i < 200; ++i) {
    static_cast<void>(w.try_sign_in("ina@acme.example", other_password, std::to_string(i)));
    static_cast<void>(w.answer("lc1_sign_in_" + std::string(49, 'A'), "123456"));
  }
  CHECK(w.answer(*waiting.token, w.code()));
}

TEST_CASE("I20 a suspended identity confirms no code") {
  coded_world w;
  const auto waiting = w.ask();
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"ina@acme.example"}));
  CHECK(refused_with(w.answer(*waiting.token, w.code())).reason == "token_invalid");
}

ON_EVERY_STORE("sessions are listed for their owner, and end one by one, all at once, or by signing out") {
  postal_world w;
  w.joined("ina@acme.example");
  w.joined("bea@acme.example");
  const auto one = secret_text(w.session_of("ina@acme.example")), two = secret_text(w.session_of("ina@acme.example"));
  const auto bea = must(w.dir.open_session(secret_text(w.session_of("bea@acme.example"))));
  const auto ina = must(w.dir.open_session(one));
  const auto listed = must(w.dir.ask(ina, sessions{})).sessions;
  REQUIRE(listed.size() == 2);
  CHECK(std::ranges::count(listed, true, &session_row::current) == 1);
  const auto other = listed[0].current ? listed[1].session_id : listed[0].session_id;
  CHECK(w.reason(bea, end_sessions{other}) == "session_unknown");
  REQUIRE(w.dir.run(ina, end_sessions{other}));
  CHECK(refused_with(w.dir.open_session(two)).reason == "token_invalid");
  REQUIRE(w.dir.run(ina, sign_out{}));
  CHECK(refused_with(w.dir.ask(ina, sessions{})).reason == "session_over");
  const auto again = must(w.dir.open_session(secret_text(w.session_of("ina@acme.example"))));
  REQUIRE(w.dir.run(again, end_sessions{}));
  CHECK(w.reason(again, set_second_factor{second_factor::mailbox}) == "session_over");
  CHECK(w.dir.ask(bea, sessions{}));
  CHECK(refused_with(w.dir.ask(w.visitor, sessions{})).reason == "sign_in_needed");
}

ON_EVERY_STORE("a session ends when it is not used for its idle life, and at its end whatever its use") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto token = secret_text(w.session_of("ina@acme.example"));
  const session_lives lives{};
  for (std::int64_t used = 0; used + lives.idle < lives.absolute; used += lives.idle - 1) {
    REQUIRE(w.dir.open_session(token));
    const auto listed = must(w.dir.ask(must(w.dir.open_session(token)), sessions{})).sessions;
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].used_at == w.clock->at);
    w.pass(lives.idle - 1);
  }
  CHECK(w.dir.open_session(token));
  const auto ends = w.all<session>().front().ends_at;
  w.pass(ends.milliseconds - w.clock->at.milliseconds - 1);
  CHECK(w.dir.open_session(token));
  w.pass(1);
  CHECK(refused_with(w.dir.open_session(token)).reason == "session_over");

  const auto idle = secret_text(w.session_of("ina@acme.example"));
  const auto kept = must(w.dir.open_session(idle));
  w.pass(lives.idle);
  CHECK(refused_with(w.dir.open_session(idle)).reason == "session_over");
  CHECK(must(w.dir.ask(kept, sessions{})).sessions.empty());
}

TEST_CASE("the use of a session is noted once a minute at most, outside audit and state") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto token = secret_text(w.session_of("ina@acme.example"));
  const auto before = w.digest();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(w.dir.open_session(token));
    w.pass(session_use_step / 5);
  }
  CHECK(w.all<session_use>().empty());
  REQUIRE(w.dir.open_session(token));
  CHECK(w.all<session_use>().size() == 1);
  CHECK(w.digest() == before);
}

ON_EVERY_STORE("I20 who is suspended everywhere signs in nowhere, and returns with the same password") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  const auto session = secret_text(w.session_of("ina@acme.example"));
  const auto kept = must(w.dir.open_session(session));
  REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  CHECK(refused_with(w.dir.open_session(session)).reason == "session_over");
  CHECK(w.reason(kept, set_second_factor{second_factor::mailbox}) == "sign_in_needed");
  const auto before = w.letters().size();
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  CHECK(w.letters().size() == before);
  REQUIRE(w.dir.run(w.admin, resume_user{id}));
  CHECK(w.signs_in("ina@acme.example"));
  CHECK(w.dir.open_session(session));
}

TEST_CASE("I20 a place that stands, as user, delegate or by a grant above the tenants, is enough to sign in") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  const instant ends{w.clock->at.milliseconds + 1000};
  REQUIRE(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support", .ends_at = ends}));
  CHECK(w.signs_in("ina@acme.example"));
  w.pass(1000);
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  static_cast<void>(
      must(w.dir.run(w.other_admin, adopt_user{.first_name = "Ina", .last_name = "Too", .email = "ina@acme.example"})));
  CHECK(w.signs_in("ina@acme.example"));
}
