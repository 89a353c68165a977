// Permission checks: the library in C++ and through the C ABI beside a floor written by hand, on one workload, every
// answer compared with a naive oracle before anything is timed.
//   linecard_bench_check_permission [SCALE [ROUNDS [KEEP]]]
// SCALE 1 (the default): 100,000 users; 10: a million. KEEP: a folder whose files stay, for check_permission.py.
#include "authority_world.hpp"
#include "linecard.h"
#include "measure.hpp"

#include <linecard/model/schema.hpp>
#include <linecard/stores/sqlite.hpp>

#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

using namespace linecard;
using bench::demand;
using bench::must;

namespace {

/// The floor: an open-addressing map from principals to their sorted scopes and masks, another from tenants to their
/// containers, and nothing else: no freshness, no readers beside a writer, no time.
class floor_by_hand {
public:
  explicit floor_by_hand(const bench::authority_world& w) : root_(w.root.value) {
    std::size_t size = 1;
    while (size < w.people.size() * 2) size *= 2;
    slots_.resize(size);
    std::size_t scopes = 1;
    while (scopes < w.tenants.size() * 2) scopes *= 2;
    above_.resize(scopes);
    for (const auto& [t, c] : w.container_of) *place(above_, t.value) = {t.value, c.value};
    for (const auto& [id, p] : w.people) {
      std::set<any_id> in;
      for (const auto& g : p.grants) in.insert(g.scope_id);
      for (const auto& f : p.flags) in.insert(f.scope_id);
      const auto begin = entries_.size();
      for (const auto s : in) {
        entry e{.scope = s.value};
        for (const auto needed : w.permissions)
          if (w.allowed(id, needed, s)) e.held.add(needed);
        if (!e.held.empty()) entries_.push_back(e);
      }
      if (entries_.size() != begin)
        *place(slots_, id.value) = {id.value, static_cast<std::uint32_t>(begin),
                                    static_cast<std::uint32_t>(entries_.size() - begin)};
    }
  }
  [[nodiscard]] bool check(const access_question& q) const {
    const auto tenant_id = q.scope_id.value;
    const auto* up = find(above_, tenant_id);
    const auto container_id = up ? up->container : tenant_id;
    const auto* found = find(slots_, q.who.value);
    if (!found) return false;
    for (auto e = found->begin, end = e + found->count; e != end; ++e) {
      const auto& at = entries_[e];
      if ((at.scope == tenant_id || at.scope == container_id || at.scope == root_) && at.held.has(q.needed))
        return true;
    }
    return false;
  }

private:
  struct slot {
    std::uint64_t key{};
    std::uint32_t begin{}, count{};
  };
  struct parent {
    std::uint64_t key{}, container{};
  };
  struct entry {
    std::uint64_t scope{};
    permission_set held{};
  };
  static std::size_t home(std::uint64_t key, std::size_t size) {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15u >> 20) & (size - 1);
  }
  template <class S> static S* place(std::vector<S>& in, std::uint64_t key) {
    auto at = home(key, in.size());
    while (in[at].key != 0 && in[at].key != key) at = (at + 1) & (in.size() - 1);
    return &in[at];
  }
  template <class S> static const S* find(const std::vector<S>& in, std::uint64_t key) {
    for (auto at = home(key, in.size()); in[at].key != 0; at = (at + 1) & (in.size() - 1))
      if (in[at].key == key) return &in[at];
    return nullptr;
  }
  std::uint64_t root_;
  std::vector<slot> slots_{};
  std::vector<parent> above_{};
  std::vector<entry> entries_{};
};

double micros(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - since).count();
}

/// Nanoseconds of this thread's processor time a check, in the second of two goes. `all` is () -> how many were
/// allowed.
double nanos(std::size_t checks, std::size_t allowed, const std::function<std::size_t()>& all) {
  double begun = 0;
  for (int go = 0; go < 2; ++go) {
    begun = bench::thread_seconds();
    demand(all() == allowed, "a round answered otherwise than the oracle");
  }
  return (bench::thread_seconds() - begun) * 1e9 / static_cast<double>(checks);
}

struct contestant {
  std::string name{};
  double target{};
  std::function<std::size_t()> all{};
};

void figure(const std::string& name, double value, const char* unit, double target, double over_floor = 0) {
  std::printf("%-52s %10.1f %-3s target %8.0f  %s", name.c_str(), value, unit, target,
              value <= target ? "met   " : "MISSED");
  if (over_floor > 0) std::printf("  %.2f x floor", over_floor);
  std::printf("\n");
  std::fflush(stdout);
}

std::size_t in_use() {
  const auto m = mallinfo2();
  return m.uordblks + m.hblkhd;
}

} // namespace

