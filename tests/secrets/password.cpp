// What is accepted as a password, and how it is kept.
#include <linecard/secrets/password.hpp>

#include "kit.hpp"

using namespace kit;

namespace {

constexpr std::string_view salt = "0123456789abcdef";

std::string judged(std::string_view password, const std::vector<std::string>& context = {}) {
  const auto no = weakness(normalised(secret_text(password)), context, "/password");
  if (no) CHECK(no->path == "/password");
  return no ? no->reason : "";
}

} // namespace

TEST_CASE("a password has 15 characters, counted as people count them, and no other rule of composition") {
  CHECK(judged("vier fuenf wort") == "");
  CHECK(judged("vier fuenf wor") == "password_too_short");
  CHECK(judged("") == "password_too_short");
  CHECK(judged("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC") == "password_too_short");
  CHECK(judged("lower case only here") == "");
  std::string lengthy(most_password_length / 8, 'x');
  lengthy += " und viel mehr danach, ganz ohne Grenze";
  CHECK(judged(lengthy) == "");
}

TEST_CASE("runs, repetitions and what everybody tries first are refused, in any case") {
  for (const auto* bad : {"aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "ponmlkjihgfedcba", "1234567890123456789",
                          "abcabcabcabcabcabc", "PasswordPassword", "Correct Horse Battery Staple", "1qaz2wsx3edc4rfv"})
    CHECK_MESSAGE(judged(bad) == "password_common", bad);
}

TEST_CASE("a password made of the person's own name, address or company is refused") {
  const std::vector<std::string> context{"Zo\xC3\xAB", "Newton", "zoe.newton@acme.example", "Acme Telephony"};
  CHECK(judged("zoenewtonnewton1", context) == "password_guessable");
  CHECK(judged("Acme Telephony 1", context) == "password_guessable");
  CHECK(judged("zoe.newton@acme.example", context) == "password_guessable");
  CHECK(judged("newton found an apple", context) == "");
}

TEST_CASE("one password typed on two keyboards is one password: NFKC, and nothing is cut") {
  const secret_text composed("gr\xC3\xBC\xC3\x9F dich gott \xEF\xAC\x81n"),
      decomposed("gru\xCC\x88\xC3\x9F dich gott fin");
  CHECK(normalised(composed).reveal() == normalised(decomposed).reveal());
  const std::string long_one(200, 'q');
  CHECK(normalised(secret_text(long_one)).size() == 200);
}

TEST_CASE("Argon2id at 64 MiB and three passes: verifies its own, says how it was made, and cannot be made cheaper") {
  const auto hasher = must(argon2_hasher());
  const auto stored = hasher->hash("vier fuenf wort", salt);
  CHECK(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  CHECK(hasher->verify("vier fuenf wort", stored));
  CHECK_FALSE(hasher->verify("vier fuenf Wort", stored));
  CHECK_FALSE(hasher->verify("", stored));
  CHECK_FALSE(hasher->verify("vier fuenf wort", ""));
  CHECK_FALSE(hasher->outdated(stored));
  CHECK(hasher->outdated("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAA"));
  CHECK(refused_with(argon2_hasher({.passes = 2})).reason == "passes_invalid");
  CHECK(refused_with(argon2_hasher({.memory_kib = 19456})).reason == "memory_kib_invalid");
  CHECK(refused_with(argon2_hasher({.pepper = secret_text("short")})).reason == "pepper_invalid");
}

TEST_CASE("a hash made with a pepper is worthless without it; one made before is taken and made anew") {
  const auto plain = must(argon2_hasher());
  const auto with = must(argon2_hasher({.pepper = secret_text("sixteen bytes or more")}));
  const auto other = must(argon2_hasher({.pepper = secret_text("another pepper of the host")}));
  const auto stored = with->hash("vier fuenf wort", salt);
  CHECK(with->verify("vier fuenf wort", stored));
  CHECK_FALSE(with->outdated(stored));
  CHECK_FALSE(plain->verify("vier fuenf wort", stored));
  CHECK_FALSE(other->verify("vier fuenf wort", stored));
  const auto before = plain->hash("vier fuenf wort", salt);
  CHECK(with->verify("vier fuenf wort", before));
  CHECK(with->outdated(before));
}

TEST_CASE("B14 hashes of other systems are recognised and compared: bcrypt, SHA-512-crypt, PBKDF2") {
  for (const auto* stored :
       {"$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae",
        "$6$saltsalt$E0RuQAGN1QghwdrrdHkYi1MAjVLnorQS5tRSEC2lK.rwm8ccLRJpY0O21lu8BAbcM86kdKlZul/qV63Dd1/tw1",
        "$6$rounds=5000$saltsalt$E0RuQAGN1QghwdrrdHkYi1MAjVLnorQS5tRSEC2lK.rwm8ccLRJpY0O21lu8BAbcM86kdKlZul/"
        "qV63Dd1/tw1",
        "pbkdf2_sha256$1000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=",
        "$pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$DXZo.7FNEhFfwlsAefgcVq/aFEpmrDuxjVRtVXmdobY"}) {
    CHECK_MESSAGE(is_legacy_hash(stored), stored);
    CHECK_MESSAGE(verify_legacy("Tr0ub4dor&3 und mehr", stored), stored);
    CHECK_FALSE(verify_legacy("Tr0ub4dor&3 und mehx", stored));
    CHECK_FALSE(verify_legacy("", stored));
    for (std::size_t size = 0; size < std::string_view(stored).size(); ++size)
      CHECK_FALSE(verify_legacy("Tr0ub4dor&3 und mehr", std::string_view(stored).substr(0, size)));
  }
}

TEST_CASE("a foreign hash that is no hash, or dearer than a sign-in can bear, is not taken") {
  for (const auto* bad :
       {"", "plain text", "*", "$1$md5$abcdef", "$6$rounds=999999999$saltsalt$E0RuQAGN1QghwdrrdHk",
        "$2b$31$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae",
        "pbkdf2_sha256$4000000000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=",
        "pbkdf2_sha256$1000$$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=", "pbkdf2_sha256$1000$salty$AAAA"}) {
    CHECK_FALSE_MESSAGE(is_legacy_hash(bad), bad);
    CHECK_FALSE(verify_legacy("Tr0ub4dor&3 und mehr", bad));
  }
}
