// No secret is where none belongs (I21). The whole way from invitation to sign-in, recovery and failure is gone with
// secrets that are nowhere else; then all that the library said, and all that lies on the disk, is searched for them.
#include <linecard/directory.hpp>
#include <linecard/json.hpp>
#include <linecard/mail/smtp.hpp>

#include "directory/canary_search.hpp"
#include "directory/tools.hpp"
#include "kit.hpp"
#include "rules/samples.hpp"
#include "stores/sqlite_kit.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

using namespace kit;
using canary::forms_of, canary::holds;

namespace {

// What no word of any language, and no other test, has in it.
constexpr std::string_view first_password = "Kanari 7 gelb,blau QXJ", second_password = "Zeisig 4 rot_gruen WVK",
                           wrong_password = "Stieglitz 9 bunt,grau PYM", weak_password = "Fink-3 XQZ",
                           own_password = "huber.ina.acme.ina", stolen_password = "Gimpel 2 rosa?weiss JKX",
                           legacy_password = "Tr0ub4dor&3 und mehr", voicemail_number = "80317462",
                           pepper = "Girlitz 5 pfeffer %HZWQ%", mail_password = "Ammer 8 briefkasten ~LVQX~";
constexpr std::string_view legacy_hash = "pbkdf2_sha256$1000$salty$JOJFNAqG/7MGjHhhkCrKJjB8aRo0pNOPj+rOTWA9i6o=";
constexpr std::string_view public_name = "Rotkehlchen-Huber"; ///< stands everywhere, as it may

struct listening final : log_sink {
  std::string& heard;
  explicit listening(std::string& into) : heard(into) {}
  void write(const log_event& e) override {
    heard.append(e.event).append(" ");
    for (const auto& f : e.fields)
      heard.append(f.name).append("=").append(f.content.bytes()).append(std::to_string(f.content.number)) += ' ';
    heard.append(e.message) += '\n';
  }
};

/// A world on a file, and a second directory on it, whose every word is kept.
struct overheard {
  contract::folder where{};
  std::string path = where.file("a.db");
  std::shared_ptr<store> rows = contract::open({.path = path});
  std::map<std::string, std::string> heard{}; ///< by where it was
  std::set<std::string> secrets{};            ///< nowhere at all
  std::set<std::string> hashes{};             ///< in the file alone, in their place
  std::set<std::string> asked{};
  world w{std::make_unique<hard::lent_store>(rows)};
  std::optional<directory> dir;
  actor visitor{}, operator_{}, at_tenant{}, admin{}, other_admin{};

  overheard() { open(); }

  void open() {
    auto hasher = must(argon2_hasher({.pepper = secret_text(pepper)}));
    dir.emplace(
        must(directory::open({.store = std::make_unique<hard::lent_store>(rows),
                              .clock = w.clock,
                              .random = w.random,
                              .after_commit = [this](const committed& c) { heard["after_commit"] += to_json(c.what); },
                              .mail = mail_through(w.mail),
                              .log = std::make_shared<listening>(heard["the log"]),
                              .log_most = log_level::debug,
                              .log_personal = true,
                              .passwords = std::move(hasher),
                              .breached = [](std::string_view p) { return p == stolen_password; }},
                             w.key)));
    visitor = dir->open_visitor();
    operator_ = must(dir->open_actor("root@example.com"));
    at_tenant = must(dir->open_actor("root@example.com", w.tenant_id));
    admin = must(dir->open_actor("ada@acme.example", w.tenant_id));
    other_admin = must(dir->open_actor("otto@other.example", w.other_id));
  }

