// Errands: what the host's own systems are asked once the cause is committed. As with letters, whoever takes one moves
// its time on first, so that it is done by one at a time and by somebody when that one dies.
#include "slug.hpp"
#include "state.hpp"

#include <linecard/model/line.hpp>
#include <linecard/rules/errands.hpp>
#include <linecard/text/phone.hpp>

namespace linecard {

namespace {

/// The host's own id of who gets it; empty: none.
std::string successor_ref(snapshot& facts, const errand& what) {
  const auto who = facts.find<&user::id>(what.to_user_id.value_or(id_of<user>{}));
  return who ? who->external_ref.value_or("") : std::string{};
}

/// What a host says, made plain: a slug for a reason, a number where there should be one.
provider_answer judged(provider_answer said, errand_kind kind) {
  if (kind != errand_kind::order_number) said.direct_number.clear();
  if (said.outcome == errand_outcome::done) {
    const bool flawed = kind == errand_kind::order_number && !text::e164_flaw(said.direct_number).empty();
    if (flawed) said.outcome = errand_outcome::temporary, said.reason = "number_invalid";
    return said;
  }
  const bool refused = said.outcome == errand_outcome::refused;
  said.reason = slug_of(said.reason, refused ? "refused" : "temporary_failure", "provider_failed");
  said.outcome = refused ? errand_outcome::refused : errand_outcome::temporary;
  return said;
}

bool given_up(const provider_answer& became, std::int32_t attempt) {
  return became.outcome == errand_outcome::refused ||
         (became.outcome == errand_outcome::temporary && attempt >= most_errand_attempts);
}

} // namespace

struct directory::state::errand_boy {
  state& self;

  [[nodiscard]] instant now() const { return self.parts.clock->now(); }
  /// Whether there is anybody here to ask.
  [[nodiscard]] bool serves(errand_kind kind) const {
    return kind == errand_kind::order_number ? self.parts.provider != nullptr : self.parts.assets != nullptr;
  }

  refusal find_due(std::size_t limit, std::vector<errand>& into) {
    return self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      std::optional<instant> last{instant{INT64_MIN}}; // those given up have no time and come before it
      id_of<errand> last_id{};
      const auto until = now();
      while (into.size() < limit) {
        const page part{.after = {as_value(last), as_value(last_id)}, .limit = static_cast<std::uint32_t>(limit)};
        const auto found = facts.list_page<&errand::next_attempt_at>(part);
        for (const auto& e : found) {
          if (*e->next_attempt_at > until) return std::nullopt;
          if (serves(e->kind) && into.size() < limit) into.push_back(*e);
        }
        if (found.size() < limit) break;
        last = found.back()->next_attempt_at, last_id = found.back()->id;
      }
      return std::nullopt;
    });
  }

  /// What became of it; nothing: somebody else is at it, or was faster. Refuses what the store refuses.
  result<std::optional<provider_answer>> run(errand what, receipt* into) {
    scope in;
    if (auto no = self.with_snapshot(scope{},
                                     [&](snapshot& facts) { return self.resolve(facts, any_id{what.tenant_id}, in); }))
      return *std::move(no);
    const take_errand taken{.errand_id = what.id, .attempt = what.attempts + 1};
    if (auto no = self.note(in, request_of(taken), now())) {
      if (no->reason == "not_due") return std::optional<provider_answer>{};
      if (no->reason != "successor_gone") return *std::move(no);
      return give_up(in, what, no->reason);
    }
    std::string to_ref;
    if (auto no = self.with_snapshot(in, [&](snapshot& facts) -> refusal { // as it was taken, whatever it was before
          if (const auto ours = facts.find<&errand::id>(what.id)) what = *ours;
          to_ref = successor_ref(facts, what);
          return std::nullopt;
        }))
      return *std::move(no);
    auto became = judged(ask(what, to_ref), what.kind);
    auto no = settle(in, taken, became, into);
    if (no && no->reason == "did_taken") { // it stands until somebody sees to it, here or at the provider's
      became = {errand_outcome::temporary, {}, "did_taken"};
      no = settle(in, taken, became, into);
    }
    if (no && no->reason == "not_due") return std::optional<provider_answer>{};
    if (no) return *std::move(no);
    tell(in, taken, became);
    return std::optional(std::move(became));
  }

  /// The number that came by this order is there, whoever brought it.
  refusal show_arrived(const acting& who, const std::string& order_key, receipt& into) {
    return self.with_snapshot(who.in, [&](snapshot& facts) -> refusal {
      if (const auto got = facts.find<&did::tenant_id, &did::order_key>(who.in.tenant_id, std::optional(order_key))) {
        into.numbers.push_back({got->number, got->user_id.value_or(id_of<user>{}), record_action::inserted});
        return std::nullopt;
      }
      return refuse(status::busy, "errand_under_way", "", "somebody else is asking right now, or has; run this again");
    });
  }

