// What every command and query demands: a permission, a scope, and where the role holds it restricted, a flag.
#include "rules/samples.hpp"

using namespace kit;
using namespace samples;

namespace {

struct demand {
  std::string_view needs{};
  scope_level at{};
};

/// Written by hand, to be read beside what the headers say.
const std::map<std::string_view, demand>& demands() {
  using enum scope_level;
  static const std::map<std::string_view, demand> all{
      {"bootstrap_operator", {"nobody", platform}},
      {"create_container", {"container.manage", platform}},
      {"create_tenant", {"tenant.manage", container}},
      {"enable_service", {"service.manage", tenant}},
      {"disable_service", {"service.manage", tenant}},
      {"define_package", {"package.manage", platform}},
      {"retire_package", {"package.manage", platform}},
      {"offer_package", {"offer.manage", tenant}},
      {"withdraw_package", {"offer.manage", tenant}},
      {"set_seat_pool", {"seat_pool.manage", tenant}},
      {"set_subscription", {"seat_pool.manage", tenant}},
      {"subscription_in_force", {"billing.manage", tenant}},
      {"buy_seats", {"billing.manage", tenant}},
      {"statement_preview", {"billing.manage", tenant}},
      {"recommend_package", {"license.view", tenant}},
      {"add_user", {"user.manage", tenant}},
      {"adopt_user", {"user.manage", tenant}},
      {"activate_user", {"user.manage", tenant}},
      {"import_users", {"user.manage", tenant}},
      {"reconcile", {"user.manage", tenant}},
      {"record_denial", {"nobody", any}},
      {"assign_package", {"license.assign", tenant}},
      {"change_package", {"license.assign", tenant}},
      {"unassign_package", {"license.assign", tenant}},
      {"assign_packages", {"license.assign", tenant}},
      {"change_packages", {"license.assign", tenant}},
      {"unassign_packages", {"license.assign", tenant}},
      {"register_permission", {"permission.register", platform}},
      {"define_role", {"role.manage", any}},
      {"change_role", {"role.manage", any}},
      {"delete_role", {"role.manage", any}},
      {"grant_role", {"grant.manage", any}},
      {"revoke_role", {"grant.manage", any}},
      {"give_flag", {"grant.manage", any}},
      {"take_flag", {"grant.manage", any}},
      {"suspend_user", {"user.manage", tenant}},
      {"resume_user", {"user.manage", tenant}},
      {"delete_user", {"user.manage", tenant}},
      {"restore_user", {"user.manage", tenant}},
      {"erase_user", {"user.manage", tenant}},
      {"deleted_users", {"user.manage", tenant}},
      {"replace_person", {"user.manage", tenant}},
      {"undo_replacement", {"user.manage", tenant}},
      {"replacements", {"user.manage", tenant}},
      {"set_assignment_rule", {"license.assign", tenant}},
      {"remove_assignment_rule", {"license.assign", tenant}},
      {"retry_assignments", {"license.assign", tenant}},
      {"retry_failed_assignments", {"license.assign", tenant}},
      {"assignment_rules", {"license.view", tenant}},
      {"assignments", {"license.view", tenant}},
      {"note_activity", {"activity.report", tenant}},
      {"idle_seats", {"license.view", tenant}},
      {"strandings", {"license.view", tenant}},
      {"set_tenant_policy", {"user.manage", tenant}},
      {"tenant_policy_in_force", {"license.view", tenant}},
      {"suspend_identity", {"identity.manage", platform}},
      {"resume_identity", {"identity.manage", platform}},
      {"delete_identity", {"identity.manage", platform}},
      {"replace_owner", {"owner.replace", tenant}},
      {"publish_notice", {"notice.publish", any}},
      {"add_delegate", {"delegate.manage", tenant}},
      {"activate_delegate", {"delegate.manage", tenant}},
      {"remove_delegate", {"delegate.manage", tenant}},
      {"review_delegate", {"delegate.manage", tenant}},
      {"acknowledge_notice", {"delegate.manage", tenant}},
      {"send_invitation", {"user.manage", tenant}},
      {"send_delegate_invitation", {"delegate.manage", tenant}},
      {"accept_invitation", {"anybody", any}},
      {"correct_address", {"user.manage", tenant}},
      {"cancel_invitation", {"user.manage", tenant}},
      {"start_password_reset", {"user.manage", tenant}},
      {"request_password_reset", {"anybody", platform}},
      {"complete_password_reset", {"anybody", any}},
      {"adopt_password", {"user.manage", tenant}},
      {"sign_in", {"anybody", platform}},
      {"confirm_code", {"anybody", platform}},
      {"set_second_factor", {"anybody", platform}},
      {"sign_out", {"anybody", any}},
      {"end_sessions", {"anybody", platform}},
      {"set_backup_address", {"anybody", platform}},
      {"confirm_backup_address", {"anybody", any}},
      {"remove_backup_address", {"anybody", platform}},
      {"own_login", {"anybody", platform}},
      {"own_line", {"anybody", tenant}},
      {"answer_reset_request", {"nobody", platform}},
      {"note_session_use", {"nobody", platform}},
      {"forget_expired", {"nobody", any}},
      {"rotate_host_key", {"nobody", platform}},
      {"declare_attribute", {"attribute.declare", platform}},
      {"set_user_attributes", {"user.manage", tenant}},
      {"set_did_attributes", {"number.configure", tenant}},
      {"set_tenant_attributes", {"company.configure", tenant}},
      {"attributes", {"license.view", any}},
      {"attribute_values", {"license.view", tenant}},
      {"set_extension_range", {"number.configure", tenant}},
      {"change_extension", {"number.configure", tenant}},
      {"release_extension", {"number.configure", tenant}},
      {"set_international", {"international.manage", tenant}},
      {"add_dids", {"number.provision", tenant}},
      {"remove_dids", {"number.provision", tenant}},
      {"attach_did", {"number.configure", tenant}},
      {"use_did", {"company.configure", tenant}},
      {"detach_did", {"number.configure", tenant}},
      {"set_e911", {"e911.manage", tenant}},
      {"edit_user", {"user.manage", tenant}},
      {"edit_own_line", {"anybody", tenant}},
      {"set_device", {"user.manage", tenant}},
      {"remove_device", {"user.manage", tenant}},
      {"get_number", {"number.configure", tenant}},
      {"take_errand", {"nobody", any}},
      {"settle_errand", {"nobody", any}},
      {"retry_errand", {"license.view", tenant}},
      {"cancel_errand", {"license.view", tenant}},
      {"reseal_pins", {"nobody", platform}},
      {"dids", {"number.configure", tenant}},
      {"extensions", {"number.configure", tenant}},
      {"check_voicemail_pin", {"user.manage", tenant}},
      {"errands", {"license.view", tenant}},
      {"take_delivery", {"nobody", any}},
      {"note_delivery", {"nobody", any}},
      {"retry_message", {"user.manage", any}},
      {"users", {"license.view", tenant}},
      {"find_user", {"license.view", tenant}},
      {"selectable_packages", {"license.view", tenant}},
      {"seat_pools", {"license.view", tenant}},
      {"why_unassigned", {"license.view", tenant}},
      {"why_role_unchanged", {"license.view", tenant}},
      {"entitled", {"license.view", tenant}},
      {"check_import", {"user.manage", tenant}},
      {"audit", {"audit.view", any}},
      {"changes_since", {"audit.view", any}},
      {"verify_audit", {"audit.view", any}},
      {"denials", {"audit.view", any}},
      {"permissions", {"authority.view", any}},
      {"roles", {"authority.view", any}},
      {"grants", {"authority.view", any}},
      {"who_can", {"authority.view", any}},
      {"what_can", {"authority.view", any}},
      {"explain", {"authority.view", any}},
      {"available_actions", {"license.view", tenant}},
      {"notice_in_force", {"authority.view", any}},
      {"delegates", {"authority.view", tenant}},
      {"messages", {"user.manage", any}},
      {"invitations", {"user.manage", tenant}},
      {"sessions", {"anybody", platform}},
      {"import_tenant", {"tenant.manage", container}},
      {"export_tenant", {"tenant.manage", tenant}},
      {"shrink_plan", {"license.view", tenant}},
      {"shrink_pool", {"seat_pool.manage", tenant}},
  };
  return all;
}

constexpr std::string_view one = "one@acme.example";

any_id scope_of(const world& w, scope_level at) {
  return at == scope_level::platform    ? any_id{w.operator_.in().platform_id}
         : at == scope_level::container ? any_id{w.container_id}
                                        : any_id{w.tenant_id};
}

/// Somebody whose rights in one scope are those of a role made for the purpose.
class bearer {
public:
  bearer(world& w, any_id where) : w_(w), gives_(must(w.dir.open_actor(w.operator_.identity_id(), where))) {
    if (narrow<tenant>(where)) w.adopt("One", "O", std::string(one));
    run(define_role{.name = "made", .permissions = {"api_key.view"}});
    run(grant_role{.email = std::string(one), .role = "made"});
    as_ = must(w.dir.open_actor(one, where));
  }
  void holds(std::vector<std::string> plain, std::vector<std::string> restricted = {}) {
    run(change_role{.role = "made", .permissions = std::move(plain), .restricted = std::move(restricted)});
  }
  void gets(flag f) { run(give_flag{.email = std::string(one), .flag = f}); }
  /// What is missing, when it is the permission that the operation needs; other refusals come after it.
  std::string lacks(const verb& v, const void* object) {
    const auto no = attempt(w_, as_, v, object);
    const auto needed = "hold " + std::string(name_of(v.needs)) + " ";
    return no && no->reason == "permission_denied" && no->message.find(needed) != std::string::npos ? no->message : "";
  }

private:
  template <class C> void run(const C& c) { static_cast<void>(must(w_.dir.run(gives_, c))); }
  world& w_;
  actor gives_, as_{};
};

} // namespace

