// The commands of invitations, resets, sign-ins and delegates, each said again over the plain facts.
#pragma once

#include "joining_facts.hpp"

namespace joining_model {

/// `root`: by the operator, else by the tenant's administrator.
struct model : facts {
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
    if (!users[u].restorable || now >= *users[u].restorable) return "window_over";
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

  answer add_delegate(std::size_t t, const std::string& email, const std::string& given, int read,
                      std::optional<millis> ends, bool letter_too) {
    if (read != notice[t]) return "notice_stale";
    if (auto no = taken(find(email), t, false); !no.empty()) return no;
    const auto who = enrol(email, given);
    if (const auto former = delegate_of(who, t); former != nobody) {
      delegates[former].is = letting::replaced;
      void_invitation({kind::delegate, former});
    }
    delegates.push_back({t, who, letting::pending, read, ends});
    if (letter_too) invite(delegates.size() - 1);
    return "";
  }
  answer activate_delegate(std::size_t t, std::size_t d) {
    if (!is_delegate(t, d)) return "delegate_unknown";
    if (lapsed(delegates[d])) return "delegation_lapsed";
    if (delegates[d].is != letting::pending) return "not_pending";
    delegates[d].is = letting::active;
    void_invitation({kind::delegate, d});
    return "";
  }
  answer send_delegate_invitation(std::size_t t, std::size_t d) {
    if (!is_delegate(t, d)) return "delegate_unknown";
    if (delegates[d].is != letting::pending || lapsed(delegates[d])) return "not_pending";
    void_invitation({kind::delegate, d});
    invite(d);
    return "";
  }
  answer acknowledge(std::size_t t, std::size_t d, int read) {
    if (!is_delegate(t, d)) return "delegate_unknown";
    if (lapsed(delegates[d])) return "delegation_lapsed";
    if (read != notice[t]) return "notice_stale";
    delegates[d].notice = read;
    return "";
  }
  answer remove_delegate(std::size_t t, std::size_t d) {
    const bool was = d < delegates.size() && delegates[d].tenant == t && delegates[d].is == letting::removed;
    if (!is_delegate(t, d)) return was ? "" : "delegate_unknown";
    delegates[d].is = letting::removed;
    void_invitation({kind::delegate, d});
    leave(delegates[d].login);
    return "";
  }
  void publish_notice(std::size_t t, bool renew) {
    ++notice[t];
    if (renew) least[t] = notice[t];
  }

  answer start_reset(std::size_t t, std::size_t u) {
    if (!is_user(t, u)) return "user_unknown";
    if (users[u].is == standing::suspended) return "user_suspended";
    if (users[u].is != standing::active) return "not_joined";
    send("password_reset", {kind::user, u}, users[u].login, t, link_for::reset, reset_life);
    return "";
  }
  answer request_reset(const std::string& email) {
    if (auto no = charge({{{"letter", 3, hour}, email}}); !no.empty()) return no;
    const auto who = find(email);
    if (who != nobody && !logins[who].suspended && has_an_open_place(who))
      send("password_reset", {kind::login, who}, who, nobody, link_for::reset, reset_life);
    return "";
  }
  answer complete_reset(std::size_t n, const std::string& password) {
    if (auto no = link_flaw(n, link_for::reset); !no.empty()) return no;
    if (auto no = weakness(password); !no.empty()) return no;
    const auto who = links[n].login;
    set_password(who, password);
    tries.erase("account " + logins[who].email);
    tries.erase("codes " + std::to_string(who));
    tries.erase("codes in a row " + std::to_string(who));
    queue.push_back({"password_changed", logins[who].given, nobody, who, {kind::login, who}, now});
    return "";
  }

