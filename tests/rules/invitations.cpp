// From "add user" to joined, and what can happen to the link on the way.
#include <linecard/rules/invitations.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>

using namespace kit;

namespace {

struct partner_world : postal_world {
  id_of<delegate> pat;
  partner_world() {
    static_cast<void>(
        must(dir.run(operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://e.example"})));
    pat = must(dir.run(admin, add_delegate{.first_name = "Pat",
                                           .last_name = "Partner",
                                           .email = "pat@partner.example",
                                           .notice_version = 1,
                                           .send_invitation = true}))
              .created_id<delegate>();
  }
};

} // namespace

ON_EVERY_STORE("S1.8 S2.4 S2.5 I4 I28 the link of a letter that arrived sets the password, makes the team member and "
               "converts the reserved seat") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "Ina@acme.example", "member", w.plus);
  const auto letters = w.letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters.front().letter == "welcome");
  CHECK(letters.front().address == "Ina@acme.example");
  CHECK(letters.front().secret().starts_with("lc1_invitation_"));
  CHECK(letters.front().useless_after == w.clock->at + invitation_life);
  CHECK(w.pool(w.plus).reserved == 1);
  CHECK_FALSE(w.signs_in("ina@acme.example"));

  REQUIRE(w.accept(letters.front().secret(), good_password));
  const auto now = w.details(id);
  CHECK(now.state == user_state::active);
  CHECK(now.team_role == "member");
  CHECK(w.pool(w.plus).reserved == 0);
  CHECK(w.pool(w.plus).used == 1);
  CHECK(w.signs_in("ina@acme.example"));
  CHECK_FALSE(w.signs_in("ina@acme.example", other_password));
}

TEST_CASE("S2.4 S5.6 no letter is queued where none is wanted, and then nobody can sign in") {
  postal_world w;
  w.invite("Ina", "Invited", "ina@acme.example");
  CHECK(w.letters().empty());
  CHECK(w.all<challenge>().empty());
  CHECK_FALSE(w.signs_in("ina@acme.example"));
}

ON_EVERY_STORE(
    "I14 I15 an invitation is good once, for its purpose, until it expires, and no bit of it can be turned") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto token = w.token_to("ina@acme.example");
  for (const std::string bad : {"", "x", "lc1_invitation_", "lc1_password_reset_"}) {
    const auto wrong = bad + (bad.starts_with("lc1_p") ? token.substr(15) : "");
    if (!wrong.empty()) CHECK(w.refusal_to_accept(wrong) == "token_invalid");
  }
  for (std::size_t at = 0; at < token.size(); at += 7) {
    auto turned = token;
    turned[at] = turned[at] == 'A' ? 'B' : 'A';
    CHECK(w.refusal_to_accept(turned) == "token_invalid");
  }
  CHECK(refused_with(w.dir.run(w.visitor, complete_password_reset{.token = secret_text(token),
                                                                  .password = secret_text(good_password)}))
            .reason == "token_invalid");

  const auto before = w.digest();
  w.clock->at = w.clock->at + invitation_life;
  CHECK(w.refusal_to_accept(token) == "token_expired"); // t >= expires_at fails
  CHECK(w.digest() == before);
  w.clock->at = w.clock->at + -1;
  REQUIRE(w.accept(token, good_password));
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  CHECK(w.refusal_to_accept(token, other_password) == "token_invalid");
}

TEST_CASE("a weak password is refused with its reason, changes nothing, and the link stays good") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto token = w.token_to("ina@acme.example");
  const auto before = w.digest();
  CHECK(w.refusal_to_accept(token, "short") == "password_too_short");
  CHECK(w.refusal_to_accept(token, "aaaaaaaaaaaaaaaa") == "password_common");
  CHECK(w.refusal_to_accept(token, "Ina Invited Acme 1") == "password_guessable");
  CHECK(refused_with(w.dir.run(w.visitor, accept_invitation{.token = secret_text(token)})).reason ==
        "password_missing");
  CHECK(w.digest() == before);
  CHECK(w.passwords->calls() == 0); // no slow work for what is refused anyway
  REQUIRE(w.accept(token, good_password));
  CHECK(w.passwords->hashed == 1);
}

