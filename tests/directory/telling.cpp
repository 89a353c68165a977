// What a host is told without asking: the receipt of each commit, and lines for its log.
#include <linecard/directory.hpp>
#include <linecard/json.hpp>

#include "directory/decorated_store.hpp"
#include "kit.hpp"

#include <algorithm>
#include <thread>

using namespace kit;

namespace {

struct told_commit {
  id_of<identity> actor_id{};
  any_id scope_id{};
  receipt what{};
};

/// One line for each event: "level event field=content ... | message".
struct remembering final : log_sink {
  std::vector<std::string> lines{};
  bool throws = false;
  std::mutex mutex{};
  void write(const log_event& e) override {
    if (throws) throw std::runtime_error("the log's disk is full");
    constexpr std::string_view names[]{"none", "error", "warning", "info", "debug"};
    std::string line(names[static_cast<std::size_t>(e.level)]);
    line.append(" ").append(e.event);
    for (const auto& f : e.fields) {
      line.append(" ").append(f.name).append("=");
      if (f.content.type == value_type::integer) line += std::to_string(f.content.number);
      line += f.content.bytes();
    }
    const std::scoped_lock hold(mutex);
    lines.push_back(line.append(" | ").append(e.message));
  }
  [[nodiscard]] std::size_t count(std::string_view part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(lines, [&](const std::string& l) { return l.find(part) != std::string::npos; }));
  }
  [[nodiscard]] std::string all() const {
    std::string out;
    for (const auto& l : lines) out += l + "\n";
    return out;
  }
};

/// A second directory on the world's rows, which tells.
struct telling {
  std::shared_ptr<store> inner = memory_store();
  std::shared_ptr<hard::fault_plan> plan = std::make_shared<hard::fault_plan>();
  std::shared_ptr<remembering> log = std::make_shared<remembering>();
  std::vector<told_commit> told{};
  world w{std::make_unique<hard::lent_store>(inner)};
  directory dir;
  actor admin, at_tenant;
  id_of<user> ina = w.adopt("Ina", "Imhof", "ina@acme.example");

  explicit telling(log_level most = log_level::debug, bool personal = false, commit_observer instead = {})
      : dir(must(directory::open({.store = std::make_unique<hard::faulty_store>(inner, plan),
                                  .clock = w.clock,
                                  .most_reruns = 3,
                                  .after_commit = instead ? std::move(instead) : remember(),
                                  .log = log,
                                  .log_most = most,
                                  .log_personal = personal},
                                 w.key))),
        admin(must(dir.open_actor("ada@acme.example", w.tenant_id))),
        at_tenant(must(dir.open_actor("root@example.com", w.tenant_id))) {}
  commit_observer remember() {
    return [this](const committed& c) { told.push_back({c.actor_id, c.in.id(), c.what}); };
  }
};

} // namespace

TEST_CASE("B17 after_commit gets the receipt of each committed command, once, with who did it and where") {
  telling t;
  const auto done = must(t.dir.run(t.admin, assign_package{t.ina, t.w.basic}));
  REQUIRE(t.told.size() == 1);
  CHECK(t.told[0].actor_id == t.admin.identity_id());
  CHECK(t.told[0].scope_id == any_id{t.w.tenant_id});
  CHECK(to_json(t.told[0].what) == to_json(done));
  CHECK(done.audit_seq.has_value());
}

TEST_CASE(
    "B17 after_commit hears of each command of a batch in order, of a confirmation, of nothing that changed nothing") {
  telling t;
  const change_package plus{t.ina, t.w.plus};
  const assign_package basic{t.ina, t.w.basic};
  const request both[]{request_of(basic), request_of(basic), request_of(plus)}; // the second changes nothing
  CHECK(must(t.dir.run_all(t.admin, both)).size() == 3);
  REQUIRE(t.told.size() == 2);
  CHECK(t.told[0].what.command == "assign_package");
  CHECK(t.told[1].what.command == "change_package");

  const auto shown = must(t.dir.preview(t.admin, unassign_package{.user_id = t.ina}));
  CHECK(t.told.size() == 2); // a preview is no commit
  static_cast<void>(must(t.dir.confirm(t.admin, unassign_package{.user_id = t.ina}, *shown.token)));
  REQUIRE(t.told.size() == 3);
  CHECK_FALSE(t.told[2].what.token.has_value());

  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, {}})).reason == "package_id_missing");
  const assign_package other{t.ina, t.w.plus};
  const request bad[]{request_of(basic), request_of(other)};
  CHECK(refused_with(t.dir.run_all(t.admin, bad)).reason == "already_assigned");
  CHECK(t.told.size() == 3);
}

TEST_CASE("B17 after_commit is not told of a refused attempt, though the attempt is noted, nor of a failed commit") {
  telling t;
  CHECK(refused_with(t.dir.run(t.admin, define_package{.name = "Gold", .currency = "EUR"})).code != status::ok);
  const auto member =
      must(t.dir.run(t.admin, adopt_user{.first_name = "Mo", .last_name = "Moss", .email = "mo@acme.example"}));
  CHECK(t.told.size() == 1);
  const auto mo = must(t.dir.open_actor("mo@acme.example", t.w.tenant_id));
  CHECK(refused_with(t.dir.run(mo, assign_package{t.ina, t.w.basic})).reason == "permission_denied");
  CHECK(must(t.dir.ask(t.admin, denials{})).denials.size() == 1);
  t.plan->arm(1, hard::fault_plan::how::instead, true);
  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.basic})).reason == "store_io");
  CHECK(t.told.size() == 1);
}

