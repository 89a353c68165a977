// Random sequences of invitations, resets, sign-ins and delegates, run by the library and by the plain model beside it:
// the same answers, letters and links, the same people let in, and nobody else. Rate limits are part of the model.
#include "joining_pair.hpp"
#include "stores/sqlite_kit.hpp"

#include <cstdlib>
#include <filesystem>
#include <ostream>

using namespace kit;
using jm::nobody;

namespace {

/// What is drawn; everything else follows from the state it meets, so that a shorter sequence still makes sense.
struct step {
  int verb{}, who{}, where{}, target{}, other{}, number{}, way{};
};
[[maybe_unused]] void showValue(const step& s, std::ostream& os) {
  os << "{" << s.verb << "," << s.who << "," << s.where << "," << s.target << "," << s.other << "," << s.number << ","
     << s.way << "}";
}

using tally = std::map<std::string, int>; ///< answers met, by reason

/// One of the newest good ones; now and then any.
template <class Good> std::size_t choose(int n, std::size_t size, Good good) {
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < size; ++i)
    if (n % 8 == 0 || good(i)) of.push_back(i);
  if (of.empty()) return nobody;
  return of[of.size() - 1 - static_cast<std::size_t>(n / 4) % std::min<std::size_t>(of.size(), n % 8 == 0 ? 8 : 4)];
}

template <class Noun> id_of<Noun> id_at(const std::vector<id_of<Noun>>& ids, std::size_t n) {
  return n < ids.size() ? ids[n] : id_of<Noun>{make_id(tag_of<Noun>, 12345)};
}

class duel : joining_pair {
public:
  duel(std::shared_ptr<store> on, tally& met) : joining_pair(std::move(on)), met_(met) {}

  void take(const step& s) {
    run(s);
    if (s.way != 0) pump(); // now and then a letter is taken back before it leaves
    if (++taken_ % 12 == 0) compare();
  }
  void finish() {
    pump();
    compare();
    verify_audit_chains();
  }

private:
  struct opened {
    std::optional<actor> as{};
    jm::by who{};
  };

  template <class C> std::optional<receipt> play(const actor& as, const C& c, const jm::answer& expected) {
    auto got = carry_out(w.dir, as, request_of(c));
    same(expected, reason_of(got));
    ++met_[expected.empty() ? "accepted" : expected];
    if (!got) return std::nullopt;
    return *std::move(got);
  }

  /// One login, however it is spelt.
  static std::string spelt(std::string email, const step& s) {
    if (s.other % 3 == 0) email[0] = 'P', email[3] = 'X';
    return email;
  }
  [[nodiscard]] std::string password_for(std::size_t who, const step& s) const {
    if (s.number % 4 != 0 && who < m.logins.size() && m.logins[who].password) return *m.logins[who].password;
    return strong[static_cast<std::size_t>(s.other) % strong.size()];
  }
  static std::string new_password(const step& s) {
    const auto n = static_cast<std::size_t>(s.other);
    return s.number % 8 == 0 ? weak[n % weak.size()] : strong[n % strong.size()];
  }

  /// A link whose letter has come, and its token; now and then a character of that is another.
  std::pair<std::size_t, std::string> link_for(const step& s, jm::link_for purpose) const {
    const auto n = choose(s.target, link_texts.size(), [&](std::size_t i) { return m.link_flaw(i, purpose).empty(); });
    if (n == nobody || link_texts[n].empty()) return {nobody, "lc1_invitation_"};
    if (s.way != 5) return {n, link_texts[n]};
    auto text = link_texts[n];
    auto& c = text[static_cast<std::size_t>(s.who * 31 + s.number) % text.size()];
    c = c == 'A' ? 'B' : 'A';
    return {nobody, text};
  }

  /// Nobody signed in, somebody the host vouches for, or somebody by a session, opened now or some time ago.
  opened open(int how, const step& s) {
    if (how == 0) return {w.visitor, {}};
    if (how == 1) {
      const auto email = address_of(s.target);
      auto as = w.dir.open_actor(email);
      same(m.open_person(email), reason_of(as));
      return as ? opened{*as, {.login = m.find(email)}} : opened{};
    }
    if (how == 2) {
      if (held_.empty()) return {};
      const auto& [n, as] = *std::next(held_.begin(), s.other % static_cast<int>(held_.size()));
      return {as, {m.sessions[n].login, n}};
    }
    const auto n = choose(s.other, m.sessions.size(), [&](std::size_t i) { return m.open_session(i).empty(); });
    if (n == nobody) return {};
    auto as = w.dir.open_session(secret_text(session_texts[n]));
    same(m.open_session(n), reason_of(as));
    m.use(n);
    if (!as) return {};
    held_.insert_or_assign(n, *as);
    return {*as, {m.sessions[n].login, n}};
  }

