// Letters through the C ABI: a host's mailer and what it may answer, the spool, the pump.
#include "kit.hpp"

#include <linecard_c.hpp>

#include <pthread.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace capi;

namespace {

/// A mailer that remembers, with a hook.
struct postman {
  std::vector<std::string> letters{}; ///< "welcome to ina@acme.example in en for Acme, attempt 1"
  std::vector<std::string> ids{}, sources{};
  int destroyed = 0;
  std::function<std::int32_t(linecard_failure*)> on_letter = [](linecard_failure*) { return LINECARD_DONE; };
  linecard_mailer mailer = LINECARD_MAILER_INIT;
  linecard_mail mail = LINECARD_MAIL_INIT;

  postman() {
    mailer.self = this;
    mailer.destroy = [](void* self) { ++static_cast<postman*>(self)->destroyed; };
    mailer.send = [](void* self, const linecard_letter* l, linecard_failure* failure) {
      auto& me = *static_cast<postman*>(self);
      CHECK(l->struct_size == sizeof *l);
      CHECK(std::strlen(l->source) == l->source_length);
      for (const auto* text : {l->sender_name, l->link, l->code, l->subject, l->text, l->html, l->last_name})
        CHECK(text != nullptr);
      me.letters.push_back(std::string(l->letter) + " to " + l->address + " in " + l->language + " for " + l->tenant +
                           ", attempt " + std::to_string(l->attempt));
      me.ids.emplace_back(l->message_id);
      me.sources.emplace_back(l->source, l->source_length);
      return me.on_letter(failure);
    };
    mail.mailer = &mailer;
    mail.link_base = "https://pbx.example/setup#";
    mail.sender = "phones@pbx.example";
  }
  postman(const postman&) = delete;
  postman& operator=(const postman&) = delete;

