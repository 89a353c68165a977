// Passwords reset by the person and by an administrator, scrambled, and brought along from another system.
#include <linecard/rules/passwords.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/backup_address.hpp>
#include <linecard/rules/challenges.hpp>
#include <linecard/rules/signing_in.hpp>

using namespace kit;

namespace {

result<receipt> complete(postal_world& w, std::string_view token, std::string_view password = other_password) {
  return w.dir.run(w.visitor, complete_password_reset{.token = secret_text(token), .password = secret_text(password)});
}

} // namespace

ON_EVERY_STORE("S4.16 I16 a reset ends nothing before it is completed; then password, sessions and older tokens die") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  const auto session = secret_text(w.session_of("ina@acme.example"));
  const auto vouched = must(w.dir.open_actor("ina@acme.example", w.tenant_id));
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  const auto older = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  const auto token = w.token_to("ina@acme.example");
  CHECK(w.letters().back().letter == "password_reset");
  CHECK(w.signs_in("ina@acme.example"));
  CHECK(w.dir.open_session(session));

  REQUIRE(complete(w, token));
  CHECK(refused_with(complete(w, older)).reason == "token_invalid");
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  CHECK(w.signs_in("ina@acme.example", other_password));
  CHECK(refused_with(w.dir.open_session(session)).code == status::denied);
  CHECK(w.reason(vouched, accept_invitation{.token = secret_text("x")}) == "actor_expired");
  CHECK(refused_with(w.dir.ask(vouched, grants{})).reason == "actor_expired");
  CHECK(refused_with(complete(w, token, good_password)).reason == "token_invalid");
  CHECK(w.letters().back().letter == "password_changed");
  CHECK(w.letters().back().secret().empty());
}

TEST_CASE("I15 a reset lasts an hour, and a weak password leaves its link good") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  const auto token = w.token_to("ina@acme.example");
  CHECK(refused_with(complete(w, token, "short")).reason == "password_too_short");
  w.pass(password_reset_life);
  CHECK(refused_with(complete(w, token)).reason == "token_expired");
  w.pass(-1);
  REQUIRE(complete(w, token));
}

ON_EVERY_STORE("I22 known or not, set up or not: answer, receipt, hashing and all that is written are the same") {
  postal_world w;
  w.joined("ina@acme.example");
  w.welcomed("Bea", "Pending", "bea@acme.example");
  const auto before = w.letters().size();
  const auto calls = w.passwords->calls();
  const auto commits = [&] {
    for (const auto& t : w.dir.counters().store)
      if (t.call == "commit") return t.count;
    return std::int64_t{-1};
  };
  std::vector<std::string> answers;
  for (const auto* email : {"ina@acme.example", "bea@acme.example", "nobody@acme.example"}) {
    const auto until_now = commits();
    answers.push_back(
        to_json(must(w.dir.run(w.visitor, request_password_reset{.email = email, .source = "192.0.2.1"}))));
    CHECK(commits() == until_now + 2); // the charge, the request
  }
  CHECK(w.all<reset_request>().size() == 3);
  CHECK(answers[0] == answers[1]);
  CHECK(answers[0] == answers[2]);
  CHECK(w.passwords->calls() == calls);
  CHECK(w.letters().size() == before + 1);

  const auto tries = [&](std::string email, std::string_view password) {
    const auto at = w.passwords->calls();
    const auto no = refused_with(w.try_sign_in(std::move(email), password));
    return std::pair{no.reason + no.path + no.message, w.passwords->calls() - at};
  };
  const auto known = tries("ina@acme.example", other_password);
  CHECK(known.second == 1);
  CHECK(tries("bea@acme.example", other_password) == known);
  CHECK(tries("nobody@acme.example", other_password) == known);
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"ina@acme.example"}));
  CHECK(tries("ina@acme.example", good_password) == known);
}

TEST_CASE("letters that outsiders can cause are few, whoever asks") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto ask = [&](std::string source) {
    return w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example", .source = std::move(source)});
  };
  for (int i = 0; i < letters_to_address.most; ++i) REQUIRE(ask(std::to_string(i)));
  const auto no = refused_with(ask("another"));
  CHECK(no.code == status::limit);
  CHECK(no.reason == "too_many_tries");
  CHECK(no.retry_after_ms == letters_to_address.window);
  w.pass(no.retry_after_ms);
  CHECK(ask("another"));
}

ON_EVERY_STORE("S5.7 I17 an invitation to who is set up scrambles the password at once, before the letter leaves") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  const auto session = secret_text(w.session_of("ina@acme.example"));
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  const auto older = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, send_invitation{id}));
  CHECK(w.letters().back().letter == "reinvitation");
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  CHECK(refused_with(w.dir.open_session(session)).code == status::denied);
  CHECK(refused_with(complete(w, older)).reason == "token_invalid");
  REQUIRE(complete(w, w.token_to("ina@acme.example")));
  CHECK(w.signs_in("ina@acme.example", other_password));
  CHECK(w.details(id).state == user_state::active);
}