  void hide(std::string_view secret) { secrets.insert(std::string(secret)); }
  /// The text, and the random bytes behind it.
  std::string hide_token(std::string token) {
    const auto body = std::string_view(token).substr(token.size() - 49, 43); // a check of 6 follows
    std::string raw;
    REQUIRE(from_base64url(body, raw));
    hide(body), hide(raw);
    return token;
  }
  /// Out of the newest letter to the address, whose head is public.
  std::string letter_to(std::string_view address) {
    static_cast<void>(must(dir->pump_mail(100)));
    std::string found;
    for (const auto& l : w.mail->got)
      if (l.address == address) found = l.secret();
    REQUIRE_FALSE(found.empty());
    if (found.size() > 6) return hide_token(found);
    hide(found);
    return found;
  }
  template <class T> void refused(const result<T>& r, std::string_view reason) {
    const auto no = refused_with(r);
    CHECK(no.reason == reason);
    heard["refusals"] += no.reason + " " + no.path + " " + no.message + "\n";
  }
  /// A session's token is its caller's and nobody else's.
  receipt told(receipt r) {
    auto shown = r;
    if (r.token && r.token->starts_with("lc1_")) hide_token(*std::exchange(shown.token, {}));
    heard["receipts"] += to_json(shown);
    return r;
  }
  template <class C> receipt run(const actor& as, const C& c) { return told(must(dir->run(as, c))); }
  template <class C> void preview(const actor& as, const C& c) {
    heard["previews"] += to_json(must(dir->preview(as, c)));
  }
  void read_files(const std::string& when) {
    for (const auto* end : {"", "-wal", "-shm", "-journal"})
      if (std::ifstream file(path + end, std::ios::binary); file)
        heard["a.db" + std::string(end) + " " + when].assign(std::istreambuf_iterator<char>(file), {});
  }
  void read_counters() {
    heard["counters"] += to_json(dir->counters()) + to_prometheus(dir->counters());
    for (const auto& l : w.mail->got)
      heard["heads of letters"] += l.message_id + l.subject + l.source.substr(0, l.source.find("\r\n\r\n"));
  }

  /// Every query, with whatever it takes, by everybody.
  void ask_everything(const std::vector<actor>& by, id_of<user> who) {
    const auto id = "\"user_id\":\"" + to_text(who) + "\"";
    const std::vector<std::string> requests{"{}",
                                            R"({"idle_days":1})",
                                            R"({"limit":500})",
                                            R"({"package_id":")" + to_text(w.basic) + R"(","purchased":0})",
                                            "{" + id + "}",
                                            "{" + id + R"(,"permission":"user.manage"})",
                                            "{" + id + R"(,"feature":"video.hipaa"})",
                                            "{" + id + R"(,"voicemail_pin":")" + std::string(voicemail_number) + "\"}",
                                            R"({"permission":"user.manage"})",
                                            R"({"email":"ina@acme.example"})",
                                            R"({"state":"queued","limit":500})",
                                            R"({"state":"delivered","limit":500})",
                                            R"({"since":"0","limit":500})",
                                            R"({"csv":"email,first_name,last_name\nx@acme.example,X,Y\n"})"};
    for (const auto& v : verbs())
      for (const auto& json : requests) {
        samples::erased request(v->request_object);
        if (v->is_command() || read_json(json, *v->request, request.room)) continue;
        for (const auto& as : by) {
          samples::erased answer(v->answer_object);
          const auto no = dir->answer(as, *v, request.room, answer.room);
          if (no) {
            heard["refusals"] += no->path + no->message;
          } else {
            asked.insert(std::string(v->name));
            append_json(heard["answers to " + std::string(v->name)], *v->answer, answer.room);
          }
        }
      }
  }
};

