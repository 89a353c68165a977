#include "line_log.hpp"

#include "watching.hpp"

#include <algorithm>
#include <map>

namespace linecard {

namespace {

/// More than these of one shard in one transaction, and the tenants are named instead: an import stays cheap.
constexpr std::size_t most_subjects = 256;
static_assert(most_subjects < line_changes_kept);

/// A user, or else a number: made text only when it is to be told.
struct subject {
  id_of<tenant> where{};
  any_id id{};
  std::string number{};
  [[nodiscard]] std::string text() const { return id ? to_text(id) : number; }
  friend auto operator<=>(const subject&, const subject&) = default;
};

subject subject_of(const table_info& table, const void* row) {
  const auto where = narrow<tenant>(id_in(table, table.tenant_column, row));
  const auto id = id_in(table, table.rings.subject_column, row);
  if (id) return {.where = where, .id = id};
  const auto number = table.columns[static_cast<std::size_t>(table.rings.subject_column)].get(row);
  return {.where = where, .number = std::string(number.bytes())};
}

template <class T> void sort_out(std::vector<T>& all) {
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

/// The tenants instead, where there are too many; "" (any line of the shard) where these are too many, too.
std::vector<std::string> texts_of(std::vector<subject> subjects) {
  sort_out(subjects);
  if (subjects.size() > most_subjects) {
    for (auto& each : subjects) each = {.id = each.where};
    sort_out(subjects);
  }
  if (subjects.size() > most_subjects) return {std::string()};
  std::vector<std::string> told;
  for (const auto& each : subjects) told.push_back(each.text());
  return told;
}

using place_of_change = by<&line_change::shard, &line_change::place>;

place_of_change place_of(std::int64_t shard, std::int64_t seq) {
  return place_of_change(shard, seq % line_changes_kept);
}

void tell(snapshot& facts, changes& out, std::int64_t shard, const std::vector<std::string>& subjects) {
  const auto epoch = facts.find<&line_epoch::shard>(shard);
  auto seq = epoch ? epoch->seq : 0;
  std::vector<place_of_change> places;
  for (std::size_t n = 1; n <= subjects.size(); ++n)
    places.push_back(place_of(shard, seq + static_cast<std::int64_t>(n)));
  std::size_t n = 0;
  for (const auto& old : facts.find_each(std::span<const place_of_change>(places))) {
    const line_change told{.shard = shard, .place = ++seq % line_changes_kept, .seq = seq, .subject = subjects[n++]};
    if (old)
      out.edit(old) = told;
    else
      out.insert(told);
  }
  if (epoch)
    out.edit(epoch).seq = seq;
  else
    out.insert(line_epoch{.shard = shard, .seq = seq});
}

} // namespace

bool log_lines(snapshot& facts, changes& out) {
  std::map<std::int64_t, std::vector<subject>> rung; // in the order in which whoever changes several locks them
  for (const auto& s : facts.slots()) {
    if (!stands_otherwise(s, s.table->rings)) continue;
    for (const void* row : {s.stored, static_cast<const void*>(s.now)})
      if (row) {
        auto changed = subject_of(*s.table, row);
        rung[shard_of(changed.where)].push_back(std::move(changed));
      }
  }
  for (auto& [shard, subjects] : rung) tell(facts, out, shard, texts_of(std::move(subjects)));
  return !rung.empty();
}

line_news line_changes_since(snapshot& facts, const line_marks& seen) {
  line_news news;
  for (const auto& epoch : facts.list<&line_epoch::shard>())
    if (epoch->shard >= 0 && epoch->shard < line_shards) news.last[static_cast<std::size_t>(epoch->shard)] = epoch->seq;
  std::vector<place_of_change> places;
  std::vector<std::pair<std::size_t, std::int64_t>> expected;
  for (std::size_t shard = 0; shard < seen.size(); ++shard) {
    news.lost[shard] = news.last[shard] < seen[shard] || news.last[shard] - seen[shard] > line_changes_kept;
    if (news.lost[shard]) continue;
    for (auto seq = seen[shard] + 1; seq <= news.last[shard]; ++seq) {
      places.push_back(place_of(static_cast<std::int64_t>(shard), seq));
      expected.emplace_back(shard, seq);
    }
  }
  std::size_t n = 0;
  for (const auto& change : facts.find_each(std::span<const place_of_change>(places))) {
    const auto [shard, seq] = expected[n++];
    if (change && change->seq == seq && !change->subject.empty())
      news.subjects.push_back(change->subject);
    else
      news.lost.set(shard);
  }
  sort_out(news.subjects);
  return news;
}

} // namespace linecard
