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

/// What 32 threads were answered, counted and sorted: "31 token_invalid, 1 won".
template <class Each> std::string answers_of_32(Each each) {
  std::map<std::string, int> said;
  std::mutex mutex;
  together(32, [&](int n) {
    const auto told = each(n);
    const std::scoped_lock hold(mutex);
    ++said[told];
  });
  std::string out;
  for (const auto& [one, count] : said) out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + one;
  return out;
}

/// Waiting longer than the store's patience is no answer on a loaded machine: it is asked again.
template <class C> std::string answer(directory& dir, const actor& as, const C& c) {
  for (;;) {
    const auto done = dir.run(as, c);
    if (done) return "won";
    if (done.error().code != status::busy) return done.error().reason;
  }
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
  const auto said = answers_of_32([&](int) {
    return answer(w.dir, w.visitor,
                  accept_invitation{.token = secret_text(token), .password = secret_text(good_password)});
  });
  CHECK(said == "31 token_invalid, 1 won");
  CHECK(w.pool(w.plus).used == 1);
  CHECK(w.signs_in("ina@acme.example"));
}

/// Read by many threads while one sets it.
struct stepping_clock final : linecard::clock {
  std::atomic<std::int64_t> at;
  explicit stepping_clock(instant from) : at(from.milliseconds) {}
  instant now() override { return {at}; }
};

ON_EVERY_STORE("I14 I15 among 32 threads with altered, misdirected and late tokens only the right one succeeds, once") {
  postal_world w;
  const auto clock = std::make_shared<stepping_clock>(w.clock->at);
  const auto ina = w.welcomed("Ina", "Invited", "ina@acme.example", "member", w.plus);
  const auto token = w.token_to("ina@acme.example");
  w.joined("bea@acme.example");
  REQUIRE(w.dir.run(w.visitor, request_password_reset{.email = "bea@acme.example"}));
  const auto reset = w.token_to("bea@acme.example");
  auto dir = must(directory::open({.store = std::make_unique<hard::lent_store>(w.rows),
                                   .clock = clock,
                                   .mail = mail_through(w.mail),
                                   .passwords = w.passwords},
                                  w.key));
  const auto visitor = dir.open_visitor();
  const auto elsewhere = must(dir.open_actor("otto@other.example", w.other_id));
  const auto accept = [&](const actor& as, const std::string& text) {
    return answer(dir, as, accept_invitation{.token = secret_text(text), .password = secret_text(good_password)});
  };
  const auto complete = [&](const std::string& text) {
    return answer(dir, visitor,
                  complete_password_reset{.token = secret_text(text), .password = secret_text(other_password)});
  };
  // Altered everywhere, for the other purpose, and by somebody of another tenant: none of it spends the right one.
  auto said = answers_of_32([&](int n) {
    auto flipped = token;
    auto& c = flipped[static_cast<std::size_t>(n) * flipped.size() / 32];
    c = static_cast<char>(c ^ 1 << n % 6);
    return n % 4 == 0   ? accept(elsewhere, token)
           : n % 4 == 1 ? complete(token)
                        : accept(visitor, n % 4 == 2 ? reset : flipped);
  });
  CHECK(said == "24 token_invalid, 8 token_of_another");
  // Late by nothing at all.
  clock->at = w.clock->at.milliseconds + invitation_life;
  CHECK(answers_of_32([&](int) { return accept(visitor, token); }) == "32 token_expired");
  // The clock goes to and fro over the last instant while they try until it is spent.
  said = answers_of_32([&](int n) {
    for (;;) {
      if (n < 4) clock->at = w.clock->at.milliseconds + invitation_life - n % 2;
      if (const auto answer = accept(visitor, token); answer != "token_expired") return answer;
    }
  });
  CHECK(said == "31 token_invalid, 1 won");
  CHECK(must(w.dir.ask(w.admin, find_user{.user_id = ina})).state == user_state::active);
  CHECK(w.pool(w.plus).used == 1);
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

TEST_CASE("I18 of 4 processes and 8 threads that guess one code none has a try beyond the budget") {
  for (const auto kind : kinds()) {
    const shared_storage here(kind);
    postal_world w(std::shared_ptr<store>(here.open()));
    w.clock->at = system_now();
    w.joined("ina@acme.example");
    REQUIRE(w.dir.run(must(w.dir.open_actor("ina@acme.example")), set_second_factor{second_factor::mailbox}));
    const auto waiting = w.session_of("ina@acme.example");
    const auto right = std::stoi(w.token_to("ina@acme.example"));
    const auto wrong = [&](int n) { return (right + 1 + n) % 900'000; };
    std::vector<std::string> all;
    for (int n = 0; n < 4; ++n)
      all.push_back(spender(here, w.key, "code " + waiting + " " + std::to_string(wrong(n * 7)) + " 0 5"));
    std::map<std::string, int> told;
    std::mutex mutex;
    std::thread inside([&] {
      together(8, [&](int n) {
        for (int i = 0; i < 5; ++i) {
          const auto code = std::to_string(1'000'000 + wrong(100 + n * 5 + i)).substr(1);
          const auto one =
              answer(w.dir, w.visitor, confirm_code{.token = secret_text(waiting), .code = secret_text(code)});
          const std::scoped_lock hold(mutex);
          ++told[one];
        }
      });
    });
    auto said = said_by(all);
    inside.join();
    CHECK(said["code_wrong"] + told["code_wrong"] == tries_of_code.most); // all of the budget, and not one more
    CHECK(said["too_many_tries"] + told["too_many_tries"] == 4 * 5 + 8 * 5 - tries_of_code.most);
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