/// Secrets where a request has no place for them.
void misplace(overheard& o, const std::string& secret) {
  std::string& said = o.heard["refusals of what is misplaced"];
  int noted = 0;
  const auto note = [&](const refusal& no) {
    if (no) ++noted, said += no->reason + " " + no->path + " " + no->message + "\n";
  };
  const auto noted_of = [&](const auto& r) { note(r ? refusal{} : refusal{r.error()}); };
  const auto quoted = "\"" + secret + "\"";
  for (const auto& json :
       {"{" + quoted + ":1}", "{\"email\":[" + quoted + "]}", "{\"email\":{" + quoted + ":" + quoted + "}}",
        "{\"password\":" + quoted, "{\"password\":" + quoted + "}" + quoted, quoted, "[" + quoted + "]", secret,
        "{" + quoted + ":1," + quoted + ":2}", "{\"password\":" + quoted + ",\"password\":" + quoted + "}"}) {
    sign_in into;
    note(read_json(json, type_of<sign_in>, &into));
  }
  for (const auto* name : {"state", "limit", "after"}) {
    messages into;
    note(read_json("{\"" + std::string(name) + "\":" + quoted + "}", type_of<messages>, &into));
  }
  add_delegate into;
  note(read_json("{\"review_at\":" + quoted + "}", type_of<add_delegate>, &into));
  note(read_json("{\"lapses\":" + quoted + "}", type_of<add_delegate>, &into));

  const auto text = [&](std::string_view before, std::string_view after) {
    return secret_text(std::string(before) + secret + std::string(after));
  };
  const std::string much(300, 'x');
  noted_of(o.dir->run(o.visitor, sign_in{.email = secret, .password = text("", "")}));
  noted_of(o.dir->run(o.visitor, request_password_reset{.email = secret}));
  noted_of(o.dir->run(o.visitor, confirm_code{.token = text("", ""), .code = text("", "")}));
  noted_of(o.dir->run(o.visitor, confirm_code{.token = text("", ""), .code = text("1\n", "")}));
  noted_of(o.dir->run(o.visitor, accept_invitation{.token = text("", "\r\n")}));
  noted_of(o.dir->run(o.visitor, complete_password_reset{.token = text("", much), .password = text("", "")}));
  noted_of(o.dir->run(o.visitor, complete_password_reset{.token = text("lc1_", ""), .password = text("", much)}));
  noted_of(o.dir->run(o.visitor, complete_password_reset{.token = text("", ""), .password = text("", "\xff\xfe")}));
  noted_of(o.dir->run(o.admin, add_user{.first_name = secret + "\n", .last_name = secret, .email = secret}));
  noted_of(o.dir->run(o.admin, grant_role{.email = "ina@acme.example", .role = "member", .ends_at = instant{1}}));
  noted_of(o.dir->ask(o.admin, find_user{.email = secret}));
  noted_of(o.dir->open_session(text("", "")));
  noted_of(o.dir->open_actor(secret, o.w.tenant_id));
  noted_of(o.dir->confirm(o.admin, sign_out{}, secret));
  noted_of(host_key::from_text(secret));
  noted_of(host_key::from_text("lckey1_" + secret + "x"));
  CHECK(noted >= 28);
}

/// Words of a mailer that logs in somewhere, and of what it was wrongly made with.
void mail_in_vain(overheard& o) {
  const auto made = [](std::string url, smtp_tls tls) {
    smtp_options with{.url = std::move(url), .user = "linecard", .tls = tls, .timeout_ms = 1000};
    with.password = secret_text(mail_password);
    return smtp_mailer(std::move(with));
  };
  for (const auto& bad : {made("http://" + std::string(mail_password), smtp_tls::required),
                          made("smtp://mail.example:25", smtp_tls::none)}) {
    REQUIRE_FALSE(bad);
    o.heard["refusals"] += bad.error().reason + bad.error().path + bad.error().message;
  }
  if (const auto unreachable = made("smtp://127.0.0.1:1", smtp_tls::required))
    o.heard["refusals"] += (*unreachable)->send({.sender = "a@b.example", .address = "c@d.example"}).reason;
}

