// A mailer that hands each letter to a mail server (RFC 5321), through libcurl where that is installed.
#pragma once

#include <linecard/ports/mailer.hpp>
#include <linecard/result.hpp>

namespace linecard {

enum class smtp_tls { required, none };
BOOST_DESCRIBE_ENUM(smtp_tls, required, none)

/// A host's own relay or its provider's; one connection a letter.
struct smtp_options {
  std::string url{};  ///< "smtp://mail.example:587", TLS by STARTTLS, or "smtps://mail.example:465", TLS at once
  std::string user{}; ///< none: no login
  secret_text password{};
  std::string ca_file{};           ///< PEM; none: the system's
  smtp_tls tls{};                  ///< none: for a relay on the same machine; takes no password
  std::int32_t timeout_ms{60'000}; ///< of a whole letter, 1 second to 5 minutes
};
BOOST_DESCRIBE_STRUCT(smtp_options, (), (url, user, password, ca_file, tls, timeout_ms))

/// The certificate must be of the host in `url` and signed by somebody trusted. A reply of 4yz is temporary,
/// "smtp_451"; 5yz is rejected, "smtp_550". All else is temporary: "smtp_timeout", "smtp_unreachable",
/// "smtp_certificate_refused", "smtp_tls_missing" (the server offers none), "smtp_tls_failed", "smtp_login_refused",
/// "smtp_failed". Nothing it answers holds what the server said, nor user or password. Refuses "smtp_invalid", and
/// "not_built" where linecard was built without libcurl. Since 0.1.
[[nodiscard]] result<std::shared_ptr<mailer>> smtp_mailer(smtp_options options);

} // namespace linecard
