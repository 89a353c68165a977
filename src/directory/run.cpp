// The run loop: read, decide, apply, and on a conflict decide again. A conflict reruns the rule; it never replays
// statements.
#include "authority_log.hpp"
#include "drawn_secrets.hpp"
#include "foresight.hpp"
#include "line_log.hpp"
#include "preview_token.hpp"
#include "receipts.hpp"
#include "settle.hpp"
#include "state.hpp"

#include <linecard/json.hpp>
#include <linecard/model/audit.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/authorize.hpp>

#include <algorithm>

namespace linecard {

namespace {

std::string place(scope_level at) {
  return at == scope_level::platform ? "on the platform" : "in a " + std::string(word(at));
}

refusal fits_scope(const verb& operation, const acting& who) {
  const auto at = level_of(who.in);
  if (operation.acts_in == scope_level::any || operation.acts_in == at) return std::nullopt;
  return refuse(status::invalid, "wrong_scope", "",
                std::string(operation.name) + " acts " + place(operation.acts_in) +
                    "; open an actor there (this one acts " + place(at) + ")");
}

refusal acceptable(const request& what, const acting& who) {
  if (auto no = fits_scope(*what.operation, who)) return no;
  return validate(what.operation->request->members, what.object);
}

error confirmation_needed(const verb& operation) {
  return refuse(status::conflict, "confirmation_needed", "",
                std::string(operation.name) +
                    " is hard to take back: preview it and confirm with the token of its receipt");
}

error contended(run_mode mode) {
  if (mode == run_mode::confirm)
    return refuse(status::stale, "preview_moved", "/token", "what the preview read keeps changing; preview again");
  return refuse(status::busy, "contended", "", "other commands kept changing the same rows; try again");
}

} // namespace

/// One try at all commands inside one transaction.
struct directory::state::attempt {
  state& self;
  const acting& who;
  std::span<const request> commands;
  run_mode mode;
  instant now;
  const preview_token* promised;
  bool indexed; ///< paths of refusals begin with the command's index
  std::span<const prepared> done{};
  std::vector<receipt> receipts{};
  std::vector<bool> changed{}; ///< whether the command of that receipt changed anything
  std::vector<drawn_secrets::handed> handed{};
  const verb* asked{}; ///< when supposing: what is to be answered after the commands
  const void* question{};
  void* answer{};
  bool rerun{};     ///< another try met a conflict
  std::size_t at{}; ///< the command being decided

  refusal decide(snapshot& facts, settler& settled, const request& what) {
    const auto& operation = *what.operation;
    drawn_stamps ids(*self.stamps, now, promised ? promised->stamps : std::vector<stamp_range>{});
    drawn_secrets secrets(*self.parts.random, self.keys);
    auto with = self.given(who, now, ids, secrets);
    with.done = done.empty() ? nullptr : &done[at];
    changes out(facts);
    const auto allowed = authorize(facts, who, operation.needs, now);
    if (!allowed) return allowed.error();
    // Before the rule, which may end the actor's own rights; in a preview too, so that both read alike.
    if (mode != run_mode::run)
      if (auto no = still_allowed(facts, operation.needs)) return no;
    const auto on_behalf_of = allowed->delegated ? any_id{who.in.tenant_id} : any_id{};
    if (auto no = operation.decide(what.object, facts, with, out)) return no;
    // After the rule, so that what it refuses is refused, and noted, for its own reason.
    if (operation.confirmed && mode == run_mode::run && !who.system) return confirmation_needed(operation);
    auto written = receipt_of(facts, with, operation.name);
    if (mode != run_mode::run && !asked) {
      auto trace = facts.trace_digest();
      if (promised && trace != promised->trace_digest)
        return refuse(status::stale, "preview_moved", "/token",
                      "what the preview read has changed since; preview again");
      if (!promised) written.token = promise(what, std::move(trace), ids);
    }
    const auto settled_before = settled.changes.size();
    if (mode != run_mode::preview || asked) { // what is supposed is settled as if it stood, and then forgotten
      facts.stop_tracing();
      written.audit_seq = append_audit(facts, with, out, operation.name, on_behalf_of, *self.parts.random);
      settled.settle(facts);
    }
    changed.push_back(settled.changes.size() > settled_before);
    receipts.push_back(std::move(written));
    handed.push_back(secrets.take_handed());
    return std::nullopt;
  }

  /// A promise is kept as of the instant it was made, but by nobody whose authority has ended since.
  refusal still_allowed(snapshot& facts, permission needed) {
    if (who.system) return std::nullopt;
    const auto present = self.parts.clock->now();
    if (auto held = authorize(facts, who, needed, present); !held) return held.error();
    if (linecard::effective(facts, who.identity_id, who.in, present)
            .covers(linecard::effective(facts, who.identity_id, who.in, now)))
      return std::nullopt;
    return refuse(status::stale, "preview_moved", "/token", "the actor may do less than at the preview; preview again");
  }

