#include "line_feed.hpp"

#include "line_loading.hpp"

#include <algorithm>
#include <set>

namespace linecard {

const line no_line{};

refusal line_feed::ask_many(std::span<const std::string_view> e164, line* into) {
  constexpr std::size_t together = 16; // as many as the processor fetches at once, and then some
  for (std::size_t begin = 0; begin < e164.size(); begin += together) {
    const auto some = e164.subspan(begin, std::min(together, e164.size() - begin));
    if (some.size() > 1)
      for (const auto number : some) view_.prefetch(number);
    bool current = fresh();
    for (const auto number : some) {
      if (!current || view_.by_number(number, *into) == answer::busy)
        if (auto no = guarded([&]() -> refusal {
              const std::scoped_lock hold(mutex_);
              if (!fresh()) catch_up();
              static_cast<void>(view_.by_number(number, *into));
              return std::nullopt;
            }))
          return no;
      ++into;
    }
  }
  return std::nullopt;
}

void line_feed::bring_up(transaction& in, snapshot& facts) {
  const auto news = line_changes_since(facts, seen_changes_);
  if (news.subjects && ready()) {
    follow(facts, *news.subjects);
  } else {
    start_anew();
    const lines_view::closure closed(view_);
    view_.clear();
    load_lines(in, features_, view_);
  }
  seen_changes_ = news.last;
}

/// A number that comes or goes changes its user's line too, and that of whoever had it before.
void line_feed::follow(snapshot& facts, const std::vector<std::string>& subjects) {
  std::set<id_of<user>> concerned;
  for (const auto& subject : subjects) {
    if (const auto who = id_from_text<user>(subject)) {
      concerned.insert(*who);
      continue;
    }
    line before;
    static_cast<void>(view_.by_number(subject, before));
    const auto number = number_of_line(facts, subject);
    if (before.user_id) concerned.insert(before.user_id);
    if (number && number->user_id) concerned.insert(number->user_id);
    if (number)
      view_.put(*number);
    else
      view_.forget(std::string_view(subject));
  }
  for (const auto who : concerned)
    if (const auto holder = holder_of_line(facts, who, features_))
      view_.put(*holder);
    else
      view_.forget(who);
}

} // namespace linecard
