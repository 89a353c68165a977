// What a host fixes about signing in when it opens a directory: keys, costs, lives, and its look into stolen passwords.
#include "leaks_allowed.hpp"
#include "reached.hpp"

#include <linecard_c.hpp>

#include <csetjmp>
#include <functional>
#include <stdexcept>

using namespace capi;

namespace {

constexpr std::int64_t minute = 60'000;

/// A list of stolen passwords, with a hook.
struct stolen_list {
  std::vector<std::string> asked{};
  int destroyed = 0;
  std::function<std::int32_t(std::int32_t*, linecard_failure*)> on_question = [](std::int32_t* known,
                                                                                 linecard_failure*) {
    *known = 0;
    return LINECARD_DONE;
  };
  linecard_breaches breaches = LINECARD_BREACHES_INIT;
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;

  stolen_list() {
    breaches.self = this;
    breaches.destroy = [](void* self) { ++static_cast<stolen_list*>(self)->destroyed; };
    breaches.breached = [](void* self, const char* password, size_t length, std::int32_t* known,
                           linecard_failure* failure) {
      auto& me = *static_cast<stolen_list*>(self);
      me.asked.emplace_back(password, length);
      return me.on_question(known, failure);
    };
    sign_in.breaches = &breaches;
  }
  stolen_list(const stolen_list&) = delete;
  stolen_list& operator=(const stolen_list&) = delete;

  [[nodiscard]] linecard_options on() const {
    auto options = in_memory();
    options.sign_in = &sign_in;
    return options;
  }
};

std::string created(const linecard_options& options) {
  caught why;
  linecard_text* key = nullptr;
  linecard_directory* made = nullptr;
  linecard_create(&options, &key, &made, why);
  linecard_text_free(key);
  linecard_close(made);
  return why.set() ? why.reason() + " " + why.path() : "";
}

/// Opens beside whoever has it open; why it does not, or "".
std::string opened(linecard_options options, const std::string& key, linecard_directory** into = nullptr) {
  caught why;
  linecard_directory* made = nullptr;
  options.host_key = key.c_str();
  linecard_open(&options, &made, why);
  if (into)
    *into = made;
  else
    linecard_close(made);
  return why.set() ? why.reason() + " " + why.path() : "";
}

struct visitor_of {
  linecard_actor* actor = nullptr;
  explicit visitor_of(linecard_directory* of) {
    caught why;
    ok(linecard_actor_open_visitor(of, &actor, why), why);
  }
  visitor_of(const visitor_of&) = delete;
  visitor_of& operator=(const visitor_of&) = delete;
  ~visitor_of() { linecard_actor_free(actor); }
};

} // namespace

TEST_CASE("C: a new host key beside the present one becomes the directory's, and what the present one sealed arrives") {
  const scratch room;
  const auto path = room.file("kept.db");
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str();
  reached_house h(options);
  h.invite();
  const auto fresh = linecard_c::new_host_key(), stranger = linecard_c::new_host_key();
  CHECK(fresh.rfind("lckey1_", 0) == 0);
  CHECK(fresh != stranger);
  const char* const strangers[] = {stranger.c_str()};
  const char* const keys[] = {stranger.c_str(), h.at.host_key.c_str()};
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  auto rotated = h.with_mail(options);
  rotated.sign_in = &sign_in;
  CHECK(opened(rotated, fresh) == "wrong_host_key /host_key");
  sign_in.older_keys = strangers, sign_in.older_key_count = 1;
  CHECK(opened(rotated, fresh) == "wrong_host_key /host_key");
  sign_in.older_keys = keys, sign_in.older_key_count = 2;
  linecard_directory* now = nullptr;
  REQUIRE(opened(rotated, fresh, &now).empty());
  CHECK(opened(options, h.at.host_key) == "wrong_host_key /host_key");
  caught why;
  linecard_pumped done = LINECARD_PUMPED_INIT;
  ok(linecard_pump_mail(now, 10, &done, why), why);
  CHECK(done.delivered == 1);
  {
    const visitor_of someone(now);
    call(someone.actor, "accept_invitation", h.with(h.letters.back().secret));
  }
  linecard_close(now);
  REQUIRE(opened(options, fresh, &now).empty()); // the new one alone
  {
    const visitor_of someone(now);
    CHECK(has(call(someone.actor, "sign_in", h.login("ina@acme.example")), "lc1_session_"));
  }
  linecard_close(now);
}

