// Random commands of every family, by several actors in two tenants: after each, whether accepted or refused, all rows
// agree with one another; a licence command leaves everything else as it was; and a call is answered as rows say.
#include <linecard/json.hpp>

#include "domain_rows.hpp"
#include "new_home.hpp"
#include "sanitized.hpp"
#include "stores/sqlite_kit.hpp"

#include <cstdlib>
#include <filesystem>
#include <random>

using namespace domain;

namespace {

class town {
public:
  town(std::shared_ptr<store> on, std::uint64_t seed, std::map<std::string, int>& met)
      : w_(std::make_unique<hard::lent_store>(on), 4, seed), rows_(std::move(on)), chance_(seed), met_(met) {
    prices_ = {{w_.basic, {1000, 0, 0}}, {w_.plus, {2000, 0, 0}}, {w_.fax, {300, 0, 0}}};
    for (const auto& [name, cost] : {std::pair{"Roam", domain::price{2500, 299, 1}}, {"Desk", {1500, 499, 0}}})
      prices_[settled(w_.dir.run(w_.operator_,
                                 define_package{.name = name,
                                                .price_minor = cost.seat,
                                                .currency = "EUR",
                                                .features = {{"numbers.included", std::to_string(cost.numbers)}},
                                                .number_price_minor = cost.number}))
                  .created_id<package>()] = cost;
    for (const auto& [id, cost] : prices_)
      for (const auto* at : {&w_.at_tenant, &w_.other_tenant}) {
        settled(w_.dir.run(*at, offer_package{.package_id = id}));
        settled(w_.dir.run(*at, set_seat_pool{.package_id = id, .purchased = at == &w_.at_tenant ? 4 : 2}));
      }
    for (const auto* at : {&w_.at_tenant, &w_.other_tenant})
      settled(w_.dir.run(*at, set_subscription{.currency = "EUR", .statement_day = 1, .time_zone = "Asia/Tokyo"}));
    settled(w_.dir.run(w_.operator_, declare_attribute{.owner = attribute_owner::user,
                                                       .name = "desk",
                                                       .type = attribute_type::text,
                                                       .searched = true}));
    settled(
        w_.dir.run(w_.operator_,
                   declare_attribute{.owner = attribute_owner::did, .name = "rack", .type = attribute_type::integer}));
    settled(
        w_.dir.run(w_.operator_, publish_notice{.text = "Seen by all.", .terms_link = "https://example.com/terms"}));
    settled(w_.dir.run(
        w_.operator_,
        declare_attribute{.owner = attribute_owner::did, .name = "caller_name", .type = attribute_type::text}));
    settled(w_.dir.run(
        w_.operator_,
        declare_attribute{.owner = attribute_owner::tenant, .name = "crm_id", .type = attribute_type::text}));
    w_.keeper->answers = [this](const asset_handover& told) {
      const auto whose = narrow<user>(told.user_id), to = narrow<user>(told.to_user_id);
      const rows now(*rows_);
      if (now.living(whose) || !now.living(to)) misled_ = true;
      return below(3) ? provider_answer{errand_outcome::done, {}, {}}
                      : provider_answer{below(2) ? errand_outcome::temporary : errand_outcome::refused, {}, "busy"};
    };
    for (const auto& in : {w_.tenant_id, w_.other_id}) people_[in].push_back(administrator_of(in));
  }

  /// One command, and everything that must hold afterwards.
  void step() {
    at_ = below(3) ? w_.tenant_id : w_.other_id;
    as_ = actor_now();
    act();
    if (w_.shop->answers && below(2)) w_.shop->answers = nullptr;
    w_.clock->at = w_.clock->at + (below(60) ? 1000 : std::int64_t{20} * 24 * 3'600'000);
    const rows now(*rows_, ++steps_ % 16 == 0);
    for (const auto& wrong : inspector(now).found()) FAIL(wrong << ", after " << last_);
    if (misled_) FAIL("messages of who is there were handed over, or to who has left, after " << last_);
    if (steps_ % 16 == 0) calls(now);
    if (steps_ % 4 == 0) CHECK(total() == owed(now, at_, prices_));
    if (steps_ % 64 == 0) settled(w_.dir.pump_mail(100)), settled(w_.dir.pump_errands(100));
  }

  void finish() {
    for (const auto* as : {&w_.operator_, &w_.at_tenant, &w_.other_tenant})
      CHECK(must(w_.dir.ask(*as, verify_audit{})).intact);
    for (const auto* as : {&w_.at_tenant, &w_.other_tenant}) moves(*as);
  }