  /// Now and then up to the limit.
  static int times(const step& s, int limit) { return s.way == 4 && s.who < 4 ? limit : 1; }

  void run(const step& s) {
    const auto t = static_cast<std::size_t>(s.where) % 2;
    const bool by_root = s.who % 3 == 0, yes = s.number % 2 == 0;
    const auto& as = by_root ? root(t) : administrator(t);
    const auto address = address_of(s.target), email = spelt(address, s);
    const auto d = choose(s.target, m.delegates.size(), [&](std::size_t i) { return m.is_delegate(t, i); });
    const auto u = choose(s.target, m.users.size(), [&](std::size_t i) { return m.is_user(t, i); });
    const auto user_who_is = [&](jm::standing is) {
      const auto good = [&](std::size_t i) { return m.is_user(t, i) && m.users[i].is == is; };
      const auto n = choose(s.target, m.users.size(), good);
      return n == nobody ? u : n;
    };
    const auto newcomer = user_who_is(jm::standing::invited), joined = user_who_is(jm::standing::active),
               away = user_who_is(jm::standing::suspended);
    const auto id = id_at(user_ids, u), newcomer_id = id_at(user_ids, newcomer);
    const auto delegate_id = id_at(delegate_ids, d);
    switch (s.verb) {
    case 0:
    case 1:
    case 2: {
      const bool seat = s.number % 2 == 0, welcome = s.number % 8 < 6;
      const add_user c{.first_name = "Pat",
                       .last_name = "Random",
                       .email = email,
                       .package_id = seat ? std::optional(w.basic) : std::nullopt,
                       .send_welcome = welcome};
      if (const auto done = play(as, c, m.add_user(t, address, email, seat, welcome)))
        user_ids.push_back(done->created_id<user>());
      return;
    }
    case 3:
    case 4:
    case 5:
    case 6:
      return accept(s);
    case 7:
      return void(play(as, send_invitation{id}, m.send_invitation(t, u, by_root)));
    case 8: {
      const auto to = address_of(s.number), written = spelt(to, s);
      return void(play(as, correct_address{newcomer_id, written}, m.correct_address(t, newcomer, to, written)));
    }
    case 9:
      return yes ? void(play(as, cancel_invitation{newcomer_id}, m.cancel_invitation(t, newcomer, by_root)))
                 : void(play(as, activate_user{newcomer_id, {}}, m.activate_user(t, newcomer, by_root)));
    case 10:
    case 11:
      return let_in(as, s, t);
    case 12:
      return s.number % 4 != 0 ? void(play(as, send_delegate_invitation{delegate_id}, m.send_delegate_invitation(t, d)))
                               : void(play(as, activate_delegate{delegate_id}, m.activate_delegate(t, d)));
    case 13: {
      if (s.way == 1) {
        m.publish_notice(t, yes);
        const publish_notice c{.text = "Mind.", .terms_link = "https://pbx.example/terms", .renew = yes};
        return void(play(as, c, ""));
      }
      const auto read = m.notice[t] + (s.way == 2 ? 1 : 0);
      return void(play(as, acknowledge_notice{delegate_id, read}, m.acknowledge(t, d, read)));
    }
    case 14:
      return void(play(as, remove_delegate{delegate_id}, m.remove_delegate(t, d)));
    case 15:
      return void(play(as, start_password_reset{id_at(user_ids, joined)}, m.start_reset(t, joined)));
    case 16:
      for (int n = 0; n < times(s, 4); ++n) {
        pump(); // the request and its letter at one instant: which of the two made the link is the library's business
        static_cast<void>(play(w.visitor, request_password_reset{.email = email}, m.request_reset(address)));
        pump();
      }
      return;
    case 17:
    case 18: {
      const auto [n, text] = link_for(s, jm::link_for::reset);
      const auto password = new_password(s);
      const complete_password_reset c{.token = secret_text(text), .password = secret_text(password)};
      return void(play(w.visitor, c, m.complete_reset(n, password)));
    }
    case 19:
    case 20:
    case 21:
    case 22:
      for (int n = 0; n < times(s, 11); ++n) enter(s);
      return;
    case 23:
    case 24:
      for (int n = 0; n < times(s, 6); ++n) confirm(s);
      return;
    case 25:
    case 26:
      return on_own_login(s);
    case 27:
      return yes ? void(play(as, suspend_user{id}, m.suspend_user(t, u, by_root)))
                 : void(play(as, delete_user{id}, m.delete_user(t, u, by_root)));
    case 28:
      if (s.way < 3) {
        const auto gone = choose(s.target, m.users.size(),
                                 [&](std::size_t i) { return m.users[i].tenant == t && m.users[i].deleted; });
        return void(play(as, restore_user{id_at(user_ids, gone), yes}, m.restore_user(t, gone, by_root, yes)));
      }
      return void(play(as, resume_user{id_at(user_ids, away)}, m.resume_user(t, away, by_root)));
    case 29:
      if (s.way == 1) return void(play(w.operator_, delete_identity{address}, m.delete_login(address)));
      return s.number % 4 == 0 ? void(play(w.operator_, suspend_identity{address}, m.suspend_login(address)))
                               : void(play(w.operator_, resume_identity{address}, m.resume_login(address)));
    default:
      return move_clock(s);
    }
  }