  /// What the caller gets beyond what everybody is told. Of a command that anybody may run only that it was done: an
  /// outsider must not learn from a receipt whether an address is known.
  [[nodiscard]] std::vector<receipt> for_caller() {
    for (std::size_t i = 0; i < receipts.size(); ++i) {
      if (commands[i].operation->needs == permission::anybody && !commands[i].operation->own)
        receipts[i] = {.command = std::move(receipts[i].command), .at = receipts[i].at, .token = receipts[i].token};
      if (mode == run_mode::preview || handed[i].token.empty()) continue;
      receipts[i].token = std::string(handed[i].token.reveal());
      receipts[i].second_factor = handed[i].still_asked;
    }
    return std::move(receipts);
  }

  refusal answered(snapshot& facts) {
    drawn_stamps ids(*self.stamps, now);
    drawn_secrets secrets(*self.parts.random, self.keys);
    return asked->ask(question, facts, self.given(who, now, ids, secrets), answer);
  }

  std::string promise(const request& what, std::string trace, const drawn_stamps& ids) {
    std::string json;
    append_json(json, *what.operation->request, what.object);
    return seal({.at = now,
                 .command_digest = command_digest(who, what.operation->name, json),
                 .trace_digest = std::move(trace),
                 .stamps = ids.drawn()},
                self.keys);
  }

  /// A refusal is worth no less than a change: where others write since begin, half of what was read may be older than
  /// the other half, and then nothing is refused but decided again.
  refusal moved_while_read(transaction& in, const snapshot& facts, settler& settled) const {
    if (mode == run_mode::preview || self.parts.store->excludes_writers()) return std::nullopt;
    const auto pending = settled.changes.size();
    settled.require_reads(facts);
    std::size_t conflicting = 0;
    auto no = in.apply(std::span(settled.changes).subspan(pending), conflicting);
    return is_conflict(no) ? std::move(no) : std::nullopt;
  }

  /// Everything known to be read, in one round trip; the head of the scope's chain first, so that whoever commits
  /// meanwhile is noticed. After a conflict it is held from the first read on, as is what the tenant's neighbours edit,
  /// so that a command loses to others once, not again and again.
  refusal foresee(foresight& into) {
    expectations expected;
    const bool holds = rerun && mode != run_mode::preview;
    holds ? expected.held<&audit_head::scope_id>(who.in.id()) : expected.one<&audit_head::scope_id>(who.in.id());
    if (who.in.tenant_id) { // its neighbours of the shard edit it, too
      const auto shard = shard_of(who.in.tenant_id);
      holds ? expected.held<&line_epoch::shard>(shard) : expected.one<&line_epoch::shard>(shard);
    }
    foresee_authority(who, expected);
    const ingredients with{.who = who, .now = now};
    for (const auto& what : commands)
      if (what.operation->foresee) what.operation->foresee(what.object, with, expected);
    return into.ask(expected);
  }

  /// Whoever changes a scope queues at the head of its chain before holding anything that another could wait for; then
  /// at the epoch of its lines, then at the platform's head.
  void queue_at_heads(std::vector<change>& all) const {
    const auto own = as_value(who.in.id());
    const auto place = [&](const change& c) {
      if (c.what != change::action::update) return 3;
      if (c.table == &info_of<line_epoch>) return 1;
      if (c.table != &info_of<audit_head>) return 3;
      return c.key[0] == own ? 0 : 2;
    };
    std::ranges::stable_sort(all, {}, place);
  }

  refusal operator()() {
    auto begun = self.begin(mode == run_mode::preview ? access::read : access::write);
    if (!begun) return std::move(begun).error();
    auto& transaction = **begun;
    receipts.clear(), changed.clear(), handed.clear();
    timed_reads reads(transaction, self.counts);
    foresight ahead(reads);
    const bool shared = !self.parts.store->excludes_writers();
    if (shared)
      if (auto no = foresee(ahead)) return no;
    snapshot facts(shared ? static_cast<row_source&>(ahead) : reads, who.in);
    if (mode == run_mode::run || asked) facts.stop_tracing(); // only a preview's promise needs the trace
    settler settled;
    if (asked)
      if (const auto allowed = authorize(facts, who, asked->needs, now); !allowed) return allowed.error();
    for (at = 0; at < commands.size(); ++at)
      if (auto no = decide(facts, settled, commands[at])) {
        if (auto moved = moved_while_read(transaction, facts, settled)) return moved;
        if (indexed) no->path = "/" + std::to_string(at) + no->path;
        return no;
      }
    if (asked) return answered(facts);
    --at;                                             // what follows is about all of them; the last one stands for them
    if (settled.changes.empty()) return std::nullopt; // nothing changed: nothing to commit, nothing to audit
    changes log(facts);
    const bool authority_changes = log_authority(facts, self.platform_id, log);
    const bool lines_change = log_lines(facts, log);
    if (authority_changes || lines_change) settled.settle(facts);
    if (shared) {
      settled.require_reads(facts);
      queue_at_heads(settled.changes);
    }
    std::size_t conflicting = 0;
    auto no = self.counts.timed(store_call::commit,
                                [&] { return transaction.apply_and_commit(settled.changes, conflicting); });
    // Also when nobody knows whether it stands.
    if (authority_changes && self.authority) self.authority->note_commit();
    if (lines_change && self.lines) self.lines->note_commit();
    return no;
  }

