// One person takes another's place: extension, telephones, forwarding and licence pass in one command, and return the
// same way. Makes people.db in the present folder.
#include <linecard/linecard.hpp>

#include <iomanip>
#include <iostream>

using namespace linecard;

namespace {

struct office {
  directory dir;
  actor admin{};
  id_of<package> plus{};

  id_of<user> joins(adopt_user newcomer) { return dir.run(admin, newcomer).value().created_id<user>(); }

  void print(id_of<user> id) {
    const auto who = dir.ask(admin, find_user{.user_id = id}).value();
    std::cout << "  " << std::left << std::setw(13) << who.first_name + " " + who.last_name << std::setw(12)
              << who.package << "extension";
    for (const auto& number : who.extensions) std::cout << " " << number;
    if (who.extensions.empty()) std::cout << " none";
    std::cout << ", telephones:";
    for (const auto& phone : who.devices) std::cout << " " << phone.name;
    if (who.devices.empty()) std::cout << " none";
    std::cout << (who.forwarding_number ? ", calls go on to " + *who.forwarding_number : std::string{}) << "\n";
  }
  std::string name(id_of<user> id) { return dir.ask(admin, find_user{.user_id = id}).value().first_name; }
};

office furnished() {
  auto made = directory::create({.store = sqlite_store({.path = "people.db"}).value()}).value();
  office at{std::move(made.opened)};
  const auto root = at.dir.bootstrap_operator("operations@pbx.example").value();
  const auto pbx = at.dir.run(root, create_container{.name = "pbx-1"}).value().created_id<container>();
  const auto acme = at.dir.run(at.dir.open_actor(root.identity_id(), pbx).value(), create_tenant{.name = "Acme"})
                        .value()
                        .created_id<tenant>();
  const auto at_acme = at.dir.open_actor(root.identity_id(), acme).value();
  const define_package sku{.name = "Plus", .price_minor = 2495, .currency = "USD"};
  at.plus = at.dir.run(root, sku).value().created_id<package>();
  at.dir.run(at_acme, offer_package{at.plus}).value();
  at.dir.run(at_acme, set_seat_pool{.package_id = at.plus, .purchased = 1}).value();
  const adopt_user ada{
      .first_name = "Ada", .last_name = "Abbott", .email = "ada@acme.example", .role = "administrator"};
  at.dir.run(at_acme, ada).value();
  at.admin = at.dir.open_actor("ada@acme.example", acme).value();
  return at;
}

void run() {
  auto at = furnished();
  const auto mia =
      at.joins({.first_name = "Mia",
                .last_name = "Meier",
                .email = "mia@acme.example",
                .package_id = at.plus,
                .extension = "201",
                .forwarding_number = "+15550100",
                .devices = {{.name = "desk", .description = "T54W"}, {.name = "soft", .description = ""}}});
  const auto nils = at.joins({.first_name = "Nils",
                              .last_name = "Nord",
                              .email = "nils@acme.example",
                              .extension = "207",
                              .devices = {{.name = "desk", .description = "T31"}}});
  std::cout << "Mia leaves the front desk, and Nils comes. Today:\n";
  at.print(mia), at.print(nils);

  // Look before changing; what is confirmed is what was shown, or nothing.
  const replace_person change{.user_id = mia, .successor_id = nils};
  const auto preview = at.dir.preview(at.admin, change).value();
  std::cout << "\nThe preview changes nothing, and would change " << preview.changes.size() << " records:\n";
  for (const auto& number : preview.numbers)
    std::cout << "  " << number.number << (number.action == record_action::erased ? " leaves " : " rings ")
              << at.name(number.user_id) << "\n";
  if (preview.seats.empty() && preview.price_differences.empty()) std::cout << "  seats and price stay as they are\n";

  const auto done = at.dir.confirm(at.admin, change, *preview.token).value();
  std::cout << "\nDone:\n";
  at.print(mia), at.print(nils);

  const auto waiting = at.dir.ask(at.admin, replacements{}).value().replacements.at(0);
  std::cout << "\nFor " << (waiting.ends_at.milliseconds - waiting.replaced_at.milliseconds) / 86'400'000
            << " days it can be undone; what passed:\n";
  for (const auto& item : waiting.items)
    if (item.kind != replaced_kind::package)
      std::cout << "  " << word(item.kind) << " " << item.item << (item.renamed ? ", now " + *item.renamed : "")
                << "\n";

  at.dir.run(at.admin, undo_replacement{done.created_id<replacement>()}).value();
  std::cout << "\nMia stays after all. Undone:\n";
  at.print(mia), at.print(nils);
  std::cout << "\n" << at.dir.ask(at.admin, verify_audit{}).value().message << "\n";
}

} // namespace

int main() {
  try {
    run();
  } catch (const refused& no) {
    std::cerr << no.details.path << " " << no.what() << "\n";
    return 1;
  }
}
