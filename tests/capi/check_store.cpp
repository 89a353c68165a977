// linecard_check_store: the contract of stores tried through the C ABI, on a store in C that keeps it and on liars.
#include "kit.hpp"

#include <support/array_store.h>

#include <linecard_adapters.h>

#include <map>
#include <string>

using namespace capi;

namespace {

/// Array stores, one of whose callbacks is replaced.
struct trial {
  void (*spoil)(linecard_store&) = nullptr;
  std::map<std::int32_t, int> verdicts{};
  std::string text{};
  int stop_after = 1000;
  linecard_store last{};

  [[nodiscard]] linecard_store_check check(const char* only = nullptr) {
    linecard_store_check c = LINECARD_STORE_CHECK_INIT;
    c.self = this, c.only = only;
    c.open = [](void* self, std::int32_t) -> const linecard_store* {
      auto& in = *static_cast<trial*>(self);
      if (array_store(&in.last) != 1) return nullptr;
      if (in.spoil) in.spoil(in.last);
      return &in.last;
    };
    c.told = [](void* self, std::int32_t verdict, const char* line) -> std::int32_t {
      auto& in = *static_cast<trial*>(self);
      ++in.verdicts[verdict], in.text += line;
      return --in.stop_after > 0 ? 1 : 0;
    };
    return c;
  }
};

linecard_store honest; ///< the callbacks of an array store, for what replaces one of them

std::int32_t claims_any_apply(void* self, void* transaction, const linecard_change* const* changes, std::size_t count,
                              std::size_t* conflicting, linecard_failure* failure) {
  static_cast<void>(honest.apply(self, transaction, changes, count, conflicting, failure));
  return LINECARD_DONE;
}
std::int32_t throws(void*, std::int32_t, void**, linecard_failure*) { throw 7; }

} // namespace

TEST_CASE("C ABI: a store in C keeps every promise that it can be tried on") {
  trial t;
  const auto check = t.check();
  caught why;
  CHECK(linecard_check_store(&check, why) == LINECARD_OK);
  CHECK(t.verdicts[LINECARD_PROMISE_BROKEN] == 0);
  CHECK(t.verdicts[LINECARD_PROMISE_KEPT] > 30);
  CHECK(t.text.find("kept     I25: an equal unique index is a conflict") != std::string::npos);
  CHECK(t.text.find("untried  I26: what is committed outlives the store") != std::string::npos);
}

TEST_CASE("C ABI: a lying store is E_CALLBACK promises_broken, told with the operations and the answers") {
  trial t{.spoil = [](linecard_store& s) { honest = s, s.apply = claims_any_apply; }};
  const auto check = t.check("I24: a missed version");
  caught why;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_CALLBACK);
  CHECK(why.reason() == "promises_broken");
  CHECK(t.verdicts[LINECARD_PROMISE_BROKEN] == 1);
  CHECK(t.text.find("update contract_parcels (2) at v2 {name: \"x\"}") != std::string::npos);
  CHECK(t.text.find("expected a conflict\n    got      success\n") != std::string::npos);
}

TEST_CASE("C ABI: a store under check may throw, be incomplete or not be there; the story says which") {
  const auto story = [](void (*spoil)(linecard_store&)) {
    trial t{.spoil = spoil};
    const auto check = t.check("a scan by the key");
    CHECK(linecard_check_store(&check, nullptr) == LINECARD_E_CALLBACK);
    return t.text;
  };
  CHECK(story([](linecard_store& s) { s.begin = throws; }).find("the store's begin threw") != std::string::npos);
  CHECK(story([](linecard_store& s) { s.rollback = nullptr; }).find("store_incomplete") != std::string::npos);
  trial t;
  auto check = t.check("a scan by the key");
  check.open = [](void*, std::int32_t) -> const linecard_store* { return nullptr; };
  CHECK(linecard_check_store(&check, nullptr) == LINECARD_E_CALLBACK);
  CHECK(t.text.find("expected a fresh store\n    got      no store\n") != std::string::npos);
}

TEST_CASE("C ABI: a check stops when its listener answers no 1, and a text in no promise is a broken one") {
  trial t{.stop_after = 2};
  auto check = t.check();
  caught why;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_CALLBACK);
  CHECK(why.reason() == "check_stopped");
  CHECK(t.verdicts.size() > 0);
  CHECK(t.text.find("a scan by the key") == std::string::npos);
  trial none;
  check = none.check("a promise that nobody made");
  CHECK(linecard_check_store(&check, why) == LINECARD_E_CALLBACK);
  CHECK(why.reason() == "promises_broken");
}

TEST_CASE("C ABI: a check without its callbacks or its version is refused by member") {
  trial t;
  caught why;
  CHECK(linecard_check_store(nullptr, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "argument_null");
  auto check = t.check();
  check.open = nullptr;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "check_incomplete");
  CHECK(why.path() == "/check/open");
  check = t.check();
  check.told = nullptr;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/check/told");
  check = t.check();
  check.abi = 0;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "abi_invalid");
  check.abi = LINECARD_ABI + 1;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_TOO_NEW);
  check = t.check();
  check.reserved = 1;
  CHECK(linecard_check_store(&check, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "reserved_invalid");
  CHECK(t.text.empty());
}
