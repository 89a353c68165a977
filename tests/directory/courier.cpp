// The courier: what is posted is handed on, once in ordinary running and at least once in all, or given up in sight.
#include "directory/letters.hpp"

#include "directory/decorated_store.hpp"
#include "rules/office.hpp"
#include "stores/sqlite_kit.hpp"

#include <linecard/hash.hpp>
#include <linecard/json.hpp>

#include <atomic>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <thread>

using namespace kit;

ON_EVERY_STORE("S1.8 I28 a welcome letter arrives with its link, in the person's language, and nothing of it is kept") {
  mailing_world w;
  const auto id = w.posted(letter::welcome, w.clock->at + 7 * 86'400'000);
  REQUIRE(w.listed(message_state::queued).size() == 1);
  CHECK(w.listed(message_state::queued).front().email == "zoe@acme.example");
  CHECK(counted(w.pump()) == "1 delivered, 0 postponed, 0 dead, 0 lapsed");
  REQUIRE(w.mail->got.size() == 1);
  const auto& got = w.mail->got.front();
  CHECK(got.message_id == to_text(id));
  CHECK(got.attempt == 1);
  CHECK(got.letter == "welcome");
  CHECK(got.language == "fr");
  CHECK(got.address == "Zoe@Acme.example"); // as it was given, not its canonical form
  CHECK(got.first_name == "Zo\u00e9");
  CHECK(got.tenant == "Acme");
  CHECK(got.link.starts_with("https://pbx.example/setup#lc1_test_"));
  CHECK(got.text.find(got.link) != std::string::npos);
  CHECK(got.text.find("2026-09-28 14:13 UTC") != std::string::npos);
  CHECK(got.html.find(got.link) != std::string::npos);
  CHECK(got.source.find("To: =?UTF-8?B?") != std::string::npos);

  CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 0 dead, 0 lapsed");
  const auto rows = w.listed(message_state::delivered);
  REQUIRE(rows.size() == 1);
  CHECK(rows.front().message_id == id);
  CHECK_FALSE(rows.front().email);
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
}

TEST_CASE(
    "I21 #2 the token is in the letter alone: not in receipts, audit, listings, the file or what lies beside it") {
  const contract::folder where;
  const auto path = where.file("a.db");
  std::string token;
  {
    mailing_world w(contract::open({.path = path}));
    const post_letter command{.user_id = w.zoe, .kind = letter::welcome};
    const auto seen = must(w.dir.preview(w.admin, command));
    const auto done = must(w.dir.confirm(w.admin, command, *seen.token));
    CHECK(to_json(done).find("lc1_test_") == std::string::npos);
    const auto files = [&] {
      std::string all;
      for (const auto* end : {"", "-wal", "-shm", "-journal"}) {
        std::ifstream in(path + end, std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in), {});
      }
      return all;
    };
    const auto queued = files();
    w.answer(mail_outcome::rejected, "mailbox_unknown");
    CHECK(w.pump().dead == 1);
    const auto link = w.mail->got.at(0).link;
    token = link.substr(link.find("lc1_test_"));
    const auto kept = files() + queued + to_json(must(w.dir.ask(w.admin, messages{}))) +
                      to_json(must(w.dir.ask(w.admin, audit{}))) + to_json(must(w.dir.ask(w.operator_, audit{}))) +
                      to_json(w.dir.counters());
    CHECK(token.size() > 50);
    CHECK(kept.find(token) == std::string::npos);
    CHECK(kept.find(token.substr(9, 30)) == std::string::npos);
    CHECK(kept.find(hex(token)) == std::string::npos);
    w.answer(mail_outcome::delivered);
    REQUIRE(w.dir.run(w.admin, retry_message{w.listed(message_state::dead).at(0).message_id}));
    CHECK(w.pump().delivered == 1);
    CHECK(w.mail->got.at(1).link == link); // the same letter
  }
  contract::raw_sqlite by_hand(path);
  CHECK(by_hand.ask("SELECT count(*) FROM deliveries") == "0");
  CHECK(by_hand.ask("SELECT state FROM messages") == "delivered");
}

