// A wire between a store and the server that can be cut at a chosen word of the server's.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace linecard::contract {

class proxy {
public:
  enum class what : int { nothing, commit, everything };

  /// Listens in a folder of its own beside the server's socket; `direct` is the server's conninfo.
  proxy(const std::string& server_folder, std::string direct) : direct_(std::move(direct)) {
    const auto port = direct_.substr(direct_.find("port=") + 5);
    name_ = ".s.PGSQL." + port.substr(0, port.find(' '));
    server_ = server_folder + "/" + name_;
    std::string made = (std::filesystem::temp_directory_path() / "linecard-wire-XXXXXX").string();
    REQUIRE(mkdtemp(made.data()) != nullptr);
    folder_ = made;
    listening_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = address(folder_ + "/" + name_);
    REQUIRE(bind(listening_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(listen(listening_, 16) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;
  ~proxy() {
    over_ = true;
    thread_.join();
    close(listening_);
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string conninfo() const {
    const auto rest = direct_.find(' ');
    return "host=" + folder_ + direct_.substr(rest);
  }
  /// The next time the server says it: what comes before goes through, then the wire is cut.
  void swallow(what w) { armed_ = w; }
  [[nodiscard]] int swallowed() const { return swallowed_; }

private:
  struct wire {
    int client, server;
  };

  static sockaddr_un address(const std::string& path) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof at.sun_path);
    std::memcpy(at.sun_path, path.c_str(), path.size() + 1);
    return at;
  }

  /// False when the wire is to be cut.
  static bool pass(int from, int to, const std::atomic<what>* armed, std::size_t& cut_at) {
    char bytes[65536];
    const auto size = recv(from, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    auto rest = std::string_view(bytes, static_cast<std::size_t>(size));
    cut_at = std::string_view::npos;
    if (armed != nullptr && *armed == what::everything) cut_at = 0;
    if (armed != nullptr && *armed == what::commit)
      cut_at = rest.find(std::string_view("C\0\0\0\x0b"
                                          "COMMIT\0",
                                          12));
    if (cut_at != std::string_view::npos) rest = rest.substr(0, cut_at);
    while (!rest.empty()) {
      const auto sent = send(to, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return cut_at == std::string_view::npos;
  }

  void serve() {
    std::list<wire> wires;
    while (!over_) {
      std::vector<pollfd> ears{{listening_, POLLIN, 0}};
      for (const wire& w : wires) ears.push_back({w.client, POLLIN, 0}), ears.push_back({w.server, POLLIN, 0});
      if (poll(ears.data(), ears.size(), 20) <= 0) continue;
      std::size_t ear = 1;
      for (auto w = wires.begin(); w != wires.end(); ear += 2) {
        std::size_t cut_at = std::string_view::npos;
        bool fine = true;
        if (ears[ear].revents != 0) fine = pass(w->client, w->server, nullptr, cut_at);
        if (fine && ears[ear + 1].revents != 0) fine = pass(w->server, w->client, &armed_, cut_at);
        if (fine) {
          ++w;
          continue;
        }
        if (cut_at != std::string_view::npos) armed_ = what::nothing, ++swallowed_;
        close(w->client), close(w->server);
        w = wires.erase(w);
      }
      if (ears[0].revents == 0) continue;
      const int client = accept(listening_, nullptr, nullptr);
      const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const auto at = address(server_);
      if (client >= 0 && connect(server, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0)
        wires.push_back({client, server});
      else
        close(client), close(server);
    }
    for (const wire& w : wires) close(w.client), close(w.server);
  }

  std::string direct_, name_{}, server_{}, folder_{};
  int listening_ = -1;
  std::atomic<what> armed_{what::nothing};
  std::atomic<int> swallowed_{0};
  std::atomic<bool> over_{false};
  std::thread thread_{};
};

} // namespace linecard::contract
