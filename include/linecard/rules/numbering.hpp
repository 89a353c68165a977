// Extensions and direct numbers: who has which, which are free, and what each may do.
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// Extensions are given from here, lowest free first, to everybody who joins; those given already stay. Both ends have
/// as many digits. Refuses "range_invalid". Since 0.1.
struct set_extension_range {
  std::string first{};
  std::string last{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Sets the range that extensions are given from, lowest free first.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_extension_range, (), (first, last))

/// Without `extension` the lowest free of the range. In place of the user's present one; of several, of `former`.
/// International dialling stays as it was. Refuses "user_unknown", "not_joined", "extension_taken",
/// "no_extension_free" (no range, or all of it taken: the message says which), "extension_unknown" (`former` is not the
/// user's), "former_needed". Since 0.1.
struct change_extension {
  id_of<user> user_id{};
  std::optional<std::string> extension{};
  std::optional<std::string> former{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Gives a user another extension, or a first one.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(change_extension, (), (user_id, extension, former))

/// Refuses "extension_unknown". Since 0.1.
struct release_extension {
  std::string extension{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes an extension from whoever has it; it is free again.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(release_extension, (), (extension))

/// A switch that must be named: leaving it out turns nothing off.
enum class turned { on = 1, off };
BOOST_DESCRIBE_ENUM(turned, on, off)

/// Refuses "extension_unknown". Since 0.1.
struct set_international {
  std::string extension{};
  turned switched{};
  static constexpr auto needs = permission::international_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Switches international dialling on or off for an extension (S5.5).";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_international, (), (extension, switched))

/// Numbers that the host has for the tenant; unassigned. There already changes nothing. All or none. Refuses
/// "did_taken" (in another tenant's inventory), path of the number. Since 0.1.
struct add_dids {
  std::vector<std::string> direct_numbers{};
  static constexpr auto needs = permission::number_provision;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts direct numbers into the tenant's inventory.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(add_dids, (), (direct_numbers))

/// All or none. Refuses "did_unknown", "did_in_use" (detach it first), "would_strand" (somebody's calls are forwarded
/// to it), path of the number. Since 0.1.
struct remove_dids {
  std::vector<std::string> direct_numbers{};
  static constexpr auto needs = permission::number_provision;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes unassigned direct numbers out of the tenant's inventory.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(remove_dids, (), (direct_numbers))

/// The user's already changes nothing. Refuses "did_unknown", "did_in_use" (somebody's, the company's main number or
/// in other use: detach it first, S4.10), "user_unknown", "not_joined", "forwarding_to_oneself" (the user's calls are
/// forwarded to it). Since 0.1.
struct attach_did {
  std::string direct_number{};
  id_of<user> user_id{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Makes an unassigned number of the tenant a direct number of a user.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(attach_did, (), (direct_number, user_id))

/// For a main number of the company's (S4.10), or for what `label` says (a queue, a fax). A company may have several
/// main ones, a local and a toll-free one: which is shown as the company's own is the host's choice, by `label`. Used
/// so already changes nothing but the label. Refuses "did_unknown", "did_in_use", "use_invalid" (direct and unassigned
/// have commands of their own). Since 0.1.
struct use_did {
  std::string direct_number{};
  did_use use{};
  std::optional<std::string> label{};
  static constexpr auto needs = permission::company_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Uses an unassigned number as a main number of the company or for something "
      "else, so that no picker offers it.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(use_did, (), (direct_number, use, label))

/// Unassigned already changes nothing. Refuses "did_unknown"; and, unless `release_numbers`, "would_strand" with the
/// list when emergency calls are switched on for it or somebody's calls are forwarded to it (B7). Switching emergency
/// calls off by it needs e911.manage too. Since 0.1.
struct detach_did {
  std::string direct_number{};
  bool release_numbers{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes a number from its user or its use; it is unassigned then.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(detach_did, (), (direct_number, release_numbers))

/// Refuses "did_unknown", "did_unassigned" (nobody calls from it). Since 0.1.
struct set_e911 {
  std::string direct_number{};
  turned switched{};
  static constexpr auto needs = permission::e911_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Switches emergency calls (911) on or off for a direct number (S5.5).";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_e911, (), (direct_number, switched))

struct did_row {
  std::string direct_number{};
  did_use use{};
  std::optional<id_of<user>> user_id{};
  std::string label{};
  bool e911{};
  instant added_at{};
};
BOOST_DESCRIBE_STRUCT(did_row, (), (direct_number, use, user_id, label, e911, added_at))
struct dids_answer {
  std::vector<did_row> dids{};
  std::optional<std::string> next{}; ///< pass as `after` for the next page; none at the end
};
BOOST_DESCRIBE_STRUCT(dids_answer, (), (dids, next))

/// With `use` unassigned it is the picker of "Direct number" (S4.7). Since 0.1.
struct dids {
  std::optional<did_use> use{};
  std::optional<std::string> after{};
  std::int32_t limit{50};
  using answer = dids_answer;
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Direct numbers of the tenant in order, all or those of one use.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(dids, (), (use, after, limit))

struct extension_row {
  std::string extension{};
  id_of<user> user_id{};
  bool international{};
};
BOOST_DESCRIBE_STRUCT(extension_row, (), (extension, user_id, international))
struct extensions_answer {
  std::optional<std::string> first{}, last{}; ///< the range; none: nothing is given automatically
  std::optional<std::string> lowest_free{};
  std::vector<extension_row> extensions{};
  std::optional<std::string> next{};
};
BOOST_DESCRIBE_STRUCT(extensions_answer, (), (first, last, lowest_free, extensions, next))

/// Since 0.1.
struct extensions {
  std::optional<std::string> after{};
  std::int32_t limit{50};
  using answer = extensions_answer;
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "The tenant's range, what is given next, and every extension in order.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(extensions, (), (after, limit))

// What other rules do with numbers. Whoever gives or frees an extension does it here, where the range is kept true.

/// Refuses "extension_taken" at `path`.
[[nodiscard]] refusal give_extension(snapshot& facts, changes& out, const user& to, const std::string& number,
                                     bool international, std::string_view path);
/// The lowest free of the range; none where there is no range, or it is full.
[[nodiscard]] std::optional<std::string> next_extension(snapshot& facts, id_of<tenant> where);
/// Whoever joins without an extension gets the next one, if there is any.
void give_next_extension(snapshot& facts, changes& out, const user& to);
void free_extension(snapshot& facts, changes& out, const fact<extension>& held);

/// A user with a telephone side. Refuses "user_unknown", "not_joined" at `path`.
[[nodiscard]] refusal find_member(snapshot& facts, id_of<user> user_id, std::string_view path, fact<user>& who,
                                  fact<team_member>& into);

/// Sets the lowest free of the range. Refuses "range_invalid" at `path`/last.
[[nodiscard]] refusal fill_range(snapshot& facts, number_range& wanted, const std::string& path);

/// Ten digits for a new team member's video bridge.
[[nodiscard]] std::string new_bridge_id(const ingredients& with);

} // namespace linecard