TEST_CASE("B17 the first operator is told as the directory's own act") {
  std::vector<told_commit> told;
  auto made = must(directory::create({.store = memory_store(), .after_commit = [&](const committed& c) {
                                        told.push_back({c.actor_id, c.in.id(), c.what});
                                      }}));
  static_cast<void>(must(made.opened.bootstrap_operator("root@example.com")));
  REQUIRE(told.size() == 1);
  CHECK(told[0].what.command == "bootstrap_operator");
  CHECK_FALSE(told[0].actor_id);
}

TEST_CASE("B17 I26 an after_commit that throws undoes nothing: the receipt comes, the failure is logged and counted") {
  int calls = 0;
  telling t(log_level::debug, false, [&](const committed&) {
    if (++calls % 2 == 1) throw std::runtime_error("the host's queue is full");
    throw 7; // what is thrown need not be an exception of the library
  });
  const assign_package basic{t.ina, t.w.basic};
  const unassign_package off{.user_id = t.ina};
  const request both[]{request_of(basic), request_of(off)};
  CHECK(must(t.dir.run_all(t.admin, both)).size() == 2);
  CHECK(calls == 2);
  CHECK(t.dir.counters().after_commit_failures == 2);
  CHECK(t.log->count("error after_commit_failed operation=assign_package") == 1);
  CHECK(t.log->count("error after_commit_failed operation=unassign_package") == 1);
  CHECK(t.log->count("queue is full") == 0); // its words are the host's own
  CHECK(t.w.pool(t.w.basic).used == 0);
}

TEST_CASE("B17 an after_commit may use the directory, on a store with one writer: nothing is held any more") {
  telling* self = nullptr;
  std::vector<std::string> heard;
  telling t(log_level::debug, false, [&](const committed& c) {
    heard.push_back(c.what.command);
    if (heard.size() == 1) static_cast<void>(must(self->dir.run(self->at_tenant, enable_service{.service = "video"})));
  });
  self = &t;
  static_cast<void>(must(t.dir.run(t.admin, assign_package{t.ina, t.w.basic})));
  CHECK(heard == std::vector<std::string>{"assign_package", "enable_service"});
}

TEST_CASE("B17 threads that commit are each told of their own commits, on their own thread, all of them once") {
  std::mutex mutex;
  std::vector<std::int64_t> seqs;
  std::map<std::thread::id, int> by;
  telling t(log_level::none, false, [&](const committed& c) {
    const std::scoped_lock hold(mutex);
    seqs.push_back(c.what.audit_seq.value_or(0));
    ++by[std::this_thread::get_id()];
  });
  constexpr int threads = 4, each = 25;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      for (int n = 0; n < each; ++n)
        static_cast<void>(t.dir.run(t.at_tenant, enable_service{.service = "s" + std::to_string(i * each + n)}));
    });
  for (auto& one : running) one.join();
  CHECK(by.size() == threads);
  for (const auto& [who, count] : by) CHECK(count == each);
  std::ranges::sort(seqs);
  CHECK(std::ranges::adjacent_find(seqs) == seqs.end());
  CHECK(seqs.size() == threads * each);
}

TEST_CASE("B17 the log tells what happened, with levels, slugs and fields") {
  telling t;
  CHECK(t.log->lines.at(0) == "info opened platform_id=" + to_text(t.dir.platform_id()) + " | A directory was opened.");
  const auto scope = " scope_id=" + to_text(t.w.tenant_id);
  const auto done = must(t.dir.run(t.admin, assign_package{t.ina, t.w.basic}));
  CHECK(t.log->count("debug committed operation=assign_package" + scope +
                     " audit_seq=" + std::to_string(*done.audit_seq) + " microseconds=") == 1);
  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.plus})).reason == "already_assigned");
  CHECK(t.log->count("info refused operation=assign_package" + scope + " reason=already_assigned path=") == 1);
  CHECK(refused_with(t.dir.run(t.admin, create_tenant{.name = "New"})).reason == "wrong_scope");
  CHECK(t.log->count("info refused operation=create_tenant" + scope + " reason=wrong_scope") == 1);
  CHECK(refused_with(t.dir.ask(t.admin, find_user{.user_id = id_of<user>{make_id(tag_of<user>, 5)}})).reason ==
        "user_unknown");
  CHECK(t.log->count("info refused operation=find_user" + scope + " reason=user_unknown path=/user_id") == 1);
  t.plan->conflicts_left = 2;
  static_cast<void>(must(t.dir.run(t.admin, unassign_package{.user_id = t.ina})));
  CHECK(t.log->count("debug rerun operation=unassign_package" + scope) == 2);
  t.plan->conflicts_left = 99;
  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.plus})).reason == "contended");
  CHECK(t.log->count("warning contended operation=assign_package" + scope) == 1);
  t.plan->arm(1, hard::fault_plan::how::instead, true);
  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.plus})).reason == "store_io");
  CHECK(t.log->count("error store_failed operation=assign_package" + scope +
                     " reason=store_io path= | the disk is gone, says the test") == 1);
  t.plan->disarm();
  static_cast<void>(
      must(t.dir.run(t.admin, adopt_user{.first_name = "Mo", .last_name = "Moss", .email = "mo@acme.example"})));
  const auto mo = must(t.dir.open_actor("mo@acme.example", t.w.tenant_id));
  CHECK(refused_with(t.dir.run(mo, assign_package{t.ina, t.w.basic})).reason == "permission_denied");
  CHECK(t.log->count("warning denied operation=assign_package" + scope + " reason=permission_denied") == 1);

  const auto fresh = std::make_shared<remembering>();
  static_cast<void>(must(directory::create({.store = memory_store(), .log = fresh})));
  CHECK(fresh->count("info created platform_id=platform_") == 1);
}

