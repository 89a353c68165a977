// IANA time zone names, letter for letter.
#include <linecard/text/time_zone.hpp>

#include <doctest/doctest.h>

using namespace linecard::text;

TEST_CASE("zones and links of the IANA database are accepted") {
  for (const auto* good : {"Europe/Berlin", "America/Argentina/Buenos_Aires", "America/St_Johns", "Asia/Kolkata",
                           "Asia/Calcutta", "UTC", "Etc/GMT+12", "Africa/Abidjan", "Zulu"})
    CHECK_MESSAGE(time_zone_flaw(good).empty(), good);
}

TEST_CASE("what the IANA database does not name is refused with an example") {
  for (const auto* bad : {"", "Europe", "europe/berlin", "Europe/Berlin ", "CEST", "GMT+2", "Factory", "Mars/Base"})
    CHECK_MESSAGE(time_zone_flaw(bad).find("Europe/Berlin") != std::string_view::npos, bad);
}
