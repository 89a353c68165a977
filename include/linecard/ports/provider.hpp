// The host's own systems that a command may have to ask: who sells direct numbers, and who keeps people's messages.
#pragma once

#include <linecard/id.hpp>

#include <string>
#include <string_view>

namespace linecard {

/// temporary: asked again later, under the same order or handover. refused: never; the reason says why.
enum class errand_outcome { temporary, done, refused };

/// `reason` is a slug of at most 64 characters ("none_in_stock"); people who manage users read it, so it holds no
/// credentials. Anything that is no slug becomes "provider_failed".
struct provider_answer {
  errand_outcome outcome{};
  std::string direct_number{}; ///< of an order done: E.164
  std::string reason{};
};

/// All views end with the call. `order_id` is the same however often one order is asked for: a provider that sees it
/// again answers with the number it has given, and buys nothing.
struct number_order {
  std::string_view order_id{};
  any_id tenant_id{}, user_id{}; ///< user_id none: for the tenant's inventory
  std::string_view prefix{};     ///< how the number should begin, "+1416"; empty: any
};

/// Called on the thread that runs get_number or pump_errands, on several at once, with no transaction and no lock held.
/// What it throws counts as temporary, "provider_threw". It has ten minutes: then somebody else may try. Since 0.1.
struct number_provider {
  virtual ~number_provider() = default;
  [[nodiscard]] virtual provider_answer order(const number_order& wanted) = 0;
};

/// Voice, text and fax messages of one user that another one gets. `handover_id` is the same however often it is told.
struct asset_handover {
  std::string_view handover_id{};
  any_id tenant_id{}, user_id{}, to_user_id{};
  std::string_view external_ref{}, to_external_ref{}; ///< the host's own ids; empty: none
};

/// As a number_provider; what it throws is "keeper_threw". The user's row may be gone by then. Since 0.1.
struct asset_keeper {
  virtual ~asset_keeper() = default;
  [[nodiscard]] virtual provider_answer hand_over(const asset_handover& what) = 0;
};

} // namespace linecard
