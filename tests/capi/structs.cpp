// Open structs: a program and a library of different ages must still agree.
#include "kit.hpp"

#include <support/array_store.h>

#include <cstring>

using namespace capi;

namespace {

/// A struct as an older or newer program would pass it: in the middle of poison, or with a tail.
template <class T> struct aged {
  alignas(T) unsigned char bytes[sizeof(T) + 64];
  aged(const T& from, std::size_t size, unsigned char beyond) {
    std::memset(bytes, beyond, sizeof bytes);
    std::memcpy(bytes, &from, size < sizeof(T) ? size : sizeof(T));
    const auto claimed = static_cast<std::uint32_t>(size);
    std::memcpy(bytes, &claimed, sizeof claimed);
  }
  [[nodiscard]] const T* get() const { return reinterpret_cast<const T*>(bytes); }
};

std::int32_t create(const linecard_options* options, caught& why) {
  linecard_text* key = nullptr;
  linecard_directory* made = nullptr;
  const auto status = linecard_create(options, &key, &made, why);
  CHECK((made != nullptr) == (status == LINECARD_OK));
  CHECK((key != nullptr) == (status == LINECARD_OK));
  linecard_text_free(key);
  linecard_close(made);
  return status;
}

} // namespace

TEST_CASE("C ABI: options 8 bytes shorter get defaults, whatever stands behind them") {
  caught why;
  const auto options = in_memory();
  CHECK(create(aged<linecard_options>(options, sizeof options - 8, 0xee).get(), why) == LINECARD_OK);
  CHECK(create(aged<linecard_options>(options, 8, 0xee).get(), why) == LINECARD_OK);
  CHECK(create(aged<linecard_options>(options, 12, 0xee).get(), why) == LINECARD_OK); // no pointer cut in two
  CHECK(create(aged<linecard_options>(options, 4, 0xee).get(), why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "one_store_needed");
}

TEST_CASE("C ABI: options 8 bytes longer are taken when the tail is zero, else E_TOO_NEW") {
  caught why;
  const auto options = in_memory();
  CHECK(create(aged<linecard_options>(options, sizeof options + 8, 0).get(), why) == LINECARD_OK);
  CHECK(create(aged<linecard_options>(options, sizeof options + 8, 1).get(), why) == LINECARD_E_TOO_NEW);
  CHECK(why.reason() == "struct_too_new");
  CHECK(why.path() == "/options");
}

TEST_CASE("C ABI: a struct without a size is E_INVALID") {
  house h;
  caught why;
  linecard_id id = 0;
  for (const std::uint32_t size : {0u, 3u, 0xffffffffu}) {
    auto options = in_memory();
    options.struct_size = size;
    CHECK(create(&options, why) == LINECARD_E_INVALID);
    CHECK(why.reason() == "struct_size_invalid");
    auto u = person("Ada", "ada@acme.example");
    u.struct_size = size;
    CHECK(linecard_adopt_user(h.tenant, &u, &id, why) == LINECARD_E_INVALID);
    CHECK(why.reason() == "struct_size_invalid");
    CHECK(why.path() == "/newcomer");
  }
}

TEST_CASE("C ABI: a new user 8 bytes shorter or longer is the same user") {
  house h;
  caught why;
  linecard_id id = 0;
  auto u = person("Ada", "ada@acme.example");
  u.forwarding_number = "+33123456789";
  CHECK(linecard_adopt_user(h.tenant, aged<linecard_new_user>(u, sizeof u + 8, 7).get(), &id, why) ==
        LINECARD_E_TOO_NEW);
  CHECK(id == 0);
  ok(linecard_adopt_user(h.tenant, aged<linecard_new_user>(u, sizeof u + 8, 0).get(), &id, why), why);
  auto v = person("Ben", "ben@acme.example");
  ok(linecard_adopt_user(h.tenant, aged<linecard_new_user>(v, sizeof v - 8, 0xee).get(), &id, why), why);
  linecard_list* list = nullptr;
  ok(linecard_find_user(h.tenant, id, &list, why), why);
  CHECK(linecard_list_text(list, 0, "forwarding_number", nullptr) == nullptr);
  linecard_list_free(list);
}

TEST_CASE("C ABI: a store's vtable 8 bytes longer works, shorter it lacks notice of changes, then caps; poisoned it is "
          "E_TOO_NEW") {
  for (const int more : {8, -8, -16, -24, 16}) {
    linecard_store store;
    REQUIRE(array_store(&store) == 1);
    const aged<linecard_store> table(store, sizeof store + static_cast<std::size_t>(more), more == 16 ? 1 : 0);
    linecard_options options = LINECARD_OPTIONS_INIT;
    options.store = table.get();
    caught why;
    CHECK(create(&options, why) == (more == 16 ? LINECARD_E_TOO_NEW : LINECARD_OK));
  }
}

TEST_CASE("C ABI: what is said of signing in may be 8 bytes shorter or longer, and what it owns ends once") {
  static int destroyed;
  linecard_breaches breaches = LINECARD_BREACHES_INIT;
  breaches.destroy = [](void*) { ++destroyed; };
  breaches.breached = [](void*, const char*, size_t, std::int32_t*, linecard_failure*) -> std::int32_t { return 0; };
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  sign_in.breaches = &breaches;
  struct ageing {
    int more;
    unsigned char beyond;
    std::int32_t status;
    int ended;
  };
  for (const auto& a :
       {ageing{-8, 0xee, LINECARD_OK, 0}, ageing{8, 0, LINECARD_OK, 1}, ageing{8, 1, LINECARD_E_TOO_NEW, 1}}) {
    CAPTURE(a.more);
    destroyed = 0;
    const aged<linecard_sign_in> said(sign_in, sizeof sign_in + static_cast<std::size_t>(a.more), a.beyond);
    auto options = in_memory();
    options.sign_in = said.get();
    caught why;
    CHECK(create(&options, why) == a.status);
    CHECK(destroyed == a.ended);
  }
}

TEST_CASE("C ABI: exactly one store, and no host key for create") {
  caught why;
  linecard_options options = LINECARD_OPTIONS_INIT;
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "one_store_needed");
  options.memory = 1;
  options.sqlite_path = "never.db";
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "one_store_needed");
  options.sqlite_path = nullptr;
  options.postgres = "host=never";
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "one_store_needed");
  options = in_memory();
  options.postgres_schema = "mine";
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/postgres_schema");
  options = in_memory();
  options.memory = 2;
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.path() == "/memory");
  options = in_memory();
  options.host_key = "lckey1_";
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "host_key_not_taken");
}

