// libcurl does the protocol; what is decided here is what may be asked of it, and what its answers mean.
#include "wiped.hpp"

#include <linecard/mail/smtp.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace linecard {

namespace {

error invalid(std::string_view member, std::string why) {
  return refuse(status::invalid, "smtp_invalid", "/smtp/" + std::string(member), std::string(member) + ": " + why);
}

bool one_word(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return c > 0x20 && c < 0x7F; });
}

refusal flaw_of(const smtp_options& o) {
  const bool direct = o.url.starts_with("smtps://");
  const auto host = std::string_view(o.url).substr(std::min<std::size_t>(o.url.size(), direct ? 8 : 7));
  if ((!direct && !o.url.starts_with("smtp://")) || host.empty() || !one_word(o.url) ||
      host.find_first_of("/@?#") != std::string_view::npos)
    return invalid("url", "must be smtp:// or smtps://, a host and perhaps a port: smtp://mail.example:587");
  if (o.user.empty() != o.password.empty()) return invalid("password", "must be given with a user, and only then");
  if (o.user.find('\0') != std::string::npos || o.password.reveal().find('\0') != std::string_view::npos)
    return invalid("password", "must be text without NUL");
  if (o.tls == smtp_tls::none && (direct || !o.user.empty()))
    return invalid("tls", "must be required where there is a password or smtps://");
  if (o.timeout_ms < 1000 || o.timeout_ms > 300'000) return invalid("timeout_ms", "must be from 1000 to 300000");
  return std::nullopt;
}

/// What of a letter libcurl has not read yet.
struct unread {
  std::string_view rest;
};

std::size_t read_letter(char* into, std::size_t size, std::size_t count, void* from) {
  auto& letter = *static_cast<unread*>(from);
  const auto taken = std::min(size * count, letter.rest.size());
  std::memcpy(into, letter.rest.data(), taken);
  letter.rest.remove_prefix(taken);
  return taken;
}

struct free_curl {
  void operator()(CURL* p) const { curl_easy_cleanup(p); }
  void operator()(curl_slist* p) const { curl_slist_free_all(p); }
};

mail_answer later(std::string_view reason) { return {mail_outcome::temporary, std::string(reason)}; }

/// Refused is the letter or its address, not the server's trouble with us: before the letter is under way 5xx may be
/// about the greeting, the login or the sender, and would make dead letters of everybody's.
bool is_refusal(long reply, bool under_way) {
  return reply >= 500 && reply <= 599 && (under_way || reply == 550 || reply == 551 || reply == 556);
}

mail_answer answer_for(CURLcode code, long reply, bool under_way) {
  if (code == CURLE_OK) return {mail_outcome::delivered, {}};
  switch (code) {
  case CURLE_OPERATION_TIMEDOUT:
    return later("smtp_timeout");
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
    return later("smtp_unreachable");
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
    return later("smtp_certificate_refused");
  case CURLE_USE_SSL_FAILED:
    return later("smtp_tls_missing");
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
    return later("smtp_tls_failed");
  case CURLE_LOGIN_DENIED:
    return later("smtp_login_refused");
  default:
    break;
  }
  if (reply < 400 || reply > 599) return later("smtp_failed");
  return {is_refusal(reply, under_way) ? mail_outcome::rejected : mail_outcome::temporary,
          "smtp_" + std::to_string(reply)};
}

class smtp final : public mailer {
public:
  explicit smtp(smtp_options options) : options_(std::move(options)) {}

  mail_answer send(const outgoing_mail& mail) override {
    const std::unique_ptr<CURL, free_curl> curl(curl_easy_init());
    const std::string from = "<" + std::string(mail.sender) + ">", to = "<" + std::string(mail.address) + ">";
    const std::unique_ptr<curl_slist, free_curl> recipients(curl_slist_append(nullptr, to.c_str()));
    if (!curl || !recipients) return later("smtp_failed");
    unread letter{mail.source};
    const auto set = [&](CURLoption option, auto value) { return curl_easy_setopt(curl.get(), option, value); };
    bool all = true;
    const auto needed = [&](CURLoption option, auto value) { all = set(option, value) == CURLE_OK && all; };
    needed(CURLOPT_NOSIGNAL, 1L);
    needed(CURLOPT_PROXY, ""); // none, whatever the environment says
    needed(CURLOPT_URL, options_.url.c_str());
    needed(CURLOPT_USE_SSL, options_.tls == smtp_tls::required ? long{CURLUSESSL_ALL} : long{CURLUSESSL_NONE});
    needed(CURLOPT_SSL_VERIFYPEER, 1L);
    needed(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options_.ca_file.empty()) needed(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.user.empty()) {
      const linecard::mail::wiped_string password(options_.password.reveal());
      needed(CURLOPT_USERNAME, options_.user.c_str());
      needed(CURLOPT_PASSWORD, password.c_str());
    }
    needed(CURLOPT_MAIL_FROM, from.c_str());
    needed(CURLOPT_MAIL_RCPT, recipients.get());
    needed(CURLOPT_UPLOAD, 1L);
    needed(CURLOPT_READFUNCTION, &read_letter);
    needed(CURLOPT_READDATA, static_cast<void*>(&letter));
    needed(CURLOPT_TIMEOUT_MS, long{options_.timeout_ms});
    needed(CURLOPT_CONNECTTIMEOUT_MS, long{options_.timeout_ms});
    if (!all) return later("smtp_failed");
    const auto done = curl_easy_perform(curl.get());
    long reply = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
    return answer_for(done, reply, letter.rest.size() < mail.source.size());
  }

private:
  smtp_options options_;
};

} // namespace

result<std::shared_ptr<mailer>> smtp_mailer(smtp_options options) {
  if (auto no = flaw_of(options)) return *std::move(no);
  static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT); // counts for the whole process
  if (ready != CURLE_OK) return refuse(status::internal, "smtp_failed", "/smtp", "libcurl could not be initialised");
  return std::shared_ptr<mailer>(std::make_shared<smtp>(std::move(options)));
}

} // namespace linecard
