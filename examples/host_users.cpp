// Users that stand in the host's own table: adopted, licensed, renamed by the host with plain SQL, and reconciled. All
// in one SQLite file, pbx.db in the present folder.
#include <linecard/linecard.hpp>

#include <sqlite3.h>

#include <iostream>
#include <stdexcept>

using namespace linecard;

namespace {

/// The host's own connection: it used this file before linecard came, and goes on using it.
class host_database {
public:
  host_database() {
    if (sqlite3_open("pbx.db", &db_) != SQLITE_OK) throw std::runtime_error("pbx.db does not open");
  }
  host_database(const host_database&) = delete;
  host_database& operator=(const host_database&) = delete;
  ~host_database() { (void)sqlite3_close(db_); }

  using row = int (*)(void*, int, char**, char**);
  void run(const char* sql, row each = nullptr, void* with = nullptr) {
    if (sqlite3_exec(db_, sql, each, with, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }

private:
  sqlite3* db_{};
};

constexpr const char* staff = "CREATE TABLE staff (staff_id INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL,"
                              "  family TEXT NOT NULL, mail TEXT, desk TEXT, badge BLOB);"
                              "INSERT INTO staff (given, family, mail, desk, badge) VALUES"
                              "  ('Maud', 'Lewis', 'maud@acme.example', 'D4', x'0001'),"
                              "  ('Emil', 'Nolde', 'emil@acme.example', 'D5', x'0002')";

/// Names live in the host's columns; everything else about a user lives beside them, with linecard.
const table_mapping users_are_staff{.table = "users",
                                    .host_table = "staff",
                                    .host_key = "staff_id",
                                    .reference = "external_ref",
                                    .columns = {{"first_name", "given"}, {"last_name", "family"}}};

void print_users(directory& dir, const actor& acme) {
  for (const auto& row : dir.ask(acme, users{}).value().users)
    std::cout << "  " << row.external_ref.value_or("-") << "  " << row.name << ": " << row.package << "\n";
}

void print(const receipt& done) {
  std::cout << "Reconciled, audit entry " << *done.audit_seq << ":\n";
  for (const auto& changed : done.changes) {
    std::cout << "  " << changed.record << " " << word(changed.action) << "\n";
    for (const auto& column : changed.columns)
      std::cout << "    " << column.column << ": " << column.before.value_or("nothing") << " -> "
                << column.after.value_or("nothing") << "\n";
  }
}

void run() {
  host_database host;
  host.run(staff);

  auto store = sqlite_store({.path = "pbx.db", .mapped = {users_are_staff}}).value();
  auto [dir, host_key] = directory::create({.store = std::move(store)}).value();
  const auto root = dir.bootstrap_operator("operations@pbx.example").value();
  const auto pbx = dir.run(root, create_container{.name = "pbx-1"}).value().created_id<container>();
  const auto in_pbx = dir.open_actor(root.identity_id(), pbx).value();
  const auto tenant_id = dir.run(in_pbx, create_tenant{.name = "Acme"}).value().created_id<tenant>();
  const auto acme = dir.open_actor(root.identity_id(), tenant_id).value();
  const define_package sku{.name = "Basic", .price_minor = 1295, .currency = "USD"};
  const auto basic = dir.run(root, sku).value().created_id<package>();
  dir.run(acme, offer_package{basic}).value();
  dir.run(acme, set_seat_pool{.package_id = basic, .purchased = 5}).value();

  std::vector<adopt_user> people;
  host.run(
      "SELECT staff_id, given, family, mail FROM staff",
      [](void* into, int, char** cells, char**) {
        static_cast<std::vector<adopt_user>*>(into)->push_back(
            {.first_name = cells[1], .last_name = cells[2], .email = cells[3], .external_ref = cells[0]});
        return 0;
      },
      &people);
  for (const auto& person : people) {
    const auto id = dir.run(acme, person).value().created_id<user>();
    dir.run(acme, assign_package{id, basic}).value();
  }
  std::cout << "Adopted:\n";
  print_users(dir, acme);

  host.run("UPDATE staff SET family = 'Lewis-Dowley' WHERE staff_id = 1; DELETE FROM staff WHERE staff_id = 2");
  std::cout << "The host renames one and removes the other; linecard sees it at once:\n";
  print_users(dir, acme);

  for (auto done = dir.run(acme, reconcile{}).value(); !done.changes.empty(); done = dir.run(acme, reconcile{}).value())
    print(done);
  std::cout << "Seats used: " << dir.ask(acme, seat_pools{}).value().pools.front().used << "\n";
  const auto newest = dir.ask(acme, audit{.limit = 1}).value().entries.front();
  std::cout << "Newest audit entry: " << newest.command << " " << newest.details << "\n";
  for (const auto& value : newest.personal)
    std::cout << "  personal value " << value.position << ": " << value.text.value_or("erased") << "\n";
  std::cout << dir.ask(acme, verify_audit{}).value().message << "\n";
}

} // namespace

int main() {
  try {
    run();
  } catch (const refused& no) { // value() on a refusal throws; `if (!result)` is the other way
    std::cerr << no.details.path << " " << no.what() << "\n";
    return 1;
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
