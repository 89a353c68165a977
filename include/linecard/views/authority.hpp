// Who may do what where, compiled: each principal's few scopes with all that it may do there, so that a check is a
// look into one table, a comparison of scopes and a bit. What rules/authorize.hpp recites is worked out when a
// principal's rows change, never when somebody asks; tests/views holds the two to the same answers.
//
// Readers take no lock, allocate nothing and may be many; writers are one at a time. Memory that a reader may be
// looking at is used again but never given back while the view lives, and a reader believes nothing of what it saw
// before it has found the view's version unchanged.
#pragma once

#include <linecard/model/delegate.hpp>
#include <linecard/model/user.hpp>
#include <linecard/views/large_array.hpp>
#include <linecard/views/sequence.hpp>
#include <linecard/views/shelf.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace linecard {

/// A grant with what its role gives.
struct held_role {
  any_id scope_id{};
  role_powers powers{};
  std::optional<instant> starts_at{}, ends_at{};
};

/// An identity's place in a tenant: without one that counts, grants at the tenant count for nothing.
struct membership {
  id_of<tenant> tenant_id{};
  bool counts{};
  bool delegated{};
  std::optional<instant> ends_at{};
};
[[nodiscard]] membership membership_of(const user& member);
/// `notice`: the newest of the scope whose notice was acknowledged; null when there is none.
[[nodiscard]] membership membership_of(const delegate& let_in, const access_notice* notice);

/// All rows that decide what one identity may do; at most one membership for each tenant.
struct principal_facts {
  id_of<identity> id{};
  bool active{};
  std::vector<held_role> roles{};
  std::vector<held_flag> flags{};
  std::vector<membership> memberships{};
};

class authority_view {
public:
  /// timed: it depends on the instant, ask with it. expired: what was compiled does not tell about this instant; put
  /// the principal anew. busy: a writer is at it.
  enum class answer : std::uint8_t { no = 0, yes = 1, timed, expired, busy };

  static constexpr instant always{std::numeric_limits<std::int64_t>::min()};
  static constexpr instant never{std::numeric_limits<std::int64_t>::max()};

  explicit authority_view(id_of<platform> root);
  authority_view(const authority_view&) = delete;
  authority_view& operator=(const authority_view&) = delete;
  ~authority_view();

  // Readers: any thread, at any time.

  [[nodiscard]] answer check(id_of<identity> who, permission needed, any_id scope_id) const noexcept {
    return check(who, needed, scope_id, nullptr);
  }
  [[nodiscard]] answer check(id_of<identity> who, permission needed, any_id scope_id,
                             const instant* now) const noexcept;
  /// yes: `into` is all that the principal may do there.
  [[nodiscard]] answer effective(id_of<identity> who, any_id scope_id, const instant* now,
                                 permission_set& into) const noexcept;
  /// Fetches what a check of this principal will look at.
  void prefetch(id_of<identity> who) const noexcept;

  // Writers: one at a time. What throws (bad_alloc) leaves the principal as it was.

  /// Room for so many principals without growing.
  void reserve(std::size_t principals);
  void place(id_of<container> id);
  void place(id_of<tenant> id, id_of<container> within);
  void put(const principal_facts& facts, instant now);

  /// While one lives, readers are told `busy`; for changes that belong together.
  class closure {
  public:
    explicit closure(authority_view& of) noexcept : held_(of.sequence_) {}

  private:
    views::sequence::closure held_;
  };
  /// Forgets everything. Only within a closure that lasts until the rows are there again.
  void clear() noexcept;

  /// Bytes held for tables, masks and timed principals.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  using word = std::atomic<std::uint64_t>;
  static constexpr std::size_t inline_entries = 3;
  /// A principal and its entries. An entry is the number of a scope and, above it, that of a mask; where they do not
  /// fit or depend on time, the first one is `apart` and, above it, the number of a block. Each word makes sense
  /// alone: a reader that sees old and new ones mixed stays within bounds, and learns of it from the version.
  struct alignas(32) slot {
    word principal{};
    word entry[inline_entries]{};
  };
  static constexpr std::uint64_t apart = 0xffffffff;
  /// A block's words: from, until (the instants it was compiled for), how many, entries. Its size never changes.
  static constexpr std::size_t block_from = 0, block_until = 1, block_count = 2, block_entries = 3;

  template <class Slot> struct hashed {
    explicit hashed(int bits) : shift(64 - bits), slots(std::size_t{1} << bits) {}
    [[nodiscard]] std::size_t size() const noexcept { return std::size_t{1} << (64 - shift); }
    [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept {
      return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15u >> shift);
    }
    int shift;
    views::large_array<Slot> slots;
  };
  /// Low half: the scope's number; high half: that of the scope above it.
  struct scope_slot {
    word scope{};
    word numbers{};
  };
  struct mask {
    word words[4]{};
  };
  struct mask_hash {
    std::size_t operator()(const permission_set& s) const noexcept;
  };
  static constexpr std::uint32_t root_number = 1, empty_mask = 0;
  struct located {
    std::uint32_t own{}, above{};
    [[nodiscard]] bool within(std::uint32_t scope) const noexcept {
      return (std::uint32_t{scope == own} | std::uint32_t{scope == above} | std::uint32_t{scope == root_number}) != 0;
    }
    [[nodiscard]] int depth() const noexcept { return own == root_number ? 0 : above == root_number ? 1 : 2; }
  };
  struct compiled {
    std::vector<std::pair<std::uint32_t, permission_set>> held{};
    std::int64_t from{}, until{};
  };

  template <class Take>
  [[nodiscard]] answer look(id_of<identity> who, any_id scope_id, const instant* now, Take take) const noexcept;
  [[nodiscard]] located locate(any_id scope_id) const noexcept;
  [[nodiscard]] const slot* find(std::uint64_t principal) const noexcept;

  void place(std::uint64_t scope, std::uint32_t above);
  void compile(const principal_facts& facts, instant now, compiled& into) const;
  [[nodiscard]] slot& slot_for(std::uint64_t principal);
  void grow(int bits);
  [[nodiscard]] std::uint32_t intern(const permission_set& s);
  void release(std::uint32_t number) noexcept;
  void release(const slot& of) noexcept;
  [[nodiscard]] std::uint32_t take_block(std::size_t entries);

  const std::uint64_t root_;
  views::sequence sequence_{};
  std::atomic<const hashed<slot>*> principals_{};
  std::atomic<const hashed<scope_slot>*> scopes_{};
  views::shelf<mask> masks_{};
  views::shelf<std::atomic<word*>> blocks_{};

  // The writer's own.
  std::vector<std::unique_ptr<hashed<slot>>> tables_{}; ///< the last one is in use
  std::vector<std::unique_ptr<hashed<scope_slot>>> scope_tables_{};
  std::size_t used_{};
  std::uint32_t scopes_used_{root_number};
  std::unordered_map<permission_set, std::uint32_t, mask_hash> mask_numbers_{};
  std::vector<std::uint32_t> mask_uses_{};
  std::vector<std::uint32_t> free_masks_{}; ///< with room for every mask there is: giving back cannot fail
  struct owned_block {
    std::unique_ptr<word[]> words{};
    std::size_t logarithm{}; ///< of its size
  };
  std::vector<owned_block> owned_blocks_{};               ///< by number
  std::vector<std::vector<std::uint32_t>> free_blocks_{}; ///< by the logarithm of their size
  std::array<std::size_t, 64> block_counts_{};            ///< the same: how many there are
  std::size_t block_words_{};
  compiled scratch_{};
};

} // namespace linecard
