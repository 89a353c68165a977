// Users in a host's own table, everything else with linecard: one database, one transaction, and a host that goes on
// changing its table with plain SQL; on SQLite and on PostgreSQL.
#include "directory/tools.hpp"
#include "kit.hpp"

#include "stores/fault_vfs.hpp"
#include "stores/host_table.hpp"
#if LINECARD_HAS_POSTGRES
#include "stores/host_schema.hpp"
#endif

#include <algorithm>

using namespace kit;
using contract::fault_vfs;
using contract::host_file;

#if LINECARD_HAS_POSTGRES
#define HOSTS host_file, contract::host_schema
TYPE_TO_STRING_AS("on PostgreSQL", contract::host_schema);
#else
#define HOSTS host_file
#endif
TYPE_TO_STRING_AS("on SQLite", contract::host_file);

namespace {

template <class Host = host_file> struct pbx {
  Host host{};
  world w;
  explicit pbx(std::int32_t seats = 3) : w(host.opened(), seats) { static_cast<void>(host.written()); }

  result<receipt> try_adopt(std::string first, std::string last, std::string email, std::string ref) {
    return w.dir.run(w.admin, adopt_user{.first_name = std::move(first),
                                         .last_name = std::move(last),
                                         .email = std::move(email),
                                         .external_ref = std::move(ref)});
  }
  id_of<user> maud() { return must(try_adopt("Maud", "Lewis", "maud@acme.example", "17")).template created_id<user>(); }
  id_of<user> emil() { return must(try_adopt("Emil", "Nolde", "emil@acme.example", "23")).template created_id<user>(); }
  receipt reconciled() { return must(w.dir.run(w.admin, reconcile{})); }
  std::string names() {
    std::string out;
    for (const auto& row : must(w.dir.ask(w.admin, users{})).users) out += (out.empty() ? "" : ", ") + row.name;
    return out;
  }
};

/// "record action column: before -> after" for each changed column, in order.
std::string told(const receipt& r) {
  std::string out;
  for (const auto& c : r.changes)
    for (const auto& column : c.columns)
      out += c.record + " " + std::string(word(c.action)) + " " + column.column + ": " +
             column.before.value_or("nothing") + " -> " + column.after.value_or("nothing") + "\n";
  return out;
}

std::size_t erased(const receipt& r, std::string_view record) {
  return static_cast<std::size_t>(std::ranges::count_if(
      r.changes, [&](const auto& c) { return c.record == record && c.action == record_action::erased; }));
}

} // namespace

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

#if LINECARD_HAS_POSTGRES
TEST_CASE("B16 on PostgreSQL reconcile waits for the host's own transaction on a changed row, and takes over what it "
          "left, never writing over it") {
  pbx<contract::host_schema> p;
  const auto maud = p.maud();
  p.host.sql.run("UPDATE staff SET family = 'Zorn' WHERE staff_id = 17");
  receipt done;
  p.host.commit_when_waited_for("UPDATE staff SET family = 'Zander' WHERE staff_id = 17",
                                [&] { done = p.reconciled(); });
  CHECK(told(done) == "users updated last_name: Lewis -> Zander\n");
  CHECK(p.w.details(maud).last_name == "Zander");
  CHECK(p.host.sql.ask("SELECT family FROM staff WHERE staff_id = 17") == "Zander");
  p.host.sql.run("UPDATE staff SET family = 'Zweig' WHERE staff_id = 17");
  p.host.commit_when_waited_for("DELETE FROM staff WHERE staff_id = 17", [&] { done = p.reconciled(); });
  CHECK(erased(done, "users") == 1);
  CHECK(p.reconciled().changes.empty());
  CHECK(must(p.w.dir.ask(p.w.admin, verify_audit{})).intact);
}
#endif

TEST_CASE("B16 a command waits for the host's own transaction on the file, and builds on what that committed") {
  pbx<> p;
  const auto maud = p.maud();
  fault_vfs vfs("linecard-host", true);
  auto patient = p.host.options();
  patient.busy_timeout_ms = 600'000;
  patient.vfs = vfs.name();
  auto again = must(directory::open({.store = contract::open(patient), .clock = p.w.clock}, p.w.key));
  const auto admin = must(again.open_actor("ada@acme.example", p.w.tenant_id));
  p.host.sql.run("BEGIN IMMEDIATE; UPDATE staff SET family = 'Zorn' WHERE staff_id = 17");
  int slept = 0;
  vfs.on_sleep = [&] {
    if (++slept == 3) p.host.sql.run("COMMIT");
  };
  CHECK(told(must(again.run(admin, reconcile{}))) == "users updated last_name: Lewis -> Zorn\n");
  CHECK(slept >= 3);
  CHECK(must(again.ask(admin, find_user{.user_id = maud})).last_name == "Zorn");
}

TEST_CASE("B16 without patience a command beside the host's own transaction is refused as busy, and changes nothing") {
  host_file host;
  auto impatient = host.options();
  impatient.busy_timeout_ms = 0;
  world w(contract::open(impatient));
  host.sql.run("BEGIN IMMEDIATE; UPDATE staff SET family = 'Zorn' WHERE staff_id = 17");
  const adopt_user newcomer{.first_name = "Nora", .last_name = "New", .email = "nora@acme.example"};
  const auto no = refused_with(w.dir.run(w.admin, newcomer));
  CHECK(no.code == status::busy);
  CHECK(no.reason == "store_busy");
  host.sql.run("ROLLBACK");
  CHECK(w.dir.run(w.admin, newcomer).has_value());
}

TEST_CASE("B16 I26 a disk that fails anywhere between the host's table and ours leaves both old, or both new") {
  fault_vfs vfs("linecard-host-fault");
  int tried = 0, torn_apart = 0;
  bool struck = true;
  host_file host;
  auto w = std::make_optional<world>(host.opened());
  const auto key = w->key;
  const auto tenant_id = w->tenant_id;
  const auto basic = w->basic;
  w.reset(); // closed, the file is whole by itself
  host.sql.run("PRAGMA wal_checkpoint(TRUNCATE)");
  for (int n = 1; struck; ++n, ++tried) {
    REQUIRE(n < 500);
    CAPTURE(n);
    auto faulty = host.options();
    faulty.path = host.where.file("copy" + std::to_string(n) + ".db");
    faulty.vfs = vfs.name();
    faulty.busy_timeout_ms = 0;
    std::filesystem::copy_file(host.path, faulty.path);
    contract::raw_sqlite sql(faulty.path);
    auto dir = must(directory::open({.store = contract::open(faulty)}, key));
    const auto admin = must(dir.open_actor("ada@acme.example", tenant_id));
    const auto whole = [&] {
      return sql.ask("SELECT (SELECT count(*) FROM staff WHERE given = 'Nora') || "
                     "(SELECT count(*) FROM identities WHERE email = 'nora@acme.example') || "
                     "(SELECT count(*) FROM users WHERE first_name = 'Nora') || (SELECT sum(used) FROM seat_pools)");
    };
    const auto before = must(dir.state_digest());
    vfs.arm(n, fault_vfs::fuse::once);
    const auto done = dir.run(
        admin, adopt_user{.first_name = "Nora", .last_name = "New", .email = "nora@acme.example", .package_id = basic});
    struck = vfs.struck();
    vfs.disarm();
    const auto after = whole();
    CHECK((after == "0000" || after == "1111"));
    if (done) CHECK(after == "1111");
    if (after == "0000") CHECK(must(dir.state_digest()) == before);
    torn_apart += struck && after == "0000";
  }
  CHECK(torn_apart > 3); // the sweep did strike before the commit
  CHECK(tried > 5);
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
