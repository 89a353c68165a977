// The courier: takes a letter that is due, hands it to the mailer with no transaction open, and notes what became of
// it. Taking it moves its time on, so whoever dies in between leaves it to be taken again.
#include "mail/compose.hpp"
#include "mail/letters.hpp"
#include "slug.hpp"
#include "state.hpp"

#include <linecard/model/credential.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/passwords.hpp>
#include <linecard/text/email.hpp>
#include <linecard/text/time.hpp>
#include <linecard/text/utf8.hpp>

namespace linecard {

namespace {

struct due_letter {
  id_of<message> id{};
  id_of<tenant> tenant_id{};
  std::int32_t attempts{};
};

/// Everything a letter says, with the rows let go.
struct letter_facts {
  message what{};
  delivery pending{};
  std::string first_name{}, last_name{}, tenant{};
};

/// Bare logins have no name of their own: it is people's tenants that know what they are called.
void find_names(snapshot& facts, letter_facts& into) {
  if (const auto d = facts.find<&delegate::id>(into.what.delegate_id)) {
    into.first_name = text::one_line(d->first_name), into.last_name = text::one_line(d->last_name);
  } else if (const auto u = facts.find<&user::id>(into.what.user_id)) {
    into.first_name = text::one_line(u->first_name), into.last_name = text::one_line(u->last_name);
  }
  if (const auto t = facts.find<&tenant::id>(into.what.tenant_id)) into.tenant = text::one_line(t->name);
}

/// Decided at delivery: the row is the tenant's, which is not told whose login is known elsewhere (I9).
void find_kind(snapshot& facts, message& what) {
  if (what.kind != letter::welcome) return;
  const auto kept = facts.find<&credential::identity_id>(what.identity_id);
  if (kept && kept->password_hash) what.kind = letter::joined;
}

/// "2026-11-22 03:21 UTC", the same in every language.
std::string shown_instant(instant at) {
  auto written = text::rfc3339(at.milliseconds);
  written[10] = ' ';
  return written.substr(0, 16) + " UTC";
}

std::string slug(std::string_view given, std::string_view unsaid) { return slug_of(given, unsaid, "mailer_failed"); }

} // namespace

struct directory::state::courier {
  state& self;
  pump_report report{};

  [[nodiscard]] instant now() const { return self.parts.clock->now(); }

