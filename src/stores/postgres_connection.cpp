#include "postgres_connection.hpp"

#include "sql.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <poll.h>

namespace linecard::stores {

namespace {

// Fixed numbers of PostgreSQL's own types, never renumbered.
constexpr std::uint32_t int8_type = 20, text_type = 25, bytea_type = 17, int2_type = 21, int4_type = 23;

void put_big_endian(std::array<char, 8>& to, std::int64_t n) {
  for (std::size_t i = 0; i < 8; ++i) to[i] = static_cast<char>(static_cast<std::uint64_t>(n) >> (56 - 8 * i));
}

std::int64_t big_endian(const char* from, int length) {
  std::uint64_t n = (from[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0; // the sign
  for (int i = 0; i < length; ++i) n = n << 8 | static_cast<unsigned char>(from[i]);
  return static_cast<std::int64_t>(n);
}

} // namespace

bool postgres_parameters::add(value_type stored, const value& v) {
  if (!v.is_null() && v.type != stored) return false;
  if (v.is_null()) {
    types_[size_] = stored == value_type::integer ? int8_type : stored == value_type::text ? text_type : bytea_type;
    lengths_[size_] = 0;
    values_[size_++] = nullptr;
    return true;
  }
  if (stored == value_type::integer) return add(v.number), true;
  if (v.number > std::numeric_limits<int>::max()) return false;
  types_[size_] = stored == value_type::text ? text_type : bytea_type;
  values_[size_] = v.data != nullptr ? v.data : "";
  lengths_[size_++] = static_cast<int>(v.number);
  return true;
}

void postgres_parameters::add(std::int64_t n) {
  put_big_endian(numbers_[size_], n);
  types_[size_] = int8_type;
  values_[size_] = numbers_[size_].data();
  lengths_[size_++] = 8;
}

void postgres_parameters::add(std::string_view text) {
  types_[size_] = text_type;
  values_[size_] = text.data();
  lengths_[size_++] = static_cast<int>(text.size());
}

value postgres_value(const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column) != 0) return null_value();
  const char* data = PQgetvalue(r, row, column);
  const int length = PQgetlength(r, row, column);
  const auto type = PQftype(r, column);
  if (type == int8_type || type == int4_type || type == int2_type) return integer_value(big_endian(data, length));
  return {type == bytea_type ? value_type::blob : value_type::text, length, data};
}

result<std::unique_ptr<postgres_connection>> postgres_connection::open(const postgres_options& options) {
  std::unique_ptr<postgres_connection> made(new postgres_connection(options));
  if (auto why = made->connect()) return std::move(*why);
  if (auto why = made->set_up()) return std::move(*why);
  if (options.counters) ++options.counters->connects;
  return made;
}

/// Asks for SQLSTATEs before the server can refuse: its words come in whatever language it was set to.
refusal postgres_connection::connect() {
  const char* keywords[] = {"application_name", "dbname", "client_encoding", nullptr};
  const char* values[] = {options_.application_name.c_str(), options_.conninfo.c_str(), "UTF8", nullptr};
  connection_ = PQconnectStartParams(keywords, values, 1);
  if (connection_ == nullptr) return no_memory();
  (void)PQsetErrorVerbosity(connection_, PQERRORS_SQLSTATE);
  (void)PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr); // a library does not write to stderr
  using clock = std::chrono::steady_clock;
  const auto deadline = clock::now() + std::chrono::milliseconds(std::max(options_.connect_timeout_ms, 0));
  auto waits_for = PGRES_POLLING_WRITING;
  while (PQstatus(connection_) != CONNECTION_BAD && waits_for != PGRES_POLLING_OK) {
    if (waits_for == PGRES_POLLING_FAILED) break;
    const short events = waits_for == PGRES_POLLING_WRITING ? POLLOUT : POLLIN;
    pollfd socket{PQsocket(connection_), events, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0 || poll(&socket, 1, static_cast<int>(left)) == 0)
      return refuse(status::store, "store_unreachable", {},
                    "the store could not connect: no answer from the database server within " +
                        std::to_string(options_.connect_timeout_ms) + " ms");
    waits_for = PQconnectPoll(connection_);
  }
  if (PQstatus(connection_) == CONNECTION_OK) return {};
  return unreachable();
}

