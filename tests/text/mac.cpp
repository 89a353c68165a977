// Hardware addresses: 12 hexadecimal digits, however they are grouped.
#include <linecard/text/mac.hpp>

#include <doctest/doctest.h>

using namespace linecard::text;

TEST_CASE("a hardware address is accepted bare or grouped, and has one key") {
  for (const auto* good : {"001a2b3c4d5e", "00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e"}) {
    CAPTURE(good);
    CHECK(mac_flaw(good).empty());
    CHECK(mac_key(good) == "001a2b3c4d5e");
  }
}

TEST_CASE("what is no hardware address is refused with what would be accepted") {
  for (const auto* bad : {"", "001a2b3c4d5", "001a2b3c4d5e6", "00:1a:2b:3c:4d:5g", ":001a2b3c4d5e",
                          "001a2b3c4d5e:", "00::1a2b3c4d5e", "00:1a-2b:3c-4d:5e", "00 1a 2b 3c 4d 5e"}) {
    CAPTURE(bad);
    CHECK(mac_flaw(bad).find("00:1a:2b:3c:4d:5e") != std::string_view::npos);
  }
}
