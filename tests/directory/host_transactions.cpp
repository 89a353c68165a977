// A host's own transactions on its table of users beside linecard's, and a disk that fails between the two tables.
#include "directory/host_users.hpp"

#include "stores/fault_vfs.hpp"

#include <filesystem>
#include <optional>

using namespace kit;
using contract::fault_vfs;
using contract::host_file;

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
