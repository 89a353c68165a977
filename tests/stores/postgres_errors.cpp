// Everything that can be wrong with a server, a login, a schema or a connection, and what the PostgreSQL store says.
#include "postgres_kit.hpp"
#include "postgres_proxy.hpp"

#include <fstream>

#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace linecard;
using namespace linecard::contract;

namespace {

question parcel_of(std::int64_t id) { return {.table = &parcels, .prefix = {id}}; }
edit some_parcel(std::int64_t id) { return insert(parcels, parcel_row(id, "name", "box", 1, none)); }

void refuses(const postgres_options& options, status code, std::string_view reason) {
  const auto why = open_error(options);
  CHECK(why.code == code);
  CHECK(why.reason == reason);
  CHECK(why.message.find('\n') == std::string::npos);
  CHECK(why.message.find("pa55word") == std::string::npos);
}

/// Ends every other session of the schema's database, as an administrator does.
void hang_up(const postgres_options& options) {
  raw_postgres(options).run("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                            " WHERE pid <> pg_backend_pid() AND backend_type='client backend'");
}

} // namespace

TEST_CASE("PostgreSQL store: a password with @ or / in a URI is refused, and no piece of it is told") {
  for (const char* conninfo : {"postgresql://u:half@pa55word@db.invalid/x",
                               "postgresql://u:1234/pa55word@127.0.0.1:1/x", "postgres://u:pa55word/x@127.0.0.1:1/x"})
    refuses({.conninfo = conninfo}, status::invalid, "conninfo_invalid");
  refuses({.conninfo = "host=127.0.0.1 port=pa55word dbname=x"}, status::store, "store_unreachable");
  refuses({.conninfo = "host=127.0.0.1 dbname=x", .schema = "public"}, status::invalid, "schema_invalid");
}

TEST_CASE("PostgreSQL store: no server, and one that says nothing, are unreachable, in good time") {
  refuses({.conninfo = "host=127.0.0.1 port=1 dbname=x password=pa55word"}, status::store, "store_unreachable");
  refuses({.conninfo = "postgresql://u:pa55word@127.0.0.1:1/x"}, status::store, "store_unreachable");
  refuses({.conninfo = "host=/nonexistent dbname=x"}, status::store, "store_unreachable");
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(bind(silent, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(getsockname(silent, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  REQUIRE(listen(silent, 1) == 0);
  const auto where = "host=127.0.0.1 port=" + std::to_string(ntohs(at.sin_port)) + " dbname=x password=pa55word";
  refuses({.conninfo = where, .connect_timeout_ms = 20}, status::store, "store_unreachable");
  close(silent);
}

TEST_CASE("PostgreSQL store: a wrong password, an unknown user and a missing database are told apart, whatever the "
          "language") {
  auto& server = shared_server();
  raw_postgres sql({.conninfo = server.conninfo()});
  sql.run("DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 'opensesame'");
  refuses({.conninfo = server.over_tcp("locked", "pa55word")}, status::store, "store_login_refused");
  refuses({.conninfo = server.over_tcp("nobody_knows", "pa55word")}, status::store, "store_login_refused");
  refuses({.conninfo = server.conninfo("no_such_database")}, status::store, "store_no_database");
  CHECK(postgres_store({.conninfo = server.over_tcp("locked", "opensesame"), .schema = fresh_schema()}).has_value());
}

TEST_CASE("PostgreSQL store: what libpq does not take as connection text is refused without repeating it") {
  for (const char* text : {"", "pa55word", "host=x pa55word", "nosuchkey=pa55word", "postgresql://u:pa55word@[::1/x"}) {
    CAPTURE(text);
    const auto why = open_error({.conninfo = text});
    CHECK(why.code == status::invalid);
    CHECK(why.reason == "conninfo_invalid");
    CHECK(why.path == "/conninfo");
    CHECK(why.message.find("pa55word") == std::string::npos);
  }
}

TEST_CASE("PostgreSQL store: a schema's name is one that PostgreSQL keeps whole, quoted where it must be") {
  const auto conninfo = shared_server().conninfo();
  for (const auto& name : {std::string(), std::string(51, 'x'), std::string("a\0b", 3), std::string("pg_mine")}) {
    const auto why = open_error({.conninfo = conninfo, .schema = name});
    CHECK(why.code == status::invalid);
    CHECK(why.reason == "schema_invalid");
    CHECK(why.path == "/schema");
  }
  const auto s = open_prepared({.conninfo = conninfo, .schema = "Odd \"name\"; DROP"});
  ok(write(*s, {some_parcel(1)}));
  CHECK(read(*s, parcel_of(1)).size() == 1);
}

TEST_CASE("PostgreSQL store: a database in another encoding than UTF8 is refused") {
  auto& server = shared_server();
  raw_postgres sql({.conninfo = server.conninfo()});
  sql.run("DROP DATABASE IF EXISTS latin");
  sql.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
  refuses({.conninfo = server.conninfo("latin")}, status::store, "store_encoding");
}

TEST_CASE("PostgreSQL store: a role set to read only, and a standby, are read-only stores") {
  auto& server = shared_server();
  raw_postgres sql({.conninfo = server.conninfo()});
  sql.run(
      "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only=on");
  refuses({.conninfo = server.over_tcp("reader")}, status::store, "store_read_only");

  postgres_server standby;
  standby.stop(SIGINT);
  std::ofstream(standby.folder() + "/data/standby.signal").close();
  standby.start();
  refuses({.conninfo = standby.conninfo()}, status::store, "store_read_only");
}

TEST_CASE("PostgreSQL store: a server that becomes read-only while the store is open refuses changes, and reads on") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  raw_postgres sql(options);
  sql.run("ALTER ROLE postgres SET default_transaction_read_only=on");
  hang_up(options);
  const auto begun = s->begin(access::write);
  raw_postgres again(options);
  again.run("SET default_transaction_read_only=off");
  again.run("ALTER ROLE postgres RESET default_transaction_read_only");
  REQUIRE(begun.has_error());
  CHECK(begun.error().reason == "store_read_only");
  ok(write(*s, {some_parcel(2)}));
}

TEST_CASE("PostgreSQL store: a full disk, damaged files and other failures of the server have reasons of their own") {
  // Raised by a trigger: the store sees the SQLSTATE that a server with a full disk sends, and no more than that.
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  raw_postgres sql(options);
  sql.run("CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
          " RAISE EXCEPTION 'canary-3141' USING ERRCODE=NEW.name; END $$;"
          "CREATE TRIGGER host BEFORE INSERT ON contract_parcels FOR EACH ROW EXECUTE FUNCTION fails()");
  struct expected {
    const char* state;
    status code;
    std::string_view reason;
  };
  for (const auto& e : {expected{"53100", status::store, "store_full"},
                        {"53200", status::no_memory, "no_memory"},
                        {"58030", status::store, "store_io"},
                        {"XX001", status::store, "store_corrupt"},
                        {"40001", status::conflict, "store_conflict"},
                        {"40P01", status::conflict, "store_conflict"},
                        {"55P03", status::busy, "store_busy"},
                        {"57014", status::busy, "store_busy"},
                        {"25006", status::store, "store_read_only"},
                        {"42501", status::store, "store_no_privilege"},
                        {"23514", status::internal, "store_refused_row"},
                        {"54000", status::limit, "value_too_big"},
                        {"P0001", status::store, "store_failed"}}) {
    CAPTURE(e.state);
    const auto why = write(*s, {insert(parcels, parcel_row(1, e.state, "box", 1, none))});
    REQUIRE(why.has_value());
    CHECK(why->code == e.code);
    CHECK(why->reason == e.reason);
    CHECK(why->message.find("canary") == std::string::npos);
    CHECK(read(*s, parcel_of(1)).empty());
  }
}

TEST_CASE("PostgreSQL store: no message holds a value of a row") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  const char* canary = "canary-3141";
  ok(write(*s, {insert(parcels, parcel_row(1, canary, "box", 1, canary))}));
  for (const edit& e :
       {insert(parcels, parcel_row(2, canary, "box", 1, canary)), update(parcels, {1}, 7, {1}, {canary}),
        insert(parcels, parcel_row(3, canary, none, 1, none)), insert(parcels, parcel_row(1, canary, "box", 1, none)),
        insert(parcels, parcel_row(4, "canary-3141 \xff", "box", 1, none)),
        insert(parcels, parcel_row(5, kept(text_value({"canary-3141\0", 12})), "box", 1, none))}) {
    const auto why = write(*s, {e});
    REQUIRE(why.has_value());
    CHECK((why->message + why->reason + why->path).find("canary") == std::string::npos);
  }
}

TEST_CASE("PostgreSQL store: a statement that outlasts its time-out is busy") {
  auto options = fresh_postgres();
  options.statement_timeout_ms = 50, options.lock_timeout_ms = 0;
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  raw_postgres sql(options);
  sql.run("BEGIN; UPDATE contract_parcels SET version=2");
  const auto why = write(*s, {update(parcels, {1}, 1, {1}, {"x"})});
  REQUIRE(why.has_value());
  CHECK(why->code == status::busy);
  CHECK(why->reason == "store_busy");
  sql.run("ROLLBACK");
  ok(write(*s, {update(parcels, {1}, 1, {1}, {"x"})}));
}

TEST_CASE(
    "PostgreSQL store: a schema of a newer major version is refused and left alone, a newer minor one is opened") {
  const auto options = fresh_postgres();
  { const auto s = open_prepared(options); }
  raw_postgres sql(options);
  sql.run("UPDATE linecard_schema SET minor=9");
  { const auto s = open_prepared(options); }
  CHECK(sql.ask("SELECT major, minor FROM linecard_schema") == "1|9");
  sql.run("UPDATE linecard_schema SET major=2; DROP TABLE contract_places");
  const auto why = open(options)->prepare(both_tables);
  REQUIRE(why.has_value());
  CHECK(why->code == status::too_new);
  CHECK(why->reason == "schema_too_new");
  CHECK(why->message.find("upgrade") != std::string::npos);
  CHECK(sql.ask("SELECT to_regclass('contract_places') IS NULL") == "t");
}

TEST_CASE("PostgreSQL store: tables that differ from their description are refused, not trusted") {
  for (const char* change :
       {"DROP INDEX contract_parcels_by_note; CREATE INDEX contract_parcels_by_note ON contract_parcels (note)",
        "ALTER TABLE contract_parcels ALTER COLUMN weight TYPE text",
        "ALTER TABLE contract_parcels DROP COLUMN version",
        "ALTER TABLE contract_parcels ALTER COLUMN name TYPE text COLLATE \"default\"",
        "ALTER TABLE contract_places RENAME COLUMN shelf TO board"}) {
    CAPTURE(change);
    const auto options = fresh_postgres();
    { const auto s = open_prepared(options); }
    raw_postgres(options).run(change);
    const auto why = open(options)->prepare(both_tables);
    REQUIRE(why.has_value());
    CHECK(why->code == status::internal);
    CHECK(why->reason == "table_differs");
  }
}

TEST_CASE("PostgreSQL store: preparing needs the privilege to create only when something is missing") {
  const auto options = fresh_postgres();
  raw_postgres sql({.conninfo = options.conninfo});
  sql.run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN");
  auto as_clerk = options;
  as_clerk.conninfo = shared_server().over_tcp("clerk");
  CHECK(open(as_clerk)->prepare(both_tables)->reason == "store_no_privilege");
  { const auto s = open_prepared(options); }
  sql.run("GRANT USAGE ON SCHEMA " + options.schema +
          " TO clerk; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + options.schema + " TO clerk");
  const auto s = open(as_clerk);
  ok(s->prepare(both_tables));
  ok(write(*s, {some_parcel(1)}));
  sql.run("DROP OWNED BY clerk");
}

TEST_CASE("PostgreSQL store: connections ended while they were idle are replaced without a word") {
  auto options = fresh_postgres();
  options.counters = std::make_shared<postgres_counters>();
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  for (int round = 0; round < 3; ++round) {
    const auto before = options.counters->connects.load();
    {
      const auto borrowed = begin(*s, round == 1 ? access::write : access::read); // ended after it was looked at
      if (round > 0) hang_up(options);
      if (round == 0) hang_up(options);
      CHECK(ask(*borrowed, parcel_of(1)).size() == 1);
    }
    CHECK(options.counters->connects == before + 1);
    hang_up(options);
    ok(write(*s, {some_parcel(10 + round)}));
  }
}

TEST_CASE("PostgreSQL store: a connection lost in the middle of reading is busy, one lost in the middle of writing a "
          "conflict") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  {
    const auto t = begin(*s, access::read);
    CHECK(ask(*t, parcel_of(1)).size() == 1);
    hang_up(options);
    collector found;
    const scan_request again[]{{.table = &parcels}};
    const auto why = t->scan(again, found);
    REQUIRE(why.has_value());
    CHECK(why->code == status::busy);
    CHECK(t->commit().has_value());
  }
  {
    const auto t = begin(*s, access::write);
    CHECK(ask(*t, parcel_of(1)).size() == 1);
    hang_up(options);
    std::size_t conflicting = nobody;
    const value key[]{integer_value(1)};
    const change erase_it[]{{change::action::erase, &parcels, key, 1, {}, {}}};
    CHECK(is_conflict(t->apply_and_commit(erase_it, conflicting)));
  }
  {
    const auto t = begin(*s, access::write);
    ok(apply(*t, {update(parcels, {1}, 1, {1}, {"x"})}));
    hang_up(options);
    CHECK(is_conflict(apply(*t, {some_parcel(2)})));
    CHECK(t->commit().has_value());
  }
  CHECK(read(*s, parcel_of(1))[0].version == 1);
}

TEST_CASE("I26 PostgreSQL store: a session that the server ends while it commits has changed nothing, and says so") {
  const auto options = fresh_postgres();
  const auto s = open_prepared(options);
  raw_postgres(options).run("CREATE FUNCTION falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
                            "CREATE CONSTRAINT TRIGGER host AFTER INSERT ON contract_parcels DEFERRABLE INITIALLY"
                            " DEFERRED FOR EACH ROW EXECUTE FUNCTION falls()");
  CHECK(is_conflict(write(*s, {some_parcel(1)})));
  CHECK(read(*s, parcel_of(1)).empty());
}

TEST_CASE("I26 PostgreSQL store: a commit whose answer got lost is asked after, and told as what it was") {
  auto options = fresh_postgres();
  proxy between(shared_server().folder(), options.conninfo);
  options.conninfo = between.conninfo();
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));

  const auto insert_parcel = [&](std::int64_t id) {
    const value row[]{integer_value(id), text_value("n"), text_value("box"), integer_value(0),
                      null_value(),      null_value(),    blob_value("s"),   null_value()};
    const change one[]{{change::action::insert, &parcels, {}, 0, {}, row}};
    std::size_t conflicting = nobody;
    return begin(*s, access::write)->apply_and_commit(one, conflicting);
  };
  between.swallow(proxy::what::commit); // the server has committed, and its word is lost
  ok(insert_parcel(2));
  CHECK(between.swallowed() == 1);
  CHECK(read(*s, parcel_of(2)).size() == 1);

  // Not even the transaction's number came back: nobody can know, and nothing is done twice.
  between.swallow(proxy::what::everything);
  const auto why = insert_parcel(3);
  REQUIRE(why.has_value());
  CHECK(why->code == status::store);
  CHECK(why->reason == "commit_unknown");
  CHECK(between.swallowed() == 2);
  CHECK(read(*s, parcel_of(3)).size() <= 1); // the server may have noticed the cut before it came to COMMIT, or not
}

TEST_CASE("B17 PostgreSQL store: reading, writing and waiting go on when the server was restarted") {
  postgres_server server;
  const postgres_options options{.conninfo = server.conninfo()};
  const auto s = open_prepared(options);
  ok(write(*s, {some_parcel(1)}));
  constexpr std::chrono::milliseconds long_enough{60'000};
  const auto number = [](const result<std::optional<std::uint64_t>>& said) { return said && *said ? **said : 0; };
  auto seen = number(s->wait_for_change(0, long_enough));
  REQUIRE(seen != 0);
  for (const int signal : {SIGINT, SIGQUIT, SIGKILL}) {
    server.stop(signal);
    if (signal != SIGKILL) { // else its children, who notice in their own time, may still answer
      CHECK(s->begin(access::write).has_error());
      CHECK(s->wait_for_change(seen, std::chrono::milliseconds(200)).has_error());
    }
    server.start();
    CHECK(read(*s, parcel_of(1)).size() == 1);
    ok(write(*s, {some_parcel(10 + signal)}));
    const auto later = number(s->wait_for_change(seen, long_enough));
    CHECK(later != 0);
    CHECK(later != seen); // what happened meanwhile is unknown, so that it counts as a change
    // The write above may have been told after the listener came back: begin the next round with nothing pending.
    seen = number(s->wait_for_change(0, long_enough));
  }
}
