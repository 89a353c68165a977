// Every table of the directory, in the order `prepare` makes them. Names are public.
#pragma once

#include <linecard/model/assignment.hpp>
#include <linecard/model/attribute.hpp>
#include <linecard/model/audit.hpp>
#include <linecard/model/authority.hpp>
#include <linecard/model/billing.hpp>
#include <linecard/model/credential.hpp>
#include <linecard/model/delegate.hpp>
#include <linecard/model/denial.hpp>
#include <linecard/model/handover.hpp>
#include <linecard/model/identity.hpp>
#include <linecard/model/line.hpp>
#include <linecard/model/message.hpp>
#include <linecard/model/organisation.hpp>
#include <linecard/model/package.hpp>

#include <array>

namespace linecard {

inline constexpr std::array<const table_info*, 53> schema{
    &info_of<platform>,
    &info_of<container>,
    &info_of<tenant>,
    &info_of<service>,
    &info_of<identity>,
    &info_of<grant>,
    &info_of<user>,
    &info_of<team_member>,
    &info_of<extension>,
    &info_of<device>,
    &info_of<package>,
    &info_of<package_feature>,
    &info_of<package_service>,
    &info_of<offer>,
    &info_of<seat_pool>,
    &info_of<seat>,
    &info_of<message>,
    &info_of<audit_head>,
    &info_of<audit_entry>,
    &info_of<audit_value>,
    &info_of<denial>,
    &info_of<host_permission>,
    &info_of<role>,
    &info_of<role_permission>,
    &info_of<held_flag>,
    &info_of<delegate>,
    &info_of<access_notice>,
    &info_of<authority_epoch>,
    &info_of<authority_change>,
    &info_of<delivery>,
    &info_of<credential>,
    &info_of<challenge>,
    &info_of<session>,
    &info_of<rate_bucket>,
    &info_of<backup_address>,
    &info_of<session_use>,
    &info_of<reset_request>,
    &info_of<departure>,
    &info_of<did>,
    &info_of<did_claim>,
    &info_of<number_range>,
    &info_of<line_epoch>,
    &info_of<line_change>,
    &info_of<replacement>,
    &info_of<replaced_item>,
    &info_of<errand>,
    &info_of<attribute>,
    &info_of<attribute_value>,
    &info_of<tenant_policy>,
    &info_of<subscription>,
    &info_of<activity>,
    &info_of<assignment_rule>,
    &info_of<assignment>,
};

} // namespace linecard
