// For the tests of errands: a company whose provider and keeper say what they are told to, seen by several processes.
#pragma once

#include "directory/decorated_store.hpp"
#include "rules/office.hpp"

#include <linecard/rules/errands.hpp>

namespace kit {

inline provider_answer later(std::string reason = "shop_closed") {
  return {errand_outcome::temporary, {}, std::move(reason)};
}
inline provider_answer never(std::string reason = "none_in_stock") {
  return {errand_outcome::refused, {}, std::move(reason)};
}
inline provider_answer sells(std::string number) { return {errand_outcome::done, std::move(number), {}}; }

/// What delete_user leaves, without the deletion.
struct leave_assets {
  id_of<user> user_id{};
  id_of<user> to_user_id{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Hands a user's messages over, for tests.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    if (!with.has_keeper) return refuse(status::invalid, "asset_keeper_missing", "", "there is none");
    out.insert(errand{.id = with.new_id<errand>(),
                      .tenant_id = with.tenant_id(),
                      .kind = errand_kind::hand_over_assets,
                      .errand_key = to_text(user_id),
                      .user_id = user_id,
                      .to_user_id = to_user_id,
                      .external_ref = facts.find<&user::id>(user_id)->external_ref,
                      .next_attempt_at = with.now,
                      .asked_at = with.now});
    return std::nullopt;
  }
  [[nodiscard]] errand_name follow_up() const { return {errand_kind::hand_over_assets, to_text(user_id)}; }
};
BOOST_DESCRIBE_STRUCT(leave_assets, (), (user_id, to_user_id))

struct desk : world {
  std::shared_ptr<store> whole;
  id_of<user> ulf, vera;

  explicit desk(std::shared_ptr<store> on = fresh_store())
      : world(std::make_unique<hard::lent_store>(on)),
        whole(std::move(on)),
        ulf(adopt("Ulf", "U", "ulf@acme.example")),
        vera(adopt("Vera", "V", "vera@acme.example")) {}

  [[nodiscard]] get_number ordered(std::string order_key = "form-7") const {
    return {.order_key = std::move(order_key), .user_id = ulf, .prefix = "+1416"};
  }
  result<receipt> order(std::string order_key = "form-7") { return dir.run(admin, ordered(std::move(order_key))); }
  void shop_says(provider_answer what) {
    shop->answers = [what = std::move(what)](const number_order&) { return what; };
  }
  /// "+14165551001 direct form-7", in order.
  std::string inventory() {
    std::string out;
    for (const auto& row : must(dir.ask(admin, dids{})).dids)
      (((out += out.empty() ? "" : ", ") += row.direct_number) += " ") +=
          row.use == did_use::direct ? (row.user_id == ulf ? "Ulf" : "somebody") : std::string(word(row.use));
    return out;
  }
  std::vector<errand_row> standing() { return must(dir.ask(admin, errands{})).errands; }
  std::string pumped(std::int32_t limit = 100) { return pumped(dir, limit); }
  static std::string pumped(directory& in, std::int32_t limit = 100) {
    const auto r = must(in.pump_errands(limit));
    return std::to_string(r.done) + " done, " + std::to_string(r.postponed) + " postponed, " +
           std::to_string(r.refused) + " refused" + (r.more ? ", more" : "");
  }
  void pass(std::int64_t milliseconds) { clock->at = clock->at + milliseconds; }
  /// Another process on the same rows.
  directory beside(std::shared_ptr<number_provider> provider, std::shared_ptr<asset_keeper> assets = nullptr) {
    return must(directory::open({.store = std::make_unique<hard::lent_store>(whole),
                                 .clock = clock,
                                 .random = random,
                                 .provider = std::move(provider),
                                 .assets = std::move(assets),
                                 .passwords = passwords},
                                key));
  }
  bool audited() { return must(dir.ask(admin, verify_audit{})).intact; }
};

inline constexpr std::int64_t minute = 60'000;

} // namespace kit