private:
  /// Nobody is asked.
  std::optional<provider_answer> give_up(const scope& in, const errand& what, const std::string& reason) {
    const provider_answer became{errand_outcome::refused, {}, reason};
    const take_errand last{.errand_id = what.id, .attempt = what.attempts};
    if (settle(in, last, became, nullptr)) return std::nullopt;
    tell(in, last, became);
    return became;
  }

  provider_answer ask(const errand& what, const std::string& to_ref) {
    const auto id = to_text(what.id);
    const bool order = what.kind == errand_kind::order_number;
    provider_answer answer{errand_outcome::temporary, {}, order ? "provider_threw" : "keeper_threw"};
    const number_order wanted{
        .order_id = id, .tenant_id = what.tenant_id, .user_id = what.user_id, .prefix = what.prefix};
    const auto from = what.external_ref.value_or("");
    const asset_handover handover{.handover_id = id,
                                  .tenant_id = what.tenant_id,
                                  .user_id = what.user_id,
                                  .to_user_id = what.to_user_id.value_or(id_of<user>{}),
                                  .external_ref = from,
                                  .to_external_ref = to_ref};
    static_cast<void>(
        returns([&] { answer = order ? self.parts.provider->order(wanted) : self.parts.assets->hand_over(handover); }));
    return answer;
  }

  refusal settle(const scope& in, const take_errand& taken, const provider_answer& became, receipt* into) {
    settle_errand settled{.errand_id = taken.errand_id,
                          .attempt = taken.attempt,
                          .done = became.outcome == errand_outcome::done,
                          .again = became.outcome == errand_outcome::temporary};
    if (settled.done && !became.direct_number.empty()) settled.direct_number = became.direct_number;
    if (!settled.done) settled.reason = became.reason;
    const acting itself{.in = in, .system = true};
    const request what = request_of(settled);
    auto noted = self.perform(itself, {&what, 1}, run_mode::run, {});
    if (!noted) return std::move(noted).error();
    if (settled.done && into) {
      noted->front().command = std::move(into->command);
      *into = std::move(noted->front());
    }
    return std::nullopt;
  }

  void tell(const scope& in, const take_errand& taken, const provider_answer& became) {
    if (became.outcome == errand_outcome::done) return;
    const bool over = given_up(became, taken.attempt);
    const auto id = to_text(taken.errand_id);
    self.log_about(over ? log_level::warning : log_level::info, "errand_failed",
                   over ? "The host's system did not do it; the errand was given up."
                        : "The host's system did not do it yet; it is asked again later.",
                   "settle_errand", acting{.in = in, .system = true},
                   {{"errand_id", text_value(id)},
                    {"reason", text_value(became.reason)},
                    {"attempt", integer_value(taken.attempt)}});
  }
};

refusal directory::state::follow_up(const request& what, const acting& who, receipt& into) {
  const auto next = what.operation->follow_up ? what.operation->follow_up(what.object) : std::nullopt;
  if (!next) return std::nullopt;
  auto no = guarded([&]() -> refusal {
    std::optional<errand> open;
    errand_boy sent{*this};
    if (auto flaw = with_snapshot(who.in, [&](snapshot& facts) -> refusal {
          if (const auto found = facts.find<&errand::tenant_id, &errand::kind, &errand::errand_key>(
                  who.in.tenant_id, next->kind, next->key))
            open = *found;
          return std::nullopt;
        }))
      return flaw;
    std::optional<provider_answer> became;
    if (open && sent.serves(open->kind)) {
      auto ran = sent.run(*open, next->awaited ? &into : nullptr);
      if (!ran) return std::move(ran).error();
      became = *std::move(ran);
    }
    if (!became) return sent.show_arrived(who, next->key, into);
    if (became->outcome == errand_outcome::done) return std::nullopt;
    if (became->outcome == errand_outcome::refused)
      return refuse(status::limit, became->reason, "", "the host's system refused, and nothing was done");
    return refuse(status::busy, became->reason, "",
                  became->reason == "number_invalid"
                      ? "the host's system answered \"" + became->direct_number +
                            "\"; it must be \"+\" and 2 to 15 digits (E.164). The order stands"
                      : "the host's system did not do it yet; run this again, or pump errands");
  });
  // What was the command's own is committed; what nobody awaits follows when it can.
  return next->awaited ? std::move(no) : std::nullopt;
}

result<errand_report> directory::pump_errands(std::int32_t limit) {
  constexpr std::int32_t most = 10'000;
  if (limit < 1 || limit > most)
    return refuse(status::invalid, "limit_invalid", "/limit", "limit must be from 1 to " + std::to_string(most));
  state::errand_boy sent{*inside_};
  errand_report report;
  auto no = guarded([&]() -> refusal {
    std::vector<errand> due;
    if (auto flaw = sent.find_due(static_cast<std::size_t>(limit), due)) return flaw;
    report.more = due.size() == static_cast<std::size_t>(limit);
    for (const auto& what : due) {
      const auto became = sent.run(what, nullptr);
      if (!became) return became.error();
      if (!*became) continue;
      ++((*became)->outcome == errand_outcome::done ? report.done
         : given_up(**became, what.attempts + 1)    ? report.refused
                                                    : report.postponed);
    }
    return report.more ? std::nullopt : inside_->forget();
  });
  if (no) return *std::move(no);
  return report;
}

} // namespace linecard
