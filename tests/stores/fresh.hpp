// An empty store of each kind, so that one claim can be made about a directory on all of them:
//
//   ON_EVERY_STORE("I24 a version mismatch fails") { kit::world w; ... }
//
// is a test case in memory, one on SQLite and one on PostgreSQL; `world` takes its store from here.
#pragma once

#include <linecard/ports/store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace kit {

enum class store_kind { memory, sqlite, postgres };

/// Of the kind that the running test case is about; in memory when it is about none. A store of a file or a server
/// cleans up behind itself when it is closed.
[[nodiscard]] std::unique_ptr<linecard::store> fresh_store();
[[nodiscard]] std::unique_ptr<linecard::store> fresh_store(store_kind kind);
/// The same storage for several stores at once, as processes would open it.
struct shared_storage {
  explicit shared_storage(store_kind kind);
  shared_storage(const shared_storage&) = delete;
  shared_storage& operator=(const shared_storage&) = delete;
  ~shared_storage();
  [[nodiscard]] std::unique_ptr<linecard::store> open() const;
  /// "sqlite:PATH" or "postgres:SCHEMA:CONNINFO", as tests/processes take it.
  [[nodiscard]] const std::string& name() const { return name_; }

private:
  std::string name_{};
};

struct storing_in {
  explicit storing_in(store_kind kind);
  storing_in(const storing_in&) = delete;
  storing_in& operator=(const storing_in&) = delete;
  ~storing_in();
};

} // namespace kit

#if LINECARD_HAS_POSTGRES
#define LINECARD_ON_POSTGRES(sentence, claim)                                                                          \
  TEST_CASE("on PostgreSQL: " sentence) {                                                                              \
    const kit::storing_in here(kit::store_kind::postgres);                                                             \
    claim();                                                                                                           \
  }
#else
#define LINECARD_ON_POSTGRES(sentence, claim)
#endif
#define LINECARD_ON_EVERY_STORE(sentence, claim)                                                                       \
  static void claim();                                                                                                 \
  TEST_CASE(sentence) { claim(); }                                                                                     \
  TEST_CASE("on SQLite: " sentence) {                                                                                  \
    const kit::storing_in here(kit::store_kind::sqlite);                                                               \
    claim();                                                                                                           \
  }                                                                                                                    \
  LINECARD_ON_POSTGRES(sentence, claim)                                                                                \
  static void claim()
#define ON_EVERY_STORE(sentence) LINECARD_ON_EVERY_STORE(sentence, DOCTEST_ANONYMOUS(linecard_claim_))