TEST_CASE("C: older keys are host keys, and a directory that is being made has none") {
  house h;
  const char* const keys[] = {h.host_key.c_str(), "lckey1_short"};
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  auto options = in_memory();
  options.sign_in = &sign_in;
  sign_in.older_keys = keys, sign_in.older_key_count = 2;
  CHECK(created(options) == "host_key_not_taken /older_keys");
  CHECK(opened(options, h.host_key) == "host_key_invalid /older_keys/1");
  sign_in.older_keys = nullptr;
  CHECK(opened(options, h.host_key) == "argument_null /older_keys");
  caught why;
  CHECK(linecard_new_host_key(nullptr, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/host_key");
}

TEST_CASE("C: a cost below the default, a pepper that is none and lives without sense are refused by name") {
  const auto with = [](auto change) {
    linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
    change(sign_in);
    auto options = in_memory();
    options.sign_in = &sign_in;
    return created(options);
  };
  using given = linecard_sign_in;
  CHECK(with([](given&) {}).empty());
  CHECK(with([](given& g) { g.passes = 2; }) == "passes_invalid /passes");
  CHECK(with([](given& g) { g.passes = 101; }) == "passes_invalid /passes");
  CHECK(with([](given& g) { g.memory_kib = 65535; }) == "memory_kib_invalid /memory_kib");
  CHECK(with([](given& g) { g.memory_kib = 1024 * 1024 + 1; }) == "memory_kib_invalid /memory_kib");
  for (const std::int32_t bad : {-1, 1025, INT32_MIN, INT32_MAX})
    CHECK(with([&](given& g) { g.passwords_at_once = bad; }) == "passwords_at_once_invalid /passwords_at_once");
  const auto pepper = [&](const char* at, std::size_t length) {
    return with([=](given& g) { g.pepper = at, g.pepper_length = length; });
  };
  CHECK(pepper("0123456789abcde", nul) == "pepper_invalid /pepper");
  CHECK(pepper("0123456789abcdef", 15) == "pepper_invalid /pepper");
  CHECK(pepper("", nul) == "pepper_invalid /pepper");
  CHECK(pepper("0123456789abcdef", 0) == "pepper_invalid /pepper");
  CHECK(pepper(nullptr, 16) == "pepper_invalid /pepper");
  CHECK(pepper(std::string(65, 'p').c_str(), nul) == "pepper_invalid /pepper");
  CHECK(pepper("0123456789abcdef", nul).empty());
  CHECK(pepper("0123456789\0bcdef", 16).empty());
  const auto lives = [&](std::int64_t session_ms, std::int64_t idle_ms) {
    return with([=](given& g) { g.session_ms = session_ms, g.idle_ms = idle_ms; });
  };
  const std::string no = "sessions_invalid /sessions";
  CHECK(lives(-1, 0) == no);
  CHECK(lives(0, -1) == no);
  CHECK(lives(minute, minute + 1) == no);
  CHECK(lives(INT64_MAX, 0) == no);
  CHECK(lives(INT64_MAX, INT64_MAX) == no);
  CHECK(lives(minute, 0).empty());
  CHECK(lives(minute, minute).empty());
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  auto options = in_memory();
  options.sign_in = &sign_in;
  sign_in.struct_size = 3;
  CHECK(created(options) == "struct_size_invalid /sign_in");
}

TEST_CASE("C: costs above the default serve; a password made with a pepper is worth nothing without it") {
  const scratch room;
  const auto path = room.file("kept.db");
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  sign_in.pepper = "sixteen bytes are enough", sign_in.pepper_length = nul;
  sign_in.passes = 4, sign_in.passwords_at_once = 1;
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str(), options.sign_in = &sign_in;
  reached_house h(options);
  h.joined();
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example")), "lc1_session_"));
  options.sign_in = nullptr;
  linecard_directory* without = nullptr;
  REQUIRE(opened(options, h.at.host_key, &without).empty());
  {
    const visitor_of someone(without);
    CHECK(h.refused(someone.actor, "sign_in", h.login("ina@acme.example")) == "sign_in_failed");
  }
  linecard_close(without);
}

TEST_CASE("C: I20 a session ends when it is not used for its idle life, and at its end whatever its use") {
  static std::int64_t now;
  now = 1'700'000'000'000;
  linecard_clock clock = LINECARD_CLOCK_INIT;
  clock.now = [](void*, std::int64_t* at) { return *at = now, LINECARD_DONE; };
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  sign_in.session_ms = 60 * minute, sign_in.idle_ms = 10 * minute;
  auto options = in_memory();
  options.clock = &clock, options.sign_in = &sign_in;
  reached_house h(options);
  h.joined();
  const auto began = now;
  const auto used = token_of(call(h.visitor, "sign_in", h.login("ina@acme.example")));
  const auto left = token_of(call(h.visitor, "sign_in", h.login("ina@acme.example")));
  for (now += 10 * minute - 1; now < began + 60 * minute; now += 10 * minute - 1)
    CHECK(h.session_refused(used).empty());
  CHECK(h.session_refused(left) == "session_over");
  now = began + 60 * minute - 1;
  CHECK(h.session_refused(used).empty());
  now = began + 60 * minute;
  CHECK(h.session_refused(used) == "session_over");

  sign_in.idle_ms = 0; // no longer than the session
  reached_house whole(options);
  whole.joined();
  const auto token = token_of(call(whole.visitor, "sign_in", whole.login("ina@acme.example")));
  now += 60 * minute - 1;
  CHECK(whole.session_refused(token).empty());
}

TEST_CASE("C: a password known to be stolen is refused, its link stays good, and a sign-in is never looked up") {
  stolen_list list;
  {
    reached_house h(list.on());
    h.invite();
    const auto link = h.newest().secret;
    list.on_question = [](std::int32_t* known, linecard_failure*) { return *known = 1, LINECARD_DONE; };
    CHECK(h.refused("accept_invitation", h.with(link)) == "password_breached");
    CHECK(list.asked == std::vector<std::string>{chosen});
    list.on_question = [](std::int32_t* known, linecard_failure*) { return *known = 0, LINECARD_DONE; };
    call(h.visitor, "accept_invitation", h.with(link, another));
    list.asked.clear();
    call(h.visitor, "sign_in", h.login("ina@acme.example", another));
    CHECK(list.asked.empty());
    CHECK(list.destroyed == 0);
  }
  CHECK(list.destroyed == 1);
}

TEST_CASE("C host: I26 a look into stolen passwords that fails refuses the password, and the directory goes on") {
  struct meaning {
    std::function<std::int32_t(std::int32_t*, linecard_failure*)> answers;
    std::int32_t status;
    const char* reason;
  };
  const auto answers = [](std::int32_t answer, std::int32_t known) {
    return [=](std::int32_t* into, linecard_failure*) { return *into = known, answer; };
  };
  const auto fails = [](std::int32_t status, const char* reason) {
    return [=](std::int32_t*, linecard_failure* f) { return linecard_fail(f, status, reason, chosen); };
  };
  const meaning all[] = {
      {fails(LINECARD_E_BUSY, "list_unreachable"), LINECARD_E_BUSY, "list_unreachable"},
      {fails(LINECARD_E_BUSY, nullptr), LINECARD_E_BUSY, "breaches_busy"},
      {fails(LINECARD_E_BUSY, chosen), LINECARD_E_BUSY, "breaches_busy"},
      {fails(LINECARD_E_STORE, "x"), LINECARD_E_CALLBACK, "breaches_callback"},
      {fails(LINECARD_DONE, nullptr), LINECARD_E_CALLBACK, "breaches_callback"}, // says nothing
      {answers(LINECARD_DONE, 2), LINECARD_E_CALLBACK, "breaches_callback"},
      {answers(LINECARD_DONE, -1), LINECARD_E_CALLBACK, "breaches_callback"},
      {answers(0, 0), LINECARD_E_CALLBACK, "breaches_callback"},
      {answers(10919288, 0), LINECARD_E_CALLBACK, "breaches_callback"},
      {[](std::int32_t*, linecard_failure*) -> std::int32_t { throw std::runtime_error(chosen); }, LINECARD_E_CALLBACK,
       "breaches_callback"},
  };
  stolen_list list;
  reached_house h(list.on());
  h.invite();
  const auto json = h.with(h.newest().secret);
  for (const auto& m : all) {
    CAPTURE(m.reason);
    list.on_question = m.answers;
    caught why;
    linecard_text* answer = nullptr;
    CHECK(linecard_call(h.visitor, "accept_invitation", nul, json.data(), json.size(), &answer, why) == m.status);
    CHECK(why.reason() == m.reason);
    CHECK_FALSE(has(why.message(), chosen));
  }
  std::int32_t inside = LINECARD_OK;
  list.on_question = [&](std::int32_t* known, linecard_failure*) {
    linecard_text* answer = nullptr;
    inside = linecard_call(h.at.tenant, "seat_pools", nul, "{}", nul, &answer, nullptr);
    return *known = 0, LINECARD_DONE;
  };
  call(h.visitor, "accept_invitation", json);
  CHECK(inside == LINECARD_E_REENTRANT);
  CHECK(has(call(h.visitor, "sign_in", h.login("ina@acme.example")), "lc1_session_"));
}

TEST_CASE("C host: after a longjmp out of the look into stolen passwords the directory refuses every call") {
  const leaks_allowed of_skipped_frames;
  static jmp_buf away;
  stolen_list list;
  reached_house h(list.on());
  h.invite();
  const auto json = h.with(h.newest().secret);
  list.on_question = [](std::int32_t*, linecard_failure*) -> std::int32_t { longjmp(away, 1); };
  if (setjmp(away) == 0) {
    linecard_text* answer = nullptr;
    linecard_call(h.visitor, "accept_invitation", nul, json.data(), json.size(), &answer, nullptr);
    FAIL("the callback returned");
  }
  CHECK(h.refused(h.at.tenant, "seat_pools", "{}") == "callback_jumped");
}

TEST_CASE("C host: the look into stolen passwords ends exactly once, whatever becomes of create") {
  stolen_list without;
  without.breaches.breached = nullptr;
  CHECK(created(without.on()) == "breaches_incomplete /breaches/breached");
  CHECK(without.destroyed == 1);
  stolen_list later;
  later.breaches.abi = LINECARD_ABI + 1;
  CHECK(created(later.on()) == "abi_too_new /breaches/abi");
  CHECK(later.destroyed == 1);
  stolen_list costly;
  costly.sign_in.passes = 1;
  CHECK(created(costly.on()) == "passes_invalid /passes");
  CHECK(costly.destroyed == 1);
  stolen_list nowhere;
  auto options = nowhere.on();
  options.memory = 0;
  CHECK(created(options) == "one_store_needed /options");
  CHECK(nowhere.destroyed == 1);
  stolen_list good;
  CHECK(created(good.on()).empty());
  CHECK(good.destroyed == 1);
}