  void accept(const step& s) {
    const auto by = open(s.who < 8 ? 0 : s.who - 8, s);
    if (!by.as) return;
    const auto [n, text] = link_for(s, jm::link_for::invitation);
    const auto whose = n == nobody ? nobody : m.links[n].login;
    accept_invitation c{.token = secret_text(text)};
    std::optional<std::string> password;
    if (s.number % 16 != 1)
      password = whose != nobody && m.logins[whose].password ? password_for(whose, s) : new_password(s);
    if (password) c.password.emplace(*password);
    static_cast<void>(play(*by.as, c, m.accept(by.who, n, password)));
  }

  void let_in(const actor& as, const step& s, std::size_t t) {
    const auto email = spelt(address_of(s.target), s);
    add_delegate c{.first_name = "Pat",
                   .last_name = "Random",
                   .email = email,
                   .notice_version = m.notice[t] + (s.way == 2 ? 1 : 0),
                   .send_invitation = s.number % 8 < 6};
    std::optional<jm::millis> ends;
    if (s.way % 3 == 0) ends = m.now + (1 + s.number) * jm::hour;
    if (ends && s.number % 2 == 0) c.ends_at = instant{*ends};
    if (ends && s.number % 2 != 0) c.review_at = instant{*ends}, c.lapses = true;
    const auto expected = m.add_delegate(t, address_of(s.target), email, c.notice_version, ends, c.send_invitation);
    if (const auto done = play(as, c, expected)) delegate_ids.push_back(done->created_id<delegate>());
  }

  void enter(const step& s) {
    const auto who = choose(s.target, m.logins.size(), [&](std::size_t i) { return m.logins[i].password.has_value(); });
    const auto email = who == nobody ? address_of(s.target) : m.logins[who].email;
    const auto password = password_for(who, s), source = s.where < 2 ? "" : "desk " + std::to_string(s.where);
    const sign_in c{.email = spelt(email, s), .password = secret_text(password), .source = source};
    const auto done = play(w.visitor, c, m.sign_in(email, password, source));
    if (!done) return;
    RC_ASSERT(done->token.has_value());
    RC_ASSERT(done->second_factor.has_value() == !m.sessions.back().live);
    session_texts.push_back(*done->token);
    waiting_texts.push_back(*done->token);
  }

  void confirm(const step& s) {
    const auto n = choose(s.target, m.sessions.size(), [&](std::size_t i) {
      return codes.contains(i) && !m.sessions[i].live && !m.sessions[i].gone;
    });
    if (n == nobody) return;
    auto code = codes.contains(n) ? codes.at(n) : "000000";
    const bool right = s.number % 3 != 0;
    if (!right) code.back() = code.back() == '0' ? '1' : '0';
    const confirm_code c{.token = secret_text(waiting_texts[n]), .code = secret_text(code)};
    if (const auto done = play(w.visitor, c, m.confirm(n, right && codes.contains(n))))
      session_texts[n] = done->token.value();
  }

  void on_own_login(const step& s) {
    const auto by = open(s.who == 0 ? 0 : s.who < 6 ? 1 : s.who < 9 ? 2 : 3, s);
    if (!by.as) return;
    if (s.where < 3) {
      const bool on = s.number % 4 != 0;
      return void(play(*by.as, set_second_factor{on ? second_factor::mailbox : second_factor::none},
                       m.set_second_factor(by.who, on)));
    }
    if (s.where == 3) return void(play(*by.as, sign_out{}, m.sign_out(by.who)));
    std::optional<id_of<session>> one;
    auto which = nobody;
    if (s.where == 4 && by.who.login != nobody) {
      const auto own = m.sessions_of(by.who.login);
      if (own.empty() || !m.has_an_open_place(by.who.login)) return;
      const auto at = static_cast<std::size_t>(s.number) % own.size();
      const auto person = must(w.dir.open_actor(m.logins[by.who.login].email));
      which = own[at];
      one = must(w.dir.ask(person, sessions{})).sessions.at(at).session_id;
    }
    static_cast<void>(play(*by.as, end_sessions{one}, m.end_sessions(by.who, which)));
  }

