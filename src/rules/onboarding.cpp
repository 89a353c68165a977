#include <linecard/rules/onboarding.hpp>

#include <linecard/model/delegate.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/rules/administrators.hpp>
#include <linecard/rules/admission.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/authorize.hpp>
#include <linecard/rules/editing.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/seats.hpp>
#include <linecard/text/email.hpp>
#include <linecard/text/fold.hpp>
#include <linecard/text/language.hpp>
#include <linecard/text/mac.hpp>

#include <string>

namespace linecard {

namespace {

const team_member& insert_team_member(const user& who, const ingredients& with, changes& out,
                                      const std::optional<std::string>& team_role,
                                      const std::optional<std::string>& forwarding_number) {
  return out.insert(team_member{.user_id = who.id,
                                .tenant_id = who.tenant_id,
                                .team_role = team_role.value_or(std::string(default_team_role)),
                                .forwarding_number = forwarding_number,
                                .bridge_id = new_bridge_id(with)});
}

void give_role(snapshot& facts, const ingredients& with, changes& out, const user& who, id_of<role> role_id) {
  const auto& given = out.insert(grant{.id = with.new_id<grant>(),
                                       .identity_id = who.identity_id,
                                       .holder_id = who.id,
                                       .scope_id = who.tenant_id,
                                       .role_id = role_id,
                                       .granted_at = with.now});
  if (keeps_tenant(given, who.state)) add_administrator(facts, out, who.tenant_id, who.identity_id);
  count_use(facts, out, role_id, +1);
}

std::optional<std::string> mac_of(const device_entry& d) {
  return d.mac ? std::optional(text::mac_key(*d.mac)) : std::nullopt;
}

refusal acceptable_devices(snapshot& facts, changes& out, id_of<tenant> where,
                           const std::vector<device_entry>& devices) {
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto path = "/devices/" + std::to_string(i);
    for (std::size_t j = 0; j < i; ++j)
      if (devices[i].name == devices[j].name)
        return refuse(status::invalid, "device_repeated", path + "/name",
                      "\"" + devices[i].name + "\" stands twice; a user's devices have different names");
      else if (devices[i].mac && mac_of(devices[i]) == mac_of(devices[j]))
        return refuse(status::invalid, "device_repeated", path + "/mac", "two devices have the same hardware address");
    if (auto no = take_mac(facts, out, where, mac_of(devices[i]), nullptr, path + "/mac")) return no;
  }
  return std::nullopt;
}

} // namespace

