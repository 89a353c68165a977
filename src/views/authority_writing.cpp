// The writer's half: everything that may fail happens before the version goes odd, so what readers wait for is a few
// stores. Those release, so that who sees one of them sees the odd version too.
#include <linecard/views/authority.hpp>

#include <bit>

namespace linecard {

namespace {

constexpr auto release_order = std::memory_order_release;
constexpr int least_bits = 6;

std::uint64_t entry_of(std::uint32_t low, std::uint32_t high) { return low | std::uint64_t{high} << 32; }

/// Full to three fifths: a look for somebody who is not there meets two slots, mostly of one cache line.
bool crowded(std::size_t used, std::size_t size) { return used * 5 > size * 3; }

int bits_for(std::size_t used) {
  int bits = least_bits;
  while (crowded(used, std::size_t{1} << bits)) ++bits;
  return bits;
}

} // namespace

authority_view::authority_view(id_of<platform> root) : root_(root.value) {
  scope_tables_.push_back(std::make_unique<hashed<scope_slot>>(least_bits));
  scopes_.store(scope_tables_.back().get(), release_order);
  static_cast<void>(intern({})); // empty_mask, and it stays
  grow(least_bits);
}

authority_view::~authority_view() = default;

std::size_t authority_view::mask_hash::operator()(const permission_set& s) const noexcept {
  std::uint64_t h = 0;
  for (const auto w : s.words) h = (h ^ w) * 0x9e3779b97f4a7c15u, h ^= h >> 32;
  return static_cast<std::size_t>(h);
}

void authority_view::place(id_of<container> id) { place(id.value, root_number); }

void authority_view::place(id_of<tenant> id, id_of<container> within) {
  if (const auto above = locate(within).own; above != 0) place(id.value, above);
}

void authority_view::place(std::uint64_t scope, std::uint32_t above) {
  if (crowded(scopes_used_ + 1, scope_tables_.back()->size())) {
    const auto& old = *scope_tables_.back();
    auto wider = std::make_unique<hashed<scope_slot>>(bits_for(scopes_used_ + 1) + 1);
    for (std::size_t n = 0; n < old.size(); ++n)
      if (const auto key = old.slots[n].scope.load(std::memory_order_relaxed); key != 0) {
        auto at = wider->home(key);
        while (wider->slots[at].scope.load(std::memory_order_relaxed) != 0) at = (at + 1) & (wider->size() - 1);
        wider->slots[at].scope.store(key, std::memory_order_relaxed);
        wider->slots[at].numbers.store(old.slots[n].numbers.load(std::memory_order_relaxed), std::memory_order_relaxed);
      }
    scope_tables_.push_back(std::move(wider));
    const closure closed(*this);
    scopes_.store(scope_tables_.back().get(), release_order);
  }
  auto& table = *scope_tables_.back();
  auto at = table.home(scope);
  auto key = table.slots[at].scope.load(std::memory_order_relaxed);
  while (key != 0 && key != scope) {
    at = (at + 1) & (table.size() - 1);
    key = table.slots[at].scope.load(std::memory_order_relaxed);
  }
  const auto known = static_cast<std::uint32_t>(table.slots[at].numbers.load(std::memory_order_relaxed));
  const auto own = key != 0 ? known : ++scopes_used_;
  const closure closed(*this);
  table.slots[at].numbers.store(entry_of(own, above), release_order);
  table.slots[at].scope.store(scope, release_order);
}

void authority_view::reserve(std::size_t principals) {
  const auto bits = bits_for(principals);
  if ((std::size_t{1} << bits) > tables_.back()->size()) grow(bits);
}

/// Principals without any entry stay behind.
void authority_view::grow(int bits) {
  auto wider = std::make_unique<hashed<slot>>(bits);
  std::size_t used = 0;
  if (!tables_.empty())
    for (std::size_t n = 0; n < tables_.back()->size(); ++n) {
      const auto& from = tables_.back()->slots[n];
      const auto key = from.principal.load(std::memory_order_relaxed);
      if (key == 0 || from.entry[0].load(std::memory_order_relaxed) == 0) continue;
      auto at = wider->home(key);
      while (wider->slots[at].principal.load(std::memory_order_relaxed) != 0) at = (at + 1) & (wider->size() - 1);
      auto& to = wider->slots[at];
      to.principal.store(key, std::memory_order_relaxed);
      for (std::size_t e = 0; e < inline_entries; ++e)
        to.entry[e].store(from.entry[e].load(std::memory_order_relaxed), std::memory_order_relaxed);
      ++used;
    }
  tables_.push_back(std::move(wider));
  used_ = used;
  const closure closed(*this);
  principals_.store(tables_.back().get(), release_order);
}

std::uint32_t authority_view::intern(const permission_set& s) {
  const auto [at, made] = mask_numbers_.try_emplace(s, 0);
  if (made) {
    try {
      if (free_masks_.empty()) {
        mask_uses_.reserve(masks_.size() + std::size_t{1});
        free_masks_.reserve(masks_.size() + std::size_t{1});
        at->second = masks_.add();
        mask_uses_.push_back(0);
      } else {
        at->second = free_masks_.back();
        free_masks_.pop_back();
      }
    } catch (...) {
      mask_numbers_.erase(at);
      throw;
    }
    const closure closed(*this); // a mask used again may still be looked at
    for (std::size_t w = 0; w < s.words.size(); ++w) masks_[at->second].words[w].store(s.words[w], release_order);
  }
  ++mask_uses_[at->second];
  return at->second;
}

void authority_view::release(std::uint32_t number) noexcept {
  if (--mask_uses_[number] != 0) return;
  permission_set s;
  for (std::size_t w = 0; w < s.words.size(); ++w) s.words[w] = masks_[number].words[w].load(std::memory_order_relaxed);
  mask_numbers_.erase(s);
  free_masks_.push_back(number);
}

/// What the slot holds is used no more; the slot itself is about to be overwritten.
void authority_view::release(const slot& of) noexcept {
  const auto first = of.entry[0].load(std::memory_order_relaxed);
  const auto give_back = [&](const word& entry) {
    if (const auto e = entry.load(std::memory_order_relaxed); e != 0) release(static_cast<std::uint32_t>(e >> 32));
  };
  if (static_cast<std::uint32_t>(first) != apart) {
    for (const auto& entry : of.entry) give_back(entry);
    return;
  }
  const auto number = static_cast<std::uint32_t>(first >> 32);
  const word* block = blocks_[number].load(std::memory_order_relaxed);
  const auto count = block[block_count].load(std::memory_order_relaxed);
  for (std::size_t n = 0; n < count; ++n) give_back(block[block_entries + n]);
  free_blocks_[owned_blocks_[number].logarithm].push_back(number);
}

std::uint32_t authority_view::take_block(std::size_t entries) {
  const auto logarithm = static_cast<std::size_t>(std::bit_width(block_entries + entries - 1));
  if (free_blocks_.size() <= logarithm) free_blocks_.resize(logarithm + 1);
  auto& idle = free_blocks_[logarithm];
  if (!idle.empty()) {
    const auto number = idle.back();
    idle.pop_back();
    return number;
  }
  owned_blocks_.reserve(owned_blocks_.size() + 1);
  idle.reserve(++block_counts_[logarithm]); // giving back cannot fail
  const auto words = std::size_t{1} << logarithm;
  auto made = std::make_unique<word[]>(words);
  const auto number = blocks_.add();
  blocks_[number].store(made.get(), release_order);
  owned_blocks_.push_back({std::move(made), logarithm});
  block_words_ += words;
  return number;
}

/// The principal's own slot, or a free one that is to become it.
authority_view::slot& authority_view::slot_for(std::uint64_t principal) {
  auto& table = *tables_.back();
  auto at = table.home(principal);
  while (true) {
    const auto key = table.slots[at].principal.load(std::memory_order_relaxed);
    if (key == principal || key == 0) return table.slots[at];
    at = (at + 1) & (table.size() - 1);
  }
}

void authority_view::put(const principal_facts& facts, instant now) {
  auto& made = scratch_;
  compile(facts, now, made);
  const bool timed = made.from != always.milliseconds || made.until != never.milliseconds;
  const bool fresh = find(facts.id.value) == nullptr;
  if (fresh && made.held.empty() && !timed) return; // who may do nothing needs no place
  if (fresh && crowded(used_ + 1, tables_.back()->size())) grow(bits_for(2 * used_ + 2));

  std::array<std::uint64_t, inline_entries> entries{};
  std::size_t interned = 0;
  std::vector<std::uint64_t> many;
  std::uint32_t block = 0;
  const bool separate = timed || made.held.size() > inline_entries;
  if (separate) many.resize(made.held.size());
  auto* into = separate ? many.data() : entries.data();
  try {
    for (; interned < made.held.size(); ++interned)
      into[interned] = entry_of(made.held[interned].first, intern(made.held[interned].second));
    if (separate) block = take_block(many.size());
  } catch (...) {
    while (interned > 0) release(static_cast<std::uint32_t>(into[--interned] >> 32));
    throw;
  }

  auto& at = slot_for(facts.id.value);
  const closure closed(*this);
  if (!fresh) release(at);
  if (separate) {
    word* words = blocks_[block].load(std::memory_order_relaxed);
    words[block_from].store(static_cast<std::uint64_t>(made.from), release_order);
    words[block_until].store(static_cast<std::uint64_t>(made.until), release_order);
    words[block_count].store(many.size(), release_order);
    for (std::size_t n = 0; n < many.size(); ++n) words[block_entries + n].store(many[n], release_order);
    entries[0] = entry_of(apart, block);
  }
  for (std::size_t n = 0; n < inline_entries; ++n) at.entry[n].store(entries[n], release_order);
  if (fresh) {
    at.principal.store(facts.id.value, release_order);
    ++used_;
  }
}

void authority_view::clear() noexcept {
  auto& table = *tables_.back();
  for (std::size_t n = 0; n < table.size(); ++n) {
    auto& at = table.slots[n];
    if (at.principal.load(std::memory_order_relaxed) == 0) continue;
    release(at);
    for (auto& entry : at.entry) entry.store(0, release_order);
    at.principal.store(0, release_order);
  }
  used_ = 0;
}

std::size_t authority_view::bytes() const noexcept {
  std::size_t sum = masks_.bytes() + blocks_.bytes() + block_words_ * sizeof(word);
  for (const auto& t : tables_) sum += t->size() * sizeof(slot);
  for (const auto& t : scope_tables_) sum += t->size() * sizeof(scope_slot);
  return sum;
}

} // namespace linecard
