// The commands of resets, sign-ins and delegates, each said again over the plain facts.
#pragma once

#include "joining_people.hpp"

namespace joining_model {

struct model : people_model {
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
