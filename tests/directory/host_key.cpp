// The host key is rotated by opening with a new one and the present one beside it.
#include "rules/postal_world.hpp"

using namespace kit;

namespace {

result<directory> opened(postal_world& w, const host_key& key, std::vector<host_key> older = {}) {
  return directory::open({.store = std::make_unique<hard::lent_store>(w.rows),
                          .clock = w.clock,
                          .random = w.random,
                          .mail = mail_through(w.mail),
                          .passwords = w.passwords,
                          .older_keys = std::move(older)},
                         key);
}

} // namespace

ON_EVERY_STORE(
    "a new host key beside the present one becomes the directory's, once, and the platform's audit says so") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example"); // a letter sealed under the former key
  const auto former = w.key, fresh = host_key::fresh();
  CHECK(fresh.text() != former.text());
  CHECK(refused_with(opened(w, fresh)).reason == "wrong_host_key");
  CHECK(refused_with(opened(w, fresh, {host_key::fresh()})).reason == "wrong_host_key");
  auto rotated = must(opened(w, fresh, {host_key::fresh(), former}));
  CHECK(refused_with(opened(w, former)).reason == "wrong_host_key");
  const auto operator_ = must(rotated.open_actor("root@example.com"));
  const auto entries = must(rotated.ask(operator_, audit{.limit = 10})).entries;
  REQUIRE_FALSE(entries.empty());
  CHECK(entries.front().command == "rotate_host_key");
  CHECK(must(rotated.ask(operator_, verify_audit{})).intact);

  CHECK(must(rotated.pump_mail(10)).delivered == 1);
  const accept_invitation accepting{.token = secret_text(w.mail->got.back().secret()),
                                    .password = secret_text(good_password)};
  CHECK(rotated.run(rotated.open_visitor(), accepting));
  auto alone = must(opened(w, fresh)); // nothing is left that needs the former one
  const sign_in signing_in{.email = "ina@acme.example", .password = secret_text(good_password)};
  CHECK(alone.run(alone.open_visitor(), signing_in));
  CHECK(must(alone.ask(must(alone.open_actor("root@example.com")), audit{.limit = 1})).entries.front().command !=
        "rotate_host_key");
}

TEST_CASE("a letter sealed under a host key that is gone waits for a process that has it, and says why") {
  postal_world w;
  const auto fresh = host_key::fresh();
  { auto rotated = must(opened(w, fresh, {w.key})); }
  w.welcomed("Ina", "Invited", "ina@acme.example"); // by a directory that was not closed at the rotation
  auto alone = must(opened(w, fresh));
  CHECK(must(alone.pump_mail(10)).postponed == 1);
  const auto waiting =
      must(alone.ask(must(alone.open_actor("ada@acme.example", w.tenant_id)), messages{.state = message_state::queued}))
          .messages;
  REQUIRE(waiting.size() == 1);
  CHECK(waiting.front().reason == "payload_unreadable");
}

TEST_CASE("every voicemail PIN is sealed anew at a rotation, and needs the new key alone from then on") {
  postal_world w;
  std::vector<id_of<user>> people;
  for (int n = 0; n < 502; ++n) { // more than are sealed in one transaction
    people.push_back(w.adopt("P", std::to_string(n), "p" + std::to_string(n) + "@acme.example"));
    if (n % 250 > 1) continue;
    static_cast<void>(
        must(w.dir.run(w.admin, edit_user{.user_id = people.back(), .voicemail_pin = secret_text("4711")})));
  }
  const auto fresh = host_key::fresh();
  { auto rotated = must(opened(w, fresh, {w.key})); }
  auto alone = must(opened(w, fresh));
  const auto ada = must(alone.open_actor("ada@acme.example", w.tenant_id));
  for (const int n : {0, 1, 250, 251, 500, 501})
    CHECK(alone.run(ada, check_voicemail_pin{people[static_cast<std::size_t>(n)], secret_text("4711")}));
}
