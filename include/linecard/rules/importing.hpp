// Users from a CSV export, by header-driven profiles. Dry run and import are the same plan.
#pragma once

#include <linecard/rules/verb.hpp>

namespace linecard {

enum class import_profile { plain, threecx };
BOOST_DESCRIBE_ENUM(import_profile, plain, threecx)
enum class import_policy { all_or_nothing, good_rows };
BOOST_DESCRIBE_ENUM(import_policy, all_or_nothing, good_rows)

/// What becomes of one row. `line` counts physical lines from 1, the header being the first; `column` is the
/// header's own word.
struct import_verdict {
  std::int32_t line{};
  std::string email{};
  bool accepted{};
  std::string column{};
  std::string reason{};
  std::string message{};
};
BOOST_DESCRIBE_STRUCT(import_verdict, (), (line, email, accepted, column, reason, message))

struct check_import_answer {
  import_profile profile{};
  std::int32_t accepted{};
  std::int32_t refused{};
  std::vector<std::string> ignored_columns{};
  std::vector<import_verdict> verdicts{};
};
BOOST_DESCRIBE_STRUCT(check_import_answer, (), (profile, accepted, refused, ignored_columns, verdicts))

/// Profiles, recognised by their header:
///   plain    email, first_name, last_name [, language, package, extension, external_ref, team_role, forwarding_number]
///   threecx  Number, FirstName, LastName, EmailAddress (3CX user export; other columns are ignored)
/// `package` names a package ("Basic"); empty leaves the user Unassigned. At most 4,000,000 characters and
/// 10,000 rows. Refuses "csv_malformed", "csv_too_long", "header_unknown". Since 0.1.
struct check_import {
  std::string csv{};
  using answer = check_import_answer;
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "Dry run of import_users: the verdict for each row, naming line and column.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(check_import, (), (csv))

/// Adopts each row as an active user. Under all_or_nothing the first bad row refuses all, "row_refused".
/// Refuses "csv_malformed", "csv_too_long", "header_unknown", "no_good_row". Since 0.1.
struct import_users {
  std::string csv{};
  import_policy policy{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Adopts the users of a CSV export, all rows or only the good ones.";
  [[nodiscard]] refusal decide(snapshot&, const ingredients&, changes&) const;
};
BOOST_DESCRIBE_STRUCT(import_users, (), (csv, policy))

} // namespace linecard
