// Who leaves takes nothing along to sign in with: links, sessions and, where nobody knows the login any more, password.
#include <linecard/rules/leaving.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>

using namespace kit;

namespace {

std::string refused_reset(postal_world& w, std::string_view token) {
  return refused_with(w.dir.run(w.visitor, complete_password_reset{.token = secret_text(token),
                                                                   .password = secret_text(other_password)}))
      .reason;
}

id_of<user> added_by_other(postal_world& w, std::string email) {
  return must(w.dir.run(
                  w.other_admin,
                  add_user{.first_name = "In", .last_name = "Too", .email = std::move(email), .send_welcome = true}))
      .created_id<user>();
}

} // namespace

ON_EVERY_STORE("I20 #33 a deleted user leaves no link, session or password, and comes back as somebody new") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  const auto session = secret_text(w.session_of("ina@acme.example"));
  const auto vouched = must(w.dir.open_actor("ina@acme.example", w.tenant_id));
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  const auto reset = w.token_to("ina@acme.example");
  REQUIRE(deleted(w.dir, w.admin, delete_user{id}));
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  CHECK(refused_with(w.dir.open_session(session)).code == status::denied);
  CHECK(refused_with(w.dir.ask(vouched, users{})).reason == "actor_expired");
  CHECK(refused_reset(w, reset) == "token_invalid");
  CHECK(w.all<credential>().empty());
  CHECK(w.all<linecard::session>().empty());
  CHECK(w.all<challenge>().empty());

  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  CHECK(w.letters().back().letter == "password_reset");
  CHECK(w.letters().back().secret() == reset); // no newer one: nobody lets her in
  const auto anew = w.joined("ina@acme.example", other_password);
  CHECK(anew != id);
  CHECK(w.signs_in("ina@acme.example", other_password));
}

ON_EVERY_STORE(
    "I20 the link that a person asked for dies with the last place that knows the login, whoever ends that") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  const auto reset = w.token_to("ina@acme.example");
  REQUIRE(deleted(w.dir, w.admin, delete_user{id})); // a tenant, which does not see that link
  CHECK(refused_reset(w, reset) == "token_invalid");
  w.welcomed("Ina", "Again", "ina@acme.example");
  CHECK(refused_reset(w, reset) == "token_invalid");
  CHECK(w.accept(w.token_to("ina@acme.example"), other_password)); // set up anew
}

ON_EVERY_STORE("I20 a user deleted while invited has no open link, and its letter that has not left is taken back") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto token = w.token_to("ina@acme.example");
  REQUIRE(deleted(w.dir, w.admin, delete_user{id}));
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  const auto other = w.welcomed("Bea", "Invited", "bea@acme.example");
  CHECK(w.waiting_letters() == 1);
  REQUIRE(deleted(w.dir, w.admin, delete_user{other}));
  CHECK(w.waiting_letters() == 0);
  CHECK(w.all<challenge>().empty());
}

ON_EVERY_STORE("I9 what a tenant deletes is its own: a login that another one knows keeps password and session") {
  postal_world w;
  const auto here = w.joined("ina@acme.example");
  const auto there = added_by_other(w, "ina@acme.example");
  const auto link = w.token_to("ina@acme.example");
  const auto session = secret_text(w.session_of("ina@acme.example"));
  REQUIRE(deleted(w.dir, w.admin, delete_user{here}));
  CHECK(refused_with(w.dir.open_session(session)).reason == "session_over"); // awaited everywhere, nowhere in
  REQUIRE(w.accept(link, good_password));
  CHECK(w.dir.open_session(session));
  CHECK(w.signs_in("ina@acme.example"));
  REQUIRE(deleted(w.dir, w.other_admin, delete_user{there})); // the last place
  CHECK_FALSE(w.signs_in("ina@acme.example"));
  CHECK(refused_with(w.dir.open_session(session)).code == status::denied);
}

TEST_CASE("I20 a login with a grant above every tenant keeps its password when a tenant lets it go") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  static_cast<void>(must(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support"})));
  REQUIRE(deleted(w.dir, w.at_tenant, delete_user{id}));
  CHECK(w.signs_in("ina@acme.example"));
}

ON_EVERY_STORE("I20 a suspended user's reset link is not good, and is again on return") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  const auto token = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK(refused_reset(w, token) == "token_invalid");
  REQUIRE(w.dir.run(w.admin, resume_user{id}));
  CHECK(w.dir.run(w.visitor,
                  complete_password_reset{.token = secret_text(token), .password = secret_text(other_password)}));
}

