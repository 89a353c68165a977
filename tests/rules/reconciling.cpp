// reconcile: what a host changed in its own table of users, taken over and audited.
#include "directory/host_users.hpp"
#include "directory/tools.hpp"

using namespace kit;

TEST_CASE_TEMPLATE(
    "B16 what the host changes is seen at once; reconcile audits it from known to found, and writes it nowhere", Host,
    HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud();
  static_cast<void>(p.emil());
  p.host.sql.run("UPDATE staff SET given = 'Maude', family = 'Zorn', desk = 'D9' WHERE staff_id = 17");
  static_cast<void>(p.host.written());
  CHECK(p.w.details(maud).last_name == "Zorn");
  CHECK(must(p.w.dir.ask(p.w.admin, users{.search = "zorn"})).users.size() == 1);
  CHECK(p.names() == "Ada Admin, Maude Zorn, Emil Nolde"); // her place in the list is what linecard last knew

  const auto done = p.reconciled();
  CHECK(told(done) == "users updated first_name: Maud -> Maude\nusers updated last_name: Lewis -> Zorn\n");
  CHECK(p.names() == "Ada Admin, Emil Nolde, Maude Zorn");
  CHECK(p.host.written().empty());
  const auto entry = must(p.w.dir.ask(p.w.admin, audit{.limit = 1})).entries.front();
  CHECK(entry.seq == done.audit_seq);
  CHECK(entry.command == "reconcile");
  REQUIRE(entry.personal.size() == 4);
  CHECK(*entry.personal[0].text == "Maud");
  CHECK(*entry.personal[1].text == "Maude");
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
}

TEST_CASE_TEMPLATE("B16 a second reconcile changes nothing, not a byte and not the audit", Host, HOSTS) {
  pbx<Host> p;
  static_cast<void>(p.maud());
  p.host.sql.run("UPDATE staff SET family = 'Zorn' WHERE staff_id = 17");
  CHECK_FALSE(p.reconciled().changes.empty());
  const auto after = p.w.digest();
  const auto again = p.reconciled();
  CHECK(again.changes.empty());
  CHECK_FALSE(again.audit_seq);
  CHECK(p.w.digest() == after);
}

TEST_CASE_TEMPLATE(
    "B16 a row the host removed is absent at once; reconcile frees its seat, takes its role, records the erasure", Host,
    HOSTS) {
  pbx<Host> p;
  const auto maud = must(p.w.dir.run(p.w.admin, adopt_user{.first_name = "Maud",
                                                           .last_name = "Lewis",
                                                           .email = "maud@acme.example",
                                                           .role = "administrator",
                                                           .package_id = p.w.basic,
                                                           .external_ref = "17",
                                                           .extension = "201",
                                                           .devices = {{"desk", "T31G"}}}))
                        .template created_id<user>();
  static_cast<void>(must(p.w.dir.run(p.w.admin, assign_package{maud, p.w.fax})));
  const auto as_maud = must(p.w.dir.open_actor("maud@acme.example", p.w.tenant_id));
  p.host.sql.run("DELETE FROM staff WHERE staff_id = 17");
  CHECK(p.names() == "Ada Admin");
  CHECK(refused_with(p.w.dir.ask(p.w.admin, find_user{.user_id = maud})).reason == "user_unknown");
  CHECK(refused_with(p.w.dir.ask(as_maud, users{})).reason == "permission_denied");
  CHECK(p.w.pool(p.w.basic).used == 1);

  const auto done = p.reconciled();
  for (const auto* record : {"users", "team_members", "extensions", "devices", "grants"})
    CHECK(erased(done, record) == 1);
  CHECK(erased(done, "seats") == 2);
  CHECK(p.w.pool(p.w.basic).used == 0);
  CHECK(p.w.pool(p.w.fax).used == 0);
  REQUIRE(done.permissions.size() == 1);
  CHECK(done.permissions.front().role == "administrator");
  CHECK(p.host.sql.ask("SELECT administrators FROM tenants WHERE name = 'Acme'") == "1");
  CHECK(p.host.sql.ask("SELECT count(*) FROM users WHERE external_ref = '17'") == "0");
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
  CHECK(p.reconciled().changes.empty());
}