  /// What it opens is the newest session, live or waiting for its code.
  answer sign_in(const std::string& email, const std::string& password, const std::string& source) {
    if (auto no = charge_password(email, source); !no.empty()) return no;
    const auto who = find(email);
    if (who == nobody || logins[who].suspended || logins[who].password != password) return "sign_in_failed";
    if (!has_an_open_place(who)) return "sign_in_failed";
    const bool code = logins[who].second_factor;
    if (code)
      if (auto no = charge({{{"codes sent", 10, hour}, std::to_string(who)}}); !no.empty()) return no;
    forget_tries(email, source);
    sessions.push_back({who, source, !code, false, false, now, now, now + (code ? code_life : session_life)});
    if (code)
      queue.push_back({"sign_in_code",
                       logins[who].given,
                       nobody,
                       who,
                       {kind::login, who},
                       now,
                       now + code_life,
                       nobody,
                       sessions.size() - 1});
    return "";
  }
  answer confirm(std::size_t n, bool right) {
    auto& s = sessions[n];
    const auto whose = std::to_string(s.login);
    if (s.live || s.gone || !has_an_open_place(s.login)) return "token_invalid";
    if (now >= s.ends) return "token_expired";
    if (auto no = charge({{{"code", 5, hour}, std::to_string(n)},
                          {{"codes", 20, day}, whose},
                          {{"codes in a row", 100, 3650 * day}, whose}});
        !no.empty())
      return no;
    if (!right) return "code_wrong";
    tries.erase("codes in a row " + whose);
    s.live = true;
    s.ends = now + session_life;
    return "";
  }
  answer set_second_factor(const by& who, bool on) {
    if (auto no = may_act(who); !no.empty()) return no;
    if (who.login == nobody || !has_an_open_place(who.login)) return "sign_in_needed";
    logins[who.login].known = true;
    logins[who.login].second_factor = on;
    return "";
  }
  answer sign_out(const by& who) {
    if (auto no = may_act(who); !no.empty()) return no;
    if (who.session == nobody) return "sign_in_needed";
    sessions[who.session].gone = true;
    return "";
  }
  /// One of the person's own, or, with nobody's, all.
  answer end_sessions(const by& who, std::size_t which) {
    if (auto no = may_act(who); !no.empty()) return no;
    if (who.login == nobody || !has_an_open_place(who.login)) return "sign_in_needed";
    if (which == nobody) return close_sessions(who.login), "";
    if (sessions[which].login != who.login || sessions[which].gone) return "session_unknown";
    sessions[which].gone = true;
    return "";
  }

  answer suspend_login(const std::string& email) {
    const auto who = find(email);
    if (who == nobody) return "identity_unknown";
    if (!logins[who].suspended) end_everything(who);
    logins[who].suspended = true;
    return "";
  }
  answer resume_login(const std::string& email) {
    const auto who = find(email);
    if (who == nobody) return "identity_unknown";
    if (!logins[who].suspended) return "not_suspended";
    logins[who].suspended = false;
    return "";
  }
  answer delete_login(const std::string& email) {
    const auto who = find(email);
    if (who == nobody) return "identity_unknown";
    if (places(who) > 0) return "identity_in_use";
    strip(who);
    std::erase_if(queue, [&](const letter& l) { return l.login == who; });
    logins[who].deleted = true;
    logins[who].supporter = false;
    return "";
  }

  /// Noted once a minute.
  void use(std::size_t n) {
    auto& s = sessions[n];
    if (open_session(n).empty() && now >= s.used + minute) s.used = now;
  }

  /// What is over is told from what never was only until then.
  void forget() {
    for (auto& l : links) l.out = l.out || (l.purpose == link_for::reset && now >= l.expires);
    for (auto& s : sessions) s.gone = s.gone || now >= s.ends;
    std::erase_if(tries, [&](const auto& one) { return now >= one.second.ends; });
    erase_users();
  }

  /// What is due, in the order it is handed on; what became useless is dropped.
  std::vector<letter> pump() {
    std::vector<letter> out;
    for (const auto& l : queue)
      if (l.due <= now && (!l.useless || now < *l.useless)) out.push_back(l);
    std::erase_if(queue, [&](const letter& l) { return l.due <= now; });
    std::ranges::stable_sort(out, {}, &letter::due);
    for (auto& l : out)
      if (l.name == "welcome" && logins[l.login].password) l.name = "joined";
    forget();
    return out;
  }
};

} // namespace joining_model
