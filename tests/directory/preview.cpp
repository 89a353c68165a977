#include <linecard/directory.hpp>

#include "kit.hpp"

using namespace kit;

namespace {
std::string reason(const result<receipt>& r) { return r ? "" : r.error().reason; }
} // namespace

ON_EVERY_STORE("B2 confirming fails when anything the preview read has moved") {
  world w(memory_store(), 5);
  const auto one = w.adopt("One", "User", "one@acme.example"), two = w.adopt("Two", "User", "two@acme.example");
  const auto token = *must(w.dir.preview(w.admin, assign_package{one, w.basic})).token;
  REQUIRE(w.dir.run(w.admin, assign_package{two, w.basic})); // moves the pool
  const auto before = w.digest();
  const auto no = refused_with(w.dir.confirm(w.admin, assign_package{one, w.basic}, token));
  CHECK(no.code == status::stale);
  CHECK(no.reason == "preview_moved");
  CHECK(w.digest() == before);
}

ON_EVERY_STORE("B2 confirming survives changes to what the preview did not read") {
  world w;
  const auto one = w.adopt("One", "User", "one@acme.example"), two = w.adopt("Two", "User", "two@acme.example");
  const auto token = *must(w.dir.preview(w.admin, assign_package{one, w.basic})).token;
  REQUIRE(w.dir.run(w.admin, assign_package{two, w.plus}));
  CHECK(w.dir.confirm(w.admin, assign_package{one, w.basic}, token));
  CHECK(reason(w.dir.confirm(w.admin, assign_package{one, w.basic}, token)) == "preview_moved"); // once only
}

ON_EVERY_STORE("B2 a token serves only its actor, scope and command, for 15 minutes, unaltered") {
  world w;
  const auto id = w.adopt("One", "User", "one@acme.example");
  const assign_package c{id, w.basic};
  const auto token = *must(w.dir.preview(w.admin, c)).token;
  CHECK(reason(w.dir.confirm(w.at_tenant, c, token)) == "token_of_another");
  CHECK(reason(w.dir.confirm(w.admin, assign_package{id, w.plus}, token)) == "token_of_another");
  CHECK(reason(w.dir.confirm(w.admin, change_package{id, w.basic}, token)) == "token_of_another");
  CHECK(reason(w.dir.confirm(w.admin, c, "")) == "token_invalid");
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    CHECK(reason(w.dir.confirm(w.admin, c, altered)) == "token_invalid");
  }
  CHECK(reason(w.dir.confirm(w.admin, c, token + "A")) == "token_invalid");
  w.clock->at = w.clock->at + 15 * 60 * 1000;
  CHECK(reason(w.dir.confirm(w.admin, c, token)) == "token_expired");
  w.clock->at = w.clock->at + -1;
  CHECK(w.dir.confirm(w.admin, c, token));
}

TEST_CASE("a preview draws the ids that the confirmation inserts") {
  world w;
  const add_user c{.first_name = "Ina", .last_name = "Invited", .email = "ina@acme.example", .send_welcome = true};
  const auto seen = must(w.dir.preview(w.admin, c));
  w.adopt("Else", "Where", "else@acme.example");
  w.clock->at = w.clock->at + 5000;
  const auto done = must(w.dir.confirm(w.admin, c, *seen.token));
  CHECK(done.created == seen.created);
  CHECK(done.at == seen.at);
}

TEST_CASE("a token of one directory is worth nothing in another") {
  world w, other(memory_store(), 3, 2); // another seed: another host key
  const create_container c{.name = "pbx-9"};
  CHECK(reason(other.dir.confirm(other.operator_, c, *must(w.dir.preview(w.operator_, c)).token)) != "");
}

ON_EVERY_STORE("B2 a row taken away and made again since the preview is another row") {
  world w;
  REQUIRE(w.dir.run(w.at_tenant, enable_service{"video"}));
  const disable_service c{"video"};
  const auto token = *must(w.dir.preview(w.at_tenant, c)).token;
  REQUIRE(w.dir.run(w.at_tenant, c));
  w.clock->at = w.clock->at + 1000;
  REQUIRE(w.dir.run(w.at_tenant, enable_service{"video"}));
  CHECK(reason(w.dir.confirm(w.at_tenant, c, token)) == "preview_moved");
}

TEST_CASE("B2 a clock set back a little does not spoil a preview, a wild clock does not break it") {
  world w;
  const create_container c{.name = "pbx-9"};
  const auto token = *must(w.dir.preview(w.operator_, c)).token;
  const auto noon = w.clock->at;
  w.clock->at = instant{INT64_MIN};
  CHECK(reason(w.dir.confirm(w.operator_, c, token)) == "token_expired");
  w.clock->at = instant{INT64_MAX};
  CHECK(reason(w.dir.confirm(w.operator_, c, token)) == "token_expired");
  w.clock->at = noon + -1;
  CHECK(w.dir.confirm(w.operator_, c, token));
}

ON_EVERY_STORE("S1.7 a command that ends its actor's own rights can be confirmed") {
  world w;
  const auto bo = w.administrator(w.admin, "Bo", "B", "bo@acme.example");
  const revoke_role own{.email = "bo@acme.example", .role = "administrator"};
  const auto seen = must(w.dir.preview(bo, own));
  CHECK(must(w.dir.confirm(bo, own, *seen.token)).audit_seq);
  CHECK(refused_with(w.dir.ask(bo, grants{})).reason == "permission_denied");
}
