#include <linecard/directory.hpp>

#include "kit.hpp"

#include <filesystem>
#include <unistd.h>

using namespace kit;

namespace {

struct scratch_file {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("linecard-directory-" + std::to_string(::getpid()));
  scratch_file() { std::filesystem::remove_all(folder), std::filesystem::create_directories(folder); }
  ~scratch_file() { std::filesystem::remove_all(folder); }
  std::unique_ptr<store> open() const { return must(sqlite_store({.path = (folder / "linecard.db").string()})); }
};

} // namespace

TEST_CASE("the host key opens the directory, another key does not") {
  scratch_file file;
  std::string key_text, other_key = must(directory::create({.store = memory_store()})).key.text();
  {
    auto made = must(directory::create({.store = file.open()}));
    key_text = made.key.text();
    REQUIRE(made.opened.bootstrap_operator("root@example.com"));
  }
  auto again = must(directory::open({.store = file.open()}, must(host_key::from_text(key_text))));
  CHECK(again.open_actor("ROOT@example.com"));
  CHECK(refused_with(directory::open({.store = file.open()}, must(host_key::from_text(other_key)))).reason ==
        "wrong_host_key");
  CHECK(refused_with(directory::create({.store = file.open()})).reason == "already_created");
  CHECK(refused_with(directory::open({.store = memory_store()}, must(host_key::from_text(key_text)))).reason ==
        "not_created");
  CHECK(refused_with(host_key::from_text("lckey1_short")).reason == "host_key_invalid");
}

TEST_CASE("the first operator is made once") {
  world w;
  CHECK(refused_with(w.dir.bootstrap_operator("again@example.com")).reason == "already_bootstrapped");
  CHECK(refused_with(w.dir.bootstrap_operator("not an address")).reason == "email_invalid");
}

TEST_CASE("an actor is opened for a known identity in a known scope") {
  world w;
  CHECK(refused_with(w.dir.open_actor("nobody@example.com")).reason == "identity_unknown");
  CHECK(refused_with(w.dir.open_actor(id_of<identity>{make_id(tag_of<identity>, 9)})).reason == "identity_unknown");
  CHECK(refused_with(w.dir.open_actor(w.admin.identity_id(), id_of<tenant>{make_id(tag_of<tenant>, 9)})).reason ==
        "scope_unknown");
  CHECK(refused_with(w.dir.open_actor(w.admin.identity_id(), w.basic)).reason == "wrong_scope");
}

ON_EVERY_STORE("I23 run_all is all or none, each command seeing those before it, one audit entry each") {
  world w;
  const auto id = w.adopt("Ulf", "User", "ulf@acme.example");
  const assign_package give{id, w.basic};
  const change_package move{id, w.plus};
  const unassign_package take{id, {}};
  const auto entries = must(w.dir.ask(w.admin, verify_audit{})).entries;
  const request good[]{request_of(give), request_of(move), request_of(take), request_of(give)};
  const auto done = must(w.dir.run_all(w.admin, good));
  REQUIRE(done.size() == 4);
  CHECK(done[1].price_differences.front().minor == 1000);
  CHECK(done[3].audit_seq == entries + 4);
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
  CHECK(w.details(id).package == "Basic");

  const auto before = w.digest();
  const request bad[]{request_of(take), request_of(move)};
  const auto no = refused_with(w.dir.run_all(w.admin, bad));
  CHECK(no.reason == "unassigned");
  CHECK(no.path == "/1/user_id");
  CHECK(w.digest() == before);
}