  /// I27: what became of the company arrives elsewhere as it is.
  void moves(const actor& as) {
    const auto document = must(w_.dir.ask(as, export_tenant{}));
    const auto there = std::shared_ptr<store>(memory_store());
    new_home home(std::make_unique<hard::lent_store>(there), must(w_.dir.ask(as, attributes{})).attributes);
    home.clock->at = w_.clock->at;
    const auto done = home.dir.run(home.in_container, document);
    REQUIRE_MESSAGE(done, done.error().reason << " at " << done.error().path << ": " << done.error().message);
    CHECK(to_json(home.exported(document.tenant.tenant_id)) == to_json(document));
    const rows now(*there);
    for (const auto& wrong : inspector(now).found()) FAIL(wrong << ", after an import");
  }

private:
  template <class T> static T settled(result<T> done) { return must(std::move(done)); }
  unsigned below(unsigned n) { return static_cast<unsigned>(chance_() % n); }
  template <class T> const T& any(const std::vector<T>& of) { return of[below(static_cast<unsigned>(of.size()))]; }
  id_of<user> somebody() {
    auto& here = people_[at_];
    return below(20) ? any(here) : any(people_[at_ == w_.tenant_id ? w_.other_id : w_.tenant_id]);
  }
  id_of<user> administrator_of(id_of<tenant> in) {
    const auto& as = in == w_.tenant_id ? w_.admin : w_.other_admin;
    return must(w_.dir.ask(as, users{})).users.front().user_id;
  }
  actor actor_now() {
    const auto& system = at_ == w_.tenant_id ? w_.at_tenant : w_.other_tenant;
    switch (below(10)) {
    case 0: {
      const auto known = w_.dir.ask(system, find_user{.user_id = any(people_[at_])});
      if (!known) return system;
      auto opened = w_.dir.open_actor(known->email, at_);
      return opened ? *opened : system;
    }
    case 1:
    case 2:
    case 3:
      return at_ == w_.tenant_id ? w_.admin : w_.other_admin;
    default:
      return system;
    }
  }
  std::string email() { return "p" + std::to_string(below(14)) + "@acme.example"; }
  std::string number() { return "+1416555010" + std::to_string(below(8)); }
  std::string inside() { return std::to_string(198 + below(8)); }
  id_of<package> package_now() { return std::next(prices_.begin(), below(5))->first; }
  std::string team_role() { return below(2) ? "agent" : "member"; }
  turned turn() { return below(2) ? turned::on : turned::off; }

  const actor& payer() const { return at_ == w_.tenant_id ? w_.at_tenant : w_.other_tenant; }
  std::int64_t total() { return must(w_.dir.ask(payer(), statement_preview{})).total_minor; }

  template <class C> bool run(const C& c) {
    last_ = verb_of_command<C>.name;
    const request only[]{request_of(c)};
    const bool counted = below(4) == 0 && !only[0].operation->charge;
    const auto before = counted ? total() : 0;
    std::optional<statement_preview_answer> supposed;
    if (counted)
      if (auto told = w_.dir.ask_after(as_, only, statement_preview{})) supposed = *std::move(told);
    auto done = C_is_confirmed<C>() && below(8) ? carry_out(w_.dir, as_, request_of(c)) : w_.dir.run(as_, c);
    ++met_[done ? "accepted" : done.error().reason];
    ++met_["command " + std::string(last_)];
    if (!done) return false;
    if (counted) { // I29
      const auto after = total();
      const auto& differs = done->price_differences;
      REQUIRE((differs.empty() ? 0 : differs.front().minor) == after - before);
      if (supposed) REQUIRE(supposed->total_minor == after);
    }
    if (const auto id = done->template created_id<user>()) people_[at_].push_back(id);
    if (const auto id = done->template created_id<replacement>()) replaced_[at_].push_back(id);
    if (const auto id = done->template created_id<delegate>()) let_in_[at_].push_back(id);
    return true;
  }
  template <class C> static constexpr bool C_is_confirmed() { return verb_of_command<C>.confirmed; }