ON_EVERY_STORE("I20 a suspended login loses its sessions and waiting codes for good, not its password") {
  postal_world w;
  w.joined("ina@acme.example");
  REQUIRE(w.dir.run(must(w.dir.open_session(secret_text(w.session_of("ina@acme.example")))),
                    set_second_factor{second_factor::mailbox}));
  const auto waiting = must(w.try_sign_in("ina@acme.example", good_password));
  REQUIRE(waiting.second_factor);
  const auto code = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"ina@acme.example"}));
  CHECK(w.all<linecard::session>().empty());
  CHECK(w.all<challenge>().empty());
  REQUIRE(w.dir.run(w.operator_, resume_identity{"ina@acme.example"}));
  CHECK(
      refused_with(w.dir.run(w.visitor, confirm_code{.token = secret_text(*waiting.token), .code = secret_text(code)}))
          .reason == "token_invalid");
  CHECK(must(w.try_sign_in("ina@acme.example", good_password)).second_factor);
}

ON_EVERY_STORE("I20 a deleted login leaves no credential, session, link or undelivered letter") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  static_cast<void>(must(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support"})));
  REQUIRE(deleted(w.dir, w.at_tenant, delete_user{id}));
  const auto session = secret_text(w.session_of("ina@acme.example"));
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  const auto reset = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"})); // this one has not left
  REQUIRE(w.dir.run(w.operator_, delete_identity{"ina@acme.example"}));
  CHECK(w.all<credential>().empty());
  CHECK(w.all<linecard::session>().empty());
  CHECK(w.all<challenge>().empty());
  CHECK(w.all<delivery>().empty());
  CHECK(refused_with(w.dir.open_session(session)).code == status::denied);
  CHECK(refused_reset(w, reset) == "token_invalid");
  CHECK_FALSE(w.signs_in("ina@acme.example"));
}

TEST_CASE("I20 #33 a delegate removed everywhere is set up anew when let in again") {
  postal_world w;
  static_cast<void>(
      must(w.dir.run(w.operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://e.example"})));
  const auto let_in = [&] {
    return must(w.dir.run(w.admin, add_delegate{.first_name = "Pat",
                                                .last_name = "P",
                                                .email = "pat@partner.example",
                                                .notice_version = 1,
                                                .send_invitation = true}))
        .created_id<delegate>();
  };
  const auto pat = let_in();
  REQUIRE(w.accept(w.token_to("pat@partner.example"), good_password));
  CHECK(w.signs_in("pat@partner.example"));
  REQUIRE(w.dir.run(w.admin, remove_delegate{pat}));
  CHECK_FALSE(w.signs_in("pat@partner.example"));
  CHECK(w.all<credential>().empty());
  let_in();
  REQUIRE(w.accept(w.token_to("pat@partner.example"), other_password));
  CHECK(w.signs_in("pat@partner.example", other_password));
}

ON_EVERY_STORE("I20 places are counted back through suspension, deletion, cancelling and correcting") {
  postal_world w;
  const auto places = [&](std::string_view email) {
    for (const auto& who : w.all<identity>())
      if (who.email == email) return who.places;
    return -1;
  };
  const auto id = w.joined("ina@acme.example");
  const auto there = added_by_other(w, "ina@acme.example");
  CHECK(places("ina@acme.example") == 2);
  REQUIRE(w.dir.run(w.admin, suspend_user{id}));
  CHECK(places("ina@acme.example") == 2);
  REQUIRE(deleted(w.dir, w.admin, delete_user{id}));
  CHECK(places("ina@acme.example") == 1);
  REQUIRE(w.dir.run(w.other_admin, correct_address{there, "bea@acme.example"}));
  CHECK(places("ina@acme.example") == 0);
  CHECK(places("bea@acme.example") == 1);
  REQUIRE(w.dir.run(w.other_admin, cancel_invitation{there}));
  CHECK(places("bea@acme.example") == 0);
}

ON_EVERY_STORE("I20 a grant that has ended keeps nothing of a login that its last tenant lets go") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  const instant ends{w.clock->at.milliseconds + 1000};
  REQUIRE(w.dir.run(w.operator_, grant_role{.email = "ina@acme.example", .role = "support", .ends_at = ends}));
  const auto session = secret_text(w.session_of("ina@acme.example"));
  w.pass(1000);
  REQUIRE(deleted(w.dir, w.admin, delete_user{id}));
  static_cast<void>(
      must(w.dir.run(w.other_admin, adopt_user{.first_name = "Ina", .last_name = "Too", .email = "ina@acme.example"})));
  CHECK_FALSE(w.dir.open_session(session));
  CHECK_FALSE(w.signs_in("ina@acme.example"));
}
