// The backup address: confirmed by its own mailbox, good for a reset, and for nothing else.
#include <linecard/rules/backup_address.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>
#include <linecard/rules/signing_in.hpp>

using namespace kit;

namespace {

const std::string own = "ina@acme.example", home = "Ina.Home@else.example";

struct backed_world : postal_world {
  id_of<user> ina = joined(own);
  actor here = session();

  actor session(std::string_view password = good_password) {
    return must(dir.open_session(secret_text(session_of(own, password))));
  }
  result<receipt> set(const std::string& email, std::string_view password = good_password) {
    return dir.run(here, set_backup_address{.email = email, .password = secret_text(password)});
  }
  result<receipt> confirm(std::string_view token) {
    return dir.run(visitor, confirm_backup_address{secret_text(token)});
  }
  void back_up(const std::string& email = home) {
    REQUIRE(set(email));
    REQUIRE(confirm(token_to(email)));
  }
  void ask_reset(bool use_backup_address) {
    REQUIRE(dir.run(visitor, request_password_reset{.email = own, .use_backup_address = use_backup_address}));
  }
  result<receipt> complete(std::string_view token) {
    return dir.run(visitor,
                   complete_password_reset{.token = secret_text(token), .password = secret_text(other_password)});
  }
  std::string newest() {
    const auto all_letters = letters();
    return all_letters.back().letter + " to " + all_letters.back().address;
  }
  own_login_answer known() { return must(dir.ask(here, own_login{})); }
};

} // namespace

ON_EVERY_STORE("S5.2 I19 a backup address counts once the link sent there was opened, and its owner is told") {
  backed_world w;
  CHECK_FALSE(w.known().backup_address);
  REQUIRE(w.set(home));
  CHECK(w.newest() == "address_confirmation to " + home);
  CHECK_FALSE(w.known().backup_address);
  CHECK(w.known().backup_address_waiting == home);
  const auto before = w.letters().size();
  w.ask_reset(true);
  CHECK(w.letters().size() == before); // not confirmed: no letter goes there
  REQUIRE(w.confirm(w.token_to(home)));
  CHECK(w.newest() == "backup_address_changed to " + own);
  CHECK(w.known().backup_address == home);
  CHECK_FALSE(w.known().backup_address_waiting);
  CHECK(refused_with(w.confirm(w.token_to(home))).reason == "token_invalid"); // once
}

ON_EVERY_STORE("S5.2 who lost the mailbox sets a new password by a letter to the backup address") {
  backed_world w;
  w.back_up();
  w.ask_reset(true);
  CHECK(w.newest() == "password_reset to " + home);
  REQUIRE(w.complete(w.token_to(home)));
  CHECK(w.signs_in(own, other_password));
  CHECK_FALSE(w.signs_in(own, good_password));
  CHECK(w.newest() == "password_changed to " + own);
}

ON_EVERY_STORE("I19 a backup address never signs in and receives no code and no other letter") {
  backed_world w;
  w.back_up();
  CHECK_FALSE(w.signs_in(home));
  REQUIRE(w.dir.run(w.here, set_second_factor{second_factor::mailbox}));
  REQUIRE(must(w.try_sign_in(own, good_password)).second_factor);
  CHECK(w.newest() == "sign_in_code to " + own);
  w.ask_reset(false);
  CHECK(w.newest() == "password_reset to " + own);
  REQUIRE(w.dir.run(w.admin, start_password_reset{w.ina}));
  CHECK(w.newest() == "password_reset to " + own);
  const auto before = w.letters().size();
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = home}));
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = home, .use_backup_address = true}));
  CHECK(w.letters().size() == before); // it names no login either
}

