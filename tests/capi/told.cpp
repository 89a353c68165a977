// Being told through the C ABI: waiting, observer, log, counters, and a store's own notice of changes.
#include "tricky_store.hpp"

#include <pthread.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace capi;

namespace {

constexpr std::int32_t long_enough_ms = 60'000;

struct told_commit {
  linecard_id actor_id{}, scope_id{};
  std::int64_t audit_seq{};
  std::string command{}, receipt{};
};

/// An observer and a log that remember, with a hook each.
struct listener {
  std::vector<told_commit> commits{};
  std::vector<std::string> lines{}; ///< "3 refused operation=... | message"
  int destroyed = 0;
  std::function<std::int32_t()> on_commit = [] { return LINECARD_DONE; };
  std::function<std::int32_t()> on_line = [] { return LINECARD_DONE; };
  linecard_observer observer = LINECARD_OBSERVER_INIT;
  linecard_log log = LINECARD_LOG_INIT;

  listener() {
    observer.self = log.self = this;
    observer.destroy = log.destroy = [](void* self) { ++of(self).destroyed; };
    observer.after_commit = [](void* self, const linecard_commit* c) {
      CHECK(c->struct_size == sizeof *c);
      CHECK(c->receipt[c->receipt_length] == '\0');
      of(self).commits.push_back(
          {c->actor_id, c->scope_id, c->audit_seq, c->command, std::string(c->receipt, c->receipt_length)});
      return of(self).on_commit();
    };
    log.write = [](void* self, const linecard_log_event* e) {
      CHECK(e->struct_size == sizeof *e);
      std::string line = std::to_string(e->level) + " " + e->event;
      for (std::size_t i = 0; i < e->field_count; ++i) {
        const auto& content = e->fields[i].content;
        line.append(" ").append(e->fields[i].name).append("=");
        if (content.type == LINECARD_BYTES_TEXT) line.append(content.data, static_cast<std::size_t>(content.number));
        if (content.type == LINECARD_INTEGER) line += std::to_string(content.number);
      }
      of(self).lines.push_back(line.append(" | ").append(e->message));
      return of(self).on_line();
    };
  }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] linecard_options on(linecard_options options = in_memory()) const {
    options.observer = &observer;
    options.log = &log;
    return options;
  }
  [[nodiscard]] std::size_t count(const std::string& part) const {
    std::size_t n = 0;
    for (const auto& line : lines) n += line.find(part) != std::string::npos ? 1u : 0u;
    return n;
  }

private:
  static listener& of(void* self) { return *static_cast<listener*>(self); }
};

