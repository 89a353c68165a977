// A house to test in: a directory with an operator, a container, a tenant and a package on offer, through the C API.
#pragma once

#include <linecard_adapters.h>

#include <doctest/doctest.h>

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <utility>

namespace capi {

inline constexpr auto nul = LINECARD_NUL_TERMINATED;

/// Receives an error and frees it.
class caught {
public:
  caught() = default;
  caught(const caught&) = delete;
  caught& operator=(const caught&) = delete;
  ~caught() { linecard_error_free(error_); }
  operator linecard_error**() { // NOLINT: it stands where a linecard_error** is asked for
    linecard_error_free(error_);
    error_ = nullptr;
    return &error_;
  }
  [[nodiscard]] std::int32_t status() const { return linecard_error_status(error_); }
  [[nodiscard]] std::string reason() const { return linecard_error_reason(error_); }
  [[nodiscard]] std::string path() const { return linecard_error_path(error_); }
  [[nodiscard]] std::string message() const { return linecard_error_message(error_); }
  [[nodiscard]] bool set() const { return error_ != nullptr; }

private:
  linecard_error* error_ = nullptr;
};

/// Takes a text over.
inline std::string text_of(linecard_text* text) {
  std::string out(linecard_text_data(text), linecard_text_length(text));
  linecard_text_free(text);
  return out;
}

inline void ok(std::int32_t status, const caught& why) {
  REQUIRE_MESSAGE(status == LINECARD_OK, why.reason() << ' ' << why.path() << ' ' << why.message());
}

inline std::string call(linecard_actor* as, const char* operation, const std::string& json) {
  caught why;
  linecard_text* answer = nullptr;
  ok(linecard_call(as, operation, nul, json.data(), json.size(), &answer, why), why);
  return text_of(answer);
}

/// Previews and confirms: the receipt.
inline std::string confirmed(linecard_actor* as, const char* operation, const std::string& json) {
  caught why;
  linecard_text *shown = nullptr, *token = nullptr, *receipt = nullptr;
  ok(linecard_preview(as, operation, nul, json.data(), json.size(), &shown, &token, why), why);
  linecard_text_free(shown);
  const auto kept = text_of(token);
  ok(linecard_confirm(as, operation, nul, json.data(), json.size(), kept.data(), kept.size(), &receipt, why), why);
  return text_of(receipt);
}

inline std::string id_text(linecard_id id) {
  char buffer[LINECARD_ID_CAPACITY];
  REQUIRE(linecard_id_text(id, buffer, sizeof buffer, nullptr) == LINECARD_OK);
  return buffer;
}

inline linecard_new_user person(const char* first_name, const char* email) {
  linecard_new_user u = LINECARD_NEW_USER_INIT;
  u.first_name = first_name;
  u.last_name = "Adler";
  u.email = email;
  return u;
}

inline linecard_id adopt(linecard_actor* as, const char* first_name, const char* email) {
  caught why;
  linecard_id id = 0;
  const auto u = person(first_name, email);
  ok(linecard_adopt_user(as, &u, &id, why), why);
  return id;
}

inline linecard_options in_memory() {
  linecard_options o = LINECARD_OPTIONS_INIT;
  o.memory = 1;
  return o;
}

/// A folder of its own, gone afterwards.
struct scratch {
  std::filesystem::path folder;
  scratch() {
    static std::atomic<int> count{0};
    folder = std::filesystem::temp_directory_path() /
             ("linecard_capi." + std::to_string(getpid()) + "." + std::to_string(++count));
    std::filesystem::create_directory(folder);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  [[nodiscard]] std::string file(const char* name) const { return (folder / name).string(); }
};

inline std::string digest(linecard_directory* of, linecard_id scope_id = 0) {
  caught why;
  linecard_text* hex = nullptr;
  ok(linecard_state_digest(of, scope_id, &hex, why), why);
  return text_of(hex);
}

struct house {
  linecard_directory* directory = nullptr;
  linecard_actor *platform = nullptr, *container = nullptr, *tenant = nullptr;
  linecard_id operator_id = 0, container_id = 0, tenant_id = 0, basic = 0, plus = 0;
  std::string host_key;

  explicit house(const linecard_options& options = in_memory(), int seats = 1000) {
    caught why;
    linecard_text* key = nullptr;
    ok(linecard_create(&options, &key, &directory, why), why);
    host_key = text_of(key);
    ok(linecard_bootstrap_operator(directory, "ops@example.com", nul, &platform, why), why);
    operator_id = linecard_actor_identity(platform);
    ok(linecard_create_container(platform, "pbx-1", nul, &container_id, why), why);
    container = open(container_id);
    tenant_id = add_tenant("Acme");
    tenant = open(tenant_id);
    basic = define("Basic", seats), plus = define("Plus", seats);
  }
  house(const house&) = delete;
  house& operator=(const house&) = delete;
  ~house() {
    for (auto* a : {platform, container, tenant}) linecard_actor_free(a);
    linecard_close(directory);
  }

  [[nodiscard]] linecard_actor* open(linecard_id scope_id) const {
    caught why;
    linecard_actor* made = nullptr;
    ok(linecard_actor_open(directory, operator_id, scope_id, &made, why), why);
    return made;
  }
  [[nodiscard]] linecard_id add_tenant(const char* name) const {
    caught why;
    linecard_id id = 0;
    ok(linecard_create_tenant(container, name, nul, &id, why), why);
    return id;
  }
  /// Defines a package and offers it to the tenant.
  [[nodiscard]] linecard_id define(const std::string& name, int seats) const {
    call(platform, "define_package",
         R"({"name":")" + name + R"(","kind":"base","price_minor":"900","currency":"EUR"})");
    caught why;
    linecard_list* packages = nullptr;
    ok(linecard_list_selectable_packages(tenant, &packages, why), why);
    linecard_id id = 0;
    for (std::size_t i = 0; i < linecard_list_count(packages); ++i)
      if (name == linecard_list_text(packages, i, "name", nullptr)) id = linecard_list_id(packages, i, "package_id");
    linecard_list_free(packages);
    const std::string package = R"({"package_id":")" + id_text(id) + '"';
    call(tenant, "offer_package", package + "}");
    call(tenant, "set_seat_pool", package + R"(,"purchased":)" + std::to_string(seats) + R"(,"overage":"block"})");
    return id;
  }
};

} // namespace capi
