// One of several processes that deliver the letters of one store, in tests/directory/courier_processes.cpp.
//   mail_pumper STORE HOST_KEY NOW DIE_AT
// The clock stands still at NOW, in milliseconds. It writes a line for each letter handed on, "MESSAGE_ID ATTEMPT", and
// dies inside the mailer after the DIE_AT-th of them (0: never), before anybody can note it. Then "done".
#include <linecard/directory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdlib>
#include <string>

#include <unistd.h>

using namespace linecard;

namespace {

/// One write call, so that a death leaves whole lines only.
void say(std::string line) {
  line += '\n';
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::_Exit(4);
}

template <class T> T must(result<T> r) {
  if (r) return *std::move(r);
  say("failed " + r.error().reason);
  std::_Exit(3);
}

/// "sqlite:PATH" or "postgres:SCHEMA:CONNINFO".
std::unique_ptr<store> open_store(const std::string& name) {
  if (name.starts_with("sqlite:")) return must(sqlite_store({.path = name.substr(7), .busy_timeout_ms = 20'000}));
  const auto colon = name.find(':', 9);
  return must(postgres_store({.conninfo = name.substr(colon + 1),
                              .schema = name.substr(9, colon - 9),
                              .connections = 2,
                              .lock_timeout_ms = 20'000}));
}

struct still_clock final : linecard::clock {
  instant at{};
  instant now() override { return at; }
};

struct telling_mailer final : mailer {
  int die_at{}, told{};
  mail_answer send(const outgoing_mail& mail) override {
    say(std::string(mail.message_id) + " " + std::to_string(mail.attempt));
    if (++told == die_at) std::_Exit(7);
    return {mail_outcome::delivered, {}};
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto time = std::make_shared<still_clock>();
  time->at.milliseconds = std::atoll(argv[3]);
  const auto through = std::make_shared<telling_mailer>();
  through->die_at = std::atoi(argv[4]);
  auto dir = must(directory::open(
      {.store = open_store(argv[1]),
       .clock = time,
       .mail = {.mailer = through, .link_base = "https://pbx.example/setup#", .sender = "phones@pbx.example"},
       .views = false},
      must(host_key::from_text(argv[2]))));
  while (true) {
    const auto done = dir.pump_mail(10);
    if (!done && done.error().code == status::busy) continue; // a loaded machine; the caller asks again
    const auto report = must(done);
    if (report.delivered == 0 && !report.more) break;
  }
  say("done");
}
