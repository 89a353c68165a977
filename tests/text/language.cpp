#include <linecard/text/language.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace linecard::text;

TEST_CASE("a language tag has language, script, region, variants, extensions and private use, in that order") {
  for (const char* good :
       {"en", "fr-CA", "zh-Hant-TW", "es-419", "haw", "sr-Latn-RS", "sl-rozaj-biske", "de-CH-1901", "de-1996-x-a",
        "zh-cmn-Hans-CN", "zh-min-nan", "en-US-u-hc-h23", "en-a-bbb-x-a-ccc", "ar-a-aaa-b-bbb", "abcd", "abcdefgh",
        "az-Arab-x-AZE-derbend", "de-a-1996-b-1996", "qaa-Qaaa-QM-x-southern"}) {
    CAPTURE(good);
    CHECK(language_flaw(good).empty());
  }
}

TEST_CASE("a language tag out of order, doubled, cut or empty is refused") {
  for (const char* bad : {"",
                          "e",
                          "-",
                          "en-",
                          "-en",
                          "en--CA",
                          "en_CA",
                          "english9",
                          "abcdefghi",
                          "fr-CA-Latn",
                          "fr-CA-FR",
                          "de-1901-1901",
                          "de-rozaj-ROZAJ",
                          "en-a",
                          "en-a-x-b",
                          "en-x",
                          "en-a-bb-a-cc",
                          "en-a-bb-A-cc",
                          "x-house",
                          "i-klingon",
                          "en CA",
                          "en-CA ",
                          "français",
                          "e9",
                          "419",
                          "en-12",
                          "a-DE",
                          "en-x-",
                          "abcd-efg",
                          "en-Latn-Cyrl",
                          "en-aaa-bbb-ccc-ddd"}) {
    CAPTURE(bad);
    CHECK_FALSE(language_flaw(bad).empty());
  }
}

TEST_CASE("a language tag has at most 35 characters") {
  const std::string longest = "en-x-12345678-12345678-12345678-123";
  REQUIRE(longest.size() == 35);
  CHECK(language_flaw(longest).empty());
  CHECK_FALSE(language_flaw(longest + "4").empty());
  CHECK(language_flaw("en-x-1-2-3-4-5-6-7-8-9-0-1-2-3-4-5").empty());
}

TEST_CASE("language_key gives the customary case") {
  CHECK(language_key("FR-ca") == "fr-CA");
  CHECK(language_key("zh-hant-tw") == "zh-Hant-TW");
  CHECK(language_key("SR-LATN-rs") == "sr-Latn-RS");
  CHECK(language_key("ES-419") == "es-419");
  CHECK(language_key("DE-ch-1996") == "de-CH-1996");
  CHECK(language_key("ABCD") == "abcd");
}

TEST_CASE("language_key leaves all after a singleton in lower case") {
  CHECK(language_key("en-ca-X-CA") == "en-CA-x-ca");
  CHECK(language_key("EN-U-NU-LATN") == "en-u-nu-latn");
}

TEST_CASE("language_key is idempotent") {
  for (const char* tag : {"EN", "zh-HANT-tw", "en-ca-x-ca", "AZ-latn-x-LATN", "sl-ROZAJ"}) {
    CAPTURE(tag);
    CHECK(language_key(language_key(tag)) == language_key(tag));
  }
}
