// A company that lets outside partners in: a notice of the platform's, and a role that lets one do something.
#pragma once

#include "kit.hpp"

namespace kit {

inline constexpr std::string_view pat = "pat@partner.example";

struct office : world {
  explicit office(std::unique_ptr<store> on = fresh_store()) : world(std::move(on)) {
    publish(operator_, "Delegates see everything.");
    static_cast<void>(must(dir.run(
        admin, define_role{.name = "licensing", .permissions = {"license.view", "license.assign", "audit.view"}})));
  }
  std::int32_t publish(const actor& by, std::string text, bool renew = false) {
    const publish_notice notice{.text = std::move(text), .terms_link = "https://example.com/terms", .renew = renew};
    static_cast<void>(must(dir.run(by, notice)));
    return version(by);
  }
  std::int32_t version(const actor& by) { return must(dir.ask(by, notice_in_force{})).notice_version; }
  add_delegate invitation(std::string_view email = pat, std::string role = "licensing") {
    return {.first_name = "Pat",
            .last_name = "Partner",
            .email = std::string(email),
            .role = std::move(role),
            .notice_version = version(admin)};
  }
  id_of<delegate> invited(const add_delegate& with) { return must(dir.run(admin, with)).created_id<delegate>(); }
  id_of<delegate> let_in(const add_delegate& with) {
    const auto id = invited(with);
    static_cast<void>(must(dir.run(admin, activate_delegate{id})));
    return id;
  }
  actor open(std::string_view email = pat, any_id where = {}) {
    return must(dir.open_actor(email, where ? where : any_id{tenant_id}));
  }
  bool may(permission p, any_id where = {}, std::string_view email = pat) {
    return dir.check(open(email).identity_id(), p, where ? where : any_id{tenant_id});
  }
  explain_answer why(std::string p, std::string_view email = pat) {
    return must(dir.ask(admin, explain{.email = std::string(email), .permission = std::move(p)}));
  }
  std::vector<delegate_row> listed(bool overdue = false) {
    return must(dir.ask(admin, delegates{.overdue = overdue})).delegates;
  }
  template <class C> std::string reason(const actor& by, const C& c) { return refused_with(dir.run(by, c)).reason; }
};

} // namespace kit
