// The PostgreSQL store: transactions that borrow one of a few connections. A request finds its prepared statement by
// shape, sends binary values, and hands out views of libpq's own row; a list of requests is one round trip.
#include <linecard/stores/postgres.hpp>

#include "postgres_host.hpp"
#include "postgres_listener.hpp"
#include "postgres_pool.hpp"
#include "postgres_schema.hpp"
#include "postgres_transaction.hpp"

#include <new>

namespace linecard {

namespace {

class postgres_store_of final : public store {
public:
  explicit postgres_store_of(postgres_options options) : pool_(std::move(options)), listener_(pool_.options()) {}

  /// Finds at once what is wrong with the server.
  refusal probe() {
    auto first = pool_.borrow();
    if (!first) return std::move(first).error();
    pool_.give_back(*std::move(first));
    return {};
  }

  refusal prepare(std::span<const table_info* const> tables) override try {
    auto own = stores::postgres_connection::open(pool_.options());
    if (!own) return std::move(own).error();
    const auto& options = pool_.options();
    std::vector<stores::host_link> links;
    if (auto why = stores::fit_mappings(**own, options.schema, options.mapped, tables, links)) return why;
    if (auto why = stores::prepare_tables(**own, options.schema, tables, links)) return why;
    pool_.learn(tables, std::move(links));
    return {};
  } catch (const std::bad_alloc&) {
    return stores::no_memory();
  }

  result<std::unique_ptr<transaction>> begin(access mode) override try {
    auto made = std::make_unique<stores::postgres_transaction>(pool_, mode);
    if (auto why = made->start()) return std::move(*why);
    return std::unique_ptr<transaction>(std::move(made));
  } catch (const std::bad_alloc&) {
    return stores::no_memory();
  }

  bool shares(const table_info& table) override { return stores::mapping_of(table, pool_.options().mapped) != nullptr; }
  int reference_column(const table_info& table) override {
    return stores::reference_column(table, pool_.options().mapped);
  }

  result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen, std::chrono::milliseconds timeout) override
      try {
    if (!pool_.options().notify) return std::optional<std::uint64_t>{};
    auto number = listener_.wait(seen, timeout);
    if (!number) return std::move(number).error();
    return std::optional(*number);
  } catch (const std::bad_alloc&) {
    return stores::no_memory();
  }

private:
  stores::postgres_pool pool_;
  stores::postgres_listener listener_;
};

/// libpq's own words would repeat parts of the text, and so of a password.
refusal flaw_of(const postgres_options& options) {
  const auto invalid = [](std::string_view field, std::string why) {
    return refuse(status::invalid, std::string(field) + "_invalid", "/" + std::string(field), std::move(why));
  };
  constexpr std::size_t longest_schema = 50; // with the channel's prefix still a name
  if (options.conninfo.empty() || options.conninfo.find('\0') != std::string::npos)
    return invalid("conninfo", "say where the database is: host=... dbname=... or postgresql://...");
  PQconninfoOption* const parsed = PQconninfoParse(options.conninfo.c_str(), nullptr);
  if (parsed == nullptr)
    return invalid("conninfo", "not what libpq takes: keywords such as host=... dbname=... or postgresql://...");
  // A raw "@" or "/" in a password shifts pieces of it into the host, port or name of the database.
  bool shifted = false;
  if (options.conninfo.starts_with("postgres://") || options.conninfo.starts_with("postgresql://"))
    for (const auto* o = parsed; o->keyword != nullptr; ++o) {
      const std::string_view keyword = o->keyword, given = o->val != nullptr ? o->val : "";
      shifted = shifted || ((keyword == "host" || keyword == "dbname") && given.find('@') != std::string_view::npos);
    }
  PQconninfoFree(parsed);
  if (shifted) return invalid("conninfo", "in a URI a password's @ / : # and % are percent-encoded (%40 for @)");
  const auto& name = options.schema;
  if (name.empty() || name.size() > longest_schema || name.find('\0') != std::string::npos || name.starts_with("pg_"))
    return invalid("schema", "a schema's name has 1 to 50 bytes and does not begin with pg_");
  if (name == "public")
    return invalid("schema", "public is where a host's own tables are, its users among them; give a schema of its own");
  return {};
}

} // namespace

result<std::unique_ptr<store>> postgres_store(postgres_options options) try {
  if (auto why = flaw_of(options)) return std::move(*why);
  auto made = std::make_unique<postgres_store_of>(std::move(options));
  if (auto why = made->probe()) return std::move(*why);
  return std::unique_ptr<store>(std::move(made));
} catch (const std::bad_alloc&) {
  return stores::no_memory();
}

} // namespace linecard
