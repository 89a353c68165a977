// What a directory holds behind its pointer.
#pragma once

#include "keys.hpp"
#include "stamps.hpp"

#include <linecard/directory.hpp>

namespace linecard {

struct directory::state {
  directory_parts parts;
  key_bytes key{};
  id_of<platform> platform_id{};
  std::unique_ptr<stamp_sequence> stamps{};
  std::uint64_t nonce{}; ///< tells this open directory's actors from others'; never 0

  ~state();
  [[nodiscard]] std::uint64_t random_seed();

  /// Commands one after another in one transaction; the instant and ids of `again` when confirming.
  [[nodiscard]] result<std::vector<receipt>> perform(const acting& who, std::span<const request> commands,
                                                     run_mode mode, std::string_view token, bool indexed = false);
  [[nodiscard]] refusal serves(const actor& as) const;
  /// A snapshot over one read transaction. `read` is (snapshot&) -> refusal.
  template <class Read> [[nodiscard]] refusal with_snapshot(const scope& in, Read read) {
    auto begun = parts.store->begin(access::read);
    if (!begun) return std::move(begun).error();
    snapshot facts(**begun, in);
    facts.stop_tracing();
    return read(facts);
  }
  /// The scope with those above it. Refuses "scope_unknown", "wrong_scope".
  [[nodiscard]] refusal resolve(snapshot& facts, any_id scope_id, scope& into) const;

private:
  struct attempt;
};

/// A store's word that somebody else was first.
[[nodiscard]] inline bool is_conflict(const refusal& no) {
  return no && no->code == status::conflict && no->reason == "store_conflict";
}

/// Turns whatever was thrown into an error; `work` is () -> refusal.
template <class Work> [[nodiscard]] refusal guarded(Work work) {
  try {
    return work();
  } catch (refused& no) {
    return std::move(no.details);
  } catch (const std::bad_alloc&) {
    return error{status::no_memory, "no_memory", "", "out of memory"};
  } catch (const std::exception& e) {
    return refuse(status::internal, "internal", "", std::string("unexpected: ") + e.what());
  }
}

} // namespace linecard
