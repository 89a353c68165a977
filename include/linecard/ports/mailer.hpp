// Who hands letters on: a host's own mailer, or one of ours (mail/spool.hpp, mail/smtp.hpp).
#pragma once

#include <linecard/describe.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linecard {

/// A letter as a mailer gets it: what it says, field by field, and the same in words. Names are one line each, without
/// control or bidirectional formatting characters, whatever the store held. All views end with the call. `link`, `code`
/// and whatever was rendered from them are secrets: a mailer passes them on and keeps them nowhere, its log included.
/// Since 0.1.
struct outgoing_mail {
  std::string_view message_id{}; ///< the same for every attempt: deliver one of these once
  std::int32_t attempt{};        ///< from 1
  std::string_view letter{};     ///< "welcome", "password_reset"...
  std::string_view language{};   ///< of the words below, BCP 47; not always the one asked for
  any_id tenant_id{}, user_id{}, delegate_id{};
  std::string_view sender{}, sender_name{};
  std::string_view address{}; ///< RFC 5321, ASCII
  std::string_view first_name{}, last_name{}, tenant{};
  std::string_view link{}, code{};
  std::optional<instant> useless_after{};
  std::string_view subject{}, text{}, html{}; ///< UTF-8, lines ended by LF
  std::string_view source{};                  ///< all of it as one RFC 5322 message, 7-bit, lines ended by CRLF
};

/// temporary: try again later. rejected: this letter or address was refused. permanent: this mailer can never do it.
/// The last two make a dead letter, which somebody may retry.
enum class mail_outcome { temporary, delivered, rejected, permanent };

/// `reason` is a slug of at most 64 characters ("smtp_timeout"); people who manage users read it, so it holds no
/// credentials. Anything that is no slug becomes "mailer_failed".
struct mail_answer {
  mail_outcome outcome{};
  std::string reason{};
};

/// Called on the thread that pumps, on several at once if the host pumps on several, with no transaction and no lock
/// held. What it throws counts as temporary, "mailer_threw". It has ten minutes: then another pump may try. Since 0.1.
struct mailer {
  virtual ~mailer() = default;
  [[nodiscard]] virtual mail_answer send(const outgoing_mail& mail) = 0;
};

/// The words of one letter in one language, in place of the library's own. Mustache's variables, sections, inverted
/// sections and comments, and no more: {{first_name}} {{last_name}} {{tenant}} {{link}} {{code}} {{expires}}
/// {{sender_name}}; {{#tenant}}...{{/tenant}} stands when there is a tenant, {{^tenant}}...{{/tenant}} when there is
/// none. Values are escaped in html. No html: it is made from `text`, a paragraph for each block between blank lines.
/// Since 0.1.
struct letter_template {
  std::string letter{};
  std::string language{}; ///< serves its regions too, unless they have their own (RFC 4647, 3.4)
  std::string subject{};
  std::string text{};
  std::string html{};
};
BOOST_DESCRIBE_STRUCT(letter_template, (), (letter, language, subject, text, html))

/// Fixed when the directory is opened, and never taken from a request: who asks for a reset does not choose where its
/// link leads. A directory without a mailer queues; another one, on the same store, delivers. Since 0.1.
struct mail_options {
  std::shared_ptr<linecard::mailer> mailer{};
  /// An https address ending in '/', '=' or '#', to which the token is appended: "https://pbx.example/setup#".
  std::string link_base{};
  std::string sender{}; ///< the address letters are from
  std::string sender_name{};
  std::vector<letter_template> templates{};
};

} // namespace linecard
