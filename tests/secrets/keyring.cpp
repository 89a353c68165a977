// What comes from the host key: sealing and keyed hashes.
#include <linecard/secrets/keyring.hpp>

#include "kit.hpp"

#include <algorithm>

using namespace kit;

namespace {

key_bytes key_of(unsigned char fill) {
  key_bytes out{};
  out.fill(fill);
  return out;
}

} // namespace

TEST_CASE("what is sealed opens under the same key, use and context, and under no other") {
  keyring ring, other;
  ring.add(key_of(1)), other.add(key_of(2));
  const auto sealed = ring.seal(key_use::sealing, "messages/7/payload", "4711");
  CHECK(sealed.find("4711") == std::string::npos);
  const auto opened = ring.open(key_use::sealing, "messages/7/payload", sealed);
  REQUIRE(opened);
  CHECK(opened->reveal() == "4711");
  CHECK_FALSE(ring.open(key_use::sealing, "messages/8/payload", sealed));
  CHECK_FALSE(ring.open(key_use::preview_token, "messages/7/payload", sealed));
  CHECK_FALSE(other.open(key_use::sealing, "messages/7/payload", sealed));
}

TEST_CASE("no bit of what is sealed can be turned, and nothing be cut off or added") {
  keyring ring;
  ring.add(key_of(1));
  const auto sealed = ring.seal(key_use::sealing, "c", "4711");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto turned = sealed;
    turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ 1 << bit % 8);
    CHECK_FALSE(ring.open(key_use::sealing, "c", turned));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    CHECK_FALSE(ring.open(key_use::sealing, "c", sealed.substr(0, size)));
  CHECK_FALSE(ring.open(key_use::sealing, "c", sealed + "x"));
}

TEST_CASE("after a rotation the older key opens what it sealed, and the new one seals") {
  keyring before, after;
  before.add(key_of(1));
  after.add(key_of(2)), after.add(key_of(1));
  const auto old = before.seal(key_use::sealing, "c", "4711");
  REQUIRE(after.open(key_use::sealing, "c", old));
  const auto fresh = after.seal(key_use::sealing, "c", "4711");
  CHECK(fresh.substr(0, 4) != old.substr(0, 4));
  CHECK_FALSE(before.open(key_use::sealing, "c", fresh));
}

TEST_CASE("a keyed hash is of its key, its use and its message") {
  keyring ring, other;
  ring.add(key_of(1)), other.add(key_of(2));
  const auto sum = ring.hash(key_use::code, "123456");
  CHECK(sum.size() == 32);
  CHECK(sum == ring.hash(key_use::code, "123456"));
  CHECK(sum != ring.hash(key_use::code, "123457"));
  CHECK(sum != ring.hash(key_use::sealing, "123456"));
  CHECK(sum != other.hash(key_use::code, "123456"));
}
