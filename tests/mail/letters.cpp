// The letters themselves: every one in every language, what a host puts in their place, and what it may not.
#include "mail/letters.hpp"

#include <linecard/model/message.hpp>
#include <linecard/text/utf8.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace linecard;
using namespace linecard::mail;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

letter_template own_words(std::string language = "fr") {
  return {.letter = "welcome", .language = std::move(language), .subject = "S {{first_name}}", .text = "T {{link}}"};
}

std::string flaw(const mail_options& with) {
  const auto no = flaw_of(with);
  return no ? no->reason + " " + no->path : "";
}

} // namespace

TEST_CASE("every letter is there in English, French, German and Spanish, renders, and says what its kind demands") {
  constexpr letter_fields fields{.first_name = "Ann",
                                 .last_name = "Moreau",
                                 .tenant = "Acme",
                                 .link = "https://pbx.example/setup#token",
                                 .code = "123456",
                                 .expires = "2026-11-22 03:21 UTC"};
  for (const auto kind : detail::words_of<letter>)
    for (const std::string language : {"en", "fr", "de", "es"}) {
      CAPTURE(kind);
      CAPTURE(language);
      const auto words = words_for(kind, language, {});
      REQUIRE(words.language == language);
      CHECK(template_flaw(words.subject) == "");
      CHECK(template_flaw(words.text) == "");
      const auto full = render(kind, language, fields, {});
      const bool links = kind != "password_changed" && kind != "backup_address_changed" && kind != "sign_in_code";
      CHECK(has(full.text, fields.link) == links);
      CHECK(has(full.html, "<a href=\"https://pbx.example/setup#token\">") == links);
      CHECK(has(full.text, fields.code) == (kind == "sign_in_code"));
      CHECK(has(full.html, fields.code) == (kind == "sign_in_code"));
      CHECK(has(full.text, fields.expires) == (links || kind == "sign_in_code"));
      CHECK(text::line_flaw(full.subject, 100) == "");
      CHECK_FALSE(has(full.subject, "token"));
      const letter_fields bare{.tenant = kind == "delegate_invitation" ? "Acme" : "", .link = "L", .code = "C"};
      for (const auto& some : {full, render(kind, language, bare, {})}) {
        CHECK_FALSE(has(some.text, "{{"));
        CHECK_FALSE(has(some.html, "{{"));
        CHECK_FALSE(has(some.text, "\n\n\n"));
        CHECK_FALSE(has(some.text, " ,"));
        CHECK_FALSE(has(some.subject, "  "));
      }
    }
}

TEST_CASE(
    "letters are set as their language has it: typographic quotes, and a no-break space before a French colon only") {
  for (const auto kind : detail::words_of<letter>) {
    CAPTURE(kind);
    const auto text = [&](std::string_view language) { return words_for(kind, language, {}).text; };
    for (const auto* language : {"en", "fr", "de", "es"})
      for (const auto* typed : {"'", "\"", "...", " -", "\t", " \n"}) CHECK_FALSE(has(text(language), typed));
    const auto french = text("fr");
    for (auto at = french.find(':'); at != french.npos; at = french.find(':', at + 1))
      CHECK(french.substr(at - 2, 2) == "\u00a0");
    for (const auto* language : {"en", "de", "es"}) CHECK_FALSE(has(text(language), "\u00a0"));
  }
}

TEST_CASE("a language without letters falls back to the wider one, then to English (RFC 4647)") {
  const auto language = [](std::string_view asked) { return words_for("welcome", asked, {}).language; };
  CHECK(language("fr-CA") == "fr");
  CHECK(language("fr-Latn-CA-x-home") == "fr");
  CHECK(language("en-GB") == "en");
  CHECK(language("de-AT") == "de");
  CHECK(language("de-Latn-CH-1996") == "de");
  CHECK(language("es-419") == "es");
  CHECK(language("nds") == "en"); // Low German is a language of its own
  CHECK(language("it-CH") == "en");
  CHECK(language("tlh") == "en");
  CHECK(language("zh-Hant-TW") == "en");
  CHECK(language("") == "en");
}

TEST_CASE("a host replaces letters one by one, and may add languages; the narrowest tag wins") {
  const std::vector<letter_template> of_host{own_words(), own_words("fr-CA"), own_words("ES-mx")};
  const auto words = [&](std::string_view kind, std::string_view asked) { return words_for(kind, asked, of_host); };
  CHECK(words("welcome", "fr").subject == "S {{first_name}}");
  CHECK(words("welcome", "fr-BE").language == "fr");
  CHECK(words("welcome", "fr-CA").language == "fr-CA");
  CHECK(words("welcome", "es-MX").subject == "S {{first_name}}");
  CHECK(words("welcome", "es-AR").subject == spanish_letters()[0].subject);
  CHECK(words("password_reset", "fr").subject == french_letters()[3].subject);
  auto own_html = own_words("de");
  own_html.html = "<b>{{first_name}}</b>";
  const std::vector<letter_template> one{own_html};
  CHECK(render("welcome", "de", {.first_name = "<A>"}, one).html == "<b>&lt;A&gt;</b>");
  CHECK(has(render("welcome", "fr", {.link = "https://x/#a&b"}, of_host).html, "T https://x/#a&amp;b"));
}

TEST_CASE("I28 what a host opens with is judged then: link base, sender, every template, each named") {
  const auto with_base = [](std::string base) { return flaw({.link_base = std::move(base)}); };
  for (const auto* good : {"https://pbx.example/", "https://pbx.example/setup#", "https://pbx.example:8443/a?token="})
    CHECK(with_base(good) == "");
  for (const auto* bad : {"http://pbx.example/", "https://pbx.example", "https://pbx.example/setup", "https:///x/",
                          "https://a@b.example/", "https://pbx.example/ /", "https://pbx.example/\r\n/",
                          "javascript:alert(1)/", "https://:80/", "https://p\u00e9.example/"})
    CHECK_MESSAGE(with_base(bad) == "link_base_invalid /link_base", bad);
  CHECK(flaw({.sender = "not an address"}) == "sender_invalid /sender");
  CHECK(flaw({.sender = "a@b.example", .sender_name = "A\r\nBcc: x@y.example"}) == "sender_name_invalid /sender_name");
  CHECK(flaw({.templates = {own_words()}}) == "");
  const auto with = [](auto change) {
    auto t = own_words();
    change(t);
    return flaw({.templates = {own_words(), t}});
  };
  CHECK(with([](auto& t) { t.letter = "wellcome"; }) == "template_invalid /templates/1/letter");
  CHECK(with([](auto& t) { t.language = "french!"; }) == "template_invalid /templates/1/language");
  CHECK(with([](auto& t) { t.subject = ""; }) == "template_invalid /templates/1/subject");
  CHECK(with([](auto& t) { t.subject = "a\nb"; }) == "template_invalid /templates/1/subject");
  CHECK(with([](auto& t) { t.text = ""; }) == "template_invalid /templates/1/text");
  CHECK(with([](auto& t) { t.text = "{{password}}"; }) == "template_invalid /templates/1/text");
  CHECK(with([](auto& t) { t.html = "{{#link}}"; }) == "template_invalid /templates/1/html");
  CHECK(with([](auto& t) { t.html = "\xFF"; }) == "template_invalid /templates/1/html");
}
