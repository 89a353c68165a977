// The peer: change_package and find_user as a careful programmer writes them for this one schema, with prepared
// statements and no layer at all. It makes the same reads and writes in the same transaction as the library does (its
// authorisation, receipt and audit entry included), so that the library can verify the chain that this code wrote.
#pragma once

#include "company.hpp"

#include <linecard/hash.hpp>
#include <linecard/rules/people.hpp>
#include <linecard/text/time.hpp>

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace bench {

using linecard::id_text;

struct as_blob {
  std::string_view bytes{};
};

class statement {
public:
  statement(sqlite3* db, const char* sql) {
    demand(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s_, nullptr) == SQLITE_OK, sql);
  }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;
  ~statement() { sqlite3_finalize(s_); }

  template <class... V> statement& bind(const V&... values) {
    int at = 0;
    (one(++at, values), ...);
    return *this;
  }
  bool row() { return sqlite3_step(s_) == SQLITE_ROW; }
  void done() { demand(sqlite3_reset(s_) == SQLITE_OK, "reset"); }
  void run() {
    demand(sqlite3_step(s_) == SQLITE_DONE, "step");
    done();
  }
  /// The one row there must be; reset by done().
  statement& must() {
    demand(row(), "a row is missing");
    return *this;
  }
  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(s_, column); }
  [[nodiscard]] std::string_view text(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(s_, column));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(s_, column)))
                : std::string_view{};
  }
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(s_, column) == SQLITE_NULL; }

private:
  void one(int at, std::int64_t n) { sqlite3_bind_int64(s_, at, n); }
  void one(int at, std::string_view t) {
    sqlite3_bind_text(s_, at, t.data(), static_cast<int>(t.size()), SQLITE_STATIC);
  }
  void one(int at, as_blob b) {
    sqlite3_bind_blob(s_, at, b.bytes.data(), static_cast<int>(b.bytes.size()), SQLITE_STATIC);
  }
  sqlite3_stmt* s_{};
};

struct database {
  sqlite3* db{};
  explicit database(const std::string& path, bool full) {
    demand(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) == SQLITE_OK,
           "open");
    sqlite3_busy_timeout(db, 5000);
    sqlite3_exec(db, full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
  }
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database() { demand(sqlite3_close(db) == SQLITE_OK, "close"); }
};

class by_hand {
public:
  by_hand(const std::string& path, bool full) : file_(path, full) {}

