#include <linecard/text/fold.hpp>

#include <linecard/text/utf8.hpp>

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <cstdlib>
#include <random>
#include <string>

using namespace linecard::text;

TEST_CASE("fold drops case and accents") {
  CHECK(fold("Élodie") == "elodie");
  CHECK(fold("E\u0301LODIE") == "elodie");
  CHECK(fold("Nguyễn Văn Đức") == "nguyen van duc");
  CHECK(fold("ΣΊΣΥΦΟΣ") == fold("σίσυφος"));
  CHECK(fold("Ёлкин") == fold("елкин"));
}

TEST_CASE("fold spells out letters that have no decomposition") {
  CHECK(fold("Strauß") == "strauss");
  CHECK(fold("STRAUẞ") == "strauss");
  CHECK(fold("Ørsted Łódź Æbelø Œuvre") == "orsted lodz aebelo oeuvre");
  CHECK(fold("Þórður Guðmundsdóttir") == "thordur gudmundsdottir");
  CHECK(fold("Işık İpek") == "isik ipek");
  CHECK(fold("ǽ") == "ae");
}

TEST_CASE("fold makes one key of the ways to type an apostrophe or a hyphen") {
  CHECK(fold("O’Neill") == "o'neill");
  CHECK(fold("Anne\u2010Marie") == fold("Anne\u2011Marie"));
  CHECK(fold("Anne\u2010Marie") == "anne-marie");
}

TEST_CASE("fold opens compatibility forms") {
  CHECK(fold("Ｙａｍａｄａ") == "yamada");
  CHECK(fold("ﬁona") == "fiona");
}

TEST_CASE("fold makes white space runs one space and leaves none at the ends") {
  CHECK(fold("  Mary \t\u00A0\u3000 Ann\n") == "mary ann");
  CHECK(fold(" \u2003 ").empty());
}

TEST_CASE("fold drops what cannot be seen") { CHECK(fold("So\u00ADphie\u200B\uFE0F") == "sophie"); }

TEST_CASE("fold keeps the marks that spell") {
  CHECK(fold("राम") != fold("रम"));
  CHECK(fold("กุ") != fold("กู"));
  CHECK(fold("ガ") != fold("カ"));
  CHECK(fold("שָׁלוֹם") == fold("שלום"));
}

TEST_CASE("fold does not depend on the order in which equivalent marks were typed") {
  CHECK(fold("\u0E01\u0E38\u0E48") == fold("\u0E01\u0E48\u0E38"));
  CHECK(fold("a\u0323\u0301") == fold("a\u0301\u0323"));
}

TEST_CASE("fold of invalid UTF-8 is empty") {
  CHECK(fold("Zo\xEB").empty());
  CHECK(fold(std::string_view{"a\0b", 3}).empty());
  CHECK(fold("").empty());
}

TEST_CASE("fold is idempotent and agrees with canonical equivalence for every code point of the first three planes") {
  for (char32_t c = 1; c < 0x30000; ++c) {
    if (c == 0xD800) c = 0xE000;
    std::string text = "x";
    append_utf8(text, c);
    text += "y";
    const std::string once = fold(text);
    if (fold(once) != once) FAIL("not idempotent: U+", static_cast<unsigned>(c));
    utf8proc_uint8_t* apart = utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()));
    if (fold(reinterpret_cast<const char*>(apart)) != once) FAIL("not equivalent: U+", static_cast<unsigned>(c));
    std::free(apart);
  }
}

TEST_CASE("fold is idempotent for runs of letters, marks and spaces in any order") {
  constexpr char32_t from[] = {'a',    'Z',    ' ',    '\t',    0x00C9, 0x00DF, 0x00D8, 0x0301, 0x0327,
                               0x0345, 0x0390, 0x05B8, 0x05E9,  0x064B, 0x093C, 0x094D, 0x0915, 0x0E38,
                               0x0E48, 0x1E9E, 0x1F80, 0x200D,  0x20DD, 0x3099, 0x304B, 0x034F, 0xAC01,
                               0x11A8, 0xFDFA, 0x00B4, 0x1D15E, 0x2028, 0x0F71, 0x0F72, 0x0C55, 0x0C56};
  std::mt19937 chance{20261121};
  std::uniform_int_distribution<std::size_t> pick{0, std::size(from) - 1};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int length = 0; length < 12; ++length) append_utf8(text, from[pick(chance)]);
    const std::string once = fold(text);
    REQUIRE(fold(once) == once);
    REQUIRE(once.find('\x01') == std::string::npos);
  }
}

TEST_CASE("sort_name lets the last name decide, and the shorter last name come first") {
  CHECK(sort_name("Zoë", "Adams") < sort_name("Aaron", "Baker"));
  CHECK(sort_name("Ann", "Öberg") < sort_name("Ann", "Olsen"));
  CHECK(sort_name("Zoe", "Li") < sort_name("Ann", "Li Na"));
  CHECK(sort_name("Ann", "Smith") < sort_name("Bob", "smith"));
  CHECK(sort_name("Ann", "Lee") == "lee\x01"
                                   "ann");
}

TEST_CASE("initials are the first letters, accents kept") {
  CHECK(initials("Élodie", "Ångström") == "ÉÅ");
  CHECK(initials("e\u0301lodie", "ångström") == "ÉÅ");
  CHECK(initials("'t", "“Ola”") == "TO");
  CHECK(initials("džon", "ნინო") == "Dნ");
  CHECK(initials("ǆon", "") == "ǅ");
}

TEST_CASE("initials skip what is empty, invalid or without a letter") {
  CHECK(initials("", "Smith") == "S");
  CHECK(initials("Ann", "") == "A");
  CHECK(initials("\xFF", "--").empty());
  CHECK(initials("3M", "李") == "3李");
}