  /// S1.4: everything but seats and pools, and what became of rules, byte for byte.
  template <class C> void license(const C& c) {
    const auto before = all_but_seats();
    run(c);
    REQUIRE(all_but_seats() == before);
  }
  std::string all_but_seats() {
    std::string out;
    for (const auto* table : schema) {
      if (table->outside_state || table == &info_of<seat> || table == &info_of<seat_pool> ||
          table == &info_of<assignment> || table->name.starts_with("audit_"))
        continue;
      hard::each_row(*rows_, *table, [&](std::int64_t version, std::span<const value> columns) {
        out += table->name;
        append_sort_key(out, integer_value(version));
        out += sort_key(columns);
      });
    }
    return out;
  }

  void act() {
    switch (below(59)) {
    case 0:
    case 1:
      run(add_user{.first_name = "New",
                   .last_name = "One",
                   .email = email(),
                   .role = below(6) ? "member" : "administrator",
                   .package_id = below(2) ? std::optional(package_now()) : std::nullopt,
                   .send_welcome = below(2) == 0});
      break;
    case 2:
    case 3: {
      adopt_user who{
          .first_name = "Old", .last_name = "One", .email = email(), .role = below(6) ? "member" : "administrator"};
      if (below(2)) who.package_id = package_now();
      if (below(2)) who.team_role = team_role();
      if (below(2)) who.extension = inside();
      if (below(2)) who.forwarding_number = "+491711234567";
      if (below(2)) who.external_ref = std::to_string(below(9));
      if (below(2)) who.devices = {{.name = "desk", .mac = "00000000000" + std::to_string(below(9))}};
      run(who);
      break;
    }
    case 4:
      run(activate_user{.user_id = somebody()});
      break;
    case 5:
    case 6:
      license(assign_package{somebody(), package_now()});
      break;
    case 7:
      license(change_package{somebody(), package_now()});
      break;
    case 8:
      license(unassign_package{somebody(), below(2) ? std::optional(package_now()) : std::nullopt});
      break;
    case 9:
      license(assign_packages{{somebody(), somebody()}, package_now()});
      break;
    case 10:
      run(set_seat_pool{.package_id = package_now(),
                        .purchased = static_cast<std::int32_t>(below(6)),
                        .overage = static_cast<overage_policy>(below(4) ? 0 : 1 + below(2)),
                        .included = static_cast<std::int32_t>(below(3)),
                        .purchase_limit = static_cast<std::int32_t>(below(9)),
                        .charging = below(2) ? seat_charging::held : seat_charging::purchased,
                        .grace_seats = static_cast<std::int32_t>(below(3)),
                        .grace_percent = static_cast<std::int32_t>(below(60))});
      break;
    case 55:
      run(buy_seats{.package_id = package_now(), .seats = static_cast<std::int32_t>(1 + below(3))});
      break;
    case 56:
      run(set_subscription{.number_price_minor = below(200)});
      break;
    case 11:
      run(suspend_user{somebody()});
      break;
    case 12:
      run(resume_user{somebody()});
      break;
    case 13:
    case 14: {
      delete_user who{.user_id = somebody(), .release_numbers = below(2) == 0};
      if (below(3) == 0) who.numbers_to = somebody();
      if (below(3) == 0) who.assets_to = somebody();
      run(who);
      break;
    }
    case 15:
    case 16:
      run(restore_user{.user_id = somebody(), .send_welcome = below(2) == 0});
      break;
    case 17:
      run(erase_user{somebody()});
      break;
    case 18:
    case 19:
      run(replace_person{somebody(), somebody()});
      break;
    case 20:
      if (replaced_[at_].empty()) break;
      run(undo_replacement{any(replaced_[at_])});
      break;
    case 21: {
      const auto first = 198 + below(4);
      run(set_extension_range{std::to_string(first), std::to_string(first + below(6))});
      break;
    }
    case 22:
      run(change_extension{.user_id = somebody(),
                           .extension = below(2) ? std::optional(inside()) : std::nullopt,
                           .former = below(3) ? std::nullopt : std::optional(inside())});
      break;
    case 23:
      run(release_extension{inside()});
      break;
    case 24:
      run(set_international{inside(), turn()});
      break;
    case 25:
      run(add_dids{{number(), number()}});
      break;
    case 26:
      run(remove_dids{{number()}});
      break;
    case 27:
    case 28:
      run(attach_did{number(), somebody()});
      break;
    case 29:
      run(use_did{number(), below(2) ? did_use::main : did_use::other, "queue"});
      break;
    case 30:
      run(detach_did{number(), below(2) == 0});
      break;
    case 31:
      run(set_e911{number(), turn()});
      break;
    case 32:
    case 33: {
      edit_user what{.user_id = somebody()};
      if (below(2)) what.forwarding_number = below(2) ? number() : "+491711234567";
      if (below(3) == 0) what.external_ref = std::to_string(below(9));
      if (below(3) == 0) what.voicemail_pin = secret_text("4711");
      if (below(3) == 0) what.clear = {clearable::mobile};
      if (below(3) == 0) what.team_role = team_role();
      run(what);
      break;
    }
    case 34:
      run(edit_own_line{.forwarding_number = number()});
      break;
    case 35:
      run(set_device{.user_id = somebody(), .name = "soft", .mac = "00000000000" + std::to_string(below(9))});
      break;
    case 36:
      if (below(3) == 0)
        w_.shop->answers = [](const number_order&) { return provider_answer{errand_outcome::temporary, {}, "closed"}; };
      run(get_number{.order_key = std::to_string(below(6)), .user_id = somebody()});
      break;
    case 37:
      run(set_user_attributes{somebody(), {{"desk", std::to_string(below(9))}}});
      if (below(2)) run(set_did_attributes{number(), {{"rack", std::to_string(below(9))}}});
      run(set_did_attributes{number(), {{"caller_name", "Somebody"}}});
      break;
    case 38:
      run(set_tenant_policy{.suspended_seats = below(2) ? suspended_seats::keep : suspended_seats::free,
                            .restore_days = static_cast<std::int32_t>(below(3) * 15),
                            .undo_days = static_cast<std::int32_t>(below(2) * 7)});
      break;
    case 39:
      license(change_packages{{somebody(), somebody()}, package_now()});
      break;
    case 40:
      license(unassign_packages{{somebody(), somebody()}, std::nullopt});
      break;
    case 41:
      if (below(2))
        run(grant_role{.user_id = somebody(), .role = below(2) ? "administrator" : "tenant"});
      else
        run(revoke_role{.user_id = somebody(), .role = below(2) ? "administrator" : "tenant"});
      break;
    case 42:
      if (below(2))
        run(send_invitation{somebody()});
      else
        run(correct_address{somebody(), email()});
      break;
    case 43:
      run(add_delegate{.first_name = "Pat", .last_name = "P", .email = email(), .notice_version = 1});
      break;
    case 44:
      if (!let_in_[at_].empty()) run(remove_delegate{any(let_in_[at_])});
      break;
    case 45:
      run(import_users{.csv = "email,first_name,last_name,extension,package\n" + email() + ",In,One," + inside() + "," +
                              (below(3) ? "Basic" : "None") + "\n" + email() + ",In,Two,,\n",
                       .policy = below(2) ? import_policy::good_rows : import_policy::all_or_nothing});
      for (const auto& row : must(w_.dir.ask(at_ == w_.tenant_id ? w_.at_tenant : w_.other_tenant, users{})).users)
        if (std::ranges::find(people_[at_], row.user_id) == people_[at_].end()) people_[at_].push_back(row.user_id);
      break;
    case 46:
      run(set_tenant_attributes{{{"crm_id", below(2) ? std::optional<std::string>("7") : std::nullopt}}});
      break;
    case 47:
    case 48: {
      const auto standing = w_.dir.ask(as_, errands{});
      if (!standing || standing->errands.empty()) break;
      const auto id = any(standing->errands).errand_id;
      if (below(2))
        run(cancel_errand{id});
      else
        run(retry_errand{id, below(2) ? std::optional(somebody()) : std::nullopt});
      break;
    }
    case 49:
      run(check_voicemail_pin{somebody(), secret_text(below(2) ? "4711" : "1")});
      break;
    case 50: {
      // Rarely: it stays so, and grandfathered seats are worth testing.
      const auto& system = at_ == w_.tenant_id ? w_.at_tenant : w_.other_tenant;
      const auto whose = as_;
      as_ = system;
      if (below(4) == 0)
        run(withdraw_package{w_.plus});
      else
        run(offer_package{w_.plus});
      as_ = whose;
      break;
    }
    case 51:
      run(set_assignment_rule{team_role(), package_now()});
      break;
    case 52:
      if (below(2))
        run(remove_assignment_rule{team_role()});
      else
        run(retry_assignments{{somebody(), somebody()}});
      break;
    case 53:
      license(retry_failed_assignments{});
      break;
    case 54:
      run(note_activity{{{somebody(), w_.clock->at + -std::int64_t{below(1000)}}}});
      break;
    default:
      if (below(2))
        run(cancel_invitation{somebody()});
      else
        run(give_flag{.user_id = somebody(), .flag = any(std::vector(every_flag.begin(), every_flag.end()))});
    }
  }

