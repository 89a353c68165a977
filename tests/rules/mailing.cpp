// Posting letters: queued with their cause or not at all, to the address the rule decided on.
#include <linecard/rules/mailing.hpp>

#include "rules/office.hpp"

using namespace kit;

ON_EVERY_STORE("I28 S1.8 a letter is queued in the transaction of its cause, and a refused command queues none") {
  office o;
  const auto welcome = o.dir.run(o.admin, add_user{.first_name = "Ina",
                                                   .last_name = "Invited",
                                                   .email = "ina@acme.example",
                                                   .language = "fr-CA",
                                                   .send_welcome = true});
  REQUIRE(welcome);
  REQUIRE(welcome->mail.size() == 1);
  CHECK(welcome->mail.front().letter == "welcome");
  CHECK(welcome->mail.front().language == "fr-CA");
  auto invitation = o.invitation();
  invitation.send_invitation = true;
  const auto invited = must(o.dir.run(o.admin, invitation));
  REQUIRE(invited.mail.size() == 1);
  CHECK(invited.mail.front().letter == "delegate_invitation");

  const auto before = o.digest();
  CHECK(o.reason(
            o.admin,
            add_user{.first_name = "Ina", .last_name = "Again", .email = "INA@acme.example", .send_welcome = true}) ==
        "already_a_user");
  CHECK(o.digest() == before);
}