ON_EVERY_STORE("S4.18 a letter sent again makes the older link void") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto first = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, send_invitation{id}));
  const auto second = w.token_to("ina@acme.example");
  CHECK(first != second);
  CHECK(w.refusal_to_accept(first) == "token_invalid");
  REQUIRE(w.accept(second, good_password));
}

ON_EVERY_STORE("S4.18 a letter that has not left is taken back with its link") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ina@acme.example");
  REQUIRE(w.dir.run(w.admin, send_invitation{id}));
  CHECK(w.waiting_letters() == 1);
  REQUIRE(w.dir.run(w.admin, correct_address{id, "other@acme.example"}));
  CHECK(w.waiting_letters() == 0);
  REQUIRE(w.dir.run(w.admin, send_invitation{id}));
  CHECK(w.waiting_letters() == 1);
  REQUIRE(w.dir.run(w.admin, cancel_invitation{id}));
  CHECK(w.waiting_letters() == 0);
  CHECK(w.letters().empty());
  CHECK(w.all<challenge>().empty());
}

ON_EVERY_STORE("S4.14 S4.18 a wrong address is corrected while invited: the old link is void, the new person joins") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ian@acme.example", "tenant", w.plus);
  const auto wrong = w.token_to("ian@acme.example");
  REQUIRE(w.dir.run(w.admin, correct_address{id, "Ina@acme.example"}));
  CHECK(w.details(id).email == "ina@acme.example");
  CHECK(w.refusal_to_accept(wrong) == "token_invalid");
  REQUIRE(w.dir.run(w.admin, send_invitation{id}));
  REQUIRE(w.accept(w.token_to("Ina@acme.example"), good_password));
  CHECK(w.signs_in("ina@acme.example"));
  CHECK_FALSE(w.signs_in("ian@acme.example"));
  CHECK(w.pool(w.plus).used == 1);
  const auto held = must(w.dir.ask(w.admin, grants{})).grants;
  CHECK(std::ranges::count(held, std::string("tenant"), &grant_row::role) == 1);
  CHECK(w.reason(w.admin, correct_address{id, "other@acme.example"}) == "already_joined");
}

TEST_CASE("correcting an address gives nobody a role that the actor could not give") {
  postal_world w;
  static_cast<void>(must(w.dir.run(w.admin, define_role{.name = "desk", .permissions = {"user.manage"}})));
  const auto boss = w.welcomed("Bo", "Boss", "bo@acme.example", "administrator");
  static_cast<void>(must(w.dir.run(
      w.admin, adopt_user{.first_name = "De", .last_name = "Sk", .email = "desk@acme.example", .role = "desk"})));
  const auto desk = must(w.dir.open_actor("desk@acme.example", w.tenant_id));
  CHECK(w.reason(w.admin, correct_address{boss, "ada@acme.example"}) == "already_a_user");
  CHECK(w.reason(desk, correct_address{boss, "mine@evil.example"}) == "role_exceeds_own");
  REQUIRE(w.accept(w.token_to("bo@acme.example"), good_password));
  CHECK(w.reason(desk, send_invitation{boss}) == "target_exceeds_own"); // nor scrambles who may more
  CHECK(w.signs_in("bo@acme.example"));
}

ON_EVERY_STORE(
    "an invitation withdrawn takes seat, roles, letter and link with it, and the person can be invited anew") {
  postal_world w;
  const auto id = w.welcomed("Ina", "Invited", "ina@acme.example", "tenant", w.plus);
  const auto token = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, cancel_invitation{id}));
  CHECK(w.pool(w.plus).reserved == 0);
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  CHECK(must(w.dir.ask(w.admin, users{.search = "ina"})).users.empty());
  const auto again = w.welcomed("Ina", "Invited", "ina@acme.example");
  CHECK(again != id);
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  REQUIRE(w.accept(w.token_to("ina@acme.example"), good_password));
  CHECK(w.reason(w.admin, cancel_invitation{again}) == "already_joined");
}

TEST_CASE("the pending invitations are listed with when they expire") {
  partner_world w;
  const auto ina = w.welcomed("Ina", "Invited", "ina@acme.example");
  w.joined("jo@acme.example");
  w.pass(invitation_life);
  const auto bea = w.welcomed("Bea", "Late", "bea@acme.example");
  const auto rows = must(w.dir.ask(w.admin, invitations{})).invitations;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].delegate_id == w.pat);
  CHECK(rows[0].expired);
  CHECK(rows[1].user_id == ina);
  CHECK(rows[1].name == "Ina Invited");
  CHECK(rows[1].expired);
  CHECK(rows[2].user_id == bea);
  CHECK_FALSE(rows[2].expired);
  CHECK(rows[2].email == "bea@acme.example");
  CHECK(must(w.dir.ask(w.other_admin, invitations{})).invitations.empty());
}

