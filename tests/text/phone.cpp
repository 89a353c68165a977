#include <linecard/text/phone.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace linecard::text;

TEST_CASE("a phone number is a plus and 2 to 15 digits under an assigned calling code") {
  for (const char* good :
       {"+14165550100", "+442079460000", "+33123456789", "+35312345678", "+6568861234", "+74951234567", "+390612345678",
        "+38344123456", "+8835100012345", "+10", "+123456789012345"}) {
    CAPTURE(good);
    CHECK(e164_flaw(good).empty());
  }
}

TEST_CASE("a phone number is refused without plus, with a leading 0, with other characters, too short or too long") {
  for (const char* bad : {"", "+", "14165550100", "+1", "+04165550100", "+1 416 555 0100", "+1-416-555-0100",
                          "+1416555010a", "++14165550100", "+1234567890123456", "0014165550100", "tel:+14165550100",
                          "+14165550100;ext=2", "+١٤١٦٥٥٥٠١٠٠", "911"}) {
    CAPTURE(bad);
    CHECK_FALSE(e164_flaw(bad).empty());
  }
}

TEST_CASE("a phone number under a code nobody has, or with nothing after the code, is refused") {
  for (const char* bad : {"+2101234567", "+2141234567", "+2591234567", "+2812345678", "+38812345678", "+4221234567",
                          "+6711234567", "+6841234567", "+6931234567", "+8012345678", "+8312345678", "+8991234567",
                          "+9691234567", "+9911234567", "+9971234567", "+9991234567", "+44", "+353", "+21"}) {
    CAPTURE(bad);
    CHECK_FALSE(e164_flaw(bad).empty());
  }
}

TEST_CASE("calling_code finds codes of one, two and three digits") {
  CHECK(calling_code("+14165550100") == "1");
  CHECK(calling_code("+77011234567") == "7");
  CHECK(calling_code("+442079460000") == "44");
  CHECK(calling_code("+35312345678") == "353");
  CHECK(calling_code("+99891234567") == "998");
}

TEST_CASE("calling_code of what has none is empty") {
  for (const char* none : {"", "+", "14165550100", "+0", "+014165550100", "+2", "+21", "+a1", "+999"}) {
    CAPTURE(none);
    CHECK(calling_code(none).empty());
  }
}

TEST_CASE("calling_code: finds 216 codes in all") {
  int codes = 0;
  for (int first = 0; first < 1000; ++first) {
    const std::string code = std::to_string(first);
    if (calling_code("+" + code) == code) ++codes;
  }
  CHECK(codes == 216);
}

TEST_CASE("a phone extension is 2 to 8 digits and may begin with 0") {
  for (const char* good : {"10", "00", "0123", "12345678"}) CHECK(extension_flaw(good).empty());
  for (const char* bad : {"", "1", "123456789", "12a", "+12", " 12", "*97", "1 2"}) {
    CAPTURE(bad);
    CHECK_FALSE(extension_flaw(bad).empty());
  }
}
