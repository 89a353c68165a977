// Users in a host's own table, everything else with linecard: one database, and a host that goes on changing its table
// with plain SQL. What reconcile makes of that is in rules/reconciling.cpp.
#include "directory/host_users.hpp"

using namespace kit;

TEST_CASE_TEMPLATE(
    "B16 users live in the host's table: adopted by its key, with its names, none of its columns touched", Host,
    HOSTS) {
  pbx<Host> p;
  const auto before = p.host.untouched();
  const auto id = p.maud();
  CHECK(p.host.written().empty()); // adopting reads the host's row, it does not write it
  CHECK(p.w.details(id).first_name == "Maud");
  CHECK(must(p.w.dir.ask(p.w.admin, find_user{.external_ref = "17"})).user_id == id);
  CHECK(p.host.sql.ask("SELECT s.desk, u.state FROM users u JOIN staff s ON s.staff_id = u.host_key "
                       "WHERE s.staff_id = 17") == "D4|active");
  CHECK(p.host.untouched() == before);
}

TEST_CASE_TEMPLATE("B16 who comes in through linecard gets a row in the host's table, with the host's own key", Host,
                   HOSTS) {
  pbx<Host> p;
  const auto id = p.w.invite("Nora", "New", "nora@acme.example");
  CHECK(p.host.sql.ask("SELECT given, family, mail, desk FROM staff WHERE staff_id = (SELECT host_key FROM users "
                       "WHERE id = " +
                       std::to_string(static_cast<std::int64_t>(id.value)) + ")") == "Nora|New|NULL|none");
  static_cast<void>(must(p.w.dir.run(
      p.w.admin, import_users{.csv = "email,first_name,last_name,external_ref\nmaud@acme.example,Maud,Lewis,17\n"
                                     "x@acme.example,Xenia,Xu,\n"})));
  CHECK(p.host.sql.ask("SELECT count(*) FROM staff WHERE given IN ('Maud', 'Xenia')") == "2");
}

TEST_CASE_TEMPLATE(
    "I10 B16 whom the host removes from its table may do nothing from the next check on, reconciled or not", Host,
    HOSTS) {
  pbx<Host> p;
  static_cast<void>(must(p.w.dir.run(p.w.admin, adopt_user{.first_name = "Maud",
                                                           .last_name = "Lewis",
                                                           .email = "maud@acme.example",
                                                           .role = "administrator",
                                                           .external_ref = "17"})));
  const auto who = must(p.w.dir.open_actor("maud@acme.example")).identity_id();
  CHECK(p.w.dir.check(who, permission::user_manage, p.w.tenant_id));
  p.host.sql.run("DELETE FROM staff WHERE staff_id = 17");
  CHECK_FALSE(p.w.dir.check(who, permission::user_manage, p.w.tenant_id));
}

TEST_CASE_TEMPLATE("B16 ordinary commands and queries work on users of the host's", Host, HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud(), emil = p.emil();
  static_cast<void>(p.host.written());
  static_cast<void>(must(p.w.dir.run(p.w.admin, assign_packages{{maud, emil}, p.w.basic})));
  const auto seen = must(p.w.dir.preview(p.w.admin, change_package{maud, p.w.plus}));
  static_cast<void>(must(p.w.dir.confirm(p.w.admin, change_package{maud, p.w.plus}, *seen.token)));
  static_cast<void>(must(p.w.dir.run(p.w.admin, unassign_package{.user_id = emil})));
  CHECK(p.w.pool(p.w.basic).used == 0);
  CHECK(p.w.pool(p.w.plus).used == 1);
  CHECK(p.names() == "Ada Admin, Maud Lewis, Emil Nolde");
  const auto found = must(p.w.dir.ask(p.w.admin, users{.search = "lew"})).users;
  REQUIRE(found.size() == 1);
  CHECK(found.front().package == "Plus");
  const auto first = must(p.w.dir.ask(p.w.admin, users{.limit = 2}));
  CHECK(must(p.w.dir.ask(p.w.admin, users{.after = first.next})).users.front().name == "Emil Nolde");
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
  CHECK(p.host.written().empty());
}

TEST_CASE_TEMPLATE(
    "B16 adopting refuses a row that is not there, is linked already or says otherwise, and nothing moves", Host,
    HOSTS) {
  pbx<Host> p;
  static_cast<void>(p.maud());
  const auto before = p.w.digest();
  const auto staff = p.host.sql.ask("SELECT * FROM staff");
  for (const auto* ref : {"18", "07", "023", "+23", "HR-7", "99999999999999999999"}) {
    const auto no = refused_with(p.try_adopt("Emil", "Nolde", "emil@acme.example", ref));
    CHECK_MESSAGE(no.reason == "host_row_unknown", ref);
    CHECK(no.path == "/external_ref");
    CHECK(no.code == status::not_found);
  }
  CHECK(refused_with(p.try_adopt("Maud", "Lewis", "m2@acme.example", "17")).reason == "external_ref_taken");
  const auto elsewhere =
      adopt_user{.first_name = "Maud", .last_name = "Lewis", .email = "m@other.example", .external_ref = "17"};
  CHECK(refused_with(p.w.dir.run(p.w.other_admin, elsewhere)).reason == "host_row_taken");
  const auto no = refused_with(p.try_adopt("Emil", "nolde", "emil@acme.example", "23"));
  CHECK(no.reason == "host_row_differs");
  CHECK(no.path == "/last_name");
  CHECK(p.w.digest() == before);
  CHECK(p.host.sql.ask("SELECT * FROM staff") == staff);
}