ON_EVERY_STORE("an identity that another tenant invites joins with its own login, and its password is never touched") {
  postal_world w;
  w.joined("ina@acme.example");
  const auto kept = w.all<credential>();
  REQUIRE(kept.size() == 1);
  const auto there =
      must(w.dir.run(
               w.other_admin,
               add_user{.first_name = "Ina", .last_name = "Twice", .email = "ina@acme.example", .send_welcome = true}))
          .created_id<user>();
  const auto token = w.token_to("ina@acme.example");
  CHECK(w.letters().back().letter == "joined"); // which is between courier and person: no tenant learns it (I9)
  const auto seen = must(w.dir.ask(w.other_admin, messages{.state = message_state::delivered})).messages;
  REQUIRE(seen.size() == 1);
  CHECK(seen.front().letter == letter::welcome);
  CHECK(w.refusal_to_accept(token, other_password) == "password_wrong");
  REQUIRE(w.accept(token, good_password));
  CHECK(must(w.dir.ask(w.other_admin, find_user{.user_id = there})).state == user_state::active);
  CHECK(w.all<credential>().front().password_hash == kept.front().password_hash);

  // Nor by who is signed in already, who need not give it again.
  const auto third =
      must(w.dir.run(
               w.other_admin,
               add_user{.first_name = "Ada", .last_name = "Too", .email = "ada@acme.example", .send_welcome = true}))
          .created_id<user>();
  const auto link = w.token_to("ada@acme.example");
  const auto ina = must(w.dir.open_actor("ina@acme.example"));
  CHECK(w.reason(ina, accept_invitation{.token = secret_text(link)}) == "token_of_another");
  REQUIRE(w.dir.run(w.admin, accept_invitation{.token = secret_text(link)}));
  CHECK(must(w.dir.ask(w.other_admin, find_user{.user_id = third})).state == user_state::active);
}

ON_EVERY_STORE("who is signed in joins elsewhere without the password, also after all sign-ins were ended once") {
  postal_world w;
  const auto id = w.joined("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, start_password_reset{id}));
  REQUIRE(w.dir.run(w.visitor, complete_password_reset{.token = secret_text(w.token_to("ina@acme.example")),
                                                       .password = secret_text(other_password)}));
  const add_user too{.first_name = "Ina", .last_name = "Twice", .email = "ina@acme.example", .send_welcome = true};
  REQUIRE(w.dir.run(w.other_admin, too));
  const auto link = w.token_to("ina@acme.example");
  const auto token = secret_text(w.session_of("ina@acme.example", other_password));
  const auto ended = must(w.dir.open_session(token)), ina = must(w.dir.open_session(token));
  CHECK(w.reason(ina, accept_invitation{.token = secret_text(link + "x")}) == "token_invalid");
  REQUIRE(w.dir.run(ina, accept_invitation{.token = secret_text(link)}));
  REQUIRE(w.dir.run(ina, sign_out{}));
  CHECK(w.reason(ended, accept_invitation{.token = secret_text(link)}) == "session_over"); // before a word on the token
}

TEST_CASE("two tenants invite a new person: the first link chooses the password, the second one needs it") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto here = w.token_to("ina@acme.example");
  static_cast<void>(must(w.dir.run(
      w.other_admin,
      add_user{.first_name = "Ina", .last_name = "Twice", .email = "ina@acme.example", .send_welcome = true})));
  const auto there = w.token_to("ina@acme.example");
  REQUIRE(w.accept(here, good_password));
  CHECK(w.refusal_to_accept(there, other_password) == "password_wrong");
  REQUIRE(w.accept(there, good_password));
}

