// Being told, in one process: the receipt of every commit, a thread that waits for entries, a line for every refusal,
// and the counters.
#include <linecard/linecard.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

template <class T> T must(linecard::result<T> r) {
  if (r) return *std::move(r);
  std::printf("refused: %s (%s)\n", r.error().message.c_str(), r.error().reason.c_str());
  std::exit(1);
}

struct printed final : linecard::log_sink {
  void write(const linecard::log_event& what) override {
    std::printf("log: %.*s", static_cast<int>(what.event.size()), what.event.data());
    for (const auto& f : what.fields)
      if (f.name == "operation" || f.name == "reason")
        std::printf(" %.*s", static_cast<int>(f.content.bytes().size()), f.content.bytes().data());
    std::printf("\n");
  }
};

} // namespace

int main() {
  using namespace linecard;
  int commits = 0;
  auto [directory, key] = must(linecard::directory::create(
      {.store = memory_store(),
       .after_commit = [&](const committed& c) { std::printf("%d: %s\n", ++commits, c.what.command.c_str()); },
       .log = std::make_shared<printed>()}));
  const auto platform = must(directory.bootstrap_operator("ops@example.com"));
  const auto container_id = must(directory.run(platform, create_container{"pbx-1"})).created_id<container>();
  const auto reseller = must(directory.open_actor(platform.identity_id(), container_id));
  const auto tenant_id = must(directory.run(reseller, create_tenant{"Acme"})).created_id<tenant>();
  const auto acme = must(directory.open_actor(platform.identity_id(), tenant_id));

  // Each wait goes on where the last one ended; nothing committed in between is missed.
  std::vector<std::string> heard;
  std::thread follower([&, &waiting = directory] {
    while (heard.size() < 2)
      for (const auto& entry :
           must(waiting.wait_changes(acme, {.since = static_cast<std::int64_t>(heard.size())}, std::chrono::minutes(1)))
               .entries)
        heard.push_back(entry.command);
  });
  const adopt_user ada{.first_name = "Ada", .last_name = "Adler", .email = "ada@acme.example"};
  static_cast<void>(must(directory.run(acme, enable_service{"video"})));
  static_cast<void>(must(directory.run(acme, ada)));
  follower.join();
  std::printf("heard of: %s, %s\n", heard[0].c_str(), heard[1].c_str());

  if (directory.run(acme, ada)) return 1; // a user already: "log: refused adopt_user already_a_user"
  std::printf("%s", to_prometheus(directory.counters()).c_str());
  return heard == std::vector<std::string>{"enable_service", "adopt_user"} && commits == 5 ? 0 : 1;
}
