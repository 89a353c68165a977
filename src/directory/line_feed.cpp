#include "line_feed.hpp"

#include "line_loading.hpp"

#include <linecard/model/organisation.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace linecard {

using std::chrono::milliseconds, std::chrono::steady_clock;

const line no_line{};

namespace {

constexpr milliseconds patience{50}; ///< how long a call waits for what is newer, since it was found to be there
constexpr milliseconds no_end = std::chrono::hours(24 * 365);
constexpr milliseconds first_pause{50}; ///< after a failure; twice as long after the next
constexpr int longest_pause = 5;        ///< so often twice as long: 1.6 s

struct turn {
  explicit turn(stores::gate& of) noexcept : of_(of) {}
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;
  ~turn() { of_.leave(); }

private:
  stores::gate& of_;
};

} // namespace

refusal line_feed::ask_many(std::span<const std::string_view> e164, line* into) {
  constexpr std::size_t together = 16; // as many as the processor fetches at once, and then some
  for (std::size_t begin = 0; begin < e164.size(); begin += together) {
    const auto some = e164.subspan(begin, std::min(together, e164.size() - begin));
    if (some.size() > 1)
      for (const auto number : some) view_.prefetch(number);
    std::uint32_t behind = 0;
    if (!fresh()) {
      auto known = get_ready();
      if (!known) return std::move(known).error();
      behind = *known;
    }
    for (const auto number : some) {
      insist([&] { return view_.by_number(number, *into); });
      into->stale_ms = behind;
      ++into;
    }
  }
  return std::nullopt;
}

result<std::uint32_t> line_feed::get_ready() {
  const auto asked_at = steady_clock::now();
  const auto noticed = [&] {
    const steady_clock::duration since(behind_since_.load(std::memory_order_acquire));
    return since.count() != 0 ? steady_clock::time_point(since) : asked_at;
  };
  refusal failed;
  // Where nothing older may be shown, there is only waiting.
  const bool may_go_on = ready() && last_known_.count() > 0;
  const auto left = std::chrono::ceil<milliseconds>(noticed() + patience - asked_at);
  if (turn_.enter(may_go_on ? left : no_end)) {
    const turn mine(turn_);
    if (fresh()) return 0u;
    if (steady_clock::now() >= retry_at_) failed_ = try_to_catch_up();
    if (!failed_) return 0u;
    failed = failed_;
  }
  // Where the store does not count, whatever was committed since the last reading is unknown.
  const auto since = store_.change_counter() ? noticed() : read_at();
  const auto behind = std::chrono::duration_cast<milliseconds>(steady_clock::now() - since);
  if (may_go_on && behind <= last_known_)
    return static_cast<std::uint32_t>(
        std::clamp<milliseconds::rep>(behind.count(), 1, std::numeric_limits<std::uint32_t>::max()));
  if (failed) return *std::move(failed);
  return refuse(status::busy, "lines_behind", "", "what is newer than the last known lines is still being read");
}

void line_feed::renew() {
  if (!ready() || !turn_.enter(no_end)) return;
  const turn mine(turn_);
  // Where the store does not count, a view is made young again before it is too old.
  if (!store_.change_counter() || !fresh()) failed_ = try_to_catch_up();
}

refusal line_feed::try_to_catch_up() {
  if (behind_since_.load(std::memory_order_relaxed) == 0)
    behind_since_.store(steady_clock::now().time_since_epoch().count(), std::memory_order_release);
  auto failed = guarded([&]() -> refusal {
    catch_up();
    return std::nullopt;
  });
  if (failed) {
    retry_at_ = steady_clock::now() + first_pause * (1 << std::min(failures_++, longest_pause));
  } else {
    failures_ = 0;
    retry_at_ = {};
    behind_since_.store(0, std::memory_order_release);
  }
  return failed;
}

void line_feed::bring_up(transaction& in, snapshot& facts) {
  const auto news = line_changes_since(facts, seen_changes_);
  if (ready()) {
    follow(in, facts, news);
  } else {
    view_.clear(); // of an attempt that failed; nobody has looked at it
    load_lines(in, features_, view_);
  }
  seen_changes_ = news.last;
}

/// Line by line, while others ask. A number that comes or goes changes its user's line too, and that of whoever had it
/// before.
void line_feed::follow(transaction& in, snapshot& facts, const line_news& news) {
  std::set<id_of<user>> concerned;
  std::vector<id_of<tenant>> tenants;
  std::vector<std::pair<std::string_view, std::optional<line_number>>> numbers;
  for (const auto& subject : news.subjects) {
    if (const auto who = id_from_text<user>(subject)) {
      concerned.insert(*who);
      continue;
    }
    if (const auto where = id_from_text<tenant>(subject)) {
      tenants.push_back(*where);
      continue;
    }
    line before;
    static_cast<void>(view_.by_number(subject, before));
    const auto& number = numbers.emplace_back(subject, number_of_line(facts, subject)).second;
    if (before.user_id) concerned.insert(before.user_id);
    if (number && number->user_id) concerned.insert(number->user_id);
  }
  std::vector<std::pair<id_of<user>, std::optional<line_holder>>> holders;
  for (const auto who : concerned) holders.emplace_back(who, holder_of_line(facts, who, features_));
  if (news.lost.any())
    for (const auto& each : facts.list<&tenant::id>())
      if (news.lost[static_cast<std::size_t>(shard_of(each->id))]) tenants.push_back(each->id);
  // All was read: a store that fails half-way leaves nothing half told, and who had a number before is not forgotten.
  const auto take_over = [&](const auto& rows) {
    for (const auto& [key, row] : rows) row ? view_.put(*row) : view_.forget(key);
  };
  try {
    take_over(numbers), take_over(holders);
  } catch (...) {
    start_anew(); // no memory: what is half told is not shown
    throw;
  }
  if (!tenants.empty() || news.lost.any()) reload_lines(in, std::move(tenants), news.lost, features_, view_);
}

} // namespace linecard
