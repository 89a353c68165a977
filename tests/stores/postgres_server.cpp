#include "postgres_server.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace linecard::contract {

namespace {

[[noreturn]] void give_up(const std::string& why) { throw std::runtime_error("PostgreSQL for the tests: " + why); }

/// The newest version's; Debian does not have them in PATH.
std::string find_programs() {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
    found.push_back(version.path() / "bin");
  for (const char* other : {"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"}) found.emplace_back(other);
  std::erase_if(found, [](const auto& p) { return ::access((p / "initdb").c_str(), X_OK) != 0; });
  if (found.empty()) give_up("initdb is not installed (Debian: postgresql); libpq is there, so its tests must run");
  return std::max_element(found.begin(), found.end(),
                          [](const auto& a, const auto& b) {
                            return std::atoi(a.parent_path().filename().c_str()) <
                                   std::atoi(b.parent_path().filename().c_str());
                          })
      ->string();
}

int free_port() {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  const bool fine = s >= 0 && bind(s, reinterpret_cast<sockaddr*>(&at), size) == 0 &&
                    getsockname(s, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  close(s);
  if (!fine) give_up("no free port on loopback");
  return ntohs(at.sin_port);
}

} // namespace

postgres_server::postgres_server(bool durable, std::vector<std::string> settings)
    : durable_(durable), settings_(std::move(settings)), programs_(find_programs()) {
  user_ = geteuid(), group_ = getegid();
  if (user_ == 0) { // PostgreSQL refuses to run as root
    const passwd* who = getpwnam("postgres");
    if (who == nullptr) who = getpwnam("nobody");
    if (who == nullptr) give_up("neither a user postgres nor nobody to run as");
    user_ = who->pw_uid, group_ = who->pw_gid;
  }
  folder_ = (std::filesystem::temp_directory_path() / "linecard-pg-XXXXXX").string();
  if (mkdtemp(folder_.data()) == nullptr || chown(folder_.c_str(), user_, group_) != 0) give_up("no temporary folder");
  try {
    // Another order than by bytes is the default here, so that tests see whether a column forgot to ask for that.
    static_cast<void>(
        tool("initdb", {"-D", folder_ + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
                        "--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions"}));
    std::ofstream(folder_ + "/data/pg_hba.conf") << "host all locked 127.0.0.1/32 scram-sha-256\n"
                                                    "host all all 127.0.0.1/32 trust\n"
                                                    "local all all trust\nlocal replication all trust\n";
    port_ = free_port();
    start();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    throw;
  }
}

postgres_server::~postgres_server() {
  stop(SIGQUIT);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string postgres_server::conninfo(const std::string& database) const {
  return "host=" + folder_ + " port=" + std::to_string(port_) + " user=postgres dbname=" + database;
}

std::string postgres_server::over_tcp(const std::string& user, const std::string& password) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " dbname=postgres user=" + user +
         (password.empty() ? "" : " password=" + password);
}

pid_t postgres_server::spawn(const std::vector<std::string>& words, int out) const {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) give_up("fork failed");
  if (child > 0) return child;
  const int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, STDIN_FILENO);
  dup2(out >= 0 ? out : nothing, STDOUT_FILENO);
  const int log = open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(log >= 0 ? log : nothing, STDERR_FILENO);
  if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) _exit(126);
  if (chdir(folder_.c_str()) != 0) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT); // after setuid, which forgets it
  if (getppid() != parent) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

std::string postgres_server::tool(const std::string& name, std::vector<std::string> words) const {
  words.insert(words.begin(), programs_ + "/" + name);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) give_up("no pipe");
  const pid_t child = spawn(words, ends[1]);
  close(ends[1]);
  std::string said;
  char bytes[4096];
  for (ssize_t size = 0; (size = read(ends[0], bytes, sizeof bytes)) > 0;)
    said.append(bytes, static_cast<std::size_t>(size));
  close(ends[0]);
  int state = -1;
  waitpid(child, &state, 0);
  if (state == 0) return said;
  std::ifstream log(folder_ + "/log");
  give_up(name + " failed: " + said + std::string(std::istreambuf_iterator<char>(log), {}));
}

bool postgres_server::answers() const {
  const pid_t child = spawn({programs_ + "/pg_isready", "-q", "-h", folder_, "-p", std::to_string(port_)}, -1);
  int state = -1;
  waitpid(child, &state, 0);
  return state == 0;
}

void postgres_server::start() {
  std::vector<std::string> words{programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-p",
                                 std::to_string(port_)};
  std::vector<std::string> settings{"listen_addresses=127.0.0.1", "max_connections=100", "log_min_messages=panic",
                                    "shared_buffers=32MB", "deadlock_timeout=50ms"};
  if (!durable_) settings.insert(settings.end(), {"fsync=off", "full_page_writes=off", "synchronous_commit=off"});
  settings.insert(settings.end(), settings_.begin(), settings_.end());
  for (const auto& one : settings) words.insert(words.end(), {"-c", one});
  for (int tries = 0; tries < 600; ++tries) { // until those of a killed one have left its shared memory
    if (postmaster_ < 0) postmaster_ = spawn(words, -1);
    if (answers()) return;
    if (waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) postmaster_ = -1;
    (void)poll(nullptr, 0, 50);
  }
  give_up("the server does not start; see " + folder_ + "/log");
}

void postgres_server::stop(int signal) {
  if (postmaster_ < 0) return;
  kill(postmaster_, signal);
  waitpid(postmaster_, nullptr, 0);
  postmaster_ = -1;
}

postgres_server& shared_server() {
  static postgres_server one;
  return one;
}

std::string fresh_schema() {
  static std::atomic<int> made{0};
  return "test_" + std::to_string(++made);
}

} // namespace linecard::contract