TEST_CASE_TEMPLATE("B16 the host's own constraints refuse a command whole, and say so without values", Host, HOSTS) {
  pbx<Host> p;
  p.host.sql.run("CREATE UNIQUE INDEX one_each ON staff (given, family)");
  const auto before = p.w.digest();
  const auto no = refused_with(
      p.w.dir.run(p.w.admin, adopt_user{.first_name = "Maud", .last_name = "Lewis", .email = "maud@acme.example"}));
  CHECK(no.code == status::conflict);
  CHECK(no.reason == "host_refused_row");
  CHECK(no.message.find("Maud") == std::string::npos);
  CHECK(p.w.digest() == before);
  CHECK(p.host.written().empty());
}

TEST_CASE_TEMPLATE(
    "B16 I9 with a matching column a tenant's people are there for that tenant only, wherever the host moves them",
    Host, HOSTS) {
  Host host;
  host.sql.run("ALTER TABLE staff ADD COLUMN company BIGINT");
  auto options = host.options();
  options.mapped[0].matching = {{"tenant_id", "company"}};
  world w(contract::open(options));
  const auto id = [](any_id scope) { return std::to_string(static_cast<std::int64_t>(scope.value)); };
  host.sql.run("UPDATE staff SET company = " + id(w.tenant_id) + " WHERE staff_id = 17");
  const adopt_user maud{.first_name = "Maud", .last_name = "Lewis", .email = "maud@acme.example", .external_ref = "17"};
  const auto no = refused_with(w.dir.run(w.other_admin, maud));
  CHECK(no.reason == "host_row_unknown"); // as if it were not there, and not what it says
  auto nobody = maud;
  nobody.external_ref = "18";
  CHECK(refused_with(w.dir.run(w.other_admin, nobody)).message == no.message);
  const auto user_id = must(w.dir.run(w.admin, maud)).template created_id<user>();
  CHECK(host.sql.ask("SELECT count(*) FROM staff WHERE company = " + id(w.other_id)) == "1"); // Otto, a new row
  CHECK(w.details(user_id).first_name == "Maud");

  host.sql.run("UPDATE staff SET company = " + id(w.other_id) + " WHERE staff_id = 17");
  CHECK(refused_with(w.dir.ask(w.admin, find_user{.user_id = user_id})).reason == "user_unknown");
  CHECK(erased(must(w.dir.run(w.admin, reconcile{})), "users") == 1);
  CHECK(w.dir.run(w.other_admin, maud).has_value());
}

TEST_CASE_TEMPLATE("B16 a preview is moved by what the host changes before it is confirmed", Host, HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud();
  const assign_package give{maud, p.w.basic};
  const auto seen = must(p.w.dir.preview(p.w.admin, give));
  p.host.sql.run("UPDATE staff SET family = 'Zorn' WHERE staff_id = 17");
  CHECK(refused_with(p.w.dir.confirm(p.w.admin, give, *seen.token)).reason == "preview_moved");
  const auto taken = must(p.w.dir.preview(p.w.admin, reconcile{}));
  CHECK(told(taken) == "users updated last_name: Lewis -> Zorn\n");
  p.host.sql.run("UPDATE staff SET family = 'Zander' WHERE staff_id = 17");
  CHECK(refused_with(p.w.dir.confirm(p.w.admin, reconcile{}, *taken.token)).reason == "preview_moved");
}

TEST_CASE_TEMPLATE(
    "B9 B16 the window over, linecard forgets its part and leaves the host's row alone, whether it stands or is gone",
    Host, HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud(), emil = p.emil();
  for (const auto id : {maud, emil}) static_cast<void>(must(deleted(p.w.dir, p.w.admin, delete_user{.user_id = id})));
  p.host.sql.run("DELETE FROM staff WHERE staff_id = 23");
  static_cast<void>(p.host.written());
  const auto before = p.host.untouched();
  p.w.clock->at = p.w.clock->at + std::int64_t{30} * 24 * 60 * 60 * 1000;
  static_cast<void>(must(p.w.dir.pump_errands(10)));
  CHECK(p.host.written().empty());
  CHECK(p.host.untouched() == before);
  CHECK(p.host.sql.ask("SELECT given FROM staff WHERE staff_id = 17") == "Maud");
  CHECK(refused_with(p.w.dir.run(p.w.admin, restore_user{maud})).reason == "user_unknown");
  CHECK(p.host.sql.ask("SELECT count(*) FROM departures") == "0");
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
  CHECK(p.maud() != maud); // employed still, or again: somebody new to linecard
  static_cast<void>(p.reconciled());
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
}

TEST_CASE_TEMPLATE("B16 external_ref names the host's row, and no edit makes it name another", Host, HOSTS) {
  pbx<Host> p;
  const auto maud = p.maud();
  const auto before = p.w.digest();
  const auto no = refused_with(p.w.dir.run(p.w.admin, edit_user{.user_id = maud, .external_ref = "99"}));
  CHECK(no.reason == "mapped_reference");
  CHECK(no.path == "/external_ref");
  const edit_user cleared{.user_id = maud, .clear = {clearable::external_ref}};
  CHECK(refused_with(p.w.dir.run(p.w.admin, cleared)).reason == "mapped_reference");
  CHECK(p.w.digest() == before);
  CHECK(p.w.dir.run(p.w.admin, edit_user{.user_id = maud, .language = "fr", .external_ref = "17"})); // as it is
}
