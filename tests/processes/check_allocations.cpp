// Counts what checks allocate, in a process of its own because it replaces malloc, or listens to a sanitizer's. Prints
// "checks N allocations M"; for tests/views/authority_processes.cpp. Of lines the same: "lines N allocations M".
//   check_allocations [FILE]   in memory, or on SQLite
#include "sanitized.hpp"

#include <linecard/directory.hpp>
#include <linecard/stores/memory.hpp>
#include <linecard/stores/sqlite.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

thread_local unsigned long allocations = 0;

} // namespace

#if LINECARD_SANITIZED // the sanitizer's own malloc and operator new tell us
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
static const int hooked = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});
#elif defined(__GLIBC__)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}
}
#else
void* operator new(std::size_t size) {
  ++allocations;
  if (void* made = std::malloc(size != 0 ? size : 1)) return made;
  throw std::bad_alloc();
}
void operator delete(void* old) noexcept { std::free(old); }
void operator delete(void* old, std::size_t) noexcept { std::free(old); }
#endif

using namespace linecard;

namespace {

template <class T> T must(result<T> r) {
  if (!r) std::_Exit(3);
  return *std::move(r);
}

} // namespace

int main(int count, char** words) {
  auto made = must(directory::create({.store = count > 1 ? must(sqlite_store({.path = words[1]})) : memory_store()}));
  auto& dir = made.opened;
  const auto root = must(dir.bootstrap_operator("root@example.com"));
  const auto box = must(dir.run(root, create_container{.name = "pbx"})).created_id<container>();
  const auto who = root.identity_id();
  // Timed, so that the slower way is counted too.
  const auto timed = must(dir.run(must(dir.open_actor(who, box)), create_tenant{.name = "Acme"})).created_id<tenant>();
  static_cast<void>(must(dir.run(must(dir.open_actor(who, timed)),
                                 adopt_user{.first_name = "T", .last_name = "T", .email = "t@example.com"})));
  static_cast<void>(
      must(dir.run(must(dir.open_actor(who, timed)),
                   grant_role{.email = "t@example.com", .role = "tenant", .ends_at = instant{std::int64_t{1} << 52}})));
  const auto other = must(dir.open_actor("t@example.com")).identity_id();
  unsigned long checks = 0, allowed = 0;
  allowed += dir.check(who, permission::user_manage, box); // compiles the view
  const access_question questions[]{{who, permission::user_manage, box}, {other, permission::company_configure, timed}};
  std::uint8_t answers[2]{};
  const auto before = allocations;
  for (int n = 0; n < 1000; ++n) {
    allowed += dir.check(who, permission::user_manage, box);
    allowed += dir.check(other, permission::company_configure, timed);
    if (dir.check_many(questions, answers)) return 5;
    allowed += answers[0] + unsigned{answers[1]};
    allowed += dir.effective(who, {}).has(permission::audit_view);
    checks += 5;
  }
  const auto during = allocations - before;
  if (allowed != checks + 1) return 5;
  if (before == 0) return 6; // then nothing was counted
  std::printf("checks %lu allocations %lu\n", checks, during);

  const auto in_tenant = must(dir.open_actor(who, timed));
  const auto holder = must(dir.run(in_tenant, adopt_user{.first_name = "L",
                                                         .last_name = "L",
                                                         .email = "l@example.com",
                                                         .external_ref = "a reference of more than sixteen characters",
                                                         .extension = "2001",
                                                         .forwarding_number = "+491511234567890"}))
                          .created_id<user>();
  unsigned long lines = 0, rang = 0;
  rang += dir.line_of_user(holder).rings; // compiles the view
  const std::string_view numbers[]{"+493012345", "no number"};
  line found[2]{};
  refusal why;
  const auto lines_before = allocations;
  for (int n = 0; n < 1000; ++n) {
    rang += dir.line_of_user(holder, &why).rings;
    rang += dir.line_of_extension(timed, "2001").rings;
    rang += dir.line_of_external_ref(timed, "a reference of more than sixteen characters").rings;
    if (dir.line_of_did("+493012345").found || dir.lines_of_dids(numbers, found)) return 5;
    lines += 6;
  }
  const auto lines_during = allocations - lines_before;
  if (rang != lines / 2 + 1) return 5;
  std::printf("lines %lu allocations %lu\n", lines, lines_during);
  return 0;
}