ON_EVERY_STORE("S3.5 a delegate takes the same road: pending until credentials are set, then active") {
  partner_world w;
  const auto letters = w.letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters.front().letter == "delegate_invitation");
  const auto state = [&] { return must(w.dir.ask(w.admin, delegates{})).delegates.front().state; };
  CHECK(state() == delegate_state::pending);
  const auto first = letters.front().secret();
  REQUIRE(w.dir.run(w.admin, send_delegate_invitation{w.pat}));
  CHECK(w.refusal_to_accept(first) == "token_invalid");
  REQUIRE(w.accept(w.token_to("pat@partner.example"), good_password));
  CHECK(state() == delegate_state::active);
  CHECK(w.signs_in("pat@partner.example"));
  CHECK(w.reason(w.admin, send_delegate_invitation{w.pat}) == "not_pending");
}

TEST_CASE("I20 who is suspended or removed meanwhile joins nowhere, and who the host lets in has no open link") {
  partner_world w;
  const auto link = w.token_to("pat@partner.example");
  REQUIRE(w.dir.run(w.admin, remove_delegate{w.pat}));
  CHECK(w.refusal_to_accept(link) == "token_invalid");
  const auto ina = w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto token = w.token_to("ina@acme.example");
  REQUIRE(w.dir.run(w.admin, suspend_user{ina}));
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  REQUIRE(w.dir.run(w.admin, resume_user{ina}));
  REQUIRE(w.dir.run(w.operator_, suspend_identity{"ina@acme.example"}));
  CHECK(w.refusal_to_accept(token) == "token_invalid");
  const auto bea = w.welcomed("Bea", "Vouched", "bea@acme.example");
  const auto spare = w.token_to("bea@acme.example");
  REQUIRE(w.dir.run(w.admin, activate_user{bea, {}}));
  CHECK(w.refusal_to_accept(spare) == "token_invalid");
}

ON_EVERY_STORE("I22 a visitor's receipt tells nothing, yet the tenant's audit names who joined") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto done = must(w.accept(w.token_to("ina@acme.example"), good_password));
  CHECK(done.command == "accept_invitation");
  CHECK(done.changes.empty());
  CHECK(done.created.empty());
  CHECK(done.mail.empty());
  CHECK_FALSE(done.audit_seq);
  CHECK_FALSE(done.token);
  const auto newest = must(w.dir.ask(w.admin, audit{.limit = 1})).entries;
  REQUIRE(newest.size() == 1);
  CHECK(newest.front().command == "accept_invitation");
  CHECK(newest.front().actor_id == must(w.dir.open_actor("ina@acme.example")).identity_id());
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  CHECK(must(w.dir.ask(w.operator_, verify_audit{})).intact);
}

TEST_CASE("commands that act where a token says run alone") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example");
  const auto token = w.token_to("ina@acme.example");
  const accept_invitation first{.token = secret_text(token), .password = secret_text(good_password)};
  const request both[]{request_of(first), request_of(first)};
  CHECK(refused_with(w.dir.run_all(w.visitor, both)).reason == "not_in_a_batch");
}

TEST_CASE("a visitor holds nothing, not even what everybody in the tenant may") {
  postal_world w;
  const auto no = refused_with(w.dir.ask(w.visitor, grants{}));
  CHECK(no.code == status::denied);
  CHECK(no.reason == "permission_denied");
  CHECK(w.reason(w.visitor, create_container{.name = "mine"}) == "permission_denied");
}

ON_EVERY_STORE("S4.14 the mistyped address of a tenant's first administrator is corrected by who may replace owners") {
  postal_world w;
  const auto in_container = must(w.dir.open_actor(w.operator_.identity_id(), w.container_id));
  const auto third = must(w.dir.run(in_container, create_tenant{.name = "Third"})).created_id<tenant>();
  const auto there = must(w.dir.open_actor(w.operator_.identity_id(), third));
  const auto first = must(w.dir.run(there, add_user{.first_name = "Tia",
                                                    .last_name = "Third",
                                                    .email = "tai@third.example",
                                                    .role = "administrator",
                                                    .send_welcome = true}))
                         .created_id<user>();
  REQUIRE(w.dir.run(there, correct_address{first, "tia@third.example"}));
  REQUIRE(w.dir.run(there, send_invitation{first}));
  REQUIRE(w.accept(w.token_to("tia@third.example"), good_password));
  const auto tia = must(w.dir.open_actor("tia@third.example", third));
  CHECK(w.dir.ask(tia, users{}));
  const auto owners = w.all<tenant>();
  CHECK(std::ranges::any_of(owners, [&](const auto& t) { return t.id == third && t.owner_id == tia.identity_id(); }));
}
