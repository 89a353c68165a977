// The commands about users who are invited, join and leave, said again over the plain facts; and what those about
// delegates, resets and sign-ins (joining_model.hpp) do in the same way.
#pragma once

#include "joining_facts.hpp"

namespace joining_model {

/// `root`: by the operator, else by the tenant's administrator.
struct people_model : facts {
  /// All of the tries or none.
  answer charge(const std::vector<std::pair<limit, std::string>>& all) {
    auto after = tries;
    for (const auto& [of, whose] : all) {
      auto& b = after[std::string(of.what) + " " + whose];
      if (b.tried == 0 || now >= b.ends)
        b = {now + of.window, 1};
      else if (b.tried < of.most)
        ++b.tried;
      else
        return "too_many_tries";
    }
    tries = std::move(after);
    return "";
  }
  answer charge_password(const std::string& email, const std::string& source) {
    std::vector<std::pair<limit, std::string>> all{{{"account and source", 10, 15 * minute}, email + " " + source},
                                                   {{"account", 100, day}, email}};
    if (!source.empty()) all.push_back({{"source", 300, 15 * minute}, source});
    return charge(all);
  }
  std::size_t enrol(const std::string& email, const std::string& given) {
    if (const auto who = find(email); who != nobody) return who;
    logins.push_back({.email = email, .given = given});
    return logins.size() - 1;
  }
  void cross_out(const subject& whose, link_for purpose) {
    for (auto& l : links) l.out = l.out || (l.whose == whose && l.purpose == purpose);
  }
  void void_invitation(const subject& whose) {
    cross_out(whose, link_for::invitation);
    std::erase_if(queue, [&](const letter& l) { return l.to == whose; });
  }
  void send(const std::string& name, const subject& to, std::size_t who, std::size_t tenant, link_for purpose,
            millis life) {
    cross_out(to, purpose);
    links.push_back({purpose, to, tenant, who, now, now + life});
    queue.push_back({name, logins[who].given, tenant, who, to, now, now + life, links.size() - 1});
  }
  void welcome(std::size_t u) {
    send("welcome", {kind::user, u}, users[u].login, users[u].tenant, link_for::invitation, invitation_life);
  }
  void invite(std::size_t d) {
    send("delegate_invitation", {kind::delegate, d}, delegates[d].login, delegates[d].tenant, link_for::invitation,
         invitation_life);
  }
  void set_password(std::size_t who, std::optional<std::string> password) {
    logins[who].password = std::move(password);
    logins[who].known = true;
    end_everything(who);
  }
  void forget_tries(const std::string& email, const std::string& source) {
    tries.erase("account and source " + email + " " + source);
    tries.erase("account " + email);
  }
  void close_sessions(std::size_t who) {
    for (auto& s : sessions) s.gone = s.gone || s.login == who;
  }
  void end_everything(std::size_t who) {
    close_sessions(who);
    for (auto& s : sessions) s.cut = s.cut || s.login == who;
    for (auto& l : links) l.cut = l.cut || l.login == who;
  }
  void strip(std::size_t who) {
    logins[who].password.reset();
    logins[who].known = logins[who].second_factor = false;
    end_everything(who);
  }
  void leave(std::size_t who) {
    if (places(who) == 0 && !logins[who].supporter) strip(who);
  }
  void leave_user(std::size_t u) {
    users[u].is = standing::ended;
    users[u].seat = false;
    void_invitation({kind::user, u});
    cross_out({kind::user, u}, link_for::reset);
    leave(users[u].login);
  }
  [[nodiscard]] bool is_user(std::size_t t, std::size_t u) const {
    return u < users.size() && users[u].tenant == t && users[u].is != standing::ended;
  }
  [[nodiscard]] bool is_delegate(std::size_t t, std::size_t d) const {
    return d < delegates.size() && delegates[d].tenant == t && delegates[d].is != letting::removed &&
           delegates[d].is != letting::replaced;
  }
  /// A tenant's administrator holds less than who has a role on the platform.
  [[nodiscard]] bool above(std::size_t u, bool root) const { return logins[users[u].login].supporter && !root; }
  answer taken(std::size_t who, std::size_t t, bool lapsed_too) const {
    if (who == nobody) return "";
    if (user_of(who, t) != nobody) return "already_a_user";
    const bool is = let_in(who, t) && (lapsed_too || !lapsed(delegates[delegate_of(who, t)]));
    return is ? "already_a_delegate" : "";
  }

