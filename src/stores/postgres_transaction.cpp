#include "postgres_transaction.hpp"

#include "postgres_fate.hpp"
#include "postgres_host.hpp"
#include "sql.hpp"

#include <new>
#include <string>

namespace linecard::stores {

namespace {

constexpr std::uint64_t packed(const scan_shape& s) {
  return std::uint64_t{s.index} | std::uint64_t{s.equal} << 16 | std::uint64_t{s.beyond} << 24 |
         std::uint64_t{s.from} << 32 | std::uint64_t{s.below} << 33 | std::uint64_t{s.not_null} << 34 |
         std::uint64_t{s.descending} << 35 | std::uint64_t{s.limited} << 36 | std::uint64_t{s.for_update} << 37 |
         std::uint64_t{s.drifted} << 38;
}

error mistyped() { return misused("a value is of another type than its column"); }

} // namespace

/// Sends the ranges of one request.
struct postgres_transaction::asker final : piece_sink {
  asker(postgres_connection& connection, const scan_request& r, const host_link* l, bool may_lock)
      : c(connection), request(r), link(l), locks(r.for_update && may_lock) {}
  postgres_connection& c;
  const scan_request& request;
  const host_link* link;
  bool locks; ///< for_update is a hint: who only reads asks without it
  int pieces{};
  bool fits = true;

  /// Equality on every column of the key, or of a unique index without nulls, has one row: no limit is needed.
  [[nodiscard]] bool single(const scan_shape& s) const {
    const auto own = columns_of_index(*request.table, s.index).size();
    return s.equal >= own && s.nulls == 0 && names_one(*request.table, s.index);
  }

  bool piece(const stores::piece& p) override {
    const table_info& t = *request.table;
    const row_order order = order_of(t, p.shape.index);
    scan_shape shape = p.shape;
    auto& with = c.parameters;
    with.clear();
    const auto give = [&](const value* v, std::size_t first, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) fits = fits && with.add(t.columns[order.columns[first + i]], v[i]);
    };
    for (std::size_t i = 0; i < shape.equal; ++i)
      if (p.equal[i].is_null())
        shape.nulls |= std::uint64_t{1} << i;
      else
        give(p.equal + i, i, 1);
    give(p.from, shape.equal, shape.from ? 1 : 0);
    give(p.below, shape.equal, shape.below ? 1 : 0);
    give(p.beyond, shape.equal, shape.beyond);
    if (!fits) return false;
    shape.limited = request.limit > 0 && !single(shape);
    shape.for_update = locks;
    if (shape.limited) with.add(std::int64_t{request.limit});
    c.send(key_of(&t, action_tag::select, packed(shape), shape.nulls), with,
           [&] { return select_text(postgres_dialect, t, shape, link); });
    ++pieces;
    return true;
  }
};

/// Hands the rows of each request to the sink, piece after piece.
struct postgres_transaction::answers {
  postgres_transaction& transaction;
  std::span<const scan_request> requests;
  row_sink& sink;
  std::vector<std::size_t> request_of{}; ///< by statement
  std::size_t last = static_cast<std::size_t>(-1);
  std::uint32_t left{}; ///< 0 at a request's start means without end
  bool enough{};
  refusal why{};

  void take(std::size_t n, const PGresult* r) {
    const std::size_t at = request_of[n];
    if (at != last) last = at, left = requests[at].limit, enough = false;
    if (why || enough) return;
    const table_info& t = *requests[at].table;
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
      why = postgres_error(r, "read table \"" + std::string(t.name) + "\"");
      return;
    }
    const int rows = PQntuples(r), count = static_cast<int>(t.columns.size());
    auto& row = transaction.c_->row;
    for (int i = 0; i < rows && !enough; ++i) {
      for (int c = 0; c < count; ++c) row[static_cast<std::size_t>(c)] = postgres_value(r, i, c);
      transaction.seen_ = true;
      const auto columns = std::span<const value>(row.data(), static_cast<std::size_t>(count));
      enough = !sink.row(at, postgres_value(r, i, count).number, columns) || --left == 0;
    }
  }
};

refusal postgres_transaction::start() {
  auto lent = pool_.borrow();
  if (!lent) return std::move(lent).error();
  c_ = *std::move(lent);
  return {};
}

const char* postgres_transaction::unusable() const {
  if (!c_) return "the transaction is over";
  if (failed_) return "only rollback follows an error";
  if (scanning_) return "a sink may not use the transaction that feeds it";
  return nullptr;
}

