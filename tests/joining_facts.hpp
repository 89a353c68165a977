// What there is to know about invitations, resets, sign-ins and delegates, in plain containers: slow, obvious, sharing
// no line with the library. A person's tokens end by being crossed out one by one, where the library counts an epoch;
// places, seats and rights are counted anew whenever somebody asks.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joining_model {

using millis = std::int64_t;
using answer = std::string; ///< the reason of the refusal; "": accepted
inline constexpr std::size_t nobody = 1'000'000;
inline constexpr millis minute = 60'000, hour = 60 * minute, day = 24 * hour;
inline constexpr millis invitation_life = 7 * day, reset_life = hour, code_life = 10 * minute, session_life = 12 * hour,
                        idle_life = 2 * hour, restore_life = 30 * day;
inline constexpr int seats = 3;

enum class standing { invited, active, suspended, ended };
enum class letting { pending, active, removed, replaced };
enum class link_for { invitation, reset };
enum class kind { user, delegate, login };
using subject = std::pair<kind, std::size_t>;

struct login {
  std::string email{}, given{};
  bool supporter{}; ///< holds a role on the platform
  bool suspended{}, deleted{};
  bool known{}; ///< had a password or chose a second factor
  bool second_factor{};
  std::optional<std::string> password{};
};
struct user {
  std::size_t tenant{}, login{};
  standing is{}, returns_to{};
  bool seat{};
  bool deleted{};                     ///< not cancelled
  std::optional<millis> restorable{}; ///< of one deleted, not erased: until then
};
struct delegate {
  std::size_t tenant{}, login{};
  letting is{};
  int notice{};
  std::optional<millis> ends{};
};
/// out: used, replaced or withdrawn. cut: everything older was ended since.
struct link {
  link_for purpose{};
  subject whose{};
  std::size_t tenant{nobody}, login{};
  millis issued{}, expires{};
  bool out{}, cut{};
};
struct session {
  std::size_t login{};
  std::string source{};
  bool live{}, gone{}, cut{};
  millis started{}, used{}, ends{};
};
struct letter {
  std::string name{}, address{};
  std::size_t tenant{nobody}, login{};
  subject to{};
  millis due{};
  std::optional<millis> useless{};
  std::size_t link{nobody}, session{nobody}; ///< what it brings
};
struct bucket {
  millis ends{};
  int tried{};
};
struct limit {
  const char* what{};
  int most{};
  millis window{};
};
/// Who runs a command: nobody signed in, somebody the host vouches for, or somebody by a session.
struct by {
  std::size_t login{nobody}, session{nobody};
};

struct facts {
  millis now{};
  std::vector<login> logins{};
  std::vector<user> users{};
  std::vector<delegate> delegates{};
  std::vector<link> links{};
  std::vector<session> sessions{};
  std::vector<letter> queue{};
  std::map<std::string, bucket> tries{};
  std::array<int, 2> notice{1, 1}, least{1, 1};

