// Numbers from a host's provider and messages for its keeper, through the C ABI: what they may answer, and the pump.
#include "kit.hpp"

#include <linecard_c.hpp>

#include <pthread.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace capi;

namespace {

/// A provider and a keeper that remember, with a hook each.
struct shop {
  std::map<std::string, std::string> sold{}; ///< by order_id
  std::vector<std::string> orders{};         ///< "errand_... for user_... +1416"
  std::vector<std::string> handed{};         ///< "errand_... from ext-1 to "
  int destroyed = 0;
  std::function<std::int32_t(linecard_bought*, linecard_failure*)> on_order{};
  std::function<std::int32_t(linecard_failure*)> on_handover{};
  linecard_provider provider = LINECARD_PROVIDER_INIT;
  linecard_assets assets = LINECARD_ASSETS_INIT;

  shop() {
    provider.self = assets.self = this;
    provider.destroy = assets.destroy = [](void* self) { ++static_cast<shop*>(self)->destroyed; };
    provider.order = [](void* self, const linecard_number_order* o, linecard_bought* bought,
                        linecard_failure* failure) {
      auto& me = *static_cast<shop*>(self);
      CHECK(o->struct_size == sizeof *o);
      CHECK(o->tenant_id != 0);
      me.orders.push_back(std::string(o->order_id) + " for " + (o->user_id ? id_text(o->user_id) : "nobody") + " " +
                          o->prefix);
      if (me.on_order) return me.on_order(bought, failure);
      auto& number = me.sold[o->order_id];
      if (number.empty()) number = "+1416555" + std::to_string(1000 + me.sold.size());
      return linecard_give_number(bought, number.c_str());
    };
    assets.hand_over = [](void* self, const linecard_handover* h, linecard_failure* failure) {
      auto& me = *static_cast<shop*>(self);
      CHECK(h->struct_size == sizeof *h);
      CHECK(h->user_id != 0);
      CHECK(h->to_user_id != 0);
      CHECK(h->tenant_id != 0);
      me.handed.push_back(std::string(h->handover_id) + " from " + h->external_ref + " to " + h->to_external_ref);
      return me.on_handover ? me.on_handover(failure) : LINECARD_DONE;
    };
  }
  shop(const shop&) = delete;
  shop& operator=(const shop&) = delete;

  [[nodiscard]] linecard_options on(linecard_options options = in_memory()) const {
    options.provider = &provider;
    options.assets = &assets;
    return options;
  }
};

/// A clock that the test moves.
struct hand_clock {
  std::int64_t at = 1'790'000'000'000;
  linecard_clock table = LINECARD_CLOCK_INIT;
  hand_clock() {
    table.self = this;
    table.now = [](void* self, std::int64_t* milliseconds) {
      *milliseconds = static_cast<hand_clock*>(self)->at;
      return LINECARD_DONE;
    };
  }
  hand_clock(const hand_clock&) = delete;
  hand_clock& operator=(const hand_clock&) = delete;
};

std::string order_of(const std::string& key, linecard_id user_id = 0) {
  return R"({"order_key":")" + key + '"' + (user_id ? R"(,"user_id":")" + id_text(user_id) + '"' : "") +
         R"(,"prefix":"+1416"})";
}

struct told {
  std::int32_t status;
  std::string reason, answer;
};
told order(linecard_actor* as, const std::string& json) {
  caught why;
  linecard_text* answer = nullptr;
  const auto status = linecard_call(as, "get_number", nul, json.data(), json.size(), &answer, why);
  if (status != LINECARD_OK) return {status, why.reason(), {}};
  return {status, {}, text_of(answer)};
}

linecard_errands_pumped pump(linecard_directory* of, std::int32_t limit = 100) {
  caught why;
  linecard_errands_pumped done = LINECARD_ERRANDS_PUMPED_INIT;
  ok(linecard_pump_errands(of, limit, &done, why), why);
  return done;
}

