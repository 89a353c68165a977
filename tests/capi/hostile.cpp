// Hosts whose callbacks break their contract: the call fails with a status that says so, the transaction is rolled
// back, and the directory goes on, unless the host jumped out of it.
#include "leaks_allowed.hpp"
#include "tricky_store.hpp"

#include <pthread.h>

#include <csetjmp>
#include <stdexcept>

using namespace capi;

namespace {

const std::string new_service = R"({"service":"video"})";

std::int32_t enable(linecard_actor* as, caught& why) {
  linecard_text* answer = nullptr;
  const auto status = linecard_call(as, "enable_service", nul, new_service.data(), new_service.size(), &answer, why);
  CHECK((answer != nullptr) == (status == LINECARD_OK));
  linecard_text_free(answer);
  return status;
}

/// After whatever went wrong: nothing stands, no transaction is open, and the next command works.
void still_usable(house& h, tricky_store& store, const std::string& before) {
  store.before = nullptr, store.after = nullptr, store.on_scan = nullptr;
  CHECK(store.open == 0);
  CHECK(digest(h.directory) == before);
  caught why;
  ok(enable(h.tenant, why), why);
  CHECK(digest(h.directory) != before);
}

std::int32_t create(const linecard_options& options, caught& why) {
  linecard_text* key = nullptr;
  linecard_directory* made = nullptr;
  const auto status = linecard_create(&options, &key, &made, why);
  linecard_text_free(key);
  linecard_close(made);
  return status;
}

const char* const fallible[] = {"begin", "scan", "apply", "commit"};

} // namespace

TEST_CASE("C host: I26 a callback that throws is E_CALLBACK, rolled back, and the directory stays usable") {
  for (const std::string name : fallible) {
    CAPTURE(name);
    tricky_store store;
    house h(store.options());
    const auto before = digest(h.directory);
    caught why;
    store.before = [&](const std::string& callback) -> std::optional<std::int32_t> {
      if (callback == name) throw std::runtime_error("host");
      return {};
    };
    CHECK(enable(h.tenant, why) == LINECARD_E_CALLBACK);
    CHECK(why.reason() == "store_callback");
    CHECK(why.message().find(name) != std::string::npos);
    still_usable(h, store, before);
  }
}

TEST_CASE("C host: I26 an answer that is none is E_CALLBACK, before and after the work was done") {
  for (const std::string name : fallible)
    for (const std::int32_t answer : {0, 2, -1, -2, -99, 10919288, INT32_MIN, INT32_MAX})
      for (const bool afterwards : {false, true}) {
        if (afterwards && name == "commit") continue; // committed and denied: no library can tell
        CAPTURE(name);
        CAPTURE(answer);
        tricky_store store;
        house h(store.options());
        const auto before = digest(h.directory);
        caught why;
        if (afterwards)
          store.after = [&](const std::string& callback, std::int32_t given) {
            return callback == name ? answer : given;
          };
        else
          store.before = [&](const std::string& callback) -> std::optional<std::int32_t> {
            if (callback == name) return answer;
            return {};
          };
        CHECK(enable(h.tenant, why) == LINECARD_E_CALLBACK);
        CHECK(why.reason() == "store_callback");
        still_usable(h, store, before);
      }
}

TEST_CASE("C host: the answers of the contract come through with the host's reason, a conflict runs the rule again") {
  tricky_store store;
  house h(store.options());
  const auto before = digest(h.directory);
  caught why;
  const std::pair<std::int32_t, const char*> usual[] = {
      {LINECARD_E_BUSY, "store_busy"},        {LINECARD_E_STORE, "store_failed"},
      {LINECARD_E_LIMIT, "value_too_big"},    {LINECARD_E_NO_MEMORY, "no_memory"},
      {LINECARD_E_TOO_NEW, "schema_too_new"}, {LINECARD_E_CALLBACK, "store_callback"}};
  for (const auto& [status, reason] : usual)
    for (const std::string name : fallible) {
      store.before = [&, s = status](const std::string& callback) -> std::optional<std::int32_t> {
        if (callback == name) return s;
        return {};
      };
      CHECK(enable(h.tenant, why) == status);
      CHECK(why.reason() == reason);
    }
  int conflicts = 3;
  store.before = [&](const std::string& callback) -> std::optional<std::int32_t> {
    if (callback == "commit" && conflicts-- > 0) return LINECARD_E_CONFLICT;
    return {};
  };
  store.calls.clear();
  ok(enable(h.tenant, why), why);
  CHECK(store.calls["commit"] == 4);
  CHECK(store.calls["rollback"] == 3);
  CHECK(digest(h.directory) != before);
}

