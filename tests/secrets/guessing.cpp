// Passwords that zxcvbn finds soon. Only where linecard is built with it.
#include "secrets/guessing.hpp"

#include <linecard/secrets/password.hpp>

#include "kit.hpp"

#include <array>
#include <random>
#include <thread>

using namespace kit;

namespace {

std::string judged(std::string_view password, const std::vector<std::string>& context = {}) {
  const auto no = weakness(normalised(secret_text(password)), context, "/password");
  return no ? no->reason : "";
}

std::string again(std::string_view unit, std::size_t size) {
  std::string s;
  while (s.size() < size) s += unit;
  s.resize(size);
  return s;
}

} // namespace

TEST_CASE("words, names, dates and keyboard rows that everybody tries are guessable, however they are put together") {
  for (const auto* bad :
       {"michael jennifer", "monkeydragonshadow", "football baseball", "qwerty qwerty qwerty", "superman12345678",
        "Superman12345678", "p@55w0rdp@55w0rd", "asdfghjkl12345678", "dr\u00e4gondragon123456", "drowssapdrowssap"})
    CHECK_MESSAGE(judged(bad) == "password_guessable", bad);
  for (const auto* good : {"purple lantern on the stairs", "vier fuenf wort", "quatre mots bien choisis",
                           "lower case only here", "kx7 vapid teapot", "zQ9-fk2Lw0pXvB4"})
    CHECK_MESSAGE(judged(good) == "", good);
}

TEST_CASE("own words lend no strength to guessable ones") {
  CHECK(judged("superman newton 123", {"Newton"}) == "password_guessable");
  CHECK(judged("newton found an apple", {"Newton"}) == "");
}

TEST_CASE("a long password is as good as its best part: repetition adds nothing, and a good end is not overlooked") {
  CHECK(judged(again("password1", most_password_length)) == "password_guessable");
  CHECK(judged(again("qwertyuiop", 64)) == "password_guessable");
  CHECK(judged(again("password", 64) + " purple lantern on the stairs") == "");
  CHECK(judged(again("qwertz ", 30) + "k\u00fcchenlampe t\u00fcrkis") == "");
}

TEST_CASE("bytes of any script are judged, and many threads may ask at once") {
  std::array<int, 4> wrong{};
  std::vector<std::thread> askers;
  for (auto& mine : wrong)
    askers.emplace_back([&mine] {
      std::mt19937 random(7);
      for (int i = 0; i < 100; ++i) {
        std::string noise(40, 'x');
        for (auto& c : noise) c = static_cast<char>(random() % 255 + 1);
        mine += soon_guessed(noise);
        mine += !soon_guessed("passwordpassword");
      }
    });
  for (auto& asker : askers) asker.join();
  CHECK(wrong == std::array<int, 4>{});
}