TEST_CASE("I12 every operation says which permission it needs and where, as this table does") {
  for (const auto* v : verbs()) {
    const auto it = demands().find(v->name);
    REQUIRE_MESSAGE(it != demands().end(), "say in this table what " << v->name << " demands");
    CHECK_MESSAGE(name_of(v->needs) == it->second.needs, v->name);
    CHECK_MESSAGE(v->acts_in == it->second.at, v->name);
  }
  CHECK(demands().size() == verbs().size());
}

TEST_CASE(
    "I12 each operation is let through by its permission alone, and by no other; restricted, by the flag as well") {
  for_every_verb([](world& w, const verb& v, whom by, erased& object) {
    if (by == whom::system || v.needs == permission::anybody) return;
    const auto where = scope_of(w, by == whom::platform    ? scope_level::platform
                                   : by == whom::container ? scope_level::container
                                                           : scope_level::tenant);
    bearer b(w, where);
    const std::string needed(name_of(v.needs));
    std::vector<std::string> others;
    for (const auto name : permission_names)
      if (name != needed && name != name_of(permission::nobody)) others.emplace_back(name);
    b.holds(others);
    CHECK(b.lacks(v, object.room).find("does not have it") != std::string::npos);
    if (restrictable.has(v.needs)) {
      b.holds({"api_key.view"}, {needed});
      const auto why = b.lacks(v, object.room);
      const auto second_key = guard_of(v.needs).value();
      CHECK(why.find("the flag " + std::string(word(second_key)) + " is missing") != std::string::npos);
      b.gets(second_key);
      CHECK(b.lacks(v, object.room).empty());
    } else {
      b.holds({needed});
      CHECK(b.lacks(v, object.room).empty());
    }
  });
}
