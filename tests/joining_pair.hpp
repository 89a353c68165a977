// The library and the plain model side by side: letters handed on to both, and everything that the model knows asked of
// the library.
#pragma once

#include "joining_model.hpp"
#include "rules/postal_world.hpp"

#include <rapidcheck.h>

#include <map>
#include <string>
#include <vector>

namespace kit {

namespace jm = joining_model;

inline constexpr int addresses = 5; ///< few, so that the same people are everywhere; the last is the platform's support
inline constexpr std::array<const char*, 3> strong{"vier fuenf wort sechs", "sieben acht neun zehn",
                                                   "elf zwoelf drei viele"};
inline constexpr std::array<const char*, 2> weak{"kurz", "passwordpassword"};

struct joining_pair {
  postal_world w;
  jm::model m{};
  std::array<id_of<tenant>, 2> tenants;
  // By the model's numbers.
  std::vector<id_of<user>> user_ids{};
  std::vector<id_of<delegate>> delegate_ids{};
  std::vector<std::string> link_texts{};                     ///< "": in no letter yet
  std::vector<std::string> session_texts{}, waiting_texts{}; ///< the newest token, and the first
  std::map<std::size_t, std::string> codes{};

  explicit joining_pair(std::shared_ptr<store> on) : w(std::move(on)), tenants{w.tenant_id, w.other_id} {
    const std::string email = address_of(addresses - 1);
    const adopt_user support{.first_name = "Sue", .last_name = "Port", .email = email};
    const auto once = must(w.dir.run(w.admin, support)).created_id<user>();
    REQUIRE(w.dir.run(w.operator_, grant_role{.email = email, .role = "support"}));
    REQUIRE(deleted(w.dir, w.at_tenant, delete_user{once}));
    m.logins.push_back({.email = email, .given = email, .supporter = true});
    REQUIRE(w.dir.run(w.other_tenant, offer_package{w.basic}));
    for (std::size_t t = 0; t < 2; ++t) {
      REQUIRE(w.dir.run(root(t), publish_notice{.text = "Mind.", .terms_link = "https://pbx.example/terms"}));
      REQUIRE(w.dir.run(root(t), set_seat_pool{w.basic, jm::seats}));
    }
    m.now = w.clock->at.milliseconds;
  }

  static std::string address_of(int n) { return "p" + std::to_string(n % addresses) + "@x.example"; }
  [[nodiscard]] const actor& root(std::size_t t) const { return t == 0 ? w.at_tenant : w.other_tenant; }
  [[nodiscard]] const actor& administrator(std::size_t t) const { return t == 0 ? w.admin : w.other_admin; }

  template <class T> static std::string reason_of(const result<T>& r) { return r ? "" : r.error().reason; }
  static void same(const jm::answer& expected, const std::string& got) {
    if (got != expected) RC_LOG() << "the model: \"" << expected << "\", the library: \"" << got << "\"\n";
    RC_ASSERT(got == expected);
  }

  void pump() {
    const auto before = w.mail->got.size();
    while (must(w.dir.pump_mail(100)).delivered > 0) {
    }
    const auto expected = m.pump();
    RC_ASSERT(w.mail->got.size() == before + expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto& l = expected[i];
      const auto& got = w.mail->got[before + i];
      RC_ASSERT(got.letter == l.name);
      RC_ASSERT(got.address == l.address);
      RC_ASSERT(got.tenant == (l.tenant == jm::nobody ? "" : l.tenant == 0 ? "Acme" : "Other"));
      RC_ASSERT(got.secret().empty() == (l.link == jm::nobody && l.session == jm::nobody));
      link_texts.resize(m.links.size());
      if (l.link != jm::nobody) link_texts[l.link] = got.secret();
      if (l.session != jm::nobody) codes[l.session] = got.secret();
    }
  }

  void verify_audit_chains() {
    for (const auto& in : {any_id{w.dir.platform_id()}, any_id{tenants[0]}, any_id{tenants[1]}}) {
      const auto audit = must(w.dir.ask(must(w.dir.open_actor("root@example.com", in)), verify_audit{}));
      RC_ASSERT(audit.intact);
    }
  }

  /// Everything that the model knows, asked of the library.
  void compare() {
    compare_people();
    compare_logins();
    for (std::size_t i = 0; i < session_texts.size(); ++i) {
      same(m.open_session(i), reason_of(w.dir.open_session(secret_text(session_texts[i]))));
      m.use(i);
    }
    // A good link refuses these for another reason: no password, or a weak one.
    for (std::size_t i = 0; i < link_texts.size(); ++i) {
      if (link_texts[i].empty()) continue;
      const bool invites = m.links[i].purpose == jm::link_for::invitation;
      const accept_invitation accepting{.token = secret_text(link_texts[i])};
      const complete_password_reset resetting{.token = secret_text(link_texts[i]), .password = secret_text(weak[0])};
      const auto flaw = m.link_flaw(i, m.links[i].purpose);
      const std::string good = invites ? "password_missing" : "password_too_short";
      same(flaw.empty() ? good : flaw,
           reason_of(invites ? w.dir.run(w.visitor, accepting) : w.dir.run(w.visitor, resetting)));
    }
    const auto queued = must(w.dir.ask(w.operator_, messages{.state = message_state::queued, .limit = 500}));
    RC_ASSERT(queued.messages.size() == m.queue.size());
  }

