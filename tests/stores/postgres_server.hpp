// A PostgreSQL server of this test program's own: in a temporary folder, on a socket there and a free port of loopback,
// as an unprivileged user, stopped by its process id at the end, and by the kernel when the program dies.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace linecard::contract {

/// Everything here throws std::runtime_error with what is missing or failed: a test that needs a server fails without.
class postgres_server {
public:
  /// `durable`: syncs as in earnest, for tests that kill. `settings`: "name=value" for the server.
  explicit postgres_server(bool durable = false, std::vector<std::string> settings = {});
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// As the superuser, through the socket, no password.
  [[nodiscard]] std::string conninfo(const std::string& database = "postgres") const;
  /// Through loopback, where "locked" is asked for its password.
  [[nodiscard]] std::string over_tcp(const std::string& user, const std::string& password = "") const;
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] pid_t postmaster() const { return postmaster_; }

  /// Waits until it takes connections.
  void start();
  /// SIGINT: orderly, SIGQUIT: at once, SIGKILL: as a crash. Waits until it is gone.
  void stop(int signal);

  /// The server's own tool, run as the server's user; its standard output. Throws when it fails.
  std::string tool(const std::string& name, std::vector<std::string> words) const;

private:
  [[nodiscard]] pid_t spawn(const std::vector<std::string>& words, int out) const;
  [[nodiscard]] bool answers() const;

  bool durable_;
  std::vector<std::string> settings_;
  std::string programs_{}, folder_{};
  unsigned user_{}, group_{};
  int port_{};
  pid_t postmaster_ = -1;
};

/// One for the whole program, started by the first test that asks; its data is not synced.
[[nodiscard]] postgres_server& shared_server();

/// A name that no other test of this program gets.
[[nodiscard]] std::string fresh_schema();

} // namespace linecard::contract