  answer add_user(std::size_t t, const std::string& email, const std::string& given, bool seat, bool letter_too) {
    if (auto no = taken(find(email), t, true); !no.empty()) return no;
    if (seat && seats_taken(t, true) + seats_taken(t, false) >= seats) return "no_seat_left";
    users.push_back({t, enrol(email, given), standing::invited, {}, seat});
    if (letter_too) welcome(users.size() - 1);
    return "";
  }
  answer activate_user(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is != standing::invited) return "not_invited";
    if (above(u, root)) return "role_exceeds_own";
    users[u].is = standing::active;
    void_invitation({kind::user, u});
    return "";
  }
  answer accept(const by& who, std::size_t n, const std::optional<std::string>& password) {
    if (auto no = may_act(who); !no.empty()) return no;
    if (auto no = link_flaw(n, link_for::invitation); !no.empty()) return no;
    const auto l = links[n];
    const bool signed_in = who.login != nobody, own = logins[l.login].password.has_value();
    if (signed_in && who.login != l.login) return "token_of_another";
    if (!signed_in && !password) return "password_missing";
    if (!signed_in)
      if (auto no = own ? charge_password(logins[l.login].email, "") : weakness(*password); !no.empty()) return no;
    const auto [what, at] = l.whose;
    if (what == kind::delegate && (delegates[at].is != letting::pending || lapsed(delegates[at])))
      return "token_invalid";
    if (!signed_in && own && logins[l.login].password != password) return "password_wrong";
    if (!signed_in && own) forget_tries(logins[l.login].email, "");
    if (!signed_in && !own) set_password(l.login, password);
    if (what == kind::user)
      users[at].is = standing::active;
    else
      delegates[at].is = letting::active;
    void_invitation(l.whose);
    return "";
  }
  answer send_invitation(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    const auto who = users[u].login;
    if (users[u].is == standing::suspended) return "user_suspended";
    if (above(u, root)) return "target_exceeds_own";
    if (users[u].is == standing::invited) return void_invitation({kind::user, u}), welcome(u), "";
    if (!root && places(who) > 1) return "known_elsewhere";
    set_password(who, {});
    end_everything(who);
    send("reinvitation", {kind::user, u}, who, t, link_for::reset, invitation_life);
    return "";
  }
  answer correct_address(std::size_t t, std::size_t u, const std::string& email, const std::string& given) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is != standing::invited) return "already_joined";
    const auto was = users[u].login;
    if (logins[was].email == email) return "";
    if (auto no = taken(find(email), t, true); !no.empty()) return no;
    void_invitation({kind::user, u});
    users[u].login = enrol(email, given);
    leave(was);
    return "";
  }
  answer cancel_invitation(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is != standing::invited) return "already_joined";
    if (above(u, root)) return "target_exceeds_own";
    leave_user(u);
    return "";
  }
  answer suspend_user(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is == standing::suspended) return "";
    if (above(u, root)) return "target_exceeds_own";
    users[u].returns_to = std::exchange(users[u].is, standing::suspended);
    return "";
  }
  answer resume_user(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is != standing::suspended) return "not_suspended";
    if (above(u, root)) return "role_exceeds_own";
    users[u].is = users[u].returns_to;
    return "";
  }
  answer delete_user(std::size_t t, std::size_t u, bool root) {
    if (!is_user(t, u)) return "user_unknown";
    if (above(u, root)) return "target_exceeds_own";
    leave_user(u);
    users[u].deleted = true;
    users[u].restorable = now + restore_life;
    return "";
  }
  answer restore_user(std::size_t t, std::size_t u, bool root, bool letter_too) {
    if (is_user(t, u)) return "not_deleted";
    if (u >= users.size() || users[u].tenant != t || !users[u].deleted) return "user_unknown";
    if (!users[u].restorable) return "user_unknown"; // erased
    if (now >= *users[u].restorable) return "window_over";
    if (logins[users[u].login].deleted) return "address_gone";
    if (auto no = taken(users[u].login, t, true); !no.empty()) return no;
    if (above(u, root)) return "role_exceeds_own";
    users[u].is = standing::invited;
    users[u].deleted = false;
    users[u].restorable.reset();
    if (letter_too) welcome(u);
    return "";
  }
  /// The window is over; a login with it, where nobody knows it any more.
  void erase_users() {
    for (auto& u : users) {
      if (!u.restorable || now < *u.restorable) continue;
      u.restorable.reset();
      auto& whose = logins[u.login];
      const auto same = [&](const user& other) { return other.login == u.login && other.restorable; };
      if (whose.supporter || places(u.login) > 0 || std::ranges::any_of(users, same)) continue;
      strip(u.login);
      whose.deleted = true;
    }
  }
};

} // namespace joining_model
