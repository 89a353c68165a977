// A world whose lines move, and what each line should be as ordinary queries tell it.
#pragma once

#include "views/moving_world.hpp"

#include <linecard/model/call.hpp>

#include <map>

namespace moving {

// Commands of the test's own: they put rows, so that the views are tried whatever the rules of numbers come to be.

struct put_number {
  std::string number{};
  did_use use{};
  id_of<user> user_id{};
  bool e911{};
  std::string label{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts a number into the inventory.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto claim = facts.find<&did_claim::number>(number);
    if (claim && claim->tenant_id != with.tenant_id())
      return refuse(status::conflict, "number_taken", "/number", "another tenant's");
    did row{.tenant_id = with.tenant_id(),
            .number = number,
            .use = use,
            .label = label,
            .e911 = e911,
            .added_at = with.now};
    if (use == did_use::direct) row.user_id = user_id;
    if (!claim) out.insert(did_claim{.number = number, .tenant_id = with.tenant_id()});
    if (const auto found = facts.find<&did::tenant_id, &did::number>(with.tenant_id(), number))
      out.edit(found) = row;
    else
      out.insert(row);
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_number, (), ())

struct drop_number {
  std::string number{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Takes a number out of the inventory.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto found = facts.find<&did::tenant_id, &did::number>(with.tenant_id(), number);
    if (!found) return refuse(status::not_found, "number_unknown", "/number", "nobody's");
    out.erase(found);
    out.erase(facts.find<&did_claim::number>(number));
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(drop_number, (), ())

/// No user: the extension goes.
struct put_extension {
  std::string number{};
  id_of<user> user_id{};
  bool international{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts an extension.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto found = facts.find<&extension::tenant_id, &extension::number>(with.tenant_id(), number);
    const extension row{
        .tenant_id = with.tenant_id(), .number = number, .user_id = user_id, .international = international};
    if (found && !user_id)
      out.erase(found);
    else if (found)
      out.edit(found) = row;
    else if (user_id)
      out.insert(row);
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_extension, (), ())

struct put_user_row {
  id_of<user> user_id{};
  std::optional<std::string> forwarding{};
  std::optional<std::string> external_ref{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts where a user is forwarded, and the host's id.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto who = facts.find<&user::id>(user_id);
    if (!who) return refuse(status::not_found, "user_unknown", "/user_id", "nobody");
    if (external_ref)
      if (const auto other = facts.find<&user::tenant_id, &user::external_ref>(with.tenant_id(), external_ref);
          other && other->id != user_id)
        return refuse(status::conflict, "external_ref_taken", "/external_ref", "somebody else's");
    out.edit(who).external_ref = external_ref;
    if (const auto member = facts.find<&team_member::user_id>(user_id)) out.edit(member).forwarding_number = forwarding;
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_user_row, (), ())

/// The ring of a tenant's shard has gone on, or back, without being told of it.
struct put_line_epoch {
  std::int64_t more{};
  static constexpr auto needs = permission::user_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Moves the epoch.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto shard = static_cast<std::int64_t>(with.tenant_id().value % static_cast<std::uint64_t>(line_shards));
    out.edit(facts.find<&line_epoch::shard>(shard)).seq += more;
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_line_epoch, (), ())

inline constexpr std::string_view some_features[]{"minutes.included", "video.hipaa", "fax.pages", "fax.broadcast"};

/// As moving_world; people hold packages and have numbers in Acme and Other.
struct line_world : moving_world {
  struct number_row {
    std::size_t scope{};
    did_use use{};
    id_of<user> user_id{};
    bool e911{};
    std::string label{};
  };
  struct extension_row {
    id_of<user> user_id{};
    bool international{};
  };
  std::vector<std::string> numbers{}, extensions{}, refs{};
  std::map<std::string, number_row> dids{};                                      ///< as put
  std::map<std::pair<std::size_t, std::string>, extension_row> put_extensions{}; ///< likewise
  std::array<std::vector<id_of<user>>, 6> users{};                               ///< by scope, whatever became of them
  std::vector<id_of<package>> packages{};

  explicit line_world(std::uint64_t seed, std::unique_ptr<store> on = memory_store(),
                      std::chrono::milliseconds stale = std::chrono::hours(1))
      : moving_world(seed, std::move(on), stale) {
    const auto broadcast = w.package_named("Broadcast", package_kind::add_on, 1,
                                           {{"fax.broadcast", "no"}, {"video.hipaa", "0"}, {"fax.pages", "false"}});
    packages = {w.basic, w.plus, w.fax, broadcast};
    for (const std::size_t at : {3u, 4u})
      for (const auto id : packages) {
        REQUIRE(run(at, offer_package{.package_id = id}));
        REQUIRE(run(at, set_seat_pool{.package_id = id, .purchased = 100}));
      }
    for (int n = 0; n < 8; ++n) {
      numbers.push_back("+4930000000" + std::to_string(n * n));
      extensions.push_back(std::to_string(10 + n) + (n % 2 == 0 ? "" : "0000"));
      refs.push_back("crm-" + std::to_string(n / 2));
    }
    for (const std::size_t at : {3u, 4u, 5u})
      for (const auto& row : must(w.dir.ask(operators[at], linecard::users{})).users) users[at].push_back(row.user_id);
  }

  template <class T> const T& any_of(const std::vector<T>& all) { return all[below(all.size())]; }

  bool put_did(std::size_t at, const std::string& number, did_use use, id_of<user> who, bool e911,
               const std::string& label = {}) {
    const bool done = put(at, put_number{number, use, who, e911, label});
    if (done) dids[number] = {at, use, use == did_use::direct ? who : id_of<user>{}, e911, label};
    return done;
  }
  bool put_ext(std::size_t at, const std::string& number, id_of<user> who, bool international) {
    if (!put(at, put_extension{number, who, international})) return false;
    if (who)
      put_extensions[{at, number}] = {who, international};
    else
      put_extensions.erase({at, number});
    return true;
  }

  static constexpr std::size_t kinds = 9;
  std::array<int, kinds> moved{};

  /// One random command that changes a line. True when it was accepted.
  bool move() {
    const std::size_t at = 3 + below(2);
    const auto kind = below(kinds);
    const bool done = move(kind, at, any_of(users[at]));
    moved[kind] += done;
    return done;
  }
  bool move(std::size_t kind, std::size_t at, id_of<user> who) {
    switch (kind) {
    case 0:
      return put_did(at, any_of(numbers), static_cast<did_use>(1 + below(4)), who, heads(),
                     heads() ? "Queue " + std::to_string(below(3)) : std::string());
    case 1: {
      const auto& number = any_of(numbers);
      const bool done = put(at, drop_number{number});
      if (done) dids.erase(number);
      return done;
    }
    case 2:
      return put_ext(at, any_of(extensions), below(3) == 0 ? id_of<user>{} : who, heads());
    case 3:
      return put(at, put_user_row{who, heads() ? std::optional(any_of(numbers)) : std::nullopt,
                                  heads() ? std::optional(any_of(refs)) : std::nullopt});
    case 4:
      return run(at, suspend_user{who}) || run(at, resume_user{who});
    case 5:
      return below(4) == 0 && run(at, delete_user{who}) && (forget_extensions(who), true);
    case 6: {
      const auto sku = any_of(packages);
      return run(at, assign_package{who, sku}) || run(at, change_package{who, sku}) ||
             run(at, unassign_package{who, sku});
    }
    case 7: {
      const auto name = "n" + std::to_string(chance() % 100000);
      const auto made = w.dir.run(operators[at], add_user{.first_name = "I",
                                                          .last_name = name,
                                                          .email = name + "@example.com",
                                                          .package_id = heads() ? std::optional(w.fax) : std::nullopt});
      if (made) users[at].push_back(made->created_id<user>());
      return made.has_value();
    }
    default:
      return run(at, activate_user{who}) || run(at, unassign_package{who});
    }
  }
  void forget_extensions(id_of<user> who) {
    std::erase_if(put_extensions, [&](const auto& each) { return each.second.user_id == who; });
  }

  /// The line of a user as queries tell it, features by name; what only extensions and numbers know is left out.
  struct told_line {
    bool active{};
    std::string forwarding{};
    std::optional<std::string> external_ref{};
    std::set<std::string_view> features{};
  };
  told_line told(std::size_t at, id_of<user> who) {
    told_line out;
    const auto found = w.dir.ask(operators[at], find_user{.user_id = who});
    if (!found) return out; // deleted: no query tells of it
    out.active = found->state == user_state::active;
    out.external_ref = found->external_ref;
    if (out.active) out.forwarding = found->forwarding_number.value_or("");
    for (const auto name : some_features)
      if (must(w.dir.ask(operators[at], entitled{who, std::string(name)})).entitled) out.features.insert(name);
    return out;
  }

  /// "" or which answer of the directory is not what it should be.
  std::string wrong_in(directory& d) {
    for (const std::size_t at : {3u, 4u}) {
      const auto where = narrow<tenant>(scopes[at]);
      std::map<std::string, id_of<user>> by_ref;
      for (const auto who : users[at]) {
        const auto expected = told(at, who);
        if (expected.external_ref) by_ref[*expected.external_ref] = who;
        if (auto no = flaw(d, d.line_of_user(who), at, who, expected, "", {}, std::nullopt); !no.empty())
          return "user " + to_text(who) + ": " + no;
      }
      for (const auto& number : extensions) {
        const auto known = put_extensions.find({at, number});
        const auto found = d.line_of_extension(where, number);
        if (known == put_extensions.end()) {
          if (found != line{}) return "extension " + number + " is found";
        } else if (auto no = flaw(d, found, at, known->second.user_id, told(at, known->second.user_id), number, {},
                                  std::nullopt);
                   !no.empty()) {
          return "extension " + number + ": " + no;
        }
      }
      for (const auto& ref : refs) {
        const auto found = d.line_of_external_ref(where, ref);
        const auto who = by_ref.find(ref);
        if (who != by_ref.end() && found.user_id != who->second) return "ref " + ref + " leads elsewhere";
        if (who == by_ref.end() && found.rings) return "ref " + ref + " rings";
        if (found != (found.found ? d.line_of_user(found.user_id) : line{})) return "ref " + ref + " tells otherwise";
      }
    }
    for (const auto& number : numbers) {
      const auto known = dids.find(number);
      const auto found = d.line_of_did(number);
      if (known == dids.end()) {
        if (found != line{}) return "number " + number + " is found";
        continue;
      }
      const auto& row = known->second;
      if (!row.user_id) {
        line company{};
        company.found = true, company.use = row.use, company.e911 = row.e911;
        company.tenant_id = narrow<tenant>(scopes[row.scope]);
        row.label.copy(company.label.data(), company.label.size() - 1);
        if (found != company) return "number " + number + " of the company";
      } else if (auto no = flaw(d, found, row.scope, row.user_id, told(row.scope, row.user_id), "", row.use, row.e911);
                 !no.empty()) {
        return "number " + number + ": " + no;
      }
    }
    return {};
  }

private:
  std::string flaw(directory& d, const line& found, std::size_t at, id_of<user> who, const told_line& expected,
                   std::string number, did_use use, std::optional<bool> e911) {
    bool international = false;
    std::size_t count = 0;
    for (const auto& [name, row] : put_extensions) {
      if (name.first != at || row.user_id != who) continue;
      ++count;
      if (number.empty() || number == name.second) number = name.second, international = row.international;
    }
    std::string first, first_e911; // they come in the order of numbers
    for (const auto& [name, row] : dids) {
      if (row.user_id != who) continue;
      if (first.empty()) first = name;
      if (row.e911 && first_e911.empty()) first_e911 = name;
    }
    if (!found.found) return "not found";
    if (found.tenant_id != narrow<tenant>(scopes[at]) || found.user_id != who) return "somebody else's";
    if (found.rings != expected.active) return "rings";
    if (found.forwarding_number() != expected.forwarding) return "forwarding";
    if (found.screening != !expected.forwarding.empty()) return "screening";
    if (found.extension_number() != number) return "extension";
    if (found.international != (international && expected.active)) return "international";
    if (found.e911 != e911.value_or(!first_e911.empty())) return "e911";
    if (found.extension_count != count) return "count of extensions";
    if (found.caller_number() != first) return "caller id";
    if (found.e911_caller_number() != first_e911) return "caller id of emergency calls";
    if (!found.label_text().empty()) return "label";
    if (found.stale_ms != 0) return "stale";
    if (found.use != use) return "use";
    feature_set features;
    for (const auto name : expected.features) features.add(must(d.find_feature(name)));
    if (found.entitlements != features) return "entitlements";
    return {};
  }
};

} // namespace moving
