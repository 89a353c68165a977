// Orders whose provider fails, dies, is late or is asked by many at once: one order_key, one number.
#include "directory/desk.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

using namespace kit;

ON_EVERY_STORE("S4.8 whatever a provider says or throws has one meaning, and never a number that is none") {
  desk w;
  struct meaning {
    std::function<provider_answer()> says;
    status code;
    const char* reason;
  };
  const std::vector<meaning> all{
      {[] { return later(""); }, status::busy, "temporary_failure"},
      {[] { return later("Sorry: 550"); }, status::busy, "provider_failed"},
      {[] { return later(std::string(65, 'a')); }, status::busy, "provider_failed"},
      {[]() -> provider_answer { throw std::runtime_error("no"); }, status::busy, "provider_threw"},
      {[]() -> provider_answer { throw 7; }, status::busy, "provider_threw"},
      {[] {
         return provider_answer{static_cast<errand_outcome>(77), "+14165550177", "x"};
       },
       status::busy, "x"},
      {[] { return provider_answer{}; }, status::busy, "temporary_failure"},
      {[] { return sells(""); }, status::busy, "number_invalid"},
      {[] { return sells("416 555 0177"); }, status::busy, "number_invalid"},
      {[] { return sells("+9990000000"); }, status::busy, "number_invalid"},
      {[] { return sells("+1416\xff\xfe"); }, status::busy, "number_invalid"},
      {[] { return sells(std::string(70'000, '1')); }, status::busy, "number_invalid"},
      {[] { return never(""); }, status::limit, "refused"},
      {[] { return never("No Stock"); }, status::limit, "provider_failed"},
  };
  for (std::size_t n = 0; n < all.size(); ++n) {
    CAPTURE(n);
    const auto key = "form-" + std::to_string(n);
    w.shop->answers = [&](const number_order&) { return all[n].says(); };
    const auto no = refused_with(w.order(key));
    CHECK(no.code == all[n].code);
    CHECK(no.reason == all[n].reason);
    CHECK(w.standing().size() == (all[n].code == status::busy ? 1 : 0));
    w.shop->answers = nullptr;
    static_cast<void>(must(w.order(key)));
  }
  CHECK(w.shop->sold.size() == all.size());
}

ON_EVERY_STORE("S4.8 a provider that dies once it has bought is asked under the same order, and buys once") {
  desk w;
  w.shop->answers = [&](const number_order& o) -> provider_answer {
    w.shop->sold[std::string(o.order_id)] = "+14165550177";
    throw std::runtime_error("the connection broke after the purchase");
  };
  CHECK(refused_with(w.order()).reason == "provider_threw");
  w.shop->answers = nullptr;
  CHECK(w.pumped() == "0 done, 0 postponed, 0 refused"); // not due yet
  w.pass(minute);
  CHECK(w.pumped() == "1 done, 0 postponed, 0 refused");
  CHECK(w.shop->sold.size() == 1);
  CHECK(w.inventory() == "+14165550177 Ulf");
  CHECK(must(w.order()).numbers.at(0).number == "+14165550177");
}

ON_EVERY_STORE("S4.8 while one process asks, nobody else does; once its ten minutes are over another one may") {
  desk w;
  const auto same_shop = std::make_shared<number_shop>();
  auto other = w.beside(same_shop);
  const auto there = must(other.open_actor("ada@acme.example", w.tenant_id));
  same_shop->answers = [](const number_order&) { return sells("+14165550177"); };
  std::string first, second;
  w.shop->answers = [&](const number_order&) {
    CHECK(desk::pumped(other) == "0 done, 0 postponed, 0 refused");
    const auto no = refused_with(other.run(there, w.ordered()));
    CHECK(no.code == status::busy);
    first = no.reason;
    CHECK(refused_with(other.preview(there, w.ordered())).reason == "errand_under_way");
    const auto id = must(other.ask(there, errands{})).errands.at(0).errand_id;
    second = refused_with(other.run(there, retry_errand{id})).reason;
    CHECK(same_shop->asked == 0);
    w.pass(errand_lease);
    CHECK(desk::pumped(other) == "1 done, 0 postponed, 0 refused");
    return sells("+14165550177");
  };
  const auto number = [](const receipt& done) { return done.numbers.at(0).number; };
  CHECK(number(must(w.order())) == "+14165550177"); // the other one was faster, and it is there
  CHECK(first == "errand_under_way");
  CHECK(second == "errand_under_way");
  CHECK(number(must(w.order())) == "+14165550177");
  CHECK(w.inventory() == "+14165550177 Ulf");
  CHECK(w.audited());
}

ON_EVERY_STORE(
    "S4.8 of two callers at one moment one asks, though the other read the order when it was taken already") {
  desk w;
  const auto same_shop = std::make_shared<number_shop>();
  std::promise<void> entered, release;
  w.shop->answers = [&](const number_order&) {
    entered.set_value();
    release.get_future().wait();
    return sells("+14165550177");
  };
  std::thread first;
  bool bought = false;
  const auto start_the_first = [&](const committed& c) {
    if (c.what.command != "get_number") return;
    first = std::thread([&] { bought = w.order().has_value(); });
    entered.get_future().wait();
  };
  auto other = must(directory::open({.store = std::make_unique<hard::lent_store>(w.whole),
                                     .clock = w.clock,
                                     .random = w.random,
                                     .after_commit = start_the_first,
                                     .provider = same_shop,
                                     .passwords = w.passwords},
                                    w.key));
  const auto there = must(other.open_actor("ada@acme.example", w.tenant_id));
  const auto second = other.run(there, w.ordered());
  release.set_value();
  if (first.joinable()) first.join();
  CHECK(refused_with(second).reason == "errand_under_way");
  CHECK(same_shop->asked == 0);
  CHECK(bought);
  CHECK(w.inventory() == "+14165550177 Ulf");
}

ON_EVERY_STORE("S4.8 a number that comes late counts, though another process has begun to ask again") {
  desk w;
  const auto same_shop = std::make_shared<number_shop>();
  auto other = w.beside(same_shop);
  int depth = 0;
  same_shop->answers = [&](const number_order&) { return later(); };
  w.shop->answers = [&](const number_order&) {
    if (++depth == 1) {
      w.pass(errand_lease);
      CHECK(desk::pumped(other) == "0 done, 1 postponed, 0 refused");
    }
    return sells("+14165550177");
  };
  static_cast<void>(must(w.order()));
  CHECK(w.inventory() == "+14165550177 Ulf");
  CHECK(w.standing().empty());
}

ON_EVERY_STORE("S4.8 a failure that comes late changes nothing of what another process has found since") {
  desk w;
  const auto same_shop = std::make_shared<number_shop>();
  auto other = w.beside(same_shop);
  same_shop->answers = [&](const number_order&) { return later("line_busy"); };
  w.shop->answers = [&](const number_order&) {
    w.pass(errand_lease);
    CHECK(desk::pumped(other) == "0 done, 1 postponed, 0 refused");
    return w.shop->asked == 1 ? later() : never();
  };
  CHECK(refused_with(w.order()).reason == "errand_under_way");
  CHECK(refused_with(w.order()).reason == "errand_under_way"); // refused as it was, the order stands
  REQUIRE(w.standing().size() == 1);
  CHECK(w.standing().front().attempts == 4);
  CHECK(w.standing().front().reason == "line_busy");
  CHECK(w.standing().front().next_attempt_at == w.clock->at + 8 * minute);
}

ON_EVERY_STORE("S4.8 orders with one order_key on several threads buy one number") {
  desk w;
  constexpr int threads = 6;
  std::atomic<int> done{}, busy{}, other{};
  std::vector<std::thread> callers;
  for (int n = 0; n < threads; ++n)
    callers.emplace_back([&] {
      for (;;) {
        const auto said = w.order();
        if (said) {
          ++done;
        } else if (said.error().code == status::busy) {
          ++busy;
          continue; // as the caller is told
        } else {
          ++other;
        }
        break;
      }
    });
  for (auto& caller : callers) caller.join();
  CHECK(done == threads); // each with the number
  CHECK(other == 0);
  CHECK(w.shop->sold.size() == 1);
  CHECK(w.shop->asked == 1);
  CHECK(w.inventory() == "+14165551001 Ulf");
  CHECK(w.standing().empty());
  CHECK(w.audited());
}

ON_EVERY_STORE("S4.8 pumps on several threads share the orders: each is asked once") {
  desk w;
  w.shop_says(later());
  constexpr int orders = most_open_orders;
  for (int n = 0; n < orders; ++n) static_cast<void>(refused_with(w.order("form-" + std::to_string(n))));
  w.shop->answers = nullptr;
  w.shop->asked = 0;
  w.pass(minute);
  std::atomic<int> done{}, failed{};
  std::vector<std::thread> pumps;
  for (int n = 0; n < 4; ++n)
    pumps.emplace_back([&] {
      for (int round = 0; round < orders; ++round) {
        const auto report = w.dir.pump_errands(orders);
        if (!report) ++failed;
        if (!report || report->done == 0) break;
        done += report->done;
      }
    });
  for (auto& pump : pumps) pump.join();
  done += must(w.dir.pump_errands(orders)).done;
  CHECK(failed == 0);
  CHECK(done == orders);
  CHECK(w.shop->asked == orders);
  CHECK(w.shop->sold.size() == orders);
}

TEST_CASE("I26 S4.8 a fault at any step of an order buys one number at most, and the same order_key ends with it") {
  using how = hard::fault_plan::how;
  for (const auto manner : {how::instead, how::after})
    for (const bool lasting : {false, true})
      for (int n = 1; n <= 60; ++n) {
        const auto plan = std::make_shared<hard::fault_plan>();
        desk w(std::make_shared<hard::faulty_store>(memory_store(), plan));
        plan->arm(n, manner, lasting);
        const auto said = w.order();
        const bool struck = plan->struck.has_value();
        plan->disarm();
        CAPTURE(n);
        CHECK(w.shop->sold.size() <= 1);
        w.pass(errand_lease);
        const auto again = w.order();
        CHECK(again.has_value());
        REQUIRE(w.shop->sold.size() == 1);
        CHECK(w.inventory() == w.shop->sold.begin()->second + " Ulf");
        CHECK(w.standing().empty());
        CHECK(w.audited());
        if (!struck) {
          CHECK(said.has_value());
          CHECK(n > 12); // the faults struck at all these calls
          break;
        }
        REQUIRE(n < 60);
      }
}

TEST_CASE("S4.8 the log names the errand that failed, louder when it is given up, and a host is told of its number") {
  struct kept_log final : log_sink {
    std::vector<std::string> failures{};
    void write(const log_event& what) override {
      if (what.event != "errand_failed") return;
      auto& line = failures.emplace_back(what.level == log_level::warning ? "warning" : "info");
      for (const auto& f : what.fields)
        line += " " + std::string(f.name) + "=" +
                (f.content.type == value_type::text
                     ? std::string(f.content.data, static_cast<std::size_t>(f.content.number))
                     : std::to_string(f.content.number));
    }
  };
  desk w;
  const auto kept = std::make_shared<kept_log>();
  std::vector<std::string> told;
  auto logging = must(directory::open({.store = std::make_unique<hard::lent_store>(w.whole),
                                       .clock = w.clock,
                                       .random = w.random,
                                       .after_commit =
                                           [&](const committed& c) {
                                             if (!c.what.numbers.empty())
                                               told.push_back(c.what.command + " " + c.what.numbers[0].number);
                                           },
                                       .provider = w.shop,
                                       .log = kept,
                                       .passwords = w.passwords},
                                      w.key));
  const auto there = must(logging.open_actor("ada@acme.example", w.tenant_id));
  std::string id;
  w.shop->answers = [&](const number_order& o) {
    id = std::string(o.order_id);
    return w.shop->asked == 1 ? later() : never();
  };
  static_cast<void>(refused_with(logging.run(there, w.ordered())));
  static_cast<void>(refused_with(logging.run(there, w.ordered())));
  REQUIRE(kept->failures.size() == 2);
  const auto fields = " operation=settle_errand scope_id=" + to_text(w.tenant_id) + " errand_id=" + id;
  CHECK(kept->failures[0] == "info" + fields + " reason=shop_closed attempt=1");
  CHECK(kept->failures[1] == "warning" + fields + " reason=none_in_stock attempt=2");
  w.shop->answers = nullptr;
  static_cast<void>(must(logging.run(there, w.ordered())));
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "settle_errand +14165551001");
}