TEST_CASE("C ABI: B16 a mapping belongs to a database, is JSON, and its flaws have a path within it") {
  const scratch room;
  const std::string path = room.file("mapped.db");
  caught why;
  auto options = in_memory();
  options.mapping = R"({"mapped":[]})";
  CHECK(create(&options, why) == LINECARD_E_INVALID);
  CHECK(why.reason() == "mapping_invalid");
  CHECK(why.path() == "/mapping");
  options.memory = 0;
  options.sqlite_path = path.c_str();
  const auto refused = [&](const char* mapping, const char* reason, const char* at) {
    options.mapping = mapping;
    CHECK(create(&options, why) == LINECARD_E_INVALID);
    CHECK(why.reason() == reason);
    CHECK(why.path() == at);
  };
  refused("", "json_malformed", "");
  refused(R"({"mapped":[{"tabel":"users"}]})", "field_unknown", "/mapped/0/tabel");
  refused(R"({"mapped":[{"table":"nobody"}]})", "mapping_invalid", "/mapped/0/table");
  refused(R"({"mapped":[{"table":"users","host_table":"staff"}]})", "mapping_invalid", "/mapped/0/host_table");
  options.mapping = R"({"mapped":[]})";
  CHECK(create(&options, why) == LINECARD_OK);
}