void postgres_transaction::need_transaction() {
  if (open_) return;
  c_->send_plain(mode_ == access::write ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                                        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  open_ = true;
}

template <class Send, class Take> refusal postgres_transaction::round_trip(const Send& send, const Take& take) {
  bool fresh_will_do = !seen_ && !open_;
  while (true) {
    if (auto why = send()) {
      c_->send_and_forget();
      return why;
    }
    if (c_->collect(take)) {
      seen_ = true;
      return {};
    }
    open_ = false;
    if (!fresh_will_do || seen_) break;
    fresh_will_do = false;
    if (auto why = pool_.replace(c_)) return why;
  }
  if (mode_ == access::write) return connection_lost();
  return refuse(status::busy, "store_busy", {}, "the connection to the database was lost while reading: try again");
}

refusal postgres_transaction::scan(std::span<const scan_request> requests, row_sink& sink) try {
  if (const char* why = unusable()) return misused(why);
  bool locks = false;
  for (const scan_request& r : requests) {
    if (const char* flaw = flaw_of(r)) return misused(flaw);
    if (!pool_.knows(r.table)) return not_prepared(*r.table);
    locks = locks || r.for_update;
  }
  if (requests.empty()) return {};
  struct flag {
    bool& up;
    ~flag() { up = false; }
  } const lowered{scanning_ = true};
  answers given{*this, requests, sink};
  failed_ = true; // until all of them are answered
  auto why = round_trip(
      [&]() -> refusal {
        given.request_of.clear();
        if (mode_ == access::read || locks) need_transaction();
        for (std::size_t i = 0; i < requests.size(); ++i) {
          const host_link* const link = pool_.link_of(requests[i].table);
          if (requests[i].drifted && link == nullptr) continue; // ours alone: nothing drifts
          asker one(*c_, requests[i], link, mode_ == access::write);
          split(requests[i], false, one);
          if (!one.fits) return mistyped();
          given.request_of.insert(given.request_of.end(), static_cast<std::size_t>(one.pieces), i);
        }
        return {};
      },
      [&](std::size_t n, const PGresult* r) { given.take(n, r); });
  if (!why) why = std::move(given.why);
  failed_ = why.has_value();
  return why;
} catch (const std::bad_alloc&) {
  return no_memory();
}

refusal postgres_transaction::send_changes(std::span<const change> changes) {
  using enum change::action;
  for (const change& c : changes) {
    const table_info& t = *c.table;
    auto& with = c_->parameters;
    with.clear();
    bool fits = true;
    std::uint64_t mask = 0;
    for (const auto column : c.columns) mask |= std::uint64_t{1} << column;
    if (c.what == insert)
      for (std::size_t i = 0; i < c.values.size(); ++i) fits = fits && with.add(t.columns[i], c.values[i]);
    if (c.what == update)
      for (std::uint16_t column = 0; column < t.columns.size(); ++column)
        for (std::size_t i = 0; i < c.columns.size(); ++i)
          if (c.columns[i] == column) fits = fits && with.add(t.columns[column], c.values[i]);
    if (c.what != insert) {
      for (std::size_t i = 0; i < c.key.size(); ++i) fits = fits && with.add(t.columns[t.key[i]], c.key[i]);
      with.add(c.expected_version);
    }
    if (!fits) return mistyped();
    const host_link* const link = pool_.link_of(&t);
    const value reference = link != nullptr && c.what == insert ? reference_of(*link, c) : null_value();
    const bool linking = !reference.is_null();
    if (linking) add_host_key(with, *link, reference);
    switch (c.what) {
    case insert:
      c_->send(key_of(&t, action_tag::insert, linking ? 1 : 0), with,
               [&] { return link != nullptr ? mapped_insert_text(*link, linking) : insert_text(postgres_dialect, t); });
      break;
    case update:
      c_->send(key_of(&t, action_tag::update, mask), with, [&] {
        return link != nullptr ? mapped_update_text(*link, mask)
                               : must_hit(update_text(postgres_dialect, t, mask) + " RETURNING 1");
      });
      break;
    case erase:
      c_->send(key_of(&t, action_tag::erase), with,
               [&] { return must_hit(erase_text(postgres_dialect, t) + " RETURNING 1"); });
      break;
    case require: // the lock holds the row to its version until the commit
      c_->send(key_of(&t, action_tag::require), with,
               [&] { return must_hit(require_text(postgres_dialect, t) + " FOR SHARE"); });
      break;
    }
  }
  return {};
}

refusal postgres_transaction::flaw(std::span<const change> changes, std::size_t& conflicting) {
  if (const char* why = unusable()) return misused(why);
  if (mode_ != access::write) return misused("a read transaction cannot change rows");
  failed_ = true; // until all of them stand
  for (conflicting = 0; conflicting < changes.size(); ++conflicting) {
    const change& c = changes[conflicting];
    if (const char* why = flaw_of(c)) return misused(why);
    if (!pool_.knows(c.table)) return not_prepared(*c.table);
  }
  return {};
}

/// The first change that failed; those behind it were passed over.
void postgres_transaction::judge(std::span<const change> changes, std::size_t n, const PGresult* r, refusal& why,
                                 std::size_t& conflicting) {
  if (why || PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK) return;
  conflicting = n;
  const table_info& t = *changes[n].table;
  const auto state = sqlstate_of(r);
  const host_link* const link = pool_.link_of(&t);
  why = link != nullptr && host_refused(r, *link, pool_.options().schema) ? host_refused_row(*link)
        : state == no_row_hit                                             ? row_moved(t)
        : state == "23505"                                                ? already_stands(t)
                           : postgres_error(r, "change table \"" + std::string(t.name) + "\"");
}

void postgres_transaction::explain(std::span<const change> changes, std::size_t conflicting, refusal& why) {
  if (!why || why->reason != "store_conflict" || conflicting >= changes.size()) return;
  const change& c = changes[conflicting];
  const host_link* const link = pool_.link_of(c.table);
  if (link == nullptr || c.what != change::action::insert || c_->is_spent()) return;
  c_->send_plain("ROLLBACK"); // nothing more can be asked in a transaction that failed
  open_ = false;
  why = why_not_inserted(*c_, *link, c, *std::move(why));
}

refusal postgres_transaction::apply(std::span<const change> changes, std::size_t& conflicting) try {
  if (auto why = flaw(changes, conflicting)) return why;
  refusal bad;
  auto why = changes.empty() ? refusal{}
                             : round_trip(
                                   [&] {
                                     need_transaction();
                                     return send_changes(changes);
                                   },
                                   [&](std::size_t n, const PGresult* r) { judge(changes, n, r, bad, conflicting); });
  if (!why) why = std::move(bad);
  failed_ = why.has_value();
  explain(changes, conflicting, why);
  return why;
} catch (const std::bad_alloc&) {
  return no_memory();
}

/// Of our own constraints none waits for the commit.
error postgres_transaction::commit_refused(std::span<const change> changes, const PGresult* r) {
  for (const change& c : changes)
    if (const auto* link = pool_.link_of(c.table); link != nullptr && host_refused(r, *link, pool_.options().schema))
      return host_refused_row(*link);
  return postgres_error(r, "commit");
}

/// Changes, notice and commit in one round trip. The transaction's number comes back first and at once, so that its
/// fate can be asked for when the connection breaks.
refusal postgres_transaction::finish(std::span<const change> changes, std::size_t& conflicting) {
  if (!open_ && changes.empty()) return {};
  need_transaction();
  refusal why = send_changes(changes);
  if (why) {
    c_->send_and_forget();
    return why;
  }
  auto& with = c_->parameters;
  with.clear();
  const std::string channel = channel_of(pool_.options());
  if (pool_.options().notify) with.add(std::string_view(channel));
  c_->send(key_of(nullptr, action_tag::commit), with, [&] {
    return std::string("SELECT pg_current_xact_id()::text") + (pool_.options().notify ? ", pg_notify($1, '')" : "");
  });
  c_->send_flush();
  with.clear();
  c_->send(key_of(nullptr, action_tag::end), with, [] { return std::string("COMMIT"); });

  std::string transaction_id;
  bool committed = false;
  const bool whole = c_->collect([&](std::size_t n, const PGresult* r) {
    if (n < changes.size()) return judge(changes, n, r, why, conflicting);
    if (why) return;
    const bool fine = PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!fine) {
      why = commit_refused(changes, r);
    } else if (n == changes.size()) {
      transaction_id = PQgetvalue(r, 0, 0);
    } else {
      committed = std::string_view(PQcmdStatus(const_cast<PGresult*>(r))) == "COMMIT";
      if (!committed) why = postgres_error("40000", "commit");
    }
  });
  if (committed || !whole) open_ = false;
  if (committed || why) return why;
  return c_->cut_early() ? refusal(connection_lost()) : learn_fate(pool_.options(), transaction_id, changes);
}

refusal postgres_transaction::apply_and_commit(std::span<const change> changes, std::size_t& conflicting) try {
  if (auto why = flaw(changes, conflicting)) {
    if (c_ && !scanning_) end();
    return why;
  }
  auto why = finish(changes, conflicting);
  explain(changes, conflicting, why);
  end();
  return why;
} catch (const std::bad_alloc&) {
  end();
  return no_memory();
}

refusal postgres_transaction::commit() try {
  const char* unfit = unusable();
  if (unfit != nullptr && scanning_) return misused(unfit);
  refusal why;
  std::size_t nobody = 0;
  if (unfit != nullptr)
    why = misused(unfit);
  else if (mode_ == access::write)
    why = finish({}, nobody);
  end();
  return why;
} catch (const std::bad_alloc&) {
  end();
  return no_memory();
}

/// Nobody waits for the end of a transaction that changed nothing.
void postgres_transaction::end() noexcept {
  if (!c_) return;
  try {
    if (open_) {
      c_->send_plain("ROLLBACK");
      c_->send_and_forget();
    }
  } catch (const std::bad_alloc&) {
    c_->spoil();
  }
  open_ = false;
  pool_.give_back(std::move(c_));
}

} // namespace linecard::stores
