// Several processes deliver the letters of one store; one that dies in its mailer loses none.
#include "directory/letters.hpp"
#include "directory/tools.hpp"

#include <fcntl.h>
#include <map>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kit;

namespace {

struct pumper {
  pid_t pid{};
  int out = -1;
  std::vector<std::string> lines{};
  int status{};

  pumper(const shared_storage& storage, world& w, int die_at) {
    int pipe_ends[2];
    REQUIRE(pipe2(pipe_ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    std::string words[]{LINECARD_TEST_PROCESSES "/mail_pumper", storage.name(), w.key.text(),
                        std::to_string(w.clock->at.milliseconds), std::to_string(die_at)};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int failed = posix_spawn(&pid, words[0].c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    REQUIRE(failed == 0);
    out = pipe_ends[0];
  }
  pumper(const pumper&) = delete;
  pumper& operator=(const pumper&) = delete;
  ~pumper() {
    if (out >= 0) finish();
  }
  /// Reads what it says to its end.
  void finish() {
    std::string all;
    char some[4096];
    for (ssize_t size = 0; (size = read(out, some, sizeof some)) > 0;) all.append(some, static_cast<std::size_t>(size));
    close(out);
    out = -1;
    waitpid(pid, &status, 0);
    for (std::size_t at = 0, end = 0; (end = all.find('\n', at)) != std::string::npos; at = end + 1)
      lines.push_back(all.substr(at, end - at));
  }
  [[nodiscard]] bool ended_well() const {
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && !lines.empty() && lines.back() == "done";
  }
};

void share_the_work(store_kind kind) {
  const shared_storage storage(kind);
  mailing_world w(storage.open());
  constexpr int letters = 40;
  std::map<std::string, int> times;
  for (int n = 0; n < letters; ++n) times[to_text(w.posted())] = 0;
  {
    std::vector<std::unique_ptr<pumper>> all;
    for (int n = 0; n < 4; ++n) all.push_back(std::make_unique<pumper>(storage, w, 0));
    for (auto& one : all) {
      one->finish();
      CHECK(one->ended_well());
      for (const auto& line : one->lines)
        if (line != "done") ++times.at(line.substr(0, line.find(' ')));
    }
  }
  for (const auto& letter : times) CHECK_MESSAGE(letter.second == 1, letter.first);
  CHECK(w.listed(message_state::delivered).size() == letters);
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
}

void die_and_be_followed(store_kind kind) {
  const shared_storage storage(kind);
  mailing_world w(storage.open());
  for (int n = 0; n < 5; ++n, w.pass(1)) static_cast<void>(w.posted());
  pumper first(storage, w, 3);
  first.finish();
  REQUIRE(first.lines.size() == 3);
  CHECK(WEXITSTATUS(first.status) == 7);
  const auto unnoted = first.lines[2].substr(0, first.lines[2].find(' '));
  CHECK(first.lines[2] == unnoted + " 1");
  pumper second(storage, w, 0); // the third letter is still the dead one's
  second.finish();
  CHECK(second.lines.size() == 3);
  for (const auto& line : second.lines) CHECK(line.find(unnoted) == std::string::npos);
  w.pass(delivery_lease);
  pumper third(storage, w, 0);
  third.finish();
  CHECK(third.lines == std::vector<std::string>{unnoted + " 2", "done"});
  CHECK(w.listed(message_state::delivered).size() == 5);
}

} // namespace

TEST_CASE("I28 four processes on one file share the letters: each is handed on once") {
  share_the_work(store_kind::sqlite);
}
TEST_CASE("I28 I26 a process that dies between delivery and noting it is followed after ten minutes, same message_id") {
  die_and_be_followed(store_kind::sqlite);
}

#if LINECARD_HAS_POSTGRES
TEST_CASE("I28 four processes on PostgreSQL share the letters: each is handed on once") {
  share_the_work(store_kind::postgres);
}
TEST_CASE("I28 I26 on PostgreSQL a process that dies between delivery and noting it is followed after ten minutes") {
  die_and_be_followed(store_kind::postgres);
}
#endif
