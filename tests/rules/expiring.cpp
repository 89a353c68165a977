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
