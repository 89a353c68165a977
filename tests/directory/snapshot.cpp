#include <linecard/snapshot.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

/// A snapshot made by hand: rows put into a memory store, a rule tried on them, nothing of the directory.
struct by_hand {
  std::unique_ptr<store> rows = memory_store();
  by_hand() { REQUIRE_FALSE(rows->prepare(schema)); }

  template <class T> by_hand& with(const T& row) {
    auto tx = must(rows->begin(access::write));
    std::vector<value> key, values;
    for (const auto c : info_of<T>.key) key.push_back(info_of<T>.columns[c].get(&row));
    for (const auto& column : info_of<T>.columns) values.push_back(column.get(&row));
    const change insert[]{{.what = change::action::insert, .table = &info_of<T>, .key = key, .values = values}};
    std::size_t at = 0;
    REQUIRE_FALSE(tx->apply(insert, at));
    REQUIRE_FALSE(tx->commit());
    return *this;
  }
};

const id_of<tenant> acme{make_id(tag_of<tenant>, 1)}, other{make_id(tag_of<tenant>, 2)};
const id_of<container> pbx{make_id(tag_of<container>, 1)};
const scope in_acme{.platform_id = {make_id(tag_of<platform>, 1)}, .container_id = pbx, .tenant_id = acme};

service enabled(id_of<tenant> where, std::string name) { return {.tenant_id = where, .name = std::move(name)}; }

std::vector<std::string> names(const std::vector<fact<service>>& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows) out.push_back(row->name);
  return out;
}

} // namespace

TEST_CASE("a rule sees its own edits, whichever way it asks") {
  by_hand store;
  store.with(enabled(acme, "b")).with(enabled(acme, "d"));
  auto tx = must(store.rows->begin(access::read));
  snapshot facts(*tx, in_acme);
  changes out(facts);
  const auto b = facts.find<&service::tenant_id, &service::name>(acme, std::string("b"));
  REQUIRE(b);
  out.erase(b);
  CHECK_FALSE(b);
  out.insert(enabled(acme, "c"));
  out.insert(enabled(acme, "a"));
  CHECK(names(facts.list<&service::tenant_id>(acme)) == std::vector<std::string>{"a", "c", "d"});
  CHECK(facts.find<&service::tenant_id, &service::name>(acme, std::string("c")));
  const auto d = facts.find<&service::tenant_id, &service::name>(acme, std::string("d"));
  out.edit(d).enabled_at = instant{5};
  CHECK(facts.find<&service::tenant_id, &service::name>(acme, std::string("d"))->enabled_at == instant{5});
  out.insert(enabled(acme, "b")); // erased and inserted again is one row
  CHECK(names(facts.list_page<&service::tenant_id>(page{.after = {}, .limit = 2, .descending = true}, acme)) ==
        std::vector<std::string>{"d", "c"});
  CHECK(names(facts.list_page<&service::tenant_id>(page{.after = {as_value(acme), text_value("b")}}, acme)) ==
        std::vector<std::string>{"c", "d"});
}

TEST_CASE("I9 a rule in a tenant finds no row of another tenant, by key or by list") {
  by_hand store;
  store.with(enabled(acme, "a"))
      .with(enabled(other, "x"))
      .with(tenant{.id = other, .container_id = pbx, .name = "Other"});
  auto tx = must(store.rows->begin(access::read));
  snapshot facts(*tx, in_acme);
  CHECK_FALSE(facts.find<&service::tenant_id, &service::name>(other, std::string("x")));
  CHECK(facts.list<&service::tenant_id>(other).empty());
  CHECK_FALSE(facts.find<&tenant::id>(other));
}

TEST_CASE("a container sees its tenants and nothing inside them") {
  by_hand store;
  const id_of<container> pbx2{make_id(tag_of<container>, 2)};
  store.with(enabled(acme, "a"))
      .with(tenant{.id = acme, .container_id = pbx, .name = "Acme"})
      .with(tenant{.id = other, .container_id = pbx2, .name = "Other"});
  auto tx = must(store.rows->begin(access::read));
  snapshot facts(*tx, scope{.platform_id = in_acme.platform_id, .container_id = pbx});
  CHECK(facts.find<&tenant::id>(acme));
  CHECK_FALSE(facts.find<&tenant::id>(other));
  CHECK_FALSE(facts.find<&service::tenant_id, &service::name>(acme, std::string("a")));
}

TEST_CASE("the trace knows what was asked, what answered, at which version, and what was not there") {
  const auto trace = [](by_hand& store, std::string_view name, bool list) {
    auto tx = must(store.rows->begin(access::read));
    snapshot facts(*tx, in_acme);
    if (list)
      static_cast<void>(facts.list<&service::tenant_id>(acme));
    else
      static_cast<void>(facts.find<&service::tenant_id, &service::name>(acme, std::string(name)));
    return facts.trace_digest();
  };
  by_hand one, two;
  one.with(enabled(acme, "a"));
  two.with(enabled(acme, "a")).with(enabled(acme, "b"));
  CHECK(trace(one, "a", false) == trace(two, "a", false));
  CHECK(trace(one, "b", false) != trace(two, "b", false)); // absent here, present there
  CHECK(trace(one, "a", false) != trace(one, "b", false));
  CHECK(trace(one, "", true) != trace(two, "", true));
}

TEST_CASE("a row that its description does not allow fails the reading, naming table and column") {
  by_hand store;
  user broken{.id = {make_id(tag_of<user>, 1)}, .tenant_id = acme, .identity_id = {make_id(tag_of<identity>, 1)}};
  auto tx = must(store.rows->begin(access::write));
  const value key[]{as_value(broken.id)};
  std::vector<value> values;
  for (const auto& column : info_of<user>.columns) values.push_back(column.get(&broken));
  values[column_of<&user::state>] = text_value("on holiday");
  const change insert[]{{.what = change::action::insert, .table = &info_of<user>, .key = key, .values = values}};
  std::size_t at = 0;
  REQUIRE_FALSE(tx->apply(insert, at));
  snapshot facts(*tx, in_acme);
  try {
    static_cast<void>(facts.find<&user::id>(broken.id));
    FAIL("it was read");
  } catch (const refused& no) {
    CHECK(no.details.reason == "row_undecodable");
    CHECK(no.details.message.find("users") != std::string::npos);
    CHECK(no.details.message.find("state") != std::string::npos);
    CHECK(no.details.message.find("holiday") == std::string::npos);
  }
}

TEST_CASE("a rule cannot change what it has not found") {
  by_hand store;
  auto tx = must(store.rows->begin(access::read));
  snapshot facts(*tx, in_acme);
  changes out(facts);
  const auto absent = facts.find<&service::tenant_id, &service::name>(acme, std::string("x"));
  CHECK_THROWS_AS(static_cast<void>(out.edit(absent)), refused);
  CHECK_THROWS_AS(out.erase(absent), refused);
  out.insert(enabled(acme, "x"));
  CHECK_THROWS_AS(out.insert(enabled(acme, "x")), refused);
}