std::string refused(const linecard_options& options) {
  caught why;
  linecard_text* key = nullptr;
  linecard_directory* directory = nullptr;
  CHECK(linecard_create(&options, &key, &directory, why) != LINECARD_OK);
  CHECK(directory == nullptr);
  return why.reason() + " " + why.path();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("C ABI: S4.8 a host's provider is ordered from once, and its number is the user's in one step") {
  shop s;
  {
    house h(s.on());
    const auto ulf = adopt(h.tenant, "Ulf", "ulf@acme.example");
    const auto done = order(h.tenant, order_of("form-7", ulf));
    REQUIRE(done.status == LINECARD_OK);
    CHECK(has(done.answer, R"("command":"get_number")"));
    CHECK(has(done.answer, R"("numbers":[{"number":"+14165551001","user_id":")" + id_text(ulf)));
    REQUIRE(s.orders.size() == 1);
    CHECK(s.orders.front() == s.sold.begin()->first + " for " + id_text(ulf) + " +1416");
    const auto again = order(h.tenant, order_of("form-7", ulf));
    CHECK(again.status == LINECARD_OK);
    CHECK(has(again.answer, R"("numbers":[{"number":"+14165551001")"));
    CHECK(has(again.answer, R"("changes":[])"));
    CHECK(order(h.tenant, order_of("spare")).status == LINECARD_OK);
    CHECK(has(s.orders.back(), " for nobody +1416"));
    CHECK(s.orders.size() == 2);
    CHECK(s.destroyed == 0);
  }
  CHECK(s.destroyed == 2);
}

TEST_CASE("C ABI: S4.8 each answer of a provider has one meaning; what is no answer is asked again") {
  struct meaning {
    std::function<std::int32_t(linecard_bought*, linecard_failure*)> answers;
    std::int32_t status;
    const char* reason;
  };
  const auto fails = [](std::int32_t status, const char* reason) {
    return [=](linecard_bought*, linecard_failure* f) { return linecard_fail(f, status, reason, "never shown"); };
  };
  const auto gives = [](const char* number) {
    return [=](linecard_bought* b, linecard_failure*) { return linecard_give_number(b, number); };
  };
  const std::string long_one = "+1416555" + std::string(70'000, '1'), cut = "+14165550100" + std::string(20, '\x01');
  const meaning all[] = {
      {fails(LINECARD_E_BUSY, "shop_closed"), LINECARD_E_BUSY, "shop_closed"},
      {fails(LINECARD_E_BUSY, nullptr), LINECARD_E_BUSY, "temporary_failure"},
      {fails(LINECARD_E_BUSY, "503 Sorry"), LINECARD_E_BUSY, "provider_failed"},
      {fails(LINECARD_E_BUSY, "\xff\xfe"), LINECARD_E_BUSY, "provider_failed"},
      {fails(LINECARD_E_DENIED, "none_in_stock"), LINECARD_E_LIMIT, "none_in_stock"},
      {fails(LINECARD_E_DENIED, nullptr), LINECARD_E_LIMIT, "refused"},
      {fails(LINECARD_E_STORE, "x"), LINECARD_E_BUSY, "provider_callback"},
      {[](linecard_bought* b, linecard_failure*) { return linecard_give_number(b, "+14165550100") - 1; },
       LINECARD_E_BUSY, "answered_ok"}, // LINECARD_OK, which is 0
      {[](linecard_bought*, linecard_failure*) { return 10919288; }, LINECARD_E_BUSY, "provider_callback"},
      {[](linecard_bought*, linecard_failure*) -> std::int32_t { throw std::runtime_error("no"); }, LINECARD_E_BUSY,
       "provider_callback"},
      {[](linecard_bought*, linecard_failure*) { return LINECARD_DONE; }, LINECARD_E_BUSY, "number_invalid"},
      {gives(nullptr), LINECARD_E_BUSY, "number_invalid"},
      {gives(""), LINECARD_E_BUSY, "number_invalid"},
      {gives("0416 555"), LINECARD_E_BUSY, "number_invalid"},
      {gives("+1416555\xff"), LINECARD_E_BUSY, "number_invalid"},
      {gives(long_one.c_str()), LINECARD_E_BUSY, "number_invalid"},
      {gives(cut.c_str()), LINECARD_E_BUSY, "number_invalid"},
  };
  shop s;
  house h(s.on());
  for (std::size_t n = 0; n < std::size(all); ++n) {
    CAPTURE(n);
    const auto key = "form-" + std::to_string(n);
    s.on_order = all[n].answers;
    const auto no = order(h.tenant, order_of(key));
    CHECK(no.status == all[n].status);
    CHECK(no.reason == all[n].reason);
    const bool stands = all[n].status == LINECARD_E_BUSY;
    CHECK(has(call(h.tenant, "errands", "{}"), R"("reason":")" + no.reason + '"') == stands);
    const auto first = s.orders.back();
    s.on_order = nullptr;
    CHECK(order(h.tenant, order_of(key)).status == LINECARD_OK);
    CHECK((s.orders.back() == first) == stands);
  }
  CHECK(linecard_give_number(nullptr, "+14165550100") == LINECARD_DONE);
  s.on_order = [](linecard_bought* b, linecard_failure*) {
    (void)linecard_give_number(b, "garbage");
    return linecard_give_number(b, "+14165550199");
  };
  CHECK(has(order(h.tenant, order_of("twice")).answer, "+14165550199"));
}

TEST_CASE("C ABI: S4.8 the pump goes on with an order that stands, and says so; its report may be of any age") {
  hand_clock clock;
  shop s;
  auto options = s.on();
  options.clock = &clock.table;
  house h(options);
  s.on_order = [](linecard_bought*, linecard_failure* f) {
    return linecard_fail(f, LINECARD_E_BUSY, nullptr, nullptr);
  };
  for (const auto* key : {"a", "b"}) CHECK(order(h.tenant, order_of(key)).status == LINECARD_E_BUSY);
  CHECK(pump(h.directory).postponed == 0); // not due yet
  clock.at += 60'000;
  CHECK(pump(h.directory).postponed == 2);
  s.on_order = nullptr;
  clock.at += 120'000;
  const auto one = pump(h.directory, 1);
  CHECK(one.done == 1);
  CHECK(one.more == 1);
  struct {
    std::uint32_t struct_size, done, beyond[8];
  } older{8, 0, {7, 7, 7, 7, 7, 7, 7, 7}};
  caught why;
  ok(linecard_pump_errands(h.directory, 1, reinterpret_cast<linecard_errands_pumped*>(&older), why), why);
  CHECK(older.done == 1);
  for (const auto untouched : older.beyond) CHECK(untouched == 7);
  struct {
    linecard_errands_pumped known;
    std::uint64_t beyond;
  } newer{LINECARD_ERRANDS_PUMPED_INIT, 0};
  newer.known.struct_size = sizeof newer;
  ok(linecard_pump_errands(h.directory, 1, &newer.known, why), why);
  CHECK(newer.known.done == 0);
  CHECK(newer.known.struct_size == sizeof newer);
  ok(linecard_pump_errands(h.directory, 1, nullptr, why), why);
  CHECK(s.sold.size() == 2);
}

TEST_CASE("C ABI: linecard_pump_errands refuses what is no directory, no limit, no struct and no adapter") {
  caught why;
  linecard_errands_pumped done = LINECARD_ERRANDS_PUMPED_INIT;
  const house asks_nobody;
  CHECK(linecard_pump_errands(asks_nobody.directory, 1, &done, why) == LINECARD_OK); // it forgets what is over
  CHECK(done.done == 0);
  CHECK(order(asks_nobody.tenant, order_of("form-7")).reason == "provider_missing");
  shop s;
  house h(s.on());
  for (const std::int32_t bad : {0, -1, 10'001, INT32_MAX}) {
    CHECK(linecard_pump_errands(h.directory, bad, &done, why) == LINECARD_E_INVALID);
    CHECK(why.path() == "/limit");
  }
  CHECK(linecard_pump_errands(nullptr, 1, &done, why) == LINECARD_E_INVALID);
  done.struct_size = 2;
  CHECK(linecard_pump_errands(h.directory, 1, &done, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "struct_size_invalid");
}

TEST_CASE("C ABI: provider and assets are judged at open, and ended once whatever becomes of it") {
  const auto with = [](auto change, int ended = 2) {
    shop s;
    change(s);
    auto said = refused(s.on());
    CHECK(s.destroyed == ended);
    return said;
  };
  CHECK(with([](shop& s) { s.provider.order = nullptr; }) == "provider_incomplete /provider/order");
  CHECK(with([](shop& s) { s.assets.hand_over = nullptr; }) == "assets_incomplete /assets/hand_over");
  CHECK(with([](shop& s) { s.provider.abi = 0; }) == "abi_invalid /provider/abi");
  CHECK(with([](shop& s) { s.assets.abi = LINECARD_ABI + 1; }) == "abi_too_new /assets/abi");
  CHECK(with([](shop& s) { s.provider.struct_size = 3; }, 1).starts_with("struct_size_invalid"));
  CHECK(with([](shop& s) { s.assets.struct_size = sizeof(linecard_assets) - 8; }) ==
        "assets_incomplete /assets/hand_over"); // of before it had one
  struct {
    linecard_provider known;
    const void* beyond;
  } newer{LINECARD_PROVIDER_INIT, nullptr};
  const shop s;
  newer.known = s.provider;
  newer.known.struct_size = sizeof newer;
  auto options = in_memory();
  options.provider = &newer.known;
  {
    const house h(options); // a tail of zeros asks for nothing new
    CHECK(order(h.tenant, order_of("form-7")).status == LINECARD_OK);
  }
  newer.beyond = &newer;
  CHECK(refused(options) == "struct_too_new /provider");
}

TEST_CASE("C ABI: a provider that calls back is refused; pthread_exit inside one leaves the order standing") {
  hand_clock clock;
  shop s;
  auto options = s.on();
  options.clock = &clock.table;
  house h(options);
  std::int32_t inside = LINECARD_OK;
  s.on_order = [&](linecard_bought* b, linecard_failure*) {
    inside = linecard_pump_errands(h.directory, 1, nullptr, nullptr);
    return linecard_give_number(b, "+14165550100");
  };
  CHECK(order(h.tenant, order_of("form-7")).status == LINECARD_OK);
  CHECK(inside == LINECARD_E_REENTRANT);
  s.on_order = [](linecard_bought*, linecard_failure*) -> std::int32_t { pthread_exit(nullptr); };
  std::thread([&] {
    const std::unique_ptr<linecard_actor, void (*)(linecard_actor*)> mine(h.open(h.tenant_id), linecard_actor_free);
    (void)order(mine.get(), order_of("form-8"));
  }).join();
  s.on_order = nullptr;
  CHECK(order(h.tenant, order_of("form-8")).reason == "errand_under_way");
  CHECK(pump(h.directory).done == 0); // taken, and due again when its ten minutes are over
  clock.at += 600'000;
  CHECK(pump(h.directory).done == 1);
  CHECK(order(h.tenant, order_of("form-8")).status == LINECARD_OK);
}

TEST_CASE("C ABI: messages are handed over under one id; what is refused stands until it is retried") {
  shop s;
  house h(s.on());
  auto x = person("Xu", "xu@acme.example");
  x.external_ref = "ext-1";
  caught why;
  linecard_id from = 0;
  ok(linecard_adopt_user(h.tenant, &x, &from, why), why);
  const auto to = adopt(h.tenant, "Vera", "vera@acme.example");
  s.on_handover = [](linecard_failure*) -> std::int32_t { throw std::runtime_error("no"); };
  confirmed(h.tenant, "delete_user",
            R"({"user_id":")" + id_text(from) + R"(","assets_to":")" + id_text(to) + "\"}"); // told at once
  CHECK(has(call(h.tenant, "errands", "{}"), R"("reason":"assets_callback")"));
  const auto listed = call(h.tenant, "errands", "{}");
  const auto id = s.handed.front().substr(0, s.handed.front().find(' '));
  CHECK(has(listed, id));
  const auto retry = [&] { call(h.tenant, "retry_errand", R"({"errand_id":")" + id + "\"}"); };
  s.on_handover = [](linecard_failure* f) { return linecard_fail(f, LINECARD_E_DENIED, "mailbox_locked", nullptr); };
  retry();
  CHECK(pump(h.directory).refused == 1);
  CHECK(has(call(h.tenant, "errands", "{}"), R"("reason":"mailbox_locked")"));
  CHECK(pump(h.directory).refused == 0);
  s.on_handover = nullptr;
  retry();
  CHECK(pump(h.directory).done == 1);
  CHECK_FALSE(has(call(h.tenant, "errands", "{}"), id));
  REQUIRE(s.handed.size() == 3);
  for (const auto& one : s.handed) CHECK(one == id + " from ext-1 to ");
}

TEST_CASE("C ABI: S4.8 linecard_c.hpp pumps errands, and throws what is refused") {
  const shop s;
  std::string key;
  auto made = linecard_c::directory::create(s.on(), key);
  CHECK(made.pump_errands().done == 0);
  CHECK_THROWS_AS(made.pump_errands(0), linecard_c::error);
}