std::string counters(linecard_directory* of, std::int32_t format = LINECARD_COUNTERS_JSON) {
  caught why;
  linecard_text* text = nullptr;
  ok(linecard_counters(of, format, &text, why), why);
  return text_of(text);
}
bool poll(linecard_directory* of, std::int32_t timeout_ms) {
  caught why;
  std::int32_t changed = -1;
  ok(linecard_poll(of, timeout_ms, &changed, why), why);
  return changed == 1;
}
std::string changes(linecard_actor* as, std::int64_t since, std::int32_t timeout_ms, std::int32_t limit = 0) {
  caught why;
  linecard_text* answer = nullptr;
  ok(linecard_changes(as, since, limit, timeout_ms, &answer, why), why);
  return text_of(answer);
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("C ABI: B17 the observer gets each commit with its receipt as the call answers it") {
  listener heard;
  house h(heard.on());
  const auto before = heard.commits.size();
  CHECK(heard.commits.at(0).command == "bootstrap_operator");
  CHECK(heard.commits.at(0).actor_id == 0);
  const auto user = adopt(h.tenant, "Ada", "ada@acme.example");
  caught why;
  linecard_text* receipt = nullptr;
  ok(linecard_assign_package(h.tenant, user, h.basic, &receipt, why), why);
  REQUIRE(heard.commits.size() == before + 2);
  const auto& last = heard.commits.back();
  CHECK(last.receipt == text_of(receipt));
  CHECK(last.command == "assign_package");
  CHECK(last.actor_id == h.operator_id);
  CHECK(last.scope_id == h.tenant_id);
  CHECK(has(last.receipt, "\"audit_seq\":\"" + std::to_string(last.audit_seq) + "\""));
  ok(linecard_assign_package(h.tenant, user, h.basic, nullptr, why), why); // changes nothing
  CHECK(linecard_assign_package(h.tenant, user, h.plus, nullptr, why) == LINECARD_E_CONFLICT);
  CHECK(heard.commits.size() == before + 2);
}

TEST_CASE("C ABI: B17 I26 an observer or log that fails in any way undoes nothing and is counted") {
  for (const std::int32_t answer : {0, -1, -13, 2, 10919288}) {
    listener heard;
    house h(heard.on());
    heard.on_commit = [&] { return answer; };
    heard.on_line = [&]() -> std::int32_t { throw std::runtime_error("host"); };
    const auto before = digest(h.directory);
    call(h.tenant, "enable_service", R"({"service":"video"})");
    CHECK(digest(h.directory) != before);
    CHECK(has(counters(h.directory), R"("after_commit_failures":"1","log_failures":"1")"));
    CHECK(heard.count("1 after_commit_failed operation=enable_service") == 1);
  }
}

TEST_CASE("C ABI: B17 an observer and a log may not use the directory that calls them, another they may") {
  listener heard;
  house other;
  house h(heard.on());
  int refused = 0, accepted = 0;
  const auto try_both = [&]() -> std::int32_t {
    caught why;
    linecard_text* answer = nullptr;
    if (linecard_call(h.tenant, "users", nul, "{}", 2, &answer, why) == LINECARD_E_REENTRANT) ++refused;
    std::int32_t changed = 0;
    if (linecard_poll(h.directory, long_enough_ms, &changed, why) == LINECARD_E_REENTRANT) ++refused;
    linecard_close(h.directory); // does nothing here
    if (linecard_call(other.tenant, "users", nul, "{}", 2, &answer, why) == LINECARD_OK) ++accepted;
    linecard_text_free(answer);
    return LINECARD_DONE;
  };
  heard.on_commit = heard.on_line = try_both;
  call(h.tenant, "enable_service", R"({"service":"video"})");
  caught why;
  linecard_text* answer = nullptr;
  CHECK(linecard_call(h.tenant, "find_user", nul, "{}", 2, &answer, why) == LINECARD_E_INVALID); // logged
  CHECK(refused == 4);
  CHECK(accepted == 2);
}

TEST_CASE("C ABI: B17 a thread that ends inside the observer takes nothing with it: the commit stands") {
  listener heard;
  house h(heard.on());
  heard.on_commit = []() -> std::int32_t { pthread_exit(nullptr); };
  pthread_t thread;
  struct job {
    linecard_actor* as;
    bool came_back = false;
  } work{h.tenant};
  REQUIRE(pthread_create(
              &thread, nullptr,
              [](void* j) -> void* {
                auto& mine = *static_cast<job*>(j);
                linecard_text* answer = nullptr;
                const std::string json = R"({"service":"video"})";
                linecard_call(mine.as, "enable_service", nul, json.data(), json.size(), &answer, nullptr);
                mine.came_back = true;
                return nullptr;
              },
              &work) == 0);
  pthread_join(thread, nullptr);
  CHECK_FALSE(work.came_back);
  heard.on_commit = [] { return LINECARD_DONE; };
  caught why;
  linecard_text* answer = nullptr;
  const std::string json = R"({"service":"fax"})";
  ok(linecard_call(h.tenant, "enable_service", nul, json.data(), json.size(), &answer, why), why);
  linecard_text_free(answer);
  CHECK(has(call(h.tenant, "verify_audit", "{}"), "\"intact\":true"));
  CHECK(heard.commits.at(heard.commits.size() - 2).audit_seq + 1 == heard.commits.back().audit_seq);
}

TEST_CASE("C ABI: B17 observer and log are destroyed exactly once, whatever becomes of the call") {
  listener heard;
  { house h(heard.on()); }
  CHECK(heard.destroyed == 2);
  const auto refused = [](linecard_options options) {
    caught why;
    linecard_text* key = nullptr;
    linecard_directory* made = nullptr;
    const auto status = linecard_create(&options, &key, &made, why);
    CHECK(status != LINECARD_OK);
    CHECK(made == nullptr);
    return why.reason() + " " + why.path();
  };
  heard.destroyed = 0;
  CHECK(refused(heard.on(LINECARD_OPTIONS_INIT)) == "one_store_needed /options");
  CHECK(heard.destroyed == 2);
  heard.log.level = 5;
  CHECK(refused(heard.on()) == "level_invalid /log/level");
  heard.log.level = 0, heard.log.personal = 2;
  CHECK(refused(heard.on()) == "personal_invalid /log/personal");
  heard.log.personal = 0, heard.log.write = nullptr;
  CHECK(refused(heard.on()) == "log_incomplete /log/write");
  heard.observer.after_commit = nullptr;
  CHECK(refused(heard.on()) == "observer_incomplete /observer/after_commit");
  heard.observer.abi = LINECARD_ABI + 1;
  CHECK(refused(heard.on()) == "abi_too_new /observer/abi");
  CHECK(heard.destroyed == 12);
}

TEST_CASE("C ABI: B17 the log gets levels and fields, by default up to info, personal values only when asked") {
  for (const std::int32_t level :
       {0, LINECARD_LOG_ERROR, LINECARD_LOG_WARNING, LINECARD_LOG_INFO, LINECARD_LOG_DEBUG}) {
    listener heard;
    heard.log.level = level;
    heard.log.personal = level == LINECARD_LOG_DEBUG ? 1 : 0;
    house h(heard.on());
    adopt(h.tenant, "Ada", "ada@acme.example");
    caught why;
    linecard_id id = 0;
    const auto twin = person("Ada", "ada@acme.example");
    CHECK(linecard_adopt_user(h.tenant, &twin, &id, why) == LINECARD_E_CONFLICT);
    const bool info = level == 0 || level >= LINECARD_LOG_INFO, debug = level == LINECARD_LOG_DEBUG;
    CHECK(heard.count("3 created platform_id=platform_") == (info ? 1 : 0));
    CHECK(heard.count("3 refused operation=adopt_user scope_id=" + id_text(h.tenant_id) +
                      " reason=already_a_user path=/email") == (info ? 1 : 0));
    CHECK((heard.count("4 committed operation=adopt_user") == 1) == debug);
    CHECK((heard.count("ada@acme.example") > 0) == debug);
    CHECK((heard.count("actor_id=" + id_text(h.operator_id)) > 0) == debug);
  }
}

TEST_CASE("C ABI: B17 changes and poll answer what is there, and wait for what comes") {
  scratch s;
  const auto path = s.file("told.db");
  linecard_options file = LINECARD_OPTIONS_INIT;
  file.sqlite_path = path.c_str();
  house h(file);
  auto opened = file;
  opened.host_key = h.host_key.c_str();
  caught why;
  linecard_directory* next_door = nullptr;
  ok(linecard_open(&opened, &next_door, why), why);
  CHECK_FALSE(poll(next_door, 0));
  CHECK_FALSE(poll(next_door, 2));
  CHECK(has(changes(h.tenant, 0, long_enough_ms, 1), "\"next\":\"1\""));
  CHECK(has(changes(h.tenant, 1000, 2), "\"entries\":[]"));
  const auto last = call(h.tenant, "audit", R"({"limit":1})");
  const auto seq = std::stoll(last.substr(last.find("\"seq\":\"") + 7));
  linecard_actor* theirs = nullptr;
  ok(linecard_actor_open(next_door, h.operator_id, h.tenant_id, &theirs, why), why);
  std::string came;
  std::int32_t status = -1;
  std::thread follower([&] {
    linecard_text* answer = nullptr;
    status = linecard_changes(theirs, seq, 0, long_enough_ms, &answer, nullptr);
    came.assign(linecard_text_data(answer), linecard_text_length(answer));
    linecard_text_free(answer);
  });
  adopt(h.tenant, "Ada", "ada@acme.example");
  follower.join();
  CHECK(status == LINECARD_OK);
  CHECK(has(came, "\"command\":\"adopt_user\""));
  CHECK(poll(next_door, 0));
  linecard_actor_free(theirs);
  linecard_close(next_door);

  linecard_text* answer = nullptr;
  std::int32_t changed = 7;
  CHECK(linecard_changes(h.tenant, 0, 0, -1, &answer, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "timeout_ms_invalid");
  CHECK(linecard_changes(h.tenant, 0, 501, 0, &answer, why) == LINECARD_E_INVALID);
  CHECK(linecard_poll(h.directory, -1, &changed, why) == LINECARD_E_INVALID);
  CHECK(changed == 0);
  CHECK(linecard_poll(h.directory, 0, nullptr, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/changed");
  CHECK(linecard_counters(h.directory, 2, &answer, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "format_invalid");
}

TEST_CASE("C ABI: B17 counters are JSON or Prometheus' text") {
  house h;
  caught why;
  CHECK(linecard_assign_package(h.tenant, 0, h.basic, nullptr, why) == LINECARD_E_INVALID); // before any command
  CHECK(linecard_unassign_package(h.tenant, h.tenant_id, 0, nullptr, why) == LINECARD_E_WRONG_KIND);
  call(h.tenant, "enable_service", R"({"service":"video"})");
  CHECK(has(counters(h.directory), R"({"command":"enable_service","done":"1","refused":"0"})"));
  const auto text = counters(h.directory, LINECARD_COUNTERS_PROMETHEUS);
  CHECK(has(text, "\nlinecard_commands_total{command=\"enable_service\",result=\"done\"} 1\n"));
  CHECK(has(text, "# TYPE linecard_store_seconds summary\n"));
}

namespace {

/// A host's store that tells of commits, badly when asked to.
struct telling_store {
  tricky_store inner{};
  std::atomic<std::uint64_t> counter{1};
  std::atomic<std::int32_t> answer{LINECARD_DONE};
  std::atomic<bool> numberless{false};
  std::atomic<int> waits{0};
  linecard_store table;

  telling_store() : table(inner.table()) {
    inner.after = [this](const std::string& name, std::int32_t given) {
      if (name == "commit") ++counter;
      return given;
    };
    current = this;
    table.change_counter = [](void*, std::uint64_t* into) -> std::int32_t {
      *into = current->numberless ? 0 : current->counter.load();
      return current->answer;
    };
    table.wait_for_change = [](void*, std::uint64_t seen, std::int32_t timeout_ms, std::uint64_t* next,
                               linecard_failure* failure) -> std::int32_t {
      ++current->waits;
      CHECK(timeout_ms >= 0);
      if (current->answer == LINECARD_E_STORE)
        return linecard_fail(failure, LINECARD_E_STORE, "server_gone", "the server is gone");
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
      while (current->counter == seen && std::chrono::steady_clock::now() < until) std::this_thread::yield();
      *next = current->numberless ? 0 : current->counter.load();
      return current->answer;
    };
  }
  [[nodiscard]] linecard_options options() const {
    linecard_options o = LINECARD_OPTIONS_INIT;
    o.store = &table;
    return o;
  }
  static telling_store* current;
};
telling_store* telling_store::current = nullptr;

} // namespace

TEST_CASE(
    "C host: B17 threads that wait while the directory is closed return directory_closed, then the store closes") {
  telling_store store;
  const auto options = store.options();
  linecard_text* key = nullptr;
  linecard_directory* directory = nullptr;
  linecard_actor* actor = nullptr;
  caught why;
  ok(linecard_create(&options, &key, &directory, why), why);
  linecard_text_free(key);
  ok(linecard_bootstrap_operator(directory, "ops@example.com", nul, &actor, why), why);
  while (poll(directory, 0)) continue;
  std::atomic<int> closed{0};
  const auto note = [&](std::int32_t status, linecard_error* error) {
    if (status == LINECARD_E_INVALID && linecard_error_reason(error) == std::string("directory_closed")) ++closed;
    linecard_error_free(error);
  };
  store.waits = 0;
  std::thread poller([&] {
    linecard_error* error = nullptr;
    std::int32_t changed = 0;
    const auto status = linecard_poll(directory, long_enough_ms, &changed, &error);
    note(status, error);
  });
  while (store.waits == 0) std::this_thread::yield();
  std::thread follower([&] {
    linecard_error* error = nullptr;
    linecard_text* answer = nullptr;
    const auto status = linecard_changes(actor, 1000, 0, long_enough_ms, &answer, &error);
    note(status, error);
  });
  linecard_close(directory); // the poll waits in the store; the changes may, or be refused at once
  poller.join();
  follower.join();
  CHECK(closed == 2);
  CHECK(store.inner.calls["close"] == 0);
  linecard_actor_free(actor);
  CHECK(store.inner.calls["close"] == 1);
}

TEST_CASE("C host: B17 a store may tell of commits, and is not believed when it breaks its word") {
  telling_store store;
  house h(store.options());
  CHECK(poll(h.directory, 0));
  CHECK_FALSE(poll(h.directory, 0));
  ++store.counter; // somebody else's commit
  CHECK(poll(h.directory, long_enough_ms));
  CHECK_FALSE(poll(h.directory, 2));
  CHECK(store.waits > 0);
  caught why;
  std::int32_t changed = 0;
  store.answer = LINECARD_E_STORE;
  CHECK(linecard_poll(h.directory, long_enough_ms, &changed, why) == LINECARD_E_STORE);
  CHECK(why.reason() == "server_gone");
  store.answer = 7;
  CHECK(linecard_poll(h.directory, long_enough_ms, &changed, why) == LINECARD_E_CALLBACK);
  store.answer = LINECARD_DONE;
  store.numberless = true;
  CHECK(linecard_poll(h.directory, long_enough_ms, &changed, why) == LINECARD_E_CALLBACK);
  store.numberless = false;
  CHECK_FALSE(poll(h.directory, 0));
  call(h.tenant, "enable_service", R"({"service":"video"})");
  CHECK(poll(h.directory, 0));
}

TEST_CASE("C host: B17 a store without notice of changes is looked at again, and polls say that something may be new") {
  tricky_store store;
  REQUIRE((store.table().change_counter == nullptr));
  house h(store.options());
  CHECK(poll(h.directory, 0));
  CHECK(poll(h.directory, long_enough_ms));
  CHECK(has(changes(h.tenant, 1000, 3), "\"entries\":[]"));
}
