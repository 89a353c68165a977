// A company pays for 25 seats and wants to pay for 20: who would lose one, a list somebody edits, the list as one
// command. Nobody is surprised, and nothing but the five seats moves.
#include <linecard/linecard.hpp>
#include <linecard/text/time.hpp>

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>

using namespace linecard;

namespace {

constexpr std::int64_t day = std::int64_t{24} * 60 * 60 * 1000;

/// The example tells of last autumn, whenever it is run.
struct told_clock final : linecard::clock {
  instant at{1'790'000'000'000}; // 2026-09-21
  instant now() override { return at; }
};

struct company {
  std::shared_ptr<told_clock> clock = std::make_shared<told_clock>();
  directory dir;
  actor operator_{}, admin{}; ///< both in the tenant
  id_of<package> plus{};

  company() : dir(directory::create({.store = memory_store(), .clock = clock}).value().opened) {
    const auto root = dir.bootstrap_operator("operations@pbx.example").value();
    const auto pbx = dir.run(root, create_container{.name = "pbx-1"}).value().created_id<container>();
    const auto in_pbx = dir.open_actor(root.identity_id(), pbx).value();
    const auto acme = dir.run(in_pbx, create_tenant{.name = "Acme"}).value().created_id<tenant>();
    operator_ = dir.open_actor(root.identity_id(), acme).value();
    const define_package sku{.name = "Plus",
                             .price_minor = 2495,
                             .currency = "USD",
                             .features = {{"minutes.included", "500"}, {"video.meetings", "yes"}}};
    plus = dir.run(root, sku).value().created_id<package>();
    dir.run(operator_, offer_package{plus}).value();
    dir.run(operator_, set_seat_pool{.package_id = plus, .purchased = 25}).value();
    people();
  }

private:
  id_of<user> joins(const std::string& first, const std::string& last, const std::string& role) {
    const adopt_user who{.first_name = first,
                         .last_name = last,
                         .email = first + "." + last + "@acme.example",
                         .role = role,
                         .package_id = plus};
    const auto id = dir.run(operator_, who).value().created_id<user>();
    clock->at = clock->at + day;
    return id;
  }
  /// Ada, who owns the account, a second administrator, twenty-one more, and two who were invited.
  void people() {
    constexpr std::array<const char*, 21> names{"Ben",  "Cleo", "Dan",  "Eva",  "Finn", "Gus",  "Hope",
                                                "Ivan", "June", "Kai",  "Lena", "Milo", "Nora", "Otis",
                                                "Pia",  "Quin", "Rosa", "Sam",  "Tess", "Uwe",  "Zoe"};
    const auto admin_id = joins("Ada", "Abbott", "administrator");
    admin = dir.open_actor("Ada.Abbott@acme.example", operator_.in().id()).value();
    joins("Bob", "Brown", "administrator");
    std::vector<id_of<user>> here;
    for (const auto* name : names) here.push_back(joins(name, "Miller", "member"));
    dir.run(admin, suspend_user{.user_id = here.at(6)}).value();
    // The telephone system says when people were last active; of Dan and Nora it has nothing to say.
    note_activity seen{.activities = {{admin_id, clock->at}}};
    for (std::size_t n = 0; n < here.size(); ++n)
      if (n != 2 && n != 12)
        seen.activities.push_back({here[n], clock->at + -static_cast<std::int64_t>(n * 7 % 19) * day});
    dir.run(operator_, seen).value();
    for (const auto* name : {"Vera", "Will"}) {
      const add_user invited{
          .first_name = name, .last_name = "Young", .email = std::string(name) + "@acme.example", .package_id = plus};
      dir.run(admin, invited).value();
      clock->at = clock->at + 3 * day;
    }
  }
};

std::string date(instant at) { return text::rfc3339(at.milliseconds).substr(0, 10); }

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "nothing" : out;
}

void print(const shrink_plan_answer& plan) {
  std::cout << std::left << "  " << std::setw(13) << "Name" << std::setw(11) << "Why" << std::setw(64) << "In words"
            << "Would lose\n";
  for (const auto& row : plan.losses)
    std::cout << "  " << std::setw(13) << row.name << std::setw(11) << word(row.reason) << std::setw(64) << row.message
              << joined(row.features_lost) << "\n";
}

void run() {
  company acme;
  auto& dir = acme.dir;
  const auto wanted = 20;

  // At first the library refuses, and says what to ask.
  const auto no = dir.run(acme.operator_, set_seat_pool{.package_id = acme.plus, .purchased = wanted});
  std::cout << "From 25 seats to 20? Not yet:\n  " << no.error().message << ".\n\n";

  const auto plan = dir.ask(acme.admin, shrink_plan{acme.plus, wanted}).value();
  std::cout << "The plan of " << date(plan.lost_at) << ": " << plan.held << " seats of " << plan.package
            << " are held, so " << plan.losses.size() << " would go, as soon as it is run:\n";
  print(plan);

  // The manager keeps the newest colleague, who starts on Monday, and lets the next in the order go instead.
  const auto kept = plan.losses.front();
  const auto one_more = dir.ask(acme.admin, shrink_plan{acme.plus, wanted - 1}).value().losses.back();
  shrink_pool change{.package_id = acme.plus, .purchased = wanted};
  for (const auto& row : plan.losses)
    if (row.user_id != kept.user_id) change.from_user_ids.push_back(row.user_id);
  const auto too_short = dir.preview(acme.operator_, change);
  std::cout << "\nWithout " << kept.name << " the list is too short:\n  " << too_short.error().message << ".\n";
  change.from_user_ids.push_back(one_more.user_id);
  std::cout << "So " << kept.name << " keeps the seat and " << one_more.name << " goes.\n";

  // The preview changes nothing; what is confirmed is what was shown, or nothing.
  const auto preview = dir.preview(acme.operator_, change).value();
  const auto& pool = preview.seats.at(0);
  std::cout << "\nThe preview:\n  purchased " << pool.purchased_before << " -> " << pool.purchased_after << ", used "
            << pool.used_before << " -> " << pool.used_after << ", reserved " << pool.reserved_before << " -> "
            << pool.reserved_after << "\n";
  for (const auto& price : preview.price_differences) std::cout << "  " << price.amount << " a month\n";
  std::cout << "  everything else about these people: "
            << (preview.untouched.before == preview.untouched.after ? "untouched" : "changed") << "\n";

  const auto done = dir.confirm(acme.operator_, change, *preview.token).value();
  std::cout << "\nDone, audit entry " << *done.audit_seq << ". Unassigned now:";
  for (const auto id : change.from_user_ids)
    std::cout << " " << dir.ask(acme.admin, find_user{.user_id = id}).value().first_name;
  std::cout << "\n" << dir.ask(acme.admin, verify_audit{}).value().message << "\n";
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