TEST_CASE("B17 a log gets its level and what is graver, and none gets nothing") {
  constexpr log_level levels[]{log_level::none, log_level::error, log_level::warning, log_level::info,
                               log_level::debug};
  std::vector<std::size_t> lines;
  for (const auto most : levels) {
    telling t(most);
    static_cast<void>(must(t.dir.run(t.admin, assign_package{t.ina, t.w.basic})));        // debug
    static_cast<void>(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.plus}))); // info, after "opened"
    t.plan->conflicts_left = 4;
    static_cast<void>(refused_with(t.dir.run(t.admin, unassign_package{.user_id = t.ina}))); // warning, 3 debug, info
    t.plan->arm(1, hard::fault_plan::how::instead, true);
    static_cast<void>(refused_with(t.dir.run(t.admin, unassign_package{.user_id = t.ina}))); // error
    lines.push_back(t.log->lines.size());
  }
  CHECK(lines == std::vector<std::size_t>{0, 1, 2, 5, 9});
}

TEST_CASE("B17 I26 a log that throws changes no answer and is counted") {
  telling t;
  t.log->throws = true;
  static_cast<void>(must(t.dir.run(t.admin, assign_package{t.ina, t.w.basic})));
  CHECK(refused_with(t.dir.run(t.admin, assign_package{t.ina, t.w.plus})).reason == "already_assigned");
  CHECK(t.dir.counters().log_failures == 2);
  CHECK(t.told.size() == 1);
}

TEST_CASE("I21 B17 no personal value reaches the log unless asked for, and no secret even then") {
  for (const bool personal : {false, true}) {
    telling t(log_level::debug, personal);
    const std::string csv = "First name,Last name,Email\nKanari,Gelb,kanari.csv@acme.example\n";
    const adopt_user adopt{.first_name = "Kanari",
                           .last_name = "Gelbvogel",
                           .email = "kanari@acme.example",
                           .external_ref = "kanari-7",
                           .extension = "7777",
                           .forwarding_number = "+4930123456"};
    static_cast<void>(must(t.dir.run(t.admin, adopt)));
    CHECK(refused_with(t.dir.run(t.admin, adopt)).reason == "already_a_user");
    auto taken = adopt;
    taken.email = "kanari2@acme.example";
    CHECK(t.dir.run(t.admin, taken).has_error());
    taken.email = "kanari not an address";
    CHECK(t.dir.run(t.admin, taken).has_error());
    static_cast<void>(t.dir.run(t.admin, import_users{.csv = csv}));
    static_cast<void>(t.dir.run(t.admin, import_users{.csv = "kanari;" + csv}));
    static_cast<void>(t.dir.ask(t.admin, users{.search = "kanari"}));
    static_cast<void>(t.dir.ask(t.admin, find_user{.email = "kanari.none@acme.example"}));
    CHECK(t.dir.open_actor("kanari.none@acme.example", t.w.tenant_id).has_error());
    const auto shown = must(t.dir.preview(t.admin, assign_package{t.ina, t.w.basic}));
    auto forged = *shown.token;
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    CHECK(t.dir.confirm(t.admin, assign_package{t.ina, t.w.basic}, forged).has_error());
    static_cast<void>(must(t.dir.confirm(t.admin, assign_package{t.ina, t.w.basic}, *shown.token)));

    auto all = t.log->all();
    CHECK(all.find(*shown.token) == std::string::npos);
    CHECK(all.find(forged) == std::string::npos);
    CHECK(all.find(t.w.key.text()) == std::string::npos);
    CHECK(all.find(t.w.key.text().substr(7)) == std::string::npos);
    CHECK((all.find("actor_id=" + to_text(t.admin.identity_id())) != std::string::npos) == personal);
    CHECK((all.find("kanari@acme.example") != std::string::npos) == personal);
    std::ranges::transform(all, all.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const auto canary : {"kanari", "gelb", "7777", "+4930123456"})
      if (!personal) CHECK_MESSAGE(all.find(canary) == std::string::npos, canary);
  }
}
