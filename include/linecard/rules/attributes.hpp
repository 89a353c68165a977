// Fields of the host's own: declared once for the platform, then set on tenants, users and direct numbers.
#pragma once

#include <linecard/model/attribute.hpp>
#include <linecard/model/line.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// `name` is any one line, such as cost-centre. Declared already, it gets this `searched` and description; a field is
/// declared for good, and where no values are set it shows nowhere. Only users are searched. Refuses "type_fixed"
/// (values may exist), "search_of_users". Since 0.1.
struct declare_attribute {
  attribute_owner owner{};
  std::string name{};
  attribute_type type{};
  bool searched{};
  std::string description{};
  static constexpr auto needs = permission::attribute_declare;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Declares a field of the host's own on tenants, users or direct numbers.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(declare_attribute, (), (owner, name, type, searched, description))

/// Without `content` the value is taken away. Content is text on every face, written as the declared type wants it:
/// 42, true, 2026-11-22; text holds at least one character.
struct attribute_entry {
  std::string name{};
  std::optional<std::string> content{};
};
BOOST_DESCRIBE_STRUCT(attribute_entry, (), (name, content))

/// Those not named stay. Refuses "user_unknown", "target_exceeds_own", "attribute_unknown", "name_repeated",
/// "content_invalid" (not of the declared type), path of the entry. Since 0.1.
struct set_user_attributes {
  id_of<user> user_id{};
  std::vector<attribute_entry> entries{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Sets fields of the host's own on a user.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_user_attributes, (), (user_id, entries))

/// As set_user_attributes, of a number in the tenant's inventory ("did_unknown"). Since 0.1.
struct set_did_attributes {
  std::string direct_number{};
  std::vector<attribute_entry> entries{};
  static constexpr auto needs = permission::number_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Sets fields of the host's own on a direct number.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_did_attributes, (), (direct_number, entries))

/// As set_user_attributes, of the tenant acted in. Since 0.1.
struct set_tenant_attributes {
  std::vector<attribute_entry> entries{};
  static constexpr auto needs = permission::company_configure;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Sets fields of the host's own on the tenant.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(set_tenant_attributes, (), (entries))

struct attribute_row {
  attribute_owner owner{};
  std::string name{};
  attribute_type type{};
  bool searched{};
  std::string description{};
};
BOOST_DESCRIBE_STRUCT(attribute_row, (), (owner, name, type, searched, description))
struct attributes_answer {
  std::vector<attribute_row> attributes{};
};
BOOST_DESCRIBE_STRUCT(attributes_answer, (), (attributes))

/// Since 0.1.
struct attributes {
  using answer = attributes_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "The fields of the host's own that were declared.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(attributes, (), ())

struct attribute_values_answer {
  std::vector<attribute_entry> entries{};
};
BOOST_DESCRIBE_STRUCT(attribute_values_answer, (), (entries))

/// Of a user, of a direct number, or, with neither, of the tenant. Refuses "one_key_needed" (both), "user_unknown",
/// "did_unknown". Since 0.1.
struct attribute_values {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> direct_number{};
  using answer = attribute_values_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Values of the host's own fields, of a user, a number or the tenant.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(attribute_values, (), (user_id, direct_number))

/// Refuses "attribute_unknown", "content_invalid", at `path`/name and `path`/content.
[[nodiscard]] refusal acceptable_value(snapshot& facts, attribute_owner owner, const std::string& name,
                                       const std::optional<std::string>& content, const std::string& path);

/// Of a user, by name.
[[nodiscard]] std::vector<attribute_entry> attributes_of(snapshot& facts, const user& who);

/// The users of the tenant who are found by what they hold in a searched field. `folded` as text::fold gives it.
[[nodiscard]] std::vector<id_of<user>> users_with_attribute(snapshot& facts, id_of<tenant> where,
                                                            std::string_view folded);

/// What is said of a number: all of it, or what is about a user.
enum class said_of { all, user };
void drop_attributes(snapshot& facts, changes& out, const did& number, said_of which);
/// All that is said about the user, of the user's numbers too.
void drop_attributes(snapshot& facts, changes& out, id_of<user> about);

} // namespace linecard
