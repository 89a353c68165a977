#include "kit.hpp"

#include <linecard_lines.h>

#include <linecard/result.hpp>
#include <linecard/version.hpp>

#include <fstream>
#include <sstream>

extern "C" {
linecard_options initial_options(void);
linecard_new_user initial_new_user(void);
linecard_store initial_store(void);
linecard_mail initial_mail(void);
linecard_mailer initial_mailer(void);
linecard_pumped initial_pumped(void);
linecard_sign_in initial_sign_in(void);
linecard_breaches initial_breaches(void);
linecard_provider initial_provider(void);
linecard_assets initial_assets(void);
linecard_errands_pumped initial_errands_pumped(void);
linecard_line initial_line(void);
}

using namespace capi;

namespace {

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

} // namespace

TEST_CASE("C ABI: status codes have the numbers and names of the C++ API") {
  const std::pair<std::int32_t, linecard::status> same[] = {
      {LINECARD_OK, linecard::status::ok},
      {LINECARD_E_INVALID, linecard::status::invalid},
      {LINECARD_E_NOT_FOUND, linecard::status::not_found},
      {LINECARD_E_DENIED, linecard::status::denied},
      {LINECARD_E_CONFLICT, linecard::status::conflict},
      {LINECARD_E_LIMIT, linecard::status::limit},
      {LINECARD_E_STALE, linecard::status::stale},
      {LINECARD_E_WRONG_KIND, linecard::status::wrong_kind},
      {LINECARD_E_BUSY, linecard::status::busy},
      {LINECARD_E_REENTRANT, linecard::status::reentrant},
      {LINECARD_E_FORKED, linecard::status::forked},
      {LINECARD_E_CALLBACK, linecard::status::callback},
      {LINECARD_E_TOO_NEW, linecard::status::too_new},
      {LINECARD_E_STORE, linecard::status::store},
      {LINECARD_E_NO_MEMORY, linecard::status::no_memory},
      {LINECARD_E_INTERNAL, linecard::status::internal},
  };
  for (const auto& [c, cpp] : same) CHECK(c == static_cast<std::int32_t>(cpp));
  const char* names[] = {"ok",   "invalid",   "not_found", "denied",   "conflict", "limit", "stale",     "wrong_kind",
                         "busy", "reentrant", "forked",    "callback", "too_new",  "store", "no_memory", "internal"};
  for (std::int32_t i = 0; i < 16; ++i) CHECK(std::string(linecard_status_name(-i)) == names[i]);
  for (const std::int32_t none : {1, -16, INT32_MIN, INT32_MAX})
    CHECK(std::string(linecard_status_name(none)) == "unknown");
}

TEST_CASE("C ABI: the library tells its ABI, version and struct sizes") {
  CHECK(linecard_abi() == LINECARD_ABI);
  CHECK(linecard_version() == linecard::version);
  CHECK(linecard_struct_size("linecard_options") == sizeof(linecard_options));
  CHECK(linecard_struct_size("linecard_new_user") == sizeof(linecard_new_user));
  CHECK(linecard_struct_size("linecard_store") == sizeof(linecard_store));
  CHECK(linecard_struct_size("linecard_scan_request") == sizeof(linecard_scan_request));
  CHECK(linecard_struct_size("linecard_nothing") == 0);
  CHECK(linecard_struct_size(nullptr) == 0);
}

TEST_CASE("C ABI: the _INIT macros set the size and nothing else") {
  const auto options = initial_options();
  CHECK(options.struct_size == sizeof options);
  CHECK(options.memory == 0);
  CHECK(options.store == nullptr);
  CHECK(options.busy_timeout_ms == 0);
  CHECK(options.last_known_lines_s == 0);
  const auto user = initial_new_user();
  CHECK(user.struct_size == sizeof user);
  CHECK(user.package_id == 0);
  CHECK(user.forwarding_number == nullptr);
  const auto store = initial_store();
  CHECK(store.struct_size == sizeof store);
  CHECK(store.abi == LINECARD_ABI);
  CHECK((store.rollback == nullptr));
  CHECK(store.caps == 0);
  const auto mail = initial_mail();
  CHECK(mail.struct_size == sizeof mail);
  CHECK(mail.templates == nullptr);
  const auto mailer = initial_mailer();
  CHECK(mailer.struct_size == sizeof mailer);
  CHECK((mailer.send == nullptr));
  CHECK(initial_pumped().struct_size == sizeof(linecard_pumped));
  const auto sign_in = initial_sign_in();
  CHECK(sign_in.struct_size == sizeof sign_in);
  CHECK(sign_in.passwords_at_once == 0);
  CHECK(sign_in.breaches == nullptr);
  const auto breaches = initial_breaches();
  CHECK(breaches.struct_size == sizeof breaches);
  CHECK(breaches.abi == LINECARD_ABI);
  CHECK((breaches.breached == nullptr));
  CHECK(options.assets == nullptr);
  const auto provider = initial_provider();
  CHECK(provider.struct_size == sizeof provider);
  CHECK(provider.abi == LINECARD_ABI);
  CHECK((provider.order == nullptr));
  const auto assets = initial_assets();
  CHECK(assets.struct_size == sizeof assets);
  CHECK(assets.abi == LINECARD_ABI);
  CHECK((assets.hand_over == nullptr));
  CHECK(initial_errands_pumped().struct_size == sizeof(linecard_errands_pumped));
  const auto line = initial_line();
  CHECK(line.struct_size == sizeof line);
  CHECK(line.found == 0);
  CHECK(line.forwarding[0] == '\0');
  CHECK(line.label[0] == '\0');
}

TEST_CASE("C ABI: every function of the headers states errors, owner, threads, callbacks and since") {
  int functions = 0;
  for (const char* header : {"/capi/linecard.h", "/capi/linecard_adapters.h", "/capi/linecard_lines.h"}) {
    const std::string text = text_of_file(LINECARD_SOURCE_DIR + std::string(header));
    for (auto at = text.find("\nLINECARD_API "); at != std::string::npos; at = text.find("\nLINECARD_API ", at + 1)) {
      ++functions;
      const auto name = text.substr(at + 1, text.find('(', at) - at);
      CAPTURE(name);
      const auto from = text.rfind("/*", at), to = text.rfind("*/", at);
      REQUIRE(from != std::string::npos);
      CHECK(to == at - 2); // the comment stands right above
      const auto comment = text.substr(from, to - from);
      for (const char* word : {"Errors:", "Owner:", "Threads:", "Callbacks:", "Since 0.1"})
        CHECK_MESSAGE(comment.find(word) != std::string::npos, name << " lacks " << word);
    }
  }
  CHECK(functions == 78);
}
