// What a tenant has agreed to pay for, and what the host reports of use. Money is whole minor units (cents) of an
// ISO 4217 currency; nothing here is a floating-point number.
#pragma once

#include <linecard/model/user.hpp>

namespace linecard {

/// One row for each tenant that has been given terms. The statement is of midnight in `time_zone` at the beginning of
/// `statement_day`. `number_price_minor` is the price a month of each number in the inventory that no base package
/// prices: the company's own, those nobody has, and those of an Unassigned user.
struct subscription {
  id_of<tenant> tenant_id{};
  std::string currency{};
  std::int32_t statement_day{}; ///< 1 to 28: every month has it
  std::string time_zone{};      ///< IANA name
  std::int64_t number_price_minor{};
  instant agreed_at{};
};
BOOST_DESCRIBE_STRUCT(subscription, (), (tenant_id, currency, statement_day, time_zone, number_price_minor, agreed_at))
template <>
inline constexpr auto table<subscription> = record<subscription>("subscriptions", key<&subscription::tenant_id>,
                                                                 of_tenant<&subscription::tenant_id>);

/// When somebody last made or took a call, sent a message: what the host says, newest only. No row: nothing was ever
/// reported. In no chain, for it would drown it.
struct activity {
  id_of<user> user_id{};
  id_of<tenant> tenant_id{};
  instant last_active_at{};
};
BOOST_DESCRIBE_STRUCT(activity, (), (user_id, tenant_id, last_active_at))
template <>
inline constexpr auto table<activity> = record<activity>("activities", key<&activity::user_id>,
                                                         index<&activity::tenant_id, &activity::last_active_at>,
                                                         of_tenant<&activity::tenant_id>, unchained);

} // namespace linecard