  /// B11, from the rows as they stand.
  void calls(const rows& now) {
    for (const auto& d : now.dids) {
      const auto seen = w_.dir.line_of_did(d.number);
      REQUIRE(seen.found);
      CHECK(seen.tenant_id == d.tenant_id);
      CHECK(seen.use == d.use);
      CHECK(seen.e911 == d.e911);
      CHECK(seen.user_id == d.user_id.value_or(id_of<user>{}));
      if (d.user_id) answers_for(now, *d.user_id, seen);
    }
    for (const auto& e : now.extensions) {
      const auto seen = w_.dir.line_of_extension(e.tenant_id, e.number);
      REQUIRE(seen.found);
      CHECK(seen.user_id == e.user_id);
      CHECK(seen.extension_number() == e.number);
      answers_for(now, e.user_id, seen);
      CHECK(seen.international == (e.international && seen.rings));
    }
    CHECK_FALSE(w_.dir.line_of_did("+14165559999").found);
  }
  void answers_for(const rows& now, id_of<user> id, const line& seen) {
    const auto& holder = now.users.at(id);
    CHECK(seen.rings == (holder.state == user_state::active));
    const auto member = now.members.find(id);
    const auto forwarding =
        seen.rings && member != now.members.end() ? member->second.forwarding_number.value_or("") : std::string{};
    CHECK(seen.forwarding_number() == forwarding);
    CHECK(seen.screening == !forwarding.empty());
    const auto video = w_.dir.find_feature("video.hipaa");
    const bool has_plus = std::ranges::any_of(now.seats, [&](const seat& s) {
      return s.user_id == id && s.package_id == w_.plus && s.state == seat_state::used;
    });
    CHECK(seen.entitled(video ? *video : feature::none) == (has_plus && seen.rings));
  }

