// The built-in roles, and what any role holds.
#pragma once

#include <linecard/snapshot.hpp>

#include <optional>

namespace linecard {

enum class built_in_role : std::uint8_t {
  operator_,
  support,
  container,
  container_advanced,
  tenant,
  administrator,
  delegate,
  member
};

struct built_in_role_info {
  std::string_view name{};
  scope_level at{}; ///< where it can be granted
  role_powers powers{};
};

[[nodiscard]] std::span<const built_in_role_info> built_in_roles();

/// A built-in role's id is the same in every directory.
[[nodiscard]] constexpr id_of<role> role_id_of(built_in_role r) {
  return {make_id(tag_of<role>, static_cast<std::uint64_t>(r) + 1)};
}
/// Null for a role that somebody defined.
[[nodiscard]] const built_in_role_info* built_in(id_of<role> id);

/// What the role holds; nothing when there is no such role.
[[nodiscard]] role_powers powers_of(snapshot& facts, id_of<role> id);
/// "administrator", or the name its scope gave it; the id's text when there is no such role.
[[nodiscard]] std::string role_name(snapshot& facts, id_of<role> id);
/// The role of this name that can be granted in the scope: built-in, of the scope itself, or of one above.
/// Refuses "role_unknown", naming those there are.
[[nodiscard]] refusal find_role(snapshot& facts, const scope& in, std::string_view name, std::string_view path,
                                id_of<role>& into);

/// Names differ in more than case and accents, in a scope, from those above it, and from the built-in ones.
[[nodiscard]] bool role_name_taken(snapshot& facts, const scope& in, const std::string& name);

/// What the names stand for. Refuses "permission_unknown", "permission_repeated", "not_restrictable", at
/// `path`/permissions/n or `path`/restricted/n.
[[nodiscard]] refusal read_powers(snapshot& facts, const std::vector<std::string>& permissions,
                                  const std::vector<std::string>& restricted, const std::string& path,
                                  role_powers& into);
/// Of a role that is new.
void write_powers(changes& out, id_of<role> id, const std::vector<std::string>& permissions,
                  const std::vector<std::string>& restricted);

/// Refuses "role_not_for_delegates" naming what it holds that no delegation gives.
[[nodiscard]] refusal may_be_delegated(snapshot& facts, const std::string& name, const role_powers& powers,
                                       std::string_view path);

/// A defined role counts the grants that name it, so that one in use cannot vanish.
void count_use(snapshot& facts, changes& out, id_of<role> id, int by);

/// The permission of this name, the library's or a host's; `nobody` when there is none.
[[nodiscard]] permission permission_named(snapshot& facts, std::string_view name);
/// Its name, also of a host's permission; empty when there is none.
[[nodiscard]] std::string permission_name(snapshot& facts, permission p);

} // namespace linecard
