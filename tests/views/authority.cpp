// The authority view: the recited decision's answers, whatever happens, and never late.
#include <linecard/views/authority.hpp>

#include "stores/sqlite_kit.hpp"
#include "views/moving_world.hpp"

#include <algorithm>

using namespace moving;

namespace {

constexpr int steps = 400;

std::vector<access_question> every_question(moving_world& m) {
  std::vector<access_question> all;
  for (const auto who : m.people)
    for (const auto in : m.scopes)
      for (std::size_t p = 0; p < 70; ++p) all.push_back({who, static_cast<permission>(p), in});
  return all;
}

/// Walks, and compares after each accepted step.
void walk(moving_world& m, int count) {
  for (int n = 0; n < count; ++n) {
    const bool done = m.step();
    if (n % 4 != 0 && !done) continue;
    const auto own = m.difference(m.w.dir, m.asker);
    REQUIRE_MESSAGE(own.empty(), "after step " << n << ", in the directory that ran it: " << own);
    const auto other = m.difference(m.follower, m.asker);
    REQUIRE_MESSAGE(other.empty(), "after step " << n << ", in another directory: " << other);
  }
}

} // namespace

TEST_CASE("I7 I11 I20 the view allows what the recited decision allows, after any command and at any instant") {
  std::array<int, 14> accepted{};
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    moving_world m(seed);
    walk(m, steps);
    for (std::size_t kind = 0; kind < accepted.size(); ++kind) accepted[kind] += m.accepted[kind];
  }
  CAPTURE(accepted);
  CHECK(std::ranges::none_of(accepted, [](int n) { return n == 0; })); // or a kind of change was never tried
}

TEST_CASE("I7 the view follows SQLite as well") {
  const contract::folder folder;
  moving_world m(4, contract::open({.path = folder.file("a.db"), .synchronous_full = false}));
  walk(m, steps / 2);
}

TEST_CASE("I7 single checks, batches, effective permissions and the directory without views tell the same") {
  moving_world m(5);
  for (int n = 0; n < 120; ++n) m.step();
  const auto questions = every_question(m);
  const auto batch = m.w.dir.check_many(questions), asked = m.asker.check_many(questions);
  REQUIRE(batch.size() == questions.size());
  std::size_t allowed = 0, wrong = 0;
  for (std::size_t n = 0; n < questions.size(); ++n) {
    const auto& q = questions[n];
    const bool one = m.follower.check(q.who, q.needed, q.scope_id);
    allowed += one;
    wrong += one != batch[n] || one != asked[n] || one != m.w.dir.effective(q.who, q.scope_id).has(q.needed) ||
             one == m.asker.require(q.who, q.needed, q.scope_id).has_value();
  }
  CHECK(wrong == 0);
  CHECK(allowed > 0);
  std::vector<std::uint8_t> short_by_one(questions.size() - 1, 7);
  CHECK(m.w.dir.check_many(questions, short_by_one)->reason == "answers_invalid");
  CHECK(std::count(short_by_one.begin(), short_by_one.end(), 0) == static_cast<std::ptrdiff_t>(short_by_one.size()));
}

TEST_CASE("I10 a revocation counts with the next check, in the directory that ran it and in every other") {
  moving_world m(6);
  const auto who = m.people[0];
  for (int n = 0; n < 50; ++n) {
    REQUIRE(m.run(1, grant_role{.email = m.emails[0], .role = "container"}));
    REQUIRE(m.w.dir.check(who, permission::tenant_manage, m.scopes[3]));
    REQUIRE(m.follower.check(who, permission::tenant_manage, m.scopes[3]));
    REQUIRE(m.run(1, revoke_role{.email = m.emails[0], .role = "container"}));
    REQUIRE_FALSE(m.w.dir.check(who, permission::tenant_manage, m.scopes[3]));
    REQUIRE_FALSE(m.follower.check(who, permission::tenant_manage, m.scopes[3]));
  }
}

TEST_CASE("I10 a view that cannot catch up allows nothing, and is right again when it can") {
  moving_world m(7);
  const auto operator_id = m.w.operator_.identity_id();
  REQUIRE(m.follower.check(operator_id, permission::user_manage, m.scopes[3]));
  m.shared->fails = true;
  CHECK(m.follower.check(operator_id, permission::user_manage, m.scopes[3])); // nothing has changed: nothing to read
  m.shared->fails = false;
  REQUIRE(m.run(1, grant_role{.email = m.emails[0], .role = "container"}));
  m.shared->fails = true;
  CHECK_FALSE(m.follower.check(operator_id, permission::user_manage, m.scopes[3]));
  CHECK(m.follower.effective(operator_id, m.scopes[3]).empty());
  const access_question q[]{{operator_id, permission::user_manage, m.scopes[3]}};
  CHECK_FALSE(m.follower.check_many(q).front());
  std::uint8_t answer = 1;
  CHECK(m.follower.check_many(q, {&answer, 1})->reason == "store_io");
  CHECK(answer == 0);
  m.shared->fails = false;
  CHECK(m.follower.check(operator_id, permission::user_manage, m.scopes[3]));
}

