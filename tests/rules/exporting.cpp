// A tenant leaves as one document and arrives whole in another directory: the same bytes whichever store it has been
// through, what follows counted anew, and no secret.
#include "rules/moving_company.hpp"

#include "directory/canary_search.hpp"

using namespace kit;

ON_EVERY_STORE("I27 a tenant exported, imported into an empty directory and exported again gives the same bytes") {
  moving_company w;
  const auto first = to_json(w.document());
  CHECK(first == to_json(w.document()));
  auto text = first;
  for (const auto kind : {store_kind::memory, store_kind::sqlite, store_kind::memory}) {
    new_home there(fresh_store(kind), w.fields());
    const auto read = must(from_json<import_tenant>(text));
    REQUIRE(there.dir.run(there.in_container, read));
    text = to_json(there.exported(w.tenant_id));
    CHECK(text == first);
  }
  new_home same_kind(fresh_store(), w.fields());
  REQUIRE(same_kind.dir.run(same_kind.in_container, w.document()));
  CHECK(to_json(same_kind.exported(w.tenant_id)) == first);
}

TEST_CASE("I27 an import says beforehand what it would do, and does just that") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  const auto document = w.document();
  const auto empty = must(there.dir.state_digest());
  const auto seen = must(there.dir.preview(there.in_container, document));
  CHECK(must(there.dir.state_digest()) == empty);
  const auto done = must(there.dir.confirm(there.in_container, document, *seen.token));
  CHECK(done.changes.size() == seen.changes.size());
  CHECK(done.seats.size() == 3);
}

TEST_CASE("I2 I13 I25 I27 after an import all rows agree: pools, administrators, places, ranges and claims") {
  moving_company w;
  const auto rows = std::shared_ptr<store>(fresh_store());
  new_home there(std::make_unique<hard::lent_store>(rows), w.fields());
  REQUIRE(there.dir.run(there.in_container, w.document()));
  CHECK(first_flaw(*rows) == "");
  const auto as = there.at(w.tenant_id);
  const auto details = must(there.dir.ask(as, find_user{.user_id = w.mia}));
  CHECK(details.email == "mia@acme.example");
  CHECK(details.package == "Plus");
  CHECK(must(there.dir.ask(as, extensions{})).lowest_free == "200"); // counted, whatever it was
  for (const auto& p : must(there.dir.ask(as, seat_pools{})).pools)
    if (p.package_id == w.plus) CHECK(std::pair(p.used, p.reserved) == std::pair(1, 1));
  CHECK(must(there.dir.ask(there.operator_, verify_audit{})).intact);
  CHECK(must(there.dir.ask(there.in_container, verify_audit{})).intact);
}

TEST_CASE("I27 who was imported may what they may, and their lines ring, at once") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  CHECK_FALSE(there.dir.line_of_did(mias_number).found);
  REQUIRE(there.dir.run(there.in_container, w.document()));
  CHECK(there.dir.check(w.admin.identity_id(), permission::user_manage, w.tenant_id));
  const auto max = must(there.dir.open_actor("max@acme.example", w.tenant_id)).identity_id();
  CHECK(there.dir.check(max, permission::e911_manage, w.tenant_id));
  CHECK_FALSE(there.dir.check(max, permission::user_manage, w.tenant_id));
  CHECK(there.dir.line_of_did(mias_number).user_id == w.mia);
  CHECK(there.dir.line_of_did(mias_number).rings);
  CHECK(there.dir.line_of_extension(w.tenant_id, "201").user_id == w.mia);
}

TEST_CASE("I27 a delegate has no access where the notice in force was not acknowledged there") {
  moving_company w;
  new_home there(fresh_store(), w.fields());
  const auto pat = must(w.dir.open_actor("pat@partner.example", w.tenant_id)).identity_id();
  REQUIRE(w.dir.check(pat, permission::license_assign, w.tenant_id));
  const auto document = w.document();
  REQUIRE(there.dir.run(there.in_container, document));
  CHECK_FALSE(there.dir.check(pat, permission::license_assign, w.tenant_id));
  const auto as = there.at(w.tenant_id);
  const auto notice = must(there.dir.ask(as, notice_in_force{}));
  REQUIRE(there.dir.run(as, acknowledge_notice{document.delegates.at(0).delegate_id, notice.notice_version}));
  CHECK(there.dir.check(pat, permission::license_assign, w.tenant_id));
}

TEST_CASE("S5.6 I21 I27 a document holds no password, PIN, token or hash, and says so; nobody signs in by it") {
  moving_company w;
  const auto jo = w.joined("jo@acme.example");
  const auto text = to_json(w.document());
  for (const auto& c : w.all<credential>())
    if (c.password_hash)
      for (const auto& form : canary::forms_of(*c.password_hash)) CHECK_FALSE(canary::holds(text, form));
  for (const auto& m : w.all<team_member>())
    if (m.voicemail_pin) CHECK_FALSE(canary::holds(text, hex(m.voicemail_pin->data)));
  CHECK(text.find("gil@acme.example") == std::string::npos);
  CHECK(text.find("Seen by all.") == std::string::npos);
  for (const auto* word : {"credentials", "voicemail_pins", "sessions", "links", "deleted_users", "audit"})
    CHECK(text.find("\"" + std::string(word) + "\"") != std::string::npos);

  new_home there(fresh_store(), w.fields());
  REQUIRE(there.dir.run(there.in_container, w.document()));
  const auto no = refused_with(there.dir.run(
      there.dir.open_visitor(), sign_in{.email = "jo@acme.example", .password = secret_text(good_password)}));
  CHECK(no.reason == "sign_in_failed");
  CHECK(there.dir.run(there.at(w.tenant_id), start_password_reset{.user_id = jo}));
}

TEST_CASE("I21 I27 who is erased after an import is erased from the import's own audit too") {
  moving_company w;
  const auto rows = std::shared_ptr<store>(fresh_store());
  new_home there(std::make_unique<hard::lent_store>(rows), w.fields());
  REQUIRE(there.dir.run(there.in_container, w.document()));
  const auto known = [&] {
    int values = 0;
    hard::each<audit_value>(*rows, [&](const audit_value& v) { values += v.subject_id == w.bo && v.personal_value; });
    return values;
  };
  CHECK(known() > 0);
  const auto as = there.at(w.tenant_id);
  REQUIRE(carry_out(there.dir, as, request_of(delete_user{w.bo})));
  REQUIRE(carry_out(there.dir, as, request_of(erase_user{w.bo})));
  CHECK(known() == 0);
  CHECK(must(there.dir.ask(there.in_container, verify_audit{})).intact);
  CHECK(first_flaw(*rows) == "");
}
