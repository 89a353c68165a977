#include <linecard/rules/importing.hpp>

#include <linecard/model/package.hpp>
#include <linecard/model/vocabulary.hpp>
#include <linecard/rules/admission.hpp>
#include <linecard/text/csv.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace linecard {

namespace {

/// A profile is a map from header words to members of adopt_user; "package" is looked up by name.
struct column_map {
  std::string_view header{}, member{};
  bool required{};
};

constexpr std::array<column_map, 9> plain_columns{{{"email", "email", true},
                                                   {"first_name", "first_name", true},
                                                   {"last_name", "last_name", true},
                                                   {"language", "language", false},
                                                   {"package", "package_id", false},
                                                   {"extension", "extension", false},
                                                   {"external_ref", "external_ref", false},
                                                   {"team_role", "team_role", false},
                                                   {"forwarding_number", "forwarding_number", false}}};
constexpr std::array<column_map, 4> threecx_columns{{{"Number", "extension", true},
                                                     {"FirstName", "first_name", true},
                                                     {"LastName", "last_name", true},
                                                     {"EmailAddress", "email", true}}};

constexpr std::size_t most_rows = 10'000; // one transaction: the writer must not be held for long

struct plan {
  text::csv_table csv{};
  import_profile profile{};
  std::vector<std::string_view> member_of{}; ///< for each csv column; empty: ignored
};

bool fits(std::span<const column_map> columns, const std::vector<std::string>& header) {
  for (const auto& c : columns)
    if (c.required && std::find(header.begin(), header.end(), c.header) == header.end()) return false;
  return true;
}

refusal read(const std::string& csv, plan& into) {
  if (auto flaw = text::parse_csv(csv, into.csv))
    return refuse(status::invalid, "csv_malformed", "/csv",
                  "line " + std::to_string(flaw->line) + ": " + flaw->message);
  if (into.csv.rows.size() > most_rows)
    return refuse(status::limit, "csv_too_long", "/csv", "a file may have 10000 rows; split it");
  std::span<const column_map> columns;
  if (fits(plain_columns, into.csv.header))
    columns = plain_columns, into.profile = import_profile::plain;
  else if (fits(threecx_columns, into.csv.header))
    columns = threecx_columns, into.profile = import_profile::threecx;
  else
    return refuse(
        status::invalid, "header_unknown", "/csv",
        "the header fits no profile; expected email, first_name, last_name (plain) or Number, FirstName, LastName, "
        "EmailAddress (3CX)");
  for (const auto& word : into.csv.header) {
    auto& member = into.member_of.emplace_back();
    for (const auto& c : columns)
      if (c.header == word) member = c.member;
  }
  return std::nullopt;
}

void set_member(adopt_user& row, std::string_view member, const std::string& cell) {
  for (const auto& f : fields_of<adopt_user>)
    if (f.name == member) static_cast<void>(f.set(&row, text_value(cell)));
}

/// The refusal's path becomes the header's own word.
std::string column_named(const plan& from, std::string_view path) {
  const auto member = path.substr(0, path.find('/', 1));
  for (std::size_t c = 0; c < from.member_of.size(); ++c)
    if (!member.empty() && from.member_of[c] == member.substr(1)) return from.csv.header[c];
  return {};
}

refusal import_row(snapshot& facts, const ingredients& with, changes& out, const plan& from, const text::csv_row& row,
                   adopt_user& newcomer) {
  std::string package_name;
  for (std::size_t c = 0; c < from.member_of.size(); ++c) {
    const auto& cell = row.cells[c];
    if (from.member_of[c] == "package_id")
      package_name = cell;
    else if (!cell.empty() && !from.member_of[c].empty())
      set_member(newcomer, from.member_of[c], cell);
  }
  if (auto no = validate(fields_of<adopt_user>, &newcomer)) return no;
  if (!package_name.empty()) {
    const auto sku = facts.find<&package::name>(package_name);
    if (!sku)
      return refuse(status::not_found, "package_unknown", "/package_id",
                    "there is no package named \"" + package_name + "\"");
    newcomer.package_id = sku->id;
  }
  return admit(facts, with, out, newcomer, user_state::active, false);
}

} // namespace

refusal check_import::ask(snapshot& facts, const ingredients& with, answer& into) const {
  plan from;
  if (auto no = read(csv, from)) return no;
  changes scratch(facts); // never applied: the dry run is the import itself, stopped one step earlier
  into.profile = from.profile;
  for (std::size_t c = 0; c < from.member_of.size(); ++c)
    if (from.member_of[c].empty()) into.ignored_columns.push_back(from.csv.header[c]);
  for (const auto& row : from.csv.rows) {
    adopt_user newcomer;
    const auto no = import_row(facts, with, scratch, from, row, newcomer);
    ++(no ? into.refused : into.accepted);
    auto& verdict = into.verdicts.emplace_back(
        import_verdict{.line = static_cast<std::int32_t>(row.line), .email = newcomer.email, .accepted = !no});
    if (no) verdict.column = column_named(from, no->path), verdict.reason = no->reason, verdict.message = no->message;
  }
  return std::nullopt;
}

refusal import_users::decide(snapshot& facts, const ingredients& with, changes& out) const {
  plan from;
  if (auto no = read(csv, from)) return no;
  std::size_t good = 0;
  for (const auto& row : from.csv.rows) {
    adopt_user newcomer;
    const auto no = import_row(facts, with, out, from, row, newcomer);
    if (no && policy == import_policy::all_or_nothing)
      return refuse(no->code, "row_refused", "/csv",
                    "line " + std::to_string(row.line) + ", column \"" + column_named(from, no->path) +
                        "\": " + no->message + "; nothing was imported, check_import lists every row");
    good += !no;
  }
  if (good == 0)
    return refuse(status::conflict, "no_good_row", "/csv", "no row can be imported; check_import says why for each");
  return std::nullopt;
}

} // namespace linecard
