// The main job over SQLite: a tenant's users get licence packages. Makes licences.db in the present folder.
#include <linecard/linecard.hpp>

#include <iostream>

using namespace linecard;

namespace {

/// Prints every row that matches, as the User Management page shows it.
void print_users(directory& dir, const actor& admin, const std::string& search) {
  for (const auto& row : dir.ask(admin, users{.search = search}).value().users)
    std::cout << "  " << row.initials << "  " << row.name << " <" << row.email << ">: " << row.package << "\n";
}

void run() {
  // The host key is shown this once; a host keeps it where it keeps its secrets.
  auto [dir, host_key] = directory::create({.store = sqlite_store({.path = "licences.db"}).value()}).value();

  const auto root = dir.bootstrap_operator("operations@pbx.example").value();
  const auto pbx = dir.run(root, create_container{.name = "pbx-1"}).value().created_id<container>();
  const auto acme = dir.run(dir.open_actor(root.identity_id(), pbx).value(), create_tenant{.name = "Acme"})
                        .value()
                        .created_id<tenant>();
  const auto at_acme = dir.open_actor(root.identity_id(), acme).value(); // acting is always in one scope

  const define_package small{.name = "Basic", .price_minor = 1295, .currency = "USD"};
  const define_package large{
      .name = "Plus", .price_minor = 2495, .currency = "USD", .features = {{"video.hipaa", "yes"}}};
  const auto basic = dir.run(root, small).value().created_id<package>();
  const auto plus = dir.run(root, large).value().created_id<package>();
  for (const auto sku : {basic, plus}) {
    dir.run(at_acme, offer_package{sku}).value();
    dir.run(at_acme, set_seat_pool{.package_id = sku, .purchased = 2}).value();
  }

  const adopt_user ada{
      .first_name = "Ada", .last_name = "Abbott", .email = "ada@acme.example", .role = "administrator"};
  const adopt_user elodie{
      .first_name = "Élodie", .last_name = "Tremblay", .email = "elodie@acme.example", .extension = "201"};
  const adopt_user max{.first_name = "Max", .last_name = "Muster", .email = "max@acme.example", .external_ref = "HR-7"};
  dir.run(at_acme, ada).value();
  const auto admin = dir.open_actor("ada@acme.example", acme).value();
  const auto first = dir.run(admin, elodie).value().created_id<user>();
  const auto second = dir.run(admin, max).value().created_id<user>();

  dir.run(admin, assign_packages{{first, second}, basic}).value();
  std::cout << "Everybody:\n";
  print_users(dir, admin, "");
  std::cout << "Found by \"ELODIE\":\n";
  print_users(dir, admin, "ELODIE");

  const auto full =
      dir.run(admin, assign_package{dir.ask(admin, find_user{.email = "ada@acme.example"}).value().user_id, basic});
  std::cout << "A third Basic: " << full.error().reason << ", " << full.error().message << "\n";

  const change_package move{first, plus};
  const auto preview = dir.preview(admin, move).value();
  std::cout << "Moving Élodie to Plus would cost " << preview.price_differences.front().amount << " more a month.\n";
  const auto receipt = dir.confirm(admin, move, *preview.token).value();
  std::cout << "Done: " << receipt.changes.size() << " records changed, everything else untouched: "
            << (receipt.untouched.before == receipt.untouched.after ? "yes" : "NO") << "\n";
  std::cout << dir.ask(admin, verify_audit{}).value().message << "\n";
}

} // namespace

int main() {
  try {
    run();
  } catch (const refused& no) { // value() on a refusal throws; `if (!result)` is the other way
    std::cerr << no.details.path << " " << no.what() << "\n";
    return 1;
  }
}
