// What is over is forgotten by the pump; what somebody still looks for is not.
#include <linecard/rules/expiring.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>
#include <linecard/rules/signing_in.hpp>

using namespace kit;

ON_EVERY_STORE("sessions, links, charges and letters that are over are forgotten; expired invitations stay listed") {
  postal_world w;
  const auto ina = w.joined("ina@acme.example");
  w.welcomed("Bea", "Pending", "bea@acme.example");
  CHECK(w.signs_in("ina@acme.example"));
  CHECK_FALSE(w.signs_in("ina@acme.example", other_password));
  REQUIRE(w.dir.run(w.admin, start_password_reset{ina}));
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "ina@acme.example"}));
  w.letters();
  CHECK(w.all<session>().size() == 1);
  CHECK(w.all<challenge>().size() == 3);
  CHECK(w.all<rate_bucket>().size() > 2);
  const auto messages_before = w.all<message>().size();

  w.pass(password_reset_life);
  w.letters();
  CHECK(w.all<challenge>().size() == 1); // the invitation
  CHECK(w.all<session>().size() == 1);
  w.pass(24 * an_hour);
  w.letters();
  CHECK(w.all<session>().empty());
  CHECK(w.all<rate_bucket>().empty());
  CHECK(w.all<message>().size() == messages_before);
  w.pass(message_life);
  w.letters();
  CHECK(w.all<message>().empty());
  CHECK(w.all<delivery>().empty());
  const auto waiting = must(w.dir.ask(w.admin, invitations{})).invitations;
  REQUIRE(waiting.size() == 1);
  CHECK(waiting.front().expired);
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  CHECK(must(w.dir.ask(w.operator_, verify_audit{})).intact);
}

ON_EVERY_STORE(
    "a code is forgotten when its time is over, also where a tenant, which sees no codes, ended its sign-in") {
  postal_world w;
  const auto ina = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(must(w.dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox}));
  REQUIRE(w.try_sign_in("ina@acme.example", good_password));
  CHECK(w.all<session>().size() == 1);
  REQUIRE(deleted(w.dir, w.admin, delete_user{ina}));
  CHECK(w.all<session>().empty());
  w.pass(sign_in_code_life - 1);
  w.letters();
  REQUIRE(w.all<challenge>().size() == 1);
  CHECK(w.all<challenge>().front().purpose == challenge_purpose::sign_in_code);
  w.pass(1);
  w.letters();
  CHECK(w.all<challenge>().empty());
  CHECK(must(w.dir.ask(w.operator_, verify_audit{})).intact);
}

ON_EVERY_STORE("a code and the sign-in that waits for it are forgotten at once") {
  postal_world w;
  w.joined("ina@acme.example");
  REQUIRE(w.dir.run(must(w.dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox}));
  REQUIRE(w.try_sign_in("ina@acme.example", good_password));
  w.letters();
  CHECK(w.all<session>().size() == 1);
  CHECK(w.all<challenge>().size() == 1);
  w.pass(sign_in_code_life);
  w.letters();
  CHECK(w.all<session>().empty());
  CHECK(w.all<challenge>().empty());
}

TEST_CASE("a pump that finds nothing over writes nothing") {
  postal_world w;
  w.joined("ina@acme.example");
  CHECK(w.signs_in("ina@acme.example"));
  w.letters();
  const auto commits = [&] { return must(w.dir.ask(w.operator_, verify_audit{})).entries; };
  const auto before = w.digest();
  const auto entries = commits();
  for (int i = 0; i < 3; ++i) w.letters();
  CHECK(w.digest() == before);
  CHECK(commits() == entries);
}

TEST_CASE("one pump forgets portion after portion, once nothing else is left to do") {
  postal_world w;
  for (int i = 0; i < 250; ++i) {
    w.pass(2 * letters_to_address.window);
    REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = std::to_string(i) + "@acme.example"}));
  }
  CHECK(w.all<rate_bucket>().size() == 250);
  w.pass(2 * letters_to_address.window);
  while (!w.all<reset_request>().empty()) w.letters(); // what is asked for comes before what is over
  CHECK(w.all<rate_bucket>().empty());
}
