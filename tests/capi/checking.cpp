// Checks by number, in batches and as a mask: the same answers as by name, and nothing that a failure could allow.
#include "kit.hpp"

#include <algorithm>
#include <vector>

using namespace capi;

TEST_CASE("C: permission ids are frozen numbers, and unknown names have none") {
  house h;
  caught why;
  std::uint32_t id = 7;
  ok(linecard_permission_id(h.directory, "license.assign", nul, &id, why), why);
  CHECK(id == 9);
  CHECK(linecard_permission_id(h.directory, "no.such", nul, &id, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "permission_unknown");
  CHECK(id == 0);
  CHECK(linecard_permission_id(h.directory, "nobody", nul, &id, why) == LINECARD_E_INVALID);
  CHECK(linecard_permission_id(h.directory, "license.assign", nul, nullptr, why) == LINECARD_E_INVALID);
}

TEST_CASE("C: one check by number, many and the mask tell what linecard_check tells") {
  house h;
  caught why;
  adopt(h.tenant, "Ada", "ada@acme.example");
  linecard_actor* ada = nullptr;
  ok(linecard_actor_open_email(h.directory, "ada@acme.example", nul, h.tenant_id, &ada, why), why);
  const linecard_id people[]{h.operator_id, linecard_actor_identity(ada)}, scopes[]{h.tenant_id, 0};
  const char* const names[]{"license.assign", "package.manage", "user.manage", "control_panel.use"};
  std::vector<linecard_id> who, where;
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint8_t> expected;
  for (const auto person : people)
    for (const auto scope : scopes) {
      std::uint64_t mask[LINECARD_PERMISSION_WORDS];
      ok(linecard_effective(h.directory, person, scope, mask, why), why);
      for (const auto* name : names) {
        std::uint32_t id = 0;
        ok(linecard_permission_id(h.directory, name, nul, &id, why), why);
        const int answer = linecard_check(h.directory, person, name, nul, scope, nullptr);
        CHECK(linecard_check_id(h.directory, person, id, scope, why) == answer);
        CHECK_FALSE(why.set()); // denied is no failure here
        CHECK(LINECARD_MASK_HAS(mask, id) == answer);
        who.push_back(person), where.push_back(scope), numbers.push_back(id);
        expected.push_back(static_cast<std::uint8_t>(answer));
      }
    }
  CHECK(std::count(expected.begin(), expected.end(), 1) == 8); // the operator's
  std::vector<std::uint8_t> answers(expected.size(), 0xee);
  ok(linecard_check_many(h.directory, who.data(), numbers.data(), where.data(), who.size(), answers.data(), why), why);
  CHECK(answers == expected);
  linecard_actor_free(ada);
}

TEST_CASE("C: what cannot be asked is not allowed") {
  house h;
  caught why;
  CHECK(linecard_check_id(h.directory, h.operator_id, 0, h.tenant_id, why) == 0);
  CHECK(why.reason() == "permission_unknown");
  CHECK(linecard_check_id(h.directory, h.operator_id, 256, h.tenant_id, nullptr) == 0);
  CHECK(linecard_check_id(h.directory, h.tenant_id, 9, h.tenant_id, why) == 0);
  CHECK(why.status() == LINECARD_E_WRONG_KIND);
  CHECK(linecard_check_id(nullptr, h.operator_id, 9, h.tenant_id, why) == 0);
  CHECK(why.reason() == "argument_null");

  const linecard_id who[]{0, h.tenant_id, h.operator_id, h.operator_id, h.operator_id};
  const linecard_id where[]{h.tenant_id, h.tenant_id, h.operator_id, h.tenant_id, h.tenant_id};
  const std::uint32_t numbers[]{9, 9, 9, 0, 0xffffffff};
  std::uint8_t answers[5]{9, 9, 9, 9, 9};
  ok(linecard_check_many(h.directory, who, numbers, where, 5, answers, why), why);
  for (const auto answer : answers) CHECK(answer == 0);
  answers[0] = 9;
  CHECK(linecard_check_many(h.directory, who, nullptr, where, 5, answers, why) == LINECARD_E_INVALID);
  CHECK(answers[0] == 0);
  CHECK(linecard_check_many(h.directory, who, numbers, where, 5, nullptr, why) == LINECARD_E_INVALID);
  ok(linecard_check_many(h.directory, nullptr, nullptr, nullptr, 0, nullptr, why), why);

  std::uint64_t mask[LINECARD_PERMISSION_WORDS]{1, 1, 1, 1};
  CHECK(linecard_effective(h.directory, 0, h.tenant_id, mask, why) == LINECARD_E_INVALID);
  for (const auto word : mask) CHECK(word == 0);
  CHECK(LINECARD_MASK_HAS(mask, 4000000000u) == 0);
}
