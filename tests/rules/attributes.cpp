// Fields of the host's own: declared, typed, searched where declared so.
#include <linecard/rules/attributes.hpp>

#include "kit.hpp"

#include <linecard/json.hpp>

using namespace kit;

namespace {

struct fielded : world {
  using world::world;
  id_of<user> ann = adopt("Ann", "Able", "ann@acme.example");

  template <class C> std::string reason(const actor& as, const C& c) {
    const auto before = digest();
    const auto done = dir.run(as, c);
    if (!done) CHECK(digest() == before); // bad input changes no state
    return done ? "" : done.error().reason;
  }
  void declare(attribute_owner owner, std::string name, attribute_type type, bool searched = false) {
    static_cast<void>(must(dir.run(
        operator_, declare_attribute{.owner = owner, .name = std::move(name), .type = type, .searched = searched})));
  }
  std::string set(std::string name, std::optional<std::string> content) {
    return reason(admin, set_user_attributes{ann, {{std::move(name), std::move(content)}}});
  }
};

} // namespace

ON_EVERY_STORE("B15 a declared field holds values of its type on user, number and tenant, and no others") {
  fielded w;
  w.declare(attribute_owner::user, "cost-centre", attribute_type::integer);
  w.declare(attribute_owner::user, "remote", attribute_type::boolean);
  w.declare(attribute_owner::user, "hired", attribute_type::date);
  w.declare(attribute_owner::did, "carrier", attribute_type::text);
  w.declare(attribute_owner::tenant, "segment", attribute_type::text);
  CHECK(w.set("cost-centre", "4711").empty());
  CHECK(w.set("remote", "true").empty());
  CHECK(w.set("hired", "2024-02-29").empty());
  for (const auto& given :
       std::initializer_list<std::pair<const char*, const char*>>{{"cost-centre", "47.11"},
                                                                  {"cost-centre", "04711"},
                                                                  {"cost-centre", "9223372036854775808"},
                                                                  {"remote", "yes"},
                                                                  {"hired", "2023-02-29"},
                                                                  {"hired", "29.2.2024"}}) {
    CAPTURE(given.second);
    CHECK(w.set(given.first, given.second) == "content_invalid");
  }
  CHECK(w.set("shoe-size", "43") == "attribute_unknown");
  CHECK(w.set("carrier", "x") == "attribute_unknown"); // a number's, not a user's
  const auto held = must(w.dir.ask(w.admin, attribute_values{.user_id = w.ann})).entries;
  REQUIRE(held.size() == 3);
  CHECK(held[0].name == "cost-centre");
  CHECK(held[0].content == "4711");
  const set_user_attributes twice{w.ann, {{"remote", "true"}, {"remote", "false"}}};
  CHECK(w.reason(w.admin, twice) == "name_repeated");
  CHECK(w.details(w.ann).attributes.size() == 3);
  CHECK(w.set("cost-centre", std::nullopt).empty());
  CHECK(must(w.dir.ask(w.admin, attribute_values{.user_id = w.ann})).entries.size() == 2);

  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550101"}})));
  CHECK(w.reason(w.admin, set_did_attributes{"+14165550101", {{"carrier", "Bell"}}}).empty());
  CHECK(w.reason(w.admin, set_did_attributes{"+14165550102", {{"carrier", "Bell"}}}) == "did_unknown");
  CHECK(w.reason(w.admin, set_tenant_attributes{{{"segment", "gold"}}}).empty());
  CHECK(must(w.dir.ask(w.admin, attribute_values{})).entries.at(0).content == "gold");
  CHECK(must(w.dir.ask(w.other_admin, attribute_values{})).entries.empty());
  CHECK(refused_with(w.dir.ask(w.other_admin, attribute_values{.user_id = w.ann})).reason == "user_unknown");
  // With the number its values are gone.
  static_cast<void>(must(w.dir.run(w.at_tenant, remove_dids{{"+14165550101"}})));
  static_cast<void>(must(w.dir.run(w.at_tenant, add_dids{{"+14165550101"}})));
  CHECK(must(w.dir.ask(w.admin, attribute_values{.direct_number = "+14165550101"})).entries.empty());
}

ON_EVERY_STORE("B15 users are found by a field that is declared searched, ignoring case, and by no other") {
  fielded w;
  w.declare(attribute_owner::user, "desk", attribute_type::text, true);
  w.declare(attribute_owner::user, "badge", attribute_type::text);
  CHECK(w.set("desk", "Nordflügel 12").empty());
  CHECK(w.set("badge", "Zebra").empty());
  const auto found = [&](const actor& as, std::string what) {
    return must(w.dir.ask(as, users{.search = std::move(what)})).users.size();
  };
  CHECK(found(w.admin, "NORDFLUGEL") == 1);
  CHECK(found(w.admin, "zebra") == 0);
  CHECK(found(w.admin, "able") == 1);
  CHECK(found(w.other_admin, "nordflugel") == 0);
  w.declare(attribute_owner::user, "badge", attribute_type::text, true);
  CHECK(found(w.admin, "zebra") == 1);
}

TEST_CASE("B15 a field keeps its type, and is in receipt and audit") {
  fielded w;
  w.declare(attribute_owner::user, "desk", attribute_type::text);
  CHECK(w.reason(w.operator_,
                 declare_attribute{.owner = attribute_owner::user, .name = "desk", .type = attribute_type::integer}) ==
        "type_fixed");
  CHECK(w.reason(w.operator_,
                 declare_attribute{
                     .owner = attribute_owner::did, .name = "rack", .type = attribute_type::text, .searched = true}) ==
        "search_of_users");
  CHECK(
      w.reason(w.admin, declare_attribute{.owner = attribute_owner::user, .name = "x", .type = attribute_type::text}) ==
      "wrong_scope");
  const auto done = must(w.dir.run(w.admin, set_user_attributes{w.ann, {{"desk", "N12"}}}));
  REQUIRE(done.changes.size() == 1);
  CHECK(done.changes[0].record == "attribute_values");
  const auto entry = must(w.dir.ask(w.admin, audit{.limit = 1})).entries.at(0);
  CHECK(entry.command == "set_user_attributes");
  REQUIRE(entry.personal.size() == 1);
  CHECK(entry.personal[0].text == "N12");
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
}
