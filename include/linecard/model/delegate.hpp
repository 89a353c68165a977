// A delegate is an outside identity let into a tenant; the access notice is what an administrator acknowledges first.
#pragma once

#include <linecard/model/authority.hpp>

namespace linecard {

enum class delegate_state { pending, active, removed, lapsed };
BOOST_DESCRIBE_ENUM(delegate_state, pending, active, removed, lapsed)

/// At most one for each identity and tenant; the role is a grant at the tenant. `language` is for its mail (BCP 47).
/// `review_at` is when somebody should look again; with `lapses` access ends then, at `ends_at` always, both tested at
/// use: no row ever says `lapsed`.
struct delegate {
  id_of<delegate> id{};
  id_of<tenant> tenant_id{};
  id_of<identity> identity_id{};
  delegate_state state{};
  std::string first_name{};
  std::string last_name{};
  std::string language{};
  instant invited_at{};
  instant review_at{};
  bool lapses{};
  std::optional<instant> ends_at{};
  std::int32_t notice_version{}; ///< of the notice acknowledged
  any_id notice_scope_id{};
  instant acknowledged_at{};
  id_of<identity> acknowledged_by_id{};
};
BOOST_DESCRIBE_STRUCT(delegate, (),
                      (id, tenant_id, identity_id, state, first_name, last_name, language, invited_at, review_at,
                       lapses, ends_at, notice_version, notice_scope_id, acknowledged_at, acknowledged_by_id))
template <>
inline constexpr auto table<delegate> = record<delegate>(
    "delegates", key<&delegate::id>, unique<&delegate::identity_id, &delegate::tenant_id>,
    index<&delegate::tenant_id, &delegate::review_at>, personal<&delegate::first_name, &delegate::last_name>,
    platform_only<&delegate::identity_id>, about_person<&delegate::id>, of_tenant<&delegate::tenant_id>,
    decides<&delegate::identity_id, &delegate::state, &delegate::review_at, &delegate::lapses, &delegate::ends_at,
            &delegate::notice_version, &delegate::notice_scope_id>);

/// Never through a delegation (S3.3): managing people and authority.
[[nodiscard]] constexpr permission_set never_delegated() {
  using enum permission;
  return {user_manage,     delegate_manage, role_manage,    grant_manage,
          identity_manage, owner_replace,   notice_publish, permission_register};
}

/// The newest of a scope. An acknowledgement of a version below `least_version` counts no longer.
struct access_notice {
  any_id scope_id{};
  std::int32_t notice_version{};
  std::int32_t least_version{};
  std::string text{};
  std::string terms_link{};
  instant published_at{};
};
BOOST_DESCRIBE_STRUCT(access_notice, (), (scope_id, notice_version, least_version, text, terms_link, published_at))
template <>
inline constexpr auto
    table<access_notice> = record<access_notice>("access_notices", key<&access_notice::scope_id>,
                                                 decides<&access_notice::scope_id, &access_notice::least_version>);

/// What the delegation is at an instant: time ends it without anybody's doing.
[[nodiscard]] inline delegate_state state_at(const delegate& d, instant at) {
  const bool over = (d.ends_at && at >= *d.ends_at) || (d.lapses && at >= d.review_at);
  return over && d.state != delegate_state::removed ? delegate_state::lapsed : d.state;
}

/// Whether the acknowledgement made for the delegate counts, under the notice it is of.
[[nodiscard]] inline bool acknowledges(const delegate& d, const access_notice& n) {
  return d.notice_scope_id == n.scope_id && d.notice_version >= n.least_version;
}

} // namespace linecard
