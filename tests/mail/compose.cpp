// RFC 5322 messages: headers that hold whatever a name is, bodies that come back as they were.
#include "mail/compose.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace linecard;
using namespace linecard::mail;

namespace {

std::string unquoted(std::string_view qp) {
  std::string out;
  for (std::size_t at = 0; at < qp.size(); ++at) {
    if (qp[at] == '\r') continue;
    if (qp[at] != '=') {
      out += qp[at];
    } else if (qp.substr(at, 3) == "=\r\n") {
      at += 2;
    } else {
      out += static_cast<char>(std::stoi(std::string(qp.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  wiped_string out;
  append_quoted_printable(out, text);
  return std::string(out);
}

void check_lines(std::string_view message, std::size_t longest) {
  std::size_t at = 0;
  while (at < message.size()) {
    const auto end = message.find("\r\n", at);
    REQUIRE(end != std::string_view::npos);
    const auto line = message.substr(at, end - at);
    CHECK(line.size() <= longest);
    CHECK(std::ranges::all_of(line, [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7F); }));
    at = end + 2;
  }
}

outgoing_mail sample() {
  return {.message_id = "message_0abc",
          .letter = "welcome",
          .language = "fr",
          .sender = "phones@pbx.example",
          .sender_name = "Example PBX",
          .address = "zoe@acme.example",
          .first_name = "Zo\u00e9",
          .last_name = "Martin",
          .subject =
              "Activez votre compte chez Soci\u00e9t\u00e9 G\u00e9n\u00e9rale des T\u00e9l\u00e9phones de Qu\u00e9bec",
          .text = "Bonjour Zo\u00e9\n",
          .html = "<p>Bonjour Zo\u00e9</p>\n"};
}

} // namespace

TEST_CASE("RFC 5322 dates are written in UTC, day of the week included") {
  CHECK(mail_date({0}) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(mail_date({1'795'317'696'000}) == "Sun, 22 Nov 2026 03:21:36 +0000");
  CHECK(mail_date({-1}) == "Wed, 31 Dec 1969 23:59:59 +0000");
  CHECK(mail_date({951'782'400'000}) == "Tue, 29 Feb 2000 00:00:00 +0000");
}

TEST_CASE("quoted-printable: lines of 76 at most, nothing lost, blanks at the end of a line kept") {
  CHECK(quoted("a=b\nc \n\td\t") == "a=3Db\r\nc=20\r\n\td=09");
  CHECK(quoted("\u00e9") == "=C3=A9");
  std::mt19937 chance(2026);
  constexpr std::string_view some = "ab =\t\n.\xC3\xA9-From ";
  for (int n = 0; n < 200; ++n) {
    std::string text;
    for (auto left = chance() % 400; left > 0; --left) text += some[chance() % some.size()];
    text += '\n';
    const auto written = quoted(text);
    check_lines(written, 76);
    CHECK(unquoted(written) == text);
    CHECK(written.find(" \r\n") == std::string::npos);
  }
}

TEST_CASE("I28 a subject or a name becomes encoded words where it is not plain, and never a second header") {
  CHECK(header_text("Your sign-in code") == "Your sign-in code");
  CHECK(header_text("\u00c9t\u00e9") == "=?UTF-8?B?w4l0w6k=?=");
  CHECK(
      header_text("a =?UTF-8?B?eA==?=").starts_with("=?UTF-8?B?")); // one word of ours, which shows the other as it is
  CHECK(header_text("A\r\nBcc: x@y.example") == "A  Bcc: x@y.example");
  CHECK(header_text("A\xE2\x80\xAE"
                    "B\xE2\x80\xA8"
                    "C") == "AB C");
  CHECK(display_name("Ann \"Q\" O\\Neil") == "\"Ann \\\"Q\\\" O\\\\Neil\"");
  CHECK(display_name("Ann <x@y.example>,") == "\"Ann <x@y.example>,\"");
  CHECK(display_name("") == "");
  std::string long_name;
  for (int n = 0; n < 60; ++n) long_name += "\u00e9\u6f22";
  const auto words = header_text(long_name);
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find("\r\n ", at), words.size());
    CHECK(end - at <= 75);
    at = end + 3;
  }
}

TEST_CASE("a letter is multipart/alternative, seven bits, short lines, one Message-ID for all its attempts") {
  const auto first = sample();
  auto second = sample();
  second.attempt = 7;
  const auto source = compose(first, {1'795'317'696'000});
  check_lines(source, 78);
  const std::string_view all = source;
  const auto head = all.substr(0, all.find("\r\n\r\n") + 2);
  for (const auto* line :
       {"Date: Sun, 22 Nov 2026 03:21:36 +0000\r\n", "From: \"Example PBX\"\r\n <phones@pbx.example>\r\n",
        "Message-ID: <message_0abc@pbx.example>\r\n", "MIME-Version: 1.0\r\n", "Auto-Submitted: auto-generated\r\n",
        "Content-Language: fr\r\n", "To: =?UTF-8?B?Wm/DqSBNYXJ0aW4=?=\r\n <zoe@acme.example>\r\n"})
    CHECK_MESSAGE(head.find(line) != std::string_view::npos, line);
  CHECK(all.find("\r\n--=_message_0abc\r\nContent-Type: text/plain; charset=utf-8\r\n") != std::string_view::npos);
  CHECK(all.find("\r\n--=_message_0abc\r\nContent-Type: text/html; charset=utf-8\r\n") != std::string_view::npos);
  CHECK(all.ends_with("\r\n--=_message_0abc--\r\n"));
  CHECK(compose(second, {1'795'317'696'000}) == source);
}
