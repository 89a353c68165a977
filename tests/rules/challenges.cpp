// What a mailed token says that it is for, and what is said to whoever brings it to the wrong place.
#include <linecard/rules/challenges.hpp>

#include "rules/postal_world.hpp"
#include "secrets/token.hpp"

#include <linecard/rules/passwords.hpp>

using namespace kit;

namespace {

error refused_by_accept(postal_world& w, std::string_view token) {
  return refused_with(w.accept(token, good_password));
}
error refused_by_reset(postal_world& w, std::string_view token) {
  return refused_with(w.dir.run(
      w.visitor, complete_password_reset{.token = secret_text(token), .password = secret_text(other_password)}));
}

} // namespace

TEST_CASE("a whole token says what it is for, and nothing else does") {
  const std::string random(token_random_size, 'r');
  for (const auto each : {challenge_purpose::invitation, challenge_purpose::password_reset, challenge_purpose::recovery,
                          challenge_purpose::address_confirmation})
    CHECK(purpose_of(token_of(word(each), random)) == each);
  const auto session = token_of("session", random), whole = token_of("invitation", random);
  CHECK_FALSE(purpose_of(session));
  CHECK_FALSE(purpose_of(secret_text()));
  CHECK_FALSE(purpose_of(secret_text("lc1_invitation_")));
  CHECK_FALSE(purpose_of(secret_text(whole.reveal().substr(0, whole.size() - 1))));
}

ON_EVERY_STORE(
    "I15 whoever brings a good token to the wrong command learns which of the two was wanted; it stays good") {
  postal_world w;
  const auto ina = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, start_password_reset{ina}));
  const auto reset = w.token_to("ina@acme.example");
  const std::string wanted_invitation = "this is an lc1_password_reset_... token, where lc1_invitation_... is wanted";
  CHECK(refused_by_accept(w, reset).reason == "token_invalid");
  CHECK(refused_by_accept(w, reset).message == wanted_invitation);

  REQUIRE(w.dir.run(w.admin, send_invitation{ina}));
  const auto anew = w.token_to("ina@acme.example");
  CHECK(w.letters().back().letter == "reinvitation");
  CHECK(refused_by_accept(w, anew).reason == "token_invalid");
  CHECK(refused_by_accept(w, anew).message == wanted_invitation);

  w.welcomed("Bea", "Pending", "bea@acme.example");
  const auto welcome = w.token_to("bea@acme.example");
  CHECK(refused_by_reset(w, welcome).reason == "token_invalid");
  CHECK(refused_by_reset(w, welcome).message ==
        "this is an lc1_invitation_... token, where lc1_password_reset_... is wanted");

  CHECK(refused_by_reset(w, reset).message == token_invalid().message); // replaced: of the right purpose, and no more
  REQUIRE(w.dir.run(w.visitor,
                    complete_password_reset{.token = secret_text(anew), .password = secret_text(other_password)}));
  REQUIRE(w.accept(welcome, good_password));
  CHECK(refused_by_accept(w, welcome).message == token_invalid().message); // used
}
