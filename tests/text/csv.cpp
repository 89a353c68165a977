#include <linecard/text/csv.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linecard::text;

using cells = std::vector<std::string>;

static csv_table read(std::string_view text) {
  csv_table table;
  const auto flaw = parse_csv(text, table);
  REQUIRE_MESSAGE(!flaw, flaw->line, ": ", flaw->message);
  return table;
}

static std::size_t flawed_line(std::string_view text) {
  csv_table table{{"untouched"}, {}};
  const auto flaw = parse_csv(text, table);
  REQUIRE(flaw);
  CHECK_FALSE(flaw->message.empty());
  CHECK(table.header == cells{"untouched"});
  return flaw->line;
}

TEST_CASE("csv is read with any line ending, with or without one at the end, and with a byte order mark") {
  for (const char* text : {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\n3,4",
                           "\xEF\xBB\xBF"
                           "a,b\n1,2\n3,4",
                           "a,b\r\r\n1,2\r\r\n3,4\r\r\n"}) {
    CAPTURE(text);
    const csv_table table = read(text);
    CHECK(table.header == cells{"a", "b"});
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].cells == cells{"1", "2"});
    CHECK(table.rows[1].cells == cells{"3", "4"});
    CHECK(table.rows[1].line == 3);
  }
}

TEST_CASE("csv takes its delimiter from the header line") {
  CHECK(read("a;b;c\n1,5;2;3").rows[0].cells == cells{"1,5", "2", "3"});
  CHECK(read("a\tb\n1\t2").rows[0].cells == cells{"1", "2"});
  CHECK(read("\"last, first, title\";b\nx;y").header == cells{"last, first, title", "b"});
  CHECK(read("one\nx;y").rows[0].cells == cells{"x;y"});
  CHECK(read("\n \n;;\na;b\n1;2").header == cells{"a", "b"});
}

TEST_CASE("csv keeps empty cells between tabs") { CHECK(read("a\tb\tc\n\t\tx").rows[0].cells == cells{"", "", "x"}); }

TEST_CASE("csv quoted cells hold delimiters, doubled quotes, line breaks and outer spaces") {
  const csv_table table = read("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\" two\r\nlines \",\"\"\nlast,row\n");
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0].cells == cells{"x,y", "say \"hi\""});
  CHECK(table.rows[1].cells == cells{" two\r\nlines ", ""});
  CHECK(table.rows[1].line == 3);
  CHECK(table.rows[2].line == 5);
}

TEST_CASE("csv cells without quotes lose white space around, and quotes may have some") {
  CHECK(read(" a , b\t\n  x y  ,  \" z \"  \n").header == cells{"a", "b"});
  CHECK(read(" a , b\t\n  x y  ,  \" z \"  \n").rows[0].cells == cells{"x y", " z "});
}

TEST_CASE("csv takes a quote inside a cell that has not begun with one") {
  CHECK(read("a\n7\" screen\n").rows[0].cells == cells{"7\" screen"});
}

TEST_CASE("csv skips blank rows, counts their lines, and does not take a quoted empty cell for one") {
  const csv_table table = read("\r\na,b\n\n  \n,\n1,2\n\"\"\n\n");
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].line == 6);
  CHECK(table.rows[1].line == 7);
  CHECK(table.rows[1].cells == cells{"", ""});
}

TEST_CASE("csv rows are filled up to the header") {
  CHECK(read("a,b,c\n1").rows[0].cells == cells{"1", "", ""});
  CHECK(read("a,b,,\n1,2,,").header == cells{"a", "b", "", ""});
}

TEST_CASE("csv rows longer than the header are a flaw") { CHECK(flawed_line("a,b\n1,2\n1,2,3\n") == 3); }

TEST_CASE("csv without a header is a flaw") {
  CHECK(flawed_line("") == 1);
  CHECK(flawed_line("\n \r\n,,\n") == 1);
  CHECK(flawed_line("\xEF\xBB\xBF") == 1);
}

TEST_CASE("csv with the same header name twice is a flaw") { CHECK(flawed_line("\na,b, a \n1,2,3") == 2); }

TEST_CASE("csv with a quote never closed is a flaw at the line that opened it") {
  CHECK(flawed_line("a,b\n1,2\n3,\"4\n5,6\n") == 3);
  CHECK(flawed_line("a,b\n\"x\ny\",\"4") == 3);
  CHECK(flawed_line("\"") == 1);
  CHECK(flawed_line("a\n\"\"\"") == 2);
}

TEST_CASE("csv with text after a closing quote is a flaw") {
  CHECK(flawed_line("a,b\n\"1\"x,2\n") == 2);
  CHECK(flawed_line("a,b\n\"1\n2\" \"3\",2\n") == 3);
}

TEST_CASE("csv that is not UTF-8 is a flaw at its line") {
  CHECK(flawed_line("a,b\nAnn,Lee\nZo\xEB,Lee\n") == 3);
  CHECK(flawed_line(std::string_view{"a,b\n\0,1", 7}) == 2);
  CHECK(flawed_line("\xFF\xFE"
                    "a") == 1);
}

TEST_CASE("csv cut anywhere is read or refused, never more") {
  const std::string whole = "\xEF\xBB\xBFname;note\r\n\"Zoë; \"\"Z\"\"\" ;\"two\nlines\"\r\n\r\nAnn;\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    csv_table table;
    if (!parse_csv(whole.substr(0, size), table)) CHECK_FALSE(table.header.empty());
  }
}
