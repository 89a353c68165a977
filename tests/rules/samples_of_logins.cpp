// Samples: delegates, letters, invitations, passwords, sign-in.
#include "rules/samples_parts.hpp"

#include "secrets/token.hpp"

#include <array>

namespace samples {

namespace {

/// The token that the next command will draw, since its rule draws before anything else does.
std::string next_token(world& w, std::string_view purpose) {
  seeded_random ahead(w.random->state);
  std::array<char, token_random_size> drawn{};
  ahead.fill(drawn.data(), drawn.size());
  return std::string(token_of(purpose, {drawn.data(), drawn.size()}).reveal());
}

/// Ada chooses a password: a hash brought along, a reset.
void give_password(world& w) {
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  static_cast<void>(must(w.dir.run(
      w.at_tenant,
      adopt_password{ada, secret_text("pbkdf2_sha256$1000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=")})));
}

/// Ada's own, by a letter to her mailbox.
void choose_password(world& w) {
  const auto ada = must(w.dir.ask(w.admin, find_user{.email = "ada@acme.example"})).user_id;
  const auto token = next_token(w, "password_reset");
  static_cast<void>(must(w.dir.run(w.at_tenant, start_password_reset{ada})));
  static_cast<void>(
      must(w.dir.run(w.dir.open_visitor(), complete_password_reset{.token = secret_text(token),
                                                                   .password = secret_text("Tr0ub4dor&3 und mehr")})));
}

/// Ada asks for a backup address; the token of the letter.
std::string ask_backup_address(world& w) {
  choose_password(w);
  const auto token_of_session = [&] {
    sign_in with{};
    REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &with));
    return *must(w.dir.run(w.dir.open_visitor(), with)).token;
  };
  const auto ada = must(w.dir.open_session(secret_text(token_of_session())));
  auto token = next_token(w, "address_confirmation");
  static_cast<void>(must(w.dir.run(
      ada, set_backup_address{.email = "ada@home.example", .password = secret_text("Tr0ub4dor&3 und mehr")})));
  return token;
}

template <class Noun> std::string any_one() { return quoted(id_of<Noun>{make_id(tag_of<Noun>, 1)}); }