TEST_CASE("C host: what linecard_fail says reaches the caller, cut and cleaned") {
  tricky_store store;
  house h(store.options());
  caught why;
  const std::string endless(5000, 'x');
  struct said {
    const char *reason, *message, *heard_reason, *heard_message;
  };
  const said words[] = {{"disk_full", "no room", "disk_full", "no room"},
                        {"Not a slug", "caf\xc3\xa9\n", "store_failed", "caf???"},
                        {nullptr, nullptr, "store_failed", "the store's begin failed"},
                        {endless.c_str(), endless.c_str(), nullptr, nullptr}};
  static const said* now = nullptr;
  store.table().begin = [](void*, int32_t, void**, linecard_failure* f) {
    return linecard_fail(f, LINECARD_E_STORE, now->reason, now->message);
  };
  tricky_store second;
  second.table().prepare = [](void*, const linecard_table* const*, size_t, linecard_failure* f) {
    return linecard_fail(f, LINECARD_E_STORE, now->reason, now->message);
  };
  now = &words[0];
  CHECK(create(second.options(), why) == LINECARD_E_STORE);
  CHECK(why.reason() == "disk_full");
  CHECK(why.message() == "no room");
  CHECK(second.calls["close"] == 1);
  for (const said& w : words) {
    tricky_store third;
    third.table().begin = store.table().begin;
    now = &w;
    CHECK(create(third.options(), why) == LINECARD_E_STORE);
    if (w.heard_reason) CHECK(why.reason() == w.heard_reason);
    if (w.heard_message) CHECK(why.message() == w.heard_message);
    CHECK(why.reason().size() < 64);
    CHECK(why.message().size() < 400);
  }
}

TEST_CASE("C host: begin must set a transaction and commit must count, which open finds out") {
  caught why;
  tricky_store forgetful;
  forgetful.hide_transaction = true;
  CHECK(create(forgetful.options(), why) == LINECARD_E_CALLBACK);
  CHECK(why.message().find("begin") != std::string::npos);
  CHECK(forgetful.calls["close"] == 1);
  tricky_store lying;
  lying.hide_commit = true;
  CHECK(create(lying.options(), why) == LINECARD_E_CALLBACK);
  CHECK(why.message().find("commit") != std::string::npos);
  CHECK(lying.calls["close"] == 1);
}

TEST_CASE("C host: close is called exactly once, whatever becomes of create") {
  caught why;
  tricky_store good;
  { house h(good.options()); }
  CHECK(good.calls["close"] == 1);
  CHECK(good.open == 0);

  tricky_store refused;
  auto options = refused.options();
  options.host_key = "lckey1_";
  CHECK(create(options, why) == LINECARD_E_INVALID);
  options = refused.options(), options.memory = 1;
  CHECK(refused.calls["close"] == 1);

  const auto incomplete = [&](auto drop, const char* path) {
    tricky_store store;
    drop(store.table());
    CHECK(create(store.options(), why) == LINECARD_E_INVALID);
    CHECK(why.reason() == "store_incomplete");
    CHECK(why.path() == path);
    CHECK(store.calls["close"] == 1);
  };
  incomplete([](linecard_store& s) { s.prepare = nullptr; }, "/store/prepare");
  incomplete([](linecard_store& s) { s.begin = nullptr; }, "/store/begin");
  incomplete([](linecard_store& s) { s.scan = nullptr; }, "/store/scan");
  incomplete([](linecard_store& s) { s.apply = nullptr; }, "/store/apply");
  incomplete([](linecard_store& s) { s.commit = nullptr; }, "/store/commit");
  incomplete([](linecard_store& s) { s.rollback = nullptr; }, "/store/rollback");

  tricky_store newer;
  newer.table().abi = LINECARD_ABI + 1;
  CHECK(create(newer.options(), why) == LINECARD_E_TOO_NEW);
  CHECK(why.reason() == "abi_too_new");
  CHECK(newer.calls["close"] == 1);

  tricky_store unopened;
  linecard_directory* made = nullptr;
  auto opening = unopened.options();
  CHECK(linecard_open(&opening, &made, why) == LINECARD_E_INVALID);
  CHECK(unopened.calls["close"] == 1);
  CHECK(linecard_create(nullptr, nullptr, nullptr, why) == LINECARD_E_INVALID);
}

