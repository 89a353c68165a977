// Signing in: a charge, a password, perhaps a code, a session.
#include <linecard/rules/signing_in.hpp>

#include "rules/postbox.hpp"

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
  w.pass(session_life);
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

TEST_CASE("I21 no secret of a whole run is in a receipt, the audit, the log's reach or a row") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto setup = w.token_to("ina@acme.example");
  const auto token = w.session_of("ina@acme.example");
  std::string everything;
  for (const auto* table : schema)
    hard::each_row(*w.rows, *table, [&](std::int64_t, std::span<const value> columns) {
      for (const auto& v : columns) everything += std::string(v.bytes()) + hex(v.bytes()) + "\n";
    });
  everything += to_json(must(w.dir.ask(w.admin, audit{.limit = 500})));
  everything += to_json(must(w.dir.ask(w.operator_, audit{.limit = 500})));
  for (const auto& canary : {std::string(good_password), token}) {
    CHECK(everything.find(canary) == std::string::npos);
    CHECK(everything.find(hex(canary)) == std::string::npos);
  }
  CHECK(setup == "");
}