TEST_CASE("grants and delegations begin and end at their instant, without any command") {
  moving_world m(8);
  const auto who = m.people[0];
  const auto begin = m.w.clock->at + 1000, end = m.w.clock->at + 2000;
  REQUIRE(m.run(1, grant_role{.email = m.emails[0], .role = "container", .starts_at = begin, .ends_at = end}));
  const auto allowed = [&] { return m.follower.check(who, permission::tenant_manage, m.scopes[1]); };
  const auto start = m.w.clock->at;
  CHECK_FALSE(allowed());
  const auto begun = m.shared->begun.load();
  m.w.clock->at = begin + -1;
  CHECK_FALSE(allowed());
  CHECK(m.shared->begun == begun); // and nobody looked
  m.w.clock->at = begin;
  CHECK(allowed());
  m.w.clock->at = end + -1;
  CHECK(allowed());
  m.w.clock->at = end;
  CHECK_FALSE(allowed());
  m.w.clock->at = begin; // a clock may be set back
  CHECK(allowed());
  m.w.clock->at = start;
  CHECK_FALSE(allowed());
  m.w.clock->at = begin;
  m.shared->fails = true;
  CHECK_FALSE(allowed()); // what has to be worked out anew and cannot be is not allowed
}

TEST_CASE("I10 I11 everything that decides is followed by itself") {
  moving_world m(21);
  const auto& email = m.emails[0]; // a user of the first tenant; here it is about the second
  const auto who = m.people[0];
  const auto in = m.scopes[4];
  const auto allowed = [&](permission p) {
    const bool told = m.follower.check(who, p, in);
    CHECK(m.w.dir.check(who, p, in) == told);
    CHECK(m.asker.check(who, p, in) == told);
    return told;
  };
  const auto member = [&] { return allowed(permission::company_configure); };
  const auto let_in = [&](bool by_platform, std::int32_t acknowledged) {
    return m.put(4, put_delegate{.email = email,
                                 .state = delegate_state::active,
                                 .notice_version = acknowledged,
                                 .platform_notice = by_platform,
                                 .review_at = m.w.clock->at});
  };
  REQUIRE(m.put(4, put_grant{.email = email, .role = static_cast<std::int32_t>(built_in_role::administrator)}));
  CHECK_FALSE(member());
  for (const bool by_platform : {true, false}) {
    CAPTURE(by_platform);
    const std::size_t at = by_platform ? 0 : 4;
    REQUIRE(let_in(by_platform, 1));
    CHECK_FALSE(member()); // there is no notice
    REQUIRE(m.put(at, put_notice{1}));
    CHECK(member());
    CHECK_FALSE(allowed(permission::user_manage)); // never through a delegation
    REQUIRE(m.put(at, put_notice{2}));
    CHECK_FALSE(member());
    REQUIRE(let_in(by_platform, 2));
    CHECK(member());
  }
  REQUIRE(m.put(4, put_delegate{.email = email,
                                .state = delegate_state::active,
                                .notice_version = 2,
                                .lapses = true,
                                .review_at = m.w.clock->at + 100}));
  CHECK(member());
  m.w.clock->at = m.w.clock->at + 100;
  CHECK_FALSE(member());
  REQUIRE(let_in(false, 2));
  CHECK(member());

  for (const std::size_t from : {4u, 1u, 0u}) { // the role's own scope
    CAPTURE(from);
    const auto role = "clerk" + std::to_string(from);
    REQUIRE(m.run(4, grant_role{.email = email, .role = role}));
    CHECK_FALSE(allowed(permission::api_key_view));
    REQUIRE(m.run(from, change_role{.role = role, .permissions = {"api_key.view"}}));
    CHECK(allowed(permission::api_key_view));
    REQUIRE(m.run(from, change_role{.role = role, .restricted = {"e911.manage"}}));
    CHECK_FALSE(allowed(permission::api_key_view));
    CHECK_FALSE(allowed(permission::e911_manage));
    REQUIRE(m.run(4, give_flag{.email = email, .flag = flag::manage_e911}));
    CHECK(allowed(permission::e911_manage));
    REQUIRE(m.run(4, take_flag{.email = email, .flag = flag::manage_e911}));
    CHECK_FALSE(allowed(permission::e911_manage));
  }
  REQUIRE(m.run(4, adopt_user{.first_name = "N", .last_name = "N", .email = "n@example.com", .role = "administrator"}));
  const auto newcomer = must(m.w.dir.open_actor("n@example.com")).identity_id();
  CHECK(m.follower.check(newcomer, permission::user_manage, in));
  const auto gone = must(m.w.dir.ask(m.operators[4], find_user{.email = "n@example.com"})).user_id;
  REQUIRE(m.run(4, delete_user{gone}));
  CHECK_FALSE(m.follower.check(newcomer, permission::user_manage, in));
  REQUIRE(m.run(0, grant_role{.email = "n@example.com", .role = "support"}));
  CHECK(m.follower.check(newcomer, permission::identity_manage, m.scopes[0]));
  REQUIRE(m.run(0, delete_identity{"n@example.com"}));
  CHECK_FALSE(m.follower.check(newcomer, permission::identity_manage, m.scopes[0]));
  const auto tenant_id = must(m.w.dir.run(m.operators[1], create_tenant{.name = "New"})).created_id<tenant>();
  CHECK(m.follower.check(m.w.operator_.identity_id(), permission::user_manage, tenant_id));
}

