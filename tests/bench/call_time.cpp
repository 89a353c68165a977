// Call-time look-ups: the library in C++ and through the C ABI beside a bare hash map of the same content, every answer
// compared before anything is timed. The map has the same keys, reserved, and copies the same answer out; it knows of
// no writers, no other process and no second way in.
//   linecard_bench_call_time [USERS [ROUNDS]]
#include "bulk.hpp"
#include "linecard_lines.h"
#include "measure.hpp"

#include <linecard/directory.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/stores/sqlite.hpp>

#include <filesystem>
#include <functional>
#include <random>
#include <unordered_map>

using namespace linecard;
using bench::demand;
using bench::must;

namespace {

unsigned long allocations = 0;

/// 200 users to a tenant, each with a number, an extension, an id of the host's and a seat; every third is forwarded,
/// every tenth suspended.
struct telephone_world {
  struct person {
    id_of<user> id{};
    id_of<tenant> tenant_id{};
    std::string number{}, extension{}, ref{};
    line answer{};
  };
  std::vector<person> people{};

  telephone_world(std::size_t users, bench::bulk& out) {
    const instant now{1'790'000'000'000};
    const id_of<container> box{make_id(tag_of<container>, ++stamp_)};
    out.add(container{.id = box, .name = "pbx", .created_at = now});
    std::vector<id_of<package>> packages;
    for (int n = 0; n < 4; ++n) {
      packages.push_back({make_id(tag_of<package>, ++stamp_)});
      out.add(package{.id = packages.back(), .name = "P" + std::to_string(n), .currency = "EUR", .created_at = now});
      for (int f = 0; f <= n; ++f) out.add(package_feature{packages.back(), "feature." + std::to_string(f), "yes"});
    }
    id_of<tenant> in;
    for (std::size_t n = 0; n < users; ++n) {
      if (n % 200 == 0) {
        in = {make_id(tag_of<tenant>, ++stamp_)};
        out.add(tenant{.id = in, .container_id = box, .name = "T" + std::to_string(n), .created_at = now});
      }
      auto& p = people.emplace_back();
      p.id = {make_id(tag_of<user>, ++stamp_)};
      p.tenant_id = in;
      p.number = "+4930" + std::to_string(10'000'000 + n * 7);
      p.extension = std::to_string(1000 + n % 200);
      p.ref = "crm-" + std::to_string(n * 13);
      const bool active = n % 10 != 9;
      out.add(user{.id = p.id,
                   .tenant_id = in,
                   .identity_id = {make_id(tag_of<identity>, stamp_)},
                   .member_id = id_of<identity>{make_id(tag_of<identity>, stamp_)},
                   .state = active ? user_state::active : user_state::suspended,
                   .first_name = "F",
                   .last_name = "L",
                   .sort_name = "l f",
                   .language = "en",
                   .external_ref = p.ref,
                   .created_at = now});
      team_member member{.user_id = p.id, .tenant_id = in, .team_role = "agent"};
      if (n % 3 == 0) member.forwarding_number = "+49151" + std::to_string(10'000'000 + n);
      out.add(member);
      out.add(extension{.tenant_id = in, .number = p.extension, .user_id = p.id, .international = n % 2 == 0});
      out.add(did{.tenant_id = in,
                  .number = p.number,
                  .use = did_use::direct,
                  .user_id = p.id,
                  .label = "",
                  .e911 = n % 5 == 0,
                  .added_at = now});
      out.add(did_claim{p.number, in});
      const auto sku = n % 4;
      out.add(
          seat{.user_id = p.id, .tenant_id = in, .package_id = packages[sku], .state = seat_state::used, .since = now});
      auto& a = p.answer;
      a.found = true, a.rings = active, a.e911 = n % 5 == 0;
      a.tenant_id = in, a.user_id = p.id;
      a.extension_count = 1;
      p.extension.copy(a.extension.data(), 8);
      p.number.copy(a.caller_id.data(), 16);
      if (a.e911) a.e911_caller_id = a.caller_id;
      if (!active) continue;
      a.international = n % 2 == 0;
      if (member.forwarding_number) a.screening = true, member.forwarding_number->copy(a.forwarding.data(), 16);
      carried_.push_back({n, sku});
    }
  }
  /// Entitlements, once the directory has given features their numbers.
  void entitle(directory& dir) {
    for (const auto& [n, sku] : carried_)
      for (std::size_t f = 0; f <= sku; ++f) {
        auto& number = numbers_[f];
        if (number == feature::none) number = must(dir.find_feature("feature." + std::to_string(f)));
        people[n].answer.entitlements.add(number);
      }
  }

private:
  std::uint64_t stamp_ = std::uint64_t{1'780'000'000'000} << 14;
  std::vector<std::pair<std::size_t, std::size_t>> carried_{};
  std::array<feature, 4> numbers_{};
};

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
using by_text = std::unordered_map<std::string, line, text_hash, std::equal_to<>>;

struct in_tenant {
  std::uint64_t tenant{};
  std::string text{};
};
struct in_tenant_view {
  std::uint64_t tenant{};
  std::string_view text{};
};
struct in_tenant_hash {
  using is_transparent = void;
  static std::size_t of(std::uint64_t tenant, std::string_view text) {
    return std::hash<std::string_view>{}(text) ^ tenant * 0x9e3779b97f4a7c15u;
  }
  std::size_t operator()(const in_tenant& k) const { return of(k.tenant, k.text); }
  std::size_t operator()(const in_tenant_view& k) const { return of(k.tenant, k.text); }
};
struct in_tenant_equal {
  using is_transparent = void;
  template <class A, class B> bool operator()(const A& a, const B& b) const {
    return a.tenant == b.tenant && a.text == b.text;
  }
};
using by_tenant_text = std::unordered_map<in_tenant, line, in_tenant_hash, in_tenant_equal>;

struct contestant {
  std::string name{};
  std::function<std::uint64_t()> ours{}, floor{};
};

/// What is taken from an answer, so that nobody can leave copying it out.
std::uint64_t weigh(const line& l) {
  return l.user_id.value + l.entitlements.words[0] + static_cast<std::uint64_t>(l.forwarding[5]) + (l.rings ? 1u : 0u);
}

double nanos(std::size_t looks, std::uint64_t expected, const std::function<std::uint64_t()>& all) {
  const double begun = bench::thread_seconds();
  if (all() != expected) demand(false, "a round answered otherwise");
  return (bench::thread_seconds() - begun) * 1e9 / static_cast<double>(looks);
}

} // namespace

