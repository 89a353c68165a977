// A tenant with something of every sort, also what must stay behind when it moves.
#pragma once

#include <linecard/rules/exporting.hpp>

#include <linecard/json.hpp>
#include <linecard/model/billing.hpp>

#include "domain_rows.hpp"
#include "new_home.hpp"
#include "rules/lines_kit.hpp"

namespace kit {

inline constexpr std::string_view main_number = "+4930100", mias_number = "+4930200";

struct moving_company : lines_world {
  id_of<user> ina{}, sue{};

  explicit moving_company(std::shared_ptr<store> on = fresh_store()) : lines_world(std::move(on)) {
    run(operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://example.com/terms"});
    run(at_tenant, publish_notice{.text = "Ours.", .terms_link = "https://acme.example/terms"});
    run(admin, define_role{.name = "licensing", .permissions = {"license.view", "license.assign"}});
    run(at_tenant, define_role{.name = "emergency", .permissions = {"audit.view"}, .restricted = {"e911.manage"}});
    run(admin, grant_role{.user_id = max, .role = "licensing", .ends_at = clock->at + 90 * day});
    run(at_tenant, grant_role{.user_id = max, .role = "emergency"});
    run(at_tenant, give_flag{.user_id = max, .flag = flag::manage_e911});
    const add_delegate pat{.first_name = "Pat",
                           .last_name = "Partner",
                           .email = "pat@partner.example",
                           .role = "licensing",
                           .notice_version = must(dir.ask(admin, notice_in_force{})).notice_version,
                           .lapses = true};
    run(admin, activate_delegate{must(dir.run(admin, pat)).created_id<delegate>()});
    ina = invite("Ina", "Invited", "Ina.Invited@acme.example", plus);
    sue = adopt("Sue", "Suspended", "sue@acme.example");
    run(admin, suspend_user{.user_id = sue});
    static_cast<void>(must(deleted(dir, admin, delete_user{adopt("Gil", "Gone", "gil@acme.example")})));
    run(at_tenant, enable_service{.service = "video"});
    run(admin, set_tenant_policy{.undo_days = 3});
    run(at_tenant, add_dids{{std::string(main_number), "+4930300"}});
    run(admin, use_did{.direct_number = std::string(main_number), .use = did_use::main, .label = "reception"});
    number(mia, std::string(mias_number), true);
    run(operator_, declare_attribute{.owner = attribute_owner::did, .name = "rack", .type = attribute_type::integer});
    run(operator_, declare_attribute{.owner = attribute_owner::tenant, .name = "crm", .type = attribute_type::text});
    run(admin, set_did_attributes{std::string(mias_number), {{"rack", "12"}}});
    run(admin, set_did_attributes{std::string(main_number), {{"rack", "-1"}}});
    run(admin, set_tenant_attributes{{{"crm", "A-\"1\""}}});
    run(operator_, retire_package{fax});
    put([&](snapshot& facts, changes& out, id_of<tenant> where) {
      out.insert(subscription{.tenant_id = where,
                              .currency = "EUR",
                              .statement_day = 5,
                              .time_zone = "Europe/Berlin",
                              .number_price_minor = 150,
                              .agreed_at = clock->at});
      out.insert(activity{.user_id = mia, .tenant_id = where, .last_active_at = clock->at + -12345});
      out.insert(assignment_rule{.tenant_id = where, .team_role = "agent", .package_id = plus, .made_at = clock->at});
      out.insert(assignment{.user_id = mia,
                            .tenant_id = where,
                            .team_role = "agent",
                            .package_id = plus,
                            .state = assignment_state::conflict,
                            .reason = "assigned_by_hand",
                            .tried_at = clock->at});
      auto& pool = out.edit(facts.find<&seat_pool::tenant_id, &seat_pool::package_id>(where, plus));
      pool.included = 1, pool.purchase_limit = 20, pool.charging = seat_charging::purchased;
      pool.overage = overage_policy::grace, pool.grace_seats = 2, pool.grace_percent = 10;
    });
  }
  template <class C> void run(const actor& by, const C& c) { static_cast<void>(must(dir.run(by, c))); }
  import_tenant document() { return must(dir.ask(at_tenant, export_tenant{})); }
  std::vector<attribute_row> fields() { return must(dir.ask(admin, attributes{})).attributes; }
};

inline std::string first_flaw(store& in) {
  const auto wrong = domain::inspector(domain::rows(in)).found();
  return wrong.empty() ? "" : wrong.front();
}

} // namespace kit