TEST_CASE("I10 where the store does not count commits, the view is never older than max_staleness") {
  SUBCASE("its own commits are seen at once") {
    moving_world m(9);
    m.shared->counts = false;
    for (int n = 0; n < 100; ++n) {
      m.step();
      const auto own = m.difference(m.w.dir, m.asker);
      REQUIRE_MESSAGE(own.empty(), own);
    }
  }
  SUBCASE("others' when it is renewed, and with no patience at all at every check") {
    moving_world m(10, memory_store(), std::chrono::milliseconds(0));
    m.shared->counts = false;
    for (int n = 0; n < 100; ++n) {
      m.step();
      const auto other = m.difference(m.follower, m.asker);
      REQUIRE_MESSAGE(other.empty(), other);
    }
  }
  SUBCASE("and when the host polls") {
    moving_world m(11);
    m.shared->counts = false;
    REQUIRE_FALSE(m.follower.check(m.people[0], permission::tenant_manage, m.scopes[1]));
    REQUIRE(m.run(1, grant_role{.email = m.emails[0], .role = "container"}));
    REQUIRE(m.follower.poll(std::chrono::milliseconds(1000)));
    const auto begun = m.shared->begun.load();
    CHECK(m.follower.check(m.people[0], permission::tenant_manage, m.scopes[1]));
    CHECK(m.shared->begun == begun); // and the check reads nothing
  }
  SUBCASE("until then the old answer stands") {
    moving_world m(11);
    m.shared->counts = false;
    REQUIRE_FALSE(m.follower.check(m.people[0], permission::tenant_manage, m.scopes[1]));
    REQUIRE(m.run(1, grant_role{.email = m.emails[0], .role = "container"}));
    CHECK_FALSE(m.follower.check(m.people[0], permission::tenant_manage, m.scopes[1])); // an hour is its patience
    CHECK(m.w.dir.check(m.people[0], permission::tenant_manage, m.scopes[1]));
  }
}

TEST_CASE("I10 a view told of too much at once, or left a whole ring behind, reads everything again") {
  moving_world m(12);
  static_cast<void>(m.difference(m.follower, m.asker));
  std::vector<adopt_user> newcomers;
  for (int n = 0; n < 1100; ++n)
    newcomers.push_back(
        {.first_name = "N", .last_name = "N", .email = "n" + std::to_string(n) + "@example.com", .role = "tenant"});
  std::vector<request> all;
  for (const auto& one : newcomers) all.push_back(request_of(one));
  REQUIRE(m.w.dir.run_all(m.operators[3], all).has_value());
  const auto last = must(m.w.dir.open_actor("n1099@example.com")).identity_id();
  const auto allowed = [&](directory& in) { return in.check(last, permission::company_configure, m.scopes[3]); };
  CHECK(allowed(m.follower));
  CHECK(allowed(m.w.dir));

  const revoke_role taken{.email = "n1099@example.com", .role = "tenant"};
  const grant_role given{.email = "n1099@example.com", .role = "tenant"};
  // Further than the ring reaches; where the ring tells of something else; a store brought back from a copy of before.
  for (const std::int64_t more : {authority_changes_kept, std::int64_t{7}, std::int64_t{-900}}) {
    CAPTURE(more);
    REQUIRE(m.run(3, taken));
    REQUIRE(m.put(0, put_epoch{more}));
    CHECK_FALSE(allowed(m.follower));
    CHECK_FALSE(allowed(m.w.dir));
    REQUIRE(m.run(3, given));
    CHECK(allowed(m.follower));
  }
  CHECK(m.difference(m.follower, m.asker).empty());
}

TEST_CASE("members without a grant move no view: an import is not slowed down") {
  moving_world m(13);
  REQUIRE(m.w.dir.check(m.w.operator_.identity_id(), permission::user_manage, m.scopes[3]));
  std::vector<std::int64_t> epochs;
  for (int n = 0; n < 2; ++n) {
    auto begun = must(m.shared->inner->begin(linecard::access::read));
    snapshot facts(*begun, scope{});
    epochs.push_back(facts.find<&authority_epoch::platform_id>(m.w.dir.platform_id())->seq);
    begun.reset();
    if (n == 0) REQUIRE(m.run(3, adopt_user{.first_name = "Only", .last_name = "Member", .email = "only@example.com"}));
  }
  CHECK(epochs[0] == epochs[1]);
}
