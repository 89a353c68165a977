#include <linecard/views/key_index.hpp>

namespace linecard::views {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto release = std::memory_order_release;
constexpr int least_bits = 6;

/// Full to three fifths: a look for what is not there meets two slots, mostly of one cache line.
bool crowded(std::size_t used, std::size_t size) { return used * 5 > size * 3; }

std::uint64_t rest_of(key_index::key k, std::uint32_t to) { return std::uint64_t{k.second} << 32 | to; }

} // namespace

key_index::key_index() {
  tables_.push_back(std::make_unique<hashed>(least_bits));
  in_use_.store(tables_.back().get(), release);
}

/// Where the key stands, or the free place where it belongs.
std::size_t key_index::place_of(const hashed& in, key k) const noexcept {
  auto at = in.home(k);
  while (true) {
    const auto first = in.slots[at].first.load(relaxed);
    if (first == 0) return at;
    if (first == k.first && in.slots[at].rest.load(relaxed) >> 32 == k.second) return at;
    at = (at + 1) & (in.size() - 1);
  }
}

void key_index::make_room(std::size_t more) {
  const auto& old = *tables_.back();
  if (!crowded(used_ + more, old.size())) return;
  int bits = least_bits;
  while (crowded(used_ + more + used_ / 2, std::size_t{1} << bits)) ++bits;
  auto wider = std::make_unique<hashed>(bits);
  tables_.reserve(tables_.size() + 1);
  for (std::size_t n = 0; n < old.size(); ++n) {
    const auto first = old.slots[n].first.load(relaxed);
    if (first == 0) continue;
    const auto rest = old.slots[n].rest.load(relaxed);
    auto& to = wider->slots[place_of(*wider, {first, static_cast<std::uint32_t>(rest >> 32)})];
    to.rest.store(rest, relaxed), to.first.store(first, relaxed);
  }
  tables_.push_back(std::move(wider));
  in_use_.store(tables_.back().get(), release);
}

void key_index::set(key k, std::uint32_t to) noexcept {
  const auto& in = *tables_.back();
  auto& at = in.slots[place_of(in, k)];
  if (at.first.load(relaxed) == 0) ++used_;
  at.rest.store(rest_of(k, to), release);
  at.first.store(k.first, release);
}

/// What was put behind the gap because of it moves up, so that no search ends too early.
void key_index::erase(key k) noexcept {
  const auto& in = *tables_.back();
  const auto last = in.size() - 1;
  auto gap = place_of(in, k);
  if (in.slots[gap].first.load(relaxed) == 0) return;
  for (auto at = (gap + 1) & last;; at = (at + 1) & last) {
    const auto first = in.slots[at].first.load(relaxed);
    if (first == 0) break;
    const auto rest = in.slots[at].rest.load(relaxed);
    const auto home = in.home({first, static_cast<std::uint32_t>(rest >> 32)});
    if (((at - home) & last) < ((at - gap) & last)) continue;
    in.slots[gap].rest.store(rest, release), in.slots[gap].first.store(first, release);
    gap = at;
  }
  in.slots[gap].first.store(0, release);
  --used_;
}

void key_index::clear() noexcept {
  const auto& in = *tables_.back();
  for (std::size_t n = 0; n < in.size(); ++n) in.slots[n].first.store(0, release);
  used_ = 0;
}

std::size_t key_index::bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& t : tables_) sum += t->size() * sizeof(slot);
  return sum;
}

} // namespace linecard::views
