// Text that must not spread.
#include <linecard/json.hpp>
#include <linecard/model/vocabulary.hpp>

#include "kit.hpp"

#include <type_traits>

using namespace kit;

namespace {

struct changing {
  std::string email{};
  secret_text token{};
  std::optional<secret_text> code{};
};
BOOST_DESCRIBE_STRUCT(changing, (), (email, token, code))

} // namespace

TEST_CASE("a secret moves, leaves nothing behind, and cannot be copied or compared") {
  static_assert(!std::is_copy_constructible_v<secret_text> && !std::is_copy_assignable_v<secret_text>);
  static_assert(std::is_nothrow_move_constructible_v<secret_text> && std::is_nothrow_move_assignable_v<secret_text>);
  secret_text first("correct horse"), second;
  second = std::move(first);
  CHECK(second.reveal() == "correct horse");
  CHECK(first.empty()); // NOLINT: what moving leaves is the claim
  const secret_text third(std::move(second));
  CHECK(third.size() == 13);
  CHECK(second.reveal().empty());
}

TEST_CASE("bytes are the same where number and every one of them agree") {
  CHECK(same_bytes("", ""));
  CHECK(same_bytes({"a\0b", 3}, {"a\0b", 3}));
  CHECK_FALSE(same_bytes({"a\0b", 3}, {"a\0c", 3}));
  CHECK_FALSE(same_bytes("abc", "abd"));
  CHECK_FALSE(same_bytes("abc", "ab"));
  CHECK_FALSE(same_bytes("", "a"));
}

TEST_CASE("I21 a secret is read from JSON and written back to no face: it shows as the word secret") {
  changing read;
  REQUIRE_FALSE(read_json(R"({"email":"a@b.example","token":"hunter2","code":"123456"})", type_of<changing>, &read));
  CHECK(read.token.reveal() == "hunter2");
  REQUIRE(read.code);
  CHECK(read.code->reveal() == "123456");
  CHECK(to_json(read) == R"({"email":"a@b.example","token":"secret","code":"secret"})");
  for (const auto& f : fields_of<changing>) CHECK(f.get(&read).bytes().find("hunter2") == std::string_view::npos);
  CHECK(to_json(changing{}) == R"({"email":"","token":"","code":null})");
}

TEST_CASE("I21 a secret that is refused is not in the refusal") {
  changing read;
  read.email = "a@b.example";
  read.token = secret_text("hunter2\xFF");
  auto no = validate(fields_of<changing>, &read);
  REQUIRE(no);
  CHECK(no->path == "/token");
  CHECK(no->reason == "token_invalid");
  CHECK(no->message.find("hunter2") == std::string::npos);
  read.token = {};
  no = validate(fields_of<changing>, &read);
  REQUIRE(no);
  CHECK(no->reason == "token_missing");
}