  [[nodiscard]] std::size_t find(const std::string& email) const {
    for (std::size_t i = 0; i < logins.size(); ++i)
      if (!logins[i].deleted && logins[i].email == email) return i;
    return nobody;
  }
  [[nodiscard]] bool lapsed(const delegate& d) const { return d.ends && now >= *d.ends; }
  [[nodiscard]] std::size_t user_of(std::size_t who, std::size_t tenant) const {
    for (std::size_t i = 0; i < users.size(); ++i)
      if (users[i].login == who && users[i].tenant == tenant && users[i].is != standing::ended) return i;
    return nobody;
  }
  /// Removed ones too: there is one row for each person and tenant.
  [[nodiscard]] std::size_t delegate_of(std::size_t who, std::size_t tenant) const {
    for (std::size_t i = 0; i < delegates.size(); ++i)
      if (delegates[i].login == who && delegates[i].tenant == tenant && delegates[i].is != letting::replaced) return i;
    return nobody;
  }
  [[nodiscard]] bool let_in(std::size_t who, std::size_t tenant) const {
    const auto d = delegate_of(who, tenant);
    return d != nobody && delegates[d].is != letting::removed;
  }
  [[nodiscard]] int places(std::size_t who) const {
    int count = 0;
    for (std::size_t t = 0; t < 2; ++t) count += (user_of(who, t) != nobody) + (let_in(who, t) ? 1 : 0);
    return count;
  }
  [[nodiscard]] bool has_an_open_place(std::size_t who) const {
    bool open = logins[who].supporter;
    for (const auto& u : users) open = open || (u.login == who && u.is == standing::active);
    for (const auto& d : delegates) open = open || (d.login == who && d.is == letting::active && !lapsed(d));
    return open;
  }
  /// May this person look at the tenant's licences?
  [[nodiscard]] bool may_look(std::size_t who, std::size_t tenant) const {
    if (logins[who].suspended || logins[who].deleted) return false;
    const auto d = delegate_of(who, tenant);
    return logins[who].supporter || (d != nobody && delegates[d].is == letting::active && !lapsed(delegates[d]) &&
                                     delegates[d].notice >= least[tenant]);
  }
  [[nodiscard]] int seats_taken(std::size_t tenant, bool joined) const {
    int count = 0;
    for (const auto& u : users) {
      const auto as = u.is == standing::suspended ? u.returns_to : u.is;
      count += u.tenant == tenant && u.seat && as == (joined ? standing::active : standing::invited);
    }
    return count;
  }
  [[nodiscard]] answer link_flaw(std::size_t n, link_for purpose) const {
    if (n >= links.size() || links[n].purpose != purpose || links[n].out) return "token_invalid";
    const auto& l = links[n];
    const bool asks_password = purpose == link_for::invitation && logins[l.login].password;
    if (l.cut && !asks_password) return "token_invalid";
    if (l.whose.first == kind::login && !has_an_open_place(l.login)) return "token_invalid";
    if (logins[l.login].suspended || logins[l.login].deleted) return "token_invalid";
    if (l.whose.first == kind::user && users[l.whose.second].is != standing::invited &&
        users[l.whose.second].is != standing::active)
      return "token_invalid";
    return now >= l.expires ? "token_expired" : "";
  }
  [[nodiscard]] answer open_person(const std::string& email) const {
    const auto who = find(email);
    return who == nobody ? "identity_unknown" : logins[who].suspended ? "identity_suspended" : "";
  }
  [[nodiscard]] answer open_session(std::size_t n) const {
    const auto& s = sessions[n];
    if (!s.live || s.gone) return "token_invalid";
    return is_open(s) ? "" : "session_over";
  }
  [[nodiscard]] bool is_open(const session& s) const {
    return s.live && !s.gone && now < s.ends && now < s.used + idle_life && has_an_open_place(s.login);
  }
  /// Of an actor opened some time ago.
  [[nodiscard]] answer may_act(const by& who) const {
    if (who.session == nobody) return "";
    const auto& s = sessions[who.session];
    if (s.cut) return "actor_expired";
    return s.gone || now >= s.ends ? "session_over" : "";
  }
  [[nodiscard]] std::vector<std::size_t> sessions_of(std::size_t who) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < sessions.size(); ++i)
      if (sessions[i].login == who && is_open(sessions[i])) out.push_back(i);
    std::ranges::stable_sort(out, {}, [&](std::size_t i) { return sessions[i].started; });
    return out;
  }
  [[nodiscard]] std::vector<std::size_t> invitations(std::size_t tenant) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < links.size(); ++i)
      if (links[i].purpose == link_for::invitation && links[i].tenant == tenant && !links[i].out) out.push_back(i);
    std::ranges::stable_sort(out, {}, [&](std::size_t i) { return links[i].issued; });
    return out;
  }
  static answer weakness(const std::string& password) {
    return password.size() < 15 ? "password_too_short" : password == "passwordpassword" ? "password_common" : "";
  }
};

} // namespace joining_model
