#include "postgres_fate.hpp"

#include "sql.hpp"

#include <algorithm>

#include <poll.h>

namespace linecard::stores {

namespace {

/// True when the row of an insert stands as it was inserted.
bool stands(postgres_connection& c, const change& insert) {
  const table_info& t = *insert.table;
  scan_shape by_key{};
  by_key.equal = static_cast<std::uint8_t>(t.key.size());
  postgres_parameters key;
  for (const auto k : t.key)
    if (!key.add(t.columns[k], insert.values[k])) return false;
  const postgres_result r(PQexecParams(c.handle(), select_text(postgres_dialect, t, by_key).c_str(), key.size(),
                                       key.types(), key.values(), key.lengths(), key.formats(), 1));
  if (PQresultStatus(r.get()) != PGRES_TUPLES_OK || PQntuples(r.get()) != 1) return false;
  for (std::size_t i = 0; i < insert.values.size(); ++i)
    if (!(postgres_value(r.get(), 0, static_cast<int>(i)) == insert.values[i])) return false;
  return true;
}

} // namespace

/// "aborted" is sound. "committed" alone is not: a number that a crashing server had handed out, but not yet written to
/// its log, is handed out again, so that it may be another's. The transaction's last inserted row must stand as well.
refusal learn_fate(const postgres_options& options, const std::string& transaction_id,
                   std::span<const change> changes) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(std::max(options.connect_timeout_ms, 0));
  while (!transaction_id.empty()) {
    if (auto other = postgres_connection::open(options)) {
      auto answer = (*other)->ask("SELECT coalesce(pg_xact_status($1::xid8), '')", {transaction_id}, "ask");
      const std::string said = answer ? PQgetvalue(answer->get(), 0, 0) : "in progress";
      if (said == "aborted") return connection_lost();
      if (said == "committed") {
        const auto last = std::find_if(changes.rbegin(), changes.rend(),
                                       [](const change& c) { return c.what == change::action::insert; });
        if (last != changes.rend() && stands(**other, *last)) return {};
      }
      if (said != "in progress") break;
    }
    if (std::chrono::steady_clock::now() >= deadline) break;
    (void)poll(nullptr, 0, 20); // the server starts again, or the other end has not noticed yet
  }
  return refuse(status::store, "commit_unknown", {},
                "the connection to the database was lost during a commit: the changes stand, or not; look before you "
                "repeat them");
}

} // namespace linecard::stores
