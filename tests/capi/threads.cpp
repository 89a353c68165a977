// Threads over the C API; their names let the thread sanitizer's run find them.
#include "kit.hpp"

#include <thread>
#include <vector>

using namespace capi;

TEST_CASE("C: threads on one actor: each call is done or refused with E_REENTRANT, never both at once") {
  house h;
  constexpr int calls = 400;
  std::atomic<int> done{0}, refused{0}, other{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 2; ++n)
    threads.emplace_back([&, n] {
      for (int i = 0; i < calls; ++i) {
        const auto email = "t" + std::to_string(n) + "n" + std::to_string(i) + "@acme.example";
        const auto u = person("Ada", email.c_str());
        linecard_id id = 0;
        const auto status = linecard_adopt_user(h.tenant, &u, &id, nullptr);
        ++(status == LINECARD_OK ? done : status == LINECARD_E_REENTRANT ? refused : other);
      }
    });
  for (auto& t : threads) t.join();
  CHECK(done + refused == 2 * calls);
  CHECK(other == 0);
  linecard_text* answer = nullptr;
  REQUIRE(linecard_call(h.tenant, "verify_audit", nul, "{}", nul, &answer, nullptr) == LINECARD_OK);
  CHECK(text_of(answer).find("\"intact\":true") != std::string::npos);
}

TEST_CASE("C: threads on one directory, each with its actor, all get their work done") {
  house h;
  constexpr int calls = 100, workers = 3;
  std::atomic<int> done{0}, allowed{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < workers; ++n)
    threads.emplace_back([&, n] {
      linecard_actor* own = nullptr;
      if (linecard_actor_open(h.directory, h.operator_id, h.tenant_id, &own, nullptr) != LINECARD_OK) return;
      for (int i = 0; i < calls; ++i) {
        const auto email = "t" + std::to_string(n) + "n" + std::to_string(i) + "@acme.example";
        const auto u = person("Ada", email.c_str());
        linecard_id id = 0;
        std::int32_t status = LINECARD_E_BUSY;
        while (status == LINECARD_E_BUSY) status = linecard_adopt_user(own, &u, &id, nullptr);
        done += status == LINECARD_OK ? 1 : 0;
        allowed += linecard_check(h.directory, h.operator_id, "user.manage", nul, h.tenant_id, nullptr);
      }
      linecard_actor_free(own);
    });
  for (auto& t : threads) t.join();
  CHECK(done == workers * calls);
  CHECK(allowed == workers * calls);
}

TEST_CASE("C: threads read one list while its actor works on") {
  house h;
  for (int i = 0; i < 20; ++i) adopt(h.tenant, "Ada", ("u" + std::to_string(i) + "@acme.example").c_str());
  linecard_list* list = nullptr;
  REQUIRE(linecard_list_users(h.tenant, nullptr, 0, 0, 0, &list, nullptr) == LINECARD_OK);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 2; ++n)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round)
        for (std::size_t row = 0; row < linecard_list_count(list); ++row)
          wrong += linecard_list_text(list, row, "package", nullptr) != std::string("Unassigned");
    });
  for (int i = 20; i < 30; ++i) adopt(h.tenant, "Ada", ("u" + std::to_string(i) + "@acme.example").c_str());
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(linecard_list_count(list) == 20);
  linecard_list_free(list);
}
