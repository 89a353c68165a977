#include "fresh.hpp"

#include <linecard/stores/memory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>

#if LINECARD_HAS_POSTGRES
#include "postgres_server.hpp"

#include <libpq-fe.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <vector>

using namespace linecard;

namespace kit {

namespace {

store_kind current = store_kind::memory;

/// A store with storage of its own, which goes when the store does.
class kept_store final : public store {
public:
  explicit kept_store(store_kind kind) : storage_(kind), inner_(storage_.open()) {}
  refusal prepare(std::span<const table_info* const> tables) override { return inner_->prepare(tables); }
  result<std::unique_ptr<transaction>> begin(linecard::access mode) override { return inner_->begin(mode); }
  [[nodiscard]] bool excludes_writers() const override { return inner_->excludes_writers(); }
  [[nodiscard]] std::optional<std::uint64_t> change_counter() override { return inner_->change_counter(); }
  [[nodiscard]] result<std::optional<std::uint64_t>> wait_for_change(std::uint64_t seen,
                                                                     std::chrono::milliseconds timeout) override {
    return inner_->wait_for_change(seen, timeout);
  }

private:
  shared_storage storage_;
  std::unique_ptr<store> inner_;
};

template <class T> T must(result<T> r) {
  if (!r) throw std::runtime_error("a store for the test: " + r.error().message);
  return *std::move(r);
}

#if LINECARD_HAS_POSTGRES
/// Making thirty tables takes a fifth of a second, emptying them none: a schema is used again.
struct schemas {
  std::mutex mutex{};
  std::vector<std::string> free{};

  std::string take() {
    {
      const std::scoped_lock hold(mutex);
      if (!free.empty()) {
        auto out = std::move(free.back());
        free.pop_back();
        return out;
      }
    }
    return contract::fresh_schema();
  }
  void give_back(std::string name) {
    PGconn* c = PQconnectdb(contract::shared_server().conninfo().c_str());
    const auto sql = "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname='" + name +
                     "' AND tablename<>'linecard_schema' LOOP EXECUTE format('DELETE FROM %I.%I', '" + name +
                     "', t); END LOOP; END $$";
    PGresult* r = PQexec(c, sql.c_str());
    const bool emptied = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    PQfinish(c);
    const std::scoped_lock hold(mutex);
    if (emptied) free.push_back(std::move(name));
  }
};

schemas& all_schemas() {
  static schemas all;
  return all;
}
#endif

} // namespace

shared_storage::shared_storage(store_kind kind) {
  if (kind == store_kind::sqlite) {
    std::string made = (std::filesystem::temp_directory_path() / "linecard-XXXXXX").string();
    if (mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
    name_ = "sqlite:" + made + "/store.db";
  }
#if LINECARD_HAS_POSTGRES
  if (kind == store_kind::postgres)
    name_ = "postgres:" + all_schemas().take() + ":" + contract::shared_server().conninfo();
#endif
  if (name_.empty()) throw std::runtime_error("this kind of storage cannot be shared");
}

shared_storage::~shared_storage() {
  if (name_.starts_with("sqlite:")) {
    std::error_code ignored;
    std::filesystem::remove_all(std::filesystem::path(name_.substr(7)).parent_path(), ignored);
  }
#if LINECARD_HAS_POSTGRES
  if (name_.starts_with("postgres:")) all_schemas().give_back(name_.substr(9, name_.find(':', 9) - 9));
#endif
}

std::unique_ptr<store> shared_storage::open() const {
  if (name_.starts_with("sqlite:")) return must(sqlite_store({.path = name_.substr(7), .synchronous_full = false}));
  const auto colon = name_.find(':', 9);
  return must(postgres_store({.conninfo = name_.substr(colon + 1), .schema = name_.substr(9, colon - 9)}));
}

std::unique_ptr<store> fresh_store() { return fresh_store(current); }
std::unique_ptr<store> fresh_store(store_kind kind) {
  if (kind == store_kind::memory) return memory_store();
  return std::make_unique<kept_store>(kind);
}

storing_in::storing_in(store_kind kind) { current = kind; }
storing_in::~storing_in() { current = store_kind::memory; }

} // namespace kit
