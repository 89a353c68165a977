// What a directory holds behind its pointer.
#pragma once

#include "authority_feed.hpp"
#include "guarded.hpp"
#include "line_feed.hpp"
#include "stamps.hpp"
#include "stores/bell.hpp"
#include "stores/gate.hpp"
#include "tally.hpp"

#include <linecard/directory.hpp>
#include <linecard/secrets/keyring.hpp>

#include <cxxabi.h>

namespace linecard {

struct directory::state {
  directory_parts parts;
  keyring keys{};
  id_of<platform> platform_id{};
  std::unique_ptr<stamp_sequence> stamps{};
  std::uint64_t nonce{}; ///< tells this open directory's actors from others'; never 0
  tally counts{};
  stores::bell own_commits{};
  std::atomic<bool> closing{false};
  std::atomic<std::uint64_t> polled{0}; ///< where the last poll stood, as the store counts; 0: unknown
  std::atomic<std::uint64_t> polled_own{0};
  feature_numbers features{};
  std::unique_ptr<authority_feed> authority{}; ///< none: the store is asked
  std::unique_ptr<line_feed> lines{};          ///< the same
  stores::gate hashing;
  std::atomic<std::uint32_t> hashing_or_waiting{0};

  explicit state(directory_parts given);
  ~state();
  [[nodiscard]] std::uint64_t random_seed();

  /// Commands one after another in one transaction; the instant and ids of `again` when confirming.
  [[nodiscard]] result<std::vector<receipt>> perform(const acting& who, std::span<const request> commands,
                                                     run_mode mode, std::string_view token, bool indexed = false);
  /// A question answered as it would be after the commands.
  [[nodiscard]] refusal suppose(const acting& who, std::span<const request> commands, const verb& operation,
                                const void* question, void* into);
  /// What a rule gets beside facts.
  [[nodiscard]] ingredients given(const acting& who, instant now, id_source& ids, secret_source& secrets) const;
  /// The directory's own bookkeeping, as system: nobody is told of it, and no counter moves.
  [[nodiscard]] refusal note(const scope& in, request what, instant at);
  /// What a command has beside its rule (verb.hpp): everything that comes before it, outside its transaction. `at` is
  /// the command that was refused.
  [[nodiscard]] refusal make_ready(std::span<const request> commands, acting& who, instant now,
                                   std::vector<prepared>& done, std::size_t& at, bool alone);
  [[nodiscard]] refusal locate(const request& what, acting& who);
  [[nodiscard]] refusal charge(const request& what, const acting& who, instant now);
  [[nodiscard]] refusal prepare(const request& what, const acting& who, instant now, prepared& into);
  [[nodiscard]] refusal hash_password(const preparation& work, prepared& into);
  /// What follows the commit of a command. Awaited, it refuses what became of its errand, or the receipt becomes that
  /// of the errand done.
  [[nodiscard]] refusal follow_up(const request& what, const acting& who, receipt& into);
  void start_views();
  [[nodiscard]] refusal serves(const actor& as) const;
  [[nodiscard]] result<std::unique_ptr<transaction>> begin(access mode) {
    return counts.timed(store_call::begin, [&] { return parts.store->begin(mode); });
  }
  /// A snapshot over one read transaction. `read` is (snapshot&) -> refusal.
  template <class Read> [[nodiscard]] refusal with_snapshot(const scope& in, Read read) {
    auto begun = begin(access::read);
    if (!begun) return std::move(begun).error();
    timed_reads reads(**begun, counts);
    snapshot facts(reads, in);
    facts.stop_tracing();
    return read(facts);
  }
  /// From the view, or by `read`, (snapshot&, feature_numbers&) -> line. Nothing found where it cannot be known; `why`,
  /// unless null, says so.
  template <class Look, class Read> [[nodiscard]] line line_by(refusal* why, Look look, Read read) {
    if (lines) return lines->ask(look, why);
    line found;
    auto failed = guarded([&] {
      return with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
        found = read(facts, features);
        return std::nullopt;
      });
    });
    if (failed) found = {};
    if (why) *why = std::move(failed);
    return found;
  }
  /// The present key is the directory's, or becomes it where an older one still is. Refuses "wrong_host_key".
  [[nodiscard]] refusal recognise(const bytes& key_check);
  /// What was sealed for good under an older key, under the present one.
  [[nodiscard]] refusal reseal();
  /// The scope with those above it. Refuses "scope_unknown", "wrong_scope".
  [[nodiscard]] refusal resolve(snapshot& facts, any_id scope_id, scope& into) const;

  /// The last step of create and open.
  void settle_in(std::string_view event, std::string_view message);

  // What the host is told, in telling.cpp; never while a transaction is open.
  [[nodiscard]] bool logs(log_level level) const { return parts.log && level <= parts.log_most; }
  void log(log_level level, std::string_view event, std::string_view message, std::span<const log_field> fields);
  void log_about(log_level level, std::string_view event, std::string_view message, std::string_view operation,
                 const acting& who, std::initializer_list<log_field> more = {});
  void log_refused(std::string_view operation, const acting& who, const error& why);
  void tell_committed(const acting& who, const receipt& what);

  // Who has committed, in waiting.cpp.
  struct position {
    std::uint64_t everybody{}; ///< as the store counts; 0: it does not tell
    std::uint64_t own{};       ///< of this directory
  };
  [[nodiscard]] result<position> here();
  /// True when somebody may have committed since `seen`, false when nobody has and the time is over.
  [[nodiscard]] result<bool> moved(const position& seen, std::chrono::steady_clock::time_point deadline);

  /// Some of what is over: links, sessions, charges, old letters, users who can no longer be restored.
  [[nodiscard]] refusal forget();
  struct courier;
  struct errand_boy;

private:
  struct attempt;
};

/// A store's word that somebody else was first.
[[nodiscard]] inline bool is_conflict(const refusal& no) {
  return no && no->code == status::conflict && no->reason == "store_conflict";
}

/// Calls the host, which may throw what it likes. True when it did not.
template <class Work> [[nodiscard]] bool returns(Work work) {
  try {
    work();
    return true;
  } catch (abi::__forced_unwind&) {
    throw; // pthread_exit or cancellation: whoever swallows it ends the process
  } catch (...) {
    return false;
  }
}

} // namespace linecard