namespace {

/// Host and port, each where it is plainly one: a piece of a password has "@" or "/" beside it.
std::string server_named(const PGconn* c) {
  const auto all = [](const char* s, auto fits) {
    return s != nullptr && *s != '\0' && std::all_of(s, s + std::strlen(s), fits);
  };
  const auto digit = [](char ch) { return ch >= '0' && ch <= '9'; };
  const auto plain = [&](char ch) {
    return digit(ch) || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '.' || ch == '-' || ch == ':' ||
           ch == '_' || ch == '/';
  };
  if (!all(PQhost(c), plain) || !all(PQport(c), digit)) return {};
  return std::string(" to ") + PQhost(c) + " port " + PQport(c);
}

} // namespace

/// libpq's own words may quote pieces of a mistyped conninfo, its password among them ("postgresql://u:a@b@host"), so
/// that only what we know is passed on: a SQLSTATE when the server refused, else one of the usual phrases.
error postgres_connection::unreachable() const {
  std::string words = PQerrorMessage(connection_);
  while (!words.empty() && words.back() == '\n') words.pop_back();
  const auto is_state = [](std::string_view s) {
    return std::all_of(s.begin(), s.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  };
  if (const auto at = words.rfind(":  "); at != std::string::npos && words.size() - at == 8) {
    const auto state = std::string_view(words).substr(at + 3);
    if (is_state(state)) return postgres_error(state, "connect");
  }
  std::string_view kind = "no connection";
  if (words.find("no password supplied") != std::string::npos)
    return refuse(status::store, "store_login_refused", {},
                  "the store could not connect" + server_named(connection_) + ": the server asks for a password");
  for (const std::string_view known :
       {"Connection refused", "could not translate host name", "No such file or directory", "Network is unreachable",
        "No route to host", "timeout expired", "server closed the connection unexpectedly", "does not support SSL",
        "certificate", "Permission denied"})
    if (words.find(known) != std::string::npos) kind = known;
  return refuse(status::store, "store_unreachable", {},
                "the store could not connect" + server_named(connection_) + ": " + std::string(kind));
}

/// What a host's triggers see as well: our own tables first, then those beside its own.
std::string postgres_connection::search_path() const {
  std::string out = quoted(options_.schema);
  for (const table_mapping& m : options_.mapped)
    if (const auto dot = m.host_table.find('.'); dot != std::string::npos)
      out += ", " + quoted(std::string_view(m.host_table).substr(0, dot));
  return out;
}

/// Plans are ours, whatever ANALYZE found or has not yet found: each range is one seek in its index, each row of it
/// finds its host's by one more, and a statement is planned once.
refusal postgres_connection::set_up() {
  if (PQserverVersion(connection_) < 130000)
    return refuse(status::store, "store_cannot_open", {}, "the store needs PostgreSQL 13 or newer");
  const char* encoding = PQparameterStatus(connection_, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    return refuse(status::store, "store_encoding", {}, "the database's encoding is not UTF8");
  const auto milliseconds = [](std::int32_t n) { return std::to_string(std::max(n, 0)); };
  const std::string lock = milliseconds(options_.lock_timeout_ms), run = milliseconds(options_.statement_timeout_ms);
  auto answer = ask("SELECT set_config('search_path', $1, false), set_config('lock_timeout', $2, false),"
                    " set_config('statement_timeout', $3, false), set_config('plan_cache_mode',"
                    " 'force_generic_plan', false), set_config('enable_seqscan', 'off', false),"
                    " set_config('enable_bitmapscan', 'off', false), set_config('jit', 'off', false),"
                    " set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),"
                    " set_config('default_transaction_isolation', 'read committed', false),"
                    " current_setting('transaction_read_only')",
                    {search_path(), lock, run}, "set its connection up");
  if (!answer) return std::move(answer).error();
  if (std::string_view(PQgetvalue(answer->get(), 0, 10)) == "on") return postgres_error("25006", "connect");
  return {};
}

result<postgres_result> postgres_connection::ask(const char* sql, std::initializer_list<std::string_view> given,
                                                 std::string_view doing) {
  std::vector<std::string> texts(given.begin(), given.end());
  std::vector<const char*> values;
  for (const auto& t : texts) values.push_back(t.c_str());
  postgres_result r(
      PQexecParams(connection_, sql, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0));
  if (PQresultStatus(r.get()) == PGRES_TUPLES_OK || PQresultStatus(r.get()) == PGRES_COMMAND_OK) return r;
  if (is_lost(connection_, r.get())) {
    lost_ = true;
    return refuse(status::store, "store_unreachable", {}, "the connection to the database was lost");
  }
  return postgres_error(r.get(), doing);
}

refusal postgres_connection::execute(const std::string& sql, std::string_view doing) {
  const postgres_result r(PQexec(connection_, sql.c_str()));
  if (PQresultStatus(r.get()) == PGRES_TUPLES_OK || PQresultStatus(r.get()) == PGRES_COMMAND_OK) return {};
  if (is_lost(connection_, r.get())) {
    lost_ = true;
    return refuse(status::store, "store_unreachable", {}, "the connection to the database was lost");
  }
  return postgres_error(r.get(), doing);
}

refusal postgres_connection::start_pipelining() {
  if (PQenterPipelineMode(connection_) == 1) return {};
  return refuse(status::store, "store_failed", {}, "the store could not begin a pipeline");
}

void postgres_connection::sent(int fine, step what) {
  if (fine != 1) lost_ = true; // out of memory counts as well: the connection's state is unknown
  sent_.push_back(what);
}

void postgres_connection::prepare(statement& s, const std::string& sql, const postgres_parameters& with) {
  if (s.name.empty()) s.name = "l" + std::to_string(statements_.size());
  s.ready = true; // for what follows in this batch; receive has the last word
  sent(PQsendPrepare(connection_, s.name.c_str(), sql.c_str(), with.size(), with.types()), {step::prepared, &s});
}

void postgres_connection::run(statement& s, const postgres_parameters& with) {
  sent(PQsendQueryPrepared(connection_, s.name.c_str(), with.size(), with.values(), with.lengths(), with.formats(), 1),
       {step::wanted, &s});
}

void postgres_connection::send_plain(const char* sql) {
  sent(PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 1), {step::unwanted, nullptr});
}

void postgres_connection::synchronise() { sent(PQpipelineSync(connection_), {step::synced, nullptr}); }

void postgres_connection::end_batch() {
  synchronise();
  if (options_.counters) ++options_.counters->round_trips;
}

void postgres_connection::send_and_forget() {
  synchronise();
  for (step& s : sent_)
    if (s.what == step::wanted) s.what = step::unwanted;
}

/// Null for what is no answer to a statement, and when the connection is lost.
postgres_result postgres_connection::receive(const step& next) {
  postgres_result r(PQgetResult(connection_));
  if (r == nullptr || is_lost(connection_, r.get())) {
    lost_ = true;
    // The last two steps are the last statement and the end of the batch. An answer without a SQLSTATE is libpq's.
    cut_early_ = r != nullptr && !sqlstate_of(r.get()).empty() && read_ + 2 <= sent_.size();
    return nullptr;
  }
  if (next.what == step::synced) {
    lost_ = lost_ || PQresultStatus(r.get()) != PGRES_PIPELINE_SYNC;
    return nullptr;
  }
  if (const postgres_result end(PQgetResult(connection_)); end != nullptr) lost_ = true; // out of step
  if (next.what != step::prepared) return r;
  next.made->ready = PQresultStatus(r.get()) == PGRES_COMMAND_OK;
  return nullptr;
}

bool postgres_connection::seems_alive() {
  pollfd socket{PQsocket(connection_), POLLIN, 0};
  while (poll(&socket, 1, 0) != 0) // the server's last words first, then the end
    if (PQconsumeInput(connection_) != 1) return false;
  return PQstatus(connection_) == CONNECTION_OK;
}

} // namespace linecard::stores