  void compare_people() {
    for (std::size_t t = 0; t < 2; ++t) {
      const auto& as = root(t);
      std::map<std::string, std::string> is, found;
      for (std::size_t i = 0; i < m.users.size(); ++i)
        if (m.is_user(t, i)) is[to_text(user_ids[i])] = told(m.users[i]);
      for (const auto& row : must(w.dir.ask(as, users{.limit = 500})).users)
        if (!row.administrator)
          found[to_text(row.user_id)] =
              row.email + " " + std::string(word(row.state)) + (row.package_id ? " seat" : "");
      RC_ASSERT(found == is);

      is.clear(), found.clear();
      for (std::size_t i = 0; i < m.delegates.size(); ++i)
        if (m.is_delegate(t, i)) is[to_text(delegate_ids[i])] = told(m.delegates[i]);
      for (const auto& row : must(w.dir.ask(as, delegates{.limit = 500})).delegates)
        found[to_text(row.delegate_id)] =
            row.email + " " + std::string(word(row.state)) + (row.acknowledged ? " acknowledged" : "");
      RC_ASSERT(found == is);

      std::vector<std::string> open, listed;
      for (const auto i : m.invitations(t)) open.push_back(told(m.links[i]));
      for (const auto& row : must(w.dir.ask(as, invitations{.limit = 500})).invitations)
        listed.push_back((row.user_id ? to_text(*row.user_id) : to_text(*row.delegate_id)) + " " + row.email + " " +
                         std::to_string(row.sent_at.milliseconds) + (row.expired ? " expired" : ""));
      RC_ASSERT(listed == open);

      for (const auto& pool : must(w.dir.ask(as, seat_pools{})).pools)
        if (pool.package_id == w.basic) {
          RC_ASSERT(pool.used == m.seats_taken(t, true));
          RC_ASSERT(pool.reserved == m.seats_taken(t, false));
        }
    }
  }

private:
  [[nodiscard]] std::string told(const jm::user& u) const {
    constexpr const char* words[]{"invited", "active", "suspended"};
    return m.logins[u.login].email + " " + words[static_cast<int>(u.is)] + (u.seat ? " seat" : "");
  }
  [[nodiscard]] std::string told(const jm::delegate& d) const {
    return m.logins[d.login].email + " " +
           (m.lapsed(d)                    ? "lapsed"
            : d.is == jm::letting::pending ? "pending"
                                           : "active") +
           (d.notice >= m.least[d.tenant] ? " acknowledged" : "");
  }
  [[nodiscard]] std::string told(const jm::link& l) const {
    const auto [what, at] = l.whose;
    return (what == jm::kind::user ? to_text(user_ids[at]) : to_text(delegate_ids[at])) + " " +
           m.logins[l.login].email + " " + std::to_string(l.issued) + (m.now >= l.expires ? " expired" : "");
  }

  /// Who has which password, may look where, and is signed in.
  void compare_logins() {
    std::map<id_of<identity>, credential> kept;
    hard::each<credential>(*w.rows, [&](const credential& row) { kept[row.identity_id] = row; });

    for (int n = 0; n < addresses; ++n) {
      const auto email = address_of(n);
      const auto who = m.find(email);
      const auto as = w.dir.open_actor(email);
      same(m.open_person(email), reason_of(as));
      if (who == jm::nobody) continue;
      const auto& login = m.logins[who];
      if (!as) continue;
      const auto row = kept.find(as->identity_id());
      RC_ASSERT((row != kept.end()) == login.known);
      if (login.known) {
        RC_ASSERT((row->second.second_factor == second_factor::mailbox) == login.second_factor);
        RC_ASSERT(row->second.password_hash.has_value() == login.password.has_value());
      }
      if (login.password) RC_ASSERT(w.passwords->verify(*login.password, *row->second.password_hash));
      for (std::size_t t = 0; t < 2; ++t)
        RC_ASSERT(w.dir.check(as->identity_id(), permission::license_view, tenants[t]) == m.may_look(who, t));
      const auto own = m.sessions_of(who);
      const auto answered = w.dir.ask(*as, sessions{});
      same(m.has_an_open_place(who) ? "" : "sign_in_needed", reason_of(answered));
      if (!answered) continue;
      const auto& listed = answered->sessions;
      RC_ASSERT(listed.size() == own.size());
      for (std::size_t i = 0; i < own.size(); ++i) {
        RC_ASSERT(listed[i].started_at.milliseconds == m.sessions[own[i]].started);
        RC_ASSERT(listed[i].used_at.milliseconds == m.sessions[own[i]].used);
        RC_ASSERT(listed[i].ends_at.milliseconds == m.sessions[own[i]].ends);
        RC_ASSERT(listed[i].source == m.sessions[own[i]].source);
      }
    }
    RC_ASSERT(kept.size() == static_cast<std::size_t>(std::ranges::count(m.logins, true, &jm::login::known)));
  }
};

} // namespace kit
