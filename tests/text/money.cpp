// Amounts as people read them.
#include <linecard/text/money.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using linecard::text::money;

TEST_CASE("an amount has as many decimals as its currency's minor unit") {
  CHECK(money(1295, "USD") == "12.95 USD");
  CHECK(money(1295, "JPY") == "1295 JPY");
  CHECK(money(1295, "KWD") == "1.295 KWD");
  CHECK(money(12955, "CLF") == "1.2955 CLF");
}

TEST_CASE("an amount below one unit, or below zero, keeps its leading zero") {
  CHECK(money(0, "EUR") == "0.00 EUR");
  CHECK(money(5, "EUR") == "0.05 EUR");
  CHECK(money(-5, "EUR") == "-0.05 EUR");
  CHECK(money(-100, "EUR") == "-1.00 EUR");
  CHECK(money(-7, "JPY") == "-7 JPY");
}

TEST_CASE("the greatest and the least amount are written out") {
  CHECK(money(INT64_MAX, "EUR") == "92233720368547758.07 EUR");
  CHECK(money(INT64_MIN, "EUR") == "-92233720368547758.08 EUR");
}
