// Extensions and direct numbers: lowest free first, unique in their scope, one use at a time.
#include <linecard/rules/numbering.hpp>

#include "kit.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace kit;

namespace {

struct company : world {
  using world::world;
  template <class C> std::string reason(const actor& as, const C& c) {
    const auto before = digest();
    const auto done = dir.run(as, c);
    if (!done) CHECK(digest() == before); // bad input changes no state
    return done ? "" : done.error().reason;
  }
  std::vector<std::string> extensions_of(id_of<user> id) { return details(id).extensions; }
  did_row number(std::string_view which) {
    for (const auto& row : must(dir.ask(admin, dids{})).dids)
      if (row.direct_number == which) return row;
    FAIL("no such number");
    return {};
  }
  std::optional<std::string> lowest() { return must(dir.ask(admin, extensions{})).lowest_free; }
};

constexpr auto main_number = "+14165550100", one = "+14165550101", two = "+14165550102";

} // namespace

ON_EVERY_STORE("S4.11 whoever joins gets the lowest free extension of the tenant's range") {
  company w;
  static_cast<void>(must(w.dir.run(w.admin, set_extension_range{"201", "204"})));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), ina = w.invite("Ina", "I", "ina@acme.example");
  CHECK(w.extensions_of(ann) == std::vector<std::string>{"201"});
  CHECK(w.extensions_of(ina).empty()); // not before joining
  const auto given = must(w.dir.run(
      w.admin, adopt_user{.first_name = "Bea", .last_name = "B", .email = "bea@acme.example", .extension = "202"}));
  CHECK(w.lowest() == "203");
  static_cast<void>(must(w.dir.run(w.admin, activate_user{.user_id = ina})));
  CHECK(w.extensions_of(ina) == std::vector<std::string>{"203"});
  static_cast<void>(must(w.dir.run(w.admin, release_extension{"202"})));
  CHECK(w.lowest() == "202");
  CHECK(w.extensions_of(w.adopt("Cy", "C", "cy@acme.example")) == std::vector<std::string>{"202"});
  CHECK(w.extensions_of(w.adopt("Di", "D", "di@acme.example")) == std::vector<std::string>{"204"});
  CHECK(w.lowest() == std::nullopt);
  CHECK(w.extensions_of(w.adopt("Ed", "E", "ed@acme.example")).empty()); // full: nobody is kept out for it
  CHECK(w.reason(w.admin, change_extension{.user_id = given.created_id<user>()}) == "no_extension_free");
}

TEST_CASE("S4.11 the lowest free extension is what counting by hand finds, whatever is given and freed") {
  company w(fresh_store(), 0);
  std::mt19937 chance(20261122);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(chance() % n); };
  const auto number = [&] { return std::to_string(95 + below(14)); }; // two and three digits
  std::vector<id_of<user>> people;
  for (int n = 0; n < 5; ++n)
    people.push_back(w.adopt("P", std::to_string(n), "p" + std::to_string(n) + "@acme.example"));
  for (int step = 0; step < 400; ++step) {
    const auto who = people[below(5)];
    switch (below(6)) {
    case 0:
      static_cast<void>(w.dir.run(w.admin, release_extension{number()}));
      break;
    case 1:
      static_cast<void>(w.dir.run(w.admin, change_extension{.user_id = who}));
      break;
    case 2: {
      const auto from = 95 + below(10), to = from + below(6);
      const set_extension_range range{std::to_string(from), std::to_string(to)};
      CHECK(w.dir.run(w.admin, range).has_value() == (range.first.size() == range.last.size()));
      break;
    }
    default:
      static_cast<void>(w.dir.run(w.admin, change_extension{.user_id = who, .extension = number()}));
    }
    const auto now = must(w.dir.ask(w.admin, extensions{}));
    if (!now.first) continue;
    std::set<std::string> taken;
    for (const auto& row : now.extensions) taken.insert(row.extension);
    std::optional<std::string> lowest;
    for (auto n = std::stoi(*now.last); n >= std::stoi(*now.first); --n)
      if (!taken.contains(std::to_string(n))) lowest = std::to_string(n);
    REQUIRE(now.lowest_free == lowest);
  }
}