ON_EVERY_STORE("S5.7 nobody scrambles a login that other places know, unless they have authority over all of them") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  static_cast<void>(must(
      w.dir.run(w.other_admin, adopt_user{.first_name = "Ina", .last_name = "Twice", .email = "ina@acme.example"})));
  const auto before = w.digest();
  CHECK(w.reason(w.admin, send_invitation{id}) == "known_elsewhere");
  CHECK(w.digest() == before);
  CHECK(w.signs_in("ina@acme.example"));
  REQUIRE(w.dir.run(w.at_tenant, send_invitation{id}));
  CHECK_FALSE(w.signs_in("ina@acme.example"));
}

TEST_CASE("a grant outside the tenant is another place too") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  static_cast<void>(must(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support"})));
  const auto no = refused_with(w.dir.run(w.admin, send_invitation{id}));
  CHECK(no.code == status::denied);
  CHECK(w.signs_in("ina@acme.example"));
}

TEST_CASE("a reset is for who has joined; who has not is invited") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ina@acme.example");
  CHECK(w.reason(w.admin, start_password_reset{id}) == "not_joined");
  CHECK(w.reason(w.other_admin, start_password_reset{id}) == "user_unknown");
}

ON_EVERY_STORE("B14 a hash of another system signs in once, and is made anew") {
  postal_world w;
  const auto id = w.adopt("Max", "Muster", "max@acme.example");
  const std::string brought = "$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae";
  CHECK(w.reason(w.admin, adopt_password{id, secret_text("$1$md5$whatever")}) == "hash_unsupported");
  REQUIRE(w.dir.run(w.admin, adopt_password{id, secret_text(brought)}));
  CHECK(w.reason(w.admin, adopt_password{id, secret_text(brought)}) == "password_set_already");
  CHECK_FALSE(w.signs_in("max@acme.example", "Tr0ub4dor&3 und mehx"));
  CHECK(w.all<credential>().front().password_hash == brought);
  CHECK(w.signs_in("max@acme.example", "Tr0ub4dor&3 und mehr"));
  CHECK(w.all<credential>().front().password_hash->starts_with("quick1$"));
  CHECK(w.signs_in("max@acme.example", "Tr0ub4dor&3 und mehr"));
}

TEST_CASE("a hash made cheaper than wanted now is made anew at the next success") {
  postal_world w;
  w.joined("ina@acme.example");
  w.passwords->made_with = "quick2$";
  CHECK_FALSE(w.signs_in("ina@acme.example", other_password));
  CHECK(w.all<credential>().front().password_hash->starts_with("quick1$"));
  CHECK(w.signs_in("ina@acme.example"));
  CHECK(w.all<credential>().front().password_hash->starts_with("quick2$"));
  CHECK(w.signs_in("ina@acme.example"));
}

namespace {

constexpr std::string_view brought = "$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae";
constexpr std::string_view brought_password = "Tr0ub4dor&3 und mehr";

/// Otto says that Ina is his, and what her password is.
id_of<user> claimed_by_other(postal_world& w) {
  const auto id =
      must(w.dir.run(w.other_admin, adopt_user{.first_name = "I", .last_name = "J", .email = "ina@acme.example"}))
          .created_id<user>();
  REQUIRE(w.dir.run(w.other_admin, adopt_password{id, secret_text(brought)}));
  return id;
}

} // namespace

