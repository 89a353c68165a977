#include <linecard/rules/organising.hpp>

#include <linecard/model/identity.hpp>
#include <linecard/rules/roles.hpp>
#include <linecard/secrets/source.hpp>
#include <linecard/text/email.hpp>

namespace linecard {

namespace {
refusal name_taken(const std::string& name) {
  return refuse(status::conflict, "name_taken", "/name", "the name \"" + name + "\" is in use already; choose another");
}
} // namespace

refusal bootstrap_operator::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto root = facts.find<&platform::id>(with.who.in.platform_id);
  if (!root || root->operator_id)
    return refuse(status::conflict, "already_bootstrapped", "", "this directory has its first operator already");
  const auto who = with.new_id<identity>();
  out.insert(identity{
      .id = who, .email = text::email_key(email), .email_as_given = email, .language = "en", .created_at = with.now});
  out.insert(grant{.id = with.new_id<grant>(),
                   .identity_id = who,
                   .holder_id = who,
                   .scope_id = with.who.in.platform_id,
                   .role_id = role_id_of(built_in_role::operator_),
                   .granted_at = with.now});
  for (const auto f : every_flag) // who gives a flag must hold it: the first ones come from nowhere
    out.insert(held_flag{.id = with.new_id<held_flag>(),
                         .identity_id = who,
                         .holder_id = who,
                         .scope_id = with.who.in.platform_id,
                         .flag = f,
                         .given_at = with.now});
  out.edit(root).operator_id = who;
  return std::nullopt;
}

refusal rotate_host_key::decide(snapshot& facts, const ingredients& with, changes& out) const {
  out.edit(facts.find<&platform::id>(with.who.in.platform_id)).key_check = with.secrets->key_check();
  return std::nullopt;
}

refusal create_container::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (facts.find<&container::name>(name)) return name_taken(name);
  out.insert(container{.id = with.new_id<container>(), .name = name, .created_at = with.now});
  return std::nullopt;
}

refusal create_tenant::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto inside = with.who.in.container_id;
  if (facts.find<&tenant::container_id, &tenant::name>(inside, name)) return name_taken(name);
  out.insert(tenant{.id = with.new_id<tenant>(), .container_id = inside, .name = name, .created_at = with.now});
  return std::nullopt;
}

refusal enable_service::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (!facts.find<&linecard::service::tenant_id, &linecard::service::name>(with.tenant_id(), service))
    out.insert(linecard::service{.tenant_id = with.tenant_id(), .name = service, .enabled_at = with.now});
  return std::nullopt;
}

refusal disable_service::decide(snapshot& facts, const ingredients& with, changes& out) const {
  if (const auto enabled =
          facts.find<&linecard::service::tenant_id, &linecard::service::name>(with.tenant_id(), service))
    out.erase(enabled);
  return std::nullopt;
}

} // namespace linecard
