#include <linecard/rules/importing.hpp>

#include "kit.hpp"

#include <fstream>
#include <iterator>
#include <map>

using namespace kit;

namespace {

std::string example_file(const std::string& name) {
  std::ifstream in(std::string(LINECARD_EXAMPLE_DATA) + "/" + name, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char* head = "email,first_name,last_name,package,extension\n";

} // namespace

TEST_CASE("B10 the dry run of a real export names line and column of every bad row, and changes nothing") {
  world w(memory_store(), 400);
  const auto pro = w.package_named("Pro", package_kind::base, 3000, {});
  REQUIRE(w.dir.run(w.at_tenant, offer_package{pro}));
  REQUIRE(w.dir.run(w.at_tenant, set_seat_pool{pro, 100}));
  const auto csv = example_file("acme_users.csv");
  const auto before = w.digest();
  const auto dry = must(w.dir.ask(w.admin, check_import{csv}));
  CHECK(w.digest() == before);
  CHECK(dry.profile == import_profile::plain);
  CHECK(dry.accepted == 253);
  CHECK(dry.refused == 10);
  std::map<int, std::string> bad; // as examples/data/README.md lists them
  for (const auto& v : dry.verdicts)
    if (!v.accepted) bad[v.line] = v.column + " " + v.reason;
  const std::map<int, std::string> expected{
      {30, "extension extension_taken"},      {42, "email email_invalid"},      {118, "email email_invalid"},
      {142, "first_name first_name_missing"}, {153, "package package_unknown"}, {173, "email already_a_user"},
      {200, "package package_unknown"},       {211, "email already_a_user"},    {223, "last_name last_name_missing"},
      {251, "email already_a_user"}};
  CHECK(bad == expected);

  const auto no = refused_with(w.dir.run(w.admin, import_users{.csv = csv}));
  CHECK(no.reason == "row_refused");
  CHECK(no.message.find("line 30") != std::string::npos);
  CHECK(w.digest() == before);

  const auto done = must(w.dir.run(w.admin, import_users{.csv = csv, .policy = import_policy::good_rows}));
  CHECK(done.created.size() == 253);
  CHECK(must(w.dir.ask(w.admin, find_user{.external_ref = "AC-10042"})).state == user_state::active);
}

TEST_CASE("B10 a 3CX export is recognised by its header, and its other columns are ignored aloud") {
  world w;
  const auto dry = must(w.dir.ask(w.admin, check_import{example_file("acme_3cx.csv")}));
  CHECK(dry.profile == import_profile::threecx);
  CHECK(dry.refused == 3); // lines without an address
  CHECK(dry.ignored_columns.size() == 4);
  for (const auto& v : dry.verdicts)
    if (!v.accepted) CHECK(v.column == "EmailAddress");
  CHECK(must(w.dir.run(w.admin, import_users{.csv = example_file("acme_3cx.csv"), .policy = import_policy::good_rows}))
            .created.size() == 37);
}

TEST_CASE("B10 BOM, CRLF, quotes and a row that fills the last seat are read as a person would") {
  world w(memory_store(), 1);
  const std::string csv = "\xEF\xBB\xBF"
                          "email,first_name,last_name,package\r\n\"a@acme.example\",\"A, B\",\"C \"\"D\"\"\",Basic\r\n"
                          "b@acme.example,B,B, Basic \r\n";
  const auto dry = must(w.dir.ask(w.admin, check_import{csv}));
  REQUIRE(dry.verdicts.size() == 2);
  CHECK(dry.verdicts[0].accepted);
  CHECK(dry.verdicts[1].reason == "no_seat_left");
  CHECK(dry.verdicts[1].column == "package");
  CHECK(dry.verdicts[1].line == 3);
}

TEST_CASE("B10 a file that fits no profile or is no CSV is refused with the header it should have") {
  world w;
  const auto no = refused_with(w.dir.ask(w.admin, check_import{"a,b\n1,2\n"}));
  CHECK(no.reason == "header_unknown");
  CHECK(no.message.find("EmailAddress") != std::string::npos);
  CHECK(refused_with(w.dir.ask(w.admin, check_import{std::string(head) + "\"open,,,,\n"})).reason == "csv_malformed");
  CHECK(refused_with(w.dir.ask(w.admin, check_import{""})).reason == "csv_missing");
}

TEST_CASE("B10 a refused row under good_rows leaves nothing behind") {
  world w;
  const std::string csv = std::string(head) + "a@acme.example,A,A,Nonsense,300\nb@acme.example,B,B,Basic,300\n";
  const auto done = must(w.dir.run(w.admin, import_users{.csv = csv, .policy = import_policy::good_rows}));
  CHECK(done.created.size() == 1);
  CHECK(must(w.dir.ask(w.admin, find_user{.email = "b@acme.example"})).extensions == std::vector<std::string>{"300"});
  CHECK(w.pool(w.basic).used == 1);
}