ON_EVERY_STORE("B14 I8 a password that a tenant brought along ends when another place relies on the login") {
  for (const int how : {0, 1, 2, 3}) {
    CAPTURE(how);
    postal_world w;
    claimed_by_other(w);
    const auto session = secret_text(w.session_of("ina@acme.example", brought_password));
    const auto here = must(w.dir.open_session(session));
    CHECK(w.reason(here, set_backup_address{.email = "otto@else.example", .password = secret_text(brought_password)}) ==
          "mailbox_unproved");
    if (how == 0) w.welcomed("Ina", "Invited", "ina@acme.example");
    if (how == 1) w.adopt("Ina", "Adopted", "ina@acme.example");
    if (how == 2) {
      const auto typo = w.welcomed("Ina", "Invited", "ini@acme.example");
      REQUIRE(w.dir.run(w.admin, correct_address{typo, "ina@acme.example"}));
    }
    if (how == 3) REQUIRE(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support"}));
    CHECK_FALSE(w.signs_in("ina@acme.example", brought_password));
    CHECK_FALSE(w.dir.open_session(session));
  }
}

ON_EVERY_STORE("B14 whoever proved the mailbox keeps the login when another place relies on it") {
  postal_world w;
  const auto id = claimed_by_other(w);
  REQUIRE(w.dir.run(w.other_admin, start_password_reset{id}));
  REQUIRE(complete(w, w.token_to("ina@acme.example"), good_password));
  w.adopt("Ina", "Adopted", "ina@acme.example");
  CHECK(w.signs_in("ina@acme.example"));
  CHECK(w.reason(w.admin, adopt_password{w.welcomed("B", "C", "bea@acme.example"), secret_text(brought)}) ==
        "not_joined");
}

ON_EVERY_STORE("I9 what a tenant is told of an invitation is the same for a known login, however it was spelt") {
  postal_world w;
  const auto told = [&](const std::string& email) {
    const add_user c{.first_name = "Ina", .last_name = "I", .email = email, .send_welcome = true};
    auto text = to_json(must(w.dir.preview(w.admin, c)));
    return text.find("address_as_given") == std::string::npos && text.find("session_epoch") == std::string::npos;
  };
  static_cast<void>(must(w.dir.run(
      w.other_admin, adopt_user{.first_name = "Ina", .last_name = "Too", .email = "Ina.Known@acme.example"})));
  CHECK(told("ina.known@acme.example"));
  CHECK(told("nobody@acme.example"));
}

ON_EVERY_STORE("I16 a reset by the person leaves other tenants' invitations good, which ask for the new password") {
  postal_world w;
  w.joined("ina@acme.example");
  static_cast<void>(must(
      w.dir.run(w.other_admin,
                add_user{.first_name = "Ina", .last_name = "Too", .email = "ina@acme.example", .send_welcome = true})));
  const auto link = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  REQUIRE(complete(w, w.token_to("ina@acme.example")));
  CHECK(w.refusal_to_accept(link) == "password_wrong");
  CHECK(w.accept(link, other_password));
}

ON_EVERY_STORE("I16 a link that an invitation was sent with sets no password after another one did") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.at_tenant, send_invitation{id}));
  const auto older = w.token_to("ina@acme.example");
  static_cast<void>(must(
      w.dir.run(w.other_admin,
                add_user{.first_name = "Ina", .last_name = "Too", .email = "ina@acme.example", .send_welcome = true})));
  REQUIRE(w.accept(w.token_to("ina@acme.example"), other_password));
  CHECK(refused_with(complete(w, older, good_password)).reason == "token_invalid");
  CHECK(w.signs_in("ina@acme.example", other_password));
}

ON_EVERY_STORE("I18 who reads the mailbox starts anew: wrong codes and passwords of others count no longer") {
  postal_world w;
  w.joined("ina@acme.example");
  REQUIRE(w.dir.run(must(w.dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox}));
  const auto guess = [&](const receipt& waiting, const std::string& code) {
    return w.dir.run(w.visitor, confirm_code{.token = secret_text(*waiting.token), .code = secret_text(code)});
  };
  std::string last;
  for (int i = 0; i < 6; ++i) {
    const auto waiting = must(w.try_sign_in("ina@acme.example", good_password));
    for (int n = 0; n < 4; ++n) last = refused_with(guess(waiting, "no")).reason;
  }
  CHECK(last == "too_many_tries");
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  REQUIRE(complete(w, w.token_to("ina@acme.example")));
  const auto waiting = must(w.try_sign_in("ina@acme.example", other_password));
  CHECK(guess(waiting, w.token_to("ina@acme.example")));
}

TEST_CASE("I22 the password of another system takes the work that an unknown address takes, and its own") {
  postal_world w;
  claimed_by_other(w);
  const auto before = w.passwords->calls();
  CHECK_FALSE(w.signs_in("ina@acme.example", other_password));
  CHECK(w.passwords->calls() == before + 1);
  CHECK_FALSE(w.signs_in("nobody@acme.example", other_password));
  CHECK(w.passwords->calls() == before + 2);
}

TEST_CASE("a batch says which of its commands was refused before any of them was decided") {
  postal_world w;
  const sign_in none{.email = "nobody@acme.example", .password = secret_text(good_password)};
  const complete_password_reset wrong{.token = secret_text("x"), .password = secret_text(good_password)};
  const request both[]{request_of(none), request_of(none)};
  CHECK(refused_with(w.dir.run_all(w.visitor, both)).path == "/0");
  const auto ada = must(w.dir.open_actor("ada@acme.example"));
  const set_second_factor off{second_factor::none};
  const set_backup_address backup{.email = "a@else.example", .password = secret_text(good_password)};
  const request mixed[]{request_of(off), request_of(backup)};
  CHECK(refused_with(w.dir.run_all(ada, mixed)).path == "/1");
}
