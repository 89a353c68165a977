// Every command and query, once. A name added here is in C++, C, JSON, schema, Python's check and the tests.
#pragma once

#include <linecard/rules/acting_on.hpp>
#include <linecard/rules/activity.hpp>
#include <linecard/rules/advising.hpp>
#include <linecard/rules/assigning.hpp>
#include <linecard/rules/attributes.hpp>
#include <linecard/rules/auditing.hpp>
#include <linecard/rules/backup_address.hpp>
#include <linecard/rules/delegation.hpp>
#include <linecard/rules/departing.hpp>
#include <linecard/rules/editing.hpp>
#include <linecard/rules/errands.hpp>
#include <linecard/rules/expiring.hpp>
#include <linecard/rules/explaining.hpp>
#include <linecard/rules/exporting.hpp>
#include <linecard/rules/granting.hpp>
#include <linecard/rules/guarding.hpp>
#include <linecard/rules/importing.hpp>
#include <linecard/rules/invitations.hpp>
#include <linecard/rules/licensing.hpp>
#include <linecard/rules/mailing.hpp>
#include <linecard/rules/numbering.hpp>
#include <linecard/rules/onboarding.hpp>
#include <linecard/rules/organising.hpp>
#include <linecard/rules/packaging.hpp>
#include <linecard/rules/passwords.hpp>
#include <linecard/rules/people.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/reconciling.hpp>
#include <linecard/rules/replacing.hpp>
#include <linecard/rules/shrinking.hpp>
#include <linecard/rules/signing_in.hpp>
#include <linecard/rules/standing.hpp>
#include <linecard/rules/subscribing.hpp>

#include <span>

namespace linecard {

template <class... T> struct verb_list {};

using all_commands =
    verb_list<bootstrap_operator, create_container, create_tenant, enable_service, disable_service, define_package,
              retire_package, offer_package, withdraw_package, set_seat_pool, add_user, adopt_user, activate_user,
              import_users, reconcile, record_denial, assign_package, change_package, unassign_package, assign_packages,
              change_packages, unassign_packages, register_permission, define_role, change_role, delete_role,
              grant_role, revoke_role, give_flag, take_flag, suspend_user, resume_user, delete_user, suspend_identity,
              resume_identity, delete_identity, replace_owner, publish_notice, add_delegate, activate_delegate,
              remove_delegate, review_delegate, acknowledge_notice, take_delivery, note_delivery, retry_message,
              send_invitation, send_delegate_invitation, accept_invitation, correct_address, cancel_invitation,
              start_password_reset, request_password_reset, complete_password_reset, adopt_password, sign_in,
              confirm_code, set_second_factor, sign_out, end_sessions, set_backup_address, confirm_backup_address,
              remove_backup_address, answer_reset_request, note_session_use, forget_expired, rotate_host_key,
              set_extension_range, change_extension, release_extension, set_international, add_dids, remove_dids,
              attach_did, use_did, detach_did, set_e911, edit_user, edit_own_line, set_device, remove_device,
              get_number, take_errand, settle_errand, retry_errand, cancel_errand, check_voicemail_pin, reseal_pins,
              declare_attribute, set_user_attributes, set_did_attributes, set_tenant_attributes, set_tenant_policy,
              restore_user, erase_user, replace_person, undo_replacement, set_assignment_rule, remove_assignment_rule,
              retry_assignments, retry_failed_assignments, note_activity, set_subscription, buy_seats, shrink_pool,
              import_tenant>;

using all_queries =
    verb_list<users, find_user, selectable_packages, seat_pools, why_unassigned, why_role_unchanged, entitled,
              check_import, audit, changes_since, verify_audit, denials, permissions, roles, grants, who_can, what_can,
              explain, available_actions, notice_in_force, delegates, messages, invitations, sessions, own_login,
              own_line, dids, extensions, errands, attributes, attribute_values, tenant_policy_in_force, deleted_users,
              strandings, replacements, assignment_rules, assignments, idle_seats, subscription_in_force,
              statement_preview, recommend_package, shrink_plan, export_tenant>;

/// Commands, then queries, in the order above.
[[nodiscard]] std::span<const verb* const> verbs();
/// Nothing when there is no such operation.
[[nodiscard]] const verb* verb_named(std::string_view name);

} // namespace linecard