ON_EVERY_STORE("I28 a letter that fails for now is tried again later and later, then given up, listed and retried") {
  mailing_world w;
  const auto id = w.posted();
  w.answer(mail_outcome::temporary, "smtp_timeout");
  std::int64_t last = 0;
  for (std::int32_t n = 1; n < most_attempts; ++n) {
    CHECK(counted(w.pump()) == "0 delivered, 1 postponed, 0 dead, 0 lapsed");
    const auto row = w.listed(message_state::queued).at(0);
    CHECK(row.attempts == n);
    CHECK(row.reason == "smtp_timeout");
    const auto pause = row.next_attempt_at->milliseconds - w.clock->at.milliseconds;
    CHECK(pause >= last);
    CHECK(pause == pause_after_attempt(n));
    last = pause;
    w.pass(pause - 1);
    CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 0 dead, 0 lapsed");
    w.pass(1);
  }
  CHECK(pause_after_attempt(1) == 60'000);
  CHECK(last == 4 * 60 * 60'000);
  CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 1 dead, 0 lapsed");
  w.pass(30LL * 86'400'000);
  CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 0 dead, 0 lapsed");
  CHECK(w.mail->got.size() == most_attempts);

  const auto dead = w.listed(message_state::dead);
  REQUIRE(dead.size() == 1);
  CHECK(dead.front().message_id == id);
  CHECK_FALSE(dead.front().next_attempt_at);
  w.answer(mail_outcome::delivered);
  REQUIRE(w.dir.run(w.admin, retry_message{id}));
  CHECK(counted(w.pump()) == "1 delivered, 0 postponed, 0 dead, 0 lapsed");
  CHECK(w.mail->got.back().message_id == w.mail->got.front().message_id);
  CHECK(refused_with(w.dir.run(w.admin, retry_message{id})).reason == "not_dead");
}

TEST_CASE("I28 what a mailer refuses for good is a dead letter at once; what it throws or says wildly does no harm") {
  mailing_world w;
  const auto reason_after = [&](auto answers) {
    const auto id = w.posted();
    w.mail->answers = answers;
    static_cast<void>(w.pump());
    for (const auto state : {message_state::dead, message_state::queued})
      for (const auto& row : w.listed(state))
        if (row.message_id == id) {
          w.answer(mail_outcome::delivered);
          return std::string(word(state)) + " " + row.reason.value_or("");
        }
    return std::string("delivered");
  };
  const auto says = [](mail_outcome o, std::string reason) {
    return [=](const outgoing_mail&) { return mail_answer{o, reason}; };
  };
  CHECK(reason_after(says(mail_outcome::rejected, "")) == "dead rejected");
  CHECK(reason_after(says(mail_outcome::permanent, "no_route")) == "dead no_route");
  CHECK(reason_after(says(mail_outcome::permanent, "")) == "dead permanent_failure");
  CHECK(reason_after(says(mail_outcome::temporary, "")) == "queued temporary_failure");
  CHECK(reason_after(says(mail_outcome::temporary, "550 no such user <zoe>")) == "queued mailer_failed");
  CHECK(reason_after(says(mail_outcome::temporary, std::string(65, 'a'))) == "queued mailer_failed");
  CHECK(reason_after([](const outgoing_mail&) -> mail_answer { throw std::runtime_error("password=x"); }) ==
        "queued mailer_threw");
  CHECK(reason_after([](const outgoing_mail&) -> mail_answer { throw 7; }) == "queued mailer_threw");
  CHECK(reason_after(says(static_cast<mail_outcome>(99), "")) == "queued temporary_failure");
}

ON_EVERY_STORE("I28 what has expired is not sent, whenever it comes to be tried, and cannot be retried") {
  mailing_world w;
  const auto end = w.clock->at + 600'000;
  w.posted(letter::sign_in_code, end);
  w.answer(mail_outcome::temporary, "smtp_timeout");
  CHECK(w.pump().postponed == 1);
  CHECK(w.mail->got.at(0).code.size() == 6);
  CHECK(w.mail->got.at(0).link.empty());
  const auto id = w.posted(letter::sign_in_code, end);
  w.answer(mail_outcome::rejected);
  CHECK(w.pump().dead == 1);
  w.clock->at = end;
  CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 0 dead, 1 lapsed");
  CHECK(w.mail->got.size() == 2);
  CHECK(w.listed(message_state::lapsed).size() == 1);
  CHECK(refused_with(w.dir.run(w.admin, retry_message{id})).reason == "message_lapsed");
  const auto just_before = w.posted(letter::sign_in_code, end + 1);
  w.answer(mail_outcome::delivered);
  CHECK(w.pump().delivered == 1);
  CHECK(w.mail->got.back().message_id == to_text(just_before));
}

ON_EVERY_STORE("I28 the mailer is called with no transaction open: it may use the directory and commit") {
  mailing_world w;
  w.posted();
  w.mail->answers = [&](const outgoing_mail&) {
    CHECK(w.dir.run(w.admin, add_user{.first_name = "A", .last_name = "B", .email = "ab@acme.example"}));
    CHECK(counted(w.pump()) == "0 delivered, 0 postponed, 0 dead, 0 lapsed"); // taken: nobody else's for a while
    return mail_answer{mail_outcome::delivered, {}};
  };
  CHECK(w.pump().delivered == 1);
}

ON_EVERY_STORE("I28 a letter withdrawn while its mailer works is gone, and the courier goes on") {
  office o;
  auto invitation = o.invitation();
  invitation.send_invitation = true;
  const auto id = o.invited(invitation);
  o.mail->answers = [&](const outgoing_mail&) {
    CHECK(o.dir.run(o.admin, remove_delegate{id}));
    return mail_answer{mail_outcome::temporary, "smtp_timeout"};
  };
  CHECK(must(o.dir.pump_mail(10)).postponed == 1);
  o.clock->at = o.clock->at + 86'400'000;
  CHECK(counted(must(o.dir.pump_mail(10))) == "0 delivered, 0 postponed, 0 dead, 0 lapsed");
  for (const auto state : {message_state::queued, message_state::dead, message_state::delivered})
    CHECK(must(o.dir.ask(o.admin, messages{.state = state})).messages.empty());
}

TEST_CASE("I28 whoever changes the address or moves the payload to another row sends nothing with it") {
  const contract::folder where;
  const auto path = where.file("a.db");
  mailing_world w(contract::open({.path = path}));
  w.posted(), w.posted();
  {
    contract::raw_sqlite by_hand(path);
    by_hand.run("UPDATE deliveries SET address = 'eve@evil.example', version = version + 1 WHERE message_id = (SELECT "
                "min(message_id) FROM deliveries)");
    by_hand.run("UPDATE deliveries SET payload = (SELECT payload FROM deliveries ORDER BY message_id LIMIT 1), version "
                "= version + 1 WHERE message_id = (SELECT max(message_id) FROM deliveries)");
  }
  CHECK(counted(w.pump()) == "0 delivered, 2 postponed, 0 dead, 0 lapsed");
  CHECK(w.mail->got.empty());
  CHECK(w.listed(message_state::queued).at(0).reason == "payload_unreadable");
}

TEST_CASE("a directory without a mailer queues and says so when pumped; the limit is honoured, oldest first") {
  mailing_world w;
  const auto without = must(directory::create({.store = memory_store()}));
  CHECK(refused_with(const_cast<directory&>(without.opened).pump_mail(1)).reason == "mailer_missing");
  for (const auto bad : {0, -1, 10'001}) CHECK(refused_with(w.dir.pump_mail(bad)).path == "/limit");
  std::vector<id_of<message>> ids;
  for (int n = 0; n < 5; ++n, w.pass(1)) ids.push_back(w.posted());
  CHECK(w.pump(2).more);
  REQUIRE(w.mail->got.size() == 2);
  CHECK(w.mail->got[0].message_id == to_text(ids[0]));
  CHECK(w.mail->got[1].message_id == to_text(ids[1]));
  CHECK(w.pump(3).more);
  CHECK_FALSE(w.pump(3).more);
  CHECK(refused_with(directory::create({.store = memory_store(), .mail = {.mailer = w.mail}})).path == "/link_base");
}

ON_EVERY_STORE("messages: by state, newest first, page by page; another tenant's are nobody's here") {
  mailing_world w;
  std::vector<id_of<message>> ids;
  for (int n = 0; n < 5; ++n, w.pass(1)) ids.push_back(w.posted());
  for (const auto& by : {w.admin, w.operator_}) {
    const auto first = must(w.dir.ask(by, messages{.state = message_state::queued, .limit = 2}));
    REQUIRE(first.messages.size() == 2);
    CHECK(first.messages[0].message_id == ids[4]);
    CHECK(first.messages[1].message_id == ids[3]);
    const auto rest =
        must(w.dir.ask(by, messages{.state = message_state::queued, .limit = 4, .after = first.next.value()}));
    CHECK(rest.messages.size() == 3);
    CHECK_FALSE(rest.next);
  }
  CHECK(must(w.dir.ask(w.other_admin, messages{.state = message_state::queued})).messages.empty());
  CHECK(refused_with(w.dir.run(w.other_admin, retry_message{ids[0]})).reason == "message_unknown");
  CHECK(refused_with(w.dir.ask(w.other_admin, messages{.after = ids[0]})).reason == "message_unknown");
}

ON_EVERY_STORE("I28 pumps on several threads share the letters: each is handed on once") {
  mailing_world w;
  constexpr int letters = 24, threads = 4;
  for (int n = 0; n < letters; ++n) w.posted();
  std::vector<std::thread> pumps;
  std::atomic<int> delivered{}, failed{};
  for (int n = 0; n < threads; ++n)
    pumps.emplace_back([&] {
      for (int round = 0; round < letters; ++round) {
        const auto report = w.dir.pump_mail(letters);
        if (!report) {
          failed += 1;
          continue;
        }
        delivered += report->delivered;
        if (report->delivered == 0) break;
      }
    });
  for (auto& pump : pumps) pump.join();
  delivered += w.pump().delivered;
  CHECK(failed == 0);
  CHECK(delivered == letters);
  std::map<std::string, int> times;
  for (const auto& got : w.mail->got) ++times[got.message_id];
  CHECK(times.size() == letters);
  CHECK(w.mail->got.size() == letters);
  CHECK(w.listed(message_state::delivered).size() == letters);
}

TEST_CASE("I26 I28 a fault between delivery and noting it delivers again under the same message_id, and never loses") {
  using how = hard::fault_plan::how;
  for (const auto manner : {how::instead, how::after})
    for (int n = 1; n <= 40; ++n) {
      const auto plan = std::make_shared<hard::fault_plan>();
      const std::shared_ptr<store> inner = memory_store();
      mailing_world w(std::make_unique<hard::faulty_store>(inner, plan));
      const auto id = to_text(w.posted());
      plan->arm(n, manner);
      const auto report = w.dir.pump_mail(10);
      const bool struck = plan->struck.has_value();
      plan->disarm();
      CAPTURE(n);
      CHECK(w.mail->got.size() <= 1);
      w.pass(delivery_lease);
      static_cast<void>(w.pump());
      REQUIRE(w.mail->got.size() >= 1);
      CHECK(w.mail->got.size() <= 2);
      for (const auto& got : w.mail->got) CHECK(got.message_id == id);
      CHECK(w.listed(message_state::delivered).size() == 1);
      CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
      if (struck && w.mail->got.size() == 2) CHECK(w.mail->got[1].attempt == 2);
      if (!struck) {
        CHECK(report->delivered == 1);
        CHECK(n > 8); // the faults struck at all these calls
        break;
      }
      REQUIRE(n < 40);
    }
}

ON_EVERY_STORE("I28 model: whatever a mailer answers, each letter is delivered once, given up, or lapsed, as the rules "
               "say") {
  mailing_world w;
  std::mt19937 chance(2026);
  struct expected {
    int attempts{};
    std::int64_t due{};
    std::optional<std::int64_t> useless{};
    message_state state{message_state::queued};
  };
  std::map<std::string, expected> model;
  w.mail->answers = [&](const outgoing_mail& m) -> mail_answer {
    auto& e = model.at(std::string(m.message_id));
    const auto now = w.clock->at.milliseconds;
    CHECK(e.state == message_state::queued);
    CHECK(e.due <= now);
    CHECK(m.attempt == ++e.attempts);
    CHECK((!e.useless || now < *e.useless));
    const auto drawn = chance() % 10;
    e.due = now + pause_after_attempt(e.attempts);
    if (drawn < 3) return e.state = message_state::delivered, mail_answer{mail_outcome::delivered, {}};
    if (drawn == 3) return e.state = message_state::dead, mail_answer{mail_outcome::rejected, {}};
    if (drawn == 4) return e.state = message_state::dead, mail_answer{mail_outcome::permanent, {}};
    if (e.attempts == most_attempts) e.state = message_state::dead;
    if (drawn == 5) throw std::runtime_error("no");
    return {mail_outcome::temporary, "smtp_timeout"};
  };
  for (int step = 0; step < 150; ++step) {
    const auto now = w.clock->at.milliseconds;
    switch (chance() % 4) {
    case 0: {
      std::optional<std::int64_t> useless;
      if (chance() % 2) useless = now + static_cast<std::int64_t>(chance() % 3'600'000);
      const auto until = useless ? std::optional(instant{*useless}) : std::nullopt;
      model[to_text(w.posted(letter::password_reset, until))] = {.due = now, .useless = useless};
      break;
    }
    case 1:
      w.pass(static_cast<std::int64_t>(chance() % 7'200'000));
      break;
    case 2:
      if (const auto dead = w.listed(message_state::dead); !dead.empty()) {
        auto& e = model.at(to_text(dead[chance() % dead.size()].message_id));
        const auto* which = &dead.front();
        for (const auto& row : dead)
          if (&model.at(to_text(row.message_id)) == &e) which = &row;
        const auto done = w.dir.run(w.admin, retry_message{which->message_id});
        CHECK(done.has_value() == (!e.useless || now < *e.useless));
        if (done) e = {.attempts = 0, .due = now, .useless = e.useless, .state = message_state::queued};
      }
      break;
    default:
      static_cast<void>(w.pump(1 + static_cast<std::int32_t>(chance() % 20)));
      while (w.pump(20).more) {
      }
      for (auto& [id, e] : model)
        if (e.state == message_state::queued && e.due <= now && e.useless && *e.useless <= now)
          e.state = message_state::lapsed;
    }
    for (const auto state :
         {message_state::queued, message_state::delivered, message_state::dead, message_state::lapsed}) {
      std::size_t wanted = 0;
      for (const auto& [id, e] : model) wanted += e.state == state;
      const auto rows = must(w.dir.ask(w.admin, messages{.state = state, .limit = 500})).messages;
      CHECK(rows.size() == wanted);
      for (const auto& row : rows) CHECK(model.at(to_text(row.message_id)).state == state);
    }
  }
  CHECK(must(w.dir.ask(w.admin, verify_audit{})).intact);
}
