#include <linecard/rules/packaging.hpp>

#include "kit.hpp"

using namespace kit;

ON_EVERY_STORE("I5 lowering a pool below its use is refused under block, and the refusal counts the seats") {
  world w;
  REQUIRE(w.dir.run(w.admin, assign_package{w.adopt("A", "A", "a@acme.example"), w.basic}));
  w.invite("B", "B", "b@acme.example", w.basic);
  const auto no = refused_with(w.dir.run(w.at_tenant, set_seat_pool{w.basic, 1}));
  CHECK(no.reason == "below_use");
  CHECK(no.path == "/purchased");
  CHECK(no.message.find("2 seats") != std::string::npos);
  CHECK(w.dir.run(w.at_tenant, set_seat_pool{w.basic, 2}));
}

TEST_CASE("a retired or withdrawn package stays with those who hold it") {
  world w;
  const auto id = w.adopt("A", "A", "a@acme.example");
  REQUIRE(w.dir.run(w.admin, assign_package{id, w.plus}));
  REQUIRE(w.dir.run(w.at_tenant, withdraw_package{w.plus}));
  REQUIRE(w.dir.run(w.operator_, retire_package{w.plus}));
  CHECK(w.details(id).package == "Plus");
  CHECK(refused_with(w.dir.run(w.at_tenant, offer_package{w.plus})).reason == "package_retired");
}

TEST_CASE("B11 packages carry no more features together than a call can be answered about") {
  world w;
  const auto with_features = [](std::string name, int from, int count) {
    define_package made{.name = std::move(name), .kind = package_kind::add_on, .currency = "USD"};
    for (int n = from; n < from + count; ++n) made.features.push_back({"f" + std::to_string(n), "1"});
    return made;
  };
  REQUIRE(w.dir.run(w.operator_, with_features("Most", 0, 200)));
  int all = 200;
  while (w.dir.run(w.operator_, with_features("One with " + std::to_string(all), all, 1))) ++all;
  CHECK(all < static_cast<int>(most_features));
  CHECK(all > 240); // the rest are the world's own
  const auto no = refused_with(w.dir.run(w.operator_, with_features("One more", all, 1)));
  CHECK(no.reason == "too_many_features");
  CHECK(no.path == "/features");
  CHECK(w.dir.run(w.operator_, with_features("The same", 0, 200))); // nothing new
}

TEST_CASE("a package has a name of its own and each feature and service once") {
  world w;
  CHECK(refused_with(w.dir.run(w.operator_, define_package{.name = "Basic", .currency = "EUR"})).reason ==
        "name_taken");
  const auto twice = refused_with(
      w.dir.run(w.operator_, define_package{.name = "X", .currency = "EUR", .features = {{"a.b", "1"}, {"a.b", "2"}}}));
  CHECK(twice.reason == "feature_repeated");
  CHECK(twice.path == "/features/1/feature");
  CHECK(refused_with(w.dir.run(w.operator_, define_package{.name = "X", .currency = "EUR", .services = {"fax", "fax"}}))
            .path == "/services/1");
  CHECK(
      refused_with(w.dir.run(w.operator_, define_package{.name = "X", .price_minor = -1, .currency = "EUR"})).reason ==
      "price_minor_invalid");
  CHECK(refused_with(w.dir.run(w.operator_, define_package{.name = "X", .currency = "euro"})).reason ==
        "currency_invalid");
}

TEST_CASE("set_seat_pool and offers are the operator's, not the administrator's") {
  world w;
  CHECK(refused_with(w.dir.run(w.admin, set_seat_pool{w.basic, 1000})).code == status::denied);
  CHECK(refused_with(w.dir.run(w.admin, offer_package{w.basic})).code == status::denied);
  CHECK(refused_with(w.dir.run(w.admin, enable_service{"video"})).code == status::denied);
}