ON_EVERY_STORE("S4.11 I25 an extension is changed to a free one, and two in a tenant never have the same") {
  company w;
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bea = w.adopt("Bea", "B", "bea@acme.example");
  CHECK(w.reason(w.admin, change_extension{.user_id = ann, .extension = "301"}).empty());
  CHECK(w.reason(w.admin, change_extension{.user_id = bea, .extension = "301"}) == "extension_taken");
  CHECK(w.reason(w.admin, change_extension{.user_id = ann, .extension = "302"}).empty());
  CHECK(w.extensions_of(ann) == std::vector<std::string>{"302"});
  CHECK(w.reason(w.admin, change_extension{.user_id = bea, .extension = "301"}).empty());
  CHECK(w.reason(w.admin, change_extension{.user_id = bea, .extension = "303", .former = "302"}) ==
        "extension_unknown");
  CHECK(w.reason(w.admin, release_extension{"999"}) == "extension_unknown");
  // Another tenant has numbers of its own.
  const auto there = must(w.dir.ask(w.other_admin, find_user{.email = "otto@other.example"})).user_id;
  CHECK(w.reason(w.other_admin, change_extension{.user_id = there, .extension = "301"}).empty());
  CHECK(w.reason(w.other_admin, change_extension{.user_id = ann, .extension = "304"}) == "user_unknown");
  CHECK(w.reason(w.other_admin, release_extension{"302"}) == "extension_unknown");
}

ON_EVERY_STORE("S4.7 the picker offers the tenant's unassigned numbers and no others") {
  company w;
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{one, two, main_number}})));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  const auto picker = [&](const actor& as) {
    std::vector<std::string> out;
    for (const auto& row : must(w.dir.ask(as, dids{.use = did_use::unassigned})).dids) out.push_back(row.direct_number);
    return out;
  };
  CHECK(picker(w.admin) == std::vector<std::string>{main_number, one, two});
  CHECK(picker(w.other_admin).empty());
  CHECK(w.reason(w.admin, attach_did{one, ann}).empty());
  CHECK(picker(w.admin) == std::vector<std::string>{main_number, two});
  CHECK(w.details(ann).direct_numbers == std::vector<std::string>{one});
  CHECK(w.reason(w.admin, attach_did{one, ann}).empty()); // hers already
  CHECK(w.reason(w.admin, attach_did{one, w.adopt("Bea", "B", "bea@acme.example")}) == "did_in_use");
  CHECK(w.reason(w.admin, attach_did{two, w.invite("Ina", "I", "ina@acme.example")}) == "not_joined");
  CHECK(w.reason(w.other_admin, attach_did{two, ann}) == "did_unknown");
  CHECK(w.reason(w.admin, detach_did{one}).empty());
  CHECK(picker(w.admin) == std::vector<std::string>{main_number, one, two});
}

ON_EVERY_STORE("S4.10 the main company number is in no picker until it is detached; then it may be a direct number") {
  company w;
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{main_number}})));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  CHECK(w.reason(w.admin, use_did{main_number, did_use::direct}) == "use_invalid");
  CHECK(w.reason(w.admin, use_did{main_number, did_use::main, "front desk"}).empty());
  CHECK(must(w.dir.ask(w.admin, dids{.use = did_use::unassigned})).dids.empty());
  CHECK(w.reason(w.admin, attach_did{main_number, ann}) == "did_in_use");
  CHECK(w.reason(w.admin, use_did{main_number, did_use::other}) == "did_in_use");
  CHECK(w.number(main_number).label == "front desk");
  CHECK(w.reason(w.admin, detach_did{main_number}).empty());
  CHECK(w.reason(w.admin, attach_did{main_number, ann}).empty());
}

ON_EVERY_STORE("I25 a number is in one tenant's inventory, and who has it is not told") {
  company w;
  CHECK(w.reason(w.at_tenant, add_dids{{one}}).empty());
  const auto no = refused_with(w.dir.run(w.other_tenant, add_dids{{two, one}}));
  CHECK(no.reason == "did_taken");
  CHECK(no.path == "/direct_numbers/1");
  CHECK(no.message == "+14165550101 cannot be added; ask the operator whose it is"); // I9: not whose, nor where
  CHECK(must(w.dir.ask(w.other_admin, dids{})).dids.empty());                        // none of them was added
  CHECK(w.reason(w.at_tenant, add_dids{{one, one}}).empty());                        // there already
  CHECK(w.reason(w.admin, add_dids{{two}}) == "permission_denied");
  CHECK(w.reason(w.other_tenant, remove_dids{{one}}) == "did_unknown");
  CHECK(w.reason(w.at_tenant, remove_dids{{one}}).empty());
  CHECK(w.reason(w.other_tenant, add_dids{{one}}).empty());
  CHECK(w.reason(w.at_tenant, add_dids{{"4165550101"}}) == "direct_numbers_invalid");
}

