// Letters: a host's mailer, what linecard_mail says, and the pump.
#include "adapters.hpp"
#include "handles.hpp"
#include "host_answer.hpp"

#include "mail/wiped.hpp"

#include <linecard/json.hpp>
#include <linecard/mail/smtp.hpp>
#include <linecard/mail/spool.hpp>

#include <deque>

using namespace linecard;
using namespace linecard::capi;

namespace {

/// What C reads ends in NUL, and what a secret was in is overwritten.
class c_texts {
public:
  [[nodiscard]] const char* operator()(std::string_view s) { return kept_.emplace_back(s.data(), s.size()).c_str(); }

private:
  std::deque<mail::wiped_string> kept_{};
};

class mailer_of_host final : public mailer {
public:
  explicit mailer_of_host(owned_table<linecard_mailer>&& table) : host_(std::move(table)) {}

  mail_answer send(const outgoing_mail& m) override {
    c_texts text;
    const linecard_letter letter{.struct_size = sizeof(linecard_letter),
                                 .attempt = m.attempt,
                                 .message_id = text(m.message_id),
                                 .letter = text(m.letter),
                                 .language = text(m.language),
                                 .tenant_id = m.tenant_id.value,
                                 .user_id = m.user_id.value,
                                 .delegate_id = m.delegate_id.value,
                                 .sender = text(m.sender),
                                 .sender_name = text(m.sender_name),
                                 .address = text(m.address),
                                 .first_name = text(m.first_name),
                                 .last_name = text(m.last_name),
                                 .tenant = text(m.tenant),
                                 .link = text(m.link),
                                 .code = text(m.code),
                                 .useless_after = m.useless_after ? m.useless_after->milliseconds : 0,
                                 .subject = text(m.subject),
                                 .text = text(m.text),
                                 .html = text(m.html),
                                 .source = text(m.source),
                                 .source_length = m.source.size()};
    failure_object said;
    const auto answer = host_.guarded_by().call([&] { return host_->send(host_->self, &letter, handle_of(said)); });
    const std::string reason = said.reason.data();
    switch (answer) {
    case LINECARD_DONE:
      return {mail_outcome::delivered, {}};
    case LINECARD_E_BUSY:
      return {mail_outcome::temporary, reason};
    case LINECARD_E_INVALID:
      return {mail_outcome::rejected, reason};
    case LINECARD_E_DENIED:
      return {mail_outcome::permanent, reason};
    default:
      return {mail_outcome::temporary, "mailer_callback"};
    }
  }

private:
  owned_table<linecard_mailer> host_;
};

std::string member(const char* given, const char* name) {
  return given ? std::string(text_in(given, LINECARD_NUL_TERMINATED, name)) : std::string{};
}

smtp_options smtp_in(const char* given) {
  auto read = from_json<smtp_options>(text_in(given, LINECARD_NUL_TERMINATED, "smtp"));
  if (read) return *std::move(read);
  error why = std::move(read).error();
  why.path = "/smtp" + why.path;
  throw refused(std::move(why));
}

struct replaced_words {
  std::vector<letter_template> templates{};
};
BOOST_DESCRIBE_STRUCT(replaced_words, (), (templates))

} // namespace

std::shared_ptr<mailer> capi::host_mailer(owned_table<linecard_mailer>& table) {
  return std::make_shared<mailer_of_host>(std::move(table));
}

mail_options capi::mail_in(const linecard_mail& mail, owned_table<linecard_mailer>* table) {
  if ((table ? 1 : 0) + (mail.spool ? 1 : 0) + (mail.smtp ? 1 : 0) > 1)
    fail(status::invalid, "one_mailer_needed", "/mail", "give at most one of mailer, spool and smtp");
  mail_options out;
  if (table) out.mailer = host_mailer(*table);
  if (mail.spool) out.mailer = spool_mailer({member(mail.spool, "spool")}).value();
  if (mail.smtp) out.mailer = smtp_mailer(smtp_in(mail.smtp)).value();
  out.link_base = member(mail.link_base, "link_base");
  out.sender = member(mail.sender, "sender");
  out.sender_name = member(mail.sender_name, "sender_name");
  if (mail.templates)
    out.templates =
        from_json<replaced_words>(text_in(mail.templates, LINECARD_NUL_TERMINATED, "templates")).value().templates;
  return out;
}

int32_t linecard_pump_mail(linecard_directory* directory, int32_t limit, linecard_pumped* pumped,
                           linecard_error** error) {
  linecard_pumped known = LINECARD_PUMPED_INIT;
  const auto answered = guarded(error, [&] {
    auto& in = use(directory);
    if (pumped) judge_struct(pumped, pumped->struct_size, sizeof known, "pumped");
    const core_handle kept = object_of(directory)->inside; // linecard_close may free the handle while a mailer works
    const auto done = in.pump_mail(limit).value();
    known.delivered = done.delivered;
    known.postponed = done.postponed;
    known.dead = done.dead;
    known.lapsed = done.lapsed;
    known.more = done.more ? 1 : 0;
  });
  fill_struct(pumped, known);
  return answered;
}
