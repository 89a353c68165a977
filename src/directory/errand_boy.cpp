// Errands: what the host's own systems are asked once the cause is committed. As with letters, whoever takes one moves
// its time on first, so that it is done by one at a time and by somebody when that one dies.
#include "state.hpp"

#include <linecard/model/line.hpp>
#include <linecard/rules/errands.hpp>
#include <linecard/text/phone.hpp>

#include <algorithm>

namespace linecard {

namespace {

std::string slug(std::string_view given, std::string_view otherwise) {
  if (given.empty()) return std::string(otherwise);
  const bool fits = given.size() <= 64 && std::ranges::all_of(given, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  return std::string(fits ? given : "provider_failed");
}

} // namespace

struct directory::state::errand_boy {
  state& self;
  errand_report report{};

  [[nodiscard]] instant now() const { return self.parts.clock->now(); }

  refusal find_due(std::int32_t limit, std::vector<errand>& into) {
    return self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
      const std::optional<instant> earliest{instant{INT64_MIN}}; // those given up have no time and come before it
      const page part{.after = {as_value(earliest), as_value(id_of<errand>{})},
                      .limit = static_cast<std::uint32_t>(limit)};
      const auto until = now();
      for (const auto& e : facts.list_page<&errand::next_attempt_at>(part)) {
        if (*e->next_attempt_at > until) break;
        into.push_back(*e);
      }
      return std::nullopt;
    });
  }

  /// Refuses with the reason of whoever was asked, "errand_under_way", and what the store refuses.
  refusal run(const errand& what, receipt* into) {
    scope in;
    asset_facts known;
    if (auto no = self.with_snapshot(scope{}, [&](snapshot& facts) -> refusal {
          known = names_of(facts, what);
          return self.resolve(facts, any_id{what.tenant_id}, in);
        }))
      return no;
    const take_errand take{.errand_id = what.id, .attempt = what.attempts + 1};
    if (auto no = self.note(in, request_of(take), now())) {
      if (no->reason != "not_due") return no;
      return refuse(status::busy, "errand_under_way", "", "somebody else is at it; ask again in a while");
    }
    auto answer = ask(what, known);
    if (answer.outcome == errand_outcome::done && what.kind == errand_kind::order_number &&
        !text::e164_flaw(answer.direct_number).empty())
      answer = {errand_outcome::temporary, {}, "number_invalid"};
    return settle(in, what, std::move(answer), into);
  }

  struct asset_facts {
    std::string external_ref{}, to_external_ref{};
  };
  static asset_facts names_of(snapshot& facts, const errand& what) {
    const auto ref = [&](id_of<user> id) {
      const auto u = facts.find<&user::id>(id);
      return u ? u->external_ref.value_or("") : std::string{};
    };
    if (what.kind != errand_kind::hand_over_assets) return {};
    return {ref(what.user_id), ref(what.to_user_id.value_or(id_of<user>{}))};
  }

  provider_answer ask(const errand& what, const asset_facts& known) {
    const auto id = to_text(what.id);
    if (what.kind == errand_kind::order_number) {
      provider_answer answer{errand_outcome::temporary, {}, "provider_threw"};
      if (!self.parts.provider) return {errand_outcome::temporary, {}, "provider_missing"};
      const number_order order{
          .order_id = id, .tenant_id = what.tenant_id, .user_id = what.user_id, .prefix = what.prefix};
      static_cast<void>(returns([&] { answer = self.parts.provider->order(order); }));
      return answer;
    }
    provider_answer answer{errand_outcome::temporary, {}, "keeper_threw"};
    if (!self.parts.assets) return {errand_outcome::temporary, {}, "asset_keeper_missing"};
    const asset_handover handover{.handover_id = id,
                                  .tenant_id = what.tenant_id,
                                  .user_id = what.user_id,
                                  .to_user_id = what.to_user_id.value_or(id_of<user>{}),
                                  .external_ref = known.external_ref,
                                  .to_external_ref = known.to_external_ref};
    static_cast<void>(returns([&] { answer = self.parts.assets->hand_over(handover); }));
    return answer;
  }

