// Where libcurl was not found, the SMTP mailer says so.
#include <linecard/mail/smtp.hpp>

#include <doctest/doctest.h>

TEST_CASE("SMTP: built without libcurl the mailer refuses, and says why") {
  const auto none = linecard::smtp_mailer({.url = "smtp://mail.example:587"});
  REQUIRE(none.has_error());
  CHECK(none.error().code == linecard::status::store);
  CHECK(none.error().reason == "not_built");
}
