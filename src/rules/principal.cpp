#include <linecard/rules/principal.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

refusal find_principal(snapshot& facts, const ingredients& with, const std::optional<id_of<user>>& user_id,
                       const std::optional<std::string>& email, principal& into) {
  if (user_id.has_value() == email.has_value())
    return refuse(status::invalid, "one_key_needed", "", "give exactly one of user_id and email");
  const auto where = with.tenant_id();
  if (user_id) {
    if (auto no = find_holder(facts, *user_id, "/user_id", into.member)) return no;
    into.identity_id = into.member->identity_id;
    into.holder_id = into.member->id;
    return std::nullopt;
  }
  const auto login = facts.find<&identity::email>(text::email_key(*email));
  if (!where) {
    if (!login) return refuse(status::not_found, "identity_unknown", "/email", "there is no identity with this e-mail");
    into.holder_id = into.identity_id = login->id;
    return std::nullopt;
  }
  if (login) {
    into.identity_id = login->id;
    into.member = facts.find<&user::member_id, &user::tenant_id>(login->id, where);
    const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(login->id, where);
    if (into.member) into.holder_id = into.member->id;
    if (let_in && let_in->state != delegate_state::removed) into.holder_id = let_in->id;
    if (into.holder_id) return std::nullopt;
  }
  return refuse(status::not_found, "user_unknown", "/email", "nobody in this tenant has this e-mail");
}

} // namespace linecard
