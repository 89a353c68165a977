// Tokens and codes, as a rule draws them.
#include <linecard/secrets/source.hpp>

#include "directory/drawn_secrets.hpp"
#include "kit.hpp"

#include <cctype>
#include <set>

using namespace kit;

namespace {

struct drawing {
  keyring keys{};
  seeded_random random;
  drawn_secrets from{random, keys};
  explicit drawing(std::uint64_t seed = 1, unsigned char key = 1) : random(seed) {
    key_bytes host{};
    host.fill(key);
    keys.add(host);
  }
};

} // namespace

TEST_CASE("a token says what it is for, and its hash is found again from the text alone") {
  drawing d;
  const auto drawn = d.from.token("setup");
  CHECK(drawn.secret.reveal().starts_with("lc1_setup_"));
  CHECK(drawn.secret.size() == std::string_view("lc1_setup_").size() + 49);
  CHECK(drawn.hash.data.size() == 32);
  CHECK(token_hash("setup", drawn.secret) == drawn.hash);
}

TEST_CASE("I15 a token of another purpose, length or case, and one with a flipped bit, is no token") {
  drawing d;
  const auto drawn = d.from.token("setup");
  const std::string text(drawn.secret.reveal());
  CHECK_FALSE(token_hash("reset", drawn.secret));
  CHECK_FALSE(token_hash("setup", secret_text{}));
  CHECK_FALSE(token_hash("setup", secret_text(text + "A")));
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(token_hash("setup", secret_text(text.substr(0, size))));
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    auto turned = text;
    turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ 1 << bit % 8);
    CHECK(token_hash("setup", secret_text(turned)) != drawn.hash);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = static_cast<unsigned char>(text[i]);
    if (!std::isalpha(letter)) continue;
    auto other = text;
    other[i] = static_cast<char>(std::islower(letter) ? std::toupper(letter) : std::tolower(letter));
    CHECK(token_hash("setup", secret_text(other)) != drawn.hash);
  }
}

TEST_CASE("I30 equal chance draws equal secrets, other chance others") {
  drawing one, same, other(2);
  CHECK(one.from.token("setup").hash == same.from.token("setup").hash);
  CHECK(one.from.code("c").hash == same.from.code("c").hash);
  CHECK(one.from.token("setup").hash != other.from.token("setup").hash);
  std::set<std::string> drawn;
  for (int i = 0; i < 1000; ++i) drawn.insert(one.from.token("setup").hash.data);
  CHECK(drawn.size() == 1000);
}

TEST_CASE("a code is six digits, kept as a hash under the host's key that is good for its context alone") {
  drawing d, elsewhere(1, 2);
  std::set<char> first;
  for (int i = 0; i < 200; ++i) {
    const auto drawn = d.from.code("sign_in/1");
    REQUIRE(drawn.secret.size() == 6);
    for (const char c : drawn.secret.reveal()) CHECK(std::isdigit(static_cast<unsigned char>(c)));
    first.insert(drawn.secret.reveal().front());
    CHECK(d.from.code_hash("sign_in/1", drawn.secret) == drawn.hash);
    CHECK(d.from.code_hash("sign_in/2", drawn.secret) != drawn.hash);
    CHECK(elsewhere.from.code_hash("sign_in/1", drawn.secret) != drawn.hash);
  }
  CHECK(first.size() == 10); // leading zeros too
}