  [[nodiscard]] linecard_options on(linecard_options options = in_memory()) const {
    options.mail = &mail;
    return options;
  }
};

linecard_pumped pump(linecard_directory* of, std::int32_t limit = 100) {
  caught why;
  linecard_pumped done = LINECARD_PUMPED_INIT;
  ok(linecard_pump_mail(of, limit, &done, why), why);
  return done;
}

void invite(const house& h, const char* email = "ina@acme.example") {
  caught why;
  auto ina = person("Ina", email);
  ina.send_welcome = 1;
  linecard_id id = 0;
  ok(linecard_add_user(h.tenant, &ina, &id, why), why);
}

std::string refused(const linecard_options& options) {
  caught why;
  linecard_text* key = nullptr;
  linecard_directory* directory = nullptr;
  CHECK(linecard_create(&options, &key, &directory, why) != LINECARD_OK);
  CHECK(key == nullptr);
  CHECK(directory == nullptr);
  return why.reason() + " " + why.path();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("C ABI: I28 S1.8 a host's mailer gets the letter field by field and in words, once, and ends once") {
  postman p;
  {
    house h(p.on());
    invite(h);
    CHECK(p.letters.empty()); // nothing leaves before the pump is called
    const auto done = pump(h.directory);
    CHECK(done.delivered == 1);
    CHECK(done.more == 0);
    REQUIRE(p.letters.size() == 1);
    CHECK(p.letters.front() == "welcome to ina@acme.example in en for Acme, attempt 1");
    CHECK(has(p.sources.front(), "Message-ID: <" + p.ids.front() + "@pbx.example>\r\n"));
    CHECK(pump(h.directory).delivered == 0);
    CHECK(p.destroyed == 0);
  }
  CHECK(p.destroyed == 1);
}

TEST_CASE("C ABI: I28 each answer of a mailer has one meaning; what is no answer is tried again") {
  struct meaning {
    std::function<std::int32_t(linecard_failure*)> answers;
    const char* state;
    const char* reason;
  };
  const auto fails = [](std::int32_t status, const char* reason) {
    return [=](linecard_failure* f) { return linecard_fail(f, status, reason, "never shown"); };
  };
  const meaning all[] = {
      {fails(LINECARD_E_BUSY, "smtp_timeout"), "queued", "smtp_timeout"},
      {fails(LINECARD_E_BUSY, nullptr), "queued", "temporary_failure"},
      {fails(LINECARD_E_BUSY, "550 No such user"), "queued", "mailer_failed"},
      {fails(LINECARD_E_INVALID, "mailbox_unknown"), "dead", "mailbox_unknown"},
      {fails(LINECARD_E_DENIED, "no_route"), "dead", "no_route"},
      {fails(LINECARD_E_STORE, "x"), "queued", "mailer_callback"},
      {[](linecard_failure*) { return 0; }, "queued", "mailer_callback"},
      {[](linecard_failure*) { return 10919288; }, "queued", "mailer_callback"},
      {[](linecard_failure*) -> std::int32_t { throw std::runtime_error("no"); }, "queued", "mailer_callback"},
  };
  for (const auto& m : all) {
    postman p;
    house h(p.on());
    invite(h);
    p.on_letter = m.answers;
    const auto done = pump(h.directory);
    CHECK(done.delivered == 0);
    CHECK(done.postponed + done.dead == 1);
    const auto listed = call(h.tenant, "messages", std::string(R"({"state":")") + m.state + "\"}");
    CHECK_MESSAGE(has(listed, std::string(R"("reason":")") + m.reason + '"'), listed);
    CHECK_FALSE(has(listed, "never shown"));
    if (std::string(m.state) == "queued") continue;
    p.on_letter = [](linecard_failure*) { return LINECARD_DONE; };
    call(h.tenant, "retry_message", R"({"message_id":")" + p.ids.front() + "\"}");
    CHECK(pump(h.directory).delivered == 1);
    CHECK(p.ids.front() == p.ids.back());
  }
}

TEST_CASE("C ABI: a mailer that calls back is refused; pthread_exit inside one leaves the directory usable") {
  postman p;
  house h(p.on());
  invite(h);
  std::int32_t inside = LINECARD_OK;
  p.on_letter = [&](linecard_failure*) {
    inside = linecard_pump_mail(h.directory, 1, nullptr, nullptr);
    return LINECARD_DONE;
  };
  CHECK(pump(h.directory).delivered == 1);
  CHECK(inside == LINECARD_E_REENTRANT);
  invite(h, "ivo@acme.example");
  p.on_letter = [](linecard_failure*) -> std::int32_t { pthread_exit(nullptr); };
  std::thread([&] { linecard_pump_mail(h.directory, 1, nullptr, nullptr); }).join();
  CHECK(pump(h.directory).delivered == 0); // taken, and due again when its ten minutes are over
  CHECK(has(call(h.tenant, "messages", R"({"state":"queued"})"), "ivo@acme.example"));
}

TEST_CASE("C ABI: I28 the spool gets a file a letter; the link base, sender and words are judged at open, by name") {
  const scratch where;
  std::filesystem::create_directory(where.file("spool"));
  const auto folder = where.file("spool");
  postman p;
  p.mail.mailer = nullptr;
  p.mail.spool = folder.c_str();
  p.mail.sender_name = "Example PBX";
  p.mail.templates =
      R"({"templates":[{"letter":"welcome","language":"en","subject":"Hi {{first_name}}","text":"T","html":""}]})";
  {
    house h(p.on());
    invite(h);
    CHECK(pump(h.directory).delivered == 1);
    const auto listed = call(h.tenant, "messages", R"({"state":"delivered"})");
    const auto at = listed.find("message_id\":\"") + 13;
    std::ifstream file(folder + "/" + listed.substr(at, listed.find('"', at) - at) + ".eml");
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    CHECK(has(all, "Subject: Hi Ina\r\n"));
    CHECK(has(all, "From: \"Example PBX\"\r\n <phones@pbx.example>\r\n"));
  }
  const auto with = [&](auto change) {
    postman q;
    q.mail.mailer = nullptr;
    q.mail.spool = folder.c_str();
    change(q);
    return refused(q.on());
  };
  CHECK(with([](postman& q) { q.mail.link_base = nullptr; }) == "link_base_invalid /link_base");
  CHECK(with([](postman& q) { q.mail.link_base = "http://pbx.example/"; }) == "link_base_invalid /link_base");
  CHECK(with([](postman& q) { q.mail.sender = "\xff"; }) == "sender_invalid /sender");
  CHECK(with([](postman& q) { q.mail.sender_name = "a\nb"; }) == "sender_name_invalid /sender_name");
  CHECK(with([](postman& q) { q.mail.spool = "/nonexistent"; }) == "spool_invalid /spool");
  CHECK(with([](postman& q) { q.mail.reserved = 1; }) == "reserved_invalid /reserved");
  CHECK(with([](postman& q) { q.mail.struct_size = 3; }).substr(0, 19) == "struct_size_invalid");
  CHECK(with([](postman& q) { q.mail.smtp = "{}"; }) == "one_mailer_needed /mail");
  CHECK(with([](postman& q) { q.mail.templates = R"({"templates":[{"letter":"x"}]})"; }).find("/templates") !=
        std::string::npos);
  CHECK(with([](postman& q) {
          q.mail.templates = R"({"templates":[{"letter":"welcome","language":"en",)"
                             R"("subject":"{{x}}","text":"T","html":""}]})";
        }) == "template_invalid /templates/0/subject");
  postman both;
  both.mail.spool = folder.c_str();
  CHECK(refused(both.on()) == "one_mailer_needed /mail");
  CHECK(both.destroyed == 1);
  postman without;
  without.mailer.send = nullptr;
  CHECK(refused(without.on()) == "mailer_incomplete /mailer/send");
  CHECK(without.destroyed == 1);
}

TEST_CASE("C ABI: linecard_pump_mail refuses what is no directory, no limit and no struct, and needs no report") {
  caught why;
  linecard_pumped done = LINECARD_PUMPED_INIT;
  house queues_only;
  CHECK(linecard_pump_mail(queues_only.directory, 1, &done, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "mailer_missing");
  postman p;
  house h(p.on());
  invite(h);
  for (const std::int32_t bad : {0, -1, 10'001, INT32_MAX}) {
    CHECK(linecard_pump_mail(h.directory, bad, &done, why) == LINECARD_E_INVALID);
    CHECK(why.path() == "/limit");
  }
  CHECK(linecard_pump_mail(nullptr, 1, &done, why) == LINECARD_E_INVALID);
  done.struct_size = 2;
  CHECK(linecard_pump_mail(h.directory, 1, &done, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "struct_size_invalid");
  ok(linecard_pump_mail(h.directory, 1, nullptr, why), why);
  CHECK(p.letters.size() == 1);
  postman q;
  std::string key;
  auto made = linecard_c::directory::create(q.on(), key);
  CHECK(made.pump_mail().delivered == 0);
  CHECK_THROWS_AS(made.pump_mail(0), linecard_c::error);
}
