#include "authority_log.hpp"

#include "watching.hpp"

#include <linecard/model/identity.hpp>

#include <algorithm>
#include <numeric>

namespace linecard {

namespace {

/// More than these in one transaction, and everything is read again.
constexpr std::size_t most_subjects = 1024;
static_assert(most_subjects < authority_changes_kept);

void sort_out(std::vector<any_id>& ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

bool log_authority(snapshot& facts, id_of<platform> root, changes& out) {
  std::vector<any_id> subjects, newcomers, given;
  for (const auto& s : facts.slots()) {
    if (!stands_otherwise(s, s.table->decides)) continue;
    for (const void* row : {s.stored, static_cast<const void*>(s.now)})
      if (row) subjects.push_back(id_in(*s.table, s.table->decides.subject_column, row));
    if (s.table == &info_of<identity> && !s.stored) newcomers.push_back(subjects.back());
    if (s.table == &info_of<grant>) given.push_back(subjects.back());
  }
  // Who was made just now and given nothing can do nothing: an import of members tells nobody.
  sort_out(newcomers), sort_out(given), sort_out(subjects);
  std::erase_if(subjects, [&](any_id id) {
    return std::ranges::binary_search(newcomers, id) && !std::ranges::binary_search(given, id);
  });
  if (subjects.empty()) return false;
  if (subjects.size() > most_subjects) subjects.assign(1, any_id{});

  const auto epoch = facts.find<&authority_epoch::platform_id>(root);
  auto seq = epoch ? epoch->seq : 0;
  for (const auto subject : subjects) {
    const authority_change told{.place = ++seq % authority_changes_kept, .seq = seq, .subject_id = subject};
    if (const auto old = facts.find<&authority_change::place>(told.place))
      out.edit(old) = told;
    else
      out.insert(told);
  }
  if (epoch)
    out.edit(epoch).seq = seq;
  else
    out.insert(authority_epoch{.platform_id = root, .seq = seq});
  return true;
}

authority_news authority_changes_since(snapshot& facts, id_of<platform> root, std::int64_t seen) {
  const auto epoch = facts.find<&authority_epoch::platform_id>(root);
  authority_news news{.last = epoch ? epoch->seq : 0};
  if (news.last < seen || news.last - seen > authority_changes_kept) return news;
  std::vector<std::int64_t> places(static_cast<std::size_t>(news.last - seen));
  std::iota(places.begin(), places.end(), seen + 1);
  std::vector<any_id> subjects;
  std::size_t n = 0;
  for (const auto& change :
       facts.each<&authority_change::place>(places, [](auto seq) { return seq % authority_changes_kept; })) {
    if (!change || change->seq != places[n++]) return news;
    subjects.push_back(change->subject_id);
  }
  sort_out(subjects);
  if (std::ranges::find(subjects, any_id{}) == subjects.end()) news.subjects = std::move(subjects);
  return news;
}

} // namespace linecard