TEST_CASE("C host: rows that cannot be fail the scan") {
  caught why;
  const linecard_value nothing[70] = {};
  const linecard_value typeless{9, 0, 0, nullptr}, bodiless{LINECARD_BYTES_TEXT, 0, 3, nullptr},
      negative{LINECARD_BYTES_BLOB, 0, -1, "x"};
  using requests = const linecard_scan_request* const*;
  const auto fails = [&](std::function<void(requests, linecard_sink*)> rows) {
    tricky_store store;
    house h(store.options());
    const auto before = digest(h.directory);
    store.on_scan = [&](requests asked, std::size_t, linecard_sink* sink) {
      rows(asked, sink);
      return LINECARD_DONE;
    };
    CHECK(enable(h.tenant, why) == LINECARD_E_CALLBACK);
    CHECK(why.reason() == "store_callback");
    still_usable(h, store, before);
  };
  const auto columns = [](requests asked) { return asked[0]->table->column_count; };
  const auto all_of = [](const linecard_value& v, std::size_t count) { return std::vector<linecard_value>(count, v); };
  fails([&](requests, linecard_sink* s) { CHECK(linecard_sink_row(s, 99, 1, nothing, 1) == 0); });
  fails([&](requests a, linecard_sink* s) { CHECK(linecard_sink_row(s, 0, 0, nothing, columns(a)) == 0); });
  fails([&](requests a, linecard_sink* s) { CHECK(linecard_sink_row(s, 0, 1, nothing, columns(a) - 1) == 0); });
  fails([&](requests a, linecard_sink* s) { CHECK(linecard_sink_row(s, 0, 1, nullptr, columns(a)) == 0); });
  for (const auto& v : {typeless, bodiless, negative})
    fails([&](requests a, linecard_sink* s) {
      CHECK(linecard_sink_row(s, 0, 1, all_of(v, columns(a)).data(), columns(a)) == 0);
    });
}

TEST_CASE("C host: a callback that calls back is E_REENTRANT, with the same actor, another, or the directory") {
  tricky_store store;
  house h(store.options());
  linecard_actor* second = h.open(h.tenant_id);
  const auto before = digest(h.directory);
  caught why;
  int asked = 0;
  store.before = [&](const std::string&) -> std::optional<std::int32_t> {
    caught inner;
    linecard_list* list = nullptr;
    linecard_text* text = nullptr;
    ++asked;
    for (auto* as : {h.tenant, second}) {
      CHECK(linecard_list_users(as, nullptr, 0, 0, 0, &list, inner) == LINECARD_E_REENTRANT);
      CHECK(inner.reason() == "in_callback");
    }
    CHECK(linecard_state_digest(h.directory, 0, &text, inner) == LINECARD_E_REENTRANT);
    CHECK(linecard_check(h.directory, h.operator_id, "license.view", nul, 0, inner) == 0);
    CHECK(inner.status() == LINECARD_E_REENTRANT);
    linecard_actor_free(h.tenant); // in use: nothing happens
    linecard_close(h.directory);
    return {};
  };
  ok(enable(h.tenant, why), why);
  CHECK(asked > 3);
  store.before = nullptr;
  CHECK(digest(h.directory) != before);
  linecard_actor_free(second);
}

TEST_CASE("C host: a callback may use another directory") {
  tricky_store store;
  house h(store.options()), other;
  caught why;
  int answered = 0;
  store.before = [&](const std::string&) -> std::optional<std::int32_t> {
    answered += linecard_check(other.directory, other.operator_id, "license.view", nul, 0, nullptr);
    return {};
  };
  ok(enable(h.tenant, why), why);
  CHECK(answered > 3);
}

