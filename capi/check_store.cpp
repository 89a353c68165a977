// The contract of stores, tried on a host's.
#include "adapters.hpp"
#include "guard.hpp"
#include "text.hpp"

#include <linecard/contract.hpp>

using namespace linecard;
using namespace linecard::capi;

namespace {

std::unique_ptr<store> opened(const linecard_store_check& check, std::int32_t how) {
  const auto in = std::make_shared<ward>();
  const linecard_store* given = nullptr;
  const auto answer = in->call([&] { return given = check.open(check.self, how), LINECARD_DONE; });
  if (answer != LINECARD_DONE) fail(status::callback, "store_callback", {}, "open threw an exception");
  if (!given) return nullptr;
  owned_table<linecard_store> table(copy_struct(*given), in);
  judge_struct(given, given->struct_size, sizeof(linecard_store), "store");
  capi::check(flaw_of(*table));
  return host_store(table);
}

contract::subject subject_of(const linecard_store_check& check) {
  const auto making = [&check](std::int32_t how) { return [&check, how] { return opened(check, how); }; };
  contract::subject made{.fresh = making(LINECARD_STORE_FRESH)};
  if (check.offers & LINECARD_OFFERS_REOPENED) made.reopen = making(LINECARD_STORE_REOPENED);
  if (check.offers & LINECARD_OFFERS_BESIDE) made.beside = making(LINECARD_STORE_BESIDE);
  made.readers_beside_writers = (check.offers & LINECARD_OFFERS_READERS_BESIDE_WRITERS) != 0;
  return made;
}

using state = contract::verdict::state;
static_assert(static_cast<int>(state::broken) == LINECARD_PROMISE_BROKEN &&
              static_cast<int>(state::kept) == LINECARD_PROMISE_KEPT &&
              static_cast<int>(state::untried) == LINECARD_PROMISE_UNTRIED);

[[noreturn]] void incomplete(const char* member) {
  fail(status::invalid, "check_incomplete", std::string("/check/") + member, std::string(member) + " must not be NULL");
}

} // namespace

int32_t linecard_check_store(const linecard_store_check* given, linecard_error** error) {
  return guarded(error, [&] {
    const linecard_store_check check = struct_in(given, "check");
    if (check.abi == 0)
      fail(status::invalid, "abi_invalid", "/check/abi", "abi must be LINECARD_ABI; use the _INIT macro");
    if (check.abi > LINECARD_ABI)
      fail(status::too_new, "abi_too_new", "/check/abi", "the check was made for a newer linecard than this one");
    if (!check.open) incomplete("open");
    if (!check.told) incomplete("told");
    if (check.reserved != 0) fail(status::invalid, "reserved_invalid", "/check/reserved", "reserved must be 0");
    const auto only = check.only ? text_in(check.only, LINECARD_NUL_TERMINATED, "only") : std::string_view{};

    const auto speaking = std::make_shared<ward>();
    bool stopped = false;
    const std::size_t broken = contract::check(
        subject_of(check),
        [&](const contract::verdict& v) {
          const std::string text = contract::text_of(v);
          stopped = speaking->call([&] { return check.told(check.self, static_cast<int>(v.is), text.c_str()); }) !=
                    LINECARD_DONE;
          return !stopped;
        },
        only);
    if (stopped) fail(status::callback, "check_stopped", {}, "the callback told wanted to hear no more");
    if (broken > 0)
      fail(status::callback, "promises_broken", {}, std::to_string(broken) + " of the store's promises are broken");
  });
}
