// What passes from one person to another, and what is asked of the host's own systems when it does.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

/// One person took another's place; until `ends_at` it can be undone, from what `replaced_item` rows tell.
struct replacement {
  id_of<replacement> id{};
  id_of<tenant> tenant_id{};
  id_of<user> user_id{};
  id_of<user> successor_id{};
  instant replaced_at{};
  instant ends_at{};
};
BOOST_DESCRIBE_STRUCT(replacement, (), (id, tenant_id, user_id, successor_id, replaced_at, ends_at))
template <>
inline constexpr auto table<replacement> = record<replacement>("replacements", key<&replacement::id>,
                                                               index<&replacement::user_id>,
                                                               index<&replacement::ends_at>,
                                                               index<&replacement::tenant_id, &replacement::ends_at>,
                                                               of_tenant<&replacement::tenant_id>);

/// extension, did, device, package: it passed from the user to the successor; forwarding: so did the number;
/// former_forwarding, former_package: what the successor had instead.
enum class replaced_kind { extension = 1, did, device, package, forwarding, former_forwarding, former_package };
BOOST_DESCRIBE_ENUM(replaced_kind, extension, did, device, package, forwarding, former_forwarding, former_package)

/// `item` is the number, the device's name or the package's id as text; `renamed` the device's name at the successor's,
/// `held_since` when the package's seat was taken, `by_rule` whether an assignment rule had given it.
struct replaced_item {
  id_of<replacement> replacement_id{};
  replaced_kind kind{};
  std::string item{};
  id_of<tenant> tenant_id{};
  std::optional<std::string> renamed{};
  std::optional<instant> held_since{};
  bool by_rule{};
};
BOOST_DESCRIBE_STRUCT(replaced_item, (), (replacement_id, kind, item, tenant_id, renamed, held_since, by_rule))
template <>
inline constexpr auto table<replaced_item> = record<replaced_item>(
    "replaced_items", key<&replaced_item::replacement_id, &replaced_item::kind, &replaced_item::item>,
    of_tenant<&replaced_item::tenant_id>, unchained);

/// order_number: the provider is asked for a direct number; hand_over_assets: voice, text and fax messages pass from
/// one user to another.
enum class errand_kind { order_number = 1, hand_over_assets };
BOOST_DESCRIBE_ENUM(errand_kind, order_number, hand_over_assets)

/// Something that the host's own systems are still to be asked, written in the transaction of its cause. The id is what
/// a provider recognises a repeated call by. Whoever takes one on sets `under_way` and moves `next_attempt_at` on, so
/// that nobody else does meanwhile and somebody does when the process dies; `attempts` tells one taking from another.
/// `external_ref` is the leaver's, who may be erased before somebody hears of it.
struct errand {
  id_of<errand> id{};
  id_of<tenant> tenant_id{};
  errand_kind kind{};
  std::string errand_key{}; ///< the order_key; of assets the user's id
  id_of<user> user_id{};    ///< for whom the number is, or whose assets they are
  std::optional<id_of<user>> to_user_id{};
  std::optional<std::string> external_ref{};
  std::string prefix{}; ///< how the number should begin: E.164 digits with "+"; empty: any
  std::int32_t attempts{};
  std::optional<instant> next_attempt_at{}; ///< none: given up
  bool under_way{};                         ///< until next_attempt_at somebody is at it
  std::string last_failure{};               ///< a slug
  instant asked_at{};

  [[nodiscard]] bool taken_at(instant now) const { return under_way && next_attempt_at && now < *next_attempt_at; }
};
BOOST_DESCRIBE_STRUCT(errand, (),
                      (id, tenant_id, kind, errand_key, user_id, to_user_id, external_ref, prefix, attempts,
                       next_attempt_at, under_way, last_failure, asked_at))
template <>
inline constexpr auto table<errand> = record<errand>("errands", key<&errand::id>,
                                                     unique<&errand::tenant_id, &errand::kind, &errand::errand_key>,
                                                     index<&errand::next_attempt_at>, of_tenant<&errand::tenant_id>,
                                                     personal<&errand::external_ref>, about_person<&errand::user_id>);

} // namespace linecard
