#include <linecard/text/email.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace linecard::text;

TEST_CASE("an email address is a dot-atom at a domain of two labels or more") {
  for (const char* good : {"ann@example.com", "Ann.Lee+pbx@Mail.Example.co.uk", "o'neill@example.ie", "a@b.cd",
                           "!#$%&'*+-/=?^_`{|}~@example.com", "x@1.example", "ann@xn--bcher-kva.example",
                           "ann@example.xn--p1ai", "1@3com.com", "ann@a--b.example"}) {
    CAPTURE(good);
    CHECK(email_flaw(good).empty());
  }
}

TEST_CASE("an email address has exactly one at sign with something on either side") {
  for (const char* bad : {"", "ann", "@", "@example.com", "ann@", "ann@@example.com", "ann@example.com@example.com"}) {
    CAPTURE(bad);
    CHECK_FALSE(email_flaw(bad).empty());
  }
}

TEST_CASE("an email address holds no quotes, comments, spaces, control characters or address literals") {
  for (const char* bad :
       {"\"ann\"@example.com", "ann(lee)@example.com", "ann lee@example.com", " ann@example.com", "ann@example.com ",
        "ann@example.com\n", "a\tn@example.com", "Ann <ann@example.com>", "ann@[192.0.2.1]", "ann@192.0.2.1",
        "a,b@example.com", "ann@exa_mple.com", "a\x7F@example.com", "ann\r\nBcc:x@example.com"}) {
    CAPTURE(bad);
    CHECK_FALSE(email_flaw(bad).empty());
  }
  CHECK_FALSE(email_flaw(std::string_view{"ann\0@example.com", 16}).empty());
}

TEST_CASE("an email address has no empty part between dots") {
  for (const char* bad : {".ann@example.com", "ann.@example.com", "a..n@example.com", "ann@.example.com",
                          "ann@example.com.", "ann@example..com", "ann@."}) {
    CAPTURE(bad);
    CHECK_FALSE(email_flaw(bad).empty());
  }
}

TEST_CASE("an email domain's labels neither begin nor end with a hyphen, and the last is no number") {
  for (const char* bad :
       {"ann@-example.com", "ann@example-.com", "ann@example.com-", "ann@example", "ann@example.123", "ann@xn--.com"}) {
    CAPTURE(bad);
    CHECK_FALSE(email_flaw(bad).empty());
  }
}

TEST_CASE("email lengths: 64 before the at sign, 63 a label, 254 in all") {
  const std::string domain = "@example.com";
  CHECK(email_flaw(std::string(64, 'a') + domain).empty());
  CHECK_FALSE(email_flaw(std::string(65, 'a') + domain).empty());
  CHECK(email_flaw("a@" + std::string(63, 'b') + ".com").empty());
  CHECK_FALSE(email_flaw("a@" + std::string(64, 'b') + ".com").empty());

  std::string label(60, 'c'), longest(64, 'a');
  label.front() = '.';
  for (const auto& part : {std::string("@bbbbbb"), label, label, label, std::string(".co")}) longest += part;
  REQUIRE(longest.size() == 254);
  CHECK(email_flaw(longest).empty());
  CHECK_FALSE(email_flaw(longest + "m").empty());
}

TEST_CASE("an email address outside ASCII is refused with a hint at the xn-- form") {
  for (const char* bad : {"ann@bücher.example", "zoë@example.com", "ann＠example.com", "\u212Aate@example.com"}) {
    CAPTURE(bad);
    CHECK(email_flaw(bad).find("xn--") != std::string_view::npos);
  }
}

TEST_CASE("email_key lower-cases the whole address, keeps plus and dots, and is idempotent") {
  CHECK(email_key("Ann.Lee+PBX@Example.COM") == "ann.lee+pbx@example.com");
  CHECK(email_key("I@EXAMPLE.COM") == "i@example.com");
  std::string every = "@.com";
  for (char c = '!'; c < 0x7F; ++c) every.insert(every.begin(), c);
  CHECK(email_key(email_key(every)) == email_key(every));
}