  void change_package(std::int64_t actor, std::int64_t tenant, std::int64_t user, std::int64_t package) {
    const auto now = now_ms();
    begin_immediate_.run();
    authorise(actor, tenant);
    user_.bind(user).must();
    demand(user_.number(1) == tenant && user_.text(3) != "deleted", "no such user");
    user_.done();

    seat_.bind(user, 0).must();
    const auto from = seat_.number(3), seat_version = seat_.number(6), since = seat_.number(5);
    const std::string state(seat_.text(4));
    seat_.done();
    package_.bind(package).must();
    demand(package_.text(2) == "base" && package_.text(3) == "available", "not assignable");
    const auto price = package_.number(4);
    const std::string currency(package_.text(5));
    package_.done();
    pool_.bind(tenant, from).must();
    const auto from_used = pool_.number(3), from_version = pool_.number(6);
    pool_.done();

    offer_.bind(tenant, package).must();
    offer_.done();
    pool_.bind(tenant, package).must();
    const auto to_used = pool_.number(3), to_version = pool_.number(6);
    demand(pool_.text(5) != "block" || to_used + pool_.number(4) < pool_.number(2), "no seat left");
    pool_.done();
    seat_.bind(user, package);
    demand(!seat_.row(), "holds it as an add-on");
    seat_.done();
    services_.bind(package);
    while (services_.row()) {
      enabled_.bind(tenant, services_.text(1)).must();
      enabled_.done();
    }
    services_.done();

    package_.bind(from).must();
    difference_ = price - package_.number(4);
    package_.done();
    read_protected(user);

    move_seat_.bind(package, now, user, 0, seat_version).run();
    demand(sqlite3_changes(file_.db) == 1, "the seat moved");
    set_used_.bind(from_used - 1, tenant, from, from_version).run();
    demand(sqlite3_changes(file_.db) == 1, "the pool moved");
    set_used_.bind(to_used + 1, tenant, package, to_version).run();
    demand(sqlite3_changes(file_.db) == 1, "the pool moved");

    details_ = R"([{"record":"seats","action":"updated","key":")";
    details_.append(id_text(static_cast<std::uint64_t>(user))).append(R"( none","columns":{"package_id":[")");
    details_.append(id_text(static_cast<std::uint64_t>(from))).append("\",\"");
    details_.append(id_text(static_cast<std::uint64_t>(package))).append("\"]");
    if (now != since)
      details_.append(",\"since\":[\"")
          .append(linecard::text::rfc3339(since))
          .append("\",\"")
          .append(linecard::text::rfc3339(now))
          .append("\"]");
    details_ += "}},";
    append_pool(tenant, from, from_used, from_used - 1);
    details_ += ',';
    append_pool(tenant, package, to_used, to_used + 1);
    details_ += ']';
    append_audit(actor, tenant, now);
    commit_.run();
  }

  void find_user(std::int64_t actor, std::int64_t tenant, std::int64_t user, linecard::user_details& into) {
    begin_.run();
    authorise(actor, tenant);
    user_.bind(user).must();
    demand(user_.number(1) == tenant && user_.text(3) != "deleted", "no such user");
    const auto identity = user_.number(2);
    into.user_id.value = static_cast<std::uint64_t>(user);
    into.state = user_.text(3) == "active" ? linecard::user_state::active : linecard::user_state::invited;
    into.first_name = user_.text(4);
    into.last_name = user_.text(5);
    into.language = user_.text(7);
    if (!user_.is_null(8)) into.external_ref = user_.text(8);
    into.created_at.milliseconds = user_.number(9);
    user_.done();
    identity_.bind(identity).must();
    into.email = identity_.text(1);
    identity_.done();
    administrator_.bind(identity, tenant);
    into.administrator = administrator_.row();
    administrator_.done();
    into.package = "Unassigned";
    std::map<std::string, std::string> features;
    seats_.bind(user);
    while (seats_.row()) {
      const auto package = seats_.number(3);
      if (seats_.number(1) == 0) {
        package_.bind(package).must();
        into.package = package_.text(1);
        into.package_id = linecard::id_of<linecard::package>{static_cast<std::uint64_t>(package)};
        package_.done();
      } else {
        into.add_ons.push_back({static_cast<std::uint64_t>(package)});
      }
      if (seats_.text(4) != "used") continue;
      features_.bind(package);
      while (features_.row()) features.emplace(features_.text(1), features_.text(2));
      features_.done();
    }
    seats_.done();
    for (const auto& [feature, setting] : features) into.features.push_back({feature, setting});
    member_.bind(user);
    if (member_.row()) {
      into.team_role = member_.text(2);
      if (!member_.is_null(3)) into.forwarding_number = member_.text(3);
    }
    member_.done();
    extensions_.bind(user);
    while (extensions_.row()) into.extensions.emplace_back(extensions_.text(1));
    extensions_.done();
    devices_.bind(user);
    while (devices_.row()) into.devices.push_back({std::string(devices_.text(1)), std::string(devices_.text(3))});
    devices_.done();
    commit_.run();
  }

private:
  static std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }
  void authorise(std::int64_t actor, std::int64_t tenant) {
    identity_.bind(actor).must();
    demand(identity_.text(4) == "active", "suspended");
    identity_.done();
    bool may = false;
    grants_.bind(actor);
    while (grants_.row()) {
      if (grants_.number(2) != tenant) continue;
      membership_.bind(tenant, actor).must();
      may = may || (membership_.text(3) == "active" && grants_.text(3) == "administrator");
      membership_.done();
    }
    grants_.done();
    demand(may, "may not");
  }

  /// What the receipt's proof that nothing else moved is made of.
  void read_protected(std::int64_t user) {
    linecard::hasher sum;
    const auto add = [&](statement& s, int columns) {
      for (int i = 0; i < columns; ++i) sum.add(s.text(i));
    };
    user_.bind(user).must();
    add(user_, 10);
    user_.done();
    member_.bind(user);
    if (member_.row()) add(member_, 4);
    member_.done();
    extensions_.bind(user);
    while (extensions_.row()) add(extensions_, 3);
    extensions_.done();
    devices_.bind(user);
    while (devices_.row()) add(devices_, 4);
    devices_.done();
    untouched_ = sum.finish();
  }