/// What lies on the disk; and what a host's own tool leaves there that puts the file into another journal mode.
void read_disk(overheard& o) {
  o.read_files("at the end");
  const auto copy = o.where.file("copy.db");
  for (const auto* end : {"", "-wal"}) std::filesystem::copy_file(o.path + end, copy + end);
  contract::raw_sqlite by_hand(copy);
  CHECK(by_hand.ask("PRAGMA journal_mode=PERSIST") == "persist");
  by_hand.run("UPDATE credentials SET changed_at=0; DELETE FROM challenges; DELETE FROM deliveries; VACUUM");
  for (const auto* end : {"", "-journal"}) {
    std::ifstream file(copy + end, std::ios::binary);
    auto& held = o.heard["the file, put into another mode" + std::string(end)];
    held.assign(std::istreambuf_iterator<char>(file), {});
    CHECK(held.size() > 50'000);
  }
}

void search(const overheard& o) {
  const auto nowhere = [&](const std::string& secret, bool but_in_files) {
    for (const auto& form : forms_of(secret))
      for (const auto& place : o.heard)
        if (!but_in_files || (!place.first.starts_with("a.db") && !place.first.starts_with("the file")))
          CHECK_MESSAGE(!holds(place.second, form), place.first << ": " << form);
  };
  for (const auto& secret : o.secrets) nowhere(secret, false);
  for (const auto& hash : o.hashes) nowhere(hash, true);
}

/// From the invitation to the last sign-in; answers with the user who came so far.
id_of<user> live(overheard& o) {
  const std::string ina = "ina@acme.example", pat = "pat@partner.example", leo = "leo@acme.example";
  const add_user invited{
      .first_name = "Ina", .last_name = std::string(public_name), .email = ina, .send_welcome = true};
  o.preview(o.admin, invited);
  const auto id = o.run(o.admin, invited).created_id<user>();
  o.refused(o.dir->run(o.admin, invited), "already_a_user");
  o.read_files("with a letter that waits");
  auto link = o.letter_to(ina);
  const auto accept = [&](std::string_view token, std::string_view password) {
    return o.dir->run(o.visitor, accept_invitation{.token = secret_text(token), .password = secret_text(password)});
  };
  o.refused(accept(link, weak_password), "password_too_short");
  o.refused(accept(link, own_password), "password_guessable");
  o.refused(accept(link, stolen_password), "password_breached");
  o.preview(o.visitor, accept_invitation{.token = secret_text(link), .password = secret_text(first_password)});
  o.told(must(accept(link, first_password)));
  o.refused(accept(link, first_password), "token_invalid");

  const auto sign_in_as = [&](const std::string& email, std::string_view password) {
    return o.dir->run(o.visitor, sign_in{.email = email, .password = secret_text(password), .source = "192.0.2.1"});
  };
  o.refused(sign_in_as(ina, wrong_password), "sign_in_failed");
  o.refused(sign_in_as("nobody@acme.example", first_password), "sign_in_failed");
  const auto session = *o.told(must(sign_in_as(ina, first_password))).token;
  const auto person = must(o.dir->open_session(secret_text(session)));
  o.run(person, set_second_factor{second_factor::mailbox});
  o.preview(o.visitor, sign_in{.email = ina, .password = secret_text(first_password)});
  const auto waiting = *o.told(must(sign_in_as(ina, first_password))).token;
  o.read_files("with a code that waits");
  const auto code = o.letter_to(ina);
  const auto confirm = [&](std::string_view digits) {
    return o.dir->run(o.visitor, confirm_code{.token = secret_text(waiting), .code = secret_text(digits)});
  };
  o.refused(confirm(code == "000000" ? "000001" : "000000"), "code_wrong");
  o.told(must(confirm(code)));

  o.run(o.admin, start_password_reset{id});
  link = o.letter_to(ina);
  o.run(o.visitor, request_password_reset{.email = ina});
  const auto other = o.letter_to(ina);
  o.run(o.visitor, complete_password_reset{.token = secret_text(link), .password = secret_text(second_password)});
  o.refused(o.dir->run(o.visitor,
                       complete_password_reset{.token = secret_text(other), .password = secret_text(second_password)}),
            "token_invalid");
  o.refused(o.dir->open_session(secret_text(session)), "token_invalid");
  o.run(o.admin, send_invitation{id}); // scrambles
  o.w.mail->answers = [](const outgoing_mail& m) {
    return mail_answer{mail_outcome::temporary, std::string(m.link)}; // a mailer that says too much
  };
  link = o.letter_to(ina);
  o.w.mail->answers = [](const outgoing_mail& m) -> mail_answer { throw std::runtime_error(std::string(m.link)); };
  o.w.clock->at = o.w.clock->at + 600'000;
  static_cast<void>(must(o.dir->pump_mail(10)));
  o.w.mail->answers = {};

  o.run(o.operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://example.com/terms"});
  o.run(
      o.admin,
      add_delegate{.first_name = "Pat", .last_name = "P", .email = pat, .notice_version = 1, .send_invitation = true});
  o.told(must(accept(o.letter_to(pat), second_password)));

  const auto brought = o.run(o.admin, adopt_user{.first_name = "Leo", .last_name = "L", .email = leo});
  const auto leo_id = brought.created_id<user>();
  o.refused(o.dir->run(o.admin, adopt_password{leo_id, secret_text(wrong_password)}), "hash_unsupported");
  o.preview(o.admin, adopt_password{leo_id, secret_text(legacy_hash)});
  o.run(o.admin, adopt_password{leo_id, secret_text(legacy_hash)});
  o.refused(o.dir->run(o.admin, adopt_password{leo_id, secret_text(legacy_hash)}), "password_set_already");
  o.refused(sign_in_as(leo, wrong_password), "sign_in_failed");
  const auto of_leo = must(o.dir->open_session(secret_text(*o.told(must(sign_in_as(leo, legacy_password))).token)));
  edit_user line{.user_id = id};
  line.voicemail_pin = secret_text(voicemail_number);
  o.run(o.admin, line);
  o.run(o.at_tenant, set_subscription{.currency = "EUR", .statement_day = 1, .time_zone = "Europe/Berlin"});
  o.ask_everything({o.operator_, o.at_tenant, o.admin, o.other_admin, of_leo, o.visitor}, id);
  o.run(of_leo, sign_out{});
  return id;
}

} // namespace

TEST_CASE("the search for canaries finds what it is shown, in every form and at every place") {
  for (const std::string secret : {"Kanari 7 gelb,blau QXJ", "493817", "\xfb\xff\xbf\xfe\x01\x02 raw bytes of a key"})
    for (std::size_t before = 0; before < 4; ++before)
      for (std::size_t after = 0; after < 4; ++after) {
        const auto text = std::string(before, '~') + secret + std::string(after, '!');
        const auto forms = forms_of(secret);
        for (const auto& shown : {text, hex(text), canary::upper(hex(text)), base64url(text), base64_unpadded(text)})
          CHECK_MESSAGE(std::ranges::any_of(forms, [&](const auto& f) { return holds(shown, f); }), shown);
      }
  CHECK_FALSE(holds("1790000493817", "493817")); // part of an instant
}

TEST_CASE(
    "I21 no secret of the whole way is in log, refusal, receipt, preview, answer, audit, counter, letter's head or "
    "file, nor in a journal") {
  overheard o;
  for (const auto secret : {first_password, second_password, wrong_password, weak_password, own_password,
                            stolen_password, legacy_password, pepper, mail_password, voicemail_number})
    o.hide(secret);
  std::string key(32, '\0');
  seeded_random(1).fill(key.data(), key.size());
  REQUIRE(o.w.key.text() == "lckey1_" + base64url(key));
  o.hide(key), o.hide(base64url(key));

  o.hashes.insert(std::string(legacy_hash));

  live(o);
  std::set<std::string> queries;
  for (const auto* v : verbs())
    if (!v->is_command()) queries.insert(std::string(v->name));
  CHECK(o.asked == queries); // none is refused to everybody
  for (const auto& secret : std::vector<std::string>(o.secrets.begin(), o.secrets.end()))
    if (std::ranges::all_of(secret, [](char c) { return c >= ' ' && c < 127; })) misplace(o, secret);
  argon2_options wrong;
  wrong.pepper = secret_text(weak_password);
  o.refused(argon2_hasher(std::move(wrong)), "pepper_invalid");
  mail_in_vain(o);
  o.read_counters();
  read_disk(o);
  const auto in_its_row = [&](const std::string& kept) {
    if (!kept.empty()) o.hashes.insert(kept);
  };
  hard::each<credential>(*o.rows, [&](const credential& row) { in_its_row(row.password_hash.value_or("")); });
  hard::each<challenge>(*o.rows, [&](const challenge& row) { in_its_row(row.hash.data); });
  hard::each<session>(*o.rows, [&](const session& row) { in_its_row(row.hash.data); });
  hard::each<delivery>(*o.rows, [&](const delivery& row) { in_its_row(row.payload.data); });
  CHECK(o.hashes.size() > 5);

  CHECK(o.secrets.size() > 25);
  const auto found = [&](std::string_view place, std::string_view form) {
    return std::ranges::any_of(
        o.heard, [&](const auto& one) { return one.first.starts_with(place) && holds(one.second, form); });
  };
  CHECK(found("the log", "ina@acme.example"));
  CHECK(found("refusals", "ina@acme.example"));
  for (const std::string place : {"after_commit", "receipts", "previews", "answers to audit",
                                  "answers to changes_since", "a.db", "a.db-wal", "the file, put into another mode"})
    CHECK_MESSAGE(found(place, public_name), place);
  search(o);
}
