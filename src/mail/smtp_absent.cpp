// In place of smtp.cpp where libcurl is not.
#include <linecard/mail/smtp.hpp>

namespace linecard {

result<std::shared_ptr<mailer>> smtp_mailer(smtp_options) {
  return refuse(status::store, "not_built", "/smtp", "this linecard was built without libcurl, which SMTP needs");
}

} // namespace linecard
