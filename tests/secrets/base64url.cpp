// The three spellings of base64 that leave the library.
#include "secrets/base64url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace linecard;

TEST_CASE("base64 is written as RFC 4648, section 10 has it, with padding and without") {
  const std::pair<std::string, std::string> vectors[]{{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [raw, text] : vectors) {
    const auto bare = text.substr(0, text.find('='));
    const bool padded_as_told = base64(raw) == text;
    CHECK(padded_as_told);
    const bool bare_as_told = base64_unpadded(raw) == bare && base64url(raw) == bare;
    CHECK(bare_as_told);
  }
}

TEST_CASE("what may stand in a link and what may not differ in two digits, and only one spelling is read back") {
  const std::string raw = "\xfb\xef\xff";
  CHECK(base64(raw) == "++//");
  CHECK(base64_unpadded(raw) == "++//");
  CHECK(base64url(raw) == "--__");
  std::string read;
  CHECK(from_base64url("--__", read));
  CHECK(read == raw);
  for (const auto* other : {"++//", "Zg==", "Zh", "--_", " --__"}) CHECK_FALSE(from_base64url(other, read));
}