  void append_pool(std::int64_t tenant, std::int64_t package, std::int64_t before, std::int64_t after) {
    details_.append(R"({"record":"seat_pools","action":"updated","key":")")
        .append(id_text(static_cast<std::uint64_t>(tenant)));
    details_.append(" ").append(id_text(static_cast<std::uint64_t>(package))).append(R"(","columns":{"used":[)");
    details_.append(std::to_string(before)).append(",").append(std::to_string(after)).append("]}}");
  }

  void append_audit(std::int64_t actor, std::int64_t tenant, std::int64_t now) {
    using linecard::integer_value, linecard::text_value;
    head_.bind(tenant).must();
    const auto seq = head_.number(1) + 1, version = head_.number(3);
    linecard::hasher sum;
    sum.add(head_.text(2));
    head_.done();
    sum.add(integer_value(tenant)).add(integer_value(seq)).add(integer_value(now)).add(integer_value(actor));
    sum.add(integer_value(tenant)).add(integer_value(0)).add(text_value("change_package")).add(text_value(details_));
    const auto hash = sum.finish();
    move_head_.bind(seq, as_blob{hash}, tenant, version).run();
    demand(sqlite3_changes(file_.db) == 1, "the head moved");
    entry_
        .bind(tenant, seq, now, actor, tenant, std::int64_t{0}, std::string_view("change_package"),
              std::string_view(details_), as_blob{hash})
        .run();
  }

  database file_;
  std::string details_{}, untouched_{};
  std::int64_t difference_{};
  statement begin_{file_.db, "BEGIN"}, begin_immediate_{file_.db, "BEGIN IMMEDIATE"}, commit_{file_.db, "COMMIT"};
  statement identity_{file_.db, "SELECT id, email, email_as_given, language, state, session_epoch, created_at, version "
                                "FROM identities WHERE id=?1"};
  statement grants_{file_.db, "SELECT id, identity_id, scope_id, role, granted_at, version FROM grants "
                              "WHERE identity_id=?1 ORDER BY scope_id, role, id"};
  statement administrator_{file_.db, "SELECT id, version FROM grants WHERE identity_id=?1 AND scope_id=?2 AND "
                                     "role='administrator'"};
  statement user_{file_.db, "SELECT id, tenant_id, identity_id, state, first_name, last_name, sort_name, language, "
                            "external_ref, created_at, version FROM users WHERE id=?1"};
  statement membership_{file_.db, "SELECT id, tenant_id, identity_id, state, first_name, last_name, sort_name, "
                                  "language, external_ref, created_at, version FROM users WHERE tenant_id=?1 AND "
                                  "identity_id=?2"};
  statement seat_{file_.db, "SELECT user_id, slot, tenant_id, package_id, state, since, version FROM seats "
                            "WHERE user_id=?1 AND slot=?2"};
  statement seats_{file_.db, "SELECT user_id, slot, tenant_id, package_id, state, since, version FROM seats "
                             "WHERE user_id=?1 ORDER BY slot"};
  statement package_{file_.db, "SELECT id, name, kind, state, price_minor, currency, created_at, version FROM packages "
                               "WHERE id=?1"};
  statement features_{file_.db, "SELECT package_id, feature, setting, version FROM package_features "
                                "WHERE package_id=?1 ORDER BY feature"};
  statement services_{file_.db, "SELECT package_id, service, version FROM package_services WHERE package_id=?1 "
                                "ORDER BY service"};
  statement enabled_{file_.db,
                     "SELECT tenant_id, name, enabled_at, version FROM services WHERE tenant_id=?1 AND name=?2"};
  statement pool_{file_.db, "SELECT tenant_id, package_id, purchased, used, reserved, overage, version FROM seat_pools "
                            "WHERE tenant_id=?1 AND package_id=?2"};
  statement offer_{file_.db, "SELECT tenant_id, package_id, offered_at, version FROM offers WHERE tenant_id=?1 AND "
                             "package_id=?2"};
  statement member_{file_.db, "SELECT user_id, tenant_id, team_role, forwarding_number, version FROM team_members "
                              "WHERE user_id=?1"};
  statement extensions_{file_.db, "SELECT tenant_id, number, user_id, version FROM extensions WHERE user_id=?1 "
                                  "ORDER BY tenant_id, number"};
  statement devices_{file_.db, "SELECT user_id, name, tenant_id, description, version FROM devices WHERE user_id=?1 "
                               "ORDER BY name"};
  statement head_{file_.db, "SELECT scope_id, seq, hash, version FROM audit_heads WHERE scope_id=?1"};
  statement move_seat_{file_.db, "UPDATE seats SET package_id=?1, since=?2, version=version+1 WHERE user_id=?3 AND "
                                 "slot=?4 AND version=?5"};
  statement set_used_{file_.db, "UPDATE seat_pools SET used=?1, version=version+1 WHERE tenant_id=?2 AND package_id=?3 "
                                "AND version=?4"};
  statement move_head_{file_.db, "UPDATE audit_heads SET seq=?1, hash=?2, version=version+1 WHERE scope_id=?3 AND "
                                 "version=?4"};
  statement entry_{file_.db, "INSERT INTO audit_entries (scope_id, seq, at, actor_id, acting_in_id, "
                             "on_behalf_of_id, command, details, hash, version) "
                             "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,1)"};
};

} // namespace bench
