// Directories on one store that differ in nothing but how they answer checks, and a world whose authority moves.
#pragma once

#include "kit.hpp"

#include <linecard/rules/authorize.hpp>

#include <atomic>
#include <random>
#include <set>

namespace moving {

using namespace kit;

/// One store for several directories; it can be made to fail, to hang, and not to count commits.
struct lent_store final : store {
  struct shared {
    std::unique_ptr<store> inner{};
    std::atomic<bool> counts{true}, fails{false}, hangs{false};
    std::atomic<int> begun{0}, hanging{0};
    std::atomic<std::int64_t> rows{0}; ///< read
    std::atomic<int> scans{-1};        ///< so many more succeed; -1: all do
    void let_go() { hangs = false, hangs.notify_all(); }
  };
  struct counted_rows final : row_sink {
    row_sink& to;
    shared& in;
    counted_rows(row_sink& t, shared& i) : to(t), in(i) {}
    bool row(std::size_t request, std::int64_t version, std::span<const value> columns) override {
      ++in.rows;
      return to.row(request, version, columns);
    }
  };
  struct lent_transaction final : transaction {
    std::unique_ptr<transaction> inner{};
    std::shared_ptr<shared> of{};
    refusal scan(std::span<const scan_request> requests, row_sink& sink) override {
      if (of->scans == 0) return refuse(status::store, "store_io", "", "the disk is gone half-way, says the test");
      if (of->scans > 0) --of->scans;
      counted_rows counted(sink, *of);
      return inner->scan(requests, counted);
    }
    refusal apply(std::span<const change> changes, std::size_t& conflicting) override {
      return inner->apply(changes, conflicting);
    }
    refusal commit() override { return inner->commit(); }
  };
  explicit lent_store(std::shared_ptr<shared> of) : of_(std::move(of)) {}
  refusal prepare(std::span<const table_info* const> tables) override { return of_->inner->prepare(tables); }
  result<std::unique_ptr<transaction>> begin(linecard::access mode) override {
    ++of_->begun;
    if (of_->hangs) {
      ++of_->hanging, of_->hanging.notify_all();
      of_->hangs.wait(true);
    }
    if (of_->fails) return refuse(status::store, "store_io", "", "the disk is gone, says the test");
    auto begun = of_->inner->begin(mode);
    if (!begun) return begun;
    auto lent = std::make_unique<lent_transaction>();
    lent->inner = *std::move(begun), lent->of = of_;
    return std::unique_ptr<transaction>(std::move(lent));
  }
  [[nodiscard]] bool excludes_writers() const override { return of_->inner->excludes_writers(); }
  std::optional<std::uint64_t> change_counter() override {
    return of_->counts ? of_->inner->change_counter() : std::nullopt;
  }

private:
  std::shared_ptr<shared> of_;
};

// Commands of the test's own: they put rows as no rule would let them stand. Described without members, they need no
// word in the vocabulary.

struct put_delegate {
  std::string email{};
  delegate_state state{};
  std::int32_t notice_version{};
  bool platform_notice{}, lapses{};
  std::optional<instant> ends_at{};
  instant review_at{};
  static constexpr auto needs = permission::delegate_manage;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about = "Puts a delegation.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto login = facts.find<&identity::email>(email);
    if (!login) return refuse(status::not_found, "identity_unknown", "/email", "nobody");
    const auto found = facts.find<&delegate::identity_id, &delegate::tenant_id>(login->id, with.tenant_id());
    delegate row{
        .id = found ? found->id : with.new_id<delegate>(), .tenant_id = with.tenant_id(), .identity_id = login->id};
    row.state = state, row.lapses = lapses, row.ends_at = ends_at, row.review_at = review_at;
    row.notice_version = notice_version;
    row.notice_scope_id = platform_notice ? any_id{with.who.in.platform_id} : any_id{with.tenant_id()};
    if (found)
      out.edit(found) = row;
    else
      out.insert(row);
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_delegate, (), ())

struct put_notice {
  std::int32_t least_version{};
  static constexpr auto needs = permission::notice_publish;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Puts an access notice.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto found = facts.find<&access_notice::scope_id>(with.who.in.id());
    if (found)
      out.edit(found).least_version = least_version;
    else
      out.insert(access_notice{.scope_id = with.who.in.id(), .least_version = least_version});
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_notice, (), ())

/// A grant at the tenant for somebody who need not be its user: what a delegation gives.
struct put_grant {
  std::string email{};
  std::optional<instant> starts_at{}, ends_at{};
  std::int32_t role{}; ///< a built-in one
  static constexpr auto needs = permission::grant_manage;
  static constexpr auto acts_in = scope_level::any;
  static constexpr std::string_view about = "Puts a grant, or takes it away.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    const auto login = facts.find<&identity::email>(email);
    if (!login) return refuse(status::not_found, "identity_unknown", "/email", "nobody");
    const auto role_id = role_id_of(static_cast<built_in_role>(role));
    const auto found =
        facts.find<&grant::identity_id, &grant::scope_id, &grant::role_id>(login->id, with.who.in.id(), role_id);
    if (found)
      out.erase(found);
    else
      out.insert(grant{.id = with.new_id<grant>(),
                       .identity_id = login->id,
                       .scope_id = with.who.in.id(),
                       .role_id = role_id,
                       .starts_at = starts_at,
                       .ends_at = ends_at,
                       .granted_at = with.now});
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_grant, (), ())

/// As if so many changes had been told meanwhile.
struct put_epoch {
  std::int64_t more{};
  static constexpr auto needs = permission::container_manage;
  static constexpr auto acts_in = scope_level::platform;
  static constexpr std::string_view about = "Moves the epoch.";
  [[nodiscard]] refusal decide(snapshot& facts, const ingredients& with, changes& out) const {
    out.edit(facts.find<&authority_epoch::platform_id>(with.who.in.platform_id)).seq += more;
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(put_epoch, (), ())

/// Two containers, three tenants, nine people; one directory that runs the commands and has a view, one that only
/// follows, one that asks the store.
struct moving_world {
  std::shared_ptr<lent_store::shared> shared = std::make_shared<lent_store::shared>();
  world w;
  directory follower, asker;
  std::vector<any_id> scopes{};
  std::vector<actor> operators{}; ///< the operator in each scope
  std::vector<std::string> emails{};
  std::vector<id_of<identity>> people{};
  std::mt19937_64 chance;

  explicit moving_world(std::uint64_t seed, std::unique_ptr<store> on = memory_store(),
                        std::chrono::milliseconds stale = std::chrono::hours(1))
      : w(lent(std::move(on))), follower(beside(true, stale)), asker(beside(false, stale)), chance(seed) {
    const auto second = must(w.dir.run(w.operator_, create_container{.name = "pbx-2"})).created_id<container>();
    const auto third =
        must(w.dir.run(must(w.dir.open_actor(w.operator_.identity_id(), second)), create_tenant{.name = "Third"}))
            .created_id<tenant>();
    for (const auto id : {any_id{w.dir.platform_id()}, any_id{w.container_id}, any_id{second}, any_id{w.tenant_id},
                          any_id{w.other_id}, any_id{third}})
      add_scope(id);
    for (int n = 0; n < 6; ++n) {
      emails.push_back("p" + std::to_string(n) + "@example.com");
      static_cast<void>(
          must(w.dir.run(operators[3 + static_cast<std::size_t>(n) % 3],
                         adopt_user{.first_name = "P", .last_name = std::to_string(n), .email = emails.back()})));
    }
    for (const auto* known : {"ada@acme.example", "otto@other.example", "root@example.com"}) emails.emplace_back(known);
    for (std::size_t at = 0; at < scopes.size(); ++at)
      REQUIRE(run(at, define_role{.name = "clerk" + std::to_string(at), .permissions = {"billing.manage"}}));
    for (const auto& email : emails) people.push_back(must(w.dir.open_actor(email)).identity_id());
  }

  void add_scope(any_id id) {
    scopes.push_back(id);
    operators.push_back(must(w.dir.open_actor(w.operator_.identity_id(), id)));
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(chance() % n); }
  bool heads() { return (chance() & 1) != 0; }
  instant around() { return w.clock->now() + (static_cast<std::int64_t>(below(2000)) - 1000); }
  std::optional<instant> perhaps() { return below(3) == 0 ? std::optional(around()) : std::nullopt; }

  template <class C> bool run(std::size_t scope, const C& command) {
    return carry_out(w.dir, operators[scope], request_of(command)).has_value();
  }

  /// One random command, or a step of the clock, back as well. True when it was accepted.
  bool step() {
    const auto at = below(scopes.size());
    const auto& email = emails[below(emails.size() - 1)]; // the operator stays what it is
    const auto tenant_at = 3 + below(scopes.size() - 3);
    static const std::vector<std::string> built_in[]{
        {"support", "operator"}, {"container", "container_advanced"}, {"tenant", "administrator", "delegate"}};
    const auto& offered = built_in[at == 0 ? 0 : at < 3 ? 1 : 2];
    const auto from = heads() ? at : at < 3 ? 0 : at < 5 && heads() ? 1 : 0; // a role of this scope, or of one above it
    const auto role = heads() ? offered[below(offered.size())] : "clerk" + std::to_string(from);
    const auto f = every_flag[below(3)];
    const auto kind = below(accepted.size());
    const bool done = step(kind, at, tenant_at, email, role, f);
    accepted[kind] += done;
    return done;
  }

  /// How many of each kind were accepted.
  std::array<int, 14> accepted{};

  bool step(std::size_t kind, std::size_t at, std::size_t tenant_at, const std::string& email, const std::string& role,
            flag f) {
    switch (kind) {
    case 0:
    case 1:
      return run(at, grant_role{.email = email, .role = role, .starts_at = perhaps(), .ends_at = perhaps()});
    case 2:
      return run(at, revoke_role{.email = email, .role = role});
    case 3:
      return run(at, give_flag{.email = email, .flag = f}) || run(at, take_flag{.email = email, .flag = f});
    case 4:
      return run(0, suspend_identity{.email = email}) || run(0, resume_identity{.email = email});
    case 5: {
      std::vector<id_of<user>> ids;
      for (const auto& row : must(w.dir.ask(operators[tenant_at], linecard::users{})).users) ids.push_back(row.user_id);
      if (ids.empty()) return false;
      const auto who = ids[below(ids.size())];
      if (below(4) == 0) return run(tenant_at, delete_user{.user_id = who});
      const auto gone = must(w.dir.ask(operators[tenant_at], deleted_users{})).users;
      if (below(4) == 0 && !gone.empty()) {
        const auto back = gone[below(gone.size())].user_id;
        return run(tenant_at, restore_user{.user_id = back}) && run(tenant_at, activate_user{.user_id = back});
      }
      return run(tenant_at, suspend_user{.user_id = who}) || run(tenant_at, resume_user{.user_id = who});
    }
    case 6:
    case 7: {
      const auto some = [&](std::vector<std::string> names) {
        std::erase_if(names, [&](const auto&) { return heads(); });
        return names;
      };
      return run(at, change_role{.role = "clerk" + std::to_string(at),
                                 .permissions = some({"audit.view", "license.view", "api_key.view"}),
                                 .restricted = some({"user.manage", "e911.manage"})});
    }
    case 8:
      return run(0, register_permission{.permission = heads() ? "fax.send" : "fax.read"});
    case 9:
      if (below(4) != 0) return false; // else nobody is left to be a delegate
      return run(
          tenant_at,
          adopt_user{.first_name = "P", .last_name = "Again", .email = email, .role = heads() ? "member" : "tenant"});
    case 10:
      return put(tenant_at,
                 put_delegate{.email = email,
                              .state = heads() ? delegate_state::active : static_cast<delegate_state>(below(4)),
                              .notice_version = static_cast<std::int32_t>(below(3)),
                              .platform_notice = heads(),
                              .lapses = heads(),
                              .ends_at = perhaps(),
                              .review_at = around()});
    case 11:
      return put(heads() ? 0 : tenant_at, put_notice{.least_version = static_cast<std::int32_t>(below(3))});
    case 12:
      return put(tenant_at,
                 put_grant{.email = email,
                           .starts_at = perhaps(),
                           .ends_at = perhaps(),
                           .role = static_cast<std::int32_t>(heads() ? built_in_role::administrator
                                                                     : static_cast<built_in_role>(below(8)))});
    default:
      w.clock->at = around();
      return true;
    }
  }
  template <class C> bool put(std::size_t scope, const C& command) {
    return w.dir.perform(operators[scope], request_of(command), run_mode::run).has_value();
  }

  /// "" or who differs where.
  std::string difference(directory& a, directory& b) {
    auto where = scopes;
    where.emplace_back();                            // the platform, by its other name
    where.emplace_back(any_id{people.front()});      // no scope at all
    where.emplace_back(any_id{scopes[3].value + 1}); // nobody's
    for (std::size_t n = 0; n < people.size(); ++n)
      for (const auto in : where) {
        const auto one = a.effective(people[n], in), two = b.effective(people[n], in);
        if (one != two)
          return emails[n] + " in " + to_text(in) + ": " + std::string(name_of(((one - two) | (two - one)).first()));
      }
    return {};
  }

private:
  std::unique_ptr<store> lent(std::unique_ptr<store> on) {
    shared->inner = std::move(on);
    return std::make_unique<lent_store>(shared);
  }
  directory beside(bool views, std::chrono::milliseconds stale) {
    return must(directory::open({.store = std::make_unique<lent_store>(shared),
                                 .clock = w.clock,
                                 .random = w.random,
                                 .views = views,
                                 .max_staleness = stale},
                                w.key));
  }
};

} // namespace moving
