// The authority view beside other processes on one SQLite file, and what a check costs the heap.
// LINECARD_ROUNDS says how often authority comes and goes (default 300; 10,000 is the claim).
#include <linecard/stores/sqlite.hpp>

#include "kit.hpp"
#include "stores/sqlite_kit.hpp"

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kit;

namespace {

int rounds() {
  const char* wanted = std::getenv("LINECARD_ROUNDS");
  return wanted != nullptr ? std::atoi(wanted) : 300;
}

/// Another program, with both its ends.
class child {
public:
  explicit child(std::vector<std::string> words) {
    int in[2], out[2];
    REQUIRE(pipe2(in, O_CLOEXEC) == 0);
    REQUIRE(pipe2(out, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    words[0] = LINECARD_TEST_PROCESSES "/" + words[0];
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int failed = posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]), close(out[1]);
    to_ = in[1], from_ = out[0];
    REQUIRE(failed == 0);
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    close(to_), close(from_);
    waitpid(pid_, nullptr, 0);
  }
  char ask(char what) {
    char answer = 0;
    if (write(to_, &what, 1) != 1 || read(from_, &answer, 1) != 1) return 0;
    return answer;
  }
  std::string everything() {
    std::string said;
    char bytes[256];
    for (ssize_t size; (size = read(from_, bytes, sizeof bytes)) > 0;)
      said.append(bytes, static_cast<std::size_t>(size));
    return said;
  }

private:
  pid_t pid_{};
  int to_ = -1, from_ = -1;
};

} // namespace

TEST_CASE("I10 what one process grants or revokes, the next check in every other process on the file knows") {
  std::signal(SIGPIPE, SIG_IGN);
  const contract::folder folder;
  const auto path = folder.file("a.db");
  world w(contract::open({.path = path, .synchronous_full = false}));
  const auto in_container = must(w.dir.open_actor(w.operator_.identity_id(), w.container_id));
  const std::string email = "ada@acme.example";
  const auto who = w.admin.identity_id();
  child other({"checker", path, w.key.text(), email, to_text(w.container_id), to_text(w.other_id)});
  const auto allowed = [&] { return w.dir.check(who, permission::tenant_manage, w.other_id); };
  REQUIRE(other.ask('c') == '0');
  REQUIRE_FALSE(allowed());
  int late = 0, missed = 0, refused = 0;
  for (int n = 0; n < rounds(); ++n) {
    const bool here = n % 2 == 0; // who changes
    const auto change = [&](bool give) {
      if (!here) return other.ask(give ? 'g' : 'r') == (give ? 'g' : 'r');
      return give ? w.dir.run(in_container, grant_role{.email = email, .role = "container"}).has_value()
                  : w.dir.run(in_container, revoke_role{.email = email, .role = "container"}).has_value();
    };
    refused += !change(true);
    missed += (other.ask('c') != '1') + !allowed();
    refused += !change(false);
    late += (other.ask('c') != '0') + allowed();
  }
  CHECK(refused == 0);
  CHECK(late == 0);
  CHECK(missed == 0);
}

TEST_CASE("B11 a check, and a look-up of a line, allocates nothing while nothing has changed") {
  const contract::folder folder;
  const std::string nothing = "checks 5000 allocations 0\nlines 6000 allocations 0\n";
  CHECK(child({"check_allocations"}).everything() == nothing);
  CHECK(child({"check_allocations", folder.file("a.db")}).everything() == nothing);
}
