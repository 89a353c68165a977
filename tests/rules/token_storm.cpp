// Many at once on one token or one code: threads and processes, on every store that several can share.
#include <linecard/rules/signing_in.hpp>

#include "rules/postal_world.hpp"

#include <linecard/rules/challenges.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <thread>

using namespace kit;

namespace {

struct pipe_closer {
  void operator()(std::FILE* f) const { static_cast<void>(pclose(f)); }
};

/// What several processes said, counted; each is started before any is listened to.
std::map<std::string, int> said_by(const std::vector<std::string>& commands) {
  std::vector<std::unique_ptr<std::FILE, pipe_closer>> running;
  for (const auto& command : commands) {
    running.emplace_back(popen(command.c_str(), "r"));
    REQUIRE(running.back());
  }
  std::map<std::string, int> said;
  std::array<char, 256> line{};
  for (const auto& from : running)
    while (std::fgets(line.data(), static_cast<int>(line.size()), from.get())) {
      std::string word(line.data());
      word.resize(word.find_last_not_of('\n') + 1);
      ++said[word];
    }
  return said;
}

std::string spender(const shared_storage& in, const host_key& key, const std::string& rest) {
  return std::string(LINECARD_TEST_PROCESSES "/token_spender '") + in.name() + "' " + key.text() + " " + rest;
}

template <class Each> void together(int threads, Each each) {
  std::barrier start(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      each(i);
    });
  for (auto& t : running) t.join();
}

/// What the processes' clock says.
instant system_now() {
  using namespace std::chrono;
  return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

std::vector<store_kind> kinds() {
#if LINECARD_HAS_POSTGRES
  return {store_kind::sqlite, store_kind::postgres};
#else
  return {store_kind::sqlite};
#endif
}

} // namespace

ON_EVERY_STORE("I14 of 32 threads with one token exactly one succeeds") {
  postal_world w;
  w.welcomed("Ina", "Invited", "ina@acme.example", "member", w.plus);
  const auto token = w.token_to("ina@acme.example");
  std::atomic<int> won{0}, refused{0};
  std::mutex other_mutex;
  std::string other;
  together(32, [&](int) {
    for (;;) {
      const auto done = w.accept(token, good_password);
      if (!done && done.error().code == status::busy) continue;
      if (done)
        ++won;
      else if (done.error().reason == "token_invalid")
        ++refused;
      else
        other = (std::scoped_lock(other_mutex), done.error().reason + ": " + done.error().message);
      return;
    }
  });
  CHECK(won == 1);
  CHECK(other == "");
  CHECK(refused == 31);
  CHECK(w.pool(w.plus).used == 1);
  CHECK(w.signs_in("ina@acme.example"));
}

TEST_CASE("I14 of 4 processes with one token exactly one succeeds") {
  for (const auto kind : kinds()) {
    const shared_storage here(kind);
    postal_world w(std::shared_ptr<store>(here.open()));
    w.clock->at = system_now();
    w.welcomed("Ina", "Invited", "ina@acme.example");
    const auto one = spender(here, w.key, "accept " + w.token_to("ina@acme.example") + " 3");
    auto said = said_by({one, one, one, one});
    CHECK(said["won"] == 1);
    CHECK(said["token_invalid"] == 11);
    CHECK(said["done"] == 4);
  }
}

TEST_CASE("I18 of 4 processes that guess one code none has a try beyond the budget, nor do new sign-ins give more") {
  for (const auto kind : kinds()) {
    const shared_storage here(kind);
    postal_world w(std::shared_ptr<store>(here.open()));
    w.clock->at = system_now();
    w.joined("ina@acme.example");
    REQUIRE(w.dir.run(must(w.dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox}));
    int tried = 0, limited = 0;
    for (int round = 0; round < 6; ++round) {
      const auto waiting = w.session_of("ina@acme.example");
      const auto right = std::stoi(w.token_to("ina@acme.example"));
      const auto wrong = [&](int n) { return std::to_string((right + 1 + n) % 900'000); };
      std::vector<std::string> all;
      for (int n = 0; n < 4; ++n) all.push_back(spender(here, w.key, "code " + waiting + " " + wrong(n * 7) + " 0 5"));
      auto said = said_by(all);
      CHECK(said["won"] == 0);
      CHECK(said["code_wrong"] <= tries_of_code.most);
      CHECK(said["code_wrong"] + said["too_many_tries"] == 20);
      tried += said["code_wrong"], limited += said["too_many_tries"];
    }
    CHECK(tried == tries_of_account_codes.most);
    CHECK(limited == 6 * 20 - tried);
  }
}