TEST_CASE_TEMPLATE("B16 an adoption that meets a removed row's place is told to reconcile, and then succeeds", Host,
                   HOSTS) {
  pbx<Host> p;
  static_cast<void>(p.maud());
  p.host.sql.run("DELETE FROM staff WHERE staff_id = 17;"
                 "INSERT INTO staff (staff_id, given, family) VALUES (50, 'Maud', 'Lewis')");
  CHECK(refused_with(p.try_adopt("Maud", "Lewis", "maud@acme.example", "50")).reason == "reconcile_needed");
  static_cast<void>(p.reconciled());
  CHECK(p.try_adopt("Maud", "Lewis", "maud@acme.example", "50").has_value());
}

TEST_CASE_TEMPLATE("B16 I9 reconcile in one tenant leaves another's drift to it", Host, HOSTS) {
  pbx<Host> p;
  static_cast<void>(p.maud());
  static_cast<void>(must(p.w.dir.run(
      p.w.other_admin,
      adopt_user{.first_name = "Otto", .last_name = "Dix", .email = "dix@other.example", .external_ref = "42"})));
  p.host.sql.run("UPDATE staff SET given = upper(given) WHERE staff_id IN (17, 42)");
  const auto theirs = p.w.digest(p.w.other_id);
  CHECK(told(p.reconciled()) == "users updated first_name: Maud -> MAUD\n");
  CHECK(p.w.digest(p.w.other_id) == theirs);
  CHECK(told(must(p.w.dir.run(p.w.other_admin, reconcile{}))) == "users updated first_name: Otto -> OTTO\n");
}

TEST_CASE_TEMPLATE("B16 rows the host adds are its own until adopted", Host, HOSTS) {
  pbx<Host> p;
  p.host.sql.run("INSERT INTO staff (given, family) VALUES ('New', 'Person')");
  CHECK(p.reconciled().changes.empty());
  CHECK(p.names() == "Ada Admin");
}

TEST_CASE_TEMPLATE("B16 a reconcile takes at most its limit, and runs until it changes nothing take the rest", Host,
                   HOSTS) {
  pbx<Host> p;
  std::string csv = "email,first_name,last_name\n";
  for (int i = 0; i < 25; ++i) csv += "u" + std::to_string(i) + "@acme.example,First,Last" + std::to_string(i) + "\n";
  static_cast<void>(must(p.w.dir.run(p.w.admin, import_users{.csv = csv})));
  p.host.sql.run("UPDATE staff SET given = 'Changed' WHERE given = 'First'");
  std::vector<std::size_t> each;
  for (auto done = must(p.w.dir.run(p.w.admin, reconcile{.limit = 10})); !done.changes.empty();
       done = must(p.w.dir.run(p.w.admin, reconcile{.limit = 10})))
    each.push_back(done.changes.size());
  CHECK(each == std::vector<std::size_t>{10, 10, 5});
}

TEST_CASE_TEMPLATE("B16 commands of one transaction take each change of the host's over once, beside their own", Host,
                   HOSTS) {
  pbx<Host> p;
  const auto ina = p.w.invite("Ina", "I", "ina@acme.example");
  static_cast<void>(p.maud());
  static_cast<void>(p.emil());
  p.host.sql.run(
      "UPDATE staff SET family = 'Zorn' WHERE given IN ('Ina', 'Maud'); DELETE FROM staff WHERE staff_id = 23");
  const activate_user accept{.user_id = ina};
  const reconcile one{.limit = 1}, rest{};
  const request both[]{request_of(accept), request_of(one), request_of(one), request_of(rest), request_of(rest)};
  const auto done = must(p.w.dir.run_all(p.w.admin, both));
  std::string all;
  for (std::size_t i = 1; i < done.size(); ++i) all += told(done[i]);
  CHECK(all.find("users updated last_name: I -> Zorn\n") != std::string::npos);
  CHECK(all.find("users updated last_name: Lewis -> Zorn\n") != std::string::npos);
  CHECK(all.find("state: invited") == std::string::npos);
  CHECK(std::ranges::count(all, '\n') == 2 + 8 + 4); // two renamed; a user and a team member erased
  CHECK(erased(done[1], "users") + erased(done[2], "users") + erased(done[3], "users") == 1);
  CHECK_FALSE(done[2].changes.empty());
  CHECK(done[4].changes.empty());
  CHECK(p.w.details(ina).state == user_state::active);
  CHECK(p.reconciled().changes.empty());
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
}

