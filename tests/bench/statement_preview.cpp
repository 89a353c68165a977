// A whole statement of one tenant, read from SQLite: the library's preview beside the same total by one hand-written
// SQL statement on a connection of its own, which knows neither lines nor rights. The totals are compared before
// anything is timed.
//   linecard_bench_statement_preview [USERS [ROUNDS]]
#include "bulk.hpp"
#include "measure.hpp"

#include <linecard/directory.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/stores/sqlite.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <unistd.h>

using namespace linecard;
using bench::demand;
using bench::must;

namespace {

/// Three base packages and an add-on for each fourth; nine in ten have a number, each third of them two.
struct shop {
  std::vector<id_of<package>> base{};
  id_of<package> add_on{};
  id_of<tenant> where{};

  void fill(std::size_t users, bench::bulk& out) const {
    const instant now{1'790'000'000'000};
    std::map<id_of<package>, std::int32_t> used;
    std::uint64_t stamp = std::uint64_t{1'780'000'000'000} << 14;
    std::uint64_t next_number = 49'3010'000'000;
    for (std::size_t n = 0; n < users; ++n) {
      const id_of<user> who{make_id(tag_of<user>, ++stamp)};
      const id_of<identity> login{make_id(tag_of<identity>, stamp)};
      out.add(user{.id = who,
                   .tenant_id = where,
                   .identity_id = login,
                   .member_id = login,
                   .state = user_state::active,
                   .first_name = "F",
                   .last_name = "L",
                   .sort_name = "l f",
                   .language = "en",
                   .created_at = now});
      const auto seat_of = [&](id_of<package> what, any_id slot) {
        out.add(seat{.user_id = who,
                     .slot = slot,
                     .tenant_id = where,
                     .package_id = what,
                     .state = seat_state::used,
                     .since = now});
        ++used[what];
      };
      seat_of(base[n % base.size()], base_slot);
      if (n % 4 == 0) seat_of(add_on, any_id{add_on});
      for (std::size_t k = 0; k < (n % 10 == 9 ? 0u : n % 3 == 0 ? 2u : 1u); ++k)
        out.add(did{.tenant_id = where,
                    .number = "+" + std::to_string(next_number++),
                    .use = did_use::direct,
                    .user_id = who,
                    .label = "",
                    .added_at = now});
    }
    for (const auto& [what, held] : used)
      out.add(seat_pool{.tenant_id = where, .package_id = what, .purchased = held + 5, .used = held, .included = 10});
  }
};

constexpr const char* by_hand = R"(
SELECT (SELECT total(max(0, min(s.used + s.reserved, s.purchased) - s.included) * p.price_minor)
          FROM seat_pools s JOIN packages p ON p.id = s.package_id WHERE s.tenant_id = ?1)
     + (SELECT total(max(0, d.n - coalesce(CAST(f.setting AS INTEGER), 0)) * p.number_price_minor)
          FROM (SELECT user_id, count(*) AS n FROM dids WHERE tenant_id = ?1 AND user_id IS NOT NULL GROUP BY user_id) d
          JOIN seats b ON b.user_id = d.user_id AND b.slot = 0
          JOIN packages p ON p.id = b.package_id
          LEFT JOIN package_features f ON f.package_id = b.package_id AND f.feature = 'numbers.included'))";

struct connection {
  sqlite3* handle{};
  sqlite3_stmt* sum{};
  explicit connection(const std::string& path) {
    demand(sqlite3_open(path.c_str(), &handle) == SQLITE_OK, "sqlite3_open");
    demand(sqlite3_prepare_v2(handle, by_hand, -1, &sum, nullptr) == SQLITE_OK, sqlite3_errmsg(handle));
  }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() { sqlite3_finalize(sum), sqlite3_close(handle); }
  std::int64_t total(id_of<tenant> of) {
    sqlite3_bind_int64(sum, 1, static_cast<sqlite3_int64>(of.value));
    demand(sqlite3_step(sum) == SQLITE_ROW, sqlite3_errmsg(handle));
    const auto out = sqlite3_column_int64(sum, 0);
    sqlite3_reset(sum);
    return out;
  }
};

} // namespace

int main(int count, char** words) {
  const std::size_t users = count > 1 ? static_cast<std::size_t>(std::atoi(words[1])) : 10'000;
  const int rounds = count > 2 ? std::atoi(words[2]) : 15;
  bench::pin();
  namespace fs = std::filesystem;
  const auto folder = fs::temp_directory_path() / ("linecard-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "directory.db").string();
  auto made = must(directory::create({.store = must(sqlite_store({.path = path, .synchronous_full = false}))}));
  auto& dir = made.opened;
  const auto root = must(dir.bootstrap_operator("root@example.com"));
  const auto box = must(dir.run(root, create_container{"pbx"})).created_id<container>();
  shop acme;
  acme.where = must(dir.run(must(dir.open_actor(root.identity_id(), box)), create_tenant{"Acme"})).created_id<tenant>();
  const auto at = must(dir.open_actor(root.identity_id(), acme.where));
  const auto sold = [&](const char* name, package_kind kind, std::int64_t price, const char* numbers) {
    return must(dir.run(root, define_package{.name = name,
                                             .kind = kind,
                                             .price_minor = price,
                                             .currency = "EUR",
                                             .features = {{"numbers.included", numbers}},
                                             .number_price_minor = 499}))
        .created_id<package>();
  };
  acme.base = {sold("Basic", package_kind::base, 1295, "0"), sold("Plus", package_kind::base, 2495, "1"),
               sold("Pro", package_kind::base, 3995, "2")};
  acme.add_on = sold("Fax", package_kind::add_on, 500, "0");
  must(dir.run(at, set_subscription{.currency = "EUR", .statement_day = 1, .time_zone = "Europe/Berlin"}));
  {
    const auto filled = must(sqlite_store({.path = path, .synchronous_full = false}));
    demand(!filled->prepare(schema), "prepare");
    bench::bulk out(*filled);
    acme.fill(users, out);
  }

  {
    connection raw(path);
    const auto statement = must(dir.ask(at, statement_preview{}));
    const auto expected = raw.total(acme.where);
    demand(statement.total_minor == expected,
           "the totals differ: " + std::to_string(statement.total_minor) + " and " + std::to_string(expected));
    std::printf("%zu users, %zu lines, %s; microseconds a statement, medians of %d rounds\n", users,
                statement.lines.size(), statement.total.c_str(), rounds);
    bench::compare(
        "statement_preview", rounds, 5, [&] { must(dir.ask(at, statement_preview{})); }, "SQL sum",
        [&] { demand(raw.total(acme.where) == expected, "the sum changed"); });
  }
  fs::remove_all(folder);
}
