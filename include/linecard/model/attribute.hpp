// Fields of the host's own on tenants, users and direct numbers: declared once, typed, and then data like any other.
#pragma once

#include <linecard/model/ids.hpp>
#include <linecard/record.hpp>

namespace linecard {

enum class attribute_owner { tenant = 1, user, did };
BOOST_DESCRIBE_ENUM(attribute_owner, tenant, user, did)
/// How a value is written: text: one line; integer: decimal, 64 bits; boolean: true or false; date: RFC 3339 full-date.
enum class attribute_type { text = 1, integer, boolean, date };
BOOST_DESCRIBE_ENUM(attribute_type, text, integer, boolean, date)

/// `searched`: users are found by its value, too.
struct attribute {
  attribute_owner owner{};
  std::string name{};
  attribute_type type{};
  bool searched{};
  std::string about{};
};
BOOST_DESCRIBE_STRUCT(attribute, (), (owner, name, type, searched, about))
template <>
inline constexpr auto table<attribute> = record<attribute>("attributes", key<&attribute::owner, &attribute::name>);

/// `subject` is the user's id as text, the direct number, or empty for the tenant itself. What is said of a number
/// while it is a user's is about that user, and goes when the number is released or the user is erased.
struct attribute_value {
  id_of<tenant> tenant_id{};
  attribute_owner owner{};
  std::string subject{};
  std::string name{};
  std::string content{};
  std::optional<id_of<user>> user_id{}; ///< whom it is about; none: the number or the tenant itself
};
BOOST_DESCRIBE_STRUCT(attribute_value, (), (tenant_id, owner, subject, name, content, user_id))
template <>
inline constexpr auto table<attribute_value> = record<attribute_value>(
    "attribute_values",
    key<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::subject, &attribute_value::name>,
    index<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::name>,
    index<&attribute_value::user_id>, personal<&attribute_value::content>, of_tenant<&attribute_value::tenant_id>,
    about_person<&attribute_value::user_id>);

} // namespace linecard