TEST_CASE_TEMPLATE("B16 a null in the host's table is the empty text, and stays null", Host, HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud();
  p.host.sql.run("UPDATE staff SET family = NULL WHERE staff_id = 17");
  static_cast<void>(p.host.written());
  CHECK(p.w.details(maud).last_name.empty());
  CHECK(told(p.reconciled()) == "users updated last_name: Lewis -> \n");
  CHECK(p.reconciled().changes.empty());
  CHECK(p.host.written().empty());
  CHECK(p.host.sql.ask("SELECT count(*) FROM staff WHERE staff_id = 17 AND family IS NULL") == "1");
}

TEST_CASE_TEMPLATE(
    "B16 I1 I2 whatever host and commands do in turn, reconcile leaves no drift, whole seats and an audit that "
    "tells it all",
    Host, HOSTS) {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    CAPTURE(seed);
    Host host;
    const std::shared_ptr<store> whole = host.opened();
    world w(std::make_unique<hard::lent_store>(whole), 9, seed);
    std::vector<id_of<user>> people;
    const auto draw = [&](std::size_t n) {
      std::uint64_t bits = 0;
      w.random->fill(&bits, sizeof bits);
      return static_cast<std::size_t>(bits % n);
    };
    std::size_t renamed = 0, removed = 0;
    for (int step = 0; step < 150; ++step) {
      const auto row = "(SELECT host_key FROM users ORDER BY id LIMIT 1 OFFSET 2 + " + std::to_string(draw(9)) + ")";
      const auto n = std::to_string(step);
      switch (draw(people.empty() ? 1 : 7)) {
      case 0:
        people.push_back(w.invite("P" + n, "Q" + n, "p" + n + "@acme.example"));
        break;
      case 1:
        static_cast<void>(w.dir.run(w.admin, assign_package{people[draw(people.size())], draw(2) ? w.basic : w.fax}));
        break;
      case 2:
        static_cast<void>(w.dir.run(w.admin, activate_user{.user_id = people[draw(people.size())]}));
        break;
      case 3:
        static_cast<void>(w.dir.run(w.admin, unassign_package{.user_id = people[draw(people.size())]}));
        break;
      case 4:
        host.sql.run("UPDATE staff SET given = 'R" + n + "', desk = 'R' WHERE staff_id = " + row);
        break;
      case 5:
        if (draw(2) == 0) host.sql.run("DELETE FROM staff WHERE staff_id = " + row);
        break;
      default:
        for (const auto& c : must(w.dir.run(w.admin, reconcile{.limit = 2})).changes)
          if (c.record == "users") ++(c.action == record_action::erased ? removed : renamed);
      }
    }
    while (!must(w.dir.run(w.admin, reconcile{.limit = 2})).changes.empty()) {
    }
    CHECK(renamed > 0);
    CHECK(removed > 0);
    CHECK(host.sql.ask("SELECT count(*) FROM users u LEFT JOIN staff s ON s.staff_id = u.host_key WHERE "
                       "u.first_name <> s.given OR u.last_name <> s.family OR s.staff_id IS NULL") == "0");
    const auto stored = hard::stored_ledger(*whole, w.tenant_id);
    CHECK(hard::flaw_of(stored).empty());
    CHECK(hard::replayed_ledger(w.dir, w.admin) == stored);
    CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  }
}

TEST_CASE_TEMPLATE("I20 B16 an administrator whom the host removed comes back as a delegate only after reconcile", Host,
                   HOSTS) {
  pbx<Host> p;
  static_cast<void>(
      must(p.w.dir.run(p.w.operator_, publish_notice{.text = "All is seen.", .terms_link = "https://example.com/t"})));
  static_cast<void>(must(p.w.dir.run(p.w.admin, adopt_user{.first_name = "Maud",
                                                           .last_name = "Lewis",
                                                           .email = "maud@acme.example",
                                                           .role = "administrator",
                                                           .external_ref = "17"})));
  p.host.sql.run("DELETE FROM staff WHERE staff_id = 17");
  const add_delegate back{
      .first_name = "Maud", .last_name = "Lewis", .email = "maud@acme.example", .notice_version = 1};
  CHECK(refused_with(p.w.dir.run(p.w.admin, back)).reason == "reconcile_needed");
  static_cast<void>(p.reconciled());
  const auto id = must(p.w.dir.run(p.w.admin, back)).template created_id<delegate>();
  static_cast<void>(must(p.w.dir.run(p.w.admin, activate_delegate{id})));
  const auto who = must(p.w.dir.open_actor("maud@acme.example")).identity_id();
  CHECK(p.w.dir.check(who, permission::company_configure, p.w.tenant_id));
  CHECK_FALSE(p.w.dir.check(who, permission::audit_view, p.w.tenant_id));
}