int main(int count, char** words) {
  const std::size_t scale = count > 1 ? static_cast<std::size_t>(std::atoi(words[1])) : 1;
  const int rounds = count > 2 ? std::atoi(words[2]) : 15;
  const bool million = scale >= 10;
  bench::pin();
  namespace fs = std::filesystem;
  const fs::path folder =
      count > 3 ? fs::path(words[3]) : fs::temp_directory_path() / ("linecard-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "directory.db").string();
  const auto open_store = [&] { return must(sqlite_store({.path = path, .synchronous_full = false})); };

  auto made = must(directory::create({.store = open_store()}));
  const auto operator_id = must(made.opened.bootstrap_operator("root@example.com")).identity_id();
  const auto key = made.key;
  { const auto closed = std::move(made.opened); }
  std::optional<bench::authority_world> w;
  {
    const auto filled = open_store();
    demand(!filled->prepare(schema), "prepare");
    bench::bulk out(*filled);
    w.emplace(scale, out);
  }
  const auto questions = w->questions(100'000);
  std::size_t allowed = 0;
  std::vector<std::uint8_t> expected;
  for (const auto& q : questions)
    expected.push_back(w->allowed(q.who, q.needed, q.scope_id) ? 1 : 0), allowed += expected.back();
  std::printf("%zu users, %zu grants, %zu questions, %zu allowed\n", w->users, w->grants, questions.size(), allowed);

  auto dir = must(directory::open({.store = open_store()}, key));
  const auto before = in_use();
  const auto opened = std::chrono::steady_clock::now();
  static_cast<void>(dir.check(questions[0].who, questions[0].needed, questions[0].scope_id));
  const double ready = micros(opened) / 1000;
  const double megabytes = static_cast<double>(in_use() - before) / 1e6;

  const floor_by_hand by_hand(*w);
  std::vector<std::uint8_t> answers(questions.size());
  demand(!dir.check_many(questions, answers), "check_many");
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < questions.size(); ++n) {
    const auto& q = questions[n];
    wrong += dir.check(q.who, q.needed, q.scope_id) != (expected[n] != 0);
    wrong += answers[n] != expected[n];
    wrong += dir.effective(q.who, q.scope_id).has(q.needed) != (expected[n] != 0);
    wrong += by_hand.check(q) != (expected[n] != 0);
    if (n % 100 == 0) wrong += dir.require(q.who, q.needed, q.scope_id).has_value() == (expected[n] != 0);
  }
  demand(wrong == 0, std::to_string(wrong) + " answers differ from the oracle's");

  const std::string key_text = key.text();
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.sqlite_path = path.c_str();
  options.host_key = key_text.c_str();
  linecard_directory* c = nullptr;
  demand(linecard_open(&options, &c, nullptr) == LINECARD_OK, "linecard_open");
  std::vector<linecard_id> who, scopes;
  std::vector<std::uint32_t> numbers;
  for (const auto& q : questions) {
    who.push_back(q.who.value), scopes.push_back(q.scope_id.value);
    numbers.push_back(static_cast<std::uint32_t>(q.needed));
  }
  demand(linecard_check_many(c, who.data(), numbers.data(), scopes.data(), who.size(), answers.data(), nullptr) ==
                 LINECARD_OK &&
             answers == expected,
         "the C ABI differs from the oracle");

  const auto sum = [&](std::size_t of) {
    return static_cast<std::size_t>(std::count(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(of), 1));
  };
  constexpr std::size_t batch = 1000;
  const std::vector<contestant> contestants{
      {"C++ check by id", million ? 65.0 : 40.0,
       [&] {
         std::size_t yes = 0;
         for (const auto& q : questions) yes += dir.check(q.who, q.needed, q.scope_id);
         return yes;
       }},
      {"C++ check_many, 1,000 at a time", million ? 55.0 : 30.0,
       [&] {
         std::size_t yes = 0;
         for (std::size_t at = 0; at < questions.size(); at += batch) {
           static_cast<void>(dir.check_many({&questions[at], batch}, {answers.data(), batch}));
           yes += sum(batch);
         }
         return yes;
       }},
      {"C++ effective, and one bit of it", million ? 65.0 : 40.0,
       [&] {
         std::size_t yes = 0;
         for (const auto& q : questions) yes += dir.effective(q.who, q.scope_id).has(q.needed);
         return yes;
       }},
      {"C ABI linecard_check_id", million ? 70.0 : 45.0,
       [&] {
         std::size_t yes = 0;
         for (std::size_t n = 0; n < who.size(); ++n)
           yes += static_cast<std::size_t>(linecard_check_id(c, who[n], numbers[n], scopes[n], nullptr));
         return yes;
       }},
      {"C ABI linecard_check_many, 1,000 at a time", million ? 55.0 : 30.0, [&] {
         std::size_t yes = 0;
         for (std::size_t at = 0; at < who.size(); at += batch) {
           (void)linecard_check_many(c, &who[at], &numbers[at], &scopes[at], batch, answers.data(), nullptr);
           yes += sum(batch);
         }
         return yes;
       }}};
  // In turns, so that the machine's other work falls on all of them.
  std::vector<std::vector<double>> took(contestants.size()), ratios(contestants.size());
  std::vector<double> floors;
  for (int n = 0; n < rounds; ++n)
    for (std::size_t at = 0; at < contestants.size(); ++at) {
      floors.push_back(nanos(questions.size(), allowed, [&] {
        std::size_t yes = 0;
        for (const auto& q : questions) yes += by_hand.check(q);
        return yes;
      }));
      took[at].push_back(nanos(questions.size(), allowed, contestants[at].all));
      ratios[at].push_back(took[at].back() / floors.back());
    }
  figure("the floor by hand", bench::median(floors), "ns", million ? 41 : 26);
  for (std::size_t at = 0; at < contestants.size(); ++at)
    figure(contestants[at].name, bench::median(took[at]), "ns", contestants[at].target, bench::median(ratios[at]));
  linecard_close(c);

  figure("memory of the view", megabytes, "MB", million ? 180 : 20);
  figure("view ready after open", ready, "ms", million ? 3000 : 250);

  {
    const auto counter = open_store();
    std::uint64_t seen = 0;
    const auto begun = std::chrono::steady_clock::now();
    for (int n = 0; n < 1'000'000; ++n) seen += counter->change_counter().value_or(0);
    figure("is there anything new? (in every check above)", micros(begun) / 1000, "ns", 5);
    demand(seen != 0, "SQLite tells of no commit");
  }
  auto other = must(directory::open({.store = open_store()}, key)); // to it, dir is as another process
  const auto someone = w->ids[42];
  const auto where = w->tenants[7];
  const auto in = must(dir.open_actor(operator_id, w->container_of.at(where)));
  const auto root = must(dir.open_actor(operator_id));
  const std::string email = "user42@example.com";
  static_cast<void>(other.check(someone, permission::tenant_manage, where));
  std::vector<double> own, others, nothing;
  for (int n = 0; n < 200; ++n) {
    const bool give = n % 2 == 0;
    if (give)
      static_cast<void>(must(dir.run(in, grant_role{.email = email, .role = "container"})));
    else
      static_cast<void>(must(dir.run(in, revoke_role{.email = email, .role = "container"})));
    auto begun = std::chrono::steady_clock::now();
    bool yes = dir.check(someone, permission::tenant_manage, where);
    own.push_back(micros(begun));
    begun = std::chrono::steady_clock::now();
    const bool theirs = other.check(someone, permission::tenant_manage, where);
    others.push_back(micros(begun));
    demand(w->people.at(someone).active ? yes == give && theirs == give : !yes && !theirs, "a change was not seen");
    static_cast<void>(must(dir.run(root, register_permission{.permission = "bench.right_" + std::to_string(n % 20)})));
    static_cast<void>(must(dir.run(in, define_role{.name = "bench " + std::to_string(n)})));
    begun = std::chrono::steady_clock::now();
    yes = dir.check(someone, permission::tenant_manage, where);
    nothing.push_back(micros(begun));
  }
  figure("one grant changed, seen here", bench::median(own), "us", 20);
  figure("one grant changed, seen by another directory", bench::median(others), "us", 20);
  figure("a commit about something else", bench::median(nothing), "us", 20);

  const auto at_container = must(dir.open_actor(operator_id, w->containers[0]));
  const explain why{.email = "user0@example.com", .permission = "company.configure"};
  std::vector<double> explained, rows;
  for (int n = 0; n < 200; ++n) {
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(must(dir.ask(must(dir.open_actor(operator_id, w->tenants[0])), why)));
    explained.push_back(micros(begun));
  }
  for (int n = 0; n < 20; ++n) {
    const auto begun = std::chrono::steady_clock::now();
    const auto found = must(dir.ask(at_container, who_can{.permission = "license.view"}));
    rows.push_back(micros(begun) * 1000 / static_cast<double>(std::max<std::size_t>(found.grants.size(), 1)));
  }
  figure("explain, from the store, actor opened each time", bench::median(explained), "us", 2);
  figure("who_can, from the store, per row", bench::median(rows), "ns", 100);

  if (count > 3) { // for check_permission.py
    std::ofstream asked(folder / "questions.txt");
    asked << key_text << '\n';
    for (std::size_t n = 0; n < questions.size(); ++n)
      asked << who[n] << ' ' << numbers[n] << ' ' << scopes[n] << ' ' << int{expected[n]} << '\n';
  } else {
    fs::remove_all(folder);
  }
  return 0;
}