constexpr auto publish = R"({"text":"Delegates see everything.","terms_link":"https://example.com/terms"})";
std::string noticed(world& w) {
  return must(w.dir.run(w.operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://example.com"})),
         std::string(R"({"first_name":"Pat","last_name":"P","email":"pat@partner.example","notice_version":1,)"
                     R"("review_at":"2027-01-01T00:00:00Z","lapses":true,"send_invitation":true})");
}
std::function<std::string(world&)> about_delegate(std::string_view rest) {
  return [=](world& w) {
    static_cast<void>(noticed(w));
    const add_delegate pat{.first_name = "Pat", .last_name = "P", .email = "pat@partner.example", .notice_version = 1};
    const auto id = must(w.dir.run(w.admin, pat)).created_id<delegate>();
    return "{\"delegate_id\":" + quoted(id) + std::string(rest) + "}";
  };
}
std::function<std::string(world&)> about_letter(std::string_view rest) {
  return [=](world& w) {
    const add_user ina{.first_name = "Ina", .last_name = "I", .email = "ina@acme.example", .send_welcome = true};
    const auto id = must(w.dir.run(w.admin, ina)).mail.at(0).message_id;
    return "{\"message_id\":" + quoted(id) + std::string(rest) + "}";
  };
}

} // namespace

sample_map samples_of_logins() {
  return {
      {"publish_notice", {whom::admin, fixed(publish)}},
      {"add_delegate", {whom::admin, noticed}},
      {"activate_delegate", {whom::admin, about_delegate("")}},
      {"remove_delegate", {whom::admin, about_delegate("")}},
      {"review_delegate", {whom::admin, about_delegate(R"(,"review_at":"2027-01-01T00:00:00Z")")}},
      {"acknowledge_notice",
       {whom::admin,
        [](world& w) {
          const auto json = about_delegate(R"(,"notice_version":2)")(w);
          return static_cast<void>(noticed(w)), json;
        }}},
      {"take_delivery", {whom::system, about_letter(R"(,"attempt":1)")}},
      {"note_delivery", {whom::system, about_letter(R"(,"attempt":1,"state":"queued","reason":"smtp_timeout")")}},
      {"retry_message",
       {whom::admin,
        [](world& w) {
          w.mail->answers = [](const auto&) { return mail_answer{mail_outcome::rejected, "mailbox_unknown"}; };
          const auto json = about_letter("")(w);
          return static_cast<void>(must(w.dir.pump_mail(1))), json;
        }}},
      {"messages", {whom::admin, fixed(R"({"state":"queued","limit":3})")}},
      {"send_invitation", {whom::admin, about_user}},
      {"send_delegate_invitation", {whom::admin, about_delegate("")}},
      {"correct_address",
       {whom::admin, [](world& w) { return with_more(about_user(w), R"("email":"ian@acme.example")"); }}},
      {"cancel_invitation", {whom::admin, about_user}},
      {"invitations", {whom::admin, fixed(R"({"limit":5})")}},
      {"accept_invitation",
       {whom::visitor,
        [](world& w) {
          const auto token = next_token(w, "invitation");
          static_cast<void>(must(w.dir.run(
              w.admin,
              add_user{.first_name = "Ina", .last_name = "I", .email = "ina@acme.example", .send_welcome = true})));
          return "{\"token\":\"" + token + R"(","password":"vier fuenf wort sechs"})";
        }}},
      {"start_password_reset",
       {whom::admin, [](world& w) { return "{\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")) + "}"; }}},
      {"request_password_reset",
       {whom::visitor,
        [](world& w) {
          return give_password(w), std::string(R"({"email":"ada@acme.example","source":"192.0.2.1"})");
        }}},
      {"complete_password_reset",
       {whom::visitor,
        [](world& w) {
          const auto id = w.adopt("Ulf", "U", "ulf@acme.example");
          const auto token = next_token(w, "password_reset");
          static_cast<void>(must(w.dir.run(w.admin, start_password_reset{id})));
          return "{\"token\":\"" + token + R"(","password":"vier fuenf wort sechs"})";
        }}},
      {"adopt_password",
       {whom::admin,
        [](world& w) {
          return "{\"user_id\":" + quoted(w.adopt("Ulf", "U", "ulf@acme.example")) +
                 R"(,"password_hash":"$2b$05$abcdefghijklmnopqrstuuNJ8Cl6PHRUIxbvicX/kS.htGEm2pZae"})";
        }}},
      {"sign_in", {whom::visitor, [](world& w) { return give_password(w), std::string(signing_in); }}},
      {"confirm_code",
       {whom::visitor,
        [](world& w) {
          give_password(w);
          sign_in first{};
          REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &first));
          static_cast<void>(must(w.dir.run(w.dir.open_visitor(), first))); // the hash brought along is made anew
          const auto ada = must(w.dir.open_actor("ada@acme.example"));
          static_cast<void>(must(w.dir.run(ada, set_second_factor{second_factor::mailbox})));
          seeded_random ahead(w.random->state);
          std::array<char, token_random_size> drawn{};
          std::uint32_t code = 0;
          ahead.fill(drawn.data(), drawn.size());
          ahead.fill(&code, sizeof code);
          const auto waiting = must(w.dir.run(w.dir.open_visitor(), first));
          REQUIRE(waiting.second_factor == second_factor::mailbox);
          return "{\"token\":\"" + *waiting.token + "\",\"code\":\"" +
                 std::to_string(1'000'000 + code % 1'000'000).substr(1) + "\"}";
        }}},
      {"set_second_factor", {whom::platform, fixed(R"({"second_factor":"mailbox"})")}},
      {"own_login", {whom::platform, fixed("{}")}},
      {"set_backup_address",
       {whom::session,
        [](world& w) {
          return choose_password(w), std::string(R"({"email":"ada@home.example","password":"Tr0ub4dor&3 und mehr"})");
        }}},
      {"confirm_backup_address",
       {whom::visitor, [](world& w) { return "{\"token\":\"" + ask_backup_address(w) + "\"}"; }}},
      {"remove_backup_address",
       {whom::session,
        [](world& w) {
          const auto token = ask_backup_address(w);
          static_cast<void>(must(w.dir.run(w.dir.open_visitor(), confirm_backup_address{secret_text(token)})));
          return std::string("{}");
        }}},
      {"answer_reset_request", {whom::system, fixed("{\"reset_request_id\":" + any_one<reset_request>() + "}")}},
      {"note_session_use", {whom::system, fixed("{\"session_id\":" + any_one<session>() + "}")}},
      {"forget_expired", {whom::system, fixed("{}")}},
      {"rotate_host_key", {whom::system, fixed("{}")}},
      {"sign_out", {whom::session, [](world& w) { return give_password(w), std::string("{}"); }}},
      {"sessions", {whom::platform, fixed("{}")}},
      {"end_sessions", {whom::session, [](world& w) { return give_password(w), std::string("{}"); }}},
      {"notice_in_force", {whom::admin, [](world& w) { return static_cast<void>(noticed(w)), std::string("{}"); }}},
      {"delegates", {whom::admin, fixed(R"({"overdue":true,"limit":5})")}},
  };
}

} // namespace samples