  /// In the order they are due. Nobody has taken them yet; somebody may before we do.
  refusal find_due(std::int32_t limit, std::vector<due_letter>& into) {
    return self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      const std::optional<instant> earliest{instant{INT64_MIN}}; // the dead, who have no time, come before it
      const page part{.after = {as_value(earliest), as_value(id_of<message>{})},
                      .limit = static_cast<std::uint32_t>(limit)};
      const auto until = now();
      for (const auto& d : facts.list_page<&delivery::next_attempt_at>(part)) {
        if (*d->next_attempt_at > until) break;
        into.push_back({d->message_id, d->tenant_id, d->attempts});
      }
      return std::nullopt;
    });
  }

  /// Whoever asked for a reset is known or not: it is found out here, where nobody is waiting for the answer.
  refusal answer_requests(std::int32_t limit) {
    std::vector<id_of<reset_request>> asked;
    const page part{.after = {}, .limit = static_cast<std::uint32_t>(limit)};
    if (auto no = self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
          for (const auto& r : facts.list_page<&reset_request::id>(part)) asked.push_back(r->id);
          return std::nullopt;
        }))
      return no;
    report.more = asked.size() == static_cast<std::size_t>(limit);
    for (const auto id : asked)
      if (auto no = self.note({.platform_id = self.platform_id}, request_of(answer_reset_request{id}), now()))
        return no;
    return std::nullopt;
  }

  refusal deliver(const due_letter& due) {
    scope in;
    letter_facts letter;
    if (auto no = self.with_snapshot(scope{},
                                     [&](snapshot& facts) { return self.resolve(facts, any_id{due.tenant_id}, in); }))
      return no;
    const take_delivery take{.message_id = due.id, .attempt = due.attempts + 1};
    if (auto no = self.note(in, request_of(take), now()))
      return no->reason == "not_due" ? std::nullopt : std::move(no); // another pump was first
    bool there = false;
    if (auto no = self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
          const auto what = facts.find<&message::id>(due.id);
          const auto pending = facts.find<&delivery::message_id>(due.id);
          there = what && pending;
          if (!there) return std::nullopt;
          letter.what = *what, letter.pending = *pending;
          find_names(facts, letter);
          find_kind(facts, letter.what);
          return std::nullopt;
        }))
      return no;
    if (!there) return std::nullopt; // withdrawn
    note_delivery noted{.message_id = due.id, .attempt = take.attempt, .state = message_state::lapsed};
    if (!letter.what.useless_after || now() < *letter.what.useless_after) hand_over(letter, noted);
    return note(in, noted);
  }

  void hand_over(const letter_facts& letter, note_delivery& noted) {
    const auto answer = say(letter);
    switch (answer.outcome) {
    case mail_outcome::delivered:
      noted.state = message_state::delivered;
      break;
    case mail_outcome::rejected:
      noted.state = message_state::dead, noted.reason = slug(answer.reason, "rejected");
      break;
    case mail_outcome::permanent:
      noted.state = message_state::dead, noted.reason = slug(answer.reason, "permanent_failure");
      break;
    default:
      noted.state = message_state::queued, noted.reason = slug(answer.reason, "temporary_failure");
    }
  }

  /// The token is in clear from here to the mailer's return, in memory that is wiped.
  mail_answer say(const letter_facts& letter) {
    const auto& [what, pending, first_name, last_name, tenant_name] = letter;
    const auto& mail = self.parts.mail;
    if (!text::email_flaw(pending.address).empty()) return {mail_outcome::permanent, "address_invalid"};
    secret_text token;
    if (!pending.payload.data.empty()) {
      auto opened = self.keys.open(key_use::sealing, sealed_for(what.id, pending.address), pending.payload.data);
      if (!opened) return {mail_outcome::temporary, "payload_unreadable"}; // another process may have the key
      token = *std::move(opened);
    }
    const bool is_code = what.kind == letter::sign_in_code;
    mail::wiped_string link;
    if (!is_code && !token.empty()) (link += mail.link_base) += token.reveal();
    const auto expires = what.useless_after ? shown_instant(*what.useless_after) : std::string{};
    const mail::letter_fields fields{.first_name = first_name,
                                     .last_name = last_name,
                                     .tenant = tenant_name,
                                     .link = link,
                                     .code = is_code ? token.reveal() : std::string_view{},
                                     .expires = expires,
                                     .sender_name = mail.sender_name};
    const auto words = mail::render(word(what.kind), what.language, fields, mail.templates);
    const auto message_id = to_text(what.id);
    outgoing_mail out{.message_id = message_id,
                      .attempt = pending.attempts,
                      .letter = word(what.kind),
                      .language = words.language,
                      .tenant_id = what.tenant_id,
                      .user_id = what.user_id,
                      .delegate_id = what.delegate_id,
                      .sender = mail.sender,
                      .sender_name = mail.sender_name,
                      .address = pending.address,
                      .first_name = first_name,
                      .last_name = last_name,
                      .tenant = tenant_name,
                      .link = link,
                      .code = fields.code,
                      .useless_after = what.useless_after,
                      .subject = words.subject,
                      .text = words.text,
                      .html = words.html};
    const auto source = mail::compose(out, now());
    out.source = source;
    mail_answer answer{mail_outcome::temporary, "mailer_threw"};
    static_cast<void>(returns([&] { answer = mail.mailer->send(out); }));
    return answer;
  }

  refusal note(const scope& in, const note_delivery& noted) {
    const acting itself{.in = in, .system = true};
    const request what = request_of(noted);
    if (auto done = self.perform(itself, {&what, 1}, run_mode::run, {}); !done) return std::move(done).error();
    const bool exhausted = noted.state == message_state::queued && noted.attempt >= most_attempts;
    const auto state = exhausted ? message_state::dead : noted.state;
    ++(state == message_state::delivered ? report.delivered
       : state == message_state::lapsed  ? report.lapsed
       : state == message_state::dead    ? report.dead
                                         : report.postponed);
    if (state == message_state::dead || state == message_state::queued) {
      const auto id = to_text(noted.message_id);
      self.log_about(state == message_state::dead ? log_level::warning : log_level::info, "mail_failed",
                     state == message_state::dead ? "A letter was given up."
                                                  : "A letter could not be handed on; it is tried again later.",
                     "note_delivery", itself,
                     {{"message_id", text_value(id)},
                      {"reason", text_value(*noted.reason)},
                      {"attempt", integer_value(noted.attempt)}});
    }
    return std::nullopt;
  }
};

result<pump_report> directory::pump_mail(std::int32_t limit) {
  constexpr std::int32_t most = 10'000;
  if (!inside_->parts.mail.mailer)
    return refuse(status::invalid, "mailer_missing", "/mailer", "this directory was opened without a mailer");
  if (limit < 1 || limit > most)
    return refuse(status::invalid, "limit_invalid", "/limit", "limit must be from 1 to " + std::to_string(most));
  state::courier courier{*inside_};
  auto no = guarded([&]() -> refusal {
    std::vector<due_letter> due;
    if (auto flaw = courier.answer_requests(limit)) return flaw;
    if (auto flaw = courier.find_due(limit, due)) return flaw;
    courier.report.more = courier.report.more || due.size() == static_cast<std::size_t>(limit);
    for (const auto& letter : due)
      if (auto flaw = courier.deliver(letter)) return flaw;
    return courier.report.more ? std::nullopt : inside_->forget();
  });
  if (no) return *std::move(no);
  return courier.report;
}

} // namespace linecard
