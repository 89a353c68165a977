#include <linecard/text/utf8.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace linecard::text;

TEST_CASE("utf8 takes every Unicode scalar value but NUL, and gives it back") {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    std::string text;
    append_utf8(text, c);
    const decoded found = decode_first(text);
    if (found.code_point != c || found.length != text.size()) FAIL("U+", static_cast<unsigned>(c));
  }
}

TEST_CASE("utf8 refuses overlong forms, surrogates and code points beyond U+10FFFF") {
  for (const char* bad : {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xFE"}) {
    CAPTURE(bad);
    CHECK_FALSE(valid_utf8(bad));
  }
}

TEST_CASE("utf8 refuses a sequence cut short or begun in its middle") {
  const std::string whole = "a\xF0\x9F\x93\x9E";
  CHECK(valid_utf8(whole));
  for (std::size_t size = 2; size < whole.size(); ++size) CHECK_FALSE(valid_utf8(whole.substr(0, size)));
  for (std::size_t start = 2; start < whole.size(); ++start) CHECK_FALSE(valid_utf8(whole.substr(start)));
}

TEST_CASE("utf8 refuses a NUL byte, and takes the empty text") {
  CHECK_FALSE(valid_utf8(std::string_view{"a\0b", 3}));
  CHECK(valid_utf8(""));
}

TEST_CASE("code_points counts code points, not bytes") {
  CHECK(code_points("") == 0);
  CHECK(code_points("Zoë") == 3);
  CHECK(code_points("李小龍📞") == 4);
}

TEST_CASE("a line may be a name in any script") {
  for (const char* name :
       {"Anne-Marie O’Neill", "Łukasz", "李小龍", "محمد", "नरेन्द्र", "می‌خواهم", "X Æ A-12", "❤️"}) {
    CAPTURE(name);
    CHECK(line_flaw(name, 100).empty());
  }
}

TEST_CASE("a line holds no control character, line break or bidirectional control") {
  for (const char* bad : {"a\nb", "a\tb", "\x7F", "a\u0085b", "a\u2028b", "a\u2029b", "a\u202Eb", "a\u2066b",
                          "a\u200Eb", "a\u200Fb", "a\u061Cb", "a\u202Ab", "a\u2069b"}) {
    CAPTURE(bad);
    CHECK_FALSE(line_flaw(bad, 100).empty());
  }
}

TEST_CASE("a line neither begins nor ends with white space") {
  for (const char* bad : {" a", "a ", "\u00A0a", "a\u3000", "\uFEFFa", "a\u200B"}) {
    CAPTURE(bad);
    CHECK(line_flaw(bad, 100) == "must begin and end without white space");
  }
}

TEST_CASE("a line shows something") {
  CHECK_FALSE(line_flaw("", 100).empty());
  for (const char* bad : {" ", "\u2003\u2003", "\u200B", "\u200D", "\u3164", "\u0301", "\uFE0F"}) {
    CAPTURE(bad);
    CHECK(line_flaw(bad, 100) == "must hold at least one visible character");
  }
}

TEST_CASE("a line is measured in code points") {
  CHECK(line_flaw("ééé", 3).empty());
  CHECK_FALSE(line_flaw("éééé", 3).empty());
  CHECK_FALSE(line_flaw("a\xFFz", 3).empty());
}