  /// Onwards, back, or to the very instant at which something ends, and just before.
  void move_clock(const step& s) {
    constexpr std::array<jm::millis, 9> by{
        1, jm::minute, 5 * jm::minute, 16 * jm::minute, jm::hour, 3 * jm::hour, 25 * jm::hour, -jm::hour, 31 * jm::day};
    std::vector<jm::millis> ends;
    for (const auto& l : m.links) ends.push_back(l.expires);
    for (const auto& one : m.sessions) ends.push_back(one.ends);
    for (const auto& one : m.delegates)
      if (one.ends) ends.push_back(*one.ends);
    for (const auto& one : m.users)
      if (one.restorable) ends.push_back(*one.restorable);
    const auto at = choose(s.target, ends.size(), [&](std::size_t i) { return ends[i] >= m.now; });
    if (s.way < 2 && at != nobody)
      m.now = ends[at] - s.number % 2;
    else
      m.now += by[static_cast<std::size_t>(s.number) % by.size()];
    w.clock->at = instant{m.now};
  }

  tally& met_;
  std::map<std::size_t, actor> held_{}; ///< by a session, some time ago
  int taken_{};
};

rc::Gen<std::vector<step>> steps(int longest) {
  const auto below = [](int n) { return rc::gen::inRange(0, n); };
  const auto one = rc::gen::build<step>(rc::gen::set(&step::verb, below(32)), rc::gen::set(&step::who, below(12)),
                                        rc::gen::set(&step::where, below(6)), rc::gen::set(&step::target, below(32)),
                                        rc::gen::set(&step::other, below(32)), rc::gen::set(&step::number, below(32)),
                                        rc::gen::set(&step::way, below(6)));
  // Sizes apart: short sequences shall meet every command as well.
  return rc::gen::resize(longest, rc::gen::container<std::vector<step>>(rc::gen::resize(rc::kNominalSize, one)));
}

/// How many commands, of several runs together; LINECARD_JOINING_COMMANDS asks for more of them, for a night's run.
int commands_wanted() {
  const char* more = std::getenv("LINECARD_JOINING_COMMANDS");
  return std::max(more ? std::atoi(more) : 0, 100'000);
}

/// Several sequences a case rather than several calls of rc::check, which would draw the same cases again.
template <class Open> void play(int wanted, int longest, Open open) {
  constexpr int cases = 100; // rapidcheck's own number
  // Half as long on average, and some steps do nothing.
  const auto sequences = static_cast<std::size_t>(wanted * 5 / (2 * cases * longest) + 1);
  tally met;
  const bool held = rc::check([&] {
    // Drawn together, so that all but the failing one shrink to nothing first, and then cost nothing.
    for (const auto& sequence : *rc::gen::container<std::vector<std::vector<step>>>(sequences, steps(longest))) {
      if (sequence.empty()) continue;
      duel d(open(), met);
      for (const auto& one : sequence) d.take(one);
      d.finish();
    }
  });
  CHECK(held);
  int commands = 0;
  std::string told;
  for (const auto& [reason, count] : met) commands += count, told += "\n  " + reason + " " + std::to_string(count);
  MESSAGE(commands << " commands, " << met["accepted"] << " accepted, " << met.size() - 1 << " reasons to refuse met");
  INFO(told);
  CHECK(commands >= wanted);
  CHECK(met["accepted"] > commands / 4); // the sequences neither stand still nor pass by a rule
  CHECK(met.size() >= 22);
}

} // namespace

TEST_CASE("S2.4 S3.5 S3.6 S3.7 S4.16 S4.18 S5.3 S5.7 I4 I11 I14 I15 I16 I18 I20 I28 whatever commands come, who "
          "joins and signs in is as in the model, in memory") {
  play(commands_wanted(), 200, [] { return std::shared_ptr<store>(memory_store()); });
}

TEST_CASE("S2.4 S3.5 S3.6 S3.7 S4.16 S4.18 S5.3 S5.7 I4 I11 I14 I15 I16 I18 I20 I28 whatever commands come, who "
          "joins and signs in is as in the model, on SQLite") {
  const contract::folder f;
  int files = 0;
  play(commands_wanted() / 20, 60, [&] {
    const auto path = f.file(std::to_string(++files % 8) + ".db");
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    return std::shared_ptr<store>(contract::open({.path = path, .readers = 1, .synchronous_full = false}));
  });
}