  world w_;
  std::shared_ptr<store> rows_;
  std::mt19937_64 chance_;
  price_table prices_{};
  std::map<std::string, int>& met_;
  std::map<id_of<tenant>, std::vector<id_of<user>>> people_{};
  std::map<id_of<tenant>, std::vector<id_of<replacement>>> replaced_{};
  std::map<id_of<tenant>, std::vector<id_of<delegate>>> let_in_{};
  id_of<tenant> at_{};
  actor as_{};
  std::string_view last_{};
  bool misled_{};
  int steps_{};
};

/// LINECARD_DOMAIN_COMMANDS asks for more, for a night's run. A sanitizer looks at memory, not at rules.
int commands_wanted() {
  const char* more = std::getenv("LINECARD_DOMAIN_COMMANDS");
  return std::max(more ? std::atoi(more) : 0, LINECARD_SANITIZED ? 10'000 : 100'000);
}

template <class Open> void play(int wanted, int each, Open open) {
  std::map<std::string, int> met;
  for (int done = 0, seed = 1; done < wanted; ++seed) {
    CAPTURE(seed);
    town t(open(), static_cast<std::uint64_t>(seed), met);
    for (int n = 0; n < each; ++n, ++done) t.step();
    t.finish();
  }
  std::string told;
  int verbs_met = 0, reasons = 0;
  for (const auto& [what, count] : met) {
    told += "\n  " + what + " " + std::to_string(count);
    ++(what.starts_with("command ") ? verbs_met : reasons);
  }
  INFO(told);
  CHECK(met["accepted"] > wanted / 4);
  CHECK(verbs_met >= 49);
  CHECK(reasons >= 40);
}

} // namespace

TEST_CASE(
    "S1.4 S4.8 S4.11 S4.17 B6 B7 B9 B11 B13 I4 I29 I13 I25 I27 whatever commands come, all rows agree, there and where "
    "the company moves, in memory") {
  play(commands_wanted(), 300, [] { return std::shared_ptr<store>(memory_store()); });
}

TEST_CASE(
    "S1.4 S4.8 S4.11 S4.17 B6 B7 B9 B11 B13 I4 I29 I13 I25 I27 whatever commands come, all rows agree, there and where "
    "the company moves, on SQLite") {
  const contract::folder f;
  int files = 0;
  play(commands_wanted(), 250, [&] {
    const auto path = f.file(std::to_string(++files % 8) + ".db");
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    return std::shared_ptr<store>(contract::open({.path = path, .readers = 1, .synchronous_full = false}));
  });
}
