// For the courier's tests: a command that posts a letter with a secret in it, as those of sign-in do.
#pragma once

#include "kit.hpp"

#include <linecard/rules/mailing.hpp>
#include <linecard/secrets/source.hpp>

namespace kit {

struct post_letter {
  id_of<user> user_id{};
  letter kind{};
  std::optional<instant> useless_after{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Posts a letter, for tests.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto who = facts.find<&user::id>(user_id);
    if (!who) return refuse(status::not_found, "user_unknown", "/user_id", "there is none");
    const auto login = facts.find<&identity::id>(who->identity_id);
    const auto drawn = kind == letter::sign_in_code ? with.secrets->code("test") : with.secrets->token("test");
    post(with, out, kind, addressee_of(*who, login->email_as_given), &drawn.secret, useless_after);
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(post_letter, (), (user_id, kind, useless_after))

/// A company with somebody to write to.
struct mailing_world : world {
  id_of<user> zoe;
  explicit mailing_world(std::unique_ptr<store> on = fresh_store()) : world(std::move(on)) {
    zoe = must(dir.run(admin, add_user{.first_name = "Zo\u00e9",
                                       .last_name = "Martin",
                                       .email = "Zoe@Acme.example",
                                       .language = "fr-CA"}))
              .created_id<user>();
  }
  id_of<message> posted(letter kind = letter::welcome, std::optional<instant> useless_after = {}) {
    const post_letter command{.user_id = zoe, .kind = kind, .useless_after = useless_after};
    return must(dir.run(admin, command)).mail.at(0).message_id;
  }
  pump_report pump(std::int32_t limit = 100) { return must(dir.pump_mail(limit)); }
  void answer(mail_outcome outcome, std::string reason = "") {
    mail->answers = [=](const outgoing_mail&) { return mail_answer{outcome, reason}; };
  }
  std::vector<message_row> listed(message_state state) {
    return must(dir.ask(admin, messages{.state = state})).messages;
  }
  void pass(std::int64_t milliseconds) { clock->at = clock->at + milliseconds; }
};

inline std::string counted(const pump_report& r) {
  return std::to_string(r.delivered) + " delivered, " + std::to_string(r.postponed) + " postponed, " +
         std::to_string(r.dead) + " dead, " + std::to_string(r.lapsed) + " lapsed";
}

} // namespace kit
