// The peer on PostgreSQL: assign_package as one statement by hand, which reads, guards and writes the same rows as the
// library does, in one round trip and one implicit transaction. It cannot have BLAKE2b, so its chain has SHA-256.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

class by_statement {
public:
  by_statement(const std::string& conninfo, const std::string& schema) : c_(PQconnectdb(conninfo.c_str())) {
    run("SET search_path=" + schema +
        "; SET plan_cache_mode=force_generic_plan; SET enable_seqscan=off;"
        " SET enable_bitmapscan=off; SET jit=off");
    PGresult* made = PQprepare(c_, "assign", assign_text, 0, nullptr);
    check(made, PGRES_COMMAND_OK);
  }
  by_statement(const by_statement&) = delete;
  by_statement& operator=(const by_statement&) = delete;
  ~by_statement() { PQfinish(c_); }

  void run(const std::string& sql) { check(PQexec(c_, sql.c_str()), PGRES_COMMAND_OK); }

  /// $1 actor, $2 tenant, $3 user, $4 package, $5 now; $6 and $7 the ids as texts for the entry.
  void assign(std::int64_t actor, std::int64_t tenant, std::int64_t user, std::int64_t package, std::int64_t now,
              const std::string& user_text, const std::string& package_text) {
    const std::string texts[]{std::to_string(actor), std::to_string(tenant),
                              std::to_string(user),  std::to_string(package),
                              std::to_string(now),   user_text,
                              package_text};
    const char* values[7];
    for (int i = 0; i < 7; ++i) values[i] = texts[i].c_str();
    PGresult* done = PQexecPrepared(c_, "assign", 7, values, nullptr, nullptr, 1);
    if (PQntuples(done) != 1) check(nullptr, PGRES_TUPLES_OK);
    check(done, PGRES_TUPLES_OK);
    ++round_trips;
  }
  std::uint64_t round_trips{};

private:
  void check(PGresult* r, ExecStatusType wanted) {
    if (r == nullptr || PQresultStatus(r) != wanted) {
      std::fprintf(stderr, "by statement: %s\n", PQerrorMessage(c_));
      std::exit(1);
    }
    PQclear(r);
  }

  static constexpr const char* assign_text = R"(
WITH actor AS (
  SELECT i.id FROM identities i JOIN grants g ON g.identity_id=i.id AND g.scope_id=$2
  JOIN users m ON m.tenant_id=$2 AND m.identity_id=i.id
  WHERE i.id=$1 AND i.state='active' AND g.role='administrator' AND m.state='active'),
holder AS (
  SELECT u.* FROM users u WHERE u.id=$3 AND u.tenant_id=$2 AND u.state='active'
  AND NOT EXISTS (SELECT 1 FROM seats s WHERE s.user_id=u.id AND s.slot=0)
  AND NOT EXISTS (SELECT 1 FROM seats s WHERE s.user_id=u.id AND s.slot=$4)),
sku AS (
  SELECT p.* FROM packages p JOIN offers o ON o.tenant_id=$2 AND o.package_id=p.id
  WHERE p.id=$4 AND p.state='available' AND p.kind='base'
  AND NOT EXISTS (SELECT 1 FROM package_services n WHERE n.package_id=p.id AND NOT EXISTS
    (SELECT 1 FROM services v WHERE v.tenant_id=$2 AND v.name=n.service))),
pool AS (
  UPDATE seat_pools SET used=used+1, version=version+1
  WHERE tenant_id=$2 AND package_id=$4 AND (overage<>'block' OR used+reserved<purchased)
  AND EXISTS (SELECT 1 FROM actor) AND EXISTS (SELECT 1 FROM holder) AND EXISTS (SELECT 1 FROM sku)
  RETURNING used),
placed AS (
  INSERT INTO seats (user_id, slot, tenant_id, package_id, state, since, version)
  SELECT $3, 0, $2, $4, 'used', $5, 1 FROM pool RETURNING 1),
said AS (
  SELECT '[{"record":"seat_pools","action":"updated","key":"'||$7||'","columns":{"used":['||pool.used-1||','||pool.used||
    ']}},{"record":"seats","action":"inserted","key":"'||$6||' none","columns":{"user_id":[null,"'||$6||
    '"],"slot":[null,"none"],"package_id":[null,"'||$7||'"],"state":[null,"used"],"since":[null,"'||$5::text||'"]}}]'
    AS details FROM pool),
head AS (
  UPDATE audit_heads h SET seq=h.seq+1, version=h.version+1,
    hash=sha256(h.hash||int8send($2)||int8send(h.seq+1)||int8send($5)||int8send($1)||convert_to(said.details,'UTF8'))
  FROM said WHERE h.scope_id=$2 RETURNING h.seq, h.hash, said.details),
entry AS (
  INSERT INTO audit_entries (scope_id, seq, at, actor_id, acting_in_id, command, details, hash, version)
  SELECT $2, seq, $5, $1, $2, 'assign_package', details, hash, 1 FROM head RETURNING seq)
SELECT entry.seq, sku.name, sku.price_minor, sku.currency, holder.*,
  (SELECT m FROM team_members m WHERE m.user_id=$3)::text, (SELECT array_agg(e.number) FROM extensions e WHERE e.user_id=$3),
  (SELECT array_agg(d.name) FROM devices d WHERE d.user_id=$3), (SELECT count(*) FROM placed)
FROM entry, sku, holder)";

  PGconn* c_;
};

} // namespace bench
