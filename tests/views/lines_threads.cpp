// The line view under several threads. Run under ThreadSanitizer as well: nothing here waits for a time, and assertions
// are made on one thread, when the others have ended. LINECARD_INTERLEAVINGS as for authority_threads.cpp.
#include <linecard/views/lines.hpp>

#include "stores/sqlite_kit.hpp"
#include "views/late_answers.hpp"
#include "views/line_world.hpp"

#include <algorithm>

using namespace moving;

namespace {

constexpr id_of<tenant> acme{make_id(tag_of<tenant>, 1)};

id_of<user> person(std::uint64_t n) { return {make_id(tag_of<user>, n)}; }

std::string extension_of(std::uint64_t n, std::size_t nth) { return std::to_string(1'000'000 + 10 * n + nth); }

/// In every state all parts of the line tell the same letter.
line_holder state(std::uint64_t n, bool second, std::size_t more = 0) {
  line_holder out{.id = person(n), .tenant_id = acme, .active = true};
  const std::string digits = second ? "22222222" : "11111111";
  out.caller_id = "+" + digits;
  if (second) out.e911_caller_id = out.caller_id;
  out.external_ref = "ref-" + std::to_string(n);
  out.forwarding = "+" + digits + digits.substr(1);
  out.extensions.push_back({n == 1 ? digits : extension_of(n, 0), second});
  for (std::size_t e = 1; e <= more; ++e) out.extensions.push_back({extension_of(n, e), second});
  for (int f = 1; f < 256; ++f)
    if (second || f % 2 != 0) out.entitlements.add(static_cast<feature>(f));
  return out;
}

bool whole(const line& found) { return found == line_of(state(1, false)) || found == line_of(state(1, true)); }

} // namespace

TEST_CASE("B11 threads: readers of the bare view see each line whole, while others come, go and grow") {
  lines_view view;
  view.put(state(1, false));
  view.put(line_number{.number = "+331", .tenant_id = acme, .use = did_use::direct, .user_id = person(1)});
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> asked{0}, torn{0}, lost{0}, busy{0};
  std::vector<std::thread> running;
  for (int t = 1; t < threads; ++t)
    running.emplace_back([&, t] {
      while (!over.load(std::memory_order_acquire)) {
        line found;
        auto told = t == 1   ? view.by_user(person(1), found)
                    : t == 2 ? view.by_external_ref(acme, "ref-1", found)
                             : view.by_number("+331", found);
        asked.fetch_add(1, std::memory_order_relaxed);
        if (told == lines_view::answer::busy) {
          busy.fetch_add(1, std::memory_order_relaxed);
          continue;
        }
        if (told == lines_view::answer::absent) lost.fetch_add(1, std::memory_order_relaxed);
        if (t == 3) found.use = {}, found.e911 = found.international;
        if (!whole(found)) torn.fetch_add(1, std::memory_order_relaxed);
      }
    });
  std::mt19937_64 chance(1);
  for (std::uint64_t n = 0; asked.load(std::memory_order_relaxed) < interleavings(); ++n) {
    view.put(state(1, n % 2 == 0));
    const auto other = 2 + n % 3000;
    view.put(state(other, n % 2 == 0, chance() % 4)); // indexes grow, and close gaps
    const auto number = "+49" + std::to_string(other);
    if (chance() % 2 == 0)
      view.put(line_number{.number = number, .tenant_id = acme, .use = did_use::direct, .user_id = person(other)});
    else
      view.forget(std::string_view(number));
    if (chance() % 8 == 0) view.forget(person(other));
  }
  over.store(true, std::memory_order_release);
  for (auto& one : running) one.join();
  CHECK(torn == 0);
  CHECK(lost == 0);
  CHECK(busy < asked);
}

TEST_CASE("B11 threads: no line asked for after its user was suspended rings any more") {
  const contract::folder folder;
  bool on_disk = false;
  SUBCASE("in memory") {}
  SUBCASE("on SQLite") { on_disk = true; }
  line_world m(20, on_disk ? contract::open({.path = folder.file("a.db"), .synchronous_full = false}) : memory_store());
  const auto who = must(m.w.dir.ask(m.operators[3], find_user{.email = m.emails[0]})).user_id;
  REQUIRE(m.put_did(3, "+49301", did_use::direct, who, false));
  REQUIRE(m.run(3, suspend_user{who}));
  late_answers told;
  std::atomic<int> failed{0};
  told.run(
      interleavings(), static_cast<std::uint64_t>(interleavings()) / 200,
      [&](bool give) {
        if (!(give ? m.run(3, resume_user{who}) : m.run(3, suspend_user{who}))) ++failed;
      },
      [&](int t) {
        directory& in = t == 1 ? m.w.dir : m.follower;
        // An answer that says it may be out of date may be so, where the machine made its thread wait that long.
        const auto rings = [](const line& found) { return found.rings && found.stale_ms == 0; };
        if (t != 3) return rings(in.line_of_did("+49301"));
        const std::string_view numbers[]{"+49302", "+49301"};
        line found[2]{};
        static_cast<void>(in.lines_of_dids(numbers, found));
        return rings(found[1]);
      });
  CHECK(failed == 0);
  CHECK(told.late == 0);
  CHECK(told.allowed > 0);
}

TEST_CASE("B11 the bare view agrees with a map, whatever comes and goes") {
  lines_view view;
  std::map<std::uint64_t, line_holder> people;
  std::map<std::string, line_number> numbers;
  std::mt19937_64 chance(7);
  for (int n = 0; n < 20'000; ++n) {
    const auto at = 1 + chance() % 400;
    const auto number = "+49" + std::to_string(chance() % 500);
    switch (chance() % 4) {
    case 0:
      view.put(people[at] = state(at, chance() % 2 == 0, at == 1 ? 0 : chance() % 4));
      break;
    case 1:
      view.forget(person(at)), people.erase(at);
      break;
    case 2:
      view.put(numbers[number] = {.number = number,
                                  .tenant_id = acme,
                                  .use = chance() % 2 == 0 ? did_use::direct : did_use::main,
                                  .user_id = person(at),
                                  .e911 = chance() % 2 == 0,
                                  .label = chance() % 2 == 0 ? number : std::string()});
      break;
    default:
      view.forget(std::string_view(number)), numbers.erase(number);
    }
  }
  std::size_t wrong = 0;
  line found;
  for (std::uint64_t n = 1; n <= 400; ++n) {
    const auto known = people.find(n);
    const auto expected = known == people.end() ? line{} : line_of(known->second);
    wrong += (view.by_user(person(n), found) == lines_view::answer::found) != (known != people.end());
    wrong += found != expected;
    static_cast<void>(view.by_external_ref(acme, "ref-" + std::to_string(n), found));
    wrong += found != expected;
    for (std::size_t e = 0; e < 4; ++e) {
      const auto number = extension_of(n, e);
      static_cast<void>(view.by_extension(acme, number, found));
      line wanted;
      if (known != people.end())
        for (const auto& each : known->second.extensions)
          if (each.number == number) wanted = line_of(known->second, &each);
      wrong += found != wanted;
    }
  }
  for (int n = 0; n < 500; ++n) {
    const auto number = "+49" + std::to_string(n);
    const auto known = numbers.find(number);
    static_cast<void>(view.by_number(number, found));
    if (known == numbers.end()) {
      wrong += found != line{};
      continue;
    }
    const auto holder = people.find(known->second.user_id.value & 0xffffffu);
    wrong += found != line_of(known->second, holder == people.end() ? nullptr : &holder->second);
  }
  CHECK(wrong == 0);
  CHECK(people.size() > 50);
  CHECK(numbers.size() > 50);
}
