// People with everything on their desks, for tests of what passes, stays or ends when they leave.
#pragma once

#include "rules/postal_world.hpp"

#include <linecard/model/attribute.hpp>
#include <linecard/model/handover.hpp>
#include <linecard/model/line.hpp>

#include <functional>
#include <map>
#include <set>

namespace kit {

/// Puts rows as they are: what a test begins with.
struct put_rows {
  std::function<void(snapshot&, changes&, id_of<tenant>)> put{};
  static constexpr auto needs = permission::number_provision;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts rows.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    return put(facts, out, with.tenant_id()), std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_rows, (), ())

struct lines_world : postal_world {
  id_of<user> mia{}, max{}, bo{}; ///< Mia has it all, Max has something of each, Bo has nothing

  explicit lines_world(std::shared_ptr<store> on = fresh_store()) : postal_world(std::move(on)) {
    REQUIRE(dir.run(at_tenant, offer_package{fax}).has_value());
    mia = must(dir.run(admin,
                       adopt_user{.first_name = "Mia",
                                  .last_name = "Meier",
                                  .email = "mia@acme.example",
                                  .role = "tenant",
                                  .package_id = plus,
                                  .external_ref = "17 of Mia",
                                  .extension = "201",
                                  .team_role = "agent",
                                  .forwarding_number = "+491701111111",
                                  .devices = {{.name = "desk", .description = "T54W of Mia"},
                                              {.name = "soft of Mia", .description = "Bria", .model = "X of Mia"}}}))
              .created_id<user>();
    max = must(dir.run(admin, adopt_user{.first_name = "Max",
                                         .last_name = "Muster",
                                         .email = "max@acme.example",
                                         .package_id = basic,
                                         .extension = "202",
                                         .forwarding_number = "+491702222222",
                                         .devices = {{.name = "desk", .description = "T31"}}}))
              .created_id<user>();
    bo = adopt("Bo", "Berg", "bo@acme.example");
    REQUIRE(dir.run(admin, assign_package{mia, fax}));
    put([&](snapshot& facts, changes& out, id_of<tenant> where) {
      out.insert(number_range{.tenant_id = where, .first = "200", .last = "299", .lowest_free = "203"});
      auto& hers = out.edit(facts.find<&team_member::user_id>(mia));
      hers.mobile = "+491703333333";
      hers.time_zone = "Europe/Berlin";
      hers.voicemail_pin = bytes{"sealed"};
      hers.bridge_id = "1234567890";
      out.edit(facts.find<&device::user_id, &device::name>(mia, "desk")).mac = "001122334455";
      out.insert(attribute{.owner = attribute_owner::user, .name = "room", .type = attribute_type::text});
      out.insert(attribute_value{.tenant_id = where,
                                 .owner = attribute_owner::user,
                                 .subject = to_text(mia),
                                 .name = "room",
                                 .content = "Room of Mia",
                                 .user_id = mia});
    });
  }
  void put(std::function<void(snapshot&, changes&, id_of<tenant>)> rows_of) {
    const put_rows wanted{std::move(rows_of)};
    static_cast<void>(must(dir.run(at_tenant, wanted)));
  }
  /// A direct number of the user.
  void number(id_of<user> whose, std::string e164, bool e911 = false) {
    put([&](snapshot&, changes& out, id_of<tenant> where) {
      out.insert(did{.tenant_id = where,
                     .number = e164,
                     .use = did_use::direct,
                     .user_id = whose,
                     .label = "sales",
                     .e911 = e911,
                     .added_at = clock->at});
      out.insert(did_claim{.number = e164, .tenant_id = where});
    });
  }
  void forward(id_of<user> whose, std::optional<std::string> e164) {
    put([&](snapshot& facts, changes& out, id_of<tenant>) {
      out.edit(facts.find<&team_member::user_id>(whose)).forwarding_number = e164;
    });
  }
  template <class C> result<receipt> done(const actor& by, const C& c) { return carry_out(dir, by, request_of(c)); }
  template <class C> error no(const actor& by, const C& c) { return refused_with(done(by, c)); }

  template <class T, class Fits> std::vector<T> those(Fits fits) {
    auto found = all<T>();
    std::erase_if(found, [&](const T& row) { return !fits(row); });
    return found;
  }
  user row_of(id_of<user> id) {
    return those<user>([&](const auto& u) { return u.id == id; }).at(0);
  }
  did did_of(std::string_view e164) {
    return those<did>([&](const auto& d) { return d.number == e164; }).at(0);
  }
  std::optional<team_member> member(id_of<user> id) {
    const auto found = those<team_member>([&](const auto& m) { return m.user_id == id; });
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  std::set<std::string> devices_of(id_of<user> id) {
    std::set<std::string> names;
    for (const auto& d : those<device>([&](const auto& one) { return one.user_id == id; })) names.insert(d.name);
    return names;
  }
  /// Every byte of these tables but versions, row by row.
  std::vector<std::string> dump(std::initializer_list<const table_info*> of) {
    std::vector<std::string> out;
    for (const auto* table : of)
      hard::each_row(*rows, *table, [&](std::int64_t, std::span<const value> columns) {
        auto& text = out.emplace_back(table->name);
        for (const auto& v : columns)
          text += v.is_null() ? "|null" : "|" + std::to_string(v.number) + " " + std::string(v.bytes());
      });
    return out;
  }
  /// In which tables the text stands anywhere.
  std::set<std::string> tables_with(std::string_view text) {
    std::set<std::string> found;
    for (const auto* table : schema)
      hard::each_row(*rows, *table, [&](std::int64_t, std::span<const value> columns) {
        for (const auto& v : columns)
          if (v.bytes().find(text) != std::string_view::npos) found.insert(std::string(table->name));
      });
    return found;
  }
  verify_audit_answer verified(const actor& by) { return must(dir.ask(by, verify_audit{})); }
};

inline constexpr std::int64_t day = std::int64_t{24} * 60 * 60 * 1000;

} // namespace kit
