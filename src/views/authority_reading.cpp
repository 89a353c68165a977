// The readers' half. Every load acquires, so the version read last is no older than anything read before it: a reader
// that has seen one word of a writer's work also sees that the version has moved.
#include <linecard/views/authority.hpp>

namespace linecard {

namespace {

constexpr auto acquire = std::memory_order_acquire;

} // namespace

authority_view::located authority_view::locate(any_id scope_id) const noexcept {
  if (!scope_id || scope_id.value == root_) return {root_number, root_number};
  const auto* table = scopes_.load(acquire);
  const auto last = table->size() - 1;
  for (auto at = table->home(scope_id.value), steps = last; steps != 0; at = (at + 1) & last, --steps) {
    const auto key = table->slots[at].scope.load(acquire);
    if (key == scope_id.value) {
      const auto numbers = table->slots[at].numbers.load(acquire);
      return {static_cast<std::uint32_t>(numbers), static_cast<std::uint32_t>(numbers >> 32)};
    }
    if (key == 0) break;
  }
  return {};
}

const authority_view::slot* authority_view::find(std::uint64_t principal) const noexcept {
  const auto* table = principals_.load(acquire);
  const auto last = table->size() - 1;
  for (auto at = table->home(principal), steps = last; steps != 0; at = (at + 1) & last, --steps) {
    const auto key = table->slots[at].principal.load(acquire);
    if (key == principal) return &table->slots[at];
    if (key == 0) break;
  }
  return nullptr;
}

void authority_view::prefetch(id_of<identity> who) const noexcept {
  const auto* table = principals_.load(acquire);
  __builtin_prefetch(&table->slots[table->home(who.value)]);
}

/// `take` is (const mask&): what the principal may do there. Entries stand from the platform downwards, each with all
/// that holds from above, so the last one that matches is the answer. Which one it will be cannot be foreseen: nothing
/// branches on it.
template <class Take>
authority_view::answer authority_view::look(id_of<identity> who, any_id scope_id, const instant* now,
                                            Take take) const noexcept {
  if (!who) return answer::no;
  prefetch(who); // while the scope is looked up
  const auto where = locate(scope_id);
  if (where.own == 0) return answer::no;
  const auto* found = find(who.value);
  if (found == nullptr) return answer::no;
  std::uint32_t number = empty_mask;
  const auto weigh = [&](std::uint64_t entry) {
    number = where.within(static_cast<std::uint32_t>(entry)) ? static_cast<std::uint32_t>(entry >> 32) : number;
  };
  const auto first = found->entry[0].load(acquire);
  if (static_cast<std::uint32_t>(first) != apart) [[likely]] {
    weigh(first);
    for (std::size_t n = 1; n < inline_entries; ++n) weigh(found->entry[n].load(acquire));
  } else {
    const word* block = blocks_[static_cast<std::uint32_t>(first >> 32)].load(acquire);
    const auto from = static_cast<std::int64_t>(block[block_from].load(acquire));
    const auto until = static_cast<std::int64_t>(block[block_until].load(acquire));
    if (from != always.milliseconds || until != never.milliseconds) {
      if (now == nullptr) return answer::timed;
      if (now->milliseconds < from || now->milliseconds >= until) return answer::expired;
    }
    const auto count = block[block_count].load(acquire);
    for (std::size_t n = 0; n < count; ++n) weigh(block[block_entries + n].load(acquire));
  }
  take(masks_[number]);
  return answer::yes;
}

authority_view::answer authority_view::check(id_of<identity> who, permission needed, any_id scope_id,
                                             const instant* now) const noexcept {
  const auto bit = static_cast<unsigned>(needed);
  std::uint64_t held = 0;
  auto found = answer::no;
  const bool whole = sequence_.read([&] {
    found = look(who, scope_id, now, [&](const mask& m) { held = m.words[bit / 64].load(acquire) >> bit % 64; });
  });
  if (!whole) return answer::busy;
  if (found != answer::yes) return found;
  return static_cast<answer>(held & 1); // no branch: nobody could foresee it, and a wrong guess costs a second miss
}

authority_view::answer authority_view::effective(id_of<identity> who, any_id scope_id, const instant* now,
                                                 permission_set& into) const noexcept {
  permission_set held;
  auto found = answer::no;
  const bool whole = sequence_.read([&] {
    held = {};
    found = look(who, scope_id, now, [&](const mask& m) {
      for (std::size_t w = 0; w < held.words.size(); ++w) held.words[w] = m.words[w].load(acquire);
    });
  });
  into = whole && found == answer::yes ? held : permission_set{};
  return whole ? found : answer::busy;
}

} // namespace linecard