  refusal settle(const scope& in, const errand& what, provider_answer answer, receipt* into) {
    const acting itself{.in = in, .system = true};
    const bool done = answer.outcome == errand_outcome::done;
    settle_errand settled{.errand_id = what.id, .attempt = what.attempts + 1, .done = done};
    settled.again = answer.outcome != errand_outcome::refused;
    if (done && what.kind == errand_kind::order_number) settled.direct_number = answer.direct_number;
    if (!done) settled.reason = slug(answer.reason, settled.again ? "temporary_failure" : "provider_refused");
    if (auto no = settle(itself, settled, into)) return no;
    if (done) {
      ++report.done;
      return std::nullopt;
    }
    const bool given_up = !settled.again || settled.attempt >= most_errand_attempts;
    ++(given_up ? report.refused : report.postponed);
    const auto id = to_text(what.id);
    self.log_about(given_up ? log_level::warning : log_level::info, "errand_failed",
                   given_up ? "The host's system was asked in vain; the errand was given up."
                            : "The host's system could not be asked; it is asked again later.",
                   "settle_errand", itself,
                   {{"errand_id", text_value(id)},
                    {"reason", text_value(*settled.reason)},
                    {"attempt", integer_value(settled.attempt)}});
    if (given_up)
      return refuse(status::limit, *settled.reason, "", "the host's system refused: nothing was done, and nothing is");
    return refuse(status::busy, *settled.reason, "",
                  "the host's system did not do it yet; it is asked again when errands are pumped, or when this "
                  "command is run again");
  }

  /// A number that another tenant has was none to give: the errand waits for somebody to look at it.
  refusal settle(const acting& itself, settle_errand& settled, receipt* into) {
    const request what = request_of(settled);
    auto done = self.perform(itself, {&what, 1}, run_mode::run, {});
    if (done) {
      if (into) {
        auto& arrived = done->front();
        arrived.command = std::move(into->command);
        *into = std::move(arrived);
      }
      return std::nullopt;
    }
    auto no = std::move(done).error();
    if (no.reason == "did_taken") {
      const settle_errand postponed{
          .errand_id = settled.errand_id, .attempt = settled.attempt, .again = true, .reason = no.reason};
      if (auto failed = self.note(itself.in, request_of(postponed), now())) return failed;
    }
    return no;
  }
};

refusal directory::state::can_follow_up(const request& what) const {
  if (!what.operation->follow_up) return std::nullopt;
  const auto next = what.operation->follow_up(what.object);
  if (!next) return std::nullopt;
  if (next->kind == errand_kind::order_number && !parts.provider)
    return refuse(status::invalid, "provider_missing", "", "this directory was opened without a number provider");
  if (next->kind == errand_kind::hand_over_assets && !parts.assets)
    return refuse(status::invalid, "asset_keeper_missing", "", "this directory was opened without an asset keeper");
  return std::nullopt;
}

refusal directory::state::follow_up(const request& what, const acting& who, receipt& into) {
  if (!what.operation->follow_up) return std::nullopt;
  const auto next = what.operation->follow_up(what.object);
  if (!next) return std::nullopt;
  return guarded([&]() -> refusal {
    std::optional<errand> open;
    if (auto no = with_snapshot(who.in, [&](snapshot& facts) -> refusal {
          const auto found = facts.find<&errand::tenant_id, &errand::kind, &errand::errand_key>(who.in.tenant_id,
                                                                                                next->kind, next->key);
          if (found) open = *found;
          return std::nullopt;
        }))
      return no;
    if (!open) return std::nullopt; // another process was at it meanwhile, and has done it
    errand_boy sent{*this};
    const bool awaited = next->kind == errand_kind::order_number;
    auto failed = sent.run(*open, awaited ? &into : nullptr);
    // What was the command's own is done and committed; messages follow when they can.
    return awaited ? std::move(failed) : std::nullopt;
  });
}

result<errand_report> directory::pump_errands(std::int32_t limit) {
  constexpr std::int32_t most = 10'000;
  if (limit < 1 || limit > most)
    return refuse(status::invalid, "limit_invalid", "/limit", "limit: must be from 1 to " + std::to_string(most));
  state::errand_boy sent{*inside_};
  auto no = guarded([&]() -> refusal {
    std::vector<errand> due;
    if (auto flaw = sent.find_due(limit, due)) return flaw;
    sent.report.more = due.size() == static_cast<std::size_t>(limit);
    for (const auto& what : due) {
      const auto before = sent.report;
      const auto failed = sent.run(what, nullptr);
      // Its own answer is in the report; what the store refuses ends the pumping.
      const bool counted = sent.report.postponed != before.postponed || sent.report.refused != before.refused;
      if (failed && !counted && failed->reason != "errand_under_way" && failed->reason != "did_taken") return failed;
      if (failed && failed->reason == "did_taken") ++sent.report.postponed;
    }
    return std::nullopt;
  });
  if (no) return *std::move(no);
  return sent.report;
}

} // namespace linecard
