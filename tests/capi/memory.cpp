// Memory that runs out at every possible place, one after another. The thread sanitizer brings an operator new of its
// own, which cannot be replaced; these claims are about one thread anyway.
#if defined(__SANITIZE_THREAD__)
#define LINECARD_TEST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LINECARD_TEST_TSAN 1
#endif
#endif
#ifndef LINECARD_TEST_TSAN

#include "kit.hpp"

#include <cstdlib>
#include <new>

namespace {

/// Allocations of this thread until one fails; negative: none does. The library's own come through here as well.
thread_local long until_failure = -1;

bool fails_now() { return until_failure >= 0 && until_failure-- == 0; }

void* allocate(std::size_t size) {
  void* block = fails_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (!block) throw std::bad_alloc();
  return block;
}
void* allocate(std::size_t size, std::align_val_t align) {
  const auto a = static_cast<std::size_t>(align);
  void* block = fails_now() ? nullptr : std::aligned_alloc(a, (size + a - 1) / a * a);
  if (!block) throw std::bad_alloc();
  return block;
}

} // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t align) { return allocate(size, align); }
void* operator new[](std::size_t size, std::align_val_t align) { return allocate(size, align); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fails_now() ? nullptr : std::malloc(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return fails_now() ? nullptr : std::malloc(size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { std::free(block); }

using namespace capi;

namespace {

struct outcome {
  std::int32_t status;
  bool failed; ///< an allocation did
};

template <class F> outcome fail_at(long k, F&& call) {
  until_failure = k;
  const std::int32_t status = call();
  const bool failed = until_failure < 0;
  until_failure = -1;
  return {status, failed};
}

constexpr long far = 100000;

} // namespace

TEST_CASE("C: I26 create survives the failure of any allocation: nothing made or all, and callbacks ended once") {
  static int destroyed;
  linecard_breaches breaches = LINECARD_BREACHES_INIT;
  breaches.destroy = [](void*) { ++destroyed; };
  breaches.breached = [](void*, const char*, size_t, std::int32_t*, linecard_failure*) -> std::int32_t { return 0; };
  linecard_sign_in sign_in = LINECARD_SIGN_IN_INIT;
  sign_in.pepper = "sixteen bytes are enough", sign_in.pepper_length = nul;
  sign_in.breaches = &breaches;
  auto options = in_memory();
  options.sign_in = &sign_in;
  long k = 0, refused = 0;
  for (; k < far; ++k) {
    CAPTURE(k);
    destroyed = 0;
    caught why;
    linecard_text* key = nullptr;
    linecard_directory* made = nullptr;
    linecard_error** error = why;
    const outcome got = fail_at(k, [&] { return linecard_create(&options, &key, &made, error); });
    REQUIRE_MESSAGE((got.status == LINECARD_OK || got.status == LINECARD_E_NO_MEMORY), got.status << why.message());
    CHECK((made != nullptr) == (got.status == LINECARD_OK));
    CHECK((key != nullptr) == (got.status == LINECARD_OK));
    CHECK((why.reason() == "no_memory") == (got.status == LINECARD_E_NO_MEMORY));
    refused += got.status == LINECARD_E_NO_MEMORY;
    linecard_text_free(key);
    linecard_close(made);
    CHECK(destroyed == 1);
    if (!got.failed) break;
  }
  CHECK(k < far);
  CHECK(refused > 20);
}

TEST_CASE("C: I26 adopting survives the failure of any allocation with the old state or the new") {
  house h;
  long k = 0, refused = 0;
  for (; k < far; ++k) {
    CAPTURE(k);
    caught why;
    linecard_error** error = why;
    const auto email = "u" + std::to_string(k) + "@acme.example";
    const auto u = person("Ada", email.c_str());
    linecard_id id = 0;
    const auto before = digest(h.directory);
    const outcome got = fail_at(k, [&] { return linecard_adopt_user(h.tenant, &u, &id, error); });
    REQUIRE_MESSAGE((got.status == LINECARD_OK || got.status == LINECARD_E_NO_MEMORY), got.status << why.message());
    CHECK((id != 0) == (got.status == LINECARD_OK));
    refused += got.status == LINECARD_E_NO_MEMORY;
    linecard_list* found = nullptr;
    const bool there = linecard_find_user_by_email(h.tenant, email.c_str(), nul, &found, nullptr) == LINECARD_OK;
    linecard_list_free(found);
    CHECK((digest(h.directory) != before) == there);
    if (got.status == LINECARD_OK) CHECK(there);
    if (!got.failed) break;
  }
  CHECK(k < far);
  CHECK(refused > 50);
  CHECK(call(h.tenant, "verify_audit", "{}").find("\"intact\":true") != std::string::npos);
}

TEST_CASE("C: I26 assigning survives the failure of any allocation, and the pool counts its seats") {
  house h;
  long k = 0, refused = 0, seats = 0;
  for (; k < far; ++k) {
    CAPTURE(k);
    caught why;
    linecard_error** error = why;
    const auto id = adopt(h.tenant, "Ada", ("u" + std::to_string(k) + "@acme.example").c_str());
    linecard_text* receipt = nullptr;
    const auto before = digest(h.directory);
    const outcome got = fail_at(k, [&] { return linecard_assign_package(h.tenant, id, h.basic, &receipt, error); });
    REQUIRE_MESSAGE((got.status == LINECARD_OK || got.status == LINECARD_E_NO_MEMORY), got.status << why.message());
    CHECK((receipt != nullptr) == (got.status == LINECARD_OK));
    linecard_text_free(receipt);
    refused += got.status == LINECARD_E_NO_MEMORY;
    seats += digest(h.directory) != before;
    if (!got.failed) break;
  }
  CHECK(k < far);
  CHECK(refused > 50);
  linecard_list* pools = nullptr;
  REQUIRE(linecard_list_seat_pools(h.tenant, &pools, nullptr) == LINECARD_OK);
  CHECK(linecard_list_integer(pools, 0, "used") == seats);
  linecard_list_free(pools);
}

TEST_CASE("C: I26 listing and describing survive the failure of any allocation") {
  house h;
  adopt(h.tenant, "Ada", "ada@acme.example");
  for (long k = 0; k < far; ++k) {
    caught why, why_not;
    linecard_error **error = why, **other = why_not;
    linecard_list* list = nullptr;
    linecard_text* text = nullptr;
    const auto listing = fail_at(k, [&] { return linecard_list_users(h.tenant, nullptr, 0, 0, 0, &list, error); });
    REQUIRE((listing.status == LINECARD_OK || listing.status == LINECARD_E_NO_MEMORY));
    const auto describing = fail_at(k, [&] { return linecard_describe(&text, other); });
    REQUIRE((describing.status == LINECARD_OK || describing.status == LINECARD_E_NO_MEMORY));
    linecard_list_free(list);
    linecard_text_free(text);
    if (!listing.failed && !describing.failed) break;
  }
}

#endif // LINECARD_TEST_TSAN
