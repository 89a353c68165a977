// The main job on real input: a company's export is imported, seats are given out until none is left, a change is
// previewed, made and proved; the month's statement; at the end somebody new gets a letter. examples/quickstart.sh
// builds and runs it.
#include <linecard/linecard.hpp>
#include <linecard/text/money.hpp>
#include <linecard/text/utf8.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

using namespace linecard;

namespace {

void heading(const std::string& text) { std::cout << "\n== " << text << "\n\n"; }

/// A cell padded by characters, not bytes, so that accents keep the columns straight.
std::string cell(std::string text, std::size_t width) {
  const auto length = text::code_points(text);
  if (length < width) text.append(width - length, ' ');
  return text + "  ";
}

std::string right(std::string text, std::size_t width) {
  const auto length = text::code_points(text);
  if (length < width) text.insert(0, width - length, ' ');
  return text + "  ";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void print_pools(directory& dir, const actor& admin) {
  std::cout << cell("Package", 8) << "Purchased  Used  Free\n";
  for (const auto& pool : dir.ask(admin, seat_pools{}).value().pools)
    std::printf("%-8s  %9d  %4d  %4d\n", pool.name.c_str(), pool.purchased, pool.used, pool.free), std::fflush(stdout);
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

void print_users(directory& dir, const actor& admin, const users& which) {
  const auto page = dir.ask(admin, which).value();
  std::map<std::string, std::string> price;
  for (const auto& sku : dir.ask(admin, selectable_packages{}).value().packages)
    price[sku.name] = text::money(sku.price_minor, sku.currency);
  std::cout << cell("", 4) << cell("Name", 26) << cell("E-mail", 36) << cell("Ext.", 6) << cell("Number", 14)
            << cell("Package", 12) << "Seat a month\n";
  for (const auto& row : page.users) {
    const auto line = dir.ask(admin, find_user{.user_id = row.user_id}).value();
    std::cout << cell(row.initials, 4) << cell(row.name + (row.administrator ? " [admin]" : ""), 26)
              << cell(row.email, 36) << cell(joined(line.extensions), 6) << cell(joined(line.direct_numbers), 14)
              << cell(row.package, 12) << price[row.package] << "\n";
  }
  if (page.next) std::cout << "... and more: ask again with after=" << to_text(*page.next) << "\n";
}

void print_statement(const statement_preview_answer& s) {
  std::cout << s.period_first << " to " << s.period_last << "\n\n"
            << cell("Item", 46) << right("Qty", 5) << right("Price", 12) << right("Amount", 14) << "\n";
  for (const auto& line : s.lines)
    std::cout << cell(line.text, 46) << right(std::to_string(line.quantity), 5) << right(line.price, 12)
              << right(line.amount, 14) << "\n";
  std::cout << cell("Total", 67) << right(s.total, 14) << "\n";
}

void print_receipt(const receipt& r) {
  for (const auto& changed : r.changes)
    for (const auto& column : changed.columns)
      std::cout << "  " << word(changed.action) << " " << cell(changed.record, 10) << cell(column.column, 12)
                << column.before.value_or("-") << " -> " << column.after.value_or("-") << "\n";
  for (const auto& seats : r.seats)
    std::cout << "  seats of " << cell(seats.package, 6) << seats.used_before << " -> " << seats.used_after << " of "
              << seats.purchased_after << " used\n";
  for (const auto& price : r.price_differences) std::cout << "  a month      " << price.amount << "\n";
}

/// Stands in for a mail server: shows each letter as its receiver's mail program would. A real one keeps the link to
/// itself, as the library does: it is in the letter and nowhere else.
struct shown_mail final : mailer {
  mail_answer send(const outgoing_mail& mail) override {
    std::cout << "  | From:    " << mail.sender_name << " <" << mail.sender << ">\n"
              << "  | To:      " << mail.first_name << " " << mail.last_name << " <" << mail.address << ">\n"
              << "  | Subject: " << mail.subject << "\n  |\n";
    std::istringstream lines{std::string(mail.text)};
    for (std::string line; std::getline(lines, line);) std::cout << (line.empty() ? "  |" : "  | ") << line << "\n";
    return {mail_outcome::delivered, {}};
  }
};

int run(const std::filesystem::path& data) {
  heading("A directory in one SQLite file, its first operator, a container, a tenant");
  auto made = directory::create({.store = sqlite_store({.path = "quickstart.db"}).value(),
                                 .mail = {.mailer = std::make_shared<shown_mail>(),
                                          .link_base = "https://pbx.example/setup#",
                                          .sender = "phones@pbx.example",
                                          .sender_name = "Example PBX"}})
                  .value();
  auto& dir = made.opened;
  const auto operator_ = dir.bootstrap_operator("operations@pbx.example").value();
  const auto container_id = dir.run(operator_, create_container{.name = "pbx-1"}).value().created_id<container>();
  const auto in_container = dir.open_actor(operator_.identity_id(), container_id).value();
  const auto tenant_id = dir.run(in_container, create_tenant{.name = "Acme"}).value().created_id<tenant>();
  const auto at_acme = dir.open_actor(operator_.identity_id(), tenant_id).value();
  std::cout << "tenant Acme is " << to_text(tenant_id)
            << "\nthe host key was returned once and is kept outside the file\n";

  heading("Three packages are defined, offered to Acme, and seats bought");
  std::map<std::string, id_of<package>> sku;
  for (const auto& [name, price, seats, numbers] :
       {std::tuple{"Basic", 1295, 170, "0"}, {"Plus", 2495, 70, "1"}, {"Pro", 3995, 28, "1"}}) {
    sku[name] = dir.run(operator_, define_package{.name = name,
                                                  .price_minor = price,
                                                  .currency = "USD",
                                                  .features = {{"numbers.included", numbers}},
                                                  .number_price_minor = 499})
                    .value()
                    .created_id<package>();
    dir.run(at_acme, offer_package{sku[name]}).value();
    dir.run(at_acme, set_seat_pool{.package_id = sku[name], .purchased = seats}).value();
  }
  dir.run(at_acme, set_subscription{.currency = "USD", .statement_day = 1, .time_zone = "America/Toronto"}).value();
  dir.run(at_acme,
          adopt_user{.first_name = "Ada", .last_name = "Abbott", .email = "ada@acme.example", .role = "administrator"})
      .value();
  const auto admin = dir.open_actor("ada@acme.example", tenant_id).value();
  print_pools(dir, admin);

  heading("Acme's export, checked first: what would be refused, and why");
  const auto csv = read_file(data / "acme_users.csv");
  const auto dry = dir.ask(admin, check_import{csv}).value();
  std::cout << cell("Line", 4) << cell("Column", 10) << "Why\n";
  for (const auto& v : dry.verdicts)
    if (!v.accepted) std::cout << cell(std::to_string(v.line), 4) << cell(v.column, 10) << v.message << "\n";
  const auto refused = dir.run(admin, import_users{.csv = csv});
  std::cout << "\nall or nothing: " << (refused ? "imported" : refused.error().message) << "\n";
  const auto imported = dir.run(admin, import_users{.csv = csv, .policy = import_policy::good_rows}).value();
  std::cout << "good rows:      " << imported.created.size() << " users imported, " << dry.refused
            << " rows left out\n\n";
  print_pools(dir, admin);

  heading("The first Unassigned users get Pro, until the pool is full");
  std::vector<user_row> without;
  for (users page{.limit = 100};;) {
    const auto answer = dir.ask(admin, page).value();
    for (const auto& row : answer.users)
      if (!row.package_id) without.push_back(row);
    if (!(page.after = answer.next)) break;
  }
  for (const auto& row : without) {
    const auto done = dir.run(admin, assign_package{row.user_id, sku["Pro"]});
    std::cout << cell(row.name, 26) << (done ? "Pro" : "refused: " + done.error().message) << "\n";
    if (!done) break;
  }

  heading("Ten people get a direct number");
  std::vector<std::string> numbers;
  for (int n = 0; n < 10; ++n) numbers.push_back("+1416555010" + std::to_string(n));
  dir.run(at_acme, add_dids{numbers}).value();
  const auto first = dir.ask(admin, users{.limit = 10}).value();
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    const auto given = dir.run(admin, attach_did{numbers[n], first.users[n].user_id}).value();
    std::cout << cell(first.users[n].name, 26) << cell(numbers[n], 14) << cell(first.users[n].package, 12)
              << (given.price_differences.empty() ? "included" : "");
    for (const auto& price : given.price_differences) std::cout << "+" << price.amount;
    std::cout << "\n";
  }

  heading("User Management");
  print_users(dir, admin, users{.limit = 12});
  std::cout << "\nsearch \"HELENE\" (accents and case do not matter):\n\n";
  print_users(dir, admin, users{.search = "HELENE", .limit = 4});

  heading("A change, previewed and then made");
  const auto who = dir.ask(admin, find_user{.external_ref = "AC-10042"}).value();
  const change_package move{.user_id = who.user_id, .package_id = sku[who.package == "Plus" ? "Basic" : "Plus"]};
  const auto preview = dir.preview(admin, move).value();
  std::cout << who.first_name << " " << who.last_name << " holds " << who.package
            << "; the preview changes nothing and says:\n";
  print_receipt(preview);
  const auto done = dir.confirm(admin, move, *preview.token).value();
  const bool untouched = done.untouched.before == done.untouched.after;
  std::cout << "confirmed, audit entry " << done.audit_seq.value_or(0)
            << "\nnothing else moved: " << done.untouched.rows
            << " rows (user, team member, extensions, devices)\n  before "
            << to_json(done.untouched.before).substr(1, 32) << "...\n  after  "
            << to_json(done.untouched.after).substr(1, 32) << "...  " << (untouched ? "identical" : "DIFFERENT")
            << "\n";

  heading("The next statement");
  const auto statement = dir.ask(admin, statement_preview{}).value();
  print_statement(statement);

  heading("The audit chain");
  const auto chain = dir.ask(admin, verify_audit{}).value();
  std::cout << chain.message << " (each command is one entry, the import too)\n";

  heading("Somebody new is invited: a seat is reserved, and this is the letter");
  const add_user newcomer{.first_name = "Zo\u00eb",
                          .last_name = "Newton",
                          .email = "zoe.newton@acme.example",
                          .package_id = sku["Basic"],
                          .send_welcome = true};
  const auto invited = dir.run(admin, newcomer).value();
  const auto& basic = invited.seats.front();
  std::cout << "Basic: " << basic.used_after << " seats used and " << basic.reserved_after << " reserved, of "
            << basic.purchased_after << "\n\n";
  const auto pumped = dir.pump_mail(10).value(); // a host does so every few seconds
  return untouched && chain.intact && pumped.delivered == 1 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "examples/data");
  } catch (const std::exception& e) {
    std::cerr << "quickstart: " << e.what() << "\n";
    return 1;
  }
}