ON_EVERY_STORE(
    "B7 a number that somebody's calls are forwarded to leaves neither its user nor the inventory unnoticed") {
  company w;
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{one}})));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example"), bea = w.adopt("Bea", "B", "bea@acme.example");
  static_cast<void>(must(w.dir.run(w.admin, edit_user{.user_id = bea, .forwarding_number = one})));
  CHECK(w.reason(w.at_tenant, remove_dids{{one}}) == "would_strand");
  static_cast<void>(must(w.dir.run(w.admin, attach_did{one, ann})));
  CHECK(w.reason(w.admin, detach_did{one}) == "would_strand");
  CHECK(w.reason(w.admin, attach_did{one, bea}) == "did_in_use");
  CHECK(w.reason(w.admin, detach_did{one, true}).empty());
  CHECK(w.reason(w.admin, attach_did{one, bea}) == "forwarding_to_oneself");
}

ON_EVERY_STORE("S5.5 emergency calls are switched for a direct number by who holds the flag, and by nobody else") {
  company w;
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{one}})));
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  CHECK(w.reason(w.at_tenant, set_e911{one, turned::on}) == "did_unassigned");
  static_cast<void>(must(w.dir.run(w.admin, attach_did{one, ann})));
  CHECK_FALSE(w.number(one).e911); // off until it is switched on
  CHECK(w.reason(w.admin, set_e911{one, turned::on}) == "permission_denied");
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  static_cast<void>(must(w.dir.run(w.at_tenant, give_flag{.user_id = ada, .flag = flag::manage_e911})));
  CHECK(w.reason(w.admin, set_e911{one, turned::on}).empty());
  CHECK(w.number(one).e911);
  CHECK(w.reason(w.admin, set_e911{one, turned{}}) == "switched_missing"); // nothing is switched by leaving it out
  CHECK(w.number(one).e911);
  CHECK(w.reason(w.admin, set_e911{one, turned::off}).empty());
  CHECK_FALSE(w.number(one).e911);
  CHECK(w.reason(w.other_tenant, set_e911{one, turned::on}) == "did_unknown");
}

ON_EVERY_STORE("S5.5 international dialling is switched for an extension by who holds the flag, and by nobody else") {
  company w;
  const auto ann = w.adopt("Ann", "A", "ann@acme.example");
  static_cast<void>(must(w.dir.run(w.admin, change_extension{.user_id = ann, .extension = "301"})));
  const auto allowed = [&] { return must(w.dir.ask(w.admin, extensions{})).extensions.at(0).international; };
  CHECK_FALSE(allowed());
  CHECK(w.reason(w.admin, set_international{"301", turned::on}) == "permission_denied");
  CHECK(w.reason(w.at_tenant, set_international{"999", turned::on}) == "extension_unknown");
  CHECK(w.reason(w.at_tenant, set_international{"301", turned::on}).empty());
  CHECK(allowed());
  // The same person's line under another number.
  CHECK(w.reason(w.admin, change_extension{.user_id = ann, .extension = "302"}).empty());
  CHECK(allowed());
  // A number that was free is nobody's switch.
  CHECK(w.reason(w.admin, release_extension{"302"}).empty());
  CHECK(w.reason(w.admin, change_extension{.user_id = ann, .extension = "302"}).empty());
  CHECK_FALSE(allowed());
}

TEST_CASE("S4.11 a range of extensions has as many digits at both ends and its first before its last") {
  company w;
  CHECK(w.reason(w.admin, set_extension_range{"300", "200"}) == "range_invalid");
  CHECK(w.reason(w.admin, set_extension_range{"90", "200"}) == "range_invalid");
  CHECK(w.reason(w.admin, set_extension_range{"2a", "30"}) == "first_invalid");
  CHECK(w.reason(w.admin, set_extension_range{"00", "00"}).empty());
  CHECK(w.lowest() == "00");
}

TEST_CASE("numbers and extensions are listed in order, page by page") {
  company w;
  add_dids many;
  for (int n = 0; n < 7; ++n) many.direct_numbers.push_back("+1416555010" + std::to_string(n));
  static_cast<void>(must(w.dir.run(w.at_tenant, many)));
  std::vector<std::string> seen;
  dids part{.use = did_use::unassigned, .limit = 3};
  do {
    const auto page = must(w.dir.ask(w.admin, part));
    for (const auto& row : page.dids) seen.push_back(row.direct_number);
    part.after = page.next;
  } while (part.after);
  CHECK(seen == many.direct_numbers);
}

TEST_CASE("S4.12 each joined user has a video bridge of ten digits that nobody else has") {
  company w;
  std::set<std::string> seen;
  for (int n = 0; n < 50; ++n) {
    const auto id = w.adopt("P", std::to_string(n), "p" + std::to_string(n) + "@acme.example");
    const auto bridge = w.details(id).bridge_id;
    REQUIRE(bridge);
    CHECK(bridge->size() == 10);
    CHECK(seen.insert(*bridge).second);
  }
  CHECK_FALSE(w.details(w.invite("Ina", "I", "ina@acme.example")).bridge_id);
}