  /// What comes before the first try.
  refusal make_ready(acting& asking, std::vector<prepared>& into) {
    const auto flawed = [&]() -> refusal {
      for (at = 0; at < commands.size(); ++at)
        if (auto flaw = acceptable(commands[at], asking)) return flaw;
      at = 0;
      return self.make_ready(commands, asking, now, into, at, commands.size() == 1 && !asked);
    };
    now = self.parts.clock->now();
    auto flaw = flawed();
    if (flaw && indexed) flaw->path = "/" + std::to_string(at) + flaw->path;
    done = into;
    return flaw;
  }

  /// Tries until nobody else was first, so many times.
  refusal until_settled() {
    for (int tries = 0;; ++tries) {
      auto no = guarded([&] { return (*this)(); }); // a scan throws its refusal
      if (!is_conflict(no)) return no;
      if (tries >= self.parts.most_reruns) break;
      rerun = true;
      self.counts.reran();
      self.log_about(log_level::debug, "rerun", "Somebody else was first; the rule decides again.", name(), who);
    }
    self.counts.contended();
    self.log_about(log_level::warning, "contended", "Somebody else was first each time; the command was given up.",
                   name(), who);
    return contended(mode);
  }

  /// Everything stands, and no transaction is open any more.
  void tell(std::chrono::nanoseconds took) {
    for (const auto& what : commands) self.counts.done(*what.operation);
    if (std::find(changed.begin(), changed.end(), true) == changed.end()) return;
    self.own_commits.ring();
    for (at = 0; at < receipts.size(); ++at)
      if (changed[at]) {
        const auto& seq = receipts[at].audit_seq;
        self.log_about(log_level::debug, "committed", "A command was committed.", name(), who,
                       {{"audit_seq", seq ? integer_value(*seq) : null_value()},
                        {"microseconds", integer_value(took.count() / 1000)}});
        self.tell_committed(who, receipts[at]);
      }
  }

