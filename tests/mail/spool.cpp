// The spool: one file a letter, whole or absent, its owner's alone.
#include <linecard/mail/spool.hpp>

#include "stores/sqlite_kit.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>

using namespace linecard;

namespace {

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.insert(entry.path().filename());
  return out;
}

} // namespace

TEST_CASE("I28 a spooled letter is one file of mode 0600, replaced whole by a second delivery") {
  const contract::folder where;
  const auto folder = where.file("spool");
  std::filesystem::create_directory(folder);
  const auto spool = spool_mailer({folder}).value();
  CHECK(spool->send({.message_id = "message_1", .attempt = 1, .source = "one\r\n"}).outcome == mail_outcome::delivered);
  CHECK(spool->send({.message_id = "message_1", .attempt = 2, .source = "two\r\n"}).outcome == mail_outcome::delivered);
  CHECK(spool->send({.message_id = "message_2", .attempt = 1, .source = "x"}).outcome == mail_outcome::delivered);
  CHECK(names_in(folder) == std::set<std::string>{"message_1.eml", "message_2.eml"});
  CHECK(content(folder + "/message_1.eml") == "two\r\n");
  struct stat about {};
  REQUIRE(::stat((folder + "/message_1.eml").c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0600);
}

TEST_CASE("a spool whose folder goes away answers temporary, and leaves nothing half-written") {
  const contract::folder where;
  const auto folder = where.file("spool");
  std::filesystem::create_directory(folder);
  const auto spool = spool_mailer({folder}).value();
  std::filesystem::remove(folder);
  const auto answer = spool->send({.message_id = "message_1", .attempt = 1, .source = "one"});
  CHECK(answer.outcome == mail_outcome::temporary);
  CHECK(answer.reason == "spool_failed");
  std::filesystem::create_directory(folder);
  std::filesystem::create_directory(folder + "/message_1.eml"); // where the letter should come to lie
  const auto again = spool_mailer({folder}).value();
  CHECK(again->send({.message_id = "message_1", .attempt = 1, .source = "one"}).outcome == mail_outcome::temporary);
  CHECK(names_in(folder) == std::set<std::string>{"message_1.eml"});
}

TEST_CASE("a spool that is no folder is refused when it is opened") {
  const contract::folder where;
  std::ofstream(where.file("plain")) << "x";
  for (const auto& bad :
       {std::string{}, where.file("plain"), where.file("none"), where.file("a") + std::string("\0b", 2)}) {
    const auto no = spool_mailer({bad});
    REQUIRE(no.has_error());
    CHECK(no.error().reason == "spool_invalid");
    CHECK(no.error().path == "/spool");
  }
}