TEST_CASE("C host: I26 pthread_exit in a callback unwinds, rolls back, and leaves actor and directory usable") {
  for (const std::string name : fallible) {
    CAPTURE(name);
    tricky_store store;
    house h(store.options());
    const auto before = digest(h.directory);
    store.before = [&](const std::string& callback) -> std::optional<std::int32_t> {
      if (callback == name) pthread_exit(nullptr);
      return {};
    };
    pthread_t thread;
    REQUIRE(pthread_create(
                &thread, nullptr,
                [](void* actor) -> void* {
                  linecard_text* answer = nullptr;
                  linecard_call(static_cast<linecard_actor*>(actor), "enable_service", nul, new_service.data(),
                                new_service.size(), &answer, nullptr);
                  return actor; // never reached
                },
                h.tenant) == 0);
    void* returned = h.tenant;
    pthread_join(thread, &returned);
    CHECK(returned == nullptr);
    still_usable(h, store, before);
  }
}

TEST_CASE("C host: after a longjmp out of a callback the directory refuses every call, on every actor") {
  const leaks_allowed of_skipped_frames;
  static jmp_buf away;
  tricky_store store;
  house h(store.options());
  linecard_actor* second = h.open(h.tenant_id);
  store.before = [](const std::string&) -> std::optional<std::int32_t> { longjmp(away, 1); };
  if (setjmp(away) == 0) {
    linecard_call(h.tenant, "enable_service", nul, new_service.data(), new_service.size(), nullptr, nullptr);
    linecard_list* list = nullptr;
    linecard_list_users(h.tenant, nullptr, 0, 0, 0, &list, nullptr);
    FAIL("the callback returned");
  }
  store.before = nullptr;
  caught why;
  CHECK(enable(second, why) == LINECARD_E_CALLBACK);
  CHECK(why.reason() == "callback_jumped");
  CHECK(enable(h.tenant, why) == LINECARD_E_CALLBACK);
  linecard_text* text = nullptr;
  CHECK(linecard_state_digest(h.directory, 0, &text, why) == LINECARD_E_CALLBACK);
  CHECK(linecard_check(h.directory, h.operator_id, "license.view", nul, 0, why) == 0);
  CHECK(why.status() == LINECARD_E_CALLBACK);
  linecard_actor_free(second);
  house untouched; // another directory, on the same thread
  ok(enable(untouched.tenant, why), why);
}

TEST_CASE("C host: clock and random source are used, destroyed once, and a failing one is E_CALLBACK") {
  static int destroyed = 0, clock_answer = 0, random_answer = 0;
  destroyed = 0, clock_answer = random_answer = LINECARD_DONE;
  linecard_clock clock = LINECARD_CLOCK_INIT;
  clock.destroy = [](void*) { ++destroyed; };
  clock.now = [](void*, int64_t* milliseconds) {
    *milliseconds = 1'700'000'000'000;
    return clock_answer;
  };
  linecard_random random = LINECARD_RANDOM_INIT;
  random.destroy = [](void*) { ++destroyed; };
  random.fill = [](void*, void* into, size_t length) {
    for (size_t i = 0; i < length; ++i) static_cast<unsigned char*>(into)[i] = static_cast<unsigned char>(i);
    return random_answer;
  };
  auto options = in_memory();
  options.clock = &clock;
  options.random = &random;
  caught why;
  std::string first;
  for (int run = 0; run < 2; ++run) {
    house h(options);
    adopt(h.tenant, "Ada", "ada@acme.example");
    if (run == 0) first = digest(h.directory) + h.host_key;
    if (run == 1) CHECK(digest(h.directory) + h.host_key == first); // I30
    const auto before = digest(h.directory);
    clock_answer = 0;
    CHECK(enable(h.tenant, why) == LINECARD_E_CALLBACK);
    CHECK(why.reason() == "clock_callback");
    clock_answer = LINECARD_DONE, random_answer = -1;
    CHECK(linecard_create_container(h.platform, "pbx-2", nul, nullptr, why) == LINECARD_E_INVALID);
    linecard_id id = 0;
    const auto u = person("Ben", "ben@acme.example");
    CHECK(linecard_adopt_user(h.tenant, &u, &id, why) == LINECARD_E_CALLBACK);
    CHECK(why.reason() == "random_callback");
    random_answer = LINECARD_DONE;
    CHECK(digest(h.directory) == before);
  }
  CHECK(destroyed == 4);
  random_answer = 7;
  CHECK(create(options, why) == LINECARD_E_CALLBACK);
  CHECK(destroyed == 6);
  clock.now = nullptr;
  CHECK(create(options, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/clock/now");
  CHECK(destroyed == 8);
}
