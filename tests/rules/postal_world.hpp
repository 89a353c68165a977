// A company whose letters the test reads as the person would get them: the token is nowhere else.
#pragma once

#include "directory/tools.hpp"
#include "kit.hpp"

#include <linecard/rules/mailing.hpp>

#include <algorithm>

namespace kit {

inline constexpr std::string_view good_password = "vier fuenf wort sechs";
inline constexpr std::string_view other_password = "sieben acht neun zehn";

struct postal_world : world {
  std::shared_ptr<store> rows;
  actor visitor;
  explicit postal_world(std::shared_ptr<store> on = fresh_store())
      : world(std::make_unique<hard::lent_store>(on)), rows(on), visitor(dir.open_visitor()) {}

  template <class T> std::vector<T> all() {
    std::vector<T> out;
    hard::each<T>(*rows, [&](const T& row) { out.push_back(row); });
    return out;
  }
  /// All that the courier has handed on, the oldest first.
  std::vector<kept_letter> letters() {
    static_cast<void>(must(dir.pump_mail(100)));
    return mail->got;
  }
  /// Of the newest letter to the address.
  std::string token_to(std::string_view address) {
    std::string found;
    for (const auto& l : letters())
      if (l.address == address) found = l.secret();
    return found;
  }
  std::size_t waiting_letters() {
    return must(dir.ask(admin, messages{.state = message_state::queued})).messages.size();
  }
  id_of<user> welcomed(std::string first, std::string last, std::string email, std::string role = "member",
                       std::optional<id_of<package>> package_id = {}) {
    return must(dir.run(admin, add_user{.first_name = std::move(first),
                                        .last_name = std::move(last),
                                        .email = std::move(email),
                                        .role = std::move(role),
                                        .package_id = package_id,
                                        .send_welcome = true}))
        .created_id<user>();
  }
  /// Invited, and in.
  id_of<user> joined(std::string email, std::string_view password = good_password) {
    const auto id = welcomed("Jo", "Joined", email);
    REQUIRE(accept(token_to(email), password));
    return id;
  }
  result<receipt> accept(std::string_view token, std::string_view password) {
    return dir.run(visitor, accept_invitation{.token = secret_text(token), .password = secret_text(password)});
  }
  result<receipt> try_sign_in(std::string email, std::string_view password, std::string source = "") {
    return dir.run(visitor,
                   sign_in{.email = std::move(email), .password = secret_text(password), .source = std::move(source)});
  }
  bool signs_in(std::string email, std::string_view password = good_password) {
    const auto done = try_sign_in(std::move(email), password);
    if (!done) CHECK(done.error().reason == "sign_in_failed");
    return done && done->token && !done->token->empty();
  }
  std::string session_of(std::string email, std::string_view password = good_password) {
    return *must(try_sign_in(std::move(email), password)).token;
  }
  template <class C> std::string reason(const actor& by, const C& c) { return refused_with(dir.run(by, c)).reason; }
  std::string refusal_to_accept(std::string_view token, std::string_view password = good_password) {
    return refused_with(accept(token, password)).reason;
  }
  void pass(std::int64_t milliseconds) { clock->at = clock->at + milliseconds; }
};

} // namespace kit