ON_EVERY_STORE("setting a backup address asks the present password, charged as a sign-in is, and another mailbox") {
  backed_world w;
  const auto before = w.digest();
  CHECK(refused_with(w.set(own)).reason == "same_as_email");
  CHECK(refused_with(w.dir.run(w.visitor, set_backup_address{.email = home, .password = secret_text(good_password)}))
            .reason == "sign_in_needed");
  CHECK(refused_with(w.set(home, other_password)).reason == "password_wrong");
  CHECK(w.digest() == before);
  w.pass(letters_to_address.window);
  for (int i = 0; i < tries_of_account_and_source.most; ++i)
    CHECK(refused_with(w.set("a" + std::to_string(i) + "@else.example", other_password)).reason == "password_wrong");
  CHECK(refused_with(w.set("b@else.example")).reason == "too_many_tries");
  CHECK(refused_with(w.try_sign_in(own, good_password)).reason == "too_many_tries");
}

TEST_CASE("a login without a password has nothing that a backup address could recover") {
  backed_world w;
  const set_backup_address wanted{.email = home, .password = secret_text(good_password)};
  const auto vouched = must(w.dir.open_actor("ada@acme.example"));
  CHECK(refused_with(w.dir.run(vouched, wanted)).reason == "password_not_set");
}

ON_EVERY_STORE("I15 I16 a backup address changed, removed or never confirmed makes what was sent to it void") {
  backed_world w;
  w.back_up();
  w.ask_reset(true);
  const auto sent = w.token_to(home);
  w.back_up("second@else.example");
  CHECK(refused_with(w.complete(sent)).reason == "token_invalid");
  w.ask_reset(true);
  const auto second = w.token_to("second@else.example");
  REQUIRE(w.dir.run(w.here, remove_backup_address{}));
  CHECK(w.newest() == "backup_address_changed to " + own);
  CHECK(refused_with(w.complete(second)).reason == "token_invalid");
  CHECK_FALSE(w.known().backup_address);
  const auto nothing = must(w.dir.run(w.here, remove_backup_address{}));
  CHECK(w.newest() == "backup_address_changed to " + own);
  CHECK(w.all<backup_address>().empty());

  REQUIRE(w.set("third@else.example"));
  const auto late = w.token_to("third@else.example");
  w.pass(address_confirmation_life);
  CHECK(refused_with(w.confirm(late)).reason == "token_expired");
  w.pass(-1);
  w.ask_reset(false);
  REQUIRE(w.complete(w.token_to(own)));
  CHECK(refused_with(w.confirm(late)).reason == "token_invalid"); // older than the password
}

ON_EVERY_STORE("S5.7 a re-invitation takes the backup address too, which whoever held the login may have set") {
  backed_world w;
  w.back_up();
  REQUIRE(w.dir.run(w.admin, send_invitation{w.ina}));
  CHECK(w.all<backup_address>().empty());
  const auto before = w.letters().size();
  w.ask_reset(true);
  CHECK(w.letters().size() == before);
}

ON_EVERY_STORE("I20 with the last place of a login its backup address is gone") {
  backed_world w;
  w.back_up();
  REQUIRE(deleted(w.dir, w.admin, delete_user{w.ina}));
  CHECK(w.all<backup_address>().empty());
}

TEST_CASE("I9 a tenant's audit says nothing of a backup address") {
  backed_world w;
  w.back_up();
  const auto told = to_json(must(w.dir.ask(w.admin, audit{.limit = 500})));
  CHECK(told.find("else.example") == std::string::npos);
  CHECK(told.find("backup") == std::string::npos);
}

ON_EVERY_STORE("an outsider who asks for the backup address spoils neither the link in the mailbox nor its budget") {
  backed_world w;
  w.back_up();
  w.ask_reset(false);
  const auto sent = w.token_to(own);
  for (int i = 0; i < letters_to_backup.most; ++i) w.ask_reset(true);
  CHECK(refused_with(w.dir.run(w.visitor, request_password_reset{.email = own, .use_backup_address = true})).reason ==
        "too_many_tries");
  w.ask_reset(false);
  const auto there = w.token_to(home);
  REQUIRE(w.complete(w.token_to(own)));
  CHECK(refused_with(w.complete(sent)).reason == "token_invalid");
  CHECK(refused_with(w.complete(there)).reason == "token_invalid"); // older than the password
}