ON_EVERY_STORE("B1 a receipt tells records before and after, seats, price difference and the untouched digest") {
  world w;
  const auto id = must(w.dir.run(w.admin, adopt_user{.first_name = "Ulf",
                                                     .last_name = "User",
                                                     .email = "ulf@acme.example",
                                                     .extension = "201",
                                                     .devices = {{"desk", "T31G"}}}))
                      .created_id<user>();
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.basic}));
  const auto r = must(w.dir.run(w.admin, change_package{id, w.plus}));
  CHECK(r.command == "change_package");
  REQUIRE(r.seats.size() == 2);
  CHECK(r.seats[0].package == "Basic");
  CHECK(r.seats[0].used_before == 1);
  CHECK(r.seats[0].used_after == 0);
  CHECK(r.seats[1].package == "Plus");
  CHECK(r.seats[1].used_after == 1);
  REQUIRE(r.price_differences.size() == 1);
  CHECK(r.price_differences[0].currency == "EUR");
  CHECK(r.price_differences[0].minor == 1000);
  CHECK(r.untouched.rows == 4); // user, team member, extension, device
  CHECK(r.untouched.before == r.untouched.after);
  bool seat_moved = false;
  for (const auto& c : r.changes)
    if (c.record == "seats")
      for (const auto& column : c.columns)
        seat_moved = seat_moved || (column.column == "package_id" && column.after == to_text(w.plus));
  CHECK(seat_moved);
}

ON_EVERY_STORE("S1.4 any licence command alters only seats and pools: every other row stays byte-identical") {
  world w;
  const auto a = must(w.dir.run(w.admin, adopt_user{.first_name = "A",
                                                    .last_name = "User",
                                                    .email = "a@acme.example",
                                                    .external_ref = "1",
                                                    .extension = "201",
                                                    .team_role = "agent",
                                                    .forwarding_number = "+4930123456",
                                                    .devices = {{"desk", "T31G"}}}))
                     .created_id<user>();
  const auto b = w.invite("B", "User", "b@acme.example");
  const auto allowed = [](const receipt& r) {
    for (const auto& c : r.changes) CHECK((c.record == "seats" || c.record == "seat_pools"));
    CHECK(r.untouched.before == r.untouched.after);
    CHECK(r.untouched.rows > 0);
  };
  const auto profile = [&] {
    auto details = w.details(a);
    details.package.clear(), details.package_id.reset(), details.add_ons.clear(), details.features.clear();
    return to_json(details);
  };
  const auto before = profile();
  allowed(must(w.dir.run(w.admin, assign_package{a, w.basic})));
  allowed(must(w.dir.run(w.admin, change_package{a, w.plus})));
  allowed(must(w.dir.run(w.admin, assign_package{a, w.fax})));
  allowed(must(w.dir.run(w.admin, unassign_package{a, w.fax})));
  allowed(must(w.dir.run(w.admin, assign_packages{{b}, w.basic})));
  allowed(must(w.dir.run(w.admin, change_packages{{a, b}, w.basic})));
  allowed(must(w.dir.run(w.admin, unassign_packages{{a, b}, {}})));
  CHECK(profile() == before);
}

TEST_CASE("a default-made actor, or one that another directory opened, does nothing") {
  world w, other(memory_store(), 3, 2);
  CHECK(refused_with(w.dir.run(actor{}, create_container{.name = "x"})).reason == "actor_foreign");
  CHECK(refused_with(w.dir.run(other.operator_, create_container{.name = "x"})).reason == "actor_foreign");
  CHECK(refused_with(w.dir.ask(other.admin, users{})).reason == "actor_foreign");
  CHECK(must(w.dir.ask(w.operator_, denials{})).denials.empty());
}

TEST_CASE("a number cast to an enumeration is refused, not followed") {
  world w;
  const set_seat_pool c{.package_id = w.basic, .purchased = 5, .overage = static_cast<overage_policy>(99)};
  const auto no = refused_with(w.dir.run(w.at_tenant, c));
  CHECK(no.reason == "overage_missing");
  CHECK(no.path == "/overage");
}

ON_EVERY_STORE("I24 a seat pool's policy stays when only the number of seats is given") {
  world w;
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{w.basic, 5, overage_policy::allow}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.basic, .purchased = 7}));
  CHECK(w.pool(w.basic).overage == overage_policy::allow);
  const auto nothing = must(w.dir.run(w.at_tenant, set_seat_pool{.package_id = w.basic}));
  CHECK(nothing.changes.empty()); // nor does leaving out the number make it 0
}