refusal admit(snapshot& facts, const ingredients& with, changes& out, const adopt_user& newcomer, user_state state,
              bool send_welcome) {
  const auto where = with.tenant_id();
  const auto email = text::email_key(newcomer.email);
  const auto known = facts.find<&identity::email>(email);
  if (known && facts.find<&user::member_id, &user::tenant_id>(known->id, where))
    return refuse(status::conflict, "already_a_user", "/email", "\"" + email + "\" is a user of this tenant already");
  if (known)
    if (const auto let_in = facts.find<&delegate::identity_id, &delegate::tenant_id>(known->id, where);
        let_in && let_in->state != delegate_state::removed) // its grant is the delegation's, never the user's
      return refuse(status::conflict, "already_a_delegate", "/email",
                    "\"" + email + "\" is a delegate of this tenant; remove the delegate first");
  if (newcomer.external_ref && facts.find<&user::tenant_id, &user::external_ref>(where, newcomer.external_ref))
    return refuse(status::conflict, "external_ref_taken", "/external_ref",
                  "\"" + *newcomer.external_ref + "\" belongs to another user of this tenant");
  if (newcomer.extension && facts.find<&extension::tenant_id, &extension::number>(where, *newcomer.extension))
    return refuse(status::conflict, "extension_taken", "/extension",
                  "extension " + *newcomer.extension + " belongs to another user of this tenant");
  if (auto no = acceptable_devices(facts, out, where, newcomer.devices)) return no;
  if (newcomer.package_id)
    if (auto no = also_needs(facts, with, permission::license_assign, "/package_id")) return no;
  id_of<role> role_id;
  if (auto no = find_role(facts, with.who.in, newcomer.role, "/role", role_id)) return no;
  const gift given{known ? known->id : id_of<identity>{}, powers_of(facts, role_id), {}};
  if (auto no = may_give(facts, with.who, given, with.now, "/role")) return no;

  const auto fresh = with.new_id<identity>(); // drawn either way, so that ids tell nothing (I9)
  const user who{.id = with.new_id<user>(),
                 .tenant_id = where,
                 .identity_id = known ? known->id : fresh,
                 .member_id = known ? known->id : fresh,
                 .state = state,
                 .first_name = newcomer.first_name,
                 .last_name = newcomer.last_name,
                 .sort_name = text::sort_name(newcomer.first_name, newcomer.last_name),
                 .language = text::language_key(newcomer.language),
                 .external_ref = newcomer.external_ref,
                 .created_at = with.now};
  if (newcomer.package_id)
    if (auto no = place_seat(facts, with, out, who, *newcomer.package_id, "/package_id")) return no;

  // Nothing below refuses: the seat above is the last thing that could.
  if (known)
    enter_place(facts, out, known);
  else
    out.insert(identity{.id = who.identity_id,
                        .email = email,
                        .email_as_given = newcomer.email,
                        .language = who.language,
                        .places = 1,
                        .created_at = with.now});
  out.insert(who);
  if (role_id != role_id_of(built_in_role::member)) give_role(facts, with, out, who, role_id);
  if (state == user_state::active)
    follow_rule(facts, with, out, who,
                insert_team_member(who, with, out, newcomer.team_role, newcomer.forwarding_number).team_role);
  if (newcomer.extension)
    static_cast<void>(give_extension(facts, out, who, *newcomer.extension, false, "/extension")); // free: asked above
  else if (state == user_state::active)
    give_next_extension(facts, out, who);
  for (const auto& entry : newcomer.devices)
    out.insert(device{.user_id = who.id,
                      .name = entry.name,
                      .tenant_id = where,
                      .description = entry.description,
                      .model = entry.model,
                      .mac = mac_of(entry)});
  if (send_welcome) send_letter_of(facts, with, out, who);
  return std::nullopt;
}

refusal add_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return admit(facts, with, out,
               adopt_user{.first_name = first_name,
                          .last_name = last_name,
                          .email = email,
                          .language = language,
                          .role = role,
                          .package_id = package_id},
               user_state::invited, send_welcome);
}

refusal adopt_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  return admit(facts, with, out, *this, user_state::active, false);
}

refusal activate_user::decide(snapshot& facts, const ingredients& with, changes& out) const {
  fact<user> who;
  if (auto no = find_holder(facts, user_id, "/user_id", who)) return no;
  if (who->state != user_state::invited)
    return refuse(status::conflict, "not_invited", "/user_id",
                  "only an invited user can be activated; this one is " + std::string(word(who->state)));
  if (auto no = may_return(facts, with, who->identity_id, "/user_id")) return no;
  join(facts, with, out, who, team_role);
  return std::nullopt;
}

void join(snapshot& facts, const ingredients& with, changes& out, const fact<user>& who,
          const std::optional<std::string>& team_role) {
  for (const auto& held : facts.list<&seat::user_id>(who->id))
    if (held->state == seat_state::reserved) convert_reservation(facts, out, held);
  out.edit(who).state = user_state::active;
  const auto member = facts.find<&team_member::user_id>(who->id); // of a user who was restored
  if (!member)
    insert_team_member(*who, with, out, team_role, std::nullopt);
  else if (team_role)
    out.edit(member).team_role = *team_role;
  follow_rule(facts, with, out, *who, member->team_role);
  give_next_extension(facts, out, *who);
  void_invitation(facts, out, *who);
}

} // namespace linecard