  [[nodiscard]] std::string_view name() const {
    return at < commands.size() ? commands[at].operation->name : asked->name;
  }
};

ingredients directory::state::given(const acting& who, instant now, id_source& ids, secret_source& secrets) const {
  constexpr int key = column_of<&user::external_ref>;
  return {.who = who,
          .now = now,
          .ids = &ids,
          .secrets = &secrets,
          .sessions = parts.sessions,
          .has_provider = parts.provider != nullptr,
          .has_keeper = parts.assets != nullptr,
          .mapped_reference = parts.store->reference_column(info_of<user>) == key};
}

refusal directory::state::charge(const request& what, const acting& who, instant now) {
  // What a stranger tries is charged where no tenant is known yet; whoever needs a permission, only with it, and there.
  const verb charging{.name = what.operation->name,
                      .needs = what.operation->needs,
                      .acts_in = scope_level::any,
                      .request = what.operation->request,
                      .decide = what.operation->charge};
  const request only[]{{&charging, what.object}};
  auto trying = who;
  if (what.operation->needs == permission::anybody) trying.in = {.platform_id = platform_id};
  attempt one{*this, trying, only, run_mode::run, now, nullptr, false};
  return one.until_settled();
}

result<std::vector<receipt>> directory::state::perform(const acting& asking, std::span<const request> commands,
                                                       run_mode mode, std::string_view token, bool indexed) {
  acting who = asking;
  std::vector<prepared> done;
  const auto since = std::chrono::steady_clock::now();
  preview_token promised;
  attempt once{*this, who, commands, mode, {}, nullptr, indexed};
  auto no = guarded([&]() -> refusal {
    if (auto flaw = once.make_ready(who, done)) return flaw;
    if (mode == run_mode::confirm) {
      std::string json;
      append_json(json, *commands[0].operation->request, commands[0].object);
      const auto expected = command_digest(who, commands[0].operation->name, json);
      if (auto flaw = unseal(token, keys, once.now, expected, promised)) return flaw;
      once.promised = &promised;
      once.now = promised.at;
    }
    return once.until_settled();
  });
  if (!no) {
    if (mode != run_mode::preview) once.tell(std::chrono::steady_clock::now() - since);
    auto receipts = once.for_caller();
    for (once.at = 0; mode != run_mode::preview && once.at < commands.size(); ++once.at)
      if (auto failed = follow_up(commands[once.at], who, receipts[once.at])) {
        if (indexed) failed->path = "/" + std::to_string(once.at) + failed->path;
        return *std::move(failed);
      }
    return receipts;
  }
  if (mode != run_mode::preview) counts.refused(*commands[once.at].operation, *no);
  log_refused(once.name(), who, *no);

  // A refused attempt at something privileged is worth knowing; it goes into a table of its own, outside the state.
  if (no->code == status::denied &&
      (no->reason == "permission_denied" || no->reason == "role_exceeds_own" || no->reason == "target_exceeds_own" ||
       no->reason == "flag_not_held") &&
      mode != run_mode::preview && !who.system) {
    const record_denial denial{
        .identity_id = who.identity_id, .command = std::string(once.name()), .reason = no->reason};
    static_cast<void>(note(who.in, request_of(denial), once.now));
  }
  return *std::move(no);
}

refusal directory::state::suppose(const acting& asking, std::span<const request> commands, const verb& operation,
                                  const void* question, void* into) {
  acting who = asking;
  std::vector<prepared> done;
  attempt once{*this, who, commands, run_mode::preview, {}, nullptr, true};
  once.asked = &operation, once.question = question, once.answer = into;
  auto no = guarded([&]() -> refusal {
    if (auto flaw = acceptable({&operation, question}, who)) return flaw;
    if (auto flaw = once.make_ready(who, done)) return flaw;
    return once.until_settled();
  });
  if (no) log_refused(operation.name, asking, *no);
  return no;
}

refusal directory::state::note(const scope& in, request what, instant at) {
  const acting itself{.in = in, .system = true};
  attempt once{*this, itself, {&what, 1}, run_mode::run, at, nullptr, false};
  auto no = guarded([&] { return once.until_settled(); });
  if (!no) own_commits.ring();
  return no;
}

refusal directory::state::serves(const actor& as) const {
  if (as.opened_by_ == nonce) return std::nullopt;
  return refuse(status::invalid, "actor_foreign", "",
                "this actor was not opened by this directory; open one with open_actor");
}

namespace {

refusal not_commands(std::span<const request> all) {
  for (const auto& what : all)
    if (!what.operation || !what.operation->is_command())
      return refuse(status::invalid, "not_a_command", "", "only commands run; queries are asked");
  return std::nullopt;
}

refusal not_a_query(const verb& operation) {
  if (!operation.is_command()) return std::nullopt;
  return refuse(status::invalid, "not_a_query", "", "only queries are asked; commands run");
}

} // namespace

result<receipt> directory::perform(const actor& as, request what, run_mode mode, std::string_view token) {
  if (auto no = not_commands({&what, 1})) return *std::move(no);
  if (auto no = inside_->serves(as)) return *std::move(no);
  auto done = inside_->perform(as.who_, {&what, 1}, mode, token);
  if (!done) return std::move(done).error();
  return std::move(done->front());
}

result<std::vector<receipt>> directory::run_all(const actor& as, std::span<const request> commands) {
  if (auto no = not_commands(commands)) return *std::move(no);
  if (auto no = inside_->serves(as)) return *std::move(no);
  if (commands.empty()) return std::vector<receipt>{};
  return inside_->perform(as.who_, commands, run_mode::run, {}, true);
}

refusal directory::answer_after(const actor& as, std::span<const request> commands, const verb& operation,
                                const void* question, void* into) {
  if (commands.empty()) return answer(as, operation, question, into);
  if (auto no = not_a_query(operation)) return no;
  if (auto no = not_commands(commands)) return no;
  if (auto no = inside_->serves(as)) return no;
  return inside_->suppose(as.who_, commands, operation, question, into);
}

refusal directory::answer(const actor& as, const verb& operation, const void* question, void* into) {
  auto why = guarded([&]() -> refusal {
    if (auto no = not_a_query(operation)) return no;
    if (auto no = inside_->serves(as)) return no;
    if (auto no = acceptable({&operation, question}, as.who_)) return no;
    const auto now = inside_->parts.clock->now();
    return inside_->with_snapshot(as.who_.in, [&](snapshot& facts) -> refusal {
      if (const auto allowed = authorize(facts, as.who_, operation.needs, now); !allowed) return allowed.error();
      drawn_stamps stamps(*inside_->stamps, now);
      drawn_secrets secrets(*inside_->parts.random, inside_->keys);
      return operation.ask(question, facts, inside_->given(as.who_, now, stamps, secrets), into);
    });
  });
  if (why) inside_->log_refused(operation.name, as.who_, *why);
  return why;
}

} // namespace linecard
