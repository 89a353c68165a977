#include <linecard/mail/spool.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace linecard {

namespace {

class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

class spool final : public mailer {
public:
  explicit spool(int folder) : folder_(folder) {}
  [[nodiscard]] bool open() const { return folder_.open(); }

  mail_answer send(const outgoing_mail& mail) override {
    const auto name = std::string(mail.message_id) + ".eml";
    const auto unfinished = "." + name + "." + std::to_string(::getpid()) + "-" + std::to_string(mail.attempt);
    ::unlinkat(folder_.get(), unfinished.c_str(), 0); // of a process of that number that died
    if (!write(unfinished, mail.source) ||
        ::renameat(folder_.get(), unfinished.c_str(), folder_.get(), name.c_str()) != 0) {
      ::unlinkat(folder_.get(), unfinished.c_str(), 0);
      return {mail_outcome::temporary, "spool_failed"};
    }
    if (::fsync(folder_.get()) != 0) return {mail_outcome::temporary, "spool_failed"};
    return {mail_outcome::delivered, {}};
  }

private:
  bool write(const std::string& name, std::string_view content) const {
    const descriptor file(
        ::openat(folder_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    return file.open() && write_all(file.get(), content) && ::fsync(file.get()) == 0;
  }
  descriptor folder_;
};

} // namespace

result<std::shared_ptr<mailer>> spool_mailer(const spool_options& options) {
  auto made = std::make_shared<spool>(::open(options.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (options.folder.empty() || !made->open() || options.folder.find('\0') != std::string::npos)
    return refuse(status::invalid, "spool_invalid", "/spool", "spool: must be a folder that exists and can be read");
  return std::shared_ptr<mailer>(std::move(made));
}

} // namespace linecard