[[gnu::noinline]] void* operator new(std::size_t size) { // GCC takes what it inlines for a mismatch
  ++allocations;
  if (void* made = std::malloc(size != 0 ? size : 1)) return made;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* old) noexcept { std::free(old); }
[[gnu::noinline]] void operator delete(void* old, std::size_t) noexcept { std::free(old); }

int main(int count, char** words) {
  const std::size_t users = count > 1 ? static_cast<std::size_t>(std::atoi(words[1])) : 10'000;
  const int rounds = count > 2 ? std::atoi(words[2]) : 15;
  bench::pin();
  namespace fs = std::filesystem;
  const auto folder = fs::temp_directory_path() / ("linecard-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "directory.db").string();
  const auto open_store = [&] { return must(sqlite_store({.path = path, .synchronous_full = false})); };
  auto made = must(directory::create({.store = open_store()}));
  const auto key = made.key;
  { const auto closed = std::move(made.opened); }
  std::optional<telephone_world> world;
  {
    const auto filled = open_store();
    demand(!filled->prepare(schema), "prepare");
    bench::bulk out(*filled);
    world.emplace(users, out);
  }
  auto dir = must(directory::open({.store = open_store()}, key));
  const auto opened = std::chrono::steady_clock::now();
  demand(dir.line_of_user(world->people[0].id).found, "the first user is not there");
  const std::chrono::duration<double, std::milli> ready = std::chrono::steady_clock::now() - opened;
  world->entitle(dir);

  by_text numbers;
  by_tenant_text extensions, refs;
  std::unordered_map<std::uint64_t, line> ids;
  numbers.reserve(users), extensions.reserve(users), refs.reserve(users), ids.reserve(users);
  for (const auto& p : world->people) {
    auto of_number = p.answer;
    of_number.use = did_use::direct;
    numbers.emplace(p.number, of_number);
    extensions.emplace(in_tenant{p.tenant_id.value, p.extension}, p.answer);
    refs.emplace(in_tenant{p.tenant_id.value, p.ref}, p.answer);
    ids.emplace(p.id.value, p.answer);
  }

  // The same questions for everybody, in an order of their own, each key where a host would have it: in its own text.
  std::mt19937_64 chance(1);
  const std::size_t looks = 200'000;
  std::vector<telephone_world::person> asked;
  for (std::size_t n = 0; n < looks; ++n) asked.push_back(world->people[chance() % users]);
  std::uint64_t expected = 0;
  for (const auto& p : asked) expected += weigh(p.answer);
  std::size_t wrong = 0;
  for (const auto& p : world->people) {
    wrong += dir.line_of_did(p.number) != numbers.find(std::string_view(p.number))->second;
    wrong += dir.line_of_extension(p.tenant_id, p.extension) != p.answer;
    wrong += dir.line_of_user(p.id) != p.answer;
    wrong += dir.line_of_external_ref(p.tenant_id, p.ref) != p.answer;
  }
  demand(wrong == 0, std::to_string(wrong) + " answers differ from the world's");

  const std::string key_text = key.text();
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str();
  options.host_key = key_text.c_str();
  linecard_directory* c = nullptr;
  demand(linecard_open(&options, &c, nullptr) == LINECARD_OK, "linecard_open");
  linecard_line told = LINECARD_LINE_INIT;
  demand(linecard_line_by_user(c, world->people[0].id.value, &told, nullptr) == LINECARD_OK && told.found == 1,
         "C ABI");

  const auto sum = [&](auto look) {
    return [&, look] {
      std::uint64_t all = 0;
      for (const auto& p : asked) all += weigh(look(p));
      return all;
    };
  };
  const auto c_sum = [&](auto look) {
    return [&, look] {
      std::uint64_t all = 0;
      linecard_line l = LINECARD_LINE_INIT;
      for (const auto& p : asked) {
        look(p, l);
        all += l.user_id + l.entitlements[0] + static_cast<std::uint64_t>(l.forwarding[5]) + l.rings;
      }
      return all;
    };
  };
  using person = telephone_world::person;
  const std::function<std::uint64_t()> number_floor = sum([&](const person& p) {
    line l = numbers.find(std::string_view(p.number))->second;
    return l;
  });
  const std::function<std::uint64_t()> extension_floor = sum([&](const person& p) {
    line l = extensions.find(in_tenant_view{p.tenant_id.value, p.extension})->second;
    return l;
  });
  const std::function<std::uint64_t()> ref_floor = sum([&](const person& p) {
    line l = refs.find(in_tenant_view{p.tenant_id.value, p.ref})->second;
    return l;
  });
  const std::function<std::uint64_t()> id_floor = sum([&](const person& p) {
    line l = ids.find(p.id.value)->second;
    return l;
  });
  const std::vector<contestant> contestants{
      {"C++ line_of_did", sum([&](const person& p) { return dir.line_of_did(p.number); }), number_floor},
      {"C++ line_of_extension", sum([&](const person& p) { return dir.line_of_extension(p.tenant_id, p.extension); }),
       extension_floor},
      {"C++ line_of_user", sum([&](const person& p) { return dir.line_of_user(p.id); }), id_floor},
      {"C++ line_of_external_ref", sum([&](const person& p) { return dir.line_of_external_ref(p.tenant_id, p.ref); }),
       ref_floor},
      {"C++ lines_of_dids, 100 at a time",
       [&] {
         std::uint64_t all = 0;
         std::array<std::string_view, 100> some;
         std::array<line, 100> found;
         for (std::size_t at = 0; at < asked.size(); at += some.size()) {
           for (std::size_t n = 0; n < some.size(); ++n) some[n] = asked[at + n].number;
           if (dir.lines_of_dids(some, found)) demand(false, "lines_of_dids");
           for (const auto& l : found) all += weigh(l);
         }
         return all;
       },
       number_floor},
      {"C ABI linecard_line_by_did", c_sum([&](const person& p, linecard_line& l) {
         linecard_line_by_did(c, p.number.data(), p.number.size(), &l, nullptr);
       }),
       number_floor},
      {"C ABI linecard_line_by_extension", c_sum([&](const person& p, linecard_line& l) {
         linecard_line_by_extension(c, p.tenant_id.value, p.extension.data(), p.extension.size(), &l, nullptr);
       }),
       extension_floor},
      {"C ABI linecard_line_by_user",
       c_sum([&](const person& p, linecard_line& l) { linecard_line_by_user(c, p.id.value, &l, nullptr); }), id_floor},
      {"C ABI linecard_line_by_external_ref", c_sum([&](const person& p, linecard_line& l) {
         linecard_line_by_external_ref(c, p.tenant_id.value, p.ref.data(), p.ref.size(), &l, nullptr);
       }),
       ref_floor},
  };
  std::printf("%zu users, %zu look-ups a round; view ready after %.0f ms\n", users, looks, ready.count());
  // Floor and contestant take turns, and who begins alternates; the ratio is the median of the rounds' ratios.
  for (const auto& one : contestants) {
    std::vector<double> ours, floors, ratios;
    unsigned long during = 0;
    for (int round = 0; round <= rounds; ++round) {
      double mine = 0, theirs = 0;
      const auto measure_mine = [&] {
        const auto before = allocations;
        mine = nanos(looks, expected, one.ours);
        during += allocations - before;
      };
      if (round % 2 == 0) measure_mine();
      theirs = nanos(looks, expected, one.floor);
      if (round % 2 != 0) measure_mine();
      if (round == 0) continue; // warms caches
      ours.push_back(mine), floors.push_back(theirs), ratios.push_back(mine / theirs);
    }
    const auto ratio = bench::median(ratios);
    std::printf("%-40s %7.1f ns   a bare map %7.1f ns   %.2f x, target 2.00 %s   allocations %lu %s\n",
                one.name.c_str(), bench::median(ours), bench::median(floors), ratio, ratio <= 2 ? "met   " : "MISSED",
                during, during == 0 ? "met" : "MISSED");
    std::fflush(stdout);
  }
  linecard_close(c);
  fs::remove_all(folder);
  return 0;
}
