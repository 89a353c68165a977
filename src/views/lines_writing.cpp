// The writer's half: everything that may fail happens before readers are kept out.
#include "packed_line.hpp"

#include <sodium.h>

#include <algorithm>
#include <new>

namespace linecard {

namespace {

constexpr auto release = std::memory_order_release;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint32_t most_records = std::uint32_t{1} << 26;

std::uint32_t found_as(std::uint32_t record, std::uint32_t way) { return record << 5 | way; }
std::uint32_t way_of(const line_number& n) { return static_cast<std::uint32_t>(n.use) | (n.e911 ? 8u : 0u); }

} // namespace

lines_view::lines_view() { randombytes_buf(secret_.data(), secret_.size()); }
lines_view::~lines_view() = default;

void lines_view::reserve(std::size_t users, std::size_t numbers, std::size_t extensions, std::size_t refs) {
  users_.make_room(users), numbers_.make_room(numbers), extensions_.make_room(extensions), refs_.make_room(refs);
  leading_.reserve(leading_.size() + users + 1);
}

/// Number 0 is nobody's.
std::uint32_t lines_view::add_record() {
  if (leading_.size() >= most_records) throw std::bad_alloc();
  if (leading_.empty()) leading_.emplace_back();
  while (records_.size() <= leading_.size()) static_cast<void>(records_.add());
  leading_.emplace_back();
  return static_cast<std::uint32_t>(leading_.size() - 1);
}

void lines_view::write(std::uint32_t number, const views::packed_line& words) noexcept {
  auto& to = records_[number];
  for (std::size_t w = 0; w < words.size(); ++w) to.words[w].store(words[w], release);
}

/// 0 where there is none yet; then `who` gets one that tells nothing so far.
std::uint32_t lines_view::record_of(id_of<user> who) {
  const key k{who.value, 0};
  if (const auto found = users_.find(k); found != views::key_index::nothing) return found >> 5;
  users_.make_room(1);
  const auto number = add_record();
  const views::sequence::closure closed(sequence_);
  write(number, views::pack_unknown(who, {}));
  users_.set(k, found_as(number, 0));
  return number;
}

std::uint32_t lines_view::record_of_company(const line_number& number) {
  auto& records = number.label.empty() ? company_records_ : labelled_records_;
  const auto [at, made] =
      records.try_emplace(number.label.empty() ? number.tenant_id.value : views::pack_e164(number.number), 0);
  if (made) try {
      at->second = add_record();
    } catch (...) {
      records.erase(at);
      throw;
    }
  const views::sequence::closure closed(sequence_);
  write(at->second, views::pack(number));
  return at->second;
}

/// Within a closure. What leads to somebody else by now stays as it is.
void lines_view::cut_off(std::uint32_t number) noexcept {
  const id_of<tenant> where{records_[number].words[views::packed_tenant].load(relaxed)};
  auto& known = leading_[number];
  const auto drop = [&](views::key_index& in, key k) {
    if (k.first != 0 && in.find(k) >> 5 == number) in.erase(k);
  };
  if (known.extension != 0) drop(extensions_, {where.value, known.extension});
  if (const auto more = more_extensions_.find(number); more != more_extensions_.end())
    for (const auto each : more->second) drop(extensions_, {where.value, each});
  drop(refs_, known.ref);
  known = {};
}

void lines_view::put(const line_holder& holder) {
  const auto words = views::pack(holder);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> extensions; // with what leads to it
  const auto number = record_of(holder.id);
  for (const auto& each : holder.extensions)
    if (const auto packed = views::pack_extension(each.number); packed != 0)
      extensions.emplace_back(packed, found_as(number, each.international ? 1 : 0));
  std::vector<std::uint32_t> more;
  for (std::size_t n = 1; n < extensions.size(); ++n) more.push_back(extensions[n].first);
  extensions_.make_room(extensions.size());
  refs_.make_room(1);
  if (!more.empty()) more_extensions_.try_emplace(number);
  const auto ref = holder.external_ref ? key_of_ref(holder.tenant_id, *holder.external_ref) : key{};

  const views::sequence::closure closed(sequence_);
  cut_off(number);
  write(number, words);
  for (const auto& [packed, found] : extensions) extensions_.set({holder.tenant_id.value, packed}, found);
  if (ref.first != 0) refs_.set(ref, found_as(number, 0));
  leading_[number] = {.extension = extensions.empty() ? 0 : extensions.front().first, .ref = ref};
  if (const auto at = more_extensions_.find(number); at != more_extensions_.end()) {
    if (more.empty())
      more_extensions_.erase(at);
    else
      at->second.swap(more);
  }
}

void lines_view::put(const line_number& number) {
  const key k{views::pack_e164(number.number), 0};
  if (k.first == 0) return; // no commands keep such a number
  numbers_.make_room(1);
  const auto to = number.user_id ? record_of(number.user_id) : record_of_company(number);
  const views::sequence::closure closed(sequence_);
  // A user of whom nothing is known yet is told of by the number.
  if (auto& words = records_[to].words; (words[views::packed_state].load(relaxed) & views::packed_known) == 0)
    words[views::packed_tenant].store(number.tenant_id.value, release);
  numbers_.set(k, found_as(to, way_of(number)));
}

void lines_view::forget(id_of<user> who) noexcept {
  const auto found = users_.find({who.value, 0});
  if (!who || found == views::key_index::nothing) return;
  const views::sequence::closure closed(sequence_);
  const auto number = found >> 5;
  cut_off(number);
  more_extensions_.erase(number);
  write(number, views::pack_unknown(who, {records_[number].words[views::packed_tenant].load(relaxed)}));
}

void lines_view::forget(std::string_view e164) noexcept {
  const key k{views::pack_e164(e164), 0};
  if (k.first == 0) return;
  const views::sequence::closure closed(sequence_);
  numbers_.erase(k);
}

void lines_view::forget_others(std::span<const line_holder> users, std::span<const line_number> numbers,
                               const std::function<bool(id_of<tenant>)>& of_these) {
  std::vector<std::uint64_t> known;
  for (const auto& each : numbers) known.push_back(views::pack_e164(each.number));
  std::ranges::sort(known);
  const auto concerned = [&](std::uint32_t number) {
    return of_these({records_[number].words[views::packed_tenant].load(relaxed)});
  };
  std::vector<id_of<user>> gone;
  for (std::uint32_t number = 1; number < leading_.size(); ++number) {
    const auto& words = records_[number].words;
    const id_of<user> who{words[views::packed_user].load(relaxed)};
    if ((words[views::packed_state].load(relaxed) & views::packed_known) != 0 && concerned(number) &&
        !std::ranges::binary_search(users, who, {}, &line_holder::id))
      gone.push_back(who);
  }
  std::vector<key> dropped;
  numbers_.each([&](key k, std::uint32_t found) {
    if (concerned(found >> 5) && !std::ranges::binary_search(known, k.first)) dropped.push_back(k);
  });
  for (const auto who : gone) forget(who);
  for (const auto k : dropped) {
    const views::sequence::closure closed(sequence_);
    numbers_.erase(k);
  }
}

void lines_view::clear() noexcept {
  users_.clear(), numbers_.clear(), extensions_.clear(), refs_.clear();
  leading_.clear();
  more_extensions_.clear();
  company_records_.clear();
  labelled_records_.clear();
}

std::size_t lines_view::bytes() const noexcept {
  return users_.bytes() + numbers_.bytes() + extensions_.bytes() + refs_.bytes() + records_.bytes() +
         leading_.capacity() * sizeof(leading);
}

} // namespace linecard
